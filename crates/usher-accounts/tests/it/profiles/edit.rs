//! What the owner changes.
use usher_accounts::profiles::{Applied, EditedProfile, ProfileChange};
use usher_domain::profile::limits::{Limits, RatingLimit};
use usher_domain::profile::preferences::{Preferences, SubtitleMode};
use usher_domain::profile::{Picture, PictureKey};
use usher_standin::Fault;

use super::{anna, child, held, home, job, make, name, stored};
use crate::desk::Desk;

#[tokio::test]
async fn a_change_reaches_jellyfin_at_once_and_what_is_not_named_stays() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let other = make(&desk, &owner, &child("Other")).await;
        let edit = |id, change: ProfileChange| {
            let (desk, owner) = (&desk, &owner);
            async move {
                let edited = desk
                    .accounts
                    .edit_profile(desk.by(owner), id, &change, home());
                edited.await.unwrap()
            }
        };
        let done = EditedProfile::Done(Applied::Now);
        let limits = Limits {
            rating: Some(RatingLimit::up_to(10)),
            ..kids.limits.clone()
        };
        let change = ProfileChange {
            limits: Some(limits.clone()),
            ..ProfileChange::default()
        };
        assert_eq!(edit(kids.id, change).await, done);
        let user = held(&desk, kids.user).await;
        assert_eq!(user.policy.max_parental_rating, Some(10));
        let change = ProfileChange {
            name: Some(name("Teens")),
            picture: Some(Some(Picture::Drawing(PictureKey::parse("fox").unwrap()))),
            preferences: Some(Preferences {
                subtitle_mode: SubtitleMode::Smart,
                ..Preferences::default()
            }),
            ..ProfileChange::default()
        };
        assert_eq!(edit(kids.id, change).await, done);
        let now = stored(&desk, kids.id).await.profile;
        assert_eq!((now.limits, now.preset), (limits, kids.preset));
        assert!(now.picture.is_some());
        assert_eq!(held(&desk, kids.user).await.name, "anna+Teens");
        let own = desk.jellyfin.configuration(kids.user.unwrap()).await;
        assert_eq!(own.unwrap()["SubtitleMode"], "Smart");
        // The name of another profile, and that of the owner.
        for (taken, why) in [
            ("teens", EditedProfile::NameTaken),
            ("Anna", EditedProfile::OwnersName),
        ] {
            let change = ProfileChange {
                name: Some(name(taken)),
                ..ProfileChange::default()
            };
            assert_eq!(edit(other.id, change).await, why);
        }
        assert_eq!(stored(&desk, other.id).await.profile.name, name("Other"));
    }
}

#[tokio::test]
async fn a_change_during_an_outage_is_written_by_the_job() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.standin.faults().set("", Fault::Refuse);
        let change = ProfileChange {
            name: Some(name("Teens")),
            limits: Some(Limits::default()),
            ..ProfileChange::default()
        };
        let edited = desk
            .accounts
            .edit_profile(desk.by(&owner), kids.id, &change, home());
        let later = EditedProfile::Done(Applied::Later);
        assert_eq!(edited.await.unwrap(), later);
        desk.standin.faults().lift_all();
        job(&desk).await;
        let user = held(&desk, kids.user).await;
        assert_eq!(user.name, "anna+Teens");
        assert_eq!(user.policy.max_parental_rating, None);
        let now = stored(&desk, kids.id).await;
        assert_eq!(now.settled, now.revision);
    }
}

#[tokio::test]
async fn r71_a_stranger_changes_nothing() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
    let kim = desk.session(&kim.cookie).await;
    let change = ProfileChange {
        limits: Some(Limits::default()),
        ..ProfileChange::default()
    };
    let edited = desk
        .accounts
        .edit_profile(desk.by(&kim), kids.id, &change, home());
    assert_eq!(edited.await.unwrap(), EditedProfile::Unknown);
    desk.accounts
        .order_profiles(desk.by(&kim), &[kids.id])
        .await
        .unwrap();
    assert_eq!(stored(&desk, kids.id).await.profile, kids);
}

#[tokio::test]
async fn a_name_that_somebody_gave_a_profile_in_jellyfin_is_put_back_and_follows_the_owners() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let user = kids.user.unwrap();
        desk.jellyfin.rename_user(user, "Somebody").await.unwrap();
        job(&desk).await;
        assert_eq!(held(&desk, kids.user).await.name, "anna+Kids");
        let anna = desk.id("anna").owner();
        desk.jellyfin.rename_user(anna, "annie").await.unwrap();
        job(&desk).await;
        assert_eq!(held(&desk, kids.user).await.name, "annie+Kids");
    }
}
