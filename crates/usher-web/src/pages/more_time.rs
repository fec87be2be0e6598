//! More screen time: a profile asks for it, from its own browser or by the code that a screen shows; its owner gives some by
//! the link of the mail.
//!
//! Invariant: opening a page, and looking at whose a code is, changes nothing (R13). A wish needs a press, and so does a gift.

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use usher_accounts::screen_time::{
    AskedToday, Gift, ScreenShown, TimeAsked, TimeWish, Today, WishAnswer, WishShown,
};
use usher_domain::code::Code;
use usher_domain::profile::Profile;
use usher_domain::profile::screen_time::GIFTS;

use super::Services;
use super::frame::Frame;
use super::link::secret;
use super::page::{Answer, Asked, Fault, Page, Session, Typed, redirect};
use super::panel::Times;

const HERE: &str = "more-time";

/// The pages of screen time that need no session of the owner's.
pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/usher/more-time", get(show).post(look))
        .route("/usher/more-time-ask", get(back).post(ask))
        .route("/usher/more-time-told", get(told))
        .route("/usher/give-time", get(arrive).post(look_at_wish))
        .route("/usher/give-time-yes", get(back_to_link).post(give))
        .route("/usher/give-time-told", get(given))
}

/// Which screen it is asked from.
#[derive(Template)]
#[template(path = "page/more_time_code.html")]
pub(super) struct CodePage<'a> {
    pub(super) frame: &'a Frame,
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
    /// Of the screen; empty in a browser at the profile's seat.
    pub(super) code: &'a str,
}

/// Where the link of a mail leads: who asks is seen by its secret alone.
#[derive(Template)]
#[template(path = "page/give_time_link.html")]
pub(super) struct LinkPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) wrong: &'static str,
}

/// Who asks, and what the owner can give.
#[derive(Template)]
#[template(path = "page/give_time.html")]
pub(super) struct GivePage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) link: &'a str,
    pub(super) name: &'a str,
    /// When it was asked, and what was watched.
    pub(super) body: String,
    pub(super) gifts: [u16; 3],
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

/// The link of a mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkForm {
    link: String,
}

/// The link of a mail, and what is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GiveForm {
    link: String,
    give: String,
}

/// What the last page is asked for with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    said: Said,
    /// What was given, of [`GIFTS`].
    minutes: Option<u16>,
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Asked,
    Waits,
    Enough,
    Needless,
    Given,
    Refused,
}

impl Said {
    #[cfg(test)]
    pub(super) const ALL: [Self; 6] = [
        Self::Asked,
        Self::Waits,
        Self::Enough,
        Self::Needless,
        Self::Given,
        Self::Refused,
    ];

    /// Its name in the address, its title and its text.
    pub(super) const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Asked => ("asked", "time-asked-title", "time-asked-body"),
            Self::Waits => ("waits", "time-asked-title", "time-asked-waits"),
            Self::Enough => ("enough", "time-ask-title", "time-asked-enough"),
            Self::Needless => ("needless", "time-ask-title", "time-asked-needless"),
            Self::Given => ("given", "time-given-title", "time-given-body"),
            Self::Refused => ("refused", "time-refused-title", "time-refused-body"),
        }
    }
}

/// `GET /usher/more-time`: at a profile's seat it can be asked at once; the owner's browser is led to where it is given.
async fn show(page: Page, Session(session): Session) -> Answer {
    let Some(session) = session else {
        return Ok(ask_code(page, ""));
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
        ScreenShown::Unknown => Ok(ask_code(page, "time-ask-code-wrong")),
        ScreenShown::Wait(_same_for_all) => Ok(ask_code(page, "web-too-many")),
    }
}

/// `GET` of a form that stands on another page.
async fn back() -> Response {
    redirect(HERE)
}

/// `POST /usher/more-time-ask`.
async fn ask(page: Page, Session(session): Session, Typed(typed): Typed<CodeForm>) -> Answer {
    let accounts = page.services.accounts.clone();
    let (shown, _code) = of_code(&page, &typed.code).await?;
    let profile = match (shown, session) {
        (ScreenShown::By(profile), _) => Some(*profile),
        (ScreenShown::Wait(_same_for_all), _) => return Ok(ask_code(page, "web-too-many")),
        (ScreenShown::Unknown, Some(session)) => accounts.profile_at(&session).await?,
        (ScreenShown::Unknown, None) => None,
    };
    let Some(profile) = profile else {
        return Ok(ask_code(page, "time-ask-code-wrong"));
    };
    let became = accounts.ask_more_time(&profile, &page.visitor).await?;
    let said = match became {
        TimeAsked::Asked => Said::Asked,
        TimeAsked::Waits => Said::Waits,
        TimeAsked::Enough => Said::Enough,
        TimeAsked::Needless => Said::Needless,
    };
    Ok(page.go(&format!("more-time-told?said={}", said.words().0)))
}

