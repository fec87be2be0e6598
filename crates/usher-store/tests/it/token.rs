//! Tokens and tickets: what was ended stays ended, and a ticket names the newest token.
use std::time::Duration;

use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, TokenId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_store::{KnownToken, Store};
use uuid::Uuid;

use crate::databases::{NOON, databases};

const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

/// Token number `number` of the first account, last used that many minutes after noon.
pub(crate) fn token(number: u32) -> KnownToken {
    KnownToken {
        id: TokenId::generate(NOON, &SeededEntropy::new(number.into())),
        digest: Hash::of(&number.to_string()),
        sealed: vec![0, 1, 2],
        account: account(1),
        user: account(1).owner(),
        door: Door::QuickConnect,
        identity: ClientIdentity {
            client: "Android TV".to_owned(),
            device: "Living room".to_owned(),
            device_id: "tv".to_owned(),
            version: "0.18".to_owned(),
        },
        address: "192.0.2.1".to_owned(),
        issued: NOON,
        used: NOON + number * MINUTE,
        ended: None,
        adopted: false,
        level: FactorLevel::None,
        app_password: None,
    }
}

async fn add(store: &Store, tokens: &[KnownToken]) {
    let tx = store.begin().await.unwrap();
    for token in tokens {
        assert!(tx.add_token(token).await.unwrap());
    }
    tx.commit().await.unwrap();
}

async fn end(store: &Store, token: &KnownToken) -> bool {
    let tx = store.begin().await.unwrap();
    let ended = tx.end_token(&token.digest, NOON).await.unwrap();
    tx.commit().await.unwrap();
    ended
}

#[tokio::test]
async fn live_tokens_are_listed_last_used_first_and_ended_ones_are_still_known() {
    for db in databases().await {
        let doors = [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword];
        let tokens: Vec<_> = (1..)
            .zip(doors)
            .map(|(number, door)| KnownToken {
                door,
                ..token(number)
            })
            .collect();
        add(&db.store, &tokens).await;
        let tx = db.store.begin().await.unwrap();
        tx.touch_token(tokens[0].id, NOON + 9 * MINUTE)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(end(&db.store, &tokens[1]).await, "{}", db.name);
        assert!(!end(&db.store, &tokens[1]).await, "{}: twice", db.name);
        let touched = KnownToken {
            used: NOON + 9 * MINUTE,
            ..tokens[0].clone()
        };
        let expected = [touched, tokens[3].clone(), tokens[2].clone()];
        let live = db.store.tokens(account(1)).await.unwrap();
        assert_eq!(live, expected, "{}", db.name);
        let known = db.store.token(&tokens[1].digest).await.unwrap().unwrap();
        assert_eq!(known.ended, Some(NOON), "{}", db.name);
        let unknown = db.store.token(&Hash::of("unknown")).await.unwrap();
        assert_eq!(unknown, None, "{}", db.name);
    }
}

