//! Quick Connect: a screen asks, a person approves, the secret passes once.
use std::time::Duration;

use bytes::Bytes;
use usher_accounts::me::PasswordChange;
use usher_accounts::quick_connect::{Admitted, Approval, ScreenFor};
use usher_domain::account::SetUpWay;
use usher_domain::activity::{Activity, Door};
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;
use usher_domain::settings::QuickConnectPolicy;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Credential;
use usher_standin::Fault;
use usher_store::WebSession;

use crate::desk::{Desk, at_home, from};

/// A screen in the living room.
struct Screen {
    code: String,
    secret: SecretText,
}

fn television() -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv-1".to_owned(),
        version: "0.19.0".to_owned(),
    }
}

async fn post(desk: &Desk, path: &str, body: Bytes) -> Bytes {
    let identity = television();
    let credential = Credential {
        identity: Some(&identity),
        token: None,
    };
    let answer = desk.jellyfin.post(path, &credential, body).await.unwrap();
    answer.body
}

/// A screen asks for a code from this address.
async fn ask_from(desk: &Desk, visitor: &Visitor) -> Screen {
    let answer = post(desk, "/QuickConnect/Initiate", Bytes::new()).await;
    let accounts = &desk.accounts;
    let kept = accounts
        .quick_connect_asked(&answer, Some(&television()), visitor)
        .await;
    kept.unwrap();
    let read: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    let text = |name: &str| read[name].as_str().unwrap().to_owned();
    Screen {
        code: text("Code"),
        secret: SecretText::new(text("Secret")),
    }
}

async fn ask(desk: &Desk) -> Screen {
    ask_from(desk, &at_home()).await
}

/// Jellyfin's answer to the secret.
async fn redeem(desk: &Desk, screen: &Screen) -> Bytes {
    let body = format!(r#"{{"Secret":"{}"}}"#, screen.secret.reveal());
    post(desk, "/Users/AuthenticateWithQuickConnect", body.into()).await
}

fn token_in(answer: &Bytes) -> SecretText {
    let read: serde_json::Value = serde_json::from_slice(answer).unwrap();
    SecretText::new(read["AccessToken"].as_str().unwrap())
}

async fn anna(desk: &Desk) -> WebSession {
    let cookie = desk.signed_in("anna", "anna-pass-1", "phone").await.cookie;
    desk.session(&cookie).await
}

async fn approve(desk: &Desk, session: &WebSession, code: &str) -> Approval {
    let approved = desk
        .accounts
        .approve_screen(session, code, ScreenFor::OWNER, &at_home())
        .await;
    approved.unwrap()
}

#[tokio::test]
async fn r58_a_screen_is_shown_approved_once_and_its_token_is_known_before_it_has_it() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    let accounts = &desk.accounts;
    let shown = accounts
        .waiting_screen(&session, &screen.code, &at_home())
        .await;
    let shown = shown.unwrap().unwrap();
    assert_eq!(
        (
            shown.device.as_str(),
            shown.client.as_str(),
            shown.masked_address.as_str()
        ),
        ("Living room", "Jellyfin Android TV", "192.168.…")
    );
    assert!(shown.same_network);
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
    // Pressed twice.
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
    let kim = desk.signed_in("kim", "kim-pass-1", "laptop").await;
    let kim = desk.session(&kim.cookie).await;
    let stranger = approve(&desk, &kim, &screen.code).await;
    assert_eq!(stranger, Approval::Unknown);
    assert!(accounts.use_secret(&screen.secret).await.unwrap());
    let late = approve(&desk, &session, &screen.code).await;
    assert_eq!(late, Approval::Unknown);
    assert!(!accounts.use_secret(&screen.secret).await.unwrap());
    let answer = redeem(&desk, &screen).await;
    let admitted = accounts
        .screen_signed_in(&screen.secret, &answer, &at_home())
        .await;
    assert_eq!(admitted.unwrap(), Admitted::Yes);
    let holder = accounts.holder(&token_in(&answer), None, &at_home()).await;
    assert!(holder.unwrap().is_some());
    let lines = accounts.activities_of(session.account, 9).await.unwrap();
    let door = Door::QuickConnect;
    let profile = None;
    for what in [
        Activity::SignedIn {
            door,
            profile: None,
        },
        Activity::QuickConnectApproved { profile },
    ] {
        let times = lines.iter().filter(|line| line.what == what).count();
        assert_eq!(times, 1, "{what:?}");
    }
}

