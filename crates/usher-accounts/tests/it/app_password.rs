//! App passwords: one program's each, good at an app's form alone, ended with their tokens.
use std::time::Duration;

use futures_util::future::join_all;
use usher_accounts::WebSession;
use usher_accounts::app_password::NewAppPassword;
use usher_accounts::limits::Whose;
use usher_accounts::me::StepUp;
use usher_accounts::sign_in::{AppSignIn, WebSignIn};
use usher_domain::activity::{Activity, Door};
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::SecretText;

use crate::desk::{Desk, at_home, from};
use crate::used_up::use_up;

const DAY: Duration = Duration::from_hours(24);

impl Desk {
    async fn fresh(&self, name: &str) -> WebSession {
        let password = format!("{name}-pass-1");
        let cookie = self.signed_in(name, &password, "setting").await.cookie;
        self.session(&cookie).await
    }

    async fn make(&self, session: &WebSession, good_for: Option<Duration>) -> NewAppPassword {
        let visitor = at_home();
        let made = self.accounts.make_app_password(
            session,
            " Radio\n",
            Watcher::Owner,
            good_for,
            &visitor,
        );
        made.await.unwrap()
    }

    async fn made(&self, session: &WebSession) -> String {
        match self.make(session, None).await {
            NewAppPassword::Made(text) => text.grouped(),
            other => panic!("none was made: {other:?}"),
        }
    }

    async fn program(&self, name: &str, password: &str) -> AppSignIn {
        self.press_from(name, password, "radio", &at_home()).await
    }
}

fn token_in(answer: &AppSignIn) -> SecretText {
    let AppSignIn::Answer(body) = answer else {
        panic!("not let in: {answer:?}");
    };
    let read: serde_json::Value = serde_json::from_slice(body).unwrap();
    SecretText::new(read["AccessToken"].as_str().unwrap())
}

#[tokio::test]
async fn r37_an_app_password_lets_a_program_in_beside_a_second_factor_and_ends_with_its_token() {
    for desk in Desk::open_all().await {
        let (_, _, session) = desk.with_app("anna").await;
        let text = desk.made(&session).await;
        assert_eq!(
            desk.sent("app_password_made").await,
            0,
            "there is no address"
        );
        let answer = desk.program("anna", &text).await;
        let token = token_in(&answer);
        assert!(desk.lives(&token).await);
        let [known] = desk.tokens_on("radio").await.try_into().unwrap();
        let accounts = &desk.accounts;
        let [one] = accounts
            .app_passwords(&session)
            .await
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(
            (known.door, known.app_password),
            (Door::AppPassword, Some(one.id))
        );
        assert_eq!(
            (one.name.as_str(), one.used),
            ("Radio", Some(accounts.now()))
        );
        let visitor = at_home();
        let ended = accounts.end_app_password(&session, one.id, &visitor).await;
        assert!(ended.unwrap());
        assert!(!desk.lives(&token).await);
        assert!(desk.tokens_on("radio").await.is_empty());
        let refused = desk.program("anna", &text).await;
        assert!(matches!(refused, AppSignIn::Refused));
        let again = accounts.end_app_password(&session, one.id, &visitor).await;
        assert!(!again.unwrap());
        let lines = accounts.activities_of(session.account, 50).await.unwrap();
        for what in [Activity::AppPasswordMade, Activity::AppPasswordEnded] {
            assert!(lines.iter().any(|line| line.what == what), "{what:?}");
        }
    }
}

#[tokio::test]
async fn r37_it_is_good_for_no_other_door_no_other_account_and_no_proof() {
    let desk = Desk::open().await;
    let session = desk.fresh("anna").await;
    let text = desk.made(&session).await;
    let on_web = desk.web("anna", &text, "laptop").await;
    assert!(matches!(on_web, WebSignIn::Wrong));
    let proof = SecretText::new(text.as_str());
    let proved = desk.accounts.step_up(&session, &proof, &at_home()).await;
    assert!(matches!(proved.unwrap(), StepUp::Wrong));
    for name in ["kim", "nobody"] {
        let strange = desk.program(name, &text).await;
        assert!(matches!(strange, AppSignIn::Refused), "{name}");
    }
    token_in(&desk.program("anna", &text.to_lowercase()).await);
}

#[tokio::test]
async fn r38_making_one_needs_a_fresh_proof_and_a_name() {
    let desk = Desk::open().await;
    let session = desk.fresh("anna").await;
    let visitor = at_home();
    let nameless = desk
        .accounts
        .make_app_password(&session, " \n", Watcher::Owner, None, &visitor);
    assert!(matches!(nameless.await.unwrap(), NewAppPassword::NoName));
    desk.clock.advance(Duration::from_mins(11));
    let stale = desk.make(&session, None).await;
    assert!(matches!(stale, NewAppPassword::StepUp));
}

