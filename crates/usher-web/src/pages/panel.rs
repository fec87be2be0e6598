//! What account and console pages show alike: where somebody is signed in, what happened, and when.
mod told;

use std::time::Duration;

use usher_accounts::me::{PlaceId, SignedInPlace};
use usher_accounts::{ActivityLine, NamedLine};
use usher_domain::activity::Door;
use usher_domain::second_factor::FactorLevel;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_text::TimeZone;

use super::account::profiles::Face;
use super::frame::Frame;
use super::page::Page;

/// The clock and the zone by which a page tells times.
pub(super) struct Times {
    now: Timestamp,
    zone: TimeZone,
}

/// A moment: how long ago, and exactly.
pub(super) struct Moment {
    pub(super) ago: String,
    pub(super) exact: String,
}

/// A place where somebody is signed in.
pub(super) struct Place {
    /// What its form sends.
    pub(super) id: String,
    pub(super) icon: &'static str,
    pub(super) name: String,
    pub(super) about: String,
    /// Whose seat it is at, where there are several.
    pub(super) seat: Option<Seat>,
    /// What the button says that makes the device the profile's alone.
    pub(super) keep: Option<String>,
    /// How sure it was who signed in, in words.
    pub(super) level: String,
    pub(super) used: Moment,
    pub(super) is_this: bool,
    /// It is on the device of the place above it.
    pub(super) is_beside: bool,
}

/// Who watches at a place.
pub(super) struct Seat {
    pub(super) text: String,
    pub(super) face: Face,
}

/// Something that happened.
pub(super) struct Event {
    pub(super) icon: &'static str,
    pub(super) mood: &'static str,
    pub(super) what: String,
    /// Whose, where a page tells of several accounts, and which administrator did it.
    pub(super) who: String,
    pub(super) about: String,
    pub(super) at: Moment,
}

impl Times {
    pub(super) fn of(page: &Page) -> Self {
        Self {
            now: page.services.accounts.now(),
            zone: page.services.accounts.zone(),
        }
    }

    #[cfg(test)]
    pub(super) const fn at(now: Timestamp) -> Self {
        Self {
            now,
            zone: TimeZone::UTC,
        }
    }

    /// The exact moment, as people write it.
    pub(super) fn exact(&self, frame: &Frame, at: Timestamp) -> String {
        frame.tongue.moment(at, &self.zone)
    }

    pub(super) fn day(&self, frame: &Frame, at: Timestamp) -> String {
        frame.tongue.day(at, &self.zone)
    }

    /// The day so many days ago, as charts count days: by UTC.
    pub(super) fn day_ago(&self, frame: &Frame, ago: u64) -> String {
        let at = self.now - Duration::from_hours(24 * ago);
        frame.tongue.day(at, &TimeZone::UTC)
    }

    pub(super) fn moment(&self, frame: &Frame, at: Timestamp) -> Moment {
        let minutes = self.now.since(at).as_secs() / 60;
        let (key, count) = match minutes {
            0 => ("account-ago-now", 0),
            1..60 => ("account-ago-minutes", minutes),
            60..1440 => ("account-ago-hours", minutes / 60),
            1440..20_160 => ("account-ago-days", minutes / 1440),
            _long => ("", 0),
        };
        Moment {
            ago: if key.is_empty() {
                self.day(frame, at)
            } else {
                frame.count(key, "n", i64::try_from(count).unwrap_or(i64::MAX))
            },
            exact: self.exact(frame, at),
        }
    }
}

/// What a form sends for a place.
pub(super) fn place_key(id: PlaceId) -> String {
    match id {
        PlaceId::Token(id) => format!("token-{id}"),
        PlaceId::Session(id) => format!("session-{id}"),
    }
}

/// A place that a form names. `None`: nothing of ours.
pub(super) fn parse_place(key: &str) -> Option<PlaceId> {
    let (kind, id) = key.split_once('-')?;
    match kind {
        "token" => id.parse().ok().map(PlaceId::Token),
        "session" => id.parse().ok().map(PlaceId::Session),
        _unknown => None,
    }
}

pub(super) fn place(frame: &Frame, times: &Times, place: &SignedInPlace) -> Place {
    let names_device = !place.device.is_empty();
    let name = if names_device {
        &place.device
    } else {
        &place.client
    };
    let network = frame.t(network_of(&place.address));
    let mut about = vec![place.address.as_str(), network.as_str()];
    if names_device {
        about.insert(0, &place.client);
    }
    about.retain(|part| !part.is_empty());
    let since = frame.with("account-since", "date", &times.day(frame, place.since));
    Place {
        id: place_key(place.id),
        icon: icon_of(place.door, &place.client),
        name: if name.is_empty() {
            frame.t("account-device-unnamed")
        } else {
            name.clone()
        },
        about: format!("{} · {since}", about.join(" · ")),
        seat: place.seat.as_ref().map(|seat| Seat {
            text: frame.with(
                if seat.watches {
                    "account-place-profile"
                } else {
                    "account-place-asks"
                },
                "profile",
                &seat.name,
            ),
            face: Face::shown(seat.picture.as_ref(), &seat.name),
        }),
        keep: place
            .seat
            .as_ref()
            .filter(|_| place.is_shared)
            .map(|seat| frame.with("account-keep-only", "profile", &seat.name)),
        level: frame.t(level_of(place)),
        used: times.moment(frame, place.used),
        is_this: place.is_this,
        is_beside: false,
    }
}

