//! A device where a child is signed in becomes its own.
use usher_accounts::me::{PlaceId, SignedInPlace};
use usher_accounts::profiles::{Chooser, Key, Seated};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::activity::{Activity, ProfileDeed, ProfileLine};
use usher_domain::device::ClientIdentity;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::TokenId;
use usher_domain::profile::ProfileState;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::SecretText;
use usher_domain::settings::ProfilePolicy;
use usher_domain::sign_in::Step;
use usher_store::{KnownToken, WebSession};

use super::childs::{TELEVISION, app, app_on, known};
use super::{anna, child, delete, home, make, stored};
use crate::desk::Desk;

/// The place of the account that is at a seat, and whether its device can become that seat's alone.
async fn place_at(desk: &Desk, owner: &WebSession, seat: &str) -> (PlaceId, bool) {
    let overview = desk.accounts.overview(owner).await.unwrap().unwrap();
    let is_there = |place: &&SignedInPlace| place.seat.as_ref().is_some_and(|it| it.name == seat);
    let place = overview.places.iter().find(is_there).unwrap();
    (place.id, place.is_shared)
}

/// Switches profiles of everybody on or off.
async fn switch(desk: &Desk, enabled: bool) {
    let admin = desk.administrator().await;
    let policy = ProfilePolicy { enabled, most: 5 };
    let set = desk.accounts.set_profile_policy(&admin, policy, home());
    set.await.unwrap();
}

#[tokio::test]
async fn a_device_where_a_child_is_signed_in_becomes_its_own_and_others_of_the_account_end_there() {
    for desk in Desk::open_all().await {
        let (accounts, owner) = (&desk.accounts, anna(&desk).await);
        let kids = make(&desk, &owner, &child("Kids")).await;
        let parents = app(&desk, "anna").await.unwrap();
        let childs = app(&desk, "anna/Kids").await.unwrap();
        let (place, can_be) = place_at(&desk, &owner, "Kids").await;
        assert!(can_be);
        let asked = accounts.device_to_keep(&owner, place).await.unwrap();
        let asked = asked.unwrap();
        assert_eq!(
            (&*asked.profile, asked.others),
            ("Kids", vec!["anna".to_owned()])
        );
        let keep = |place| accounts.keep_device(desk.by(&owner), place, home());
        assert!(keep(place).await.unwrap());
        assert_eq!(known(&desk, &parents).await, None);
        assert_eq!(known(&desk, &childs).await, kids.user);
        assert!(!desk.lives(&parents).await);
        assert!(app(&desk, "anna").await.is_none());
        let kept = accounts.kept_devices(&owner).await.unwrap();
        assert_eq!(kept[0].name, "Nursery (Jellyfin Android TV)");
        assert_eq!(kept[0].name, asked.name);
        assert_eq!((&*kept[0].profile, kept[0].holds), ("Kids", true));
        let activity = accounts.overview(&owner).await.unwrap().unwrap().activity;
        let did = Activity::Profile(ProfileLine {
            name: Some("Kids".to_owned()),
            device: Some("Nursery (Jellyfin Android TV)".to_owned()),
            ..ProfileDeed::DeviceKept.into()
        });
        assert!(activity.iter().any(|line| line.what == did));
        let (_, can_be) = place_at(&desk, &owner, "Kids").await;
        assert!(!can_be, "it is");
        switch(&desk, false).await;
        let kept = accounts.kept_devices(&owner).await.unwrap();
        assert!(!kept[0].holds, "it keeps nobody off meanwhile");
        switch(&desk, true).await;
        let freed = accounts
            .free_device(desk.by(&owner), TELEVISION, home())
            .await;
        assert!(freed.unwrap());
        assert!(app(&desk, "anna").await.is_some());
    }
}

