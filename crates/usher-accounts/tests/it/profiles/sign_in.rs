//! Signing in as a profile at an app's form: `anna/Kids`, with the account's password.
use std::time::Duration;

use usher_accounts::app_password::NewAppPassword;
use usher_accounts::gate::Holder;
use usher_accounts::profiles::{Chooser, Key, Seated};
use usher_accounts::second_factor::{Enrollment, Flow};
use usher_accounts::sign_in::{AppForm, AppSignIn, Moved, WebSignIn};
use usher_domain::activity::{Activity, Door};
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::SecretText;
use usher_domain::sign_in::Step;
use usher_store::WebSession;

use super::{anna, child, delete, make};
use crate::desk::{Desk, at_home};

async fn app(desk: &Desk, name: &str, password: &str) -> AppSignIn {
    let identity = ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv".to_owned(),
        version: "0.18".to_owned(),
    };
    let form = AppForm {
        name,
        password: &SecretText::new(password),
        identity: &identity,
    };
    let answer = desk.accounts.app_password(&form, &at_home()).await;
    answer.unwrap()
}

/// Whose the token of an answer is, in Jellyfin and here.
async fn whose(desk: &Desk, answer: AppSignIn) -> (UserId, Option<Holder>) {
    let AppSignIn::Answer(body) = answer else {
        panic!("the app is let in: {answer:?}");
    };
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let token = SecretText::new(body["AccessToken"].as_str().unwrap());
    let me = desk.jellyfin.me(&token).await.unwrap().unwrap();
    let holder = desk.accounts.holder(&token, None, &at_home()).await;
    (me.id, holder.unwrap())
}

#[tokio::test]
async fn an_app_comes_in_as_the_profile_that_is_named_behind_the_account() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let let_in = app(&desk, "Anna/kids", "anna-pass-1").await;
        let (user, holder) = whose(&desk, let_in).await;
        assert_eq!(Some(user), kids.user);
        let Some(Holder::User {
            account,
            user,
            administrator,
            ..
        }) = holder
        else {
            panic!("the token is known: {holder:?}");
        };
        assert_eq!((account, Some(user)), (desk.id("anna"), kids.user));
        assert!(!administrator);
        // The owner's token on the same device lives beside it.
        let let_in = app(&desk, "anna", "anna-pass-1").await;
        let (user, _) = whose(&desk, let_in).await;
        assert_eq!(user, desk.id("anna").owner());
    }
}

#[tokio::test]
async fn the_log_and_the_mail_about_a_new_device_say_as_which_profile_it_was() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let owner = anna(&desk).await;
        make(&desk, &owner, &child("Kids")).await;
        desk.clock.advance(Duration::from_secs(1));
        app(&desk, "anna/Kids", "anna-pass-1").await;
        let lines = desk.accounts.activities_of(owner.account, 9).await.unwrap();
        let (door, profile) = (Door::App, Some("Kids".to_owned()));
        assert_eq!(lines[0].what, Activity::SignedIn { door, profile });
        let mail = desk.mail_to("anna@example.org").await;
        assert_eq!(mail.kind, "new_sign_in");
        assert!(mail.text.contains("Profile: Kids"), "{}", mail.text);
        desk.clock.advance(Duration::from_secs(1));
        app(&desk, "anna", "anna-pass-1").await;
        let lines = desk.accounts.activities_of(owner.account, 9).await.unwrap();
        let profile = None;
        assert_eq!(lines[0].what, Activity::SignedIn { door, profile });
    }
}

#[tokio::test]
async fn a_profile_that_is_not_there_or_not_open_is_the_same_as_a_wrong_password() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        for (name, password) in [
            ("anna/Nobody", "anna-pass-1"),
            ("anna/", "anna-pass-1"),
            ("anna/Kids", "wrong"),
            ("kim/Kids", "kim-pass-1"),
            ("anna+Kids", "anna-pass-1"),
        ] {
            let refused = app(&desk, name, password).await;
            assert!(matches!(refused, AppSignIn::Refused), "{name}: {refused:?}");
        }
        delete(&desk, &owner, kids.id).await;
        let refused = app(&desk, "anna/Kids", "anna-pass-1").await;
        assert!(matches!(refused, AppSignIn::Refused), "{refused:?}");
    }
}

