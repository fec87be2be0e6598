//! The PIN before a profile.
use std::time::Duration;

use usher_accounts::profiles::{Chooser, Key, OwnerPin, PinChange, PinChecked, Seated};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::activity::{Activity, ProfileDeed};
use usher_domain::profile::pin::{Pin, Watcher};
use usher_domain::secret::SecretText;
use usher_domain::sign_in::Step;

use super::{anna, child, home, make};
use crate::desk::Desk;

fn pin(digits: &str) -> Pin {
    Pin::parse(digits).unwrap()
}

/// Signs `anna` in, up to the question who is watching, and opens a seat.
async fn opens(desk: &Desk, watcher: Watcher, key: Key<'_>) -> Seated {
    match desk.web("anna", "anna-pass-1", "browser").await {
        WebSignIn::Next(cookie, Step::ChooseProfile) => {
            desk.seat(Chooser::SignIn(&cookie), watcher, key).await
        }
        other => panic!("nobody is asked: {other:?}"),
    }
}

async fn check(desk: &Desk, watcher: Watcher, typed: &str) -> PinChecked {
    match opens(desk, watcher, Key::Pin(typed)).await {
        Seated::Moved(Moved::Done(_)) => PinChecked::Right,
        Seated::PinRefused(refused) => refused,
        other => panic!("{other:?}"),
    }
}

/// The lines about wrong PINs: of which profile, or of the owner's own seat.
async fn refused(desk: &Desk) -> Vec<Option<String>> {
    let lines = desk.accounts.activities_of(desk.id("anna"), 99).await;
    let refused = lines
        .unwrap()
        .into_iter()
        .filter_map(|line| match line.what {
            Activity::Profile(line) if line.did == ProfileDeed::PinRefused => {
                assert_eq!(line.is_own, line.name.is_none());
                Some(line.name)
            }
            _other => None,
        });
    refused.collect()
}

#[tokio::test]
async fn r43_each_wrong_pin_is_written_down_and_nobody_fills_the_log_with_them() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let made = make(&desk, &owner, &child("Kids")).await;
        let kids = Watcher::Profile(made.id);
        for watcher in [kids, Watcher::Owner] {
            let set = desk
                .accounts
                .set_pin(desk.by(&owner), watcher, &pin("1234"), home())
                .await;
            assert_eq!(set.unwrap(), PinChange::Done);
        }
        assert_eq!(check(&desk, kids, "1234").await, PinChecked::Right);
        assert_eq!(check(&desk, kids, "abc").await, PinChecked::NotAPin);
        assert_eq!(refused(&desk).await, []);
        let own = Watcher::Owner;
        assert_eq!(check(&desk, own, "0000").await, PinChecked::Wrong);
        assert_eq!(refused(&desk).await, [None]);
        // Whoever knows the PIN is held up by no wait.
        for _ in 0..3 {
            for _ in 0..4 {
                assert_eq!(check(&desk, kids, "0000").await, PinChecked::Wrong);
            }
            assert_eq!(check(&desk, kids, "1234").await, PinChecked::Right);
        }
        let of_kids = refused(&desk).await.into_iter().flatten();
        let of_kids: Vec<_> = of_kids.collect();
        assert_eq!(of_kids, vec!["Kids"; 10]);
        desk.clock.advance(Duration::from_hours(2));
        assert_eq!(check(&desk, kids, "0000").await, PinChecked::Wrong);
        assert_eq!(refused(&desk).await.len(), 12);
    }
}

#[tokio::test]
async fn r43_ten_wrong_pins_over_all_sessions_ask_for_the_password() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let kids = Watcher::Profile(kids.id);
        let set = desk
            .accounts
            .set_pin(desk.by(&owner), kids, &pin("1234"), home())
            .await;
        assert_eq!(set.unwrap(), PinChange::Done);
        assert_eq!(check(&desk, kids, "12 34").await, PinChecked::Right);
        assert_eq!(check(&desk, kids, "abc").await, PinChecked::NotAPin);
        let mut waits = Vec::new();
        let mut wrong = 0;
        loop {
            // Each from a session of its own.
            match check(&desk, kids, "0000").await {
                PinChecked::Wrong => wrong += 1,
                PinChecked::Wait(wait) => {
                    waits.push(wait.as_secs() / 60);
                    desk.clock.advance(wait);
                }
                PinChecked::PasswordNeeded => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!((wrong, waits), (10, vec![1, 2, 4, 8, 15]));
        desk.clock.advance(Duration::from_hours(24 * 30));
        let closed = check(&desk, kids, "1234").await;
        assert_eq!(closed, PinChecked::PasswordNeeded);
        let password = SecretText::new("anna-pass-1");
        let passed = opens(&desk, kids, Key::Password(&password)).await;
        assert!(
            matches!(passed, Seated::Moved(Moved::Done(_))),
            "{passed:?}"
        );
        assert_eq!(check(&desk, kids, "1234").await, PinChecked::Right);
    }
}

#[tokio::test]
async fn r43_a_pin_that_is_there_is_changed_only_by_who_proves_who_it_is() {
    for desk in Desk::open_all().await {
        let signed_in = desk.signed_in("anna", "anna-pass-1", "browser").await;
        let owner = desk.session(&signed_in.cookie).await;
        make(&desk, &owner, &child("Kids")).await;
        let accounts = &desk.accounts;
        let set = accounts
            .set_pin(desk.by(&owner), Watcher::Owner, &pin("1234"), home())
            .await;
        assert_eq!(set.unwrap(), PinChange::Done);
        desk.clock.advance(Duration::from_mins(11));
        assert!(accounts.proven(&owner).is_none(), "R38");
        let right = check(&desk, Watcher::Owner, "1234").await;
        assert_eq!(right, PinChecked::Right);
        let cookie = accounts.renew_web_session(&owner).await.unwrap();
        let fresh = desk.session(&cookie).await;
        let cleared = accounts
            .clear_pin(accounts.proven(&fresh).unwrap(), Watcher::Owner, home())
            .await;
        assert_eq!(cleared.unwrap(), PinChange::Done);
        let page = accounts.profiles_page(&fresh).await.unwrap();
        assert_eq!(page.owner_pin, OwnerPin::Declined);
        let open = check(&desk, Watcher::Owner, "9999").await;
        assert_eq!(open, PinChecked::Right);
    }
}

#[tokio::test]
async fn r71_a_pin_belongs_to_one_seat_of_one_account() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let more = make(&desk, &owner, &child("More")).await;
        let (kids, more) = (Watcher::Profile(kids.id), Watcher::Profile(more.id));
        for (seat, digits) in [(kids, "1234"), (more, "5678")] {
            let set = desk
                .accounts
                .set_pin(desk.by(&owner), seat, &pin(digits), home())
                .await;
            set.unwrap();
        }
        assert_eq!(check(&desk, kids, "5678").await, PinChecked::Wrong);
        assert_eq!(check(&desk, more, "5678").await, PinChecked::Right);
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        let theirs = desk
            .seat(Chooser::Browser(&kim), kids, Key::Pin("1234"))
            .await;
        assert!(matches!(theirs, Seated::Unknown), "{theirs:?}");
        let set = desk
            .accounts
            .set_pin(desk.by(&kim), kids, &pin("0000"), home())
            .await;
        assert_eq!(set.unwrap(), PinChange::Unknown);
        let choices = desk.accounts.profiles_for_choice(owner.account).await;
        let locked: Vec<_> = choices.unwrap().iter().map(|one| one.has_pin).collect();
        assert_eq!(locked, [false, true, true]);
    }
}