#[tokio::test]
async fn a_childs_own_browser_becomes_its_device_and_shows_nobody_else() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let became = desk.web("anna", "anna-pass-1", "den").await;
        let WebSignIn::Next(cookie, Step::ChooseProfile) = became else {
            panic!("{became:?}");
        };
        let seat = Watcher::Profile(kids.id);
        let seated = desk.seat(Chooser::SignIn(&cookie), seat, Key::None).await;
        let Seated::Moved(Moved::Done(child)) = seated else {
            panic!("{seated:?}");
        };
        let there = desk.session(&child.cookie).await;
        let asked = || desk.accounts.who_is_watching(Chooser::Browser(&there));
        assert_eq!(asked().await.unwrap().unwrap().choices.len(), 2);
        let (place, _) = place_at(&desk, &owner, "Kids").await;
        let kept = desk.accounts.keep_device(desk.by(&owner), place, home());
        assert!(kept.await.unwrap());
        let watching = asked().await.unwrap().unwrap();
        assert_eq!((watching.choices.len(), watching.is_childs), (1, true));
        let here = Chooser::Browser(&there);
        let refused = desk.seat(here, Watcher::Owner, Key::None).await;
        assert!(matches!(refused, Seated::Unknown), "{refused:?}");
        assert_eq!(known(&desk, &child.token).await, kids.user);
        // Whoever signs in there anew finds one face.
        let WebSignIn::Next(cookie, Step::ChooseProfile) =
            desk.web("anna", "anna-pass-1", "den").await
        else {
            panic!("it is asked who is watching");
        };
        let chooser = Chooser::SignIn(&cookie);
        let refused = desk.seat(chooser, Watcher::Owner, Key::None).await;
        assert!(matches!(refused, Seated::Unknown), "{refused:?}");
        let child = desk.seat(chooser, seat, Key::None).await;
        assert!(matches!(child, Seated::Moved(Moved::Done(_))), "{child:?}");
        // Other accounts are not concerned.
        let kim = desk.web("kim", "kim-pass-1", "den").await;
        assert!(matches!(kim, WebSignIn::Done(_)), "{kim:?}");
    }
}

/// Jellyfin gives out one token for each user and device: the web client's own form ends the one that the session was opened
/// with, and the session stays.
#[tokio::test]
async fn a_session_of_an_older_token_ends_with_the_others_when_its_browser_becomes_a_childs() {
    for desk in Desk::open_all().await {
        let (accounts, owner) = (&desk.accounts, anna(&desk).await);
        make(&desk, &owner, &child("Kids")).await;
        let became = desk.web("anna", "anna-pass-1", "den").await;
        let WebSignIn::Next(cookie, Step::ChooseProfile) = became else {
            panic!("{became:?}");
        };
        let seated = desk.seat(Chooser::SignIn(&cookie), Watcher::Owner, Key::None);
        let Seated::Moved(Moved::Done(parent)) = seated.await else {
            panic!("the owner is let in");
        };
        let row = desk.store.token(&parent.token.hash()).await.unwrap();
        let browser = row.unwrap().identity;
        app_on(&desk, "anna", &browser).await.unwrap();
        assert_eq!(known(&desk, &parent.token).await, None);
        app_on(&desk, "anna/Kids", &browser).await.unwrap();
        let session = async || accounts.web_session(&parent.cookie).await.unwrap();
        assert!(session().await.is_some());
        let (place, _) = place_at(&desk, &owner, "Kids").await;
        let kept = accounts.keep_device(desk.by(&owner), place, home()).await;
        assert!(kept.unwrap());
        assert_eq!(session().await, None);
    }
}