#[tokio::test]
async fn of_two_people_who_approve_one_code_at_once_one_does() {
    for desk in Desk::open_all().await {
        let screen = ask(&desk).await;
        let (anna, kim) = (desk.id("anna").owner(), desk.id("kim").owner());
        let visitor = at_home();
        let both = tokio::join!(
            desk.accounts
                .approve_by_client(anna, &screen.code, &visitor),
            desk.accounts.approve_by_client(kim, &screen.code, &visitor),
        );
        let both = [both.0.unwrap(), both.1.unwrap()];
        let done = both.iter().filter(|it| **it == Approval::Done).count();
        assert_eq!(done, 1, "{both:?}");
    }
}

#[tokio::test]
async fn a_secret_that_jellyfin_did_not_take_yet_can_be_shown_again() {
    let desk = Desk::open().await;
    let screen = ask(&desk).await;
    assert!(desk.accounts.use_secret(&screen.secret).await.unwrap());
    desk.accounts
        .give_secret_back(&screen.secret)
        .await
        .unwrap();
    assert!(desk.accounts.use_secret(&screen.secret).await.unwrap());
}

#[tokio::test]
async fn whoever_may_not_come_lets_no_screen_in() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    desk.set_policy("anna", "IsDisabled", true).await;
    assert_eq!(
        approve(&desk, &session, &screen.code).await,
        Approval::Refused
    );
    desk.set_policy("anna", "IsDisabled", false).await;
    desk.set_policy("anna", "EnableRemoteAccess", false).await;
    let abroad = ask_from(&desk, &from("203.0.113.9")).await;
    assert_eq!(
        approve(&desk, &session, &abroad.code).await,
        Approval::Refused
    );
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
}

#[tokio::test]
async fn a_screen_whose_user_was_shut_out_meanwhile_gets_nothing_and_its_token_ends() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
    let answer = redeem(&desk, &screen).await;
    // Only here: Jellyfin still takes the token.
    let tx = desk.store.begin().await.unwrap();
    let set_up = usher_domain::account::SetUp {
        way: SetUpWay::Code,
        until: desk.accounts.now(),
        anywhere: false,
    };
    tx.await_set_up(session.account, &set_up).await.unwrap();
    tx.commit().await.unwrap();
    let accounts = &desk.accounts;
    let admitted = accounts
        .screen_signed_in(&screen.secret, &answer, &at_home())
        .await;
    assert_eq!(admitted.unwrap(), Admitted::No);
    assert!(!desk.lives(&token_in(&answer)).await);
}

#[tokio::test]
async fn a_screen_from_a_network_that_its_user_may_not_come_from_gets_nothing() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    desk.set_policy("anna", "EnableRemoteAccess", false).await;
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
    let answer = redeem(&desk, &screen).await;
    let abroad = from("203.0.113.9");
    let accounts = &desk.accounts;
    let admitted = accounts
        .screen_signed_in(&screen.secret, &answer, &abroad)
        .await;
    assert_eq!(admitted.unwrap(), Admitted::No);
    assert!(!desk.lives(&token_in(&answer)).await);
}

#[tokio::test]
async fn r58_after_five_wrong_codes_in_ten_minutes_the_right_one_waits_too() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    let wrong = crate::desk::another(&screen.code);
    let visitor = at_home();
    let guesses = (0..64).map(|_| {
        desk.accounts
            .approve_screen(&session, &wrong, ScreenFor::OWNER, &visitor)
    });
    let mut unknown = 0;
    for guessed in futures_util::future::join_all(guesses).await {
        match guessed.unwrap() {
            Approval::Unknown => unknown += 1,
            Approval::Wait(span) => assert!(span <= Duration::from_mins(10)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(unknown, 5);
    let waits = approve(&desk, &session, &screen.code).await;
    assert!(matches!(waits, Approval::Wait(_)));
    let shown = desk
        .accounts
        .waiting_screen(&session, &screen.code, &visitor);
    assert!(shown.await.unwrap().is_none());
    desk.clock.advance(Duration::from_mins(10));
    let later = ask(&desk).await;
    assert_eq!(approve(&desk, &session, &later.code).await, Approval::Done);
}

#[tokio::test]
async fn looking_at_the_right_code_costs_nothing_however_often() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    for _again in 0..12 {
        let shown = desk
            .accounts
            .waiting_screen(&session, &screen.code, &at_home())
            .await;
        assert!(shown.unwrap().is_some());
    }
    assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
}

#[tokio::test]
async fn an_outage_costs_nothing_and_the_same_code_is_approved_afterwards() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    desk.standin
        .faults()
        .set("/QuickConnect/Authorize", Fault::Refuse);
    let code = &screen.code;
    let broken = desk
        .accounts
        .approve_screen(&session, code, ScreenFor::OWNER, &at_home())
        .await;
    assert!(broken.is_err());
    desk.standin.faults().lift_all();
    assert_eq!(approve(&desk, &session, code).await, Approval::Done);
}

