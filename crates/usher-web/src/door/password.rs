//! Passwords that are set in Jellyfin's own pages and clients.
//!
//! Invariant: none is ever emptied: such a user would stand open. The present one cannot be guessed here either: tries
//! are counted with all others of the account (R26).
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use usher_accounts::AccountError;
use usher_accounts::admin::{Admin, Created};
use usher_accounts::dashboard::PasswordSet;
use usher_accounts::gate::Answer;
use usher_accounts::limits::{Admitted, Whose};
use usher_domain::account::SetUpWay;
use usher_domain::id::{AccountId, UserId};
use usher_domain::mail::Actor;
use usher_domain::secret::SecretText;
use usher_domain::throttle::Outcome;
use usher_proxy::body::{self, Body};
use usher_proxy::query;
use usher_proxy::rules::{Caller, Visit};

use super::record::value;
use super::{Door, pass, unavailable, visitor};

/// What is asked for.
struct Asked {
    account: AccountId,
    present: Option<Value>,
    /// `None`: the password is to be emptied.
    new: Option<SecretText>,
}

/// `POST /Users/Password` and `/Users/{id}/Password`.
pub(super) async fn set(
    door: &Door,
    visit: &Visit,
    caller: Option<&Caller>,
    body: &Bytes,
) -> Response<Body> {
    let Some(caller) = caller else {
        return body::text(StatusCode::UNAUTHORIZED, "");
    };
    let typed = serde_json::from_slice::<Map<String, Value>>(body);
    let (Ok(typed), Some(user)) = (typed, target(visit, caller)) else {
        return body::text(StatusCode::BAD_REQUEST, "Error processing request.");
    };
    match door.accounts.profile_of_user(user).await {
        Ok(None) => {}
        // Nobody has a password for a profile, and nobody gives it one.
        Ok(Some(_)) => return body::text(StatusCode::FORBIDDEN, ""),
        Err(error) => return unavailable(visit, &error),
    }
    let asked = read(&typed, user);
    let answered = if caller.user() == Some(user) {
        own(door, visit, caller, &asked).await
    } else if caller.is_administrator() {
        others(door, visit, caller, &asked).await
    } else {
        Ok(body::text(StatusCode::FORBIDDEN, ""))
    };
    answered.unwrap_or_else(|error| unavailable(visit, &error))
}

/// Whose password: named in the path or in the query, else one's own.
pub(super) fn target(visit: &Visit, caller: &Caller) -> Option<UserId> {
    let in_path = visit
        .path
        .segments()
        .nth(1)
        .filter(|segment| !segment.eq_ignore_ascii_case("password"));
    let in_query = query::value(visit.query.as_deref(), "userId").ok()?;
    match (in_path, in_query) {
        (Some(id), _) => id.parse().ok(),
        (None, Some(id)) => id.parse().ok(),
        (None, None) => caller.user(),
    }
}

fn read(typed: &Map<String, Value>, user: UserId) -> Asked {
    let resets = value(typed, "ResetPassword").is_some_and(|reset| *reset != json!(false));
    let new = value(typed, "NewPw")
        .and_then(Value::as_str)
        .filter(|new| !resets && !new.is_empty());
    Asked {
        account: AccountId::of_owner(user),
        present: value(typed, "CurrentPw").cloned(),
        new: new.map(SecretText::new),
    }
}

/// One's own: Jellyfin judges the present one.
async fn own(
    door: &Door,
    visit: &Visit,
    caller: &Caller,
    asked: &Asked,
) -> Result<Response<Body>, AccountError> {
    let (accounts, visitor) = (&door.accounts, visitor(visit));
    let Some(new) = &asked.new else {
        return Ok(body::text(
            StatusCode::FORBIDDEN,
            "A password cannot be emptied.",
        ));
    };
    if let Some(account) = accounts.account(asked.account).await?
        && accounts.asks_for_factor(&account).await?
    {
        // No client can show a second factor here: Usher's own page asks for it (R38).
        return Ok(body::text(
            StatusCode::FORBIDDEN,
            "Change the password on the page of your account.",
        ));
    }
    if let Err(rule) = accounts.check_password(asked.account, new).await? {
        return Ok(pass::text(StatusCode::BAD_REQUEST, rule.to_string()));
    }
    let tried = match accounts
        .admit(Whose::Account(asked.account), &visitor)
        .await?
    {
        Admitted::Go(tried) => tried,
        Admitted::Wait(span) => return Ok(pass::come_again(span)),
        Admitted::Busy => return Ok(pass::busy()),
    };
    let answer = match set_in_jellyfin(door, visit, asked, new).await {
        Ok(answer) => answer,
        Err(fault) => {
            accounts.settle(tried, Outcome::Undecided).await?;
            return Err(fault);
        }
    };
    let outcome = match answer.status {
        status if status.is_success() => Outcome::Right,
        StatusCode::FORBIDDEN => Outcome::Wrong,
        _no_verdict => Outcome::Undecided,
    };
    accounts.settle(tried, outcome).await?;
    if outcome == Outcome::Right {
        let done = PasswordSet {
            account: asked.account,
            by: Actor::Person,
            actor: None,
            kept: Some(&caller.token),
        };
        accounts.password_was_set(&done, &visitor).await?;
    }
    Ok(pass::hand_on(answer))
}

/// Somebody else's, by an administrator or a program with an API key.
async fn others(
    door: &Door,
    visit: &Visit,
    caller: &Caller,
    asked: &Asked,
) -> Result<Response<Body>, AccountError> {
    let (accounts, visitor) = (&door.accounts, visitor(visit));
    let Some(new) = &asked.new else {
        // "Reset password" in the dashboard: the person chooses a new one, as at the first sign-in.
        let by = Admin::in_dashboard(caller.user());
        let waits = accounts
            .await_set_up(&by, asked.account, SetUpWay::Code, false, &visitor)
            .await?;
        return Ok(match waits {
            Created::Impossible | Created::NameRefused => body::text(StatusCode::FORBIDDEN, ""),
            Created::Code { .. }
            | Created::Invited { .. }
            | Created::Open { .. }
            | Created::AddressMissing
            | Created::NoMail => body::text(StatusCode::NO_CONTENT, ""),
        });
    };
    if let Err(rule) = accounts.check_password(asked.account, new).await? {
        return Ok(pass::text(StatusCode::BAD_REQUEST, rule.to_string()));
    }
    let answer = set_in_jellyfin(door, visit, asked, new).await?;
    if answer.status.is_success() {
        let done = PasswordSet {
            account: asked.account,
            by: Actor::Jellyfin,
            actor: caller.user(),
            kept: None,
        };
        accounts.password_was_set(&done, &visitor).await?;
    }
    Ok(pass::hand_on(answer))
}

/// Sends the new password to Jellyfin, whose activity log will tell of it: that line is no news.
async fn set_in_jellyfin(
    door: &Door,
    visit: &Visit,
    asked: &Asked,
    new: &SecretText,
) -> Result<Answer, AccountError> {
    door.accounts.expect_password_change(asked.account).await?;
    let sent = json!({ "CurrentPw": asked.present, "NewPw": new.reveal() });
    let answer = pass::ask(door, visit, Some(sent.to_string().into())).await?;
    if answer.status.is_client_error() {
        door.accounts.password_change_failed(asked.account).await?;
    }
    Ok(answer)
}
