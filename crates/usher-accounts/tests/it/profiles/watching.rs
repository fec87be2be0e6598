//! "Who's watching?", at sign-in and in a browser that goes over to another seat.
use std::time::Duration;

use usher_accounts::ActivityLine;
use usher_accounts::gate::Holder;
use usher_accounts::me::PasswordChange;
use usher_accounts::profiles::{Chooser, Key, OwnerShown, PinChecked, Seated};
use usher_accounts::second_factor::{Enrollment, Flow};
use usher_accounts::sign_in::{Moved, SignedIn, WebSignIn};
use usher_domain::activity::{Activity, ProfileDeed};
use usher_domain::id::UserId;
use usher_domain::profile::Profile;
use usher_domain::profile::hours::Hours;
use usher_domain::profile::pin::{Pin, Watcher};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::Step;
use usher_store::{KnownToken, WebSession};

use super::log::{OWN, deeds};
use super::{anna, child, delete, home, make};
use crate::desk::Desk;

/// The owner's PIN, and that of a locked profile.
const OWNERS: &str = "2580";
const LOCKED: &str = "1234";

/// A household with an unlocked child, and a profile with a PIN; the owner has one, too.
struct House {
    kids: Profile,
    locked: Profile,
}

async fn house(desk: &Desk) -> House {
    let owner = anna(desk).await;
    let house = House {
        kids: make(desk, &owner, &child("Kids")).await,
        locked: make(desk, &owner, &child("Locked")).await,
    };
    for (watcher, digits) in [
        (Watcher::Profile(house.locked.id), LOCKED),
        (Watcher::Owner, OWNERS),
    ] {
        let pin = Pin::parse(digits).unwrap();
        let set = desk
            .accounts
            .set_pin(desk.by(&owner), watcher, &pin, home())
            .await;
        set.unwrap();
    }
    house
}

/// A sign-in that is at the question.
async fn asked(desk: &Desk) -> OpaqueToken {
    match desk.web("anna", "anna-pass-1", "browser").await {
        WebSignIn::Next(cookie, Step::ChooseProfile) => cookie,
        other => panic!("nobody is asked: {other:?}"),
    }
}

fn done(seated: Seated) -> SignedIn {
    match seated {
        Seated::Moved(Moved::Done(signed_in)) | Seated::Done(signed_in) => *signed_in,
        other => panic!("nobody sits: {other:?}"),
    }
}

/// A browser at the seat of the unlocked child.
async fn at_kids(desk: &Desk, house: &House) -> SignedIn {
    let cookie = asked(desk).await;
    let kids = Watcher::Profile(house.kids.id);
    done(desk.seat(Chooser::SignIn(&cookie), kids, Key::None).await)
}

/// Whose a token is, in Jellyfin and here.
async fn whose(desk: &Desk, token: &SecretText) -> UserId {
    let me = desk.jellyfin.me(token).await.unwrap().unwrap();
    match desk.accounts.holder(token, None, home()).await.unwrap() {
        Some(Holder::User { account, user, .. }) => {
            assert_eq!((account, user), (desk.id("anna"), me.id));
            user
        }
        other => panic!("nobody's: {other:?}"),
    }
}

async fn goes_over(desk: &Desk, session: &WebSession, watcher: Watcher, key: Key<'_>) -> Seated {
    desk.seat(Chooser::Browser(session), watcher, key).await
}

#[tokio::test]
async fn outside_its_hours_a_seat_is_marked_and_the_sign_in_goes_on_at_another() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let mut never = child("Kids");
        never.limits.hours = Hours::never();
        let kids = Watcher::Profile(make(&desk, &owner, &never).await.id);
        let cookie = asked(&desk).await;
        let chooser = Chooser::SignIn(&cookie);
        let shown = desk.accounts.who_is_watching(chooser).await;
        let choices = shown.unwrap().unwrap().choices;
        let open: Vec<_> = choices.iter().map(|one| one.is_open_now).collect();
        assert_eq!(open, [true, false]);
        let refused = desk.seat(chooser, kids, Key::None).await;
        assert!(matches!(refused, Seated::OutsideHours), "{refused:?}");
        let refused = goes_over(&desk, &owner, kids, Key::None).await;
        assert!(matches!(refused, Seated::OutsideHours), "{refused:?}");
        done(desk.seat(chooser, Watcher::Owner, Key::None).await);
    }
}

