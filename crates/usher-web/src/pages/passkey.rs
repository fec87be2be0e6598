//! Passkeys on our pages: a script asks for a challenge, in JSON, and sends what the device said with the form of the page.
//!
//! Invariant: JSON is taken as JSON alone (R49): a form of another site cannot send it.
use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use usher_accounts::me::StepUp;
use usher_accounts::reset::ResetFactor;
use usher_accounts::second_factor::{Enrollment, FactorAnswer, Flow, PasskeyBegun, PasskeyForm};

use super::account::prove;
use super::cookies::Name;
use super::forgot::Towards;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Session, Typed, redirect};
use super::signed_in::{AtAnySeat, SignedIn};
use super::{recovery_codes, reset, return_path, sign_in as door, step};

const WRONG: &str = "passkey-wrong";
const NONE: &str = "passkey-none";

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doing {
    /// To sign in with nothing else.
    SignIn,
    /// As the second factor of a sign-in.
    Show,
    /// A new one, at the end of a sign-in.
    Enroll,
    /// A new one, from the pages of the account.
    Add,
    /// To prove again who sits there.
    Prove,
    /// Before a new password is chosen.
    Reset,
}

/// What the script sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Begin {
    #[serde(rename = "for")]
    doing: Doing,
}

/// `POST /usher/passkey-begin`: what the browser is to ask the device for, or why not.
pub(super) async fn begin(
    mut page: Page,
    Session(session): Session,
    Json(begin): Json<Begin>,
) -> Answer {
    let accounts = page.services.accounts.clone();
    let is_others = match (&page.carried.made_for, &session) {
        (Some(account), Some(session)) => *account != session.account.to_string(),
        _ => false,
    };
    if is_others && matches!(begin.doing, Doing::Add | Doing::Prove) {
        return Ok(told(page, "account-said-somebody-else"));
    }
    let attempt = page.cookies.token(Name::Attempt);
    let asked = match (begin.doing, &attempt, &session) {
        (Doing::SignIn, ..) => match accounts.begin_passkey_sign_in(&page.visitor).await? {
            PasskeyBegun::Asked(cookie, asked) => {
                page.keep(Name::Passkey, &cookie);
                Some(asked)
            }
            PasskeyBegun::Wait => return Ok(told(page, "web-too-many")),
            PasskeyBegun::None => None,
        },
        (Doing::Show, Some(cookie), _) => accounts.begin_show_passkey(cookie).await?,
        (Doing::Enroll, Some(cookie), _) => accounts.begin_passkey(Flow::SignIn(cookie)).await?,
        (Doing::Add, _, Some(session)) => accounts.begin_passkey(Flow::Account(session)).await?,
        (Doing::Prove, _, Some(session)) => accounts.begin_prove_passkey(session).await?,
        (Doing::Reset, ..) => match page.cookies.token(Name::ResetProof) {
            Some(proof) => accounts.begin_reset_passkey(&proof).await?,
            None => None,
        },
        (Doing::Show | Doing::Enroll, None, _) | (Doing::Add | Doing::Prove, _, None) => None,
    };
    let Some(asked) = asked else {
        return Ok(told(page, NONE));
    };
    let asked: Value = serde_json::from_str(&asked)
        .map_err(|_ours| usher_accounts::AccountError::Unreadable { what: "passkey" })?;
    Ok((page.cookies, Json(json!({ "ask": asked }))).into_response())
}

fn told(page: Page, key: &str) -> Response {
    let text = page.frame.t(key);
    (page.cookies, Json(json!({ "wrong": text }))).into_response()
}

/// The page that says why a passkey was not taken, and leads back.
#[derive(Template)]
#[template(path = "page/passkey.html")]
pub(super) struct PasskeyPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) wrong: &'a str,
    pub(super) back: &'a str,
}

fn refuse(page: Page, wrong: &str, back: &str) -> Response {
    let frame = page.frame.clone();
    page.show(&PasskeyPage {
        frame: &frame,
        wrong,
        back,
    })
}

/// What sign-in is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    /// The page of the web client that was asked for.
    next: String,
}

/// The form of a sign-in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInForm {
    answer: String,
    #[serde(default)]
    device: String,
}

/// `POST /usher/passkey-sign-in`.
pub(super) async fn sign_in(
    mut page: Page,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<SignInForm>,
) -> Answer {
    let back = door::form_at(&query.next);
    let Some(cookie) = page.cookies.token(Name::Passkey) else {
        return Ok(refuse(page, WRONG, &back));
    };
    page.clear(Name::Passkey);
    let device = step::device(&page, typed.device);
    let next = return_path::parse(&query.next);
    let form = PasskeyForm {
        answer: &typed.answer,
        device_id: &device,
        next: &next,
        language: page.frame.tongue.code(),
    };
    let accounts = page.services.accounts.clone();
    let entered = accounts
        .finish_passkey_sign_in(&cookie, &form, &page.visitor)
        .await?;
    Ok(step::begin(page, entered, WRONG, |page, wrong| {
        refuse(page, wrong, &back)
    })
    .await)
}

