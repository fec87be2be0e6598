//! What needs a token, whose screens may be driven, and what is cut.
use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use usher_proxy::rules::MediaVerdict;

use crate::rules::ANNA;
use crate::stage::{Stage, read_until, status};

const FILM: &str = "/Videos/0123456789abcdef0123456789abcdef/stream";

#[tokio::test]
async fn r56_what_is_not_public_needs_a_known_token() {
    let stage = Stage::start().await;
    for (target, lines, expected) in [
        ("/Items", "", 401),
        ("/Nothing/Here", "", 401),
        ("/Items", "X-Emby-Token: foreign\r\n", 401),
        ("/Items", "X-Emby-Token: down\r\n", 503),
        ("/Items", "X-Emby-Token: good\r\n", 200),
        ("/Items?ApiKey=other", "X-Emby-Token: good\r\n", 400),
        ("/System/Info", "", 401),
        ("/System/Info/Public", "X-Emby-Token: foreign\r\n", 200),
        ("/web/main.js", "", 200),
        ("/Startup/User", "X-Emby-Token: key\r\n", 404),
    ] {
        let answer = stage.ask("GET", target, lines, "").await;
        assert_eq!(status(&answer), expected, "{target} {lines}: {answer}");
        assert!(!answer.to_lowercase().contains("www-authenticate"));
    }
    stage
        .ask("GET", "/web/main.js", "X-Emby-Token: good\r\n", "")
        .await;
    assert!(
        !stage.origin.last().headers.contains_key("authorization"),
        "a public file needs no credential"
    );
}

#[tokio::test]
async fn own_routes_are_answered_by_usher_and_large_bodies_refused() {
    let stage = Stage::start().await;
    let lines = "Authorization: MediaBrowser Client=\"A\"\r\n";
    let answer = stage
        .ask("POST", "/users/authenticatebyname", lines, "{}")
        .await;
    assert!(answer.contains("answered by Usher"), "{answer}");
    assert_eq!(
        status(&stage.ask("POST", "/Users/Password", "", "{}").await),
        401
    );
    let large = stage
        .ask(
            "POST",
            "/Users/AuthenticateByName",
            "",
            &"x".repeat(65 * 1024),
        )
        .await;
    assert_eq!(status(&large), 413, "r76");
    assert!(stage.origin.asked().is_empty());
}

#[tokio::test]
async fn filtered_requests_are_judged_before_and_after() {
    let stage = Stage::start().await;
    for (body, expected) in [
        ("plain", "seen: plain"),
        ("replace", "seen: replaced"),
        ("stop", "stopped"),
    ] {
        let answer = stage
            .ask("POST", "/Users/New", "X-Emby-Token: key\r\n", body)
            .await;
        assert!(answer.ends_with(expected), "{body}: {answer}");
    }
}

#[tokio::test]
async fn only_administrators_restart_the_server() {
    let stage = Stage::start().await;
    for (token, expected) in [("good", 403), ("key", 200)] {
        let answer = stage
            .ask(
                "POST",
                "/System/Restart",
                &format!("X-Emby-Token: {token}\r\n"),
                "",
            )
            .await;
        assert_eq!(status(&answer), expected, "{token}");
    }
}