/// `GET /usher/more-time-told`.
async fn told(page: Page, Asked(query): Asked<Query>) -> Response {
    let frame = page.frame.clone();
    let (_, title, body) = query.said.words();
    let given = query.minutes.filter(|minutes| GIFTS.contains(minutes));
    let body = match given {
        Some(minutes) => frame.count("time-given-minutes", "n", minutes.into()),
        None => frame.t(body),
    };
    page.show(&ToldPage {
        frame: &frame,
        title,
        body,
        waits: matches!(query.said, Said::Asked | Said::Waits),
    })
}

/// `GET /usher/give-time`: nothing is looked up, nothing is changed.
async fn arrive(page: Page) -> Response {
    ask_link(page, "")
}

/// `GET` of the form that stands behind a link.
async fn back_to_link() -> Response {
    redirect("give-time")
}

/// `POST /usher/give-time`: who asks, and what can be given; or what was decided. Nothing is changed.
async fn look_at_wish(page: Page, Typed(typed): Typed<LinkForm>) -> Answer {
    show_wish(page, &typed.link).await
}

/// `POST /usher/give-time-yes`.
async fn give(page: Page, Typed(typed): Typed<GiveForm>) -> Answer {
    let gift = Gift::parse(&typed.give).ok_or(Fault::Form)?;
    let accounts = page.services.accounts.clone();
    let is_decided = match secret(&typed.link) {
        Some(link) => {
            let decided = accounts.decide_wish_by_link(&link, gift, &page.visitor);
            decided.await?
        }
        None => false,
    };
    if !is_decided {
        return show_wish(page, &typed.link).await;
    }
    Ok(page.go(&match gift {
        Gift::Minutes(minutes) => {
            let said = Said::Given.words().0;
            format!("give-time-told?said={said}&minutes={minutes}")
        }
        Gift::Nothing => format!("give-time-told?said={}", Said::Refused.words().0),
    }))
}

/// `GET /usher/give-time-told`.
async fn given(page: Page, asked: Asked<Query>) -> Response {
    told(page, asked).await
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
    let asked = accounts.asked_today(profile).await?;
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
        needless: match (today.is_open_now, &left) {
            (false, _) => "time-ask-outside-hours",
            (true, None) => "time-asked-needless",
            (true, Some(_)) => why_not(&asked),
        },
        left,
        code,
    }))
}

fn ask_code(page: Page, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&CodePage {
        frame: &frame,
        wrong,
    })
}

fn ask_link(page: Page, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&LinkPage {
        frame: &frame,
        wrong,
    })
}

/// The wish that a link is about, to be decided; or what became of it.
async fn show_wish(page: Page, typed: &str) -> Answer {
    let accounts = page.services.accounts.clone();
    let shown = match secret(typed) {
        Some(link) => accounts.wish_of_link(&link).await?,
        None => WishShown::Unknown,
    };
    let frame = page.frame.clone();
    let (title, body) = match shown {
        WishShown::Unknown => return Ok(ask_link(page, "time-give-spent")),
        WishShown::Waits(wish) => return gifts(page, typed, &wish).await,
        WishShown::Decided(profile, Some(minutes)) => {
            let (name, given) = (profile.name.as_str(), i64::from(minutes));
            let variables = [("name", name.into()), ("n", given.into())];
            let body = frame.texts("time-decided-given", &variables);
            ("time-decided-title", body)
        }
        WishShown::Decided(profile, None) => {
            let body = frame.with("time-decided-refused", "name", profile.name.as_str());
            ("time-decided-title", body)
        }
        WishShown::Over(profile) => {
            let body = frame.with("time-decided-over", "name", profile.name.as_str());
            ("time-decided-over-title", body)
        }
    };
    Ok(page.show(&ToldPage {
        frame: &frame,
        title,
        body,
        waits: false,
    }))
}

async fn gifts(page: Page, link: &str, wish: &TimeWish) -> Answer {
    let accounts = page.services.accounts.clone();
    let today = accounts.watched_today(&wish.profile).await?;
    let frame = page.frame.clone();
    let asked = Times::of(&page).moment(&frame, wish.asked);
    let variables = [
        ("asked", asked.ago.into()),
        ("used", frame.tongue.minutes(today.used_minutes()).into()),
        ("left", left(&frame, &today).unwrap_or_default().into()),
    ];
    Ok(page.show(&GivePage {
        frame: &frame,
        link,
        name: wish.profile.name.as_str(),
        body: frame.texts("time-give-asked", &variables),
        gifts: GIFTS,
    }))
}

/// What is left of the day, in words; `None` for no limit.
fn left(frame: &Frame, today: &Today) -> Option<String> {
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
const fn why_not(asked: &AskedToday) -> &'static str {
    match (asked.may_ask, asked.newest) {
        (true, _) => "",
        (false, Some((_, WishAnswer::Waits))) => "time-asked-body",
        (false, _) => "time-asked-enough",
    }
}
