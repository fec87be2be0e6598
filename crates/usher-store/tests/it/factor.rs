//! Enrolled factors and recovery codes: one use of each counts, and an account touches its own only.
use std::time::Duration;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, FactorId, RecoveryCodeId};
use usher_domain::second_factor::{Enrolled, FactorKind, FactorRule};
use usher_store::{Factor, NewRecoveryCode, Store, StoreError};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

/// Factor number `number` of the first account, added that many minutes after noon.
fn factor(number: u32, kind: FactorKind) -> Factor {
    Factor {
        id: FactorId::generate(NOON, &SeededEntropy::new(number.into())),
        account: account(1),
        kind,
        name: format!("Factor {number}"),
        secret: vec![0, 1, 2],
        credential: (kind == FactorKind::Passkey).then(|| vec![7; 1023]),
        last_step: None,
        added: NOON + number * MINUTE,
        used: None,
    }
}

fn code(number: u32) -> NewRecoveryCode {
    NewRecoveryCode {
        id: RecoveryCodeId::generate(NOON, &SeededEntropy::new(number.into())),
        selector: format!("ABC{}", number % 2),
        hash: format!("$argon2id${number}"),
    }
}

async fn enroll(store: &Store, factors: &[Factor]) {
    let tx = store.begin().await.unwrap();
    for factor in factors {
        tx.add_factor(factor).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_enrolled_is_listed_oldest_first_and_counted_by_kind() {
    for db in databases().await {
        let (mail, app) = (factor(2, FactorKind::Email), factor(1, FactorKind::Totp));
        let passkey = factor(3, FactorKind::Passkey);
        let second = Factor {
            credential: Some(vec![8]),
            ..factor(4, FactorKind::Passkey)
        };
        let nothing = db.store.enrolled(account(1)).await.unwrap();
        assert_eq!(nothing, Enrolled::default(), "{}", db.name);
        let all = [app.clone(), mail.clone(), passkey.clone(), second.clone()];
        enroll(&db.store, &[second, mail, passkey.clone(), app]).await;
        let tx = db.store.begin().await.unwrap();
        tx.replace_recovery_codes(account(1), &[code(1), code(2), code(3)], NOON)
            .await
            .unwrap();
        assert!(tx.use_recovery_code(code(1).id, NOON).await.unwrap());
        let expected = Enrolled {
            email: true,
            totp: true,
            passkeys: 2,
            recovery_codes: 2,
        };
        assert_eq!(tx.enrolled(account(1)).await.unwrap(), expected);
        assert_eq!(tx.factors_of(account(1)).await.unwrap(), all);
        tx.commit().await.unwrap();
        assert_eq!(db.store.factors_of(account(1)).await.unwrap(), all);
        let found = db.store.factor_by_credential(&[7; 1023]).await.unwrap();
        assert_eq!(found, Some(passkey), "{}", db.name);
        let none = db.store.factor_by_credential(&[9]).await.unwrap();
        assert_eq!(none, None, "{}", db.name);
        let stranger = db.store.enrolled(account(2)).await.unwrap();
        assert_eq!(stranger, Enrolled::default(), "{}", db.name);
    }
}

#[tokio::test]
async fn r33_a_credential_belongs_to_one_account_of_the_instance() {
    for db in databases().await {
        enroll(&db.store, &[factor(1, FactorKind::Passkey)]).await;
        let copy = Factor {
            account: account(2),
            ..factor(2, FactorKind::Passkey)
        };
        let tx = db.store.begin().await.unwrap();
        let added = tx.add_factor(&copy).await;
        assert!(matches!(added, Err(StoreError::Taken)), "{}", db.name);
    }
}

#[tokio::test]
async fn r71_a_factor_is_renamed_and_removed_by_its_own_account_only() {
    for db in databases().await {
        let (first, second) = (factor(1, FactorKind::Totp), factor(2, FactorKind::Email));
        enroll(&db.store, &[first.clone(), second.clone()]).await;
        let (mine, stranger) = (account(1), account(2));
        let tx = db.store.begin().await.unwrap();
        assert!(!tx.rename_factor(stranger, first.id, "x").await.unwrap());
        assert!(!tx.remove_factor(stranger, first.id).await.unwrap());
        assert_eq!(tx.clear_factors(stranger).await.unwrap(), 0, "{}", db.name);
        assert!(tx.rename_factor(mine, first.id, "Phone").await.unwrap());
        assert!(tx.remove_factor(mine, second.id).await.unwrap());
        assert!(!tx.remove_factor(mine, second.id).await.unwrap());
        let left = tx.factors_of(mine).await.unwrap();
        let renamed = Factor {
            name: "Phone".to_owned(),
            ..first
        };
        assert_eq!(left, [renamed], "{}", db.name);
        assert_eq!(tx.clear_factors(mine).await.unwrap(), 1, "{}", db.name);
        assert_eq!(tx.factors_of(mine).await.unwrap(), [], "{}", db.name);
    }
}

#[tokio::test]
async fn r32_a_step_counts_once_and_none_before_it() {
    for db in databases().await {
        let app = factor(1, FactorKind::Totp);
        enroll(&db.store, std::slice::from_ref(&app)).await;
        let tx = db.store.begin().await.unwrap();
        for (step, counts) in [(100, true), (100, false), (99, false), (101, true)] {
            let used = tx.use_totp_step(app.id, step, NOON).await.unwrap();
            assert_eq!(used, counts, "{}: {step}", db.name);
        }
        let now = tx.factors_of(account(1)).await.unwrap();
        assert_eq!(now[0].last_step, Some(101), "{}", db.name);
        assert_eq!(now[0].used, Some(NOON), "{}", db.name);
        let gone = FactorId::new(Uuid::from_u128(9));
        assert!(!tx.use_totp_step(gone, 1, NOON).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r32_of_64_that_show_one_step_at_once_one_passes() {
    for db in databases().await {
        let app = factor(1, FactorKind::Totp);
        enroll(&db.store, std::slice::from_ref(&app)).await;
        let id = app.id;
        for step in [100, 101] {
            let winners = winners_of_64(&db.store, move |store, _| async move {
                let tx = store.begin().await.unwrap();
                let used = tx.use_totp_step(id, step, NOON).await.unwrap();
                tx.commit().await.unwrap();
                used
            });
            assert_eq!(winners.await, 1, "{}: {step}", db.name);
        }
    }
}

#[tokio::test]
async fn a_passkeys_state_moves_on_from_the_one_that_was_read() {
    for db in databases().await {
        let read = factor(1, FactorKind::Passkey);
        enroll(&db.store, std::slice::from_ref(&read)).await;
        let tx = db.store.begin().await.unwrap();
        let later = NOON + MINUTE;
        assert!(tx.use_passkey(&read, vec![3], later).await.unwrap());
        assert!(!tx.use_passkey(&read, vec![4], later).await.unwrap());
        let expected = Factor {
            secret: vec![3],
            used: Some(later),
            ..read
        };
        tx.commit().await.unwrap();
        let now = db.store.factor_by_credential(&[7; 1023]).await.unwrap();
        assert_eq!(now, Some(expected), "{}", db.name);
    }
}

#[tokio::test]
async fn the_use_of_a_factor_without_state_is_noted() {
    for db in databases().await {
        let mail = factor(1, FactorKind::Email);
        enroll(&db.store, std::slice::from_ref(&mail)).await;
        let tx = db.store.begin().await.unwrap();
        tx.touch_factor(mail.id, NOON + MINUTE).await.unwrap();
        let now = tx.factors_of(account(1)).await.unwrap();
        assert_eq!(now[0].used, Some(NOON + MINUTE), "{}", db.name);
    }
}

#[tokio::test]
async fn a_rule_holds_until_the_next_and_without_one_the_policy_does() {
    for db in databases().await {
        for rule in [
            FactorRule::Inherit,
            FactorRule::Required(NOON),
            FactorRule::Exempt,
            FactorRule::Required(NOON + MINUTE),
            FactorRule::Inherit,
        ] {
            let tx = db.store.begin().await.unwrap();
            tx.set_factor_rule(account(1), rule).await.unwrap();
            tx.commit().await.unwrap();
            let found = db.store.factor_rule(account(1)).await.unwrap();
            assert_eq!(found, rule, "{}", db.name);
            let other = db.store.factor_rule(account(2)).await.unwrap();
            assert_eq!(other, FactorRule::Inherit, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn r35_a_recovery_code_is_found_by_its_beginning_until_it_is_used_or_replaced() {
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        let codes = [code(1), code(2), code(3)];
        tx.replace_recovery_codes(account(1), &codes, NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let found = db.store.recovery_code(account(1), "ABC1").await.unwrap();
        let mut hashes: Vec<_> = found.iter().map(|code| code.hash.as_str()).collect();
        hashes.sort_unstable();
        assert_eq!(hashes, ["$argon2id$1", "$argon2id$3"], "{}", db.name);
        for (account, selector) in [(account(1), "ABC2"), (account(2), "ABC1")] {
            let none = db.store.recovery_code(account, selector).await.unwrap();
            assert_eq!(none, [], "{} {selector}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        assert!(tx.use_recovery_code(code(1).id, NOON).await.unwrap());
        assert!(!tx.use_recovery_code(code(1).id, NOON).await.unwrap());
        tx.commit().await.unwrap();
        let found = db.store.recovery_code(account(1), "ABC1").await.unwrap();
        assert_eq!(found.len(), 1, "{}", db.name);
        let left = db.store.recovery_codes_left(account(1)).await.unwrap();
        assert_eq!(left, 2, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.replace_recovery_codes(account(1), &[code(4)], NOON)
            .await
            .unwrap();
        assert!(!tx.use_recovery_code(code(2).id, NOON).await.unwrap());
        assert_eq!(tx.recovery_codes_left(account(1)).await.unwrap(), 1);
        tx.clear_recovery_codes(account(1)).await.unwrap();
        assert_eq!(tx.recovery_codes_left(account(1)).await.unwrap(), 0);
        assert!(!tx.use_recovery_code(code(4).id, NOON).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r35_of_64_that_show_one_recovery_code_at_once_one_passes() {
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        tx.replace_recovery_codes(account(1), &[code(1), code(2)], NOON)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let winners = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let used = tx.use_recovery_code(code(1).id, NOON).await.unwrap();
            tx.commit().await.unwrap();
            used
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let left = db.store.recovery_codes_left(account(1)).await.unwrap();
        assert_eq!(left, 1, "{}", db.name);
    }
}
