//! Everything of an account ends: whoever was on the way in, and whatever fails in between.
use std::time::Duration;

use usher_accounts::admin::{Admin, Created, Edited};
use usher_accounts::dashboard::PasswordSet;
use usher_accounts::me::{PasswordChange, StepUp};
use usher_accounts::reset::{NewPassword, ResetAsked};
use usher_accounts::sign_in::{AppForm, AppSignIn, FirstTimeForm, SignedIn, WebSignIn};
use usher_accounts::web_session::Opened;
use usher_accounts::{Accounts, FirstPassword, Options};
use usher_domain::account::SetUpWay;
use usher_domain::device::ClientIdentity;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::AccountId;
use usher_domain::mail::Actor;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::settings::Requirement;
use usher_jellyfin::Authenticated;
use usher_standin::Fault;

use crate::desk::{Desk, at_home, options, token_of};

const NEW: &str = "seven green lamps";

fn television() -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Living room".to_owned(),
        device_id: "tv".to_owned(),
        version: "0.18".to_owned(),
    }
}

/// Who is on the way in.
#[derive(Clone, Copy, Debug)]
enum OnTheWay {
    Browser,
    App,
}

/// How everything of an account ends, without Jellyfin being asked.
#[derive(Clone, Copy, Debug)]
enum End {
    SignedOutEverywhere,
    PasswordSetInDashboard,
}

async fn end(accounts: &Accounts, id: AccountId, end: End) {
    match end {
        End::SignedOutEverywhere => {
            let by = Admin::on_the_server();
            let ended = accounts.end_all_places(&by, id, &at_home()).await;
            assert_eq!(ended.unwrap(), Edited::Done);
        }
        End::PasswordSetInDashboard => {
            let set = PasswordSet {
                account: id,
                by: Actor::Administrator,
                actor: None,
                kept: None,
            };
            accounts.password_was_set(&set, &at_home()).await.unwrap();
        }
    }
}

/// The right password of anna, tried by this door.
async fn try_in(accounts: Accounts, door: OnTheWay) -> Option<OpaqueToken> {
    let password = SecretText::new("anna-pass-1");
    match door {
        OnTheWay::Browser => {
            let form = usher_accounts::sign_in::PasswordForm {
                name: "anna",
                password: &password,
                device_id: "den",
                next: "",
                language: "",
                trust: None,
            };
            let became = accounts.web_password(&form, None, &at_home()).await;
            match became.unwrap() {
                WebSignIn::Done(signed_in) => Some(signed_in.cookie),
                WebSignIn::Next(cookie, _) => Some(cookie),
                WebSignIn::Wrong | WebSignIn::Wait(_) | WebSignIn::Busy => None,
            }
        }
        OnTheWay::App => {
            let identity = television();
            let form = AppForm {
                name: "anna",
                password: &password,
                identity: &identity,
            };
            let became = accounts.app_password(&form, &at_home()).await;
            matches!(became.unwrap(), AppSignIn::Answer(_))
                .then(|| OpaqueToken::generate(&SeededEntropy::new(5)))
        }
    }
}

/// Tries anna's password, and ends everything of hers after Jellyfin was asked and before it answers.
async fn overtaken(desk: &Desk, door: OnTheWay, by: End) -> Option<OpaqueToken> {
    let (id, faults) = (desk.id("anna"), desk.standin.faults());
    faults.forget_counts();
    faults.set("/users/authenticatebyname", Fault::Held);
    let trying = tokio::spawn(try_in(desk.accounts.clone(), door));
    while faults.asked("POST /Users/AuthenticateByName") == 0 {
        tokio::task::yield_now().await;
    }
    end(&desk.accounts, id, by).await;
    faults.lift_all();
    trying.await.unwrap()
}

/// Tokens of anna that Jellyfin takes.
fn live_tokens(desk: &Desk) -> usize {
    let id = desk.id("anna").as_uuid();
    let state = desk.standin.state();
    state.tokens.iter().filter(|token| token.user == id).count()
}

/// A link that chooses a new password for anna.
async fn reset_link(desk: &Desk) -> OpaqueToken {
    let asked = desk
        .accounts
        .ask_reset("anna", None, "en", &at_home())
        .await;
    assert!(matches!(asked.unwrap(), ResetAsked::Noted(_)));
    token_of(&desk.mail_to("anna@example.org").await.link.unwrap())
}

async fn choose(
    desk: &Desk,
    link: &OpaqueToken,
) -> Result<NewPassword, usher_accounts::AccountError> {
    let new = SecretText::new(NEW);
    desk.accounts
        .choose_new_password(link, &new, &at_home())
        .await
}

/// Whether neither the session nor the token of a browser lets anybody in.
async fn is_out(desk: &Desk, browser: &SignedIn) -> bool {
    let accounts = &desk.accounts;
    let session = accounts.web_session(&browser.cookie).await.unwrap();
    let holder = accounts.holder(&browser.token, None, &at_home()).await;
    session.is_none() && holder.unwrap().is_none()
}