/// Every place, in the order in which they come; but those on one device stand together, where the first of them does.
pub(super) fn places(frame: &Frame, times: &Times, all: &[SignedInPlace]) -> Vec<Place> {
    let mut ordered: Vec<&SignedInPlace> = Vec::with_capacity(all.len());
    for one in all {
        let beside = ordered.iter().rposition(|other| is_one_device(one, other));
        ordered.insert(beside.map_or(ordered.len(), |at| at + 1), one);
    }
    let above = [None].into_iter().chain(ordered.iter().map(Some));
    let shown = ordered.iter().zip(above).map(|(one, above)| Place {
        is_beside: above.is_some_and(|above| is_one_device(one, above)),
        ..place(frame, times, one)
    });
    shown.collect()
}

fn is_one_device(one: &SignedInPlace, other: &SignedInPlace) -> bool {
    !one.device_key.is_empty() && one.device_key == other.device_key
}

/// How somebody signed in there. A screen and a program show no factor of their own.
const fn level_of(place: &SignedInPlace) -> &'static str {
    match (place.level, place.door) {
        _ if place.is_adopted => "account-level-before",
        (FactorLevel::None, Door::QuickConnect) => "account-level-approved",
        (FactorLevel::None, Door::AppPassword) => "account-level-app-password",
        (FactorLevel::None, Door::Web | Door::App) => "account-level-none",
        (FactorLevel::Trusted, _) => "account-level-trusted",
        (FactorLevel::Mail, _) => "account-level-mail",
        (FactorLevel::Recovery, _) => "account-level-recovery",
        (FactorLevel::Strong, _) => "account-level-strong",
    }
}

/// Where an address is, in a word. What is no address is nowhere.
fn network_of(address: &str) -> &'static str {
    match address.parse() {
        Ok(address) if Visitor::new(address, true, "").is_private() => "account-network-home",
        Ok(_) => "account-network-outside",
        Err(_) => "account-network-unknown",
    }
}

/// A picture of the kind of device, as far as its program's name tells.
fn icon_of(door: Door, client: &str) -> &'static str {
    let client = client.to_lowercase();
    let names = |words: &[&str]| words.iter().any(|word| client.contains(word));
    if names(&[
        "tv",
        "roku",
        "webos",
        "tizen",
        "kodi",
        "xbox",
        "chromecast",
        "television",
    ]) {
        "tv"
    } else if door == Door::Web || names(&["jellyfin web"]) {
        "browser"
    } else if names(&[
        "android", "ios", "iphone", "ipad", "phone", "mobile", "findroid", "swiftfin", "finamp",
    ]) {
        "phone"
    } else {
        "laptop"
    }
}

/// A line for the owner of the account that it is about.
pub(super) fn event(frame: &Frame, times: &Times, line: &ActivityLine) -> Event {
    let (icon, mood, _) = told::told(&line.what);
    let about = [line.client.as_str(), line.address.as_str()];
    let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
    Event {
        icon,
        mood,
        what: told::words(frame, &line.what),
        who: String::new(),
        about: about.join(" · "),
        at: times.moment(frame, line.at),
    }
}

/// A line for administrators: who did it, and on a page that tells of several accounts whose it is.
pub(super) fn named_event(
    frame: &Frame,
    times: &Times,
    named: &NamedLine,
    tells_whose: bool,
) -> Event {
    let mut who = Vec::new();
    if tells_whose && !named.whose.is_empty() {
        who.push(named.whose.clone());
    }
    if !named.by.is_empty() {
        who.push(frame.with("account-did-by", "name", &named.by));
    }
    Event {
        who: who.join(" · "),
        ..event(frame, times, &named.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::tests::{NOON, frame};

    #[test]
    fn r71_only_what_a_page_wrote_names_a_place() {
        let id = "0b5c7a1e8f7e4d239a578a3f2f1f0c11".parse().unwrap();
        for place in [PlaceId::Token(id), PlaceId::Session(id_of_session())] {
            assert_eq!(parse_place(&place_key(place)), Some(place));
        }
        for text in [
            "",
            "token",
            "token-",
            "user-0b5c7a1e8f7e4d239a578a3f2f1f0c11",
            "token-1",
        ] {
            assert_eq!(parse_place(text), None, "{text}");
        }
    }

    fn id_of_session() -> usher_domain::id::SessionId {
        "0b5c7a1e8f7e4d239a578a3f2f1f0c12".parse().unwrap()
    }

    #[test]
    fn a_device_has_a_picture_of_its_kind() {
        for (door, client, icon) in [
            (Door::App, "Jellyfin Android TV", "tv"),
            (Door::QuickConnect, "Old television", "tv"),
            (Door::App, "Findroid", "phone"),
            (Door::Web, "Firefox on Android", "browser"),
            (Door::App, "Jellyfin Media Player", "laptop"),
        ] {
            assert_eq!(icon_of(door, client), icon, "{client}");
        }
    }

    #[test]
    fn moments_are_told_by_how_long_ago_they_were_and_after_two_weeks_by_their_day() {
        let times = Times::at(NOON);
        let ago = |seconds| {
            let at = NOON - Duration::from_secs(seconds);
            times.moment(&frame("de"), at).ago
        };
        assert_eq!(ago(5), "gerade eben");
        assert_eq!(ago(61), "vor 1 Minute");
        assert_eq!(ago(7_300), "vor 2 Stunden");
        assert_eq!(ago(3 * 86_400), "vor 3 Tagen");
        assert!(ago(20 * 86_400).contains("2026"));
    }
}
