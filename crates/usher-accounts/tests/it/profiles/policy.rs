//! A profile never has more than its owner, whatever changes, and when.
use std::time::Duration;

use usher_accounts::Options;
use usher_accounts::profiles::ProfileChange;
use usher_accounts::sign_in::{AppForm, AppSignIn};
use usher_domain::device::ClientIdentity;
use usher_domain::profile::limits::{Limits, RatingLimit};
use usher_domain::secret::SecretText;
use usher_standin::Fault;
use usher_text::TimeZone;

use super::{anna, child, held, home, job, make};
use crate::desk::{Desk, options};

#[tokio::test]
async fn an_owner_who_is_narrowed_in_the_dashboard_narrows_the_profiles() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        assert!(held(&desk, kids.user).await.policy.enable_all_folders);
        let library = "f137a2dd21bbc1b99aa5c0f6bf02a805";
        desk.set_policy("anna", "EnableAllFolders", false).await;
        desk.set_policy("anna", "EnabledFolders", vec![library])
            .await;
        desk.set_policy("anna", "MaxParentalRating", 3).await;
        desk.set_policy("anna", "EnableContentDownloading", false)
            .await;
        job(&desk).await;
        let policy = held(&desk, kids.user).await.policy;
        assert!(!policy.enable_all_folders && !policy.enable_content_downloading);
        assert_eq!(policy.enabled_folders.len(), 1);
        assert_eq!(policy.enabled_folders[0].replace('-', ""), library);
        assert_eq!(policy.max_parental_rating, Some(3));
        desk.set_policy("anna", "IsDisabled", true).await;
        job(&desk).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        desk.set_policy("anna", "IsDisabled", false).await;
        job(&desk).await;
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
    }
}

#[tokio::test]
async fn a_profiles_user_who_is_raised_in_the_dashboard_is_put_back_and_nothing_is_written_otherwise()
 {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let before = held(&desk, kids.user).await;
        for (field, value) in [
            ("IsAdministrator", true),
            ("EnableContentDeletion", true),
            ("IsHidden", false),
            ("IsDisabled", true),
        ] {
            desk.set_policy("anna+Kids", field, value).await;
            job(&desk).await;
            let now = held(&desk, kids.user).await;
            assert_eq!(now.policy, before.policy, "{field}");
        }
        desk.standin.faults().forget_counts();
        job(&desk).await;
        let written = desk.standin.faults().asked("POST /Users/{userId}/Policy");
        assert_eq!(written, 0);
    }
}

#[tokio::test]
async fn hours_are_written_in_the_zone_of_jellyfin_and_again_when_the_clocks_change() {
    for desk in Desk::open_all().await {
        let accounts = desk.replica_with(Options {
            people_zone: TimeZone::get("Europe/Berlin").unwrap(),
            ..options()
        });
        let owner = anna(&desk).await;
        let mut new = child("Kids");
        // Monday, from three to six in the afternoon.
        let monday = serde_json::json!([[0, 15 * 60, 18 * 60]]);
        new.limits.hours = serde_json::from_value(monday).unwrap();
        let made = accounts.make_profile(desk.by(&owner), &new, home()).await;
        assert!(made.is_ok());
        let kids = accounts.profile_named(owner.account, "kids").await;
        let kids = kids.unwrap().unwrap();
        let opens = || async {
            let schedules = held(&desk, kids.user).await.policy.access_schedules;
            schedules[0].start_hour
        };
        assert!((opens().await - 14.0).abs() < 0.01, "in winter");
        desk.clock.advance(Duration::from_hours(24 * 150));
        accounts.keep_profiles().await.unwrap();
        assert!((opens().await - 13.0).abs() < 0.01, "in summer");
    }
}

/// The job has read rows and users, and writes the policy of the one, when the owner narrows the other, who was raised in the
/// dashboard.
#[tokio::test]
async fn the_job_writes_nothing_old_over_what_the_owner_decided_meanwhile() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let other = make(&desk, &owner, &child("Other")).await;
        for name in ["anna+Kids", "anna+Other"] {
            desk.set_policy(name, "EnableContentDeletion", true).await;
        }
        let faults = desk.standin.faults();
        faults.forget_counts();
        let path = format!("/Users/{}/Policy", kids.user.unwrap());
        faults.set(&path, Fault::Held);
        let change = ProfileChange {
            limits: Some(Limits {
                rating: Some(RatingLimit::up_to(3)),
                ..other.limits.clone()
            }),
            ..ProfileChange::default()
        };
        let decides = async {
            let written = || faults.asked("POST /Users/{userId}/Policy");
            while written() == 0 {
                tokio::task::yield_now().await;
            }
            assert_eq!(written(), 1, "the job is at the first of the two");
            let edited = desk
                .accounts
                .edit_profile(desk.by(&owner), other.id, &change, home())
                .await;
            edited.unwrap();
            faults.lift_all();
        };
        let (kept, ()) = tokio::join!(desk.accounts.keep_profiles(), decides);
        kept.unwrap();
        let policy = held(&desk, other.user).await.policy;
        assert_eq!(policy.max_parental_rating, Some(3));
    }
}

#[tokio::test]
async fn a_sign_in_by_a_process_that_has_not_heard_of_a_change_writes_nothing_wider() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let other = desk.replica();
        let known = other.profile_of_user(kids.user.unwrap()).await.unwrap();
        assert!(known.is_some(), "it stands for five seconds");
        let change = ProfileChange {
            limits: Some(Limits {
                rating: Some(RatingLimit::up_to(3)),
                ..kids.limits.clone()
            }),
            ..ProfileChange::default()
        };
        let edited = desk
            .accounts
            .edit_profile(desk.by(&owner), kids.id, &change, home())
            .await;
        edited.unwrap();
        let password = SecretText::new("anna-pass-1");
        let identity = ClientIdentity {
            client: "Findroid".to_owned(),
            device: "Phone".to_owned(),
            device_id: "phone".to_owned(),
            version: "0.15.6".to_owned(),
        };
        let form = AppForm {
            name: "anna/Kids",
            password: &password,
            identity: &identity,
        };
        let signed_in = other.app_password(&form, home()).await.unwrap();
        assert!(matches!(signed_in, AppSignIn::Answer(_)), "{signed_in:?}");
        let policy = held(&desk, kids.user).await.policy;
        assert_eq!(policy.max_parental_rating, Some(3));
    }
}

#[tokio::test]
async fn an_owner_who_is_narrowed_through_usher_narrows_the_profiles_at_once() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.set_policy("anna", "MaxParentalRating", 3).await;
        let changed = desk.accounts.user_was_changed(owner.account.owner()).await;
        changed.unwrap();
        let policy = held(&desk, kids.user).await.policy;
        assert_eq!(policy.max_parental_rating, Some(3));
    }
}