#[tokio::test]
async fn r47_a_sign_in_that_was_judged_before_everything_ended_lets_nobody_in() {
    for desk in Desk::open_all().await {
        for by in [End::SignedOutEverywhere, End::PasswordSetInDashboard] {
            for door in [OnTheWay::Browser, OnTheWay::App] {
                let let_in = overtaken(&desk, door, by).await;
                assert!(let_in.is_none(), "{door:?} {by:?}");
                assert_eq!(live_tokens(&desk), 0, "{door:?} {by:?}");
                let known = desk.store.tokens(desk.id("anna")).await.unwrap();
                assert!(known.is_empty(), "{door:?} {by:?}");
                let sessions = desk.store.web_sessions(desk.id("anna")).await.unwrap();
                assert!(sessions.is_empty(), "{door:?} {by:?}");
            }
        }
        let again = try_in(desk.accounts.clone(), OnTheWay::Browser).await;
        assert!(again.is_some(), "the next one is judged anew");
    }
}

#[tokio::test]
async fn r47_an_attempt_of_several_pages_that_was_judged_before_leads_nowhere() {
    for desk in Desk::open_all().await {
        let policy = Requirement::Required;
        desk.accounts.set_email_policy(policy).await.unwrap();
        let overtaken = overtaken(&desk, OnTheWay::Browser, End::SignedOutEverywhere).await;
        let attempt = desk.accounts.attempt(&overtaken.unwrap()).await.unwrap();
        assert!(attempt.is_none(), "{attempt:?}");
        let again = try_in(desk.accounts.clone(), OnTheWay::Browser).await;
        let attempt = desk.accounts.attempt(&again.unwrap()).await.unwrap();
        assert!(attempt.is_some(), "the next one goes on");
    }
}

#[tokio::test]
async fn r47_a_reset_that_jellyfin_does_not_carry_out_leaves_nobody_signed_in() {
    for desk in Desk::open_all().await {
        let before = desk.with_address("anna", "anna@example.org").await;
        let link = reset_link(&desk).await;
        let faults = desk.standin.faults();
        faults.set("/users/password", Fault::Status(500));
        assert!(choose(&desk, &link).await.is_err());
        faults.lift_all();
        assert!(is_out(&desk, &before).await);
        let by_old = desk.web("anna", "anna-pass-1", "den").await;
        let WebSignIn::Done(by_old) = by_old else {
            panic!("the old password still counts: {by_old:?}");
        };
        assert!(matches!(
            choose(&desk, &link).await.unwrap(),
            NewPassword::Set
        ));
        assert!(is_out(&desk, &by_old).await);
    }
}

#[tokio::test]
async fn r47_a_password_change_that_jellyfin_does_not_carry_out_ends_the_others_alone() {
    for desk in Desk::open_all().await {
        let here = desk.signed_in("anna", "anna-pass-1", "den").await;
        let there = desk.signed_in("anna", "anna-pass-1", "attic").await;
        let session = desk.session(&here.cookie).await;
        let change = async || {
            let (present, new) = (SecretText::new("anna-pass-1"), SecretText::new(NEW));
            let accounts = &desk.accounts;
            accounts
                .change_password(&session, &present, &new, &at_home())
                .await
        };
        let faults = desk.standin.faults();
        faults.set("/users/password", Fault::Status(500));
        assert!(change().await.is_err());
        faults.lift_all();
        assert!(is_out(&desk, &there).await);
        assert_eq!(desk.session(&here.cookie).await.id, session.id);
        let holder = desk.accounts.holder(&here.token, None, &at_home()).await;
        assert!(holder.unwrap().is_some(), "this browser stays signed in");
        assert!(matches!(change().await.unwrap(), PasswordChange::Done(_)));
        assert!(is_out(&desk, &here).await);
    }
}

#[tokio::test]
async fn r47_a_first_password_that_jellyfin_does_not_take_ends_what_was_there_before() {
    for desk in Desk::open_all().await {
        let (admin, id) = (Admin::on_the_server(), desk.id("anna"));
        let created = desk
            .accounts
            .await_set_up(&admin, id, SetUpWay::Code, false, &at_home())
            .await;
        let Created::Code { code, .. } = created.unwrap() else {
            panic!("there is a code");
        };
        let opened = Opened {
            token: None,
            level: FactorLevel::None,
            user: id.owner(),
        };
        let tx = desk.store.begin().await.unwrap();
        let left = desk
            .accounts
            .open_web_session(&tx, id, opened, &at_home())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let form = FirstTimeForm {
            name: "anna",
            code: code.reveal(),
            device_id: "den",
            next: "",
            language: "en",
        };
        let claimed = desk.accounts.first_time(&form, &at_home()).await.unwrap();
        let WebSignIn::Next(cookie, _) = claimed else {
            panic!("the code is right: {claimed:?}");
        };
        let choose = async || {
            let new = SecretText::new(NEW);
            let accounts = &desk.accounts;
            accounts
                .choose_first_password(&cookie, &new, &at_home())
                .await
        };
        let faults = desk.standin.faults();
        faults.set("/users/password", Fault::Status(500));
        assert!(choose().await.is_err());
        faults.lift_all();
        let session = desk.accounts.web_session(&left).await.unwrap();
        assert!(session.is_none());
        assert!(matches!(choose().await.unwrap(), FirstPassword::Set(_)));
        let entered = desk.web("anna", NEW, "attic").await;
        assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
    }
}

