//! A second factor is set up: at the end of a sign-in that owes one, or from the pages of the account. The same pages for
//! both, at addresses of their own.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::second_factor::{EnrollView, Enrollment, Flow, Seed};
use usher_domain::second_factor::{Enroll, FactorKind};
use usher_domain::sign_in::Step;

use super::account::security;
use super::cookies::Name;
use super::frame::Frame;
use super::page::{Answer, Asked, Page, Typed, redirect};
use super::panel::Times;
use super::qr::{self, Picture};
use super::recovery_codes::{self, Then};
use super::spans::{days_until, waiting};
use super::step::{self, Stands};

/// Where a factor is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    SignIn,
    Account,
}

impl Place {
    #[cfg(test)]
    pub(super) const ALL: [Self; 2] = [Self::SignIn, Self::Account];

    /// The page that asks which kind.
    pub(super) const fn page(self) -> &'static str {
        match self {
            Self::SignIn => "enroll",
            Self::Account => "account-factor",
        }
    }

    /// Where the form of a passkey goes, and what the passkey is for.
    const fn passkey(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn => ("passkey-enroll", "enroll"),
            Self::Account => ("passkey-add", "add"),
        }
    }

    const fn then(self) -> Then {
        match self {
            Self::SignIn => Then::SignIn,
            Self::Account => Then::Account,
        }
    }
}

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    kind: Option<FactorKind>,
    said: Option<Said>,
}

impl Query {
    /// Which kind is set up, and why that begins anew.
    pub(super) const fn parts(&self) -> (Option<FactorKind>, Option<Said>) {
        (self.kind, self.said)
    }
}

/// Why it begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Refused,
    Late,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 2] = [Self::Refused, Self::Late];

    const fn key(self) -> &'static str {
        match self {
            Self::Refused => "factor-enroll-refused",
            Self::Late => "factor-enroll-late",
        }
    }
}

/// The form that chooses a kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Choice {
    kind: FactorKind,
}

/// The form of an authenticator app's first code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct First {
    code: String,
}

/// The page that asks which kind.
#[derive(Template)]
#[template(path = "page/enroll.html")]
pub(super) struct EnrollPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) place: Place,
    pub(super) body: String,
    pub(super) kinds: Vec<Kind>,
    pub(super) may_skip: bool,
    pub(super) said: Option<Said>,
}

/// A kind that can be chosen.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) meaning: String,
}

/// Kinds to choose from. `address`: where codes by mail would go.
pub(super) fn kinds(frame: &Frame, kinds: &[FactorKind], address: &str) -> Vec<Kind> {
    let told = |kind: &FactorKind| {
        let (icon, title) = security::named(*kind);
        let meaning = match kind {
            FactorKind::Passkey => frame.t("factor-kind-passkey-means"),
            FactorKind::Totp => frame.t("factor-kind-totp-means"),
            FactorKind::Email => frame.with("factor-kind-email-means", "address", address),
        };
        Kind {
            name: kind.name(),
            icon,
            title: frame.t(title),
            meaning,
        }
    };
    kinds.iter().map(told).collect()
}

/// The page of an authenticator app.
#[derive(Template)]
#[template(path = "page/enroll_totp.html")]
pub(super) struct TotpPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) place: Place,
    /// `None`: the server's name is too long for one.
    pub(super) picture: Option<Picture>,
    /// For typing, in groups of four.
    pub(super) key: String,
    /// For an app on the same device.
    pub(super) link: &'a str,
    pub(super) wrong: String,
}

/// The page of a passkey.
#[derive(Template)]
#[template(path = "page/enroll_passkey.html")]
pub(super) struct PasskeyPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) place: Place,
}

/// `GET /usher/enroll`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return away(page).await;
    };
    let accounts = page.services.accounts.clone();
    let Some(view) = accounts.enroll_view(&cookie).await? else {
        return away(page).await;
    };
    match query.kind {
        Some(kind) if view.kinds.contains(&kind) && kind != FactorKind::Email => {
            of_kind(page, Place::SignIn, Flow::SignIn(&cookie), kind).await
        }
        Some(_) | None => Ok(choose(page, &view, query.said)),
    }
}

/// `POST /usher/enroll`: a kind is chosen.
pub(super) async fn submit(page: Page, Typed(typed): Typed<Choice>) -> Answer {
    match page.cookies.token(Name::Attempt) {
        Some(cookie) => begin(page, Place::SignIn, Flow::SignIn(&cookie), typed).await,
        None => Ok(step::over(page).await),
    }
}

/// `POST /usher/enroll-code`: the first code of an authenticator app.
pub(super) async fn submit_code(page: Page, Typed(typed): Typed<First>) -> Answer {
    match page.cookies.token(Name::Attempt) {
        Some(cookie) => confirm(page, Place::SignIn, Flow::SignIn(&cookie), &typed).await,
        None => Ok(step::over(page).await),
    }
}

/// `POST /usher/enroll-skip`.
pub(super) async fn skip(page: Page) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let moved = accounts.skip_enrollment(&cookie, &page.visitor).await?;
    Ok(step::go_on(page, moved).await)
}

/// `GET /usher/enroll-code` and `/usher/enroll-skip`: somebody came back to them.
pub(super) async fn back() -> Response {
    redirect("enroll")
}

