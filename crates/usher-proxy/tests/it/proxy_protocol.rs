//! The visitor's address behind proxies, on the wire (R53).
use std::net::IpAddr;

use usher_proxy::listen::ProxyProtocol;

use crate::stage::{Stage, status};

fn address(stage: &Stage) -> IpAddr {
    stage.known.visits.lock().unwrap().last().unwrap().address
}

#[tokio::test]
async fn r53_a_listed_proxy_names_the_visitor_and_an_unlisted_one_does_not() {
    let listed = Stage::with(ProxyProtocol::Off, |config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    listed
        .page("/usher/", "X-Forwarded-For: 203.0.113.9\r\n")
        .await;
    assert_eq!(address(&listed).to_string(), "203.0.113.9");

    let unlisted = Stage::start().await;
    unlisted
        .page("/usher/", "X-Forwarded-For: 203.0.113.9\r\n")
        .await;
    assert_eq!(address(&unlisted).to_string(), "127.0.0.1");
    assert!(
        !unlisted
            .known
            .visits
            .lock()
            .unwrap()
            .last()
            .unwrap()
            .address_is_exact
    );
}

#[tokio::test]
async fn r53_the_proxy_protocol_is_taken_from_listed_proxies_only() {
    let request = "PROXY TCP4 203.0.113.9 10.0.0.1 4711 443\r\nGET /usher/ HTTP/1.1\r\nHost: films.example\r\nConnection: close\r\n\r\n";
    let listed = Stage::with(ProxyProtocol::Required, |config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    assert_eq!(status(&listed.raw(request).await), 200);
    assert_eq!(address(&listed).to_string(), "203.0.113.9");

    let unlisted = Stage::with(ProxyProtocol::Required, |_config| {}).await;
    let mut stream = unlisted.connect().await;
    let mut rest = Vec::new();
    let _closed = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
    assert!(rest.is_empty());
}
