//! Sign-ins on their way, and users that are being created: each step and each row counts once.
use std::time::Duration;

use usher_domain::account::SetUpWay;
use usher_domain::activity::Door;
use usher_domain::address::EmailAddress;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, AttemptId, UserId};
use usher_domain::name::UserName;
use usher_domain::secret::Hash;
use usher_domain::sign_in::{AddressOwed, Answer, Attempt, AttemptContext, LIFE, Owed, Step};
use usher_store::{Creation, NewAttempt, Store, StoreError};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

/// An address is asked for, and may not be skipped.
const REQUIRED: Owed = Owed {
    address: AddressOwed::Required,
    ..Owed::NOTHING
};

fn cookie() -> Hash {
    Hash::of("cookie")
}

async fn add(store: &Store) -> NewAttempt {
    let new = NewAttempt {
        id: AttemptId::generate(NOON, &SeededEntropy::new(1)),
        digest: cookie(),
        state: Attempt::start(Door::Web, NOON),
        context: AttemptContext {
            device_id: "browser".to_owned(),
            next: "#/home".to_owned(),
            address: Some(EmailAddress::parse("anna@example.org").unwrap()),
            ..AttemptContext::default()
        },
        expires: NOON + LIFE,
    };
    let tx = store.begin().await.unwrap();
    tx.add_attempt(&new).await.unwrap();
    tx.commit().await.unwrap();
    new
}

#[tokio::test]
async fn an_attempt_is_found_by_its_cookie_until_it_runs_out() {
    for db in databases().await {
        let new = add(&db.store).await;
        let last = NOON + LIFE - Duration::from_millis(1);
        let found = db.store.attempt(&cookie(), last).await.unwrap().unwrap();
        assert_eq!((found.id, found.version), (new.id, 1), "{}", db.name);
        assert_eq!((&found.state, &found.context), (&new.state, &new.context));
        for (digest, now) in [(cookie(), NOON + LIFE), (Hash::of("another"), NOON)] {
            let none = db.store.attempt(&digest, now).await.unwrap();
            assert_eq!(none, None, "{}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        tx.forget_attempts(NOON + LIFE).await.unwrap();
        assert!(tx.attempt(&cookie(), NOON).await.unwrap().is_some());
        tx.forget_attempts(NOON + LIFE + MINUTE).await.unwrap();
        assert!(tx.attempt(&cookie(), NOON).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_cookie_stands_for_one_attempt() {
    for db in databases().await {
        let mut second = add(&db.store).await;
        second.id = AttemptId::generate(NOON, &SeededEntropy::new(2));
        let tx = db.store.begin().await.unwrap();
        let added = tx.add_attempt(&second).await;
        assert!(matches!(added, Err(StoreError::Taken)), "{}", db.name);
    }
}

#[tokio::test]
async fn of_two_requests_for_one_step_the_first_counts() {
    let account = AccountId::new(Uuid::from_u128(1));
    let right = Answer::PasswordRight(account, REQUIRED);
    for db in databases().await {
        add(&db.store).await;
        let mut first = db.store.attempt(&cookie(), NOON).await.unwrap().unwrap();
        let mut second = first.clone();
        assert_eq!(first.state.submit(right, NOON), Ok(Step::Email));
        second.state.submit(Answer::FirstTime, NOON).unwrap();
        first.context.next.clear();
        let tx = db.store.begin().await.unwrap();
        assert!(tx.update_attempt(&first).await.unwrap(), "{}", db.name);
        assert!(!tx.update_attempt(&second).await.unwrap(), "{}", db.name);
        assert!(!tx.take_attempt(&second).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let now = db.store.attempt(&cookie(), NOON).await.unwrap().unwrap();
        assert_eq!(now.version, 2, "{}", db.name);
        assert_eq!((&now.state, &now.context), (&first.state, &first.context));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_finish_an_attempt_at_once_one_gets_the_grant() {
    for db in databases().await {
        add(&db.store).await;
        let winners = winners_of_64(&db.store, |store, _| async move {
            let read = store.attempt(&cookie(), NOON).await.unwrap();
            let Some(read) = read else { return false };
            let tx = store.begin().await.unwrap();
            let taken = tx.take_attempt(&read).await.unwrap();
            tx.commit().await.unwrap();
            taken
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let left = db.store.attempt(&cookie(), NOON).await.unwrap();
        assert_eq!(left, None, "{}", db.name);
    }
}

fn creation(name: &str) -> Creation {
    Creation {
        name: UserName::parse(name).unwrap(),
        way: SetUpWay::Mail,
        address: Some(EmailAddress::parse("anna@example.org").unwrap()),
        language: Some("de".to_owned()),
        anywhere: true,
        by: Some(UserId::new(Uuid::from_u128(1))),
        begun: NOON,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_create_a_name_at_once_one_begins() {
    for db in databases().await {
        let winners = winners_of_64(&db.store, |store, number| async move {
            let name = if number % 2 == 0 { "anna" } else { "ANNA" };
            let tx = store.begin().await.unwrap();
            let begun = tx.begin_creation(&creation(name)).await.unwrap();
            tx.commit().await.unwrap();
            begun
        });
        assert_eq!(winners.await, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn a_creation_that_did_not_end_is_found_again() {
    for db in databases().await {
        let bare = Creation {
            way: SetUpWay::Open,
            address: None,
            language: None,
            anywhere: false,
            begun: NOON - MINUTE,
            ..creation("bo")
        };
        let tx = db.store.begin().await.unwrap();
        assert!(tx.begin_creation(&creation("anna")).await.unwrap());
        assert!(tx.begin_creation(&bare).await.unwrap());
        tx.commit().await.unwrap();
        let left = db.store.creations(NOON).await.unwrap();
        assert_eq!(left, std::slice::from_ref(&bare), "{}", db.name);
        let left = db.store.creations(NOON + MINUTE).await.unwrap();
        assert_eq!(left, [bare.clone(), creation("anna")], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.end_creation(&bare.name.key()).await.unwrap();
        assert!(tx.begin_creation(&bare).await.unwrap(), "{}", db.name);
    }
}