#[tokio::test]
async fn nobody_drives_anothers_screen() {
    let stage = Stage::start().await;
    let other = "1b5c7a1e8f7e4d239a578a3f2f1f0c11";
    for (method, target, token, expected) in [
        ("POST", "/Sessions/mine/Message", "good", 200),
        ("POST", "/Sessions/theirs/Message", "good", 403),
        ("POST", "/sessions/THEIRS/playing", "good", 403),
        ("POST", "/Sessions/theirs/Message", "key", 200),
        ("POST", &format!("/Sessions/mine/User/{other}"), "good", 403),
        ("POST", &format!("/Sessions/mine/User/{ANNA}"), "good", 200),
        ("POST", "/Sessions/Capabilities/Full?id=theirs", "good", 403),
        ("POST", "/Sessions/Capabilities/Full", "good", 200),
        ("POST", "/Sessions/Viewing?SESSIONID=theirs", "good", 403),
        ("POST", "/Sessions/Playing", "good", 200),
        ("DELETE", "/Videos/ActiveEncodings?deviceId=tv", "good", 200),
        (
            "DELETE",
            "/Videos/ActiveEncodings?deviceId=hers",
            "good",
            403,
        ),
    ] {
        let answer = stage
            .ask(method, target, &format!("X-Emby-Token: {token}\r\n"), "")
            .await;
        assert_eq!(
            status(&answer),
            expected,
            "{method} {target} {token}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_film_needs_a_holder_and_a_verdict() {
    let stage = Stage::start().await;
    let main = "/Videos/0123456789abcdef0123456789abcdef/main.m3u8";
    for (target, expected) in [
        (main.to_owned(), 401),
        (format!("{main}?ApiKey=good"), 200),
        (format!("{main}?PlaySessionId=ticket"), 200),
        (format!("{main}?ApiKey=foreign&playSessionId=ticket"), 200),
        (format!("{main}?ApiKey=down"), 503),
        (format!("{main}?ApiKey=good&params=;;other"), 400),
        (
            format!("{main}?ApiKey=good&itemId=fedcba9876543210fedcba9876543210"),
            400,
        ),
        (
            format!("{main}?ApiKey=good&mediaSourceId=a&MediaSourceId=b"),
            400,
        ),
        ("/Videos/not-an-id/main.m3u8?ApiKey=good".to_owned(), 400),
    ] {
        let answer = stage.get(&target).await;
        assert_eq!(status(&answer), expected, "{target}: {answer}");
    }
    for (verdict, expected) in [
        (MediaVerdict::Hidden, 404),
        (MediaVerdict::Closed, 403),
        (MediaVerdict::NoHolder, 401),
        (MediaVerdict::Unavailable, 503),
    ] {
        *stage.known.verdict.lock().unwrap() = Some(verdict);
        assert_eq!(
            status(&stage.get(&format!("{main}?ApiKey=good")).await),
            expected
        );
    }
}

#[tokio::test]
async fn an_open_stream_is_cut_when_its_holder_may_no_longer_have_it() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    let request = format!("GET {FILM}?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stage.origin.chunks.send("first").unwrap();
    read_until(&mut stream, "first").await;
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Unavailable);
    stage.origin.chunks.send("during a fault").unwrap();
    read_until(&mut stream, "during a fault").await;
    *stage.known.verdict.lock().unwrap() = Some(MediaVerdict::Closed);
    let mut rest = Vec::new();
    let _reset_or_end = stream.read_to_end(&mut rest).await;
    assert!(
        !rest.ends_with(b"0\r\n\r\n"),
        "a cut stream must not look like a finished one"
    );
}

#[tokio::test]
async fn r47_a_long_answer_is_cut_when_its_token_ends() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    stream
        .write_all(b"GET /Items/slow?ApiKey=good HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    stage.origin.chunks.send("first").unwrap();
    read_until(&mut stream, "first").await;
    stage.known.unwelcome.store(true, Ordering::SeqCst);
    stage.origin.left.notified().await;
}

#[tokio::test]
async fn a_refusal_upstream_of_a_known_token_is_looked_into() {
    let stage = Stage::start().await;
    assert_eq!(status(&stage.get("/Items/refused?ApiKey=good").await), 401);
    stage.known.doubted.notified().await;
}

/// A live token is answered 401 there (contract, "Holes"): whether it is still good is for those who know to ask.
#[tokio::test]
async fn a_refused_deletion_drops_no_token() {
    let stage = Stage::start().await;
    let lines = "X-Emby-Token: good\r\n";
    let refused = stage.ask("DELETE", "/Items/refused", lines, "").await;
    assert_eq!(status(&refused), 401);
    stage.known.doubted.notified().await;
    assert_eq!(status(&stage.ask("GET", "/Items", lines, "").await), 200);
}

#[tokio::test]
async fn what_jellyfin_did_is_observed_with_its_status() {
    let stage = Stage::start().await;
    for (method, target, token, expected, name) in [
        ("DELETE", "/Users/x", "key", 200, "DeleteUser"),
        ("POST", "/Users/x/Policy", "key", 200, "SetPolicy"),
        (
            "POST",
            "/System/Configuration/branding",
            "key",
            200,
            "Configuration",
        ),
        ("DELETE", "/Users/x", "foreign", 401, ""),
    ] {
        let lines = format!("X-Emby-Token: {token}\r\n");
        let answer = stage.ask(method, target, &lines, "body").await;
        assert_eq!(status(&answer), expected, "{method} {target}: {answer}");
        let observed = stage.known.observed.lock().unwrap().pop();
        let told = observed.map(|(name, status)| (name, status.as_u16()));
        let wanted = (!name.is_empty()).then(|| (format!("{method} {name}"), 200));
        assert_eq!(told, wanted, "{method} {target}");
    }
}

#[tokio::test]
async fn what_jellyfin_did_is_observed_though_nobody_waits_for_the_answer() {
    let stage = Stage::start().await;
    let mut stream = stage.connect().await;
    stream
        .write_all(b"DELETE /Devices?id=tv&ApiKey=key HTTP/1.1\r\nHost: h\r\n\r\n")
        .await
        .unwrap();
    stage.origin.came.notified().await;
    drop(stream);
    assert_eq!(status(&stage.get("/System/Ping").await), 200);
    stage.origin.answer.notify_one();
    stage.known.noted.notified().await;
    let observed = stage.known.observed.lock().unwrap().pop().unwrap();
    assert_eq!(observed.0, "DELETE Devices");
}