/// The form of a second factor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShowForm {
    answer: String,
    /// The browser is to be trusted: "yes".
    #[serde(default)]
    trust: String,
}

/// `POST /usher/passkey-show`.
pub(super) async fn show(page: Page, Typed(typed): Typed<ShowForm>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let trusts = typed.trust == "yes";
    let answered = accounts
        .finish_show_passkey(&cookie, &typed.answer, trusts, &page.visitor)
        .await?;
    let wrong = match answered {
        FactorAnswer::Right(moved) => return Ok(step::go_on(page, *moved).await),
        FactorAnswer::Gone => return Ok(step::over(page).await),
        FactorAnswer::Wrong { .. } | FactorAnswer::NotACode => WRONG,
        FactorAnswer::Dead => "passkey-late",
        FactorAnswer::Wait(_) => "web-too-many",
        FactorAnswer::Closed => "passkey-closed",
    };
    Ok(refuse(page, wrong, "second-factor"))
}

/// The form of a new passkey.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewForm {
    answer: String,
    #[serde(default)]
    name: String,
}

/// `POST /usher/passkey-enroll`.
pub(super) async fn enroll(page: Page, Typed(typed): Typed<NewForm>) -> Answer {
    match page.cookies.token(Name::Attempt) {
        Some(cookie) => register(page, Flow::SignIn(&cookie), &typed, "enroll").await,
        None => Ok(step::over(page).await),
    }
}

/// `POST /usher/passkey-add`.
pub(super) async fn add(signed_in: SignedIn, Typed(typed): Typed<NewForm>) -> Answer {
    let SignedIn { page, session, .. } = signed_in;
    register(page, Flow::Account(&session), &typed, "account-security").await
}

async fn register(page: Page, flow: Flow<'_>, typed: &NewForm, here: &str) -> Answer {
    let accounts = page.services.accounts.clone();
    let enrolled = accounts
        .finish_passkey(flow, &typed.answer, &typed.name, &page.visitor)
        .await?;
    let wrong = match enrolled {
        Enrollment::Done { codes, moved } => {
            return Ok(match moved {
                Some(_) if !codes.is_empty() => {
                    recovery_codes::hand_out(page, &codes, recovery_codes::Then::SignIn)
                }
                None if !codes.is_empty() => {
                    recovery_codes::hand_out(page, &codes, recovery_codes::Then::Account)
                }
                Some(moved) => step::go_on(page, *moved).await,
                None => page.go("account-security?said=added"),
            });
        }
        Enrollment::Wrong | Enrollment::NotACode => WRONG,
        Enrollment::Refused => "passkey-refused",
        Enrollment::Wait(_) => "web-too-many",
        Enrollment::Gone => "passkey-late",
    };
    Ok(refuse(page, wrong, here))
}

/// A form with a passkey and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerForm {
    answer: String,
}

/// `POST /usher/passkey-prove`, with the query of the page `prove`.
pub(super) async fn prove(
    AtAnySeat(signed_in): AtAnySeat,
    Asked(query): Asked<prove::Query>,
    Typed(typed): Typed<AnswerForm>,
) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let accounts = page.services.accounts.clone();
    let proved = accounts
        .finish_prove_passkey(&session, &typed.answer, &page.visitor)
        .await?;
    let wrong = match proved {
        StepUp::Done(cookie) => {
            page.keep(Name::Session, &cookie);
            return Ok(page.go(&query.target()));
        }
        StepUp::Wrong | StepUp::NotACode => WRONG,
        StepUp::Dead => "passkey-late",
        StepUp::Closed => "passkey-closed",
        StepUp::Wait(_same_for_all) => "web-too-many",
        StepUp::Busy => "web-busy",
    };
    Ok(refuse(page, wrong, &query.action()))
}

/// `POST /usher/passkey-reset`, with the query of the page `reset-factor`.
pub(super) async fn reset(
    page: Page,
    Asked(towards): Asked<Towards>,
    Typed(typed): Typed<AnswerForm>,
) -> Answer {
    let Some(proof) = page.cookies.token(Name::ResetProof) else {
        return Ok(reset::dead(page, &towards));
    };
    let accounts = page.services.accounts.clone();
    let shown = accounts
        .finish_reset_passkey(&proof, &typed.answer, &page.visitor)
        .await?;
    let wrong = match shown {
        ResetFactor::Right => return Ok(page.go(&towards.by("new-password"))),
        ResetFactor::Dead => return Ok(reset::dead(page, &towards)),
        ResetFactor::Wrong | ResetFactor::NotACode => WRONG,
        ResetFactor::Late => "passkey-late",
        ResetFactor::Wait(_same_for_all) => "web-too-many",
        ResetFactor::Closed => "passkey-closed",
    };
    Ok(refuse(page, wrong, &towards.by("reset-factor")))
}

/// `GET /usher/passkey-sign-in`: the form stands on another page.
pub(super) async fn back(Asked(query): Asked<Query>) -> Response {
    redirect(&door::form_at(&query.next))
}
