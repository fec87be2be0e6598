//! What the activity log says about profiles, and how much of it an account keeps.
use std::time::Duration;

use usher_accounts::ActivityLine;
use usher_accounts::me::StepUp;
use usher_accounts::profiles::ProfileChange;
use usher_accounts::screen_time::Gift;
use usher_accounts::sign_in::AppForm;
use usher_domain::activity::{Activity, Door, ProfileDeed, ProfilePart};
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, ActivityId};
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::pin::{Pin, Watcher};
use usher_domain::secret::SecretText;
use usher_domain::settings::ProfileRule;

use super::childs::{app, television};
use super::{anna, child, delete, home, make, name, stored};
use crate::desk::{Desk, NOON};

/// Stands for the name of the owner's own seat, which has none.
pub(super) const OWN: &str = "(own)";

const MINUTE: Duration = Duration::from_mins(1);

/// What was done about which profile, oldest first.
pub(super) async fn deeds(desk: &Desk, account: AccountId) -> Vec<(ProfileDeed, Option<String>)> {
    let lines = desk.accounts.activities_of(account, 99).await.unwrap();
    let deeds = lines.into_iter().rev().filter_map(|line| {
        let Activity::Profile(line) = line.what else {
            return None;
        };
        let name = line.name.or(line.is_own.then(|| OWN.to_owned()));
        Some((line.did, name))
    });
    deeds.collect()
}

#[tokio::test]
async fn a_line_about_a_profile_names_it_as_it_was_called_then() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let accounts = &desk.accounts;
        let mut new = child("Kids");
        new.limits.screen_time = DailyMinutes::every_day(10);
        let kids = make(&desk, &owner, &new).await;
        let seat = Watcher::Profile(kids.id);
        let pin = Pin::parse("1234").unwrap();
        desk.clock.advance(MINUTE);
        accounts
            .set_pin(desk.by(&owner), seat, &pin, home())
            .await
            .unwrap();
        desk.clock.advance(MINUTE);
        let own = Watcher::Owner;
        accounts
            .set_pin(desk.by(&owner), own, &pin, home())
            .await
            .unwrap();
        desk.clock.advance(MINUTE);
        accounts.ask_more_time(&kids, home()).await.unwrap();
        let wish = accounts.time_wishes(owner.account).await.unwrap()[0].id;
        desk.clock.advance(MINUTE);
        let decided = accounts.decide_wish(desk.by(&owner), wish, Gift::Nothing, home());
        assert!(decided.await.unwrap());
        let change = ProfileChange {
            name: Some(name("Tots")),
            ..ProfileChange::default()
        };
        desk.clock.advance(MINUTE);
        let edited = accounts.edit_profile(desk.by(&owner), kids.id, &change, home());
        edited.await.unwrap();
        desk.clock.advance(MINUTE);
        let given = accounts.give_time(desk.by(&owner), kids.id, 15, home());
        assert!(given.await.unwrap());
        desk.clock.advance(MINUTE);
        let copied = accounts.copy_marks(desk.by(&owner), own, seat, home());
        copied.await.unwrap();
        desk.clock.advance(MINUTE);
        delete(&desk, &owner, kids.id).await;
        desk.clock.advance(MINUTE);
        let restored = accounts.restore_profile(desk.by(&owner), kids.id, home());
        restored.await.unwrap();
        desk.clock.advance(MINUTE);
        let rule = ProfileRule {
            enabled: None,
            most: Some(4),
        };
        let admin = desk.administrator().await;
        let ruled = accounts.set_profile_rule(&admin, owner.account, rule, home());
        assert!(ruled.await.unwrap());
        let wanted = [
            (ProfileDeed::Made, Some("Kids")),
            (ProfileDeed::PinChanged, Some("Kids")),
            (ProfileDeed::PinChanged, Some(OWN)),
            (ProfileDeed::TimeAsked, Some("Kids")),
            (ProfileDeed::TimeRefused, Some("Kids")),
            (ProfileDeed::Changed, Some("Tots")),
            (ProfileDeed::TimeGiven, Some("Tots")),
            (ProfileDeed::MarksCopied, Some("Tots")),
            (ProfileDeed::Deleted, Some("Tots")),
            (ProfileDeed::Restored, Some("Tots")),
            (ProfileDeed::RuleChanged, None),
        ];
        let wanted = wanted.map(|(did, name)| (did, name.map(str::to_owned)));
        assert_eq!(deeds(&desk, owner.account).await, wanted);
    }
}

#[tokio::test]
async fn an_account_keeps_its_newest_five_thousand_lines() {
    for desk in Desk::open_all().await {
        let (account, entropy) = (desk.id("anna"), SeededEntropy::new(9));
        let tx = desk.store.begin().await.unwrap();
        for number in 0..5_001 {
            let at = NOON + Duration::from_millis(number);
            let line = ActivityLine {
                id: ActivityId::generate(at, &entropy),
                account: Some(account),
                actor: None,
                at,
                what: Activity::SignedOut,
                client: String::new(),
                address: String::new(),
            };
            tx.add_activity(&line).await.unwrap();
        }
        tx.commit().await.unwrap();
        desk.accounts.forget_what_is_over().await.unwrap();
        let lines = desk.accounts.activities_of(account, 9_999).await.unwrap();
        assert_eq!(lines.len(), 5_000);
        let oldest = lines.last().unwrap().at;
        assert_eq!(oldest.since(NOON), Duration::from_millis(1));
    }
}

