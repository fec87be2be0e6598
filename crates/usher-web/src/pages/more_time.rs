//! More screen time: a profile asks for it, from its own browser or by the code that a screen shows.
//!
//! Invariant: opening a page, and looking at whose a code is, changes nothing (R13). A wish needs a press.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::screen_time::{AskedToday, MayAsk, ScreenShown, TimeAsked, Today, WishAnswer};
use usher_domain::code::Code;
use usher_domain::profile::Profile;

use super::Services;
use super::frame::Frame;
use super::page::{Answer, Asked, Fault, Page, Session, Typed, redirect};
use super::panel::Times;

const HERE: &str = "more-time";

/// The pages on which it is asked for.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/more-time", get(show).post(look))
        .route("/usher/more-time-ask", get(back).post(ask))
        .route("/usher/more-time-told", get(told))
}

/// Which screen it is asked from.
#[derive(Template)]
#[template(path = "page/more_time_code.html")]
pub(super) struct CodePage<'a> {
    pub(super) frame: &'a Frame,
    /// What was typed.
    pub(super) code: &'a str,
    pub(super) wrong: &'static str,
}

/// Who asks, and what is left.
#[derive(Template)]
#[template(path = "page/more_time.html")]
pub(super) struct AskPage<'a> {
    pub(super) frame: &'a Frame,
    /// Who it is, and how much was watched.
    pub(super) body: String,
    pub(super) owner: &'a str,
    /// What is left of the day; `None` for no limit.
    pub(super) left: Option<String>,
    /// What became of what was asked before today; empty where nothing was.
    pub(super) answer: String,
    /// The key of why nothing can be asked for; empty where something can.
    pub(super) needless: &'static str,
    /// An answer is still to come.
    pub(super) waits: bool,
    /// Of the screen; empty in a browser at the profile's seat.
    pub(super) code: &'a str,
    /// The profile that the page was made for.
    pub(super) who: String,
}

/// What is told at the end.
#[derive(Template)]
#[template(path = "page/time_told.html")]
pub(super) struct ToldPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) title: &'static str,
    pub(super) body: String,
    /// An answer is still to come.
    pub(super) waits: bool,
}

/// The code of a screen.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct CodeForm {
    code: String,
}

/// A wish.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AskForm {
    code: String,
    /// For whom it is. Another one may sit at the browser by now.
    who: String,
}

/// What the last page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    said: Said,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Asked,
    Waits,
    Enough,
    Later,
    Needless,
    Closed,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 6] = [
        Self::Asked,
        Self::Waits,
        Self::Enough,
        Self::Later,
        Self::Needless,
        Self::Closed,
    ];

    /// Its name in the address, its title and its text.
    pub(super) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Asked => ("asked", "time-asked-title", "time-asked-body"),
            Self::Waits => ("waits", "time-asked-title", "time-asked-waits"),
            Self::Enough => ("enough", "time-ask-title", "time-asked-enough"),
            Self::Later => ("later", "time-ask-title", "time-asked-later"),
            Self::Needless => ("needless", "time-ask-title", "time-asked-needless"),
            Self::Closed => ("closed", "time-ask-title", "time-ask-closed"),
        }
    }
}

/// `GET /usher/more-time`: at a profile's seat it can be asked at once; the owner's browser is led to where it is given.
async fn show(page: Page, Session(session): Session) -> Answer {
    let Some(session) = session else {
        return Ok(ask_code(page, "", ""));
    };
    match page.services.accounts.profile_at(&session).await? {
        Some(profile) => ask_page(page, &profile, "").await,
        None => Ok(page.go("account-profiles")),
    }
}

/// `POST /usher/more-time`: whose screen it is.
async fn look(page: Page, Typed(typed): Typed<CodeForm>) -> Answer {
    let (shown, code) = of_code(&page, &typed.code).await?;
    match shown {
        ScreenShown::By(profile) => ask_page(page, &profile, &code).await,
        ScreenShown::Unknown => Ok(ask_code(page, &typed.code, "time-ask-code-wrong")),
        ScreenShown::Wait(_same_for_all) => Ok(ask_code(page, &typed.code, "web-too-many")),
    }
}

/// `GET` of a form that stands on another page.
async fn back() -> Response {
    redirect(HERE)
}

