//! Profiles: what an owner makes of them, and what Jellyfin then holds.
mod apart;
mod broken;
mod childs;
mod choice;
mod cut_short;
mod delete;
mod edit;
mod hidden;
mod kept;
mod log;
mod make;
mod marks;
mod more_time;
mod own_account;
mod password;
mod picture;
mod pin;
mod policy;
mod preferences;
mod rule;
mod screen_time;
mod sign_in;
mod watched;
mod watching;

use std::sync::LazyLock;
use std::time::Duration;

use usher_accounts::profiles::{DeletedProfile, MadeProfile, NewProfile};
use usher_domain::id::{ProfileId, UserId};
use usher_domain::profile::limits::Limits;
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{AgePreset, Profile};
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Credential, User};
use usher_store::{StoredProfile, WebSession};

use crate::desk::{Desk, KEY, at_home};

/// Longer than a lease.
const LATER: Duration = Duration::from_mins(3);

const WEEK: Duration = Duration::from_hours(7 * 24);

fn name(text: &str) -> ProfileName {
    ProfileName::parse(text).unwrap()
}

/// A child's profile.
fn child(text: &str) -> NewProfile {
    NewProfile {
        name: name(text),
        picture: None,
        preset: AgePreset::Child,
        limits: Limits::of_preset(AgePreset::Child),
        preferences: Preferences::default(),
    }
}

/// A browser at home.
fn home() -> &'static Visitor {
    static HOME: LazyLock<Visitor> = LazyLock::new(at_home);
    &HOME
}

/// The session of `anna`.
async fn anna(desk: &Desk) -> WebSession {
    let signed_in = desk.signed_in("anna", "anna-pass-1", "browser").await;
    desk.session(&signed_in.cookie).await
}

async fn try_to_make(desk: &Desk, owner: &WebSession, new: &NewProfile) -> MadeProfile {
    let made = desk
        .accounts
        .make_profile(desk.by(owner), new, home())
        .await;
    made.unwrap()
}

async fn make(desk: &Desk, owner: &WebSession, new: &NewProfile) -> Profile {
    match try_to_make(desk, owner, new).await {
        MadeProfile::Ready(profile) => *profile,
        other => panic!("no profile: {other:?}"),
    }
}

async fn delete(desk: &Desk, owner: &WebSession, id: ProfileId) {
    let deleted = desk.accounts.delete_profile(desk.by(owner), id, home());
    assert!(matches!(deleted.await.unwrap(), DeletedProfile::Done(_)));
}

async fn stored(desk: &Desk, id: ProfileId) -> StoredProfile {
    desk.store.profile(id).await.unwrap().unwrap()
}

/// What Jellyfin holds of a profile's user.
async fn held(desk: &Desk, user: Option<UserId>) -> User {
    let user = desk.jellyfin.user(user.unwrap()).await.unwrap();
    user.unwrap()
}

/// The names of Jellyfin's users that have this in them.
fn users_like(desk: &Desk, part: &str) -> Vec<String> {
    let state = desk.standin.state();
    let names = state.users.iter().map(|user| user.name.clone());
    names.filter(|name| name.contains(part)).collect()
}

/// What the web client keeps for a user.
async fn web_settings(desk: &Desk, user: Option<UserId>) -> serde_json::Value {
    let id = user.unwrap();
    let path = format!("/DisplayPreferences/usersettings?userId={id}&client=emby");
    let key = SecretText::new(KEY);
    let credential = Credential {
        identity: None,
        token: Some(&key),
    };
    let answer = desk.jellyfin.get(&path, &credential).await.unwrap();
    let kept: serde_json::Value = answer.json().unwrap();
    kept["CustomPrefs"].clone()
}

/// The job of every half minute.
async fn job(desk: &Desk) {
    desk.accounts.look_at_users().await.unwrap();
    desk.accounts.keep_profiles().await.unwrap();
}
