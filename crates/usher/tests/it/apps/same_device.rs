use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Response, StatusCode};
use usher_domain::time::TestClock;
use usher_standin::Version;

use super::{CLIENTS, Client, NEXT_DAY, PASSWORD, approve, assert_plain_401, clock, furnished};
use crate::client::{House, VERSIONS};
use crate::mail_server::MailServer;

/// An address, and how a mail shows it.
type Side = (&'static str, &'static str);

const HOME: Side = ("192.0.2.7", "192.0.…");
const ELSEWHERE: Side = ("203.0.113.9", "203.0.…");

/// A house behind a proxy on this machine that says who comes from where.
async fn house(version: Version, clock: &Arc<TestClock>) -> (House, MailServer) {
    furnished(version, clock, |mut plan| {
        plan.gateway.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
        plan
    })
    .await
}

/// Presses from this side, as the device that the client says it is.
async fn press(house: &House, client: &Client, side: Side) -> Response<Bytes> {
    let more = [("x-forwarded-for", side.0)];
    client.press_as(house, "anna", PASSWORD, &more).await
}

#[tokio::test]
async fn of_two_who_claim_to_be_one_device_the_one_that_was_shown_is_let_in_and_no_other() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = house(version, &clock).await;
        for client in &CLIENTS {
            for (first, other) in [(HOME, ELSEWHERE), (ELSEWHERE, HOME)] {
                clock.advance(NEXT_DAY);
                let meanwhile = async {
                    let letter = client.letter(&mut mail).await;
                    assert!(letter.text.contains(first.1), "{}", letter.text);
                    // A second mail does not leave in the same minute, so that the other side is answered at once.
                    assert_plain_401(&press(&house, client, other).await);
                    approve(&house, &letter).await;
                    let again = (0..8).map(|_| press(&house, client, other));
                    for refused in join_all(again).await {
                        assert_ne!(refused.status(), StatusCode::OK, "{}", client.identity);
                    }
                };
                let (answer, ()) = tokio::join!(press(&house, client, first), meanwhile);
                client.assert_in(&house, &answer).await;
                assert_plain_401(&press(&house, client, first).await);
                assert_plain_401(&press(&house, client, other).await);
            }
        }
    }
}
