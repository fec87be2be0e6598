//! The second step of a sign-in: an enrolled factor is shown. The strongest is asked for first; the others, and a recovery
//! code, are one link away.
use std::time::Duration;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::second_factor::{CodeSent, FactorAnswer, FactorView, Shown};
use usher_domain::second_factor::FactorKind;
use usher_domain::sign_in::Step;

use super::code::wrong_code;
use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, redirect};
use super::spans::{mail_waiting, seconds_until, waiting};
use super::step::{self, Stands};

/// A way to show a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    Passkey,
    Totp,
    Email,
    Recovery,
}

impl Way {
    #[cfg(test)]
    pub(super) const ALL: [Self; 4] = [Self::Passkey, Self::Totp, Self::Email, Self::Recovery];

    pub(super) const fn of(kind: FactorKind) -> Self {
        match kind {
            FactorKind::Email => Self::Email,
            FactorKind::Totp => Self::Totp,
            FactorKind::Passkey => Self::Passkey,
        }
    }

    /// Its name in forms and addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::Email => "email",
            Self::Recovery => "recovery",
        }
    }

    /// The key of its link.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Passkey => "factor-other-passkey",
            Self::Totp => "factor-other-totp",
            Self::Email => "factor-other-email",
            Self::Recovery => "factor-other-recovery",
        }
    }

    /// What was typed, as this. `None`: a passkey is not typed.
    pub(super) const fn shown(self, code: &str) -> Option<Shown<'_>> {
        match self {
            Self::Passkey => None,
            Self::Totp => Some(Shown::Totp(code)),
            Self::Email => Some(Shown::Mail(code)),
            Self::Recovery => Some(Shown::Recovery(code)),
        }
    }
}

/// Why a factor was not taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum NotTaken {
    /// Wrong; with how many tries are left, where that is counted.
    Wrong(Option<i64>),
    NotACode,
    /// The mailed code is used up.
    Dead,
    Wait(Duration),
    Closed,
}

impl NotTaken {
    /// In words.
    pub(super) fn told(self, frame: &Frame, way: Way) -> String {
        match (self, way) {
            (Self::Wrong(Some(left)), _) => wrong_code(frame, left),
            (Self::Wrong(None), Way::Recovery) => frame.t("factor-recovery-wrong"),
            (Self::Wrong(None), Way::Totp | Way::Email | Way::Passkey) => {
                frame.t("factor-totp-wrong")
            }
            (Self::NotACode, Way::Recovery) => frame.t("factor-recovery-not-a-code"),
            (Self::NotACode, Way::Totp | Way::Email | Way::Passkey) => {
                frame.t("web-code-not-a-code")
            }
            (Self::Dead, _) => frame.t("web-code-dead"),
            (Self::Wait(span), Way::Recovery) => waiting(frame, "factor-recovery-wait", span),
            (Self::Wait(span), Way::Totp | Way::Email | Way::Passkey) => {
                waiting(frame, "factor-wait", span)
            }
            (Self::Closed, Way::Recovery) => frame.t("factor-recovery-closed"),
            (Self::Closed, Way::Totp | Way::Email | Way::Passkey) => frame.t("factor-closed"),
        }
    }
}

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    way: Option<Way>,
    said: Option<Said>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// A code is on its way.
    Sent,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    way: Way,
    code: String,
    /// The browser is to be trusted: "yes".
    #[serde(default)]
    trust: String,
}

#[derive(Template)]
#[template(path = "page/second_factor.html")]
pub(super) struct SecondFactorPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) way: Way,
    /// Which other ways there are.
    pub(super) others: Vec<Way>,
    /// Where codes by mail go, with most of it hidden.
    pub(super) address: &'a str,
    /// A code was mailed in this sign-in.
    pub(super) is_sent: bool,
    /// Seconds until another one can be sent.
    pub(super) wait: u64,
    pub(super) notice: String,
    /// The key of why mail is no way; empty where it is one.
    pub(super) no_mail: &'static str,
    pub(super) wrong: String,
    /// The form of sign-in.
    pub(super) back: String,
}

impl SecondFactorPage<'_> {
    fn body(&self) -> String {
        match self.way {
            Way::Passkey => self.frame.t("factor-show-passkey"),
            Way::Totp => self.frame.t("factor-show-totp"),
            Way::Email if self.is_sent => {
                self.frame
                    .with("factor-show-email", "address", self.address)
            }
            Way::Email => self
                .frame
                .with("factor-show-email-before", "address", self.address),
            Way::Recovery => self.frame.t("factor-show-recovery"),
        }
    }
}

