//! What is done in Jellyfin beside Usher: noticed in its activity log, and counted once.
use std::time::Duration;

use usher_accounts::admin::NewAccount;
use usher_accounts::sign_in::WebSignIn;
use usher_accounts::{Accounts, ActivityLine};
use usher_domain::account::SetUpWay;
use usher_domain::activity::Activity;
use usher_domain::id::AccountId;
use usher_domain::mail::Actor;
use usher_domain::name::UserName;
use usher_domain::secret::SecretText;

use crate::desk::{Desk, at_home};

/// Somebody sets a password in Jellyfin itself, a second after whatever was before.
async fn set_beside(desk: &Desk, name: &str, password: &str) {
    desk.clock.advance(Duration::from_secs(1));
    let id = desk.id(name).owner();
    let new = SecretText::new(password);
    desk.jellyfin.set_password(id, &new).await.unwrap();
    desk.clock.advance(Duration::from_secs(1));
}

/// A line of Jellyfin's log, as it writes them.
fn log_line(number: usize, kind: &str, user: AccountId) -> serde_json::Value {
    serde_json::json!({
        "Id": number, "Name": kind, "Type": kind, "UserId": user.to_string(),
        "Date": "2026-11-24T12:00:00.0000000Z", "Severity": "Information",
    })
}

async fn changes(desk: &Desk, name: &str) -> Vec<ActivityLine> {
    let id = desk.id(name);
    let lines = desk.accounts.activities_of(id, 99).await.unwrap();
    let is_change = |line: &ActivityLine| matches!(line.what, Activity::PasswordChanged { .. });
    lines.into_iter().filter(is_change).collect()
}

#[tokio::test]
async fn r45_a_password_set_in_jellyfin_itself_ends_what_was_open_and_is_told_once() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        let before = desk.with_address("anna", "anna@example.org").await;
        accounts.look_at_log().await.unwrap();
        set_beside(&desk, "anna", "set beside usher").await;
        let after = desk.signed_in("anna", "set beside usher", "since").await;
        for _twice in 0..2 {
            accounts.look_at_log().await.unwrap();
        }
        let ended = accounts.web_session(&before.cookie).await.unwrap();
        assert!(ended.is_none(), "the session of before lives");
        desk.session(&after.cookie).await;
        assert_eq!(desk.sent("password_changed").await, 1);
        let mail = desk.mail_to("anna@example.org").await;
        assert!(mail.text.contains("in Jellyfin"), "{}", mail.text);
        assert!(!mail.text.contains("Address:"), "{}", mail.text);
        let lines = changes(&desk, "anna").await;
        let by = Actor::Jellyfin;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].what, Activity::PasswordChanged { by });
        assert_eq!(
            (lines[0].client.as_str(), lines[0].address.as_str()),
            ("", "")
        );
    }
}

#[tokio::test]
async fn what_happened_while_usher_was_away_counts_when_it_is_back_and_what_was_before_it_does_not()
{
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        set_beside(&desk, "anna", "long before usher").await;
        accounts.look_at_log().await.unwrap();
        assert!(changes(&desk, "anna").await.is_empty());
        set_beside(&desk, "anna", "while usher was away").await;
        // More lines than one page of Jellyfin's holds.
        let root = desk.id("root");
        for _line in 0..250 {
            let mut state = desk.standin.state();
            let line = log_line(state.activity.len() + 1, "SessionEnded", root);
            state.activity.push(line);
        }
        desk.clock.advance(Duration::from_hours(9));
        accounts.look_at_log().await.unwrap();
        assert_eq!(changes(&desk, "anna").await.len(), 1);
    }
}

#[tokio::test]
async fn r45_an_entry_that_two_processes_read_at_once_is_told_once() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        desk.accounts.look_at_log().await.unwrap();
        set_beside(&desk, "anna", "set beside usher").await;
        let both: Vec<Accounts> = vec![desk.accounts.clone(); 8];
        let looks = both
            .into_iter()
            .map(|accounts| tokio::spawn(async move { accounts.look_at_log().await }));
        for look in looks.collect::<Vec<_>>() {
            look.await.unwrap().unwrap();
        }
        assert_eq!(desk.sent("password_changed").await, 1);
        assert_eq!(changes(&desk, "anna").await.len(), 1);
    }
}

