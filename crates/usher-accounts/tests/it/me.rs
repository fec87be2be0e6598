use std::time::Duration;

use serde_json::json;
use usher_accounts::me::{PasswordChange, PlaceId, StepUp};
use usher_accounts::sign_in::{AppForm, AppSignIn, WebSignIn};
use usher_domain::activity::Door;
use usher_domain::device::ClientIdentity;
use usher_domain::password::PasswordError;
use usher_domain::secret::SecretText;
use usher_standin::Fault;

use crate::desk::{Desk, at_home};

const NEW: &str = "seven green lamps";

/// Anna's television. Answers its token.
async fn television(desk: &Desk) -> SecretText {
    let identity = ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv".to_owned(),
        version: "0.18".to_owned(),
    };
    let password = SecretText::new("anna-pass-1");
    let form = AppForm {
        name: "anna",
        password: &password,
        identity: &identity,
    };
    let answer = desk.accounts.app_password(&form, &at_home()).await;
    let AppSignIn::Answer(body) = answer.unwrap() else {
        panic!("the television is let in");
    };
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    SecretText::new(body["AccessToken"].as_str().unwrap())
}

#[tokio::test]
async fn r48_a_place_is_seen_and_ended_at_once_and_jellyfin_hears_of_it_after_an_outage() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let tv = television(&desk).await;
    let session = desk.session(&anna.cookie).await;
    let accounts = &desk.accounts;
    let overview = accounts.overview(&session).await.unwrap().unwrap();
    assert_eq!(overview.places.len(), 2);
    let here = overview.places.iter().find(|place| place.is_this).unwrap();
    assert_eq!(
        (here.client.as_str(), here.door),
        ("Firefox on Linux", Door::Web)
    );
    let there = overview.places.iter().find(|place| !place.is_this).unwrap();
    assert_eq!(
        (there.client.as_str(), there.device.as_str(), there.door),
        ("Jellyfin Android TV", "Living room", Door::App)
    );
    let faults = desk.standin.faults();
    faults.set("/sessions/logout", Fault::Status(500));
    let ended = accounts.end_place(&session, there.id, &at_home()).await;
    assert!(ended.unwrap());
    faults.lift_all();
    assert!(desk.lives(&tv).await, "Jellyfin could not be told");
    let holder = accounts.holder(&tv, None, &at_home()).await.unwrap();
    assert_eq!(holder, None);
    let again = accounts.end_place(&session, there.id, &at_home()).await;
    assert!(!again.unwrap());
    let overview = accounts.overview(&session).await.unwrap().unwrap();
    assert_eq!(overview.places.len(), 1);
    desk.clock.advance(Duration::from_mins(2));
    accounts.sign_out_what_ended().await.unwrap();
    assert!(!desk.lives(&tv).await);
}

#[tokio::test]
async fn r48_what_jellyfin_does_not_let_be_signed_out_at_this_hour_ends_here_and_holds_nobody_up() {
    let desk = Desk::open().await;
    let attic = desk.signed_in("anna", "anna-pass-1", "attic").await;
    let tv = television(&desk).await;
    let here = desk.signed_in("anna", "anna-pass-1", "den").await;
    let session = desk.session(&here.cookie).await;
    let hours = |hours: serde_json::Value| {
        let mut state = desk.standin.state();
        let anna = state.user_named("anna").unwrap().id;
        let policy = &mut state.user_mut(anna).unwrap().policy;
        policy.insert("AccessSchedules".to_owned(), hours);
    };
    let night = json!([{ "DayOfWeek": "Everyday", "StartHour": 1.0, "EndHour": 2.0 }]);
    hours(night);
    let accounts = &desk.accounts;
    let ended = accounts.end_other_places(&session, &at_home()).await;
    assert_eq!(ended.unwrap(), 2);
    for token in [&tv, &attic.token] {
        let holder = accounts.holder(token, None, &at_home()).await.unwrap();
        assert_eq!(holder, None);
    }
    accounts.sign_out(&session, &at_home()).await.unwrap();
    // Another account's token waits behind those, and ends all the same.
    let kim = desk.signed_in("kim", "kim-pass-1", "sofa").await;
    let kims = desk.session(&kim.cookie).await;
    desk.standin
        .faults()
        .set("/sessions/logout", Fault::Status(503));
    accounts.sign_out(&kims, &at_home()).await.unwrap();
    desk.standin.faults().lift_all();
    desk.clock.advance(Duration::from_mins(2));
    accounts.sign_out_what_ended().await.unwrap();
    assert!(!desk.lives(&kim.token).await);
    hours(json!([]));
    assert!(desk.lives(&tv).await, "it could not be ended there yet");
    desk.clock.advance(Duration::from_mins(16));
    accounts.sign_out_what_ended().await.unwrap();
    for token in [&tv, &attic.token, &here.token] {
        assert!(!desk.lives(token).await);
    }
}

#[tokio::test]
async fn r48_nobody_ends_a_place_of_somebody_else() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let kim = desk.signed_in("kim", "kim-pass-1", "attic").await;
    let (hers, theirs) = (
        desk.session(&anna.cookie).await,
        desk.session(&kim.cookie).await,
    );
    let token = desk.store.tokens(desk.id("anna")).await.unwrap().remove(0);
    for place in [PlaceId::Token(token.id), PlaceId::Session(hers.id)] {
        let ended = desk.accounts.end_place(&theirs, place, &at_home()).await;
        assert!(!ended.unwrap());
    }
    assert!(desk.lives(&anna.token).await);
}