/// `GET /usher/second-factor`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let notice = query.said.map(|Said::Sent| page.frame.t("factor-sent"));
    ask(page, query.way, notice.unwrap_or_default(), String::new()).await
}

/// `POST /usher/second-factor`.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let Some(shown) = typed.way.shown(&typed.code) else {
        return Ok(page.go("second-factor"));
    };
    let accounts = page.services.accounts.clone();
    let trusts = typed.trust == "yes";
    let answered = accounts
        .show_factor(&cookie, shown, trusts, &page.visitor)
        .await?;
    let not_taken = match answered {
        FactorAnswer::Right(moved) => return Ok(step::go_on(page, *moved).await),
        FactorAnswer::Gone => return Ok(step::over(page).await),
        FactorAnswer::Wrong { tries_left } => NotTaken::Wrong(tries_left),
        FactorAnswer::NotACode => NotTaken::NotACode,
        FactorAnswer::Dead => NotTaken::Dead,
        FactorAnswer::Wait(span) => NotTaken::Wait(span),
        FactorAnswer::Closed => NotTaken::Closed,
    };
    let wrong = not_taken.told(&page.frame, typed.way);
    ask(page, Some(typed.way), String::new(), wrong).await
}

/// `GET /usher/second-factor-send`: somebody came back to it.
pub(super) async fn back() -> Response {
    redirect("second-factor?way=email")
}

/// `POST /usher/second-factor-send`: sends a code by mail.
pub(super) async fn send(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let sent = accounts.send_factor_code(&cookie, &page.visitor).await?;
    let wrong = match sent {
        CodeSent::Sent => return Ok(page.go("second-factor?way=email&said=sent")),
        CodeSent::Gone => return Ok(step::over(page).await),
        CodeSent::Wait(span) => mail_waiting(&page.frame, span),
        CodeSent::NoMail => page.frame.t("factor-no-mail"),
    };
    ask(page, Some(Way::Email), String::new(), wrong).await
}

/// The ways that are open, strongest first. Mail is one while it leaves, or after a code has left.
fn open_ways(view: &FactorView) -> Vec<Way> {
    let can_mail = view.mail_works || view.code_sent.is_some();
    let kinds = view.kinds.iter().map(|kind| Way::of(*kind));
    let recovery = (view.recovery_codes > 0).then_some(Way::Recovery);
    kinds
        .filter(|way| *way != Way::Email || can_mail)
        .chain(recovery)
        .collect()
}

/// The key of why there is only a recovery code, also where a code was asked for before mail was known to be dead; empty
/// where there is more.
fn no_mail(view: &FactorView, ways: &[Way]) -> &'static str {
    match ways {
        [] => "factor-mail-dead-no-codes",
        [Way::Recovery] if view.kinds.contains(&FactorKind::Email) => "factor-mail-dead",
        [Way::Email, Way::Recovery] if !view.mail_works => "factor-mail-dead",
        [Way::Email] if !view.mail_works => "factor-mail-dead-no-codes",
        _other_ways => "",
    }
}

async fn ask(page: Page, way: Option<Way>, notice: String, wrong: String) -> Answer {
    let view = match page.cookies.token(Name::Attempt) {
        Some(cookie) => page.services.accounts.factor_view(&cookie).await?,
        None => None,
    };
    let Some(view) = view else {
        return Ok(match step::stands(&page, Step::SecondFactor).await? {
            // At this step, but the account is gone.
            Stands::Here(_) => step::over(page).await,
            Stands::Elsewhere(there) => page.go(&there),
        });
    };
    let mut others = open_ways(&view);
    let no_mail = no_mail(&view, &others);
    let way = way.filter(|way| others.contains(way));
    let way = way
        .or_else(|| others.first().copied())
        .unwrap_or(Way::Recovery);
    others.retain(|other| *other != way);
    let now = page.services.accounts.now();
    let back = step::back(&page).await;
    let frame = page.frame.clone();
    Ok(page.show(&SecondFactorPage {
        frame: &frame,
        way,
        others,
        address: &view.masked_address,
        is_sent: view.code_sent.is_some(),
        wait: seconds_until(view.resend_from, now),
        notice,
        no_mail,
        wrong,
        back,
    }))
}
