//! Signing in with name and password. Jellyfin judges the password; the use case says what is due next.
//!
//! Invariant: whatever is wrong with name, password or user, the words are the same (R27, R30).
//! An empty password is sent on: an account that stands open to this visitor needs none.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_accounts::{AccountError, WebSession};
use usher_domain::secret::SecretText;

use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Session, Typed, with_query};
use super::{return_path, step, watching};

const WRONG: &str = "web-sign-in-wrong";
const UNAVAILABLE: &str = "web-sign-in-unavailable";

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    /// The page of the web client that was asked for.
    next: String,
    said: Option<Said>,
    /// Whoever sits at a browser that is signed in means to sign in as somebody else.
    other: Option<Other>,
}

/// The only value of its field.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Other {
    Yes,
}

impl Query {
    /// The form is what was come for, also in a browser that is signed in. One whose session ended is led here, too, and may
    /// have another by now.
    fn means_the_form(&self) -> bool {
        self.other.is_some() || self.said.is_some_and(|said| said != Said::Ended)
    }
}

/// The form, also where somebody is signed in: whoever goes back to it may mean to be somebody else. It leads to a page of the
/// web client, or of ours, afterwards.
pub(super) fn form_at(next: &str) -> String {
    let next = return_path::parse(next);
    with_query("sign-in", &[("other", "yes"), ("next", &next)])
}

/// As [`form_at`], for a browser whose session has ended: it is told so.
pub(super) fn ended_at(next: &str) -> String {
    told_at("ended", next)
}

/// As [`form_at`], after a new password was set: it is told so.
pub(super) fn reset_at(next: &str) -> String {
    told_at("reset", next)
}

/// As [`form_at`], where an attempt took too long: it is told so.
pub(super) fn over_at(next: &str) -> String {
    told_at("over", next)
}

/// As [`form_at`], after too many wrong answers: it is told so.
pub(super) fn too_many_at(next: &str) -> String {
    told_at("too_many", next)
}

/// As [`form_at`], where somebody may not come in: it is told so.
pub(super) fn refused_at(next: &str) -> String {
    told_at("refused", next)
}

/// As [`form_at`], where somebody else set an account up meanwhile: it is told so.
pub(super) fn set_up_gone_at(next: &str) -> String {
    told_at("set_up_gone", next)
}

fn told_at(said: &str, next: &str) -> String {
    let next = return_path::parse(next);
    with_query("sign-in", &[("said", said), ("next", &next)])
}

/// What has just happened, for the notice above the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// A new password was set.
    Reset,
    /// A change of address was taken back.
    Undone,
    /// A code and its link are worthless now.
    Revoked,
    /// The attempt took too long, or was finished elsewhere.
    Over,
    /// The attempt had too many wrong answers.
    TooMany,
    /// Jellyfin does not let this user in on this device, or at present.
    Refused,
    /// Somebody else chose the first password, or the invitation was taken back.
    SetUpGone,
    /// A session ended, as the person wished.
    SignedOut,
    /// A session ended by itself, or from elsewhere.
    Ended,
    /// A sign-in was disowned, and a mail with a link for a new password is on its way.
    Disowned,
    /// As [`Disowned`](Self::Disowned), where an administrator must help.
    DisownedUnmailed,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 11] = [
        Self::Reset,
        Self::Undone,
        Self::Revoked,
        Self::Over,
        Self::TooMany,
        Self::Refused,
        Self::SetUpGone,
        Self::SignedOut,
        Self::Ended,
        Self::Disowned,
        Self::DisownedUnmailed,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Reset => "web-said-reset",
            Self::Undone => "web-said-undone",
            Self::Revoked => "web-said-revoked",
            Self::Over => "web-said-over",
            Self::TooMany => "web-said-too-many",
            Self::Refused => "web-said-refused",
            Self::SetUpGone => "web-said-set-up-gone",
            Self::SignedOut => "web-said-signed-out",
            Self::Ended => "web-said-ended",
            Self::Disowned => "web-said-disowned",
            Self::DisownedUnmailed => "web-said-disowned-unmailed",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Reset | Self::Undone | Self::Revoked | Self::SignedOut | Self::Disowned => "ok",
            Self::Over
            | Self::TooMany
            | Self::Refused
            | Self::SetUpGone
            | Self::Ended
            | Self::DisownedUnmailed => "warn",
        }
    }
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    name: String,
    password: SecretText,
    device: String,
}

#[derive(Template)]
#[template(path = "page/sign_in.html")]
pub(super) struct SignInPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) name: &'a str,
    pub(super) action: String,
    /// The query that keeps the page that was asked for.
    pub(super) query: String,
    pub(super) said: Option<Said>,
    pub(super) wrong: &'static str,
    /// A passkey can take the place of name and password here.
    pub(super) has_passkeys: bool,
}

/// What the page shows, whatever is typed.
struct Around {
    action: String,
    query: String,
    said: Option<Said>,
    has_passkeys: bool,
}

/// `GET /usher/sign-in`. A browser that is signed in already is asked who is watching, which also says why the web client was
/// refused: it comes here by itself when its token is. Nobody is signed in by following a link.
pub(super) async fn show(
    page: Page,
    Session(known): Session,
    Asked(query): Asked<Query>,
) -> Answer {
    if known.is_some() && !query.means_the_form() {
        return Ok(page.go(&watching::still_signed_in(&query.next)));
    }
    let around = around(&page, &query).await?;
    Ok(form(page, around, "", ""))
}

/// `POST /usher/sign-in`.
pub(super) async fn submit(
    page: Page,
    Session(known): Session,
    Asked(mut query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    query.said = None;
    let around = around(&page, &query).await?;
    let name = typed.name.clone();
    match judge(&page, known.as_ref(), &query, typed).await {
        Ok(entered) => Ok(step::begin(page, entered, WRONG, |page, wrong| {
            form(page, around, &name, wrong)
        })
        .await),
        Err(outage @ AccountError::Jellyfin(_)) => {
            tracing::warn!(
                error = &outage as &dyn std::error::Error,
                "Jellyfin could not be asked for a sign-in"
            );
            Ok(form(page, around, &name, UNAVAILABLE))
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn judge(
    page: &Page,
    known: Option<&WebSession>,
    query: &Query,
    typed: Form,
) -> Result<WebSignIn, AccountError> {
    let device = step::device(page, typed.device);
    let next = return_path::parse(&query.next);
    let trust = page.cookies.token(Name::Trust);
    let asked = PasswordForm {
        name: &typed.name,
        password: &typed.password,
        device_id: &device,
        next: &next,
        language: page.frame.tongue.code(),
        trust: trust.as_ref(),
    };
    let accounts = &page.services.accounts;
    accounts.web_password(&asked, known, &page.visitor).await
}

async fn around(page: &Page, query: &Query) -> Result<Around, AccountError> {
    Ok(Around {
        action: form_at(&query.next),
        query: return_path::query(&query.next),
        said: query.said,
        has_passkeys: page.services.accounts.passkeys_work().await?,
    })
}

fn form(page: Page, around: Around, name: &str, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&SignInPage {
        frame: &frame,
        name,
        action: around.action,
        query: around.query,
        said: around.said,
        wrong,
        has_passkeys: around.has_passkeys,
    })
}
