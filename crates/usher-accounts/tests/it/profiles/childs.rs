//! Screens that are let in for a profile, and devices of children.
use std::time::Duration;

use bytes::Bytes;
use usher_accounts::gate::Holder;
use usher_accounts::quick_connect::{Admitted, Approval, ScreenFor};
use usher_accounts::sign_in::{AppForm, AppSignIn};
use usher_domain::activity::{Activity, Door, ProfileDeed};
use usher_domain::device::{ClientIdentity, DeviceUse};
use usher_domain::id::{ProfileId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::SecretText;
use usher_jellyfin::Credential;
use usher_standin::Fault;
use usher_store::{QuickConnectApproval, ScreenNoted, WebSession};

use super::{anna, child, delete, home, make};
use crate::desk::Desk;

/// What the television is known by, whoever signs in on it.
pub(super) const TELEVISION: &str = "Jellyfin Android TV/Nursery";

/// A television whose app names another device id for each user, and a new one for each code.
pub(super) fn television(device_id: &str) -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Nursery".to_owned(),
        device_id: device_id.to_owned(),
        version: "0.19.0".to_owned(),
    }
}

struct Screen {
    code: String,
    secret: SecretText,
}

async fn post(desk: &Desk, path: &str, body: Bytes) -> Bytes {
    let identity = television("of a code");
    let credential = Credential {
        identity: Some(&identity),
        token: None,
    };
    desk.jellyfin
        .post(path, &credential, body)
        .await
        .unwrap()
        .body
}

async fn ask(desk: &Desk) -> Screen {
    let answer = post(desk, "/QuickConnect/Initiate", Bytes::new()).await;
    let identity = television("of a code");
    let kept = desk
        .accounts
        .quick_connect_asked(&answer, Some(&identity), home());
    kept.await.unwrap();
    let read: serde_json::Value = serde_json::from_slice(&answer).unwrap();
    let text = |name: &str| read[name].as_str().unwrap().to_owned();
    Screen {
        code: text("Code"),
        secret: SecretText::new(text("Secret")),
    }
}

const fn only(id: ProfileId) -> ScreenFor {
    ScreenFor {
        watcher: Watcher::Profile(id),
        device: DeviceUse::Childs,
    }
}

const fn shared(id: ProfileId) -> ScreenFor {
    ScreenFor {
        watcher: Watcher::Profile(id),
        device: DeviceUse::Everybodys,
    }
}

async fn approve(desk: &Desk, owner: &WebSession, screen: &Screen, to: ScreenFor) -> Approval {
    let approved = desk
        .accounts
        .approve_screen(owner, &screen.code, to, home());
    approved.await.unwrap()
}

/// The screen shows its secret; answers the token that it gets.
async fn redeem(desk: &Desk, screen: &Screen) -> Option<SecretText> {
    let answer = shows_secret(desk, screen).await;
    let let_in = desk
        .accounts
        .screen_signed_in(&screen.secret, &answer, home());
    let is_let_in = let_in.await.unwrap() == Admitted::Yes;
    is_let_in.then(|| token_in(&answer))
}