#[tokio::test]
async fn r43_at_the_end_of_a_sign_in_a_seat_is_chosen_and_a_pin_opens_one_that_has_it() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let cookie = asked(&desk).await;
        let chooser = Chooser::SignIn(&cookie);
        let accounts = &desk.accounts;
        let shown = accounts.who_is_watching(chooser).await.unwrap().unwrap();
        let names: Vec<_> = shown.choices.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["anna", "Kids", "Locked"]);
        assert_eq!((shown.last, shown.is_childs), (None, false));
        let locked = Watcher::Profile(house.locked.id);
        let refused = desk.seat(chooser, locked, Key::None).await;
        assert!(matches!(refused, Seated::PinAsked), "{refused:?}");
        let refused = desk.seat(chooser, locked, Key::Pin("0000")).await;
        let Seated::PinRefused(PinChecked::Wrong) = refused else {
            panic!("{refused:?}");
        };
        let refused = desk.seat(chooser, locked, Key::Proof).await;
        assert!(matches!(refused, Seated::ProveFirst), "{refused:?}");
        let signed_in = done(desk.seat(chooser, locked, Key::Pin(LOCKED)).await);
        let user = house.locked.user.unwrap();
        assert_eq!(
            (signed_in.user, whose(&desk, &signed_in.token).await),
            (user, user)
        );
        let session = desk.session(&signed_in.cookie).await;
        assert_eq!((session.account, session.user), (desk.id("anna"), user));
        assert!(!accounts.is_fresh(&session), "another may sit there now");
        let again = desk.seat(chooser, Watcher::Owner, Key::Pin(OWNERS)).await;
        assert!(matches!(again, Seated::Gone), "{again:?}");
        // The choice is remembered for the device, and skips no PIN.
        let cookie = asked(&desk).await;
        let chooser = Chooser::SignIn(&cookie);
        let shown = accounts.who_is_watching(chooser).await.unwrap().unwrap();
        assert_eq!(shown.last, Some(locked));
        let refused = desk.seat(chooser, locked, Key::None).await;
        assert!(matches!(refused, Seated::PinAsked), "{refused:?}");
    }
}

#[tokio::test]
async fn r43_no_pin_counts_before_every_other_step_is_done() {
    let desk = Desk::open().await;
    let signed_in = desk.with_address("anna", "anna@example.org").await;
    let owner = desk.session(&signed_in.cookie).await;
    let enrolled = desk.accounts.enroll_mail(Flow::Account(&owner), home());
    assert!(matches!(enrolled.await.unwrap(), Enrollment::Done { .. }));
    let kids = make(&desk, &owner, &child("Kids")).await;
    let became = desk.web("anna", "anna-pass-1", "browser").await;
    let WebSignIn::Next(cookie, Step::SecondFactor) = became else {
        panic!("{became:?}");
    };
    let chooser = Chooser::SignIn(&cookie);
    assert!(
        desk.accounts
            .who_is_watching(chooser)
            .await
            .unwrap()
            .is_none()
    );
    for key in [Key::None, Key::Pin(OWNERS)] {
        let early = desk.seat(chooser, Watcher::Profile(kids.id), key).await;
        assert!(matches!(early, Seated::Gone), "{early:?}");
    }
}

#[tokio::test]
async fn r43_a_child_does_not_leave_its_seat_without_the_owners_pin_and_the_former_token_ends() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let kids = at_kids(&desk, &house).await;
        let session = desk.session(&kids.cookie).await;
        for (key, refusal) in [
            (Key::None, "PinAsked"),
            (Key::Pin("0000"), "PinRefused(Wrong)"),
        ] {
            let refused = goes_over(&desk, &session, Watcher::Owner, key).await;
            assert_eq!(format!("{refused:?}"), refusal);
        }
        let proof = goes_over(&desk, &session, Watcher::Owner, Key::Proof).await;
        assert!(matches!(proof, Seated::ProveFirst), "{proof:?}");
        assert!(desk.lives(&kids.token).await);
        let owner = goes_over(&desk, &session, Watcher::Owner, Key::Pin(OWNERS)).await;
        let owner = done(owner);
        assert_eq!(whose(&desk, &owner.token).await, desk.id("anna").owner());
        assert_eq!(owner.device_id, kids.device_id);
        assert!(!desk.lives(&kids.token).await, "the former token has ended");
        let holder = desk.accounts.holder(&kids.token, None, home()).await;
        assert_eq!(holder.unwrap(), None);
        // The browser stays signed in, under another cookie (R44).
        let old = desk.accounts.web_session(&kids.cookie).await.unwrap();
        assert_eq!(old, None);
        let here = desk.session(&owner.cookie).await;
        assert_eq!((here.id, here.user), (session.id, desk.id("anna").owner()));
        // At the seat where it is, it goes on without the PIN, as it does without a press.
        let owner = done(goes_over(&desk, &here, Watcher::Owner, Key::None).await);
        let here = desk.session(&owner.cookie).await;
        // Back without a PIN, and signing out in the client ends the session at Usher, too.
        let watcher = Watcher::Profile(house.kids.id);
        let back = done(goes_over(&desk, &here, watcher, Key::None).await);
        assert!(!desk.lives(&owner.token).await);
        desk.accounts.token_signs_out(&back.token).await.unwrap();
        let ended = desk.accounts.web_session(&back.cookie).await.unwrap();
        assert_eq!(ended, None);
        // Jellyfin was not told so by the client: the job tells it.
        desk.accounts.sign_out_what_ended().await.unwrap();
        assert!(desk.lives(&back.token).await);
        desk.clock.advance(Duration::from_mins(1));
        desk.accounts.sign_out_what_ended().await.unwrap();
        assert!(!desk.lives(&back.token).await);
    }
}

