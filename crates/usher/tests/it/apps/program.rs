use std::time::Duration;

use usher_accounts::app_password::NewAppPassword;
use usher_domain::profile::pin::Watcher;

use super::{CLIENTS, NEXT_DAY, assert_plain_401, clock, impatient};
use crate::client::VERSIONS;
use crate::factors::{here, session, with_app};

const DAY: Duration = Duration::from_hours(24);

#[tokio::test]
async fn r37_an_app_password_lets_each_client_in_without_a_factor_until_it_runs_out_or_is_ended() {
    for version in VERSIONS {
        let clock = clock();
        let (house, _mail) = impatient(version, &clock).await;
        let owner = session(&house, "kim").await;
        let (accounts, visitor) = (&house.accounts, here());
        let mut made = Vec::new();
        for good_for in [None, Some(DAY * 20)] {
            let one =
                accounts.make_app_password(&owner, "Radio", Watcher::Owner, good_for, &visitor);
            let NewAppPassword::Made(text) = one.await.unwrap() else {
                panic!("kim gets no app password");
            };
            made.push(text.grouped());
        }
        let [lasting, passing] = made.as_slice() else {
            panic!("two were made");
        };
        with_app(&house, "kim").await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            for (name, typed, expected) in [
                ("kim", passing, 200),
                ("kim", lasting, 200),
                ("kim", lasting, 200),
                ("anna", lasting, 401),
            ] {
                let answer = client.press_as(&house, name, typed.as_str(), &[]).await;
                assert_eq!(answer.status(), expected, "{}", client.identity);
            }
            assert_plain_401(&client.press_as(&house, "kim", "kim-pass-1", &[]).await);
        }
        clock.advance(DAY * 20);
        let all = accounts.app_passwords(&owner).await.unwrap();
        let lasts = all.iter().find(|one| one.expires.is_none()).unwrap();
        let ended = accounts.end_app_password(&owner, lasts.id, &visitor);
        assert!(ended.await.unwrap());
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            for typed in [passing, lasting] {
                let answer = client.press_as(&house, "kim", typed.as_str(), &[]).await;
                assert_plain_401(&answer);
            }
        }
    }
}
