//! The list of profiles: the owner's seat, those that can be used, and those that can be brought back.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::profiles::{OwnerPin, ProfileEntry, ProfilesPage as Found};
use usher_domain::account::Account;
use usher_domain::id::ProfileId;
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::screen_time::GIFTS;
use usher_domain::profile::{AgePreset, KEPT_AFTER_DELETION, ProfileState};
use usher_domain::time::Timestamp;

use super::face::Face;
use super::time::{Wish, in_words};
use super::{Said, proven};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Typed, redirect, with_query};
use crate::pages::panel::Times;
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profiles";

/// Where a profile moves in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    Up,
    Down,
}

impl To {
    const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Query {
    said: Option<Said>,
    /// The profile that was moved just now, and where to: whoever pressed its button may press it again.
    moved: String,
    to: Option<To>,
}

/// The form that moves one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderForm {
    id: String,
    to: To,
}

/// A profile in the list.
pub(in crate::pages) struct Line {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
    /// The key of its age.
    pub(in crate::pages) age: &'static str,
    pub(in crate::pages) has_pin: bool,
    /// Moods and keys of what is to be known of it; none while all is well.
    pub(in crate::pages) states: Vec<(&'static str, &'static str)>,
    pub(in crate::pages) is_broken: bool,
    /// What was watched today, and what is left.
    pub(in crate::pages) today: String,
    /// More time can be given: there is a limit.
    pub(in crate::pages) has_limit: bool,
    /// The button that has the focus, "up" or "down"; empty where none has.
    pub(in crate::pages) pressed: &'static str,
}

/// A deleted profile that can be brought back.
pub(in crate::pages) struct Gone {
    pub(in crate::pages) id: String,
    pub(in crate::pages) name: String,
    pub(in crate::pages) face: Face,
    /// When it was deleted, and until when it can be brought back. No two of one name say the same.
    pub(in crate::pages) about: String,
}

#[derive(Template)]
#[template(path = "account/profiles.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each shows or hides a part of the page"
)]
pub(in crate::pages) struct ProfilesPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) account: &'a Account,
    pub(in crate::pages) said: Option<Said>,
    /// The account may have profiles.
    pub(in crate::pages) is_on: bool,
    pub(in crate::pages) has_room: bool,
    /// How many there may be, the owner's among them.
    pub(in crate::pages) most: u16,
    pub(in crate::pages) owner_has_pin: bool,
    /// There are limits for somebody, and whether the owner wants a PIN was not said yet.
    pub(in crate::pages) asks_pin: bool,
    pub(in crate::pages) lines: Vec<Line>,
    /// They are brought back where there is room, and profiles are on.
    pub(in crate::pages) gone: Vec<Gone>,
    /// Who asks for more time.
    pub(in crate::pages) wishes: Vec<Wish>,
    /// How many minutes can be given.
    pub(in crate::pages) gifts: [u16; 3],
}

impl ProfilesPage<'_> {
    fn owner(&self) -> Face {
        Face::letter(&self.account.seen.name)
    }

    /// That there is no room is told under the list; a notice need not say it, too.
    fn notice(&self) -> Option<Said> {
        let is_told = self.is_on && !self.has_room;
        self.said.filter(|said| !is_told || *said != Said::Full)
    }

    fn room(&self) -> String {
        let most = i64::from(self.most);
        self.frame.count("profile-list-most", "n", most)
    }
}

/// `GET /usher/account-profiles`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let found = page.services.accounts.profiles_page(&session).await?;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let now = page.services.accounts.now();
    let gone = gone(&found, &frame, &times, now);
    let accounts = &page.services.accounts;
    let wishes = accounts.time_wishes(session.account).await?;
    let mut lines = Vec::new();
    for entry in there(&found) {
        let today = accounts.watched_today(&entry.profile).await?;
        let wish = accounts
            .own_account_wish(&session, entry.profile.id)
            .await?;
        let mut line = Line {
            today: in_words(&frame, today),
            ..line(entry)
        };
        if wish.is_some_and(|wish| wish.waits()) {
            line.states.push(("quiet", "leave-asked"));
        }
        if entry.profile.is_open() && !today.is_open_now {
            line.states.push(("quiet", "seat-not-now"));
        }
        lines.push(line);
    }
    let last = lines.len().saturating_sub(1);
    for (place, line) in lines.iter_mut().enumerate() {
        line.pressed = match query.to {
            Some(_) if line.id != query.moved || last == 0 => "",
            Some(To::Up) if place == 0 => To::Down.name(),
            Some(To::Down) if place == last => To::Up.name(),
            to => to.map_or("", To::name),
        };
    }
    Ok(page.show(&ProfilesPage {
        frame: &frame,
        account: &account,
        said: query.said,
        is_on: found.policy.enabled,
        has_room: found.has_room,
        most: found.policy.most,
        owner_has_pin: found.owner_pin == OwnerPin::Set,
        asks_pin: asks_pin(&found),
        lines,
        gone,
        wishes: wishes.iter().map(Wish::of).collect(),
        gifts: GIFTS,
    }))
}