#[tokio::test]
async fn r43_from_a_childs_seat_the_account_is_reached_only_after_the_owner_shows_up() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let kids = at_kids(&desk, &house).await;
        let session = desk.session(&kids.cookie).await;
        let accounts = &desk.accounts;
        assert!(!accounts.reaches_account(&session));
        let refused = accounts.show_owner(&session, "0000", home()).await.unwrap();
        let OwnerShown::Refused(PinChecked::Wrong) = refused else {
            panic!("{refused:?}");
        };
        let OwnerShown::Done(cookie) = accounts.show_owner(&session, OWNERS, home()).await.unwrap()
        else {
            panic!("the PIN is right");
        };
        let shown = desk.session(&cookie).await;
        assert!(accounts.reaches_account(&shown) && !accounts.is_fresh(&shown));
        desk.clock.advance(Duration::from_mins(11));
        assert!(!accounts.reaches_account(&shown));
        // A step-up does it as well, until the browser takes a seat again.
        let cookie = accounts.renew_web_session(&shown).await.unwrap();
        let proved = desk.session(&cookie).await;
        assert!(accounts.reaches_account(&proved));
        let watcher = Watcher::Profile(house.kids.id);
        let again = done(goes_over(&desk, &proved, watcher, Key::None).await);
        assert!(!accounts.reaches_account(&desk.session(&again.cookie).await));
        // Without a PIN only a step-up is left.
        let cleared = accounts
            .clear_pin(desk.by(&proved), Watcher::Owner, home())
            .await;
        cleared.unwrap();
        let session = desk.session(&again.cookie).await;
        let none = accounts.show_owner(&session, OWNERS, home()).await.unwrap();
        assert!(matches!(none, OwnerShown::NoPin), "{none:?}");
    }
}

#[tokio::test]
async fn r43_whoever_forgot_a_pin_opens_the_seat_with_the_accounts_password() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let locked = Watcher::Profile(house.locked.id);
        let cookie = asked(&desk).await;
        let chooser = Chooser::SignIn(&cookie);
        for _ in 0..5 {
            desk.seat(chooser, locked, Key::Pin("0000")).await;
        }
        let waits = desk.seat(chooser, locked, Key::Pin(LOCKED)).await;
        assert!(
            matches!(waits, Seated::PinRefused(PinChecked::Wait(_))),
            "{waits:?}"
        );
        let wrong = SecretText::new("wrong");
        let refused = desk.seat(chooser, locked, Key::Password(&wrong)).await;
        assert!(matches!(refused, Seated::PasswordWrong), "{refused:?}");
        let right = SecretText::new("anna-pass-1");
        let signed_in = done(desk.seat(chooser, locked, Key::Password(&right)).await);
        assert_eq!(Some(signed_in.user), house.locked.user);
        // What was wrong is forgotten. In a browser that is signed in a step-up takes the password's place.
        let kids = desk.session(&at_kids(&desk, &house).await.cookie).await;
        let refused = goes_over(&desk, &kids, locked, Key::Password(&right)).await;
        assert!(matches!(refused, Seated::ProveFirst), "{refused:?}");
        let refused = goes_over(&desk, &kids, locked, Key::Pin("0000")).await;
        assert!(
            matches!(refused, Seated::PinRefused(PinChecked::Wrong)),
            "{refused:?}"
        );
        let cookie = desk.accounts.renew_web_session(&kids).await.unwrap();
        let proved = desk.session(&cookie).await;
        let signed_in = done(goes_over(&desk, &proved, locked, Key::Proof).await);
        assert_eq!(Some(signed_in.user), house.locked.user);
    }
}

#[tokio::test]
async fn of_two_requests_of_one_browser_one_takes_the_seat_and_every_other_token_ends() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let kids = at_kids(&desk, &house).await;
        let session = desk.session(&kids.cookie).await;
        let before = desk.store.tokens(session.account).await.unwrap();
        let (owner, locked) = (Watcher::Owner, Watcher::Profile(house.locked.id));
        let both = tokio::join!(
            goes_over(&desk, &session, owner, Key::Pin(OWNERS)),
            goes_over(&desk, &session, locked, Key::Pin(LOCKED)),
        );
        let is_done = |seated: &Seated| matches!(seated, Seated::Done(_));
        let (one, other) = (is_done(&both.0), is_done(&both.1));
        assert!(one != other, "{both:?}");
        let after = desk.store.tokens(session.account).await.unwrap();
        let is_new = |token: &&KnownToken| before.iter().all(|old| old.id != token.id);
        assert_eq!(after.iter().filter(is_new).count(), 1);
        assert!(!desk.lives(&kids.token).await);
    }
}