#[tokio::test]
async fn a_profile_owes_the_second_factor_of_its_account() {
    let desk = Desk::open().await;
    let signed_in = desk.with_address("anna", "anna@example.org").await;
    let owner = desk.session(&signed_in.cookie).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let visitor = at_home();
    let enrolled = desk.accounts.enroll_mail(Flow::Account(&owner), &visitor);
    assert!(matches!(enrolled.await.unwrap(), Enrollment::Done { .. }));
    let waits = app(&desk, "anna/Kids", "anna-pass-1").await;
    assert!(!matches!(waits, AppSignIn::Answer(_)), "{waits:?}");
    let mails = desk.mails().await;
    let code = mails.iter().find_map(|mail| mail.code.clone()).unwrap();
    let let_in = app(&desk, "anna/Kids", &format!("anna-pass-1 {code}")).await;
    let (user, _) = whose(&desk, let_in).await;
    assert_eq!(Some(user), kids.user);
}

#[tokio::test]
async fn r39_a_device_that_the_account_was_seen_on_is_new_to_none_of_its_profiles() {
    for desk in Desk::open_all().await {
        let signed_in = desk.with_address("anna", "anna@example.org").await;
        let owner = desk.session(&signed_in.cookie).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let browser = desk.web("anna", "anna-pass-1", "setting").await;
        let WebSignIn::Next(cookie, Step::ChooseProfile) = browser else {
            panic!("nobody is asked: {browser:?}");
        };
        let watcher = Watcher::Profile(kids.id);
        let seated = desk
            .seat(Chooser::SignIn(&cookie), watcher, Key::None)
            .await;
        assert!(
            matches!(seated, Seated::Moved(Moved::Done(_))),
            "{seated:?}"
        );
        assert_eq!(desk.sent("new_sign_in").await, 0);
        for name in ["anna/Kids", "anna", "anna/Kids"] {
            let let_in = app(&desk, name, "anna-pass-1").await;
            assert!(matches!(let_in, AppSignIn::Answer(_)), "{name}");
            assert_eq!(desk.sent("new_sign_in").await, 1, "{name}");
        }
    }
}

#[tokio::test]
async fn each_place_tells_whose_seat_it_is_at_where_an_account_has_several() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let seats = async || {
            let overview = desk.accounts.overview(&owner).await.unwrap().unwrap();
            let places = overview.places.into_iter();
            let mut seats: Vec<(String, Option<String>)> = places
                .map(|place| (place.device, place.seat.map(|seat| seat.name)))
                .collect();
            seats.sort();
            seats
        };
        let named = |device: &str, seat: &str| (device.to_owned(), Some(seat.to_owned()));
        assert_eq!(seats().await, [(String::new(), None)]);
        let kids = make(&desk, &owner, &child("Kids")).await;
        app(&desk, "anna/Kids", "anna-pass-1").await;
        let expected = [named("", "anna"), named("Living room", "Kids")];
        assert_eq!(seats().await, expected);
        delete(&desk, &owner, kids.id).await;
        assert_eq!(seats().await, [named("", "anna")]);
    }
}

async fn program(desk: &Desk, owner: &WebSession, seat: Watcher) -> NewAppPassword {
    let visitor = at_home();
    let made = desk
        .accounts
        .make_app_password(owner, "Tablet", seat, None, &visitor);
    made.await.unwrap()
}

#[tokio::test]
async fn r37_an_app_password_is_good_for_the_seat_that_it_was_made_for_whatever_is_typed() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        make(&desk, &owner, &child("Teens")).await;
        let (annas, kid) = (desk.id("anna").owner(), kids.user.unwrap());
        for (seat, user, names, others) in [
            (
                Watcher::Owner,
                annas,
                ["anna", "Anna"],
                ["anna/Kids", "anna/"],
            ),
            (
                Watcher::Profile(kids.id),
                kid,
                ["anna", "anna/kids"],
                ["anna/Teens", "anna/anna"],
            ),
        ] {
            let NewAppPassword::Made(text) = program(&desk, &owner, seat).await else {
                panic!("none is made for {seat:?}");
            };
            for name in names {
                let let_in = app(&desk, name, text.reveal()).await;
                let (found, _) = whose(&desk, let_in).await;
                assert_eq!(found, user, "{name}");
            }
            for name in others {
                let refused = app(&desk, name, text.reveal()).await;
                assert!(matches!(refused, AppSignIn::Refused), "{name}: {refused:?}");
            }
        }
    }
}

#[tokio::test]
async fn r71_no_app_password_is_made_for_a_profile_that_is_not_there_or_another_accounts() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let signed_in = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&signed_in.cookie).await;
        let strange = program(&desk, &kim, Watcher::Profile(kids.id)).await;
        assert!(matches!(strange, NewAppPassword::NoSeat), "{strange:?}");
        delete(&desk, &owner, kids.id).await;
        let gone = program(&desk, &owner, Watcher::Profile(kids.id)).await;
        assert!(matches!(gone, NewAppPassword::NoSeat), "{gone:?}");
    }
}