/// `GET` of a form that stands on the list.
pub(super) async fn back() -> Response {
    redirect(HERE)
}

/// `POST /usher/account-profile-order`.
pub(super) async fn order(signed_in: SignedIn, Typed(typed): Typed<OrderForm>) -> Answer {
    let by = match proven(&signed_in, HERE, "") {
        Ok(by) => by,
        Err(to) => return Ok(signed_in.page.go(&to)),
    };
    let SignedIn { page, session, .. } = signed_in;
    let accounts = page.services.accounts.clone();
    let found = accounts.profiles_page(&session).await?;
    let mut order: Vec<ProfileId> = there(&found).map(|entry| entry.profile.id).collect();
    let at = order.iter().position(|id| id.to_string() == typed.id);
    let Some(at) = at else {
        return Ok(page.go(&Said::NoProfile.on_list()));
    };
    let to = match typed.to {
        To::Up => at.saturating_sub(1),
        To::Down => (at + 1).min(order.len() - 1),
    };
    order.swap(at, to);
    accounts.order_profiles(by, &order).await?;
    let moved = [("moved", typed.id.as_str()), ("to", typed.to.name())];
    Ok(page.go(&with_query(HERE, &moved)))
}

/// Those that can be brought back, in their order. The same name can be deleted twice in a minute: then they are counted.
fn gone(found: &Found, frame: &Frame, times: &Times, now: Timestamp) -> Vec<Gone> {
    let mut gone: Vec<Gone> = Vec::new();
    for ProfileEntry { profile, .. } in &found.profiles {
        let ProfileState::Deleting(since) = profile.state else {
            continue;
        };
        if profile.state.is_due_to_go(now) {
            continue;
        }
        let until = times.exact(frame, since + KEPT_AFTER_DELETION);
        let parts = [
            ("deleted", times.exact(frame, since).into()),
            ("until", until.into()),
        ];
        let (name, about) = (
            profile.name.as_str().to_owned(),
            frame.texts("profile-gone-until", &parts),
        );
        let is_like = |other: &&Gone| other.name == name && other.about.starts_with(about.as_str());
        let alike = gone.iter().filter(is_like).count();
        gone.push(Gone {
            id: profile.id.to_string(),
            face: Face::of(profile),
            name,
            about: match alike {
                0 => about,
                before => format!("{about} ({})", before + 1),
            },
        });
    }
    gone
}

/// Those that are not deleted, in their order.
fn there(found: &Found) -> impl Iterator<Item = &ProfileEntry> {
    let is_there =
        |entry: &&ProfileEntry| !matches!(entry.profile.state, ProfileState::Deleting(_since));
    found.profiles.iter().filter(is_there)
}

fn asks_pin(found: &Found) -> bool {
    let mut there = there(found);
    found.owner_pin == OwnerPin::Unset && there.any(|entry| entry.profile.limits.are_any())
}

fn line(entry: &ProfileEntry) -> Line {
    let profile = &entry.profile;
    Line {
        id: profile.id.to_string(),
        name: profile.name.as_str().to_owned(),
        face: Face::of(profile),
        age: age(profile.preset),
        has_pin: profile.has_pin,
        states: match (entry.is_broken, profile.state) {
            (true, _) => vec![("bad", "profile-state-broken")],
            (false, ProfileState::Creating(_)) => vec![("warn", "profile-state-creating")],
            (false, ProfileState::Off(_)) => vec![("quiet", "profile-state-off")],
            (false, ProfileState::Leaving(_)) => vec![("warn", "profile-state-leaving")],
            (false, ProfileState::Ready | ProfileState::Deleting(_)) => Vec::new(),
        },
        is_broken: entry.is_broken,
        today: String::new(),
        has_limit: profile.limits.screen_time != DailyMinutes::UNLIMITED,
        pressed: "",
    }
}

/// The key of an age.
pub(super) const fn age(preset: AgePreset) -> &'static str {
    match preset {
        AgePreset::Adult => "profile-age-adult",
        AgePreset::Teen => "profile-age-teen",
        AgePreset::Child => "profile-age-child",
    }
}
