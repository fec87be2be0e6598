//! The mail about a sign-in on a new device, and "this was not me".
use std::time::Duration;

use usher_accounts::Disowned;
use usher_accounts::reset::NewPassword;
use usher_accounts::sign_in::{AppForm, AppSignIn, WebSignIn};
use usher_domain::activity::Activity;
use usher_domain::device::ClientIdentity;
use usher_domain::mail::Wish;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_standin::Fault;
use usher_store::KeptMail;

use crate::desk::{Desk, at_home, from, token_of};

const ANNA: &str = "anna@example.org";
const NEW: &str = "seven green lamps";
const DAY: Duration = Duration::from_hours(24);

/// Anna signs in at an app on this device.
async fn app(desk: &Desk, device_id: &str) -> SecretText {
    let identity = ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Attic".to_owned(),
        device_id: device_id.to_owned(),
        version: "0.19".to_owned(),
    };
    let password = SecretText::new("anna-pass-1");
    let form = AppForm {
        name: "anna",
        password: &password,
        identity: &identity,
    };
    let answer = desk
        .accounts
        .app_password(&form, &from("203.0.113.9"))
        .await;
    let AppSignIn::Answer(body) = answer.unwrap() else {
        panic!("the app is let in");
    };
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    SecretText::new(body["AccessToken"].as_str().unwrap())
}

async fn anna(desk: &Desk, device_id: &str) {
    desk.signed_in("anna", "anna-pass-1", device_id).await;
}

/// The link of the newest mail about a new sign-in.
async fn not_me(desk: &Desk) -> OpaqueToken {
    let mails = desk.mails().await;
    let mail = mails.iter().find(|mail| mail.kind == "new_sign_in");
    link(mail.unwrap())
}

fn link(mail: &KeptMail) -> OpaqueToken {
    let (_, rest) = mail.text.split_once("/usher/not-me#").unwrap();
    OpaqueToken::parse(rest.get(..43).unwrap()).unwrap()
}

async fn disown(desk: &Desk, link: &OpaqueToken) -> Disowned {
    let accounts = &desk.accounts;
    accounts.disown_sign_in(link, &at_home()).await.unwrap()
}

#[tokio::test]
async fn r39_a_sign_in_on_a_new_device_is_told_once_and_the_first_of_an_account_is_not() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        anna(&desk, "setting").await;
        assert_eq!(desk.sent("new_sign_in").await, 0);
        anna(&desk, "den").await;
        anna(&desk, "den").await;
        assert_eq!(desk.sent("new_sign_in").await, 1);
        desk.clock.advance(Duration::from_secs(1));
        app(&desk, "tv").await;
        app(&desk, "tv").await;
        assert_eq!(desk.sent("new_sign_in").await, 2);
        let mail = desk.mail_to(ANNA).await;
        assert_eq!(mail.kind, "new_sign_in");
        assert!(mail.text.contains("Attic"), "{}", mail.text);
        assert!(mail.text.contains("203.0.…"), "{}", mail.text);
        // Another program on the same device is another sign-in; so is one that was away for a long time.
        anna(&desk, "tv").await;
        assert_eq!(desk.sent("new_sign_in").await, 3);
        desk.clock.advance(91 * DAY);
        anna(&desk, "den").await;
        assert_eq!(desk.sent("new_sign_in").await, 4);
        // Nobody can be told without an address.
        desk.signed_in("kim", "kim-pass-1", "one").await;
        desk.signed_in("kim", "kim-pass-1", "two").await;
        assert_eq!(desk.sent("new_sign_in").await, 4);
    }
}

