//! A user that Jellyfin deleted behind Usher's back.
use usher_accounts::profiles::{DeletedProfile, MadeProfile};
use usher_domain::profile::preferences::SubtitleMode;
use usher_standin::Fault;

use super::{LATER, WEEK, anna, child, held, home, job, make, stored, users_like};
use crate::desk::Desk;

#[tokio::test]
async fn a_lost_user_is_shown_and_made_anew() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.jellyfin.delete_user(kids.user.unwrap()).await.unwrap();
        job(&desk).await;
        job(&desk).await;
        let page = desk.accounts.profiles_page(&owner).await.unwrap();
        assert!(page.profiles[0].is_broken && !page.profiles[0].profile.is_open());
        let choices = desk.accounts.profiles_for_choice(owner.account).await;
        assert_eq!(choices.unwrap().len(), 1, "it cannot be chosen");
        let repair = || async {
            let repaired = desk
                .accounts
                .repair_profile(desk.by(&owner), kids.id, home());
            repaired.await.unwrap()
        };
        assert!(matches!(repair().await, MadeProfile::Ready(_)));
        assert_eq!(repair().await, MadeProfile::Impossible, "it is not lost");
        let anew = stored(&desk, kids.id).await;
        assert_ne!(anew.hidden, kids.user);
        assert_eq!(anew.profile.limits, kids.limits);
        let user = held(&desk, anew.hidden).await;
        assert_eq!(
            (user.name.as_str(), user.policy.is_disabled),
            ("anna+Kids", false)
        );
        job(&desk).await;
        assert_eq!(users_like(&desk, "+Kids"), ["anna+Kids"]);
    }
}

#[tokio::test]
async fn a_user_that_is_lost_while_its_profile_is_made_is_made_once_more() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let mut new = child("Kids");
        new.preferences.subtitle_mode = SubtitleMode::Always;
        // The first call for the new user's settings is refused: it has a name of its own by then, and no profile's.
        desk.standin
            .faults()
            .set("/Users/Configuration", Fault::Status(503));
        let made = desk
            .accounts
            .make_profile(desk.by(&owner), &new, home())
            .await;
        assert!(!matches!(made, Ok(MadeProfile::Ready(_))), "{made:?}");
        desk.standin.faults().lift_all();
        let id = desk.store.all_profiles().await.unwrap()[0].profile.id;
        let lost = stored(&desk, id).await.hidden.unwrap();
        desk.jellyfin.delete_user(lost).await.unwrap();
        desk.clock.advance(LATER);
        job(&desk).await;
        let anew = stored(&desk, id).await;
        assert!(anew.profile.is_open(), "{anew:?}");
        assert_ne!(anew.hidden, Some(lost));
        assert_eq!(held(&desk, anew.hidden).await.name, "anna+Kids");
    }
}

#[tokio::test]
async fn a_lost_profile_can_be_deleted() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.jellyfin.delete_user(kids.user.unwrap()).await.unwrap();
        job(&desk).await;
        let deleted = desk
            .accounts
            .delete_profile(desk.by(&owner), kids.id, home());
        assert!(matches!(deleted.await.unwrap(), DeletedProfile::Done(_)));
        desk.clock.advance(WEEK);
        job(&desk).await;
        assert_eq!(desk.store.all_profiles().await.unwrap(), []);
    }
}

#[tokio::test]
async fn profiles_go_with_their_owner_after_seven_days_in_which_they_are_closed() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let id = owner.account.owner();
        desk.jellyfin.delete_user(id).await.unwrap();
        job(&desk).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        assert!(!stored(&desk, kids.id).await.profile.is_open());
        desk.clock.advance(WEEK);
        job(&desk).await;
        assert_eq!(users_like(&desk, "+Kids"), [""; 0]);
        assert_eq!(desk.store.all_profiles().await.unwrap(), []);
    }
}
