//! Sign-ins that stopped at the second factor: who does not finish one is told once.
use std::time::Duration;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, AttemptId, PressId};
use usher_domain::time::Timestamp;
use usher_store::{Store, Unfinished, UnfinishedId};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

fn web(since: Timestamp) -> Unfinished {
    Unfinished {
        id: UnfinishedId::Web(AttemptId::generate(NOON, &SeededEntropy::new(1))),
        account: account(1),
        device: "Firefox on Linux".to_owned(),
        address: "192.0.2.1".to_owned(),
        since,
    }
}

fn app(since: Timestamp) -> Unfinished {
    Unfinished {
        id: UnfinishedId::App(PressId::generate(NOON, &SeededEntropy::new(2))),
        device: "Living room".to_owned(),
        ..web(since)
    }
}

async fn note(store: &Store, all: &[Unfinished]) {
    let tx = store.begin().await.unwrap();
    for one in all {
        tx.note_unfinished(one).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn r39_what_waits_long_enough_is_due_and_noting_it_again_moves_nothing() {
    for db in databases().await {
        let (first, second) = (web(NOON), app(NOON + MINUTE));
        note(&db.store, &[second.clone(), first.clone()]).await;
        note(&db.store, &[web(NOON + 5 * MINUTE)]).await;
        for (since, limit, expected) in [
            (NOON - MINUTE, 9, vec![]),
            (NOON, 9, vec![first.clone()]),
            (NOON + MINUTE, 9, vec![first.clone(), second.clone()]),
            (NOON + MINUTE, 1, vec![first.clone()]),
        ] {
            let due = db.store.due_unfinished(since, limit).await.unwrap();
            assert_eq!(due, expected, "{}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        tx.settle_unfinished(first.id).await.unwrap();
        let told = tx.note_unfinished_told(first.id, NOON).await.unwrap();
        assert!(!told, "{}: it was finished", db.name);
        tx.commit().await.unwrap();
        let due = db.store.due_unfinished(NOON + MINUTE, 9).await.unwrap();
        assert_eq!(due, [second], "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r39_of_64_that_tell_of_one_at_once_one_does_and_it_counts_for_an_hour() {
    for db in databases().await {
        note(&db.store, &[web(NOON), app(NOON)]).await;
        let winners = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let told = tx.note_unfinished_told(web(NOON).id, NOON).await.unwrap();
            tx.commit().await.unwrap();
            told
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let due = db.store.due_unfinished(NOON, 9).await.unwrap();
        assert_eq!(due, [app(NOON)], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.settle_unfinished(web(NOON).id).await.unwrap();
        for (account, device, since, count) in [
            (account(1), "Firefox on Linux", NOON, 1),
            (account(1), "Firefox on Linux", NOON + MINUTE, 0),
            (account(1), "Living room", NOON, 0),
            (account(2), "Firefox on Linux", NOON, 0),
        ] {
            let told = tx.count_unfinished_told(account, device, since).await;
            assert_eq!(told.unwrap(), count, "{}: {device}", db.name);
        }
        tx.forget_unfinished(NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let due = db.store.due_unfinished(NOON + MINUTE, 9).await.unwrap();
        assert_eq!(due, [], "{}", db.name);
    }
}
