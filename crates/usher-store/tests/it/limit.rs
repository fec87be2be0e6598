//! Counts of tries: one row for each key, and nobody reads a count that another is changing.
use std::time::Duration;

use usher_domain::time::Timestamp;
use usher_store::{Store, Tx};

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

const fn key(number: u8) -> [u8; 32] {
    [number; 32]
}

async fn put(store: &Store, number: u8, state: &str, at: Timestamp) {
    let tx = store.begin().await.unwrap();
    tx.put_tally(&key(number), state.to_owned(), at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn read(tx: &Tx, number: u8) -> Option<String> {
    tx.tally(&key(number), NOON).await.unwrap()
}

/// Which of the keys 0 to 5 are there.
async fn left(store: &Store) -> Vec<u8> {
    let tx = store.begin().await.unwrap();
    let mut left = Vec::new();
    for number in 0..6 {
        if read(&tx, number).await.is_some() {
            left.push(number);
        }
    }
    left
}

#[tokio::test]
async fn a_count_is_read_as_it_was_written_last() {
    for db in databases().await {
        put(&db.store, 1, "one", NOON).await;
        put(&db.store, 2, "two", NOON).await;
        put(&db.store, 1, "three", NOON + MINUTE).await;
        let tx = db.store.begin().await.unwrap();
        assert_eq!(read(&tx, 1).await.as_deref(), Some("three"), "{}", db.name);
        assert_eq!(read(&tx, 2).await.as_deref(), Some("two"), "{}", db.name);
        assert_eq!(read(&tx, 3).await, None, "{}", db.name);
        drop(tx);
        for (number, expected) in [(1, Some("three")), (3, None)] {
            let looked = db.store.tally(&key(number)).await.unwrap();
            assert_eq!(looked.as_deref(), expected, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn a_count_that_was_not_committed_was_not_made() {
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        assert_eq!(read(&tx, 1).await, None, "{}", db.name);
        tx.put_tally(&key(1), "one".to_owned(), NOON).await.unwrap();
        drop(tx);
        assert_eq!(left(&db.store).await, [0_u8; 0], "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_of_64_that_count_at_once_each_is_counted_whether_or_not_there_was_a_row() {
    for db in databases().await {
        let counted = winners_of_64(&db.store, |store, number| async move {
            let tx = store.begin().await.unwrap();
            // Several keys in the order that everybody keeps; those of another address lie before the shared one.
            let own = u8::try_from(number % 4).unwrap();
            for key_number in [own, 9] {
                let count: u32 = read(&tx, key_number)
                    .await
                    .map_or(0, |text| text.parse().unwrap());
                let next = (count + 1).to_string();
                tx.put_tally(&key(key_number), next, NOON).await.unwrap();
            }
            tx.commit().await.is_ok()
        });
        assert_eq!(counted.await, 64, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        assert_eq!(read(&tx, 9).await.as_deref(), Some("64"), "{}", db.name);
        for own in 0..4 {
            assert_eq!(read(&tx, own).await.as_deref(), Some("16"), "{}", db.name);
        }
    }
}

#[tokio::test]
async fn r25_counts_age_out_and_beyond_the_most_the_oldest_go() {
    for db in databases().await {
        for number in 0..6 {
            put(&db.store, number, "one", NOON + MINUTE * u32::from(number)).await;
        }
        for (before, most, expected) in [
            (NOON, 6, &[0, 1, 2, 3, 4, 5][..]),
            (NOON + MINUTE * 2, 6, &[2, 3, 4, 5]),
            (NOON + MINUTE * 2, 3, &[3, 4, 5]),
            (NOON + MINUTE * 5, 3, &[5]),
        ] {
            let tx = db.store.begin().await.unwrap();
            tx.forget_tallies(before, most).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(left(&db.store).await, expected, "{}", db.name);
        }
    }
}
