//! A new profile, and the user that holds it.
use usher_accounts::profiles::MadeProfile;
use usher_domain::device::ClientIdentity;
use usher_domain::profile::ProfileState;
use usher_domain::profile::limits::Limits;
use usher_domain::profile::preferences::{HomeSection, Language, Preferences, SubtitleMode};
use usher_domain::secret::SecretText;
use usher_jellyfin::Authenticated;
use usher_standin::Version;

use super::{
    anna, child, held, home, job, make, name, stored, try_to_make, users_like, web_settings,
};
use crate::desk::Desk;

#[tokio::test]
async fn a_profile_is_a_hidden_user_with_less_than_its_owner_and_a_password_that_nobody_knows() {
    for version in [Version::V10_11, Version::V12_0] {
        for desk in Desk::open_all_before(version).await {
            let owner = anna(&desk).await;
            let mut new = child("Kids");
            new.preferences = Preferences {
                audio_language: Some(Language::parse("deu").unwrap()),
                subtitle_mode: SubtitleMode::Always,
                autoplay_next: false,
                home_sections: vec![HomeSection::Resume, HomeSection::Latest],
                ..Preferences::default()
            };
            let kids = make(&desk, &owner, &new).await;
            assert!(kids.is_open());
            let user = held(&desk, kids.user).await;
            assert_eq!(user.name, "anna+Kids");
            assert!(user.policy.is_hidden && !user.policy.is_disabled);
            assert_eq!(user.policy.max_parental_rating, Some(7));
            let own = desk.jellyfin.configuration(user.id).await.unwrap();
            assert_eq!(own["AudioLanguagePreference"], "deu");
            assert_eq!(own["SubtitleMode"], "Always");
            assert_eq!(own["EnableNextEpisodeAutoPlay"], false);
            let home_page = web_settings(&desk, kids.user).await;
            let places = [0, 1, 2, 9].map(|place| home_page[format!("homesection{place}")].clone());
            assert_eq!(places, ["resume", "latestmedia", "none", "none"]);
            assert!(!desk.jellyfin.stands_open("anna+Kids", "x").await.unwrap());
            let kept = stored(&desk, kids.id).await;
            assert_eq!((kept.settled, kept.profile), (kept.revision, kids));
        }
    }
}

#[tokio::test]
async fn a_profiles_user_is_no_account_whoever_looks() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        make(&desk, &owner, &child("Kids")).await;
        job(&desk).await;
        let found = desk.accounts.account_named("anna+Kids").await.unwrap();
        assert_eq!(found, None);
        let counts = desk.store.account_counts(desk.accounts.now()).await;
        assert_eq!(counts.unwrap().gone, 0);
    }
}

#[tokio::test]
async fn names_are_one_whatever_the_letter_case_and_numbers_go_to_users_that_share_one() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let password = desk.accounts.unknown_password();
        let taken = desk.jellyfin.create_user("ANNA+kids", &password).await;
        taken.unwrap();
        let kids = make(&desk, &owner, &child("Kids")).await;
        assert_eq!(held(&desk, kids.user).await.name, "anna+Kids-2");
        for (taken, why) in [
            ("KIDS", MadeProfile::NameTaken),
            ("Anna", MadeProfile::OwnersName),
        ] {
            let again = try_to_make(&desk, &owner, &child(taken)).await;
            assert_eq!(again, why, "{taken}");
        }
        job(&desk).await;
        let stranger = desk.accounts.account_named("anna+kids").await.unwrap();
        assert!(stranger.is_some(), "somebody else's user is an account");
        // Another account has names of its own.
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        make(&desk, &kim, &child("Kids")).await;
        assert_eq!(users_like(&desk, "kim+"), ["kim+Kids"]);
    }
}

#[tokio::test]
async fn r71_other_peoples_profiles_are_unknown() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
    let kim = desk.session(&kim.cookie).await;
    assert_eq!(desk.accounts.profile(&kim, kids.id).await.unwrap(), None);
    let page = desk.accounts.profiles_page(&kim).await.unwrap();
    assert_eq!(page.profiles, []);
    let repaired = desk.accounts.repair_profile(desk.by(&kim), kids.id, home());
    assert_eq!(repaired.await.unwrap(), MadeProfile::Impossible);
}

#[tokio::test]
async fn an_owner_who_was_switched_off_makes_none() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    desk.set_policy("anna", "IsDisabled", true).await;
    desk.accounts.look_at_users().await.unwrap();
    let made = try_to_make(&desk, &owner, &child("Kids")).await;
    assert_eq!(made, MadeProfile::Impossible);
}

#[tokio::test]
async fn the_page_shows_profiles_in_their_order_and_whether_one_more_fits() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let mut made = Vec::new();
        for text in ["A", "B", "C", "D"] {
            let mut new = child(text);
            new.limits = Limits::default();
            made.push(make(&desk, &owner, &new).await.id);
        }
        let fifth = try_to_make(&desk, &owner, &child("E")).await;
        assert_eq!(fifth, MadeProfile::Full, "the owner's counts");
        let accounts = &desk.accounts;
        let order = [made[2], made[0]];
        accounts
            .order_profiles(desk.by(&owner), &order)
            .await
            .unwrap();
        let page = accounts.profiles_page(&owner).await.unwrap();
        let shown: Vec<_> = page.profiles.iter().map(|it| it.profile.id).collect();
        assert_eq!(shown, [made[2], made[0], made[1], made[3]]);
        assert!(!page.has_room);
        assert_eq!(page.profiles[0].profile.name, name("C"));
        assert_eq!(page.profiles[0].profile.state, ProfileState::Ready);
        let password = SecretText::new("anna-pass-1");
        let client = ClientIdentity {
            client: "Jellyfin Web".to_owned(),
            device: "Firefox".to_owned(),
            device_id: "browser".to_owned(),
            version: "10.11.11".to_owned(),
        };
        let wrong = desk.jellyfin.authenticate("anna+C", &password, &client);
        assert!(matches!(wrong.await.unwrap(), Authenticated::Wrong));
    }
}
