//! The lines of the activity log, as pages show them.
use usher_accounts::{ActivityLine, NamedLine};
use usher_domain::activity::{
    Activity, Door, ProfileDeed, ProfileLine, ProfilePart, SettingChanged,
};
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::ActivityId;
use usher_domain::mail::{Actor, Wish};
use usher_domain::second_factor::Demand;
use usher_domain::settings::{ProfileRule, Requirement};

use super::NOON;
use super::html::in_every_language;
use crate::pages::frame::Frame;
use crate::pages::panel::{self, Event, Times};

pub(super) fn events(frame: &Frame) -> Vec<Event> {
    let mut all = vec![
        Activity::SignInRefused { door: Door::App },
        Activity::SignedOut,
        Activity::SignedOutEverywhere,
        Activity::ResetAsked,
        Activity::AddressProven,
        Activity::AddressUndone,
        Activity::AttemptRevoked,
        Activity::QuickConnectApproved { profile: None },
        Activity::PolicyChanged {
            settings: Vec::new(),
        },
        Activity::RequestClosed,
        Activity::MailSentAgain,
        Activity::MailDropped,
        Activity::KeyBound,
    ];
    for door in [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword] {
        let profile = None;
        all.push(Activity::SignedIn { door, profile });
    }
    for by in [Actor::Person, Actor::Administrator, Actor::Jellyfin] {
        all.extend([
            Activity::PasswordChanged { by },
            Activity::AddressChanged { by },
            Activity::AwaitsSetUp { by },
        ]);
    }
    for is in [true, false] {
        all.extend([
            Activity::SetUp { unproven: is },
            Activity::StandsOpen { anywhere: is },
            Activity::Disabled { off: is },
        ]);
    }
    for wish in [Wish::PasswordReset, Wish::SetUpCode] {
        let profile = None;
        all.push(Activity::Asked { wish, profile });
    }
    for did in DEEDS {
        for name in [Some("<Kids>"), None] {
            let name = name.map(str::to_owned);
            all.push(of_profile(did, name));
        }
    }
    all.extend(of_named(Some("<Kids>")));
    all.push(Activity::PolicyChanged {
        settings: settings(),
    });
    let did = ProfileDeed::RuleChanged;
    all.push(of_profile(did, None));
    all.into_iter().map(|what| event(frame, what)).collect()
}

fn event(frame: &Frame, what: Activity) -> Event {
    let named = NamedLine {
        line: line(what),
        whose: "<mia>".to_owned(),
        by: "<nora>".to_owned(),
    };
    panel::named_event(frame, &Times::at(NOON), &named, true)
}

fn line(what: Activity) -> ActivityLine {
    ActivityLine {
        id: ActivityId::generate(NOON, &SeededEntropy::new(6)),
        account: None,
        actor: None,
        at: NOON,
        what,
        client: "<Firefox>".to_owned(),
        address: "192.0.2.7".to_owned(),
    }
}

fn of_profile(did: ProfileDeed, name: Option<String>) -> Activity {
    Activity::Profile(ProfileLine { name, ..did.into() })
}

/// Every setting with every kind of value.
fn settings() -> Vec<SettingChanged> {
    let requirements = [
        Requirement::Off,
        Requirement::Optional,
        Requirement::Required,
    ];
    let demands = [
        Demand::Off,
        Demand::Optional,
        Demand::Administrators,
        Demand::Everyone,
    ];
    let mut all = vec![
        SettingChanged::Elsewhere,
        SettingChanged::Mail,
        SettingChanged::SecondFactorFrom,
        SettingChanged::SecondFactorKinds,
    ];
    all.extend(requirements.map(|to| SettingChanged::Address { to }));
    all.extend(demands.map(|to| SettingChanged::SecondFactor { to }));
    all.extend([None, Some(4)].map(|most| SettingChanged::Profiles { most }));
    for on in [true, false] {
        all.extend([
            SettingChanged::Recovery { on },
            SettingChanged::AccountRecovery { on },
            SettingChanged::QuickConnect { on },
        ]);
    }
    all
}