#[tokio::test]
async fn a_403_is_a_right_password_only_where_jellyfin_says_401_to_a_random_one() {
    for desk in Desk::open_all().await {
        let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
        let session = desk.session(&anna.cookie).await;
        for user in &mut desk.standin.state().users {
            user.policy.insert("MaxActiveSessions".to_owned(), 1.into());
        }
        let step_up = async |password: &str| {
            let password = SecretText::new(password);
            let stepped = desk.accounts.step_up(&session, &password, &at_home()).await;
            stepped.unwrap()
        };
        assert!(matches!(step_up("anna-pass-1").await, StepUp::Done(_)));
        assert!(matches!(step_up("another-pass").await, StepUp::Wrong));
        let faults = desk.standin.faults();
        faults.set("/users/authenticatebyname", Fault::Status(403));
        for any in ["anna-pass-1", "another-pass"] {
            assert!(matches!(step_up(any).await, StepUp::Wrong), "{any}");
        }
        faults.lift_all();
        assert!(desk.lives(&anna.token).await);
    }
}

/// The same household while tokens from before Usher are adopted.
fn adopting(desk: &Desk) -> Accounts {
    desk.replica_with(Options {
        adopt_tokens: Duration::from_hours(30 * 24),
        ..options()
    })
}

/// A token that Jellyfin gave out beside Usher.
async fn foreign(desk: &Desk, name: &str, device_id: &str) -> SecretText {
    let identity = ClientIdentity {
        device_id: device_id.to_owned(),
        ..television()
    };
    let password = SecretText::new(format!("{name}-pass-1"));
    let answered = desk.jellyfin.authenticate(name, &password, &identity).await;
    let Authenticated::Right(session) = answered.unwrap() else {
        panic!("{name} is let in by Jellyfin");
    };
    session.token
}

#[tokio::test]
async fn r56_a_token_that_was_never_seen_is_not_adopted_once_everything_has_ended() {
    for desk in Desk::open_all().await {
        let accounts = adopting(&desk);
        let (seen, unseen) = (
            foreign(&desk, "anna", "tv").await,
            foreign(&desk, "anna", "telephone").await,
        );
        let holds = async |token: &SecretText| {
            let holder = accounts.holder(token, None, &at_home()).await;
            holder.unwrap().is_some()
        };
        assert!(holds(&seen).await, "adopted at first sight");
        let anna = desk.signed_in("anna", "anna-pass-1", "den").await;
        let session = desk.session(&anna.cookie).await;
        desk.clock.advance(Duration::from_mins(11));
        let ended = accounts.end_other_places(&session, &at_home()).await;
        assert_eq!(ended.unwrap(), 1, "without a fresh proof (R38)");
        assert!(desk.lives(&unseen).await, "Usher cannot know of it");
        assert!(!holds(&seen).await && !holds(&unseen).await);
        assert!(holds(&anna.token).await);
        assert!(holds(&foreign(&desk, "kim", "tv").await).await);
    }
}

fn switch(desk: &Desk, name: &str, off: bool) {
    for user in &mut desk.standin.state().users {
        if user.name == name {
            user.policy.insert("IsDisabled".to_owned(), off.into());
        }
    }
}

#[tokio::test]
async fn r14_r47_whoever_is_switched_off_in_jellyfin_loses_everything() {
    for desk in Desk::open_all().await {
        let id = desk.id("anna");
        for is_told in [false, true] {
            let anna = desk.with_address("anna", "anna@example.org").await;
            let link = reset_link(&desk).await;
            desk.clock.advance(Duration::from_mins(2));
            let epoch = desk.account("anna").await.epoch;
            switch(&desk, "anna", true);
            if is_told {
                desk.accounts.user_was_changed(id.owner()).await.unwrap();
            } else {
                desk.accounts.look_at_users().await.unwrap();
            }
            assert_ne!(desk.account("anna").await.epoch, epoch);
            switch(&desk, "anna", false);
            desk.accounts.look_at_users().await.unwrap();
            assert!(is_out(&desk, &anna).await);
            let reset = desk.accounts.look_at_reset(&link).await.unwrap();
            assert!(reset.is_none(), "links are dead, too");
        }
    }
}

#[tokio::test]
async fn r47_a_sign_in_on_its_way_ends_when_its_user_is_switched_off_in_jellyfin() {
    for desk in Desk::open_all().await {
        let policy = Requirement::Required;
        desk.accounts.set_email_policy(policy).await.unwrap();
        let became = desk.web("anna", "anna-pass-1", "den").await;
        let WebSignIn::Next(cookie, _) = became else {
            panic!("an address is owed: {became:?}");
        };
        assert!(desk.accounts.attempt(&cookie).await.unwrap().is_some());
        switch(&desk, "anna", true);
        desk.accounts.look_at_users().await.unwrap();
        assert!(desk.accounts.attempt(&cookie).await.unwrap().is_none());
    }
}