/// `POST /usher/more-time-ask`.
async fn ask(page: Page, Session(session): Session, Typed(typed): Typed<AskForm>) -> Answer {
    let accounts = page.services.accounts.clone();
    let (shown, code) = of_code(&page, &typed.code).await?;
    let profile = match (shown, session) {
        (ScreenShown::By(profile), _) => Some(*profile),
        (ScreenShown::Wait(_same_for_all), _) => {
            return Ok(ask_code(page, &typed.code, "web-too-many"));
        }
        (ScreenShown::Unknown, Some(session)) => accounts.profile_at(&session).await?,
        (ScreenShown::Unknown, None) => None,
    };
    let Some(profile) = profile else {
        return Ok(ask_code(page, &typed.code, "time-ask-code-wrong"));
    };
    if !typed.who.is_empty() && typed.who != profile.id.to_string() {
        return ask_page(page, &profile, &code).await;
    }
    let became = accounts.ask_more_time(&profile, &page.visitor).await?;
    let said = match became {
        TimeAsked::Asked => Said::Asked,
        TimeAsked::Waits => Said::Waits,
        TimeAsked::Enough => Said::Enough,
        TimeAsked::Later => Said::Later,
        TimeAsked::Needless => Said::Needless,
        TimeAsked::Closed => Said::Closed,
    };
    Ok(page.go(&format!("more-time-told?said={}", said.words().0)))
}

/// `GET /usher/more-time-told`.
async fn told(page: Page, Asked(query): Asked<Query>) -> Response {
    let frame = page.frame.clone();
    let (_, title, body) = query.said.words();
    page.show(&ToldPage {
        frame: &frame,
        title,
        body: frame.t(body),
        waits: matches!(query.said, Said::Asked | Said::Waits),
    })
}

/// Whose screen shows what was typed, and the code as it was read. What can be no code is not looked up, and not counted.
async fn of_code(page: &Page, typed: &str) -> Result<(ScreenShown, String), Fault> {
    let Ok(code) = Code::parse_letters(typed) else {
        return Ok((ScreenShown::Unknown, String::new()));
    };
    let accounts = &page.services.accounts;
    let shown = accounts.profile_of_screen(&code, &page.visitor).await?;
    Ok((shown, code.reveal().to_owned()))
}

async fn ask_page(page: Page, profile: &Profile, code: &str) -> Answer {
    let accounts = page.services.accounts.clone();
    let today = accounts.watched_today(profile).await?;
    let owner = accounts.account(profile.account).await?;
    let owner = owner.map(|owner| owner.seen.name).unwrap_or_default();
    let asked = accounts.asked_today(profile, &page.visitor).await?;
    let frame = page.frame.clone();
    let left = left(&frame, &today);
    let (name, used) = (
        profile.name.as_str(),
        frame.tongue.minutes(today.used_minutes()),
    );
    let times = Times::of(&page);
    Ok(page.show(&AskPage {
        frame: &frame,
        body: frame.texts(
            "time-ask-body",
            &[("name", name.into()), ("used", used.into())],
        ),
        owner: &owner,
        answer: answer(&frame, &times, &asked),
        needless: match (profile.is_open(), today.is_open_now, &left) {
            (false, _, _) => "time-ask-closed",
            (true, false, _) => "time-ask-outside-hours",
            (true, true, None) => "time-asked-needless",
            (true, true, Some(_)) => why_not(asked.may_ask),
        },
        waits: asked.may_ask == MayAsk::Waits,
        left,
        code,
        who: profile.id.to_string(),
    }))
}

fn ask_code(page: Page, code: &str, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&CodePage {
        frame: &frame,
        code,
        wrong,
    })
}

/// What is left of the day, in words; `None` for no limit.
pub(super) fn left(frame: &Frame, today: &Today) -> Option<String> {
    Some(match today.left_minutes()? {
        0 => frame.t("time-ask-none-left"),
        left => frame.with("time-ask-left", "left", &frame.tongue.minutes(left)),
    })
}

/// What became of the newest wish, in words.
fn answer(frame: &Frame, times: &Times, asked: &AskedToday) -> String {
    let Some((at, answer)) = asked.newest else {
        return String::new();
    };
    match answer {
        WishAnswer::Waits => {
            let asked = times.moment(frame, at);
            frame.with("time-answer-waits", "asked", &asked.ago)
        }
        WishAnswer::Given(minutes) => frame.count("time-answer-given", "n", minutes.into()),
        WishAnswer::Refused => frame.t("time-answer-refused"),
    }
}

/// The key of why a profile with a limit cannot ask now; empty where it can.
const fn why_not(may_ask: MayAsk) -> &'static str {
    match may_ask {
        MayAsk::Yes => "",
        MayAsk::Waits => "time-asked-body",
        MayAsk::Enough => "time-asked-enough",
        MayAsk::Later => "time-asked-later",
    }
}