#[tokio::test]
async fn an_app_that_is_refused_outside_the_hours_leaves_a_line_ten_times_an_hour() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let mut new = child("Kids");
        let noon = serde_json::json!([[1, 12 * 60, 13 * 60]]);
        new.limits.hours = serde_json::from_value(noon).unwrap();
        make(&desk, &owner, &new).await;
        assert!(app(&desk, "anna/Kids").await.is_some());
        desk.clock.advance(61 * MINUTE);
        let refused = (ProfileDeed::RefusedOutsideHours, Some("Kids".to_owned()));
        let lines = async || {
            let done = deeds(&desk, owner.account).await;
            done.iter().filter(|did| **did == refused).count()
        };
        let (password, television) = (SecretText::new("not anna's"), television("a"));
        let form = AppForm {
            name: "anna/Kids",
            password: &password,
            identity: &television,
        };
        desk.accounts.app_password(&form, home()).await.unwrap();
        assert_eq!(lines().await, 0, "a wrong password tells nothing of hours");
        for _ in 0..12 {
            assert!(app(&desk, "anna/Kids").await.is_none());
        }
        assert_eq!(lines().await, 10);
    }
}

#[tokio::test]
async fn an_app_that_is_refused_as_a_profile_that_cannot_be_used_leaves_a_line() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let accounts = &desk.accounts;
        let closed = (ProfileDeed::RefusedClosed, Some("Kids".to_owned()));
        delete(&desk, &owner, kids.id).await;
        assert!(app(&desk, "anna/kids").await.is_none());
        let lines = deeds(&desk, owner.account).await;
        assert_eq!(lines.last(), Some(&closed));
        // Of a name that no profile has, it is not told what was typed.
        desk.clock.advance(MINUTE);
        assert!(app(&desk, "anna/hunter2").await.is_none());
        let lines = deeds(&desk, owner.account).await;
        assert_eq!(lines.last(), Some(&(ProfileDeed::RefusedUnknown, None)));
        let lines = accounts.activities_of(owner.account, 99).await.unwrap();
        assert!(!format!("{lines:?}").contains("hunter2"));
        for _again in 0..12 {
            assert!(app(&desk, "anna/Kids").await.is_none());
        }
        let lines = deeds(&desk, owner.account).await;
        let told = lines.iter().filter(|did| **did == closed).count();
        assert_eq!(told, 10, "an app comes again and again by itself");
    }
}

#[tokio::test]
async fn a_line_knows_what_of_a_profile_was_changed_and_how_many_minutes_were_given() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let accounts = &desk.accounts;
        let mut limits = kids.limits.clone();
        limits.screen_time = DailyMinutes::every_day(10);
        limits.live_television = true;
        let mut preferences = kids.preferences.clone();
        preferences.autoplay_next = false;
        let change = ProfileChange {
            name: Some(name("Tots")),
            limits: Some(limits),
            preferences: Some(preferences),
            ..ProfileChange::default()
        };
        let edited = accounts.edit_profile(desk.by(&owner), kids.id, &change, home());
        edited.await.unwrap();
        let newest = async || {
            let lines = accounts.activities_of(owner.account, 1).await.unwrap();
            match lines.into_iter().next().unwrap().what {
                Activity::Profile(line) => line,
                other => panic!("about no profile: {other:?}"),
            }
        };
        let parts = [
            ProfilePart::Name,
            ProfilePart::LiveTelevision,
            ProfilePart::ScreenTime,
            ProfilePart::Autoplay,
        ];
        let line = newest().await;
        assert_eq!(
            (line.parts.as_slice(), line.was.as_deref()),
            (&parts[..], Some("Kids"))
        );
        desk.clock.advance(MINUTE);
        let given = accounts.give_time(desk.by(&owner), kids.id, 15, home());
        assert!(given.await.unwrap());
        assert_eq!(newest().await.minutes, Some(15));
        desk.clock.advance(MINUTE);
        accounts
            .ask_more_time(&stored(&desk, kids.id).await.profile, home())
            .await
            .unwrap();
        let wish = accounts.time_wishes(owner.account).await.unwrap()[0].id;
        desk.clock.advance(MINUTE);
        let decided = accounts.decide_wish(desk.by(&owner), wish, Gift::Minutes(30), home());
        assert!(decided.await.unwrap());
        assert_eq!(newest().await.minutes, Some(30));
    }
}

#[tokio::test]
async fn a_wrong_password_in_a_browser_that_is_signed_in_is_no_refused_sign_in() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let wrong = SecretText::new("not anna's");
        let proved = desk.accounts.step_up(&owner, &wrong, home()).await;
        assert!(matches!(proved.unwrap(), StepUp::Wrong));
        let lines = desk.accounts.activities_of(owner.account, 1).await.unwrap();
        assert_eq!(lines[0].what, Activity::ProofRefused);
    }
}

#[tokio::test]
async fn a_password_that_was_not_judged_is_not_called_wrong() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        {
            let mut state = desk.standin.state();
            let anna = state.user_named("anna").unwrap().id;
            let policy = &mut state.user_mut(anna).unwrap().policy;
            policy.insert("IsDisabled".to_owned(), true.into());
        }
        let right = SecretText::new("anna-pass-1");
        let proved = desk.accounts.step_up(&owner, &right, home()).await;
        assert!(matches!(proved.unwrap(), StepUp::Wrong));
        let lines = desk.accounts.activities_of(owner.account, 1).await.unwrap();
        assert_eq!(lines[0].what, Activity::SignInRefused { door: Door::Web });
    }
}