/// What is done about one profile.
const DEEDS: [ProfileDeed; 19] = [
    ProfileDeed::Made,
    ProfileDeed::Changed,
    ProfileDeed::Deleted,
    ProfileDeed::Restored,
    ProfileDeed::Repaired,
    ProfileDeed::PinChanged,
    ProfileDeed::PinRemoved,
    ProfileDeed::PinRefused,
    ProfileDeed::BecameAccount,
    ProfileDeed::MarksCopied,
    ProfileDeed::TimeAsked,
    ProfileDeed::TimeGiven,
    ProfileDeed::TimeRefused,
    ProfileDeed::DeviceKept,
    ProfileDeed::DeviceFreed,
    ProfileDeed::RefusedOutsideHours,
    ProfileDeed::RefusedOnDevice,
    ProfileDeed::RefusedClosed,
    ProfileDeed::SeatTaken,
];

const PARTS: [ProfilePart; 13] = [
    ProfilePart::Name,
    ProfilePart::Picture,
    ProfilePart::Age,
    ProfilePart::Ratings,
    ProfilePart::Tags,
    ProfilePart::Libraries,
    ProfilePart::LiveTelevision,
    ProfilePart::Hours,
    ProfilePart::ScreenTime,
    ProfilePart::Languages,
    ProfilePart::Autoplay,
    ProfilePart::Theme,
    ProfilePart::Home,
];

#[test]
fn a_line_says_what_of_a_profile_was_changed_and_how_much_time_was_given() {
    in_every_language(|frame| {
        let told = |line: ProfileLine| {
            let name = Some("Kids".to_owned());
            event(frame, Activity::Profile(ProfileLine { name, ..line })).what
        };
        let changed = |parts: &[ProfilePart]| {
            told(ProfileLine {
                parts: parts.to_vec(),
                ..ProfileDeed::Changed.into()
            })
        };
        let mut each: Vec<String> = PARTS.map(|part| changed(&[part])).to_vec();
        for line in &each {
            assert!(line.contains("Kids") && line.contains(": "), "{line}");
            assert!(!line.contains(['{', '$']), "{line}");
        }
        each.sort();
        each.dedup();
        assert_eq!(each.len(), PARTS.len());
        assert!(changed(&PARTS).matches(", ").count() == PARTS.len() - 1);
        for (parts, tells_more) in [
            (vec![ProfilePart::Name], false),
            (vec![ProfilePart::Name, ProfilePart::Age], true),
        ] {
            let renamed = told(ProfileLine {
                was: Some("Tots".to_owned()),
                parts,
                ..ProfileDeed::Changed.into()
            });
            assert!(renamed.contains("Tots") && renamed.contains("Kids"));
            assert_eq!(renamed.contains(": "), tells_more, "{renamed}");
        }
        let unknown = event(frame, Activity::Profile(ProfileDeed::RefusedUnknown.into()));
        assert!(!unknown.what.contains(['{', '$']), "{}", unknown.what);
        let decided = [
            (None, None),
            (None, Some(4)),
            (Some(true), None),
            (Some(true), Some(1)),
            (Some(false), Some(4)),
        ]
        .map(|(enabled, most)| {
            let rule = Some(ProfileRule { enabled, most });
            let line = ProfileLine {
                rule,
                ..ProfileDeed::RuleChanged.into()
            };
            event(frame, Activity::Profile(line)).what
        });
        for (place, text) in decided.iter().enumerate() {
            assert!(!text.contains(['{', '$']), "{text}");
            assert!(!decided[..place].contains(text), "{text}");
        }
        let given = told(ProfileLine {
            minutes: Some(30),
            ..ProfileDeed::TimeGiven.into()
        });
        assert!(given.contains("Kids") && given.contains("30"), "{given}");
    });
}

