//! App passwords: found by their hash while they are good, and their tokens end with them.
use std::time::Duration;

use usher_domain::activity::Door;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, AppPasswordId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_store::{AppPassword, KnownToken, Store, StoreError};
use uuid::Uuid;

use crate::databases::{NOON, databases};
use crate::token::{account, token};

const MINUTE: Duration = Duration::from_mins(1);

/// App password number `number` of the first account, made that many minutes after noon.
fn app_password(number: u32) -> AppPassword {
    AppPassword {
        id: AppPasswordId::generate(NOON, &SeededEntropy::new(number.into())),
        account: account(1),
        user: UserId::new(Uuid::from_u128(77)),
        name: "Kodi in the kitchen".to_owned(),
        made: NOON + number * MINUTE,
        used: None,
        expires: None,
    }
}

fn digest(number: u32) -> Hash {
    Hash::of(&format!("app password {number}"))
}

async fn add(store: &Store, number: u32, new: &AppPassword) {
    let tx = store.begin().await.unwrap();
    tx.add_app_password(&digest(number), new).await.unwrap();
    tx.commit().await.unwrap();
}

async fn listed(store: &Store, account: AccountId) -> Vec<AppPassword> {
    store.app_passwords_of(account).await.unwrap()
}

#[tokio::test]
async fn an_app_password_is_found_by_its_hash_while_it_is_good() {
    for db in databases().await {
        let lasting = app_password(1);
        let short = AppPassword {
            expires: Some(NOON + MINUTE),
            ..app_password(2)
        };
        add(&db.store, 1, &lasting).await;
        add(&db.store, 2, &short).await;
        let last = NOON + MINUTE - Duration::from_millis(1);
        for (number, now, expected) in [
            (1, NOON + 9 * MINUTE, Some(&lasting)),
            (2, last, Some(&short)),
            (2, NOON + MINUTE, None),
            (3, NOON, None),
        ] {
            let found = db.store.app_password(&digest(number), now).await.unwrap();
            assert_eq!(found.as_ref(), expected, "{} {number}", db.name);
        }
        assert_eq!(listed(&db.store, account(1)).await, [lasting, short]);
        assert_eq!(listed(&db.store, account(2)).await, [], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let twice = tx.add_app_password(&digest(1), &app_password(3)).await;
        assert!(matches!(twice, Err(StoreError::Taken)), "{}", db.name);
    }
}

#[tokio::test]
async fn r71_an_app_password_is_ended_by_its_own_account_and_then_of_no_use() {
    for db in databases().await {
        for number in [1, 2, 3] {
            add(&db.store, number, &app_password(number)).await;
        }
        let (mine, stranger) = (account(1), account(2));
        let id = app_password(1).id;
        let tx = db.store.begin().await.unwrap();
        assert!(tx.touch_app_password(id, NOON + MINUTE).await.unwrap());
        let used = tx.app_passwords_of(mine).await.unwrap()[0].used;
        assert_eq!(used, Some(NOON + MINUTE), "{}", db.name);
        assert!(!tx.end_app_password(stranger, id).await.unwrap());
        assert!(tx.end_app_passwords(stranger).await.unwrap().is_empty());
        assert!(tx.end_app_password(mine, id).await.unwrap());
        assert!(!tx.end_app_password(mine, id).await.unwrap());
        assert!(!tx.touch_app_password(id, NOON).await.unwrap());
        let mut ended = tx.end_app_passwords(mine).await.unwrap();
        ended.sort_unstable();
        let mut expected = [app_password(2).id, app_password(3).id];
        expected.sort_unstable();
        assert_eq!(ended, expected, "{}", db.name);
        tx.commit().await.unwrap();
        assert_eq!(listed(&db.store, mine).await, [], "{}", db.name);
        let gone = db.store.app_password(&digest(1), NOON).await.unwrap();
        assert_eq!(gone, None, "{}", db.name);
    }
}

#[tokio::test]
async fn r37_the_tokens_of_an_app_password_end_with_it_and_no_others() {
    for db in databases().await {
        let (id, other) = (app_password(1).id, app_password(2).id);
        let of = |number: u32, id: Option<AppPasswordId>| KnownToken {
            door: Door::AppPassword,
            level: FactorLevel::Strong,
            app_password: id,
            ..token(number)
        };
        let (first, second) = (of(1, Some(id)), of(2, Some(id)));
        let tx = db.store.begin().await.unwrap();
        for new in [&first, &second, &of(3, Some(other)), &of(4, None)] {
            assert!(tx.add_token(new).await.unwrap(), "{}", db.name);
        }
        assert!(tx.end_token(&second.digest, NOON).await.unwrap());
        tx.commit().await.unwrap();
        let known = db.store.token(&first.digest).await.unwrap();
        assert_eq!(known.as_ref(), Some(&first), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let ended = tx.end_tokens_of_app_password(id, NOON).await.unwrap();
        let expected = KnownToken {
            ended: Some(NOON),
            ..first
        };
        assert_eq!(ended, [expected], "{}", db.name);
        let again = tx.end_tokens_of_app_password(id, NOON).await.unwrap();
        assert_eq!(again, [], "{}", db.name);
        tx.commit().await.unwrap();
        let left = db.store.tokens(account(1)).await.unwrap();
        assert_eq!(left, [of(4, None), of(3, Some(other))], "{}", db.name);
    }
}

#[tokio::test]
async fn a_token_that_is_given_out_anew_has_the_level_of_its_last_sign_in() {
    for db in databases().await {
        let first = KnownToken {
            app_password: Some(app_password(1).id),
            ..token(1)
        };
        let again = KnownToken {
            level: FactorLevel::Strong,
            ..token(1)
        };
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_token(&first).await.unwrap(), "{}", db.name);
        assert!(tx.add_token(&again).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let known = db.store.token(&first.digest).await.unwrap();
        assert_eq!(known, Some(again), "{}", db.name);
    }
}
