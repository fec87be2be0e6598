//! Sign-ins at an app's form that wait for their factor: kept apart by source, approved once, used once, mailed once.
use std::time::Duration;

use usher_domain::activity::Door;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, PressId};
use usher_domain::second_factor::{Enroll, FactorLevel, FactorOwed, Show};
use usher_domain::sign_in::{AddressOwed, Answer, Attempt, Owed, Seat};
use usher_domain::time::Timestamp;
use usher_store::{Press, PressSource, Store};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

fn id(number: u32) -> PressId {
    PressId::generate(NOON, &SeededEntropy::new(number.into()))
}

fn source() -> PressSource {
    PressSource {
        account: account(1),
        user: account(1).owner(),
        client: "Android TV".to_owned(),
        device_id: "tv".repeat(4000),
        address: "192.0.2.1".to_owned(),
    }
}

/// A sign-in that stands at the second factor.
fn attempt() -> Attempt {
    let owed = Owed {
        address: AddressOwed::No,
        factor: FactorOwed {
            show: Show::Yes,
            enroll: Enroll::No,
        },
        seat: Seat::Owner,
    };
    let mut attempt = Attempt::start(Door::App, NOON);
    attempt
        .submit(Answer::PasswordRight(account(1), owed), NOON)
        .unwrap();
    attempt
}

fn press(number: u32, asked: Timestamp) -> Press {
    Press {
        id: id(number),
        source: source(),
        device: "Living room".to_owned(),
        state: attempt(),
        version: 1,
        asked,
        expires: asked + 10 * MINUTE,
        approved: None,
        mailed: None,
    }
}

async fn add(store: &Store, press: &Press) -> bool {
    let tx = store.begin().await.unwrap();
    let added = tx.add_press(press).await.unwrap();
    tx.commit().await.unwrap();
    added
}

