//! How far Jellyfin's log was read, own changes in it, and what is known of API keys.
use std::time::Duration;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::AccountId;
use usher_domain::network::Networks;
use usher_domain::secret::Hash;
use usher_store::StoreOptions;
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

#[tokio::test]
async fn of_many_who_read_the_same_entry_one_lets_it_count() {
    for db in databases().await {
        for (from, to) in [(None, 7), (Some(7), 9)] {
            let winners = winners_of_64(&db.store, |store, _| async move {
                let tx = store.begin().await.unwrap();
                let is_first = tx.notice_up_to(from, to).await.unwrap();
                tx.commit().await.unwrap();
                is_first
            });
            assert_eq!(winners.await, 1, "{}: {to}", db.name);
            let newest = db.store.newest_noticed().await.unwrap();
            assert_eq!(newest, Some(to), "{}", db.name);
        }
    }
}

#[tokio::test]
async fn an_entry_whose_effect_fails_counts_again() {
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        assert!(tx.notice_up_to(None, 7).await.unwrap(), "{}", db.name);
        drop(tx);
        assert_eq!(
            db.store.newest_noticed().await.unwrap(),
            None,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn an_own_change_is_taken_once_and_forgotten_when_it_is_late() {
    for db in databases().await {
        let (anna, kim) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (anna, kim) = (AccountId::new(anna), AccountId::new(kim));
        let tx = db.store.begin().await.unwrap();
        for (number, account) in [(0, anna), (1, anna), (2, kim)] {
            let at = NOON + Duration::from_mins(number);
            let entropy = SeededEntropy::new(number);
            tx.add_own_change(account, at, &entropy).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert!(db.store.has_own_change(anna).await.unwrap(), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        for is_there in [true, true, false] {
            let taken = tx.take_own_change(anna).await.unwrap();
            assert_eq!(taken, is_there, "{}", db.name);
        }
        tx.forget_own_changes(NOON + Duration::from_mins(2))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(db.store.has_own_change(kim).await.unwrap(), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.forget_own_changes(NOON + Duration::from_mins(3))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!db.store.has_own_change(kim).await.unwrap(), "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_known_of_a_key_is_its_networks_and_its_last_use() {
    for db in databases().await {
        let (key, other) = (Hash::of("key"), Hash::of("other"));
        let home = Networks::parse("192.168.0.0/16").unwrap();
        let tx = db.store.begin().await.unwrap();
        tx.see_api_key(&key, "192.0.2.1", NOON).await.unwrap();
        for is_new in [true, false] {
            let bound = tx.bind_api_key(&key, &home).await.unwrap();
            assert_eq!(bound, is_new, "{}", db.name);
        }
        let later = NOON + Duration::from_mins(1);
        tx.see_api_key(&key, "192.168.0.7", later).await.unwrap();
        tx.see_api_key(&other, "192.0.2.9", NOON).await.unwrap();
        tx.commit().await.unwrap();
        let known = db.store.api_key(&key).await.unwrap().unwrap();
        assert_eq!(known.networks, home, "{}", db.name);
        assert_eq!(known.seen, Some(later), "{}", db.name);
        assert_eq!(known.address, "192.168.0.7", "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.forget_api_keys(later + Duration::from_mins(1))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let left = db.store.api_keys().await.unwrap();
        assert_eq!(left, [known], "{}: a bound key stays", db.name);
    }
}

#[test]
fn r68_where_the_database_is_says_no_password() {
    let options = StoreOptions::Postgres("postgres://usher:pg-secret@db/usher".to_owned());
    assert_eq!(format!("{options:?}"), "Postgres(..)");
}
