//! Usher's own pages, and what Jellyfin's get on top.
use tokio::io::AsyncWriteExt as _;
use usher_proxy::listen::ProxyProtocol;

use crate::stage::{Stage, status};

#[tokio::test]
async fn r12_pages_answer_under_known_hosts_only_and_the_api_under_any() {
    let stage = Stage::with(ProxyProtocol::Off, |config| {
        config.other_addresses = vec!["http://192.168.1.5:8920".to_owned()];
    })
    .await;
    for (host, expected) in [
        ("films.example", 200),
        ("FILMS.example:443", 200),
        ("192.168.1.5:8920", 200),
        ("192.168.1.5", 421),
        ("films.example:8443", 421),
        ("localhost", 421),
        ("evil.example", 421),
    ] {
        for (target, expected) in [("/usher/sign-in", expected), ("/System/Ping", 200)] {
            let request =
                format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
            let answer = stage.raw(&request).await;
            assert_eq!(status(&answer), expected, "{host}{target}: {answer}");
        }
    }
    assert_eq!(stage.known.visits.lock().unwrap().len(), 3);
    let stranger = stage.get("/usher/").await;
    assert!(stranger.contains("content-type: text/plain"), "{stranger}");
    assert!(!stranger.contains("access-control"), "{stranger}");
}

#[tokio::test]
async fn pages_below_a_base_url_know_it_and_nothing_else_is_one() {
    let stage = Stage::with(ProxyProtocol::Off, |config| {
        config.public_url = "https://films.example/jellyfin".to_owned();
    })
    .await;
    let page = stage.page("/Jellyfin/usher/sign-in?a=1", "").await;
    assert!(page.contains("a page of Usher"), "{page}");
    let visit = stage.known.visits.lock().unwrap().pop().unwrap();
    assert_eq!(visit.base, "/jellyfin");
    assert_eq!(visit.path.upstream(), "/usher/sign-in");
    let outside = stage.page("/usher/sign-in", "").await;
    assert_eq!(status(&outside), 302);
    assert!(outside.contains("location: /jellyfin/web/"), "{outside}");
}

#[tokio::test]
async fn r51_jellyfins_pages_stay_on_https_and_are_framed_as_before() {
    let stage = Stage::with(ProxyProtocol::Off, |config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.script = Some("/usher/inject.js".to_owned());
    })
    .await;
    for (target, is_page) in [
        ("/web/", true),
        ("/web/index.html", true),
        ("/web/main.js", true),
        ("/", true),
        ("/System/Ping", false),
    ] {
        for (scheme, is_safe) in [("https", true), ("http", false)] {
            let answer = stage
                .page(target, &format!("X-Forwarded-Proto: {scheme}\r\n"))
                .await;
            let has = |name: &str| answer.contains(name);
            assert_eq!(
                has("strict-transport-security"),
                is_page && is_safe,
                "{answer}"
            );
            assert_eq!(has("x-content-type-options: nosniff"), is_page, "{answer}");
            assert!(!has("content-security-policy") && !has("x-frame-options"));
        }
    }
}

#[tokio::test]
async fn r52_no_service_worker_but_the_web_clients_is_loaded() {
    let stage = Stage::start().await;
    let lines = "Service-Worker: script\r\nX-Emby-Token: good\r\n";
    for (target, expected) in [
        ("/web/serviceworker.js", 200),
        ("/Items/x/Images/Primary", 403),
        ("/usher/inject.js", 403),
    ] {
        assert_eq!(
            status(&stage.page(target, lines).await),
            expected,
            "{target}"
        );
    }
    let page = stage.get("/web/index.html").await;
    assert!(!page.contains("service-worker-allowed"), "{page}");
}

#[tokio::test]
async fn r45_a_form_is_carried_out_when_its_visitor_hangs_up() {
    let stage = Stage::start().await;
    let mut visitors = Vec::new();
    // The page is given up when its visitor hangs up, which tells that the form's visitor was noticed to be gone, too.
    for method in ["POST", "GET"] {
        let mut visitor = stage.connect().await;
        let lines = "Host: films.example\r\nContent-Length: 0\r\n\r\n";
        let request = format!("{method} /usher/slow HTTP/1.1\r\n{lines}");
        visitor.write_all(request.as_bytes()).await.unwrap();
        stage.known.asked.notified().await;
        visitors.push(visitor);
    }
    for visitor in visitors {
        drop(visitor);
    }
    stage.known.left.notified().await;
    stage.known.go_on.notify_one();
    let carried_out = stage.known.carried_out.notified();
    let limit = std::time::Duration::from_secs(20);
    assert!(tokio::time::timeout(limit, carried_out).await.is_ok());
}
