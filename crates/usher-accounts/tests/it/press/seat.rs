//! An approval is for the profile that it showed.
use usher_accounts::press::PressApproval;
use usher_accounts::profiles::{MadeProfile, NewProfile};
use usher_accounts::sign_in::AppSignIn;
use usher_domain::activity::Activity;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{AgePreset, Profile};

use super::{ANNA, MINUTE, approve_link, is_let_in};
use crate::desk::{Desk, at_home};

impl Desk {
    /// Anna, with codes by mail and a profile for the children.
    async fn with_kids(&self) -> Profile {
        let signed_in = self.with_address("anna", ANNA).await;
        let owner = self.session(&signed_in.cookie).await;
        let new = NewProfile {
            name: ProfileName::parse("Kids").unwrap(),
            picture: None,
            preset: AgePreset::Child,
            limits: Limits::of_preset(AgePreset::Child),
            preferences: Preferences::default(),
        };
        let visitor = at_home();
        let made = self
            .accounts
            .make_profile(self.accounts.proven(&owner).unwrap(), &new, &visitor)
            .await;
        let MadeProfile::Ready(kids) = made.unwrap() else {
            panic!("a profile is made");
        };
        self.with_mail().await;
        *kids
    }

    async fn press_as(&self, name: &str) -> AppSignIn {
        self.press_from(name, "anna-pass-1", "tv", &at_home()).await
    }
}

#[tokio::test]
async fn an_approval_lets_in_the_profile_that_was_shown_and_no_other() {
    for desk in Desk::open_all().await {
        let kids = desk.with_kids().await;
        let waits = desk.press_as("anna/Kids").await;
        assert!(matches!(waits, AppSignIn::Waits(_)), "{waits:?}");
        let mail = desk.mail_to(ANNA).await;
        assert!(mail.text.contains("Profile: Kids"), "{}", mail.text);
        let link = approve_link(&mail);
        let (shown, _) = desk.accounts.look_at_press(&link).await.unwrap().unwrap();
        assert_eq!(shown.profile.as_deref(), Some("Kids"));
        assert_eq!(desk.approve(&link).await, PressApproval::Done);
        let profile = Some("Kids".to_owned());
        assert_eq!(desk.happened(&Activity::AppApproved { profile }).await, 1);

        let owner = desk.press_as("anna").await;
        assert!(!is_let_in(&owner), "the owner was not approved");
        assert!(is_let_in(&desk.press_as("anna/Kids").await));
        let [token] = desk.tokens_on("tv").await.try_into().unwrap();
        assert_eq!(Some(token.user), kids.user);
    }
}

#[tokio::test]
async fn an_approval_of_the_owner_lets_in_no_profile() {
    for desk in Desk::open_all().await {
        desk.with_kids().await;
        let waits = desk.press_as("anna").await;
        assert!(matches!(waits, AppSignIn::Waits(_)), "{waits:?}");
        let mail = desk.mail_to(ANNA).await;
        assert!(!mail.text.contains("Profile"), "{}", mail.text);
        let link = approve_link(&mail);
        let (shown, _) = desk.accounts.look_at_press(&link).await.unwrap().unwrap();
        assert_eq!(shown.profile, None);
        assert_eq!(desk.approve(&link).await, PressApproval::Done);
        desk.clock.advance(MINUTE);
        assert!(!is_let_in(&desk.press_as("anna/Kids").await));
        assert!(is_let_in(&desk.press_as("anna").await));
        let [token] = desk.tokens_on("tv").await.try_into().unwrap();
        assert_eq!(token.user, desk.id("anna").owner());
    }
}