/// What Jellyfin answers to the screen's secret.
async fn shows_secret(desk: &Desk, screen: &Screen) -> Bytes {
    let body = format!(r#"{{"Secret":"{}"}}"#, screen.secret.reveal());
    post(desk, "/Users/AuthenticateWithQuickConnect", body.into()).await
}

fn token_in(answer: &Bytes) -> SecretText {
    let read: serde_json::Value = serde_json::from_slice(answer).unwrap();
    SecretText::new(read["AccessToken"].as_str().unwrap())
}

/// As which user a token is known here; `None`: nobody's.
pub(super) async fn known(desk: &Desk, token: &SecretText) -> Option<UserId> {
    match desk.accounts.holder(token, None, home()).await.unwrap() {
        Some(Holder::User { user, .. }) => Some(user),
        _ => None,
    }
}

/// Name and password at the television; answers its token.
pub(super) async fn app(desk: &Desk, name: &str) -> Option<SecretText> {
    app_on(desk, name, &television(name)).await
}

/// Name and Anna's password at a client's own form; answers its token.
pub(super) async fn app_on(
    desk: &Desk,
    name: &str,
    identity: &ClientIdentity,
) -> Option<SecretText> {
    let form = AppForm {
        name,
        password: &SecretText::new("anna-pass-1"),
        identity,
    };
    match desk.accounts.app_password(&form, home()).await.unwrap() {
        AppSignIn::Answer(body) => {
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            Some(SecretText::new(body["AccessToken"].as_str().unwrap()))
        }
        _ => None,
    }
}

/// What the log says of an account.
async fn happened(desk: &Desk, owner: &WebSession) -> Vec<Activity> {
    let lines = desk.accounts.activities_of(owner.account, 99).await;
    lines.unwrap().into_iter().map(|line| line.what).collect()
}

#[tokio::test]
async fn a_screen_is_let_in_for_the_profile_that_was_chosen_and_remembers_it() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let screen = ask(&desk).await;
        let nobody = shared(make(&desk, &owner, &child("Gone")).await.id);
        let Watcher::Profile(gone) = nobody.watcher else {
            panic!("a profile");
        };
        delete(&desk, &owner, gone).await;
        let refused = approve(&desk, &owner, &screen, nobody).await;
        assert_eq!(refused, Approval::NoSeat);
        let done = approve(&desk, &owner, &screen, shared(kids.id)).await;
        assert_eq!(done, Approval::Done);
        let token = redeem(&desk, &screen).await.unwrap();
        assert_eq!(known(&desk, &token).await, kids.user);
        let lines = happened(&desk, &owner).await;
        let (door, profile) = (Door::QuickConnect, Some("Kids".to_owned()));
        let let_in = Activity::QuickConnectApproved {
            profile: profile.clone(),
        };
        assert!(lines.contains(&let_in), "{lines:?}");
        assert!(lines.contains(&Activity::SignedIn { door, profile }));
        let row = desk.store.token(&token.hash()).await.unwrap().unwrap();
        assert_eq!((row.account, Some(row.user)), (owner.account, kids.user));
        let again = ask(&desk).await;
        let shown = desk
            .accounts
            .waiting_screen(&owner, &again.code, home())
            .await;
        let watching = shown.unwrap().unwrap().watching;
        assert_eq!(watching.last, Some(Watcher::Profile(kids.id)));
        assert_eq!((watching.choices.len(), watching.is_childs), (2, false));
    }
}

#[tokio::test]
async fn a_screen_that_nobody_here_let_in_for_a_profile_gets_nothing() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let screen = ask(&desk).await;
    let beside = desk.jellyfin.authorize(&screen.code, kids.user.unwrap());
    beside.await.unwrap();
    assert!(redeem(&desk, &screen).await.is_none());
}

#[tokio::test]
async fn on_a_childs_device_nobody_else_of_the_account_is_signed_in_by_any_door() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let more = make(&desk, &owner, &child("More")).await;
        let before = app(&desk, "anna").await.unwrap();
        let screen = ask(&desk).await;
        let done = approve(&desk, &owner, &screen, only(kids.id)).await;
        assert_eq!(done, Approval::Done);
        let token = redeem(&desk, &screen).await.unwrap();
        assert_eq!(known(&desk, &before).await, None, "the owner's has ended");
        desk.accounts.sign_out_what_ended().await.unwrap();
        assert!(!desk.lives(&before).await);
        assert_eq!(known(&desk, &token).await, kids.user);
        for name in ["anna", "anna/More"] {
            assert!(app(&desk, name).await.is_none(), "{name}");
        }
        assert!(app(&desk, "anna/Kids").await.is_some());
        // Another screen of the same device shows nobody else.
        let again = ask(&desk).await;
        let shown = desk
            .accounts
            .waiting_screen(&owner, &again.code, home())
            .await;
        let watching = shown.unwrap().unwrap().watching;
        let names: Vec<_> = watching
            .choices
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!((names, watching.is_childs), (vec!["Kids"], true));
        for to in [ScreenFor::OWNER, shared(more.id)] {
            assert_eq!(approve(&desk, &owner, &again, to).await, Approval::NoSeat);
        }
        let client = desk
            .accounts
            .approve_by_client(owner.account.owner(), &again.code, home())
            .await;
        assert_eq!(client.unwrap(), Approval::NoSeat);
    }
}

