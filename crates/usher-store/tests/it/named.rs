//! What answers named to whom.
use std::time::Duration;

use usher_domain::id::{ItemId, UserId};
use usher_store::Named;
use uuid::Uuid;

use crate::databases::{NOON, databases};

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_name_is_each_users_own_and_its_newest_answer_counts_for_a_while_after_its_use() {
    let user = |number| UserId::new(Uuid::from_u128(number));
    let item = |number| Some(ItemId::new(Uuid::from_u128(number)));
    let (kim, anna) = (user(1), user(2));
    for db in databases().await {
        let names = ["source", "stream", "source"].map(str::to_owned);
        let tx = db.store.begin().await.unwrap();
        tx.note_named(kim, &names, item(7), NOON).await.unwrap();
        tx.note_named(anna, &names, item(8), NOON).await.unwrap();
        tx.note_named(anna, &[], None, NOON).await.unwrap();
        tx.note_named(kim, &names[..1], None, NOON).await.unwrap();
        tx.touch_named(kim, "stream", NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let (before, later) = (NOON - MINUTE, NOON + MINUTE);
        let told = |item, used| Some(Named { item, used });
        for (user, name, after, expected) in [
            (kim, "stream", before, told(item(7), later)),
            (kim, "stream", NOON, told(item(7), later)),
            (kim, "stream", later, None),
            (kim, "source", before, told(None, NOON)),
            (anna, "stream", before, told(item(8), NOON)),
            (anna, "stream", NOON, None),
            (kim, "other", before, None),
        ] {
            let found = db.store.named(user, name, after).await.unwrap();
            assert_eq!(found, expected, "{} {name}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        tx.forget_named(later).await.unwrap();
        tx.commit().await.unwrap();
        let left = db.store.named(anna, "stream", before).await.unwrap();
        assert_eq!(left, None, "{}", db.name);
        let left = db.store.named(kim, "stream", before).await.unwrap();
        assert_eq!(left, told(item(7), later), "{}", db.name);
    }
}

#[tokio::test]
async fn an_answer_with_very_many_names_is_noted_whole() {
    let user = UserId::new(Uuid::from_u128(1));
    for db in databases().await {
        let names: Vec<String> = (0..12_001).map(|number| number.to_string()).collect();
        let tx = db.store.begin().await.unwrap();
        tx.note_named(user, &names, None, NOON).await.unwrap();
        tx.commit().await.unwrap();
        for name in ["0", "12000"] {
            let found = db.store.named(user, name, NOON - MINUTE).await.unwrap();
            assert!(found.is_some(), "{} {name}", db.name);
        }
    }
}