#[tokio::test]
async fn administrators_have_none_also_who_becomes_one_later() {
    let desk = Desk::open().await;
    let root = desk.fresh("root").await;
    let refused = desk.make(&root, None).await;
    assert!(matches!(refused, NewAppPassword::Administrator));
    let session = desk.fresh("anna").await;
    let text = desk.made(&session).await;
    desk.set_policy("anna", "IsAdministrator", true).await;
    let later = desk.program("anna", &text).await;
    assert!(matches!(later, AppSignIn::Refused));
}

#[tokio::test]
async fn one_that_ran_out_or_whose_user_is_switched_off_lets_nobody_in() {
    let desk = Desk::open().await;
    let session = desk.fresh("anna").await;
    let NewAppPassword::Made(month) = desk.make(&session, Some(DAY * 30)).await else {
        panic!("one is made");
    };
    desk.set_policy("anna", "IsDisabled", true).await;
    let off = desk.program("anna", month.reveal()).await;
    assert!(matches!(off, AppSignIn::Refused));
    desk.set_policy("anna", "IsDisabled", false).await;
    token_in(&desk.program("anna", month.reveal()).await);
    desk.clock.advance(DAY * 30);
    let late = desk.program("anna", month.reveal()).await;
    assert!(matches!(late, AppSignIn::Refused));
}

#[tokio::test]
async fn r37_an_account_has_twenty_five_at_most_however_many_are_made_at_once() {
    for desk in Desk::open_all().await {
        let session = desk.fresh("anna").await;
        let made = join_all((0..32).map(|_| desk.make(&session, None))).await;
        let is_made = |one: &&NewAppPassword| matches!(one, NewAppPassword::Made(_));
        assert_eq!(made.iter().filter(is_made).count(), 25);
    }
}

#[tokio::test]
async fn a_right_app_password_washes_no_wrong_password_away() {
    let desk = Desk::open().await;
    let session = desk.fresh("anna").await;
    let text = desk.made(&session).await;
    let mut answers = Vec::new();
    for number in 0..8 {
        answers.push(desk.program("anna", &format!("guess-{number}")).await);
        desk.program("anna", &text).await;
    }
    assert!(
        answers
            .iter()
            .any(|answer| matches!(answer, AppSignIn::Wait(_)))
    );
}

#[tokio::test]
async fn r37_a_program_comes_in_however_many_passwords_were_wrong() {
    for desk in Desk::open_all().await {
        let session = desk.fresh("anna").await;
        let text = desk.made(&session).await;
        use_up(&desk, Whose::Account(session.account)).await;
        for number in 0..6 {
            desk.program("anna", &format!("guess-{number}")).await;
        }
        let waits = desk.program("anna", "guess").await;
        assert!(matches!(waits, AppSignIn::Wait(_)), "{waits:?}");
        token_in(&desk.program("anna", &text).await);
    }
}

#[tokio::test]
async fn a_program_that_goes_on_with_an_ended_app_password_waits_by_itself_and_locks_nobody_out() {
    for desk in Desk::open_all().await {
        let session = desk.fresh("anna").await;
        let text = desk.made(&session).await;
        let of_account = desk.accounts.app_passwords(&session).await.unwrap();
        let (one, visitor) = (of_account[0].id, at_home());
        let ended = desk.accounts.end_app_password(&session, one, &visitor);
        assert!(ended.await.unwrap());
        let abroad = from("203.0.113.7");
        for name in ["anna", "nobody"] {
            let mut waits = 0;
            for _ in 0..120 {
                let answer = desk.press_from(name, &text, "radio", &abroad).await;
                if let AppSignIn::Wait(span) = answer {
                    waits += 1;
                    desk.clock.advance(span);
                }
            }
            assert!(waits > 0, "{name}");
            let wrong = desk.program(name, "wrong").await;
            assert!(matches!(wrong, AppSignIn::Refused), "{name}: {wrong:?}");
        }
        token_in(&desk.program("anna", "anna-pass-1").await);
    }
}

#[tokio::test]
async fn a_password_that_looks_like_an_app_password_is_a_password_all_the_same() {
    let desk = Desk::open().await;
    let looks_so = "three small grey old cats 777";
    let new = SecretText::new(looks_so);
    desk.jellyfin
        .set_password(desk.id("anna").owner(), &new)
        .await
        .unwrap();
    token_in(&desk.program("anna", looks_so).await);
}