#[tokio::test]
async fn r48_every_other_place_ends_and_then_this_one() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let attic = desk.signed_in("anna", "anna-pass-1", "attic").await;
    let tv = television(&desk).await;
    let session = desk.session(&anna.cookie).await;
    let accounts = &desk.accounts;
    let ended = accounts.end_other_places(&session, &at_home()).await;
    assert_eq!(ended.unwrap(), 2);
    assert!(!desk.lives(&tv).await && !desk.lives(&attic.token).await);
    let gone = accounts.web_session(&attic.cookie).await.unwrap();
    assert!(gone.is_none());
    assert!(desk.lives(&anna.token).await);
    accounts.sign_out(&session, &at_home()).await.unwrap();
    assert!(!desk.lives(&anna.token).await);
    let gone = accounts.web_session(&anna.cookie).await.unwrap();
    assert!(gone.is_none());
}

#[tokio::test]
async fn r44_a_password_typed_again_renews_the_cookie() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    desk.clock.advance(Duration::from_mins(11));
    let session = desk.session(&anna.cookie).await;
    let accounts = &desk.accounts;
    assert!(!accounts.is_fresh(&session));
    let wrong = SecretText::new("not her password");
    let step = accounts.step_up(&session, &wrong, &at_home()).await;
    assert!(matches!(step.unwrap(), StepUp::Wrong));
    let right = SecretText::new("anna-pass-1");
    let step = accounts.step_up(&session, &right, &at_home()).await;
    let StepUp::Done(cookie) = step.unwrap() else {
        panic!("the password is right");
    };
    assert!(accounts.is_fresh(&desk.session(&cookie).await));
    let old = accounts.web_session(&anna.cookie).await.unwrap();
    assert!(old.is_none());
    assert!(desk.lives(&anna.token).await, "the trial ends no session");
}

#[tokio::test]
async fn r7_an_outage_during_a_step_up_costs_no_try() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let session = desk.session(&anna.cookie).await;
    let right = SecretText::new("anna-pass-1");
    let faults = desk.standin.faults();
    faults.set("/users", Fault::Status(503));
    for _ in 0..20 {
        let step = desk.accounts.step_up(&session, &right, &at_home()).await;
        assert!(step.is_err());
    }
    faults.lift_all();
    desk.clock.advance(Duration::from_secs(31));
    let step = desk.accounts.step_up(&session, &right, &at_home()).await;
    assert!(matches!(step.unwrap(), StepUp::Done(_)));
}

#[tokio::test]
async fn r47_a_changed_password_ends_every_other_place_and_gives_this_one_a_new_token() {
    let desk = Desk::open().await;
    let anna = desk.with_address("anna", "anna@example.org").await;
    let attic = desk.signed_in("anna", "anna-pass-1", "attic").await;
    let session = desk.session(&anna.cookie).await;
    let accounts = &desk.accounts;
    let (present, new) = (SecretText::new("anna-pass-1"), SecretText::new(NEW));
    let change = async |present: &SecretText, new: &SecretText| {
        let visitor = at_home();
        let changed = accounts.change_password(&session, present, new, &visitor);
        changed.await.unwrap()
    };
    assert!(matches!(
        change(&present, &SecretText::new("anna1234")).await,
        PasswordChange::Refused(PasswordError::Common)
    ));
    assert!(matches!(
        change(&new, &new).await,
        PasswordChange::WrongPresent
    ));
    assert!(desk.lives(&attic.token).await);
    let PasswordChange::Done(signed_in) = change(&present, &new).await else {
        panic!("the password is changed");
    };
    assert!(!desk.lives(&attic.token).await && !desk.lives(&anna.token).await);
    assert!(desk.lives(&signed_in.token).await);
    assert_eq!(signed_in.device_id, anna.device_id);
    for old in [&anna.cookie, &attic.cookie] {
        assert!(accounts.web_session(old).await.unwrap().is_none());
    }
    assert_eq!(
        desk.session(&signed_in.cookie).await.account,
        desk.id("anna")
    );
    assert_eq!(desk.sent("password_changed").await, 1);
    assert!(matches!(
        desk.web("anna", "anna-pass-1", "attic").await,
        WebSignIn::Wrong
    ));
    assert!(matches!(
        desk.web("anna", NEW, "attic").await,
        WebSignIn::Done(_)
    ));
}

#[tokio::test]
async fn the_page_of_an_account_that_is_switched_off_ends_its_session() {
    let desk = Desk::open().await;
    let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
    let session = desk.session(&anna.cookie).await;
    let off = true.into();
    for user in &mut desk.standin.state().users {
        if user.name == "anna" {
            user.policy
                .insert("IsDisabled".to_owned(), serde_json::Value::clone(&off));
        }
    }
    desk.accounts.look_at_users().await.unwrap();
    let overview = desk.accounts.overview(&session).await.unwrap();
    assert!(overview.is_none());
    let gone = desk.accounts.web_session(&anna.cookie).await.unwrap();
    assert!(gone.is_none());
}