#[test]
fn a_line_about_a_profile_says_which_where_the_log_knows_it() {
    in_every_language(|frame| {
        for did in DEEDS {
            let name = Some("Kids".to_owned());
            let named = event(frame, of_profile(did, name)).what;
            assert!(named.contains("Kids"), "{named}");
            let nameless = event(frame, of_profile(did, None)).what;
            assert!(nameless.contains(' '), "{nameless}");
            assert!(!nameless.contains(['{', '$']), "{nameless}");
            assert_ne!(named, nameless);
        }
    });
}

/// What happens as a profile, or to one, beside [`DEEDS`].
fn of_named(profile: Option<&str>) -> Vec<Activity> {
    let profile = profile.map(str::to_owned);
    let doors = [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword];
    let mut all: Vec<_> = doors
        .map(|door| Activity::SignedIn {
            door,
            profile: profile.clone(),
        })
        .into();
    all.extend([true, false].map(|granted| Activity::OwnAccountDecided {
        granted,
        profile: profile.clone(),
    }));
    all.push(Activity::OwnAccountWithdrawn {
        profile: profile.clone(),
    });
    all.push(Activity::Asked {
        wish: Wish::OwnAccount,
        profile: profile.clone(),
    });
    all.push(Activity::AppApproved {
        profile: profile.clone(),
    });
    all.push(Activity::QuickConnectApproved { profile });
    all
}

#[test]
fn a_line_says_as_which_profile_it_was() {
    in_every_language(|frame| {
        let named = of_named(Some("Kids")).into_iter();
        for (named, nameless) in named.zip(of_named(None)) {
            let (named, nameless) = (event(frame, named).what, event(frame, nameless).what);
            assert!(named.contains("Kids"), "{named}");
            assert_ne!(named, nameless);
            assert!(!nameless.contains(['{', '$']), "{nameless}");
        }
    });
}

#[test]
fn a_line_about_the_owners_own_seat_or_about_a_device_says_so() {
    in_every_language(|frame| {
        for did in [
            ProfileDeed::PinChanged,
            ProfileDeed::PinRemoved,
            ProfileDeed::PinRefused,
            ProfileDeed::MarksCopied,
            ProfileDeed::SeatTaken,
        ] {
            let own = Activity::Profile(ProfileLine {
                is_own: true,
                ..did.into()
            });
            let somebodys = event(frame, of_profile(did, None)).what;
            assert_ne!(event(frame, own).what, somebodys);
        }
        for did in [ProfileDeed::DeviceKept, ProfileDeed::DeviceFreed] {
            let kept = Activity::Profile(ProfileLine {
                name: Some("Kids".to_owned()),
                device: Some("Tablet (Findroid)".to_owned()),
                ..did.into()
            });
            let kept = event(frame, kept).what;
            assert!(kept.contains("Kids") && kept.contains("Tablet (Findroid)"));
        }
    });
}

#[test]
fn every_setting_is_told_in_words_with_what_it_says_now() {
    in_every_language(|frame| {
        let told = |one: SettingChanged| {
            let settings = vec![one];
            event(frame, Activity::PolicyChanged { settings }).what
        };
        let mut seen: Vec<String> = settings().into_iter().map(told).collect();
        for text in &seen {
            assert!(!text.contains(['{', '$']), "{text}");
        }
        let all = seen.len();
        seen.sort();
        seen.dedup();
        // Recovery reads the same for all and for one account, in whose log the line stands.
        assert_eq!(seen.len(), all - 2);
    });
}

#[test]
fn administrators_read_who_did_it_and_the_owner_reads_no_name() {
    in_every_language(|frame| {
        let did = event(frame, Activity::RequestClosed);
        assert!(did.who.starts_with("<mia> · "), "{}", did.who);
        assert!(did.who.ends_with("<nora>"), "{}", did.who);
        let own = panel::event(frame, &Times::at(NOON), &line(Activity::RequestClosed));
        assert_eq!(own.who, "");
    });
}
