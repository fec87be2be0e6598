//! Watched marks on their way: one row, one process at a time, and none of a profile that is gone.
use std::time::Duration;

use usher_domain::id::{ItemId, UserId};
use usher_store::MarkCopy;
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};
use crate::token::account;

const MINUTE: Duration = Duration::from_mins(1);

fn user(number: u128) -> UserId {
    UserId::new(Uuid::from_u128(number))
}

fn copy(source: u128, target: u128) -> MarkCopy {
    MarkCopy {
        source: user(source),
        target: user(target),
        account: account(1),
        asked: NOON,
        reached: None,
    }
}

#[tokio::test]
async fn a_copy_is_noted_once_remembers_its_place_and_ends() {
    for db in databases().await {
        let one = copy(1, 2);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_mark_copy(&one).await.unwrap());
        assert!(!tx.add_mark_copy(&one).await.unwrap());
        assert!(tx.add_mark_copy(&copy(2, 1)).await.unwrap());
        tx.commit().await.unwrap();
        let item = ItemId::new(Uuid::from_u128(7));
        for reached in [Some((Some(NOON), item)), Some((None, item)), None] {
            let tx = db.store.begin().await.unwrap();
            tx.note_mark_copy(&one, reached).await.unwrap();
            tx.commit().await.unwrap();
            let found = db.store.mark_copies_to(user(2)).await.unwrap();
            assert_eq!(found, [MarkCopy { reached, ..one }], "{}", db.name);
        }
        assert_eq!(db.store.mark_copies().await.unwrap().len(), 2);
        let tx = db.store.begin().await.unwrap();
        tx.end_mark_copy(&one).await.unwrap();
        tx.commit().await.unwrap();
        let left = db.store.mark_copies().await.unwrap();
        assert_eq!(left, [copy(2, 1)], "{}", db.name);
    }
}

#[tokio::test]
async fn one_process_holds_a_copy_until_its_lease_ends_or_it_lets_go() {
    for db in databases().await {
        let one = copy(1, 2);
        let tx = db.store.begin().await.unwrap();
        tx.add_mark_copy(&one).await.unwrap();
        tx.commit().await.unwrap();
        let winners = winners_of_64(&db.store, move |store, _| async move {
            let tx = store.begin().await.unwrap();
            let until = NOON + MINUTE;
            let held = tx.lease_mark_copy(&one, NOON, until).await.unwrap();
            tx.commit().await.unwrap();
            held
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let lease = async |now| {
            let tx = db.store.begin().await.unwrap();
            let held = tx.lease_mark_copy(&one, now, now + MINUTE).await.unwrap();
            tx.commit().await.unwrap();
            held
        };
        assert!(!lease(NOON).await);
        assert!(lease(NOON + MINUTE).await);
        let tx = db.store.begin().await.unwrap();
        tx.note_mark_copy(&one, None).await.unwrap();
        tx.commit().await.unwrap();
        assert!(lease(NOON + MINUTE).await);
    }
}