#[tokio::test]
async fn a_childs_device_is_listed_and_made_everybodys_again_by_its_own_account_alone() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let screen = ask(&desk).await;
        approve(&desk, &owner, &screen, only(kids.id)).await;
        redeem(&desk, &screen).await.unwrap();
        let accounts = &desk.accounts;
        let kept = accounts.kept_devices(&owner).await.unwrap();
        let shown: Vec<_> = kept
            .iter()
            .map(|one| {
                (
                    one.device_key.as_str(),
                    one.name.as_str(),
                    one.profile.as_str(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [(TELEVISION, "Nursery (Jellyfin Android TV)", "Kids")]
        );
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        assert!(
            !accounts
                .free_device(desk.by(&kim), TELEVISION, home())
                .await
                .unwrap()
        );
        desk.clock.advance(Duration::from_secs(1));
        assert!(app(&desk, "anna").await.is_none());
        desk.clock.advance(Duration::from_secs(1));
        assert!(
            accounts
                .free_device(desk.by(&owner), TELEVISION, home())
                .await
                .unwrap()
        );
        let done = super::log::deeds(&desk, owner.account).await;
        let about = Some("Kids".to_owned());
        let wanted = [
            (ProfileDeed::DeviceKept, about.clone()),
            (
                ProfileDeed::RefusedOnDevice,
                Some(super::log::OWN.to_owned()),
            ),
            (ProfileDeed::DeviceFreed, about),
        ];
        assert!(done.ends_with(&wanted), "{done:?}");
        assert!(accounts.kept_devices(&owner).await.unwrap().is_empty());
        assert!(app(&desk, "anna").await.is_some());
    }
}

#[tokio::test]
async fn a_deleted_child_keeps_nobody_off_its_device() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let screen = ask(&desk).await;
    approve(&desk, &owner, &screen, only(kids.id)).await;
    redeem(&desk, &screen).await.unwrap();
    assert!(app(&desk, "anna").await.is_none());
    delete(&desk, &owner, kids.id).await;
    assert!(app(&desk, "anna").await.is_some());
}

#[tokio::test]
async fn an_outage_leaves_a_device_as_it_was_and_the_same_code_is_approved_afterwards() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let before = app(&desk, "anna").await.unwrap();
        let screen = ask(&desk).await;
        let faults = desk.standin.faults();
        faults.set("/QuickConnect/Authorize", Fault::Refuse);
        let to = only(kids.id);
        let broken = desk
            .accounts
            .approve_screen(&owner, &screen.code, to, home())
            .await;
        assert!(broken.is_err());
        faults.lift_all();
        assert!(desk.accounts.kept_devices(&owner).await.unwrap().is_empty());
        assert!(known(&desk, &before).await.is_some());
        // Nobody else's, and for nobody else: Jellyfin may have heard of it.
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        for (whose, for_whom) in [(&kim, ScreenFor::OWNER), (&owner, ScreenFor::OWNER)] {
            let another = approve(&desk, whose, &screen, for_whom).await;
            assert_eq!(another, Approval::Unknown);
        }
        assert_eq!(approve(&desk, &owner, &screen, to).await, Approval::Done);
        redeem(&desk, &screen).await.unwrap();
        assert_eq!(desk.accounts.kept_devices(&owner).await.unwrap().len(), 1);
    }
}