#[tokio::test]
async fn r56_adoption_never_revives_an_ended_token_and_issuing_does() {
    for db in databases().await {
        let first = token(1);
        add(&db.store, std::slice::from_ref(&first)).await;
        end(&db.store, &first).await;
        let again = KnownToken {
            id: token(2).id,
            sealed: vec![9],
            account: account(2),
            user: account(3).owner(),
            door: Door::App,
            issued: NOON + MINUTE,
            adopted: true,
            ..first.clone()
        };
        let tx = db.store.begin().await.unwrap();
        assert!(!tx.add_token(&again).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let known = db.store.token(&first.digest).await.unwrap().unwrap();
        let ended = KnownToken {
            ended: Some(NOON),
            ..first.clone()
        };
        assert_eq!(known, ended, "{}", db.name);
        let issued = KnownToken {
            adopted: false,
            ..again.clone()
        };
        add(&db.store, std::slice::from_ref(&issued)).await;
        let known = db.store.token(&first.digest).await.unwrap().unwrap();
        // The sealed value opens only under the identifier that it was sealed for.
        let revived = KnownToken {
            id: first.id,
            sealed: first.sealed,
            issued: first.issued,
            ..issued
        };
        assert_eq!(known, revived, "{}", db.name);
    }
}

#[tokio::test]
async fn ending_all_tokens_of_an_account_spares_the_kept_one_and_other_accounts() {
    for db in databases().await {
        let strange = KnownToken {
            account: account(2),
            ..token(4)
        };
        add(&db.store, &[token(1), token(2), token(3), strange]).await;
        end(&db.store, &token(3)).await;
        let later = NOON + MINUTE;
        let tx = db.store.begin().await.unwrap();
        let kept = token(1).digest;
        let ended = tx.end_tokens(account(1), Some(&kept), later).await.unwrap();
        let second = KnownToken {
            ended: Some(later),
            ..token(2)
        };
        assert_eq!(ended, [second], "{}", db.name);
        let rest = tx.end_tokens(account(1), None, later).await.unwrap();
        assert_eq!(rest.len(), 1, "{}", db.name);
        assert_eq!(rest[0].id, token(1).id, "{}", db.name);
        let none = tx.end_tokens(account(1), None, later).await.unwrap();
        assert_eq!(none, [], "{}", db.name);
        tx.commit().await.unwrap();
        assert!(db.store.tokens(account(1)).await.unwrap().is_empty());
        assert_eq!(db.store.tokens(account(2)).await.unwrap().len(), 1);
        let third = db.store.token(&token(3).digest).await.unwrap().unwrap();
        assert_eq!(third.ended, Some(NOON), "{}: ended before", db.name);
    }
}

#[tokio::test]
async fn a_new_token_on_a_device_ends_the_older_one_of_the_same_user_there() {
    for db in databases().await {
        let elsewhere = KnownToken {
            identity: ClientIdentity {
                device_id: "phone".to_owned(),
                ..token(3).identity
            },
            ..token(3)
        };
        let profile = KnownToken {
            user: UserId::new(Uuid::from_u128(7)),
            ..token(4)
        };
        let all = [token(1), token(2), elsewhere, profile];
        add(&db.store, &all).await;
        let tx = db.store.begin().await.unwrap();
        let user = account(1).owner();
        tx.end_tokens_on(user, "tv", &token(2).digest, NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let live = db.store.tokens(account(1)).await.unwrap();
        let live: Vec<_> = live.iter().map(|token| token.id).collect();
        assert_eq!(live, [all[3].id, all[2].id, all[1].id], "{}", db.name);
    }
}

#[tokio::test]
async fn only_tokens_that_ended_long_ago_are_forgotten() {
    for db in databases().await {
        add(&db.store, &[token(1), token(2)]).await;
        end(&db.store, &token(1)).await;
        for (before, known) in [(NOON, true), (NOON + MINUTE, false)] {
            let tx = db.store.begin().await.unwrap();
            tx.forget_tokens(before).await.unwrap();
            tx.commit().await.unwrap();
            let found = db.store.token(&token(1).digest).await.unwrap();
            assert_eq!(found.is_some(), known, "{}", db.name);
        }
        assert_eq!(db.store.tokens(account(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_ticket_is_good_at_its_address_for_its_name_and_for_a_while_after_its_use() {
    let (home, away) = ("192.0.2.1", "192.0.2.2");
    let (old, new) = (Hash::of("old"), Hash::of("new"));
    for db in databases().await {
        let names = ["film", "source", "film"].map(str::to_owned);
        let tx = db.store.begin().await.unwrap();
        tx.leave_tickets(home, &names, &old, NOON).await.unwrap();
        tx.leave_tickets(home, &[], &new, NOON).await.unwrap();
        let source = ["source".to_owned()];
        tx.leave_tickets(home, &source, &new, NOON).await.unwrap();
        tx.touch_ticket(home, "film", NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let before = NOON - MINUTE;
        for (address, name, after, expected) in [
            (home, "film", before, Some(old)),
            (home, "film", NOON, Some(old)),
            (home, "film", NOON + MINUTE, None),
            (home, "source", before, Some(new)),
            (home, "source", NOON, None),
            (home, "other", before, None),
            (away, "film", before, None),
        ] {
            let found = db.store.ticket(address, name, after).await.unwrap();
            assert_eq!(found, expected, "{} {address} {name}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        tx.forget_tickets(NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let left = db.store.ticket(home, "source", before).await.unwrap();
        assert_eq!(left, None, "{}", db.name);
        let left = db.store.ticket(home, "film", before).await.unwrap();
        assert_eq!(left, Some(old), "{}", db.name);
    }
}

#[tokio::test]
async fn an_answer_with_very_many_names_leaves_a_ticket_for_each() {
    let token = Hash::of("token");
    for db in databases().await {
        let names: Vec<String> = (0..12_001).map(|number| number.to_string()).collect();
        let tx = db.store.begin().await.unwrap();
        tx.leave_tickets("192.0.2.1", &names, &token, NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for name in ["0", "12000"] {
            let found = db.store.ticket("192.0.2.1", name, NOON - MINUTE).await;
            assert_eq!(found.unwrap(), Some(token), "{} {name}", db.name);
        }
    }
}

#[tokio::test]
async fn jellyfin_is_told_of_what_ended_here_by_one_at_a_time_and_of_nothing_that_it_ended_itself()
{
    for db in databases().await {
        add(&db.store, &[token(1), token(2), token(3)]).await;
        // Jellyfin ended the third itself.
        end(&db.store, &token(3)).await;
        let tx = db.store.begin().await.unwrap();
        tx.end_tokens(account(1), None, NOON).await.unwrap();
        tx.commit().await.unwrap();
        let waiting = async |now| {
            let waiting = db.store.tokens_to_sign_out(now, 9).await.unwrap();
            waiting.iter().map(|token| token.id).collect::<Vec<_>>()
        };
        let mut both = vec![token(1).id, token(2).id];
        both.sort();
        assert_eq!(waiting(NOON).await, both, "{}", db.name);
        assert_eq!(waiting(NOON - MINUTE).await, [], "{}", db.name);

        let (id, until) = (token(1).id, NOON + MINUTE);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.lease_sign_out(id, NOON, until).await.unwrap());
        assert!(!tx.lease_sign_out(id, NOON, until).await.unwrap());
        assert!(!tx.lease_sign_out(token(3).id, NOON, until).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(waiting(NOON).await, [token(2).id], "{}", db.name);
        assert_eq!(waiting(until).await.len(), 2, "{}", db.name);

        let tx = db.store.begin().await.unwrap();
        tx.note_signed_out(id).await.unwrap();
        // What Jellyfin gives out anew through Usher lives.
        tx.add_token(&token(2)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(waiting(until).await, [], "{}", db.name);
    }
}
