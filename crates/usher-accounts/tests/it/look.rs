//! The look at Jellyfin's users, while somebody comes or goes: its answer is older than what is known here by then.
use tokio::task::JoinHandle;
use usher_accounts::AccountError;
use usher_accounts::profiles::{MadeProfile, NewProfile};
use usher_domain::account::SeenUser;
use usher_domain::id::AccountId;
use usher_domain::profile::AgePreset;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::secret::SecretText;
use usher_standin::Fault;

use crate::desk::{Desk, at_home};

/// Begins a look whose answer is made, and does not come before it is lifted.
async fn held_look(desk: &Desk) -> JoinHandle<Result<(), AccountError>> {
    let faults = desk.standin.faults();
    faults.forget_counts();
    faults.set("/users", Fault::Held);
    let accounts = desk.accounts.clone();
    let look = tokio::spawn(async move { accounts.look_at_users().await });
    while faults.asked("GET /Users") == 0 {
        tokio::task::yield_now().await;
    }
    look
}

#[tokio::test]
async fn who_comes_while_jellyfin_is_asked_has_not_vanished_and_who_is_missing_before_has() {
    for desk in Desk::open_all().await {
        let password = SecretText::new("mia-pass-1");
        let made = desk.jellyfin.create_user("kim2", &password).await;
        made.unwrap();
        desk.accounts.look_at_users().await.unwrap();
        let gone = desk.id("kim2");
        desk.jellyfin.delete_user(gone.owner()).await.unwrap();
        let look = held_look(&desk).await;
        // Signed in by another process meanwhile.
        let here = desk.account("anna").await.seen;
        let mia = AccountId::of_owner("2".repeat(32).parse().unwrap());
        let seen = SeenUser {
            id: mia,
            name: "mia".to_owned(),
            ..here
        };
        let tx = desk.store.begin().await.unwrap();
        tx.see_user(&seen, desk.accounts.now()).await.unwrap();
        tx.commit().await.unwrap();
        desk.standin.faults().lift_all();
        look.await.unwrap().unwrap();
        let mia = desk.accounts.account(mia).await.unwrap().unwrap();
        assert_eq!(mia.gone, None);
        let gone = desk.accounts.account(gone).await.unwrap().unwrap();
        assert!(gone.gone.is_some());
        // The next answer lists mia neither, and is believed.
        desk.accounts.look_at_users().await.unwrap();
        let mia = desk.accounts.account(mia.id).await.unwrap().unwrap();
        assert!(mia.gone.is_some());
    }
}

#[tokio::test]
async fn the_user_of_a_profile_that_goes_while_jellyfin_is_asked_becomes_no_account() {
    for desk in Desk::open_all().await {
        let signed_in = desk.signed_in("anna", "anna-pass-1", "browser").await;
        let owner = desk.session(&signed_in.cookie).await;
        let new = NewProfile {
            name: ProfileName::parse("Kids").unwrap(),
            picture: None,
            preset: AgePreset::Child,
            limits: Limits::of_preset(AgePreset::Child),
            preferences: Preferences::default(),
        };
        let made = desk
            .accounts
            .make_profile(desk.by(&owner), &new, &at_home())
            .await;
        let MadeProfile::Ready(kids) = made.unwrap() else {
            panic!("no profile");
        };
        let look = held_look(&desk).await;
        let tx = desk.store.begin().await.unwrap();
        tx.remove_profile(kids.id).await.unwrap();
        tx.commit().await.unwrap();
        desk.standin.faults().lift_all();
        look.await.unwrap().unwrap();
        let user = AccountId::of_owner(kids.user.unwrap());
        assert!(desk.accounts.account(user).await.unwrap().is_none());
    }
}