/// The process ends between its word to Jellyfin and the answer, or before that word: the next one finds the approval noted.
#[tokio::test]
async fn an_approval_that_was_cut_short_marks_no_device_and_is_made_once_more() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let to = only(kids.id);
        for has_heard in [false, true] {
            let screen = ask(&desk).await;
            let noted = QuickConnectApproval {
                by: owner.account,
                at: desk.accounts.now(),
                level: FactorLevel::None,
                user: kids.user.unwrap(),
                device: DeviceUse::Childs,
            };
            let tx = desk.store.begin().await.unwrap();
            let hash = screen.secret.hash();
            let first = tx.approve_quick_connect(&hash, &noted).await.unwrap();
            assert_eq!(first, ScreenNoted::Now);
            tx.commit().await.unwrap();
            if has_heard {
                let heard = desk.jellyfin.authorize(&screen.code, kids.user.unwrap());
                heard.await.unwrap();
            }
            assert!(desk.accounts.kept_devices(&owner).await.unwrap().is_empty());
            let shown = desk
                .accounts
                .waiting_screen(&owner, &screen.code, home())
                .await;
            assert!(shown.unwrap().is_some(), "heard: {has_heard}");
            let done = approve(&desk, &owner, &screen, to).await;
            assert_eq!(done, Approval::Done, "heard: {has_heard}");
            let token = redeem(&desk, &screen).await.unwrap();
            assert_eq!(known(&desk, &token).await, kids.user);
            let freed = desk
                .accounts
                .free_device(desk.by(&owner), TELEVISION, home())
                .await;
            assert!(freed.unwrap(), "heard: {has_heard}");
        }
    }
}

#[tokio::test]
async fn an_app_keeps_several_profiles_of_one_device_side_by_side() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let more = make(&desk, &owner, &child("More")).await;
        let first = app(&desk, "anna/Kids").await.unwrap();
        let by_code = ask(&desk).await;
        approve(&desk, &owner, &by_code, shared(more.id)).await;
        let second = redeem(&desk, &by_code).await.unwrap();
        let third = app(&desk, "anna").await.unwrap();
        let users = [kids.user, more.user, Some(owner.account.owner())];
        for (token, user) in [&first, &second, &third].into_iter().zip(users) {
            assert_eq!(known(&desk, token).await, user);
        }
        // Jellyfin ends the older one of the same profile alone.
        let newer = app(&desk, "anna/Kids").await.unwrap();
        desk.clock.advance(Duration::from_secs(5));
        assert_eq!(known(&desk, &first).await, None);
        for token in [&newer, &second, &third] {
            assert!(known(&desk, token).await.is_some());
        }
    }
}

#[tokio::test]
async fn a_screen_of_a_profile_that_another_process_has_deleted_gets_no_token() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let screen = ask(&desk).await;
        approve(&desk, &owner, &screen, shared(kids.id)).await;
        let other = desk.replica();
        let known = other.profile_of_user(kids.user.unwrap()).await.unwrap();
        assert!(known.is_some(), "it stands for five seconds");
        let answer = shows_secret(&desk, &screen).await;
        delete(&desk, &owner, kids.id).await;
        let let_in = other.screen_signed_in(&screen.secret, &answer, home());
        assert_eq!(let_in.await.unwrap(), Admitted::No);
        let token = desk.store.token(&token_in(&answer).hash()).await.unwrap();
        assert_eq!(token, None);
    }
}

#[tokio::test]
async fn a_code_that_is_approved_twice_at_once_lets_its_screen_in() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let to = only(kids.id);
        for _again in 0..8 {
            let screen = ask(&desk).await;
            let (one, two) = tokio::join!(
                approve(&desk, &owner, &screen, to),
                approve(&desk, &owner, &screen, to)
            );
            assert!([one, two].contains(&Approval::Done));
            let token = redeem(&desk, &screen).await.unwrap();
            assert_eq!(known(&desk, &token).await, kids.user);
        }
    }
}