/// The sign-in is not here: to where it is.
async fn away(page: Page) -> Answer {
    Ok(match step::stands(&page, Step::EnrollSecondFactor).await? {
        Stands::Here(_) => step::over(page).await,
        Stands::Elsewhere(there) => page.go(&there),
    })
}

fn choose(page: Page, view: &EnrollView, said: Option<Said>) -> Response {
    let frame = page.frame.clone();
    let now = page.services.accounts.now();
    let may_skip = view.owed == Enroll::MaySkip;
    let body = match view.demanded_from {
        Some(from) if may_skip => {
            let date = Times::of(&page).day(&frame, from);
            let span = days_until(&frame, from, now);
            let variables = [("date", date.into()), ("span", span.into())];
            frame.texts("factor-enroll-may-skip", &variables)
        }
        Some(_) | None => frame.t("factor-enroll-required"),
    };
    page.show(&EnrollPage {
        frame: &frame,
        place: Place::SignIn,
        body,
        kinds: kinds(&frame, &view.kinds, &view.address),
        may_skip,
        said,
    })
}

/// The page of a kind that needs one.
pub(super) async fn of_kind(page: Page, place: Place, flow: Flow<'_>, kind: FactorKind) -> Answer {
    match kind {
        FactorKind::Totp => app(page, place, flow, String::new()).await,
        FactorKind::Passkey => {
            let frame = page.frame.clone();
            Ok(page.show(&PasskeyPage {
                frame: &frame,
                place,
            }))
        }
        FactorKind::Email => Ok(page.go(place.page())),
    }
}

/// A kind is chosen: codes by mail are on at once, anything else has a page of its own.
pub(super) async fn begin(page: Page, place: Place, flow: Flow<'_>, chosen: Choice) -> Answer {
    let accounts = page.services.accounts.clone();
    match chosen.kind {
        FactorKind::Passkey => Ok(page.go(&format!("{}?kind=passkey", place.page()))),
        FactorKind::Totp => Ok(match accounts.begin_totp(flow).await? {
            Some(_shown_there) => page.go(&format!("{}?kind=totp", place.page())),
            None => anew(page, place, Said::Refused),
        }),
        FactorKind::Email => {
            let enrolled = accounts.enroll_mail(flow, &page.visitor).await?;
            Ok(match finish(page, place, enrolled).await {
                Ok(answer) => answer,
                Err(refused) => {
                    let (page, _nothing_was_typed) = *refused;
                    anew(page, place, Said::Refused)
                }
            })
        }
    }
}

/// The first code of an authenticator app.
pub(super) async fn confirm(page: Page, place: Place, flow: Flow<'_>, first: &First) -> Answer {
    let accounts = page.services.accounts.clone();
    let enrolled = accounts
        .confirm_totp(flow, &first.code, "", &page.visitor)
        .await?;
    match finish(page, place, enrolled).await {
        Ok(answer) => Ok(answer),
        Err(again) => {
            let (page, wrong) = *again;
            app(page, place, flow, wrong).await
        }
    }
}

/// What follows from an enrollment; else what is wrong with what was typed, in words.
async fn finish(
    page: Page,
    place: Place,
    enrolled: Enrollment,
) -> Result<Response, Box<(Page, String)>> {
    Ok(match enrolled {
        Enrollment::Done { codes, .. } if !codes.is_empty() => {
            recovery_codes::hand_out(page, &codes, place.then())
        }
        Enrollment::Done {
            moved: Some(moved), ..
        } => step::go_on(page, *moved).await,
        Enrollment::Done { moved: None, .. } => page.go("account-security?said=added"),
        Enrollment::Refused => anew(page, place, Said::Refused),
        Enrollment::Gone => anew(page, place, Said::Late),
        Enrollment::Wrong => {
            let wrong = page.frame.t("factor-totp-not-yet");
            return Err(Box::new((page, wrong)));
        }
        Enrollment::NotACode => {
            let wrong = page.frame.t("web-code-not-a-code");
            return Err(Box::new((page, wrong)));
        }
        Enrollment::Wait(span) => {
            let wrong = waiting(&page.frame, "factor-recovery-wait", span);
            return Err(Box::new((page, wrong)));
        }
    })
}

/// It begins anew, at the page that asks which kind; where the flow is over, that page leads on.
fn anew(page: Page, place: Place, said: Said) -> Response {
    let why = match said {
        Said::Refused => "refused",
        Said::Late => "late",
    };
    page.go(&format!("{}?said={why}", place.page()))
}

/// The page of an authenticator app; where no seed waits, it begins anew.
async fn app(page: Page, place: Place, flow: Flow<'_>, wrong: String) -> Answer {
    let seed: Option<Seed> = page.services.accounts.pending_totp(flow).await?;
    let Some(seed) = seed else {
        return Ok(anew(page, place, Said::Late));
    };
    let frame = page.frame.clone();
    Ok(page.show(&TotpPage {
        frame: &frame,
        place,
        picture: qr::picture(seed.address.reveal()),
        key: grouped(seed.text.reveal()),
        link: seed.address.reveal(),
        wrong,
    }))
}

/// In groups of four, as people read it.
fn grouped(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}