#[tokio::test]
async fn r39_this_was_not_me_ends_everything_and_only_a_new_password_signs_in() {
    for desk in Desk::open_all().await {
        let own = desk.with_address("anna", ANNA).await;
        let stolen = app(&desk, "thief").await;
        let link = not_me(&desk).await;
        assert_eq!(disown(&desk, &link).await, Disowned::Mailed);
        for token in [&own.token, &stolen] {
            assert!(!desk.lives(token).await);
            let holder = desk.accounts.holder(token, None, &at_home()).await;
            assert_eq!(holder.unwrap(), None);
        }
        let session = desk.accounts.web_session(&own.cookie).await.unwrap();
        assert!(session.is_none());
        let old = desk.web("anna", "anna-pass-1", "thief").await;
        assert!(matches!(old, WebSignIn::Wrong), "{old:?}");
        assert_eq!(disown(&desk, &link).await, Disowned::Spent);
        let lines = desk.accounts.activities_of(desk.id("anna"), 20).await;
        let mut lines = lines.unwrap().into_iter();
        assert!(lines.any(|line| line.what == Activity::SignInDisowned));
        let mail = desk.mail_to(ANNA).await;
        assert_eq!(mail.kind, "reset");
        let proof = token_of(mail.link.as_deref().unwrap());
        let password = SecretText::new(NEW);
        let visitor = at_home();
        let accounts = &desk.accounts;
        let chosen = accounts.choose_new_password(&proof, &password, &visitor);
        assert!(matches!(chosen.await.unwrap(), NewPassword::Set));
        desk.signed_in("anna", NEW, "setting").await;
        assert_eq!(desk.sent("password_changed").await, 1);
    }
}

#[tokio::test]
async fn r39_while_jellyfin_is_away_this_was_not_me_ends_everything_here_at_once_and_there_afterwards()
 {
    for desk in Desk::open_all().await {
        let own = desk.with_address("anna", ANNA).await;
        let stolen = app(&desk, "thief").await;
        let link = not_me(&desk).await;
        desk.standin.faults().set("", Fault::Refuse);
        assert_eq!(disown(&desk, &link).await, Disowned::Mailed);
        desk.standin.faults().lift_all();
        for token in [&own.token, &stolen] {
            let holder = desk.accounts.holder(token, None, &at_home()).await;
            assert_eq!(holder.unwrap(), None);
        }
        assert_eq!(desk.mail_to(ANNA).await.kind, "reset");

        // The job of every half minute, again and again: with Jellyfin away, while it was just tried, and then.
        let faults = desk.standin.faults();
        faults.set("", Fault::Refuse);
        desk.accounts.sign_out_what_ended().await.unwrap_err();
        faults.lift_all();
        desk.accounts.sign_out_what_ended().await.unwrap();
        for token in [&own.token, &stolen] {
            assert!(desk.lives(token).await);
        }
        desk.clock.advance(Duration::from_mins(1));
        faults.forget_counts();
        desk.accounts.sign_out_what_ended().await.unwrap();
        assert_eq!(faults.asked("POST /Sessions/Logout"), 2);
        for token in [&own.token, &stolen] {
            assert!(!desk.lives(token).await);
        }
        desk.clock.advance(DAY);
        desk.accounts.sign_out_what_ended().await.unwrap();
        assert_eq!(faults.asked("POST /Sessions/Logout"), 2, "it is done");
    }
}

#[tokio::test]
async fn r40_a_thief_who_changed_the_address_is_mailed_no_link_for_a_password() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        let thief = desk.signed_in("anna", "anna-pass-1", "thief").await;
        let link = not_me(&desk).await;
        let session = desk.session(&thief.cookie).await;
        desk.prove(&session, "thief@example.org").await;
        assert_eq!(disown(&desk, &link).await, Disowned::Ended);
        assert_eq!(desk.sent("reset").await, 0);
        assert!(!desk.lives(&thief.token).await);
        let open = desk.accounts.open_requests().await.unwrap();
        let wishes: Vec<Wish> = open.iter().map(|request| request.wish).collect();
        assert_eq!(wishes, [Wish::PasswordReset]);
    }
}

#[tokio::test]
async fn r39_a_link_is_good_for_seven_days_and_dies_with_the_first_that_is_pressed() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        anna(&desk, "one").await;
        let first = not_me(&desk).await;
        anna(&desk, "two").await;
        let second = not_me(&desk).await;
        desk.clock.advance(6 * DAY);
        assert_eq!(disown(&desk, &second).await, Disowned::Mailed);
        assert_eq!(disown(&desk, &first).await, Disowned::Spent);
    }
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        anna(&desk, "one").await;
        let link = not_me(&desk).await;
        desk.clock.advance(7 * DAY);
        assert_eq!(disown(&desk, &link).await, Disowned::Spent);
        let kept = desk.web("anna", "anna-pass-1", "one").await;
        assert!(matches!(kept, WebSignIn::Done(_)), "{kept:?}");
    }
}
