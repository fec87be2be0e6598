//! Jellyfin's own lockout: no stranger gets anybody disabled through Usher (R22).
use std::time::Duration;

use usher_accounts::AccountError;
use usher_accounts::sign_in::{AppForm, AppSignIn, WebSignIn};
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Authenticated, Policy};
use usher_standin::{Fault, Version};

use crate::desk::{Desk, at_home, from};

const ATTEMPTS: &str = "LoginAttemptsBeforeLockout";

/// Longer than a name is locked.
const LATER: Duration = Duration::from_mins(16);

fn television() -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv-1".to_owned(),
        version: "0.19.0".to_owned(),
    }
}

async fn policy(desk: &Desk, name: &str) -> Policy {
    let user = desk.jellyfin.user(desk.id(name).owner()).await.unwrap();
    user.unwrap().policy
}

/// A password at an app's form, from an address of the stranger's own choice.
async fn app(desk: &Desk, name: &str, password: &str, address: &str) -> AppSignIn {
    let (password, identity) = (SecretText::new(password), television());
    let form = AppForm {
        name,
        password: &password,
        identity: &identity,
    };
    let became = desk.accounts.app_password(&form, &from(address)).await;
    became.unwrap()
}

#[tokio::test]
async fn r22_thirty_wrong_passwords_of_a_stranger_disable_nobody_in_jellyfin() {
    for desk in Desk::open_all_before(Version::V12_0).await {
        desk.set_policy("anna", ATTEMPTS, 3).await;
        let before = policy(&desk, "anna").await;
        let mut refused = 0;
        for number in 0..30 {
            match app(&desk, "anna", "wrong", &format!("203.{number}.0.7")).await {
                AppSignIn::Refused => refused += 1,
                AppSignIn::Wait(_) => desk.clock.advance(LATER),
                other @ (AppSignIn::Answer(_) | AppSignIn::Waits(_) | AppSignIn::Busy) => {
                    panic!("{other:?}")
                }
            }
        }
        assert!(refused > 3, "{refused} reached Jellyfin");
        let after = policy(&desk, "anna").await;
        assert!(!after.is_disabled);
        let mut expected = before.with(ATTEMPTS, -1).unwrap().whole;
        let count = "InvalidLoginAttemptCount";
        expected.insert(count.to_owned(), after.whole[count].clone());
        assert_eq!(after.whole, expected, "nothing else was changed");
        desk.clock.advance(LATER);
        let right = app(&desk, "anna", "anna-pass-1", "203.0.113.7").await;
        assert!(matches!(right, AppSignIn::Answer(_)), "{right:?}");
    }
}

#[tokio::test]
async fn r22_without_usher_the_same_jellyfin_disables_after_three() {
    for desk in Desk::open_all_before(Version::V12_0).await {
        desk.set_policy("anna", ATTEMPTS, 3).await;
        for _ in 0..3 {
            let (wrong, device) = (SecretText::new("wrong"), television());
            let answered = desk.jellyfin.authenticate("anna", &wrong, &device).await;
            assert!(!matches!(answered.unwrap(), Authenticated::Right(_)));
        }
        assert!(policy(&desk, "anna").await.is_disabled);
    }
}

#[tokio::test]
async fn r22_the_look_at_the_users_switches_the_lockout_off_before_it_tries_an_empty_password() {
    for desk in Desk::open_all_before(Version::V12_0).await {
        for (name, attempts) in [("anna", 1), ("kim", 0), ("root", 5)] {
            desk.set_policy(name, ATTEMPTS, attempts).await;
        }
        let made = desk
            .jellyfin
            .create_user("mia", &SecretText::new("mia-pass-1"))
            .await;
        made.unwrap();
        desk.set_policy("mia", ATTEMPTS, 1).await;
        desk.accounts.look_at_users().await.unwrap();
        for name in ["anna", "kim", "root", "mia"] {
            let policy = policy(&desk, name).await;
            assert_eq!(policy.login_attempts_before_lockout, -1, "{name}");
            assert!(!policy.is_disabled, "{name}");
        }
    }
}

#[tokio::test]
async fn r22_a_policy_written_in_the_dashboard_locks_nobody_out_either() {
    let desk = Desk::open_all_before(Version::V12_0).await.remove(0);
    desk.set_policy("anna", ATTEMPTS, 3).await;
    let anna = desk.id("anna").owner();
    desk.accounts.user_was_changed(anna).await.unwrap();
    let policy = policy(&desk, "anna").await;
    assert_eq!(policy.login_attempts_before_lockout, -1);
}

#[tokio::test]
async fn r22_r7_while_jellyfin_takes_no_policy_no_password_is_passed_on_and_none_costs_a_try() {
    let desk = Desk::open_all_before(Version::V12_0).await.remove(0);
    desk.set_policy("anna", ATTEMPTS, 3).await;
    let id = desk.id("anna").owner();
    let before = policy(&desk, "anna").await;
    desk.standin
        .faults()
        .set(&format!("/Users/{id}/Policy"), Fault::Refuse);
    let (password, identity) = (SecretText::new("wrong"), television());
    let form = AppForm {
        name: "anna",
        password: &password,
        identity: &identity,
    };
    for _ in 0..20 {
        let became = desk.accounts.app_password(&form, &at_home()).await;
        assert!(matches!(became, Err(AccountError::Jellyfin(_))));
    }
    assert_eq!(
        policy(&desk, "anna").await,
        before,
        "no try reached Jellyfin"
    );
    desk.standin.faults().lift_all();
    let right = desk.web("anna", "anna-pass-1", "phone").await;
    assert!(matches!(right, WebSignIn::Done(_)), "{right:?}");
}
