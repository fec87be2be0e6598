//! Quick Connect: a screen is let in once, and its secret passes once.
use std::time::Duration;

use usher_domain::device::DeviceUse;
use usher_domain::id::{AccountId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;
use usher_store::{QuickConnectApproval, QuickConnectAsked, ScreenNoted, Store, StoreError, Tx};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn screen(secret: &str, asked: Timestamp) -> QuickConnectAsked {
    QuickConnectAsked {
        secret: Hash::of(secret),
        code: "012345".to_owned(),
        client: "Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv-1".to_owned(),
        address: "192.0.2.1".to_owned(),
        asked,
        approved: None,
        used: None,
        ended: None,
    }
}

fn approval(number: u32) -> QuickConnectApproval {
    let by = AccountId::new(Uuid::from_u128(number.into()));
    QuickConnectApproval {
        by,
        at: NOON,
        level: FactorLevel::Strong,
        user: UserId::new(Uuid::from_u128(77)),
        device: DeviceUse::Childs,
    }
}

async fn noted(tx: &Tx, approval: &QuickConnectApproval) -> ScreenNoted {
    let secret = Hash::of("secret");
    tx.approve_quick_connect(&secret, approval).await.unwrap()
}

async fn add(store: &Store, screens: &[QuickConnectAsked]) {
    let tx = store.begin().await.unwrap();
    for screen in screens {
        tx.add_quick_connect(screen).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_code_names_the_one_screen_that_shows_it_and_none_where_two_do() {
    for db in databases().await {
        let (old, new) = (screen("old", NOON), screen("new", NOON + MINUTE));
        add(&db.store, &[new.clone(), old.clone()]).await;
        for (code, after, expected) in [
            ("012345", NOON - MINUTE, None),
            ("012345", NOON, Some(&new)),
            ("012345", NOON + MINUTE, None),
            ("543210", NOON - MINUTE, None),
            ("", NOON - MINUTE, None),
        ] {
            let found = db.store.quick_connect(code, after).await.unwrap();
            assert_eq!(found.as_ref(), expected, "{} {code}", db.name);
        }
        let by_secret = db.store.quick_connect_by_secret(&old.secret).await;
        assert_eq!(by_secret.unwrap(), Some(old.clone()), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let again = tx.add_quick_connect(&old).await;
        assert!(matches!(again, Err(StoreError::Taken)), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_approve_a_screen_at_once_one_does() {
    let secret = Hash::of("secret");
    for db in databases().await {
        add(&db.store, &[screen("secret", NOON)]).await;
        let winners = winners_of_64(&db.store, |store, number| async move {
            let by = approval(number);
            let tx = store.begin().await.unwrap();
            let done = tx.approve_quick_connect(&secret, &by).await.unwrap();
            tx.commit().await.unwrap();
            done == ScreenNoted::Now
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let found = db.store.quick_connect_by_secret(&secret).await.unwrap();
        let at = found.unwrap().approved.map(|approval| approval.at);
        assert_eq!(at, Some(NOON), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_show_a_secret_at_once_one_passes_known_or_not() {
    let (known, unknown) = (Hash::of("known"), Hash::of("unknown"));
    for db in databases().await {
        add(&db.store, &[screen("known", NOON)]).await;
        for secret in [known, unknown] {
            let winners = winners_of_64(&db.store, |store, _| async move {
                let tx = store.begin().await.unwrap();
                let passed = tx.use_secret(&secret, NOON).await.unwrap();
                tx.commit().await.unwrap();
                passed
            });
            assert_eq!(winners.await, 1, "{}", db.name);
        }
        let nothing = db.store.quick_connect("", NOON - MINUTE).await.unwrap();
        assert_eq!(nothing, None, "{}: a used secret has no code", db.name);
    }
}

#[tokio::test]
async fn a_used_secret_lets_nobody_in_and_one_that_is_given_back_passes_once_more() {
    let by = approval(1);
    for db in databases().await {
        add(&db.store, &[screen("secret", NOON)]).await;
        let secret = Hash::of("secret");
        let tx = db.store.begin().await.unwrap();
        assert!(tx.use_secret(&secret, NOON).await.unwrap(), "{}", db.name);
        assert_eq!(noted(&tx, &by).await, ScreenNoted::Not, "{}", db.name);
        assert!(!tx.use_secret(&secret, NOON + MINUTE).await.unwrap());
        tx.give_secret_back(&secret).await.unwrap();
        assert_eq!(noted(&tx, &by).await, ScreenNoted::Now, "{}", db.name);
        assert_eq!(noted(&tx, &by).await, ScreenNoted::Before, "{}", db.name);
        let for_another = QuickConnectApproval {
            user: UserId::new(Uuid::from_u128(78)),
            ..by
        };
        for other in [approval(2), for_another] {
            assert_eq!(noted(&tx, &other).await, ScreenNoted::Not, "{}", db.name);
        }
        assert!(tx.use_secret(&secret, NOON + MINUTE).await.unwrap());
        assert!(!tx.use_secret(&secret, NOON + MINUTE).await.unwrap());
        tx.commit().await.unwrap();
        let found = db.store.quick_connect_by_secret(&secret).await.unwrap();
        let expected = QuickConnectAsked {
            approved: Some(by),
            used: Some(NOON + MINUTE),
            ..screen("secret", NOON)
        };
        assert_eq!(found, Some(expected), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let stranger = Hash::of("stranger");
        let unknown = tx.approve_quick_connect(&stranger, &by).await;
        assert_eq!(unknown.unwrap(), ScreenNoted::Not, "{}", db.name);
    }
}

#[tokio::test]
async fn screens_that_asked_long_ago_are_forgotten() {
    for db in databases().await {
        add(
            &db.store,
            &[screen("old", NOON), screen("new", NOON + MINUTE)],
        )
        .await;
        let tx = db.store.begin().await.unwrap();
        tx.forget_quick_connects(NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        for (secret, known) in [("old", false), ("new", true)] {
            let found = db.store.quick_connect_by_secret(&Hash::of(secret)).await;
            assert_eq!(found.unwrap().is_some(), known, "{} {secret}", db.name);
        }
    }
}