#[tokio::test]
async fn switched_off_here_no_code_is_given_shown_or_approved() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    let accounts = &desk.accounts;
    assert!(accounts.may_ask_for_code(&at_home()).await.unwrap());
    let off = QuickConnectPolicy { enabled: false };
    accounts.set_quick_connect(off).await.unwrap();
    assert!(!accounts.may_ask_for_code(&at_home()).await.unwrap());
    let shown = accounts
        .waiting_screen(&session, &screen.code, &at_home())
        .await;
    assert!(shown.unwrap().is_none());
    assert_eq!(
        approve(&desk, &session, &screen.code).await,
        Approval::Unknown
    );
}

#[tokio::test]
async fn a_code_is_good_for_ten_minutes_and_one_that_is_none_is_not_looked_up() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    for typed in ["", "12345", "abcdef", "١٢٣٤٥٦"] {
        assert_eq!(approve(&desk, &session, typed).await, Approval::Unknown);
    }
    desk.clock.advance(Duration::from_mins(11));
    assert_eq!(
        approve(&desk, &session, &screen.code).await,
        Approval::Unknown
    );
}

#[tokio::test]
async fn a_code_from_elsewhere_must_be_typed_and_so_where_addresses_are_not_exact() {
    let desk = Desk::open().await;
    let (session, screen) = (anna(&desk).await, ask(&desk).await);
    let vague = Visitor::new(at_home().address, false, "Firefox");
    for visitor in [from("203.0.113.9"), vague] {
        let shown = desk
            .accounts
            .waiting_screen(&session, &screen.code, &visitor);
        assert!(!shown.await.unwrap().unwrap().same_network);
    }
}

#[tokio::test]
async fn a_code_that_two_screens_show_is_unknown_and_neither_is_let_in() {
    for desk in Desk::open_all().await {
        let (session, screen) = (anna(&desk).await, ask(&desk).await);
        let twin = format!(r#"{{"Code":"{}","Secret":"another"}}"#, screen.code);
        let kept = desk
            .accounts
            .quick_connect_asked(&twin.into(), Some(&television()), &from("203.0.113.9"))
            .await;
        kept.unwrap();
        let code = &screen.code;
        let shown = desk
            .accounts
            .waiting_screen(&session, code, &at_home())
            .await;
        assert!(shown.unwrap().is_none());
        assert_eq!(approve(&desk, &session, code).await, Approval::Unknown);
        let client = desk
            .accounts
            .approve_by_client(session.account.owner(), code, &at_home())
            .await;
        assert_eq!(client.unwrap(), Approval::Unknown);
        let answer = redeem(&desk, &screen).await;
        assert!(!String::from_utf8_lossy(&answer).contains("AccessToken"));
    }
}

#[tokio::test]
async fn jellyfins_refusal_of_a_code_is_nothing_to_keep() {
    let desk = Desk::open().await;
    let refusal = Bytes::from_static(b"\"Quick connect is disabled\"");
    let kept = desk
        .accounts
        .quick_connect_asked(&refusal, None, &at_home())
        .await;
    kept.unwrap();
}

#[tokio::test]
async fn r47_what_was_approved_before_everything_ended_lets_no_screen_in_whenever_it_is_redeemed() {
    for desk in Desk::open_all().await {
        let (session, visitor) = (anna(&desk).await, at_home());
        let accounts = &desk.accounts;
        let (redeeming, refused) = (ask(&desk).await, ask(&desk).await);
        for screen in [&redeeming, &refused] {
            assert_eq!(approve(&desk, &session, &screen.code).await, Approval::Done);
            assert!(accounts.use_secret(&screen.secret).await.unwrap());
        }
        let answer = redeem(&desk, &redeeming).await;
        let (old, new) = (
            SecretText::new("anna-pass-1"),
            SecretText::new("seven green lamps"),
        );
        let changed = accounts.change_password(&session, &old, &new, &visitor);
        assert!(matches!(changed.await.unwrap(), PasswordChange::Done(_)));
        let let_in = accounts
            .screen_signed_in(&redeeming.secret, &answer, &visitor)
            .await;
        assert_eq!(let_in.unwrap(), Admitted::No);
        accounts.give_secret_back(&refused.secret).await.unwrap();
        assert!(!accounts.use_secret(&refused.secret).await.unwrap());
    }
}