#[tokio::test]
async fn a_seat_of_another_account_or_a_closed_one_is_nobodys() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        let kids = Watcher::Profile(house.kids.id);
        let strange = goes_over(&desk, &kim, kids, Key::None).await;
        assert!(matches!(strange, Seated::Unknown), "{strange:?}");
        let owner = desk.session(&at_kids(&desk, &house).await.cookie).await;
        delete(&desk, &owner, house.kids.id).await;
        let closed = goes_over(&desk, &owner, kids, Key::None).await;
        assert!(matches!(closed, Seated::Unknown), "{closed:?}");
    }
}

#[tokio::test]
async fn a_changed_password_leaves_the_browser_at_its_seat() {
    let desk = Desk::open().await;
    let house = house(&desk).await;
    let kids = at_kids(&desk, &house).await;
    let session = desk.session(&kids.cookie).await;
    let (present, new) = (
        SecretText::new("anna-pass-1"),
        SecretText::new("seven paper lamps"),
    );
    let changed = desk
        .accounts
        .change_password(&session, &present, &new, home())
        .await;
    let PasswordChange::Done(signed_in) = changed.unwrap() else {
        panic!("the password is changed");
    };
    assert_eq!(Some(whose(&desk, &signed_in.token).await), house.kids.user);
    let session = desk.session(&signed_in.cookie).await;
    assert!(!desk.accounts.reaches_account(&session));
}

#[tokio::test]
async fn a_seat_that_a_browser_takes_is_written_down_and_nobody_fills_the_log_with_it() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = Watcher::Profile(make(&desk, &owner, &child("Kids")).await.id);
        let account = owner.account;
        let taken = async || {
            let done = deeds(&desk, account).await.into_iter();
            let taken = done.filter(|(did, _)| *did == ProfileDeed::SeatTaken);
            taken.filter_map(|(_, name)| name).collect::<Vec<_>>()
        };
        let mut session = owner;
        for (seat, lines) in [
            (kids, &["Kids"] as &[&str]),
            // It stays where it is, and gets a token anew.
            (kids, &["Kids"]),
            (Watcher::Owner, &["Kids", OWN]),
        ] {
            desk.clock.advance(Duration::from_secs(1));
            let there = done(goes_over(&desk, &session, seat, Key::None).await);
            session = desk.session(&there.cookie).await;
            assert_eq!(taken().await, lines);
        }
        for _there_and_back in 0..12 {
            for seat in [kids, Watcher::Owner] {
                let there = done(goes_over(&desk, &session, seat, Key::None).await);
                session = desk.session(&there.cookie).await;
            }
        }
        assert_eq!(taken().await.len(), 20, "ten of each in an hour");
    }
}

#[tokio::test]
async fn what_a_browser_was_signed_in_by_ends_and_another_account_reads_that_it_was_signed_out() {
    for desk in Desk::open_all().await {
        let anna = desk.signed_in("anna", "anna-pass-1", "browser").await;
        let again = desk.signed_in("anna", "anna-pass-1", "other").await;
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let accounts = &desk.accounts;
        let signed_out = async || {
            let lines = accounts.activities_of(desk.id("anna"), 99).await.unwrap();
            let is_out = |line: &&ActivityLine| line.what == Activity::SignedOut;
            lines.iter().filter(is_out).count()
        };
        for (former, new, lines) in [(&anna, &again, 0), (&again, &kim, 1)] {
            let ended = accounts.end_former_session(&former.cookie, &new.cookie, home());
            ended.await.unwrap();
            let session = accounts.web_session(&former.cookie).await.unwrap();
            assert_eq!(session, None);
            assert!(!desk.lives(&former.token).await);
            assert!(desk.lives(&new.token).await);
            assert_eq!(signed_out().await, lines);
        }
    }
}

#[tokio::test]
async fn a_cookie_that_another_window_of_the_browser_gave_up_ends_nothing() {
    for desk in Desk::open_all().await {
        let house = house(&desk).await;
        let kids = at_kids(&desk, &house).await;
        let session = desk.session(&kids.cookie).await;
        let owner = goes_over(&desk, &session, Watcher::Owner, Key::Pin(OWNERS)).await;
        let owner = done(owner);
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let ended = desk
            .accounts
            .end_former_session(&kids.cookie, &kim.cookie, home());
        ended.await.unwrap();
        assert!(desk.lives(&owner.token).await);
        assert_eq!(desk.session(&owner.cookie).await.id, session.id);
    }
}
