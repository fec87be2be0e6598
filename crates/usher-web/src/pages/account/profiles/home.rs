//! How the web client looks: its colors, and what stands on its home page, in which order.
use askama::Template;
use axum::response::Response;
use usher_accounts::profiles::ProfileEntry;
use usher_domain::profile::preferences::{HOME_SECTIONS, HomeSection, Preferences};

use super::sent::Sent;
use super::setting::{Head, carried, decided, save_preferences, shown};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-home";

/// The themes of Jellyfin's web client (10.10 to 12.0): id and proper name.
const THEMES: [(&str, &str); 6] = [
    ("dark", "Dark"),
    ("light", "Light"),
    ("appletv", "Apple TV"),
    ("blueradiance", "Blue Radiance"),
    ("purplehaze", "Purple Haze"),
    ("wmc", "WMC"),
];

/// What can stand at a place of the home page: what the form sends, and the key of its name.
const SECTIONS: [(HomeSection, &str, &str); 10] = [
    (HomeSection::None, "none", "profile-section-none"),
    (
        HomeSection::Libraries,
        "libraries",
        "profile-section-libraries",
    ),
    (
        HomeSection::LibraryButtons,
        "buttons",
        "profile-section-buttons",
    ),
    (HomeSection::Resume, "resume", "profile-section-resume"),
    (
        HomeSection::ResumeAudio,
        "resume-audio",
        "profile-section-resume-audio",
    ),
    (
        HomeSection::ResumeBook,
        "resume-book",
        "profile-section-resume-book",
    ),
    (HomeSection::LiveTelevision, "live", "profile-section-live"),
    (HomeSection::NextUp, "next-up", "profile-section-next-up"),
    (HomeSection::Latest, "latest", "profile-section-latest"),
    (
        HomeSection::ActiveRecordings,
        "recordings",
        "profile-section-recordings",
    ),
];

/// A section that can stand at a place: its value in the form, the key of its name, and whether it stands there.
type Section = (&'static str, &'static str, bool);

#[derive(Template)]
#[template(path = "account/profile_home.html")]
pub(in crate::pages) struct HomePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    /// The id of the theme; empty for the server's choice.
    pub(in crate::pages) theme: String,
    /// The client's own order.
    pub(in crate::pages) is_usual: bool,
    /// What stands at each place, [`HOME_SECTIONS`] of them.
    pub(in crate::pages) places: Vec<HomeSection>,
    /// What the page showed before anything was chosen.
    pub(in crate::pages) shown: String,
    /// The key of what is wrong with the places.
    pub(in crate::pages) wrong: &'static str,
}

impl HomePage<'_> {
    fn themes(&self) -> [(&'static str, &'static str, bool); 6] {
        THEMES.map(|(id, name)| (id, name, self.theme == id))
    }

    /// Each place: its number, and what can stand there.
    fn lines(&self) -> Vec<(usize, [Section; 10])> {
        let at =
            |place: HomeSection| SECTIONS.map(|(one, field, name)| (field, name, one == place));
        let places = self.places.iter().enumerate();
        places
            .map(|(number, place)| (number + 1, at(*place)))
            .collect()
    }
}

/// `GET /usher/account-profile-home`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let accounts = &signed_in.page.services.accounts;
    let preferences = accounts.preferences_that_hold(&entry.profile).await?;
    let shown = carried(&preferences);
    Ok(of(signed_in, &entry, (&preferences, shown), ""))
}

/// `POST /usher/account-profile-home`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(mut sent): Typed<Sent>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let theme = sent.one("theme")?;
    let order = sent.one("order")?;
    let before = shown(&sent.one("before")?)?;
    let mut places = Vec::new();
    for number in 1..=HOME_SECTIONS {
        let field = sent.one(&format!("place-{number}"))?;
        let known = SECTIONS.iter().find(|(_, name, _)| *name == field);
        places.push(known.ok_or(Fault::Form)?.0);
    }
    sent.end()?;
    let home_sections = match order.as_str() {
        "usual" => Vec::new(),
        "own" => {
            let last = places.iter().rposition(|one| *one != HomeSection::None);
            places.truncate(last.map_or(1, |last| last + 1));
            places
        }
        _other => return Err(Fault::Form),
    };
    let wrong = wrong(&home_sections);
    let is_known = theme.is_empty() || THEMES.iter().any(|(id, _)| *id == theme);
    let theme = match is_known {
        true if theme.is_empty() => None,
        true => Some(theme),
        false => return Err(Fault::Form),
    };
    let kept = &entry.profile.preferences;
    if !wrong.is_empty() {
        let typed = Preferences {
            theme,
            home_sections,
            ..kept.clone()
        };
        return Ok(of(signed_in, &entry, (&typed, carried(&before)), wrong));
    }
    let sections = decided(home_sections, before.home_sections, &kept.home_sections);
    let preferences = Preferences {
        theme,
        home_sections: sections.0,
        ..kept.clone()
    };
    let shown = Preferences {
        home_sections: sections.1,
        ..preferences.clone()
    };
    save_preferences(signed_in, &entry, preferences, shown).await
}

/// The key of what is wrong with an order: a section stands twice, or none is chosen at all.
fn wrong(sections: &[HomeSection]) -> &'static str {
    let shown = || sections.iter().filter(|one| **one != HomeSection::None);
    let is_twice = shown().any(|one| sections.iter().filter(|other| *other == one).count() > 1);
    if is_twice {
        "profile-sections-twice"
    } else if !sections.is_empty() && shown().next().is_none() {
        "profile-sections-empty"
    } else {
        ""
    }
}

fn of(
    signed_in: SignedIn,
    entry: &ProfileEntry,
    (preferences, shown): (&Preferences, String),
    wrong: &'static str,
) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    let frame = page.frame.clone();
    let own = &preferences.home_sections;
    let mut places = if own.is_empty() {
        HomeSection::USUAL.to_vec()
    } else {
        own.clone()
    };
    places.resize(HOME_SECTIONS, HomeSection::None);
    page.show(&HomePage {
        frame: &frame,
        head: Head::of(&account, entry, HERE, ("profile-home", "profile-home-body")),
        theme: preferences.theme.clone().unwrap_or_default(),
        is_usual: own.is_empty(),
        places,
        shown,
        wrong,
    })
}