#[tokio::test]
async fn passwords_that_usher_sets_are_no_news() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        accounts.look_at_log().await.unwrap();
        let signed_in = desk.with_address("anna", "anna@example.org").await;
        let session = desk.session(&signed_in.cookie).await;
        let (old, new) = (
            SecretText::new("anna-pass-1"),
            SecretText::new("brand new words"),
        );
        let changed = accounts
            .change_password(&session, &old, &new, &at_home())
            .await;
        changed.unwrap();
        let again = desk.signed_in("anna", "brand new words", "again").await;
        accounts.look_at_log().await.unwrap();
        desk.session(&again.cookie).await;
        assert_eq!(
            desk.sent("password_changed").await,
            1,
            "the one of the change itself"
        );
        let by = Actor::Person;
        let lines = changes(&desk, "anna").await;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].what, Activity::PasswordChanged { by });
    }
}

#[tokio::test]
async fn a_new_account_still_waits_for_its_set_up_when_its_making_is_read_in_the_log() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        desk.accounts.look_at_log().await.unwrap();
        let new = NewAccount {
            name: UserName::parse("mia").unwrap(),
            way: SetUpWay::Code,
            address: None,
            anywhere: false,
            language: "en".to_owned(),
        };
        let made = desk.accounts.create_account(&admin, &new, &at_home()).await;
        made.unwrap();
        desk.accounts.look_at_log().await.unwrap();
        assert!(desk.account("mia").await.set_up.is_some());
        set_beside(&desk, "mia", "from the dashboard").await;
        desk.clock.advance(Duration::from_mins(3));
        desk.accounts.look_at_log().await.unwrap();
        assert!(desk.account("mia").await.set_up.is_none());
        let became = desk.web("mia", "from the dashboard", "tv").await;
        assert!(matches!(became, WebSignIn::Done(_)), "{became:?}");
    }
}

#[tokio::test]
async fn a_change_that_jellyfin_never_made_hides_no_later_one() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        accounts.look_at_log().await.unwrap();
        accounts
            .expect_password_change(desk.id("anna"))
            .await
            .unwrap();
        desk.clock.advance(Duration::from_mins(2));
        accounts.look_at_log().await.unwrap();
        set_beside(&desk, "anna", "set beside usher").await;
        accounts.look_at_log().await.unwrap();
        assert_eq!(changes(&desk, "anna").await.len(), 1);
    }
}

#[tokio::test]
async fn a_password_emptied_in_jellyfin_leaves_a_user_that_is_listed_as_open() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        accounts.look_at_log().await.unwrap();
        assert_eq!(desk.account("anna").await.seen.passwordless, Some(false));
        let id = desk.id("anna");
        {
            let mut state = desk.standin.state();
            let user = state.users.iter_mut().find(|user| user.name == "anna");
            user.unwrap().set_password("");
        }
        let line = log_line(9000, "UserPasswordChanged", id);
        desk.standin.state().activity.push(line);
        accounts.look_at_log().await.unwrap();
        accounts.look_at_users().await.unwrap();
        assert_eq!(desk.account("anna").await.seen.passwordless, Some(true));
    }
}

#[tokio::test]
async fn a_log_that_begins_anew_is_read_from_there() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        set_beside(&desk, "anna", "the first of many").await;
        set_beside(&desk, "anna", "the second of many").await;
        accounts.look_at_log().await.unwrap();
        desk.standin.state().activity.truncate(1);
        accounts.look_at_log().await.unwrap();
        set_beside(&desk, "anna", "after the backup").await;
        accounts.look_at_log().await.unwrap();
        assert_eq!(changes(&desk, "anna").await.len(), 1);
    }
}

#[tokio::test]
async fn r72_a_line_is_forgotten_after_180_days() {
    for desk in Desk::open_all().await {
        desk.signed_in("anna", "anna-pass-1", "tv").await;
        desk.clock.advance(Duration::from_hours(179 * 24));
        desk.signed_in("anna", "anna-pass-1", "tv").await;
        desk.accounts.forget_what_is_over().await.unwrap();
        let kept = desk.store.activity_count().await.unwrap();
        desk.clock.advance(Duration::from_hours(2 * 24));
        desk.accounts.forget_what_is_over().await.unwrap();
        let left = desk.accounts.activities(99).await.unwrap();
        assert!((left.len() as u64) < kept, "{kept} lines");
        let oldest = left.iter().map(|line| line.at).min().unwrap();
        assert!(desk.accounts.now().since(oldest) < Duration::from_hours(180 * 24));
    }
}