#[tokio::test]
async fn a_press_waits_for_its_own_source_only_and_ten_minutes_long() {
    for db in databases().await {
        let one = press(1, NOON);
        assert!(add(&db.store, &one).await, "{}", db.name);
        let last = one.expires - Duration::from_millis(1);
        let found = db.store.press(one.id, last).await.unwrap();
        assert_eq!(found.as_ref(), Some(&one), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let found = tx.press_of(&source(), last).await.unwrap();
        assert_eq!(found.as_ref(), Some(&one), "{}", db.name);
        let over = tx.press_of(&source(), one.expires).await.unwrap();
        assert_eq!(over, None, "{}", db.name);
        assert_eq!(tx.press(one.id, one.expires).await.unwrap(), None);
        for other in [
            PressSource {
                account: account(2),
                ..source()
            },
            PressSource {
                user: account(2).owner(),
                ..source()
            },
            PressSource {
                client: "Kodi".to_owned(),
                ..source()
            },
            PressSource {
                device_id: "other".to_owned(),
                ..source()
            },
            PressSource {
                address: "192.0.2.2".to_owned(),
                ..source()
            },
        ] {
            let none = tx.press_of(&other, NOON).await.unwrap();
            assert_eq!(none, None, "{}", db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_presses_of_one_source_at_once_one_is_kept_and_the_next_when_it_is_over() {
    for db in databases().await {
        for round in [0, 10] {
            let now = NOON + round * MINUTE;
            let winners = winners_of_64(&db.store, move |store, number| async move {
                add(&store, &press(100 * (round + 1) + number, now)).await
            });
            assert_eq!(winners.await, 1, "{}: round {round}", db.name);
            let waiting = db.store.presses_of(account(1), now).await.unwrap();
            assert_eq!(waiting.len(), 1, "{}: round {round}", db.name);
        }
    }
}

#[tokio::test]
async fn a_press_goes_through_once_and_only_approved_and_unchanged() {
    for db in databases().await {
        assert!(add(&db.store, &press(1, NOON)).await, "{}", db.name);
        let later = NOON + MINUTE;
        let over = NOON + 10 * MINUTE;
        let tx = db.store.begin().await.unwrap();
        let one = id(1);
        assert!(!tx.use_press(one, 1, later).await.unwrap(), "not approved");
        let level = FactorLevel::Mail;
        assert!(!tx.approve_press(one, level, over).await.unwrap());
        assert!(!tx.approve_press(id(9), level, later).await.unwrap());
        assert!(tx.approve_press(one, level, later).await.unwrap());
        let strong = FactorLevel::Strong;
        assert!(!tx.approve_press(one, strong, later).await.unwrap());
        let read = tx.press_of(&source(), later).await.unwrap().unwrap();
        assert_eq!(read.approved, Some((level, later)), "{}", db.name);
        assert!(!tx.use_press(one, 1, later).await.unwrap(), "old version");
        assert!(!tx.use_press(one, read.version, over).await.unwrap());
        assert!(tx.use_press(one, read.version, later).await.unwrap());
        assert!(!tx.use_press(one, read.version + 1, later).await.unwrap());
        assert!(!tx.refuse_press(one, later).await.unwrap(), "{}", db.name);
        assert_eq!(tx.press_of(&source(), later).await.unwrap(), None);
        let next = tx.add_press(&press(2, later)).await.unwrap();
        assert!(next, "{}: the place is free again", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_retry_an_approved_press_at_once_one_goes_through() {
    for db in databases().await {
        assert!(add(&db.store, &press(1, NOON)).await, "{}", db.name);
        let approvers = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let done = tx.approve_press(id(1), FactorLevel::Strong, NOON).await;
            tx.commit().await.unwrap();
            done.unwrap()
        });
        assert_eq!(approvers.await, 1, "{}", db.name);
        let winners = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let used = tx.use_press(id(1), 2, NOON).await.unwrap();
            tx.commit().await.unwrap();
            used
        });
        assert_eq!(winners.await, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn a_refused_press_is_over_even_when_it_was_approved() {
    for db in databases().await {
        assert!(add(&db.store, &press(1, NOON)).await, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let level = FactorLevel::Mail;
        assert!(tx.approve_press(id(1), level, NOON).await.unwrap());
        assert!(tx.refuse_press(id(1), NOON).await.unwrap(), "{}", db.name);
        assert!(!tx.refuse_press(id(1), NOON).await.unwrap(), "{}", db.name);
        for version in [2, 3] {
            let used = tx.use_press(id(1), version, NOON).await.unwrap();
            assert!(!used, "{}", db.name);
        }
        assert_eq!(tx.press(id(1), NOON).await.unwrap(), None, "{}", db.name);
    }
}

#[tokio::test]
async fn a_wrong_answer_is_kept_unless_the_press_changed_since() {
    for db in databases().await {
        let mut read = press(1, NOON);
        assert!(add(&db.store, &read).await, "{}", db.name);
        read.state.submit(Answer::Wrong, NOON).unwrap();
        let tx = db.store.begin().await.unwrap();
        assert!(tx.update_press(&read, NOON).await.unwrap(), "{}", db.name);
        assert!(!tx.update_press(&read, NOON).await.unwrap(), "{}", db.name);
        let kept = tx.press(read.id, NOON).await.unwrap().unwrap();
        assert_eq!((kept.state, kept.version), (read.state, 2), "{}", db.name);
    }
}

#[tokio::test]
async fn one_mail_is_written_for_a_press_and_counted_whatever_becomes_of_it() {
    for db in databases().await {
        assert!(add(&db.store, &press(1, NOON)).await, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let later = NOON + MINUTE;
        assert_eq!(tx.count_press_mails(account(1), NOON).await.unwrap(), 0);
        assert!(tx.note_press_mailed(id(1), later).await.unwrap());
        assert!(!tx.note_press_mailed(id(1), later).await.unwrap());
        let mailed = tx.press(id(1), later).await.unwrap().unwrap().mailed;
        assert_eq!(mailed, Some(later), "{}", db.name);
        tx.end_presses_of(account(1), later).await.unwrap();
        let second = Press {
            mailed: Some(NOON),
            ..press(2, NOON)
        };
        assert!(tx.add_press(&second).await.unwrap(), "{}", db.name);
        for (account, since, count) in [
            (account(1), NOON, 2),
            (account(1), later, 1),
            (account(1), later + MINUTE, 0),
            (account(2), NOON, 0),
        ] {
            let counted = tx.count_press_mails(account, since).await.unwrap();
            assert_eq!(counted, count, "{}", db.name);
        }
        tx.forget_presses(later).await.unwrap();
        assert_eq!(tx.count_press_mails(account(1), NOON).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_press_that_was_used_is_given_back_once_and_never_after_everything_was_ended() {
    for db in databases().await {
        assert!(add(&db.store, &press(1, NOON)).await, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let back = async || tx.give_press_back(id(1), &source()).await.unwrap();
        assert!(!back().await, "{}: it was not used", db.name);
        let level = FactorLevel::Mail;
        assert!(tx.approve_press(id(1), level, NOON).await.unwrap());
        assert!(tx.use_press(id(1), 2, NOON).await.unwrap(), "{}", db.name);
        assert!(back().await, "{}", db.name);
        assert!(!back().await, "{}", db.name);
        let waits = tx.press_of(&source(), NOON).await.unwrap().unwrap();
        assert_eq!(waits.approved, Some((level, NOON)), "{}", db.name);
        let used = tx.use_press(id(1), waits.version, NOON).await.unwrap();
        assert!(used, "{}", db.name);
        tx.end_presses_of(account(1), NOON).await.unwrap();
        assert!(!back().await, "{}", db.name);
    }
}

#[tokio::test]
async fn r47_every_press_of_an_account_ends_with_its_password() {
    for db in databases().await {
        let elsewhere = Press {
            source: PressSource {
                address: "192.0.2.2".to_owned(),
                ..source()
            },
            ..press(2, NOON + MINUTE)
        };
        let others = Press {
            source: PressSource {
                account: account(2),
                ..source()
            },
            ..press(3, NOON)
        };
        for new in [&press(1, NOON), &elsewhere, &others] {
            assert!(add(&db.store, new).await, "{}", db.name);
        }
        let waiting = db.store.presses_of(account(1), NOON).await.unwrap();
        assert_eq!(waiting, [elsewhere, press(1, NOON)], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let level = FactorLevel::Mail;
        assert!(tx.approve_press(id(1), level, NOON).await.unwrap());
        tx.end_presses_of(account(1), NOON).await.unwrap();
        assert!(!tx.use_press(id(1), 2, NOON).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let none = db.store.presses_of(account(1), NOON).await.unwrap();
        assert_eq!(none, [], "{}", db.name);
        let left = db.store.presses_of(account(2), NOON).await.unwrap();
        assert_eq!(left, [others], "{}", db.name);
    }
}