#[tokio::test]
async fn r71_no_place_becomes_a_childs_that_is_another_accounts_the_owners_or_names_no_device() {
    for desk in Desk::open_all().await {
        let (accounts, owner) = (&desk.accounts, anna(&desk).await);
        let kids = make(&desk, &owner, &child("Kids")).await;
        let token = app(&desk, "anna/Kids").await.unwrap();
        let (place, _) = place_at(&desk, &owner, "Kids").await;
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        assert_eq!(accounts.device_to_keep(&kim, place).await.unwrap(), None);
        let kept = accounts.keep_device(desk.by(&kim), place, home());
        assert!(!kept.await.unwrap(), "of another account");
        let (own, can_be) = place_at(&desk, &owner, "anna").await;
        assert_eq!(accounts.device_to_keep(&owner, own).await.unwrap(), None);
        let kept = accounts.keep_device(desk.by(&owner), own, home()).await;
        assert_eq!((can_be, kept.unwrap()), (false, false), "the owner's");
        let row = desk.store.token(&token.hash()).await.unwrap().unwrap();
        let nameless = KnownToken {
            id: TokenId::generate(accounts.now(), &SeededEntropy::new(77)),
            digest: SecretText::new("another").hash(),
            identity: ClientIdentity {
                client: "Jellyfin Web".to_owned(),
                device_id: String::new(),
                ..row.identity.clone()
            },
            ..row.clone()
        };
        let tx = desk.store.begin().await.unwrap();
        tx.end_token(&row.digest, accounts.now()).await.unwrap();
        assert!(tx.add_token(&nameless).await.unwrap());
        tx.commit().await.unwrap();
        let (place, can_be) = place_at(&desk, &owner, "Kids").await;
        assert_eq!(place, PlaceId::Token(nameless.id));
        let kept = accounts.keep_device(desk.by(&owner), place, home()).await;
        assert_eq!((can_be, kept.unwrap()), (false, false), "no device");
        app(&desk, "anna/Kids").await.unwrap();
        let (place, _) = place_at(&desk, &owner, "Kids").await;
        delete(&desk, &owner, kids.id).await;
        let kept = accounts.keep_device(desk.by(&owner), place, home());
        assert!(!kept.await.unwrap(), "of a deleted profile");
        assert!(accounts.kept_devices(&owner).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn whoever_came_to_a_childs_device_while_its_profile_could_not_be_used_goes_when_it_can_again()
 {
    for desk in Desk::open_all().await {
        let (accounts, owner) = (&desk.accounts, anna(&desk).await);
        let kids = make(&desk, &owner, &child("Kids")).await;
        app(&desk, "anna/Kids").await.unwrap();
        let (place, _) = place_at(&desk, &owner, "Kids").await;
        let kept = accounts.keep_device(desk.by(&owner), place, home()).await;
        assert!(kept.unwrap());
        let elsewhere = desk.signed_in("anna", "anna-pass-1", "browser").await;

        switch(&desk, false).await;
        let parents = app(&desk, "anna").await.unwrap();
        switch(&desk, true).await;
        assert_eq!(known(&desk, &parents).await, None, "switched on again");

        delete(&desk, &owner, kids.id).await;
        let parents = app(&desk, "anna").await.unwrap();
        let restored = accounts.restore_profile(desk.by(&owner), kids.id, home());
        restored.await.unwrap();
        assert_eq!(known(&desk, &parents).await, None, "brought back");

        desk.jellyfin.delete_user(kids.user.unwrap()).await.unwrap();
        accounts.keep_profiles().await.unwrap();
        let parents = app(&desk, "anna").await.unwrap();
        let repaired = accounts.repair_profile(desk.by(&owner), kids.id, home());
        repaired.await.unwrap();
        assert_eq!(known(&desk, &parents).await, None, "made anew");

        let stored = stored(&desk, kids.id).await;
        let tx = desk.store.begin().await.unwrap();
        let missing = tx.note_missing(kids.id, stored.hidden.unwrap(), accounts.now());
        assert!(missing.await.unwrap());
        tx.commit().await.unwrap();
        let parents = app(&desk, "anna").await.unwrap();
        accounts.keep_profiles().await.unwrap();
        assert_eq!(known(&desk, &parents).await, None, "found again");

        let (ready, leaving) = (ProfileState::Ready, ProfileState::Leaving(accounts.now()));
        let tx = desk.store.begin().await.unwrap();
        let moved = tx.move_profile(&stored.profile, ready, leaving);
        assert!(moved.await.unwrap());
        tx.commit().await.unwrap();
        let parents = app(&desk, "anna").await.unwrap();
        accounts.keep_profiles().await.unwrap();
        assert_eq!(known(&desk, &parents).await, None, "became no account");

        accounts.sign_out_what_ended().await.unwrap();
        assert!(!desk.lives(&parents).await);
        assert!(app(&desk, "anna").await.is_none());
        assert!(app(&desk, "anna/Kids").await.is_some());
        assert!(desk.lives(&elsewhere.token).await, "on no other device");
    }
}

#[tokio::test]
async fn a_browser_whose_profile_was_off_meanwhile_is_shown_as_one_that_asks_who_is_watching() {
    for desk in Desk::open_all().await {
        let (accounts, owner) = (&desk.accounts, anna(&desk).await);
        let kids = Watcher::Profile(make(&desk, &owner, &child("Kids")).await.id);
        let childs = desk.seat(Chooser::Browser(&owner), kids, Key::None).await;
        let Seated::Done(childs) = childs else {
            panic!("nobody sits: {childs:?}");
        };
        let childs = desk.session(&childs.cookie).await;
        let watches = async || {
            let overview = accounts.overview(&childs).await.unwrap().unwrap();
            let here = overview.places.into_iter().find(|place| place.is_this);
            let here = here.unwrap();
            let seat = here.seat.unwrap();
            (seat.name, seat.watches, here.is_shared)
        };
        assert_eq!(watches().await, ("Kids".to_owned(), true, true));
        switch(&desk, false).await;
        switch(&desk, true).await;
        assert_eq!(watches().await, ("Kids".to_owned(), false, false));
    }
}
