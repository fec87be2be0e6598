//! The lines of the activity log in words.
use usher_domain::activity::{
    Activity, Door, ProfileDeed, ProfileLine, ProfilePart, SettingChanged,
};
use usher_domain::mail::{Actor, Wish};
use usher_domain::second_factor::{Demand, FactorKind};
use usher_domain::settings::{ProfileRule, Requirement};

use crate::pages::frame::Frame;

/// Picture, mood and the key of the text of what happened.
#[expect(clippy::too_many_lines, reason = "one plain line for each event")]
pub(super) const fn told(what: &Activity) -> (&'static str, &'static str, &'static str) {
    match what {
        Activity::SignedIn { door, .. } => match door {
            Door::Web => ("browser", "ok", "account-did-signed-in-web"),
            Door::App => ("phone", "ok", "account-did-signed-in-app"),
            Door::QuickConnect => ("tv", "ok", "account-did-signed-in-quick-connect"),
            Door::AppPassword => ("key", "ok", "account-did-signed-in-app-password"),
        },
        Activity::SignInRefused { .. } => ("warning", "warn", "account-did-refused"),
        Activity::ProofRefused => ("warning", "warn", "account-did-proof-refused"),
        Activity::SignedOut => ("sign-out", "quiet", "account-did-signed-out"),
        Activity::SignedOutEverywhere => ("sign-out", "quiet", "account-did-signed-out-everywhere"),
        Activity::PasswordChanged { by } => match by {
            Actor::Person => ("lock", "ok", "account-did-password-changed"),
            Actor::Administrator => (
                "lock",
                "warn",
                "account-did-password-changed-by-administrator",
            ),
            Actor::Jellyfin => ("lock", "warn", "account-did-password-changed-in-jellyfin"),
        },
        Activity::SetUp { unproven } => {
            if *unproven {
                ("person", "warn", "account-did-set-up-unproven")
            } else {
                ("person", "ok", "account-did-set-up")
            }
        }
        Activity::ResetAsked => ("key", "warn", "account-did-reset-asked"),
        Activity::AddressProven => ("mail", "ok", "account-did-address-proven"),
        Activity::AddressChanged { by } => match by {
            Actor::Person => ("mail", "ok", "account-did-address-changed"),
            Actor::Administrator | Actor::Jellyfin => (
                "mail",
                "warn",
                "account-did-address-changed-by-administrator",
            ),
        },
        Activity::AddressUndone => ("mail", "warn", "account-did-address-undone"),
        Activity::AttemptRevoked => ("shield", "warn", "account-did-attempt-revoked"),
        Activity::AwaitsSetUp { .. } => ("clock", "warn", "account-did-awaits-set-up"),
        Activity::StandsOpen { .. } => ("warning", "bad", "account-did-stands-open"),
        Activity::Disabled { off } => {
            if *off {
                ("cross", "bad", "account-did-disabled")
            } else {
                ("check", "ok", "account-did-enabled")
            }
        }
        Activity::Asked { wish, .. } => match wish {
            Wish::PasswordReset => ("bell", "warn", "account-did-asked-reset"),
            Wish::SetUpCode => ("bell", "warn", "account-did-asked-set-up-code"),
            Wish::OwnAccount => ("bell", "warn", "account-did-asked-own-account"),
        },
        Activity::QuickConnectApproved { .. } => ("tv", "ok", "account-did-quick-connect"),
        Activity::PolicyChanged { .. } => ("gear", "quiet", "account-did-policy-changed"),
        Activity::FactorAdded { kind } => match kind {
            FactorKind::Email => ("shield", "ok", "account-did-factor-added-email"),
            FactorKind::Totp => ("shield", "ok", "account-did-factor-added-totp"),
            FactorKind::Passkey => ("shield", "ok", "account-did-factor-added-passkey"),
        },
        Activity::FactorRemoved { kind } => match kind {
            FactorKind::Email => ("shield", "warn", "account-did-factor-removed-email"),
            FactorKind::Totp => ("shield", "warn", "account-did-factor-removed-totp"),
            FactorKind::Passkey => ("shield", "warn", "account-did-factor-removed-passkey"),
        },
        Activity::FactorsCleared { .. } => ("shield", "bad", "account-did-factors-cleared"),
        Activity::FactorRuleChanged => ("gear", "quiet", "account-did-factor-rule"),
        Activity::FactorRefused { .. } => ("warning", "warn", "account-did-factor-refused"),
        Activity::FactorUnfinished { .. } => ("warning", "bad", "account-did-factor-unfinished"),
        Activity::RecoveryCodesRenewed => ("key", "ok", "account-did-codes-renewed"),
        Activity::RecoveryCodeUsed => ("key", "warn", "account-did-code-used"),
        Activity::AppPasswordMade => ("key", "ok", "account-did-app-password"),
        Activity::AppPasswordEnded => ("key", "quiet", "account-did-app-password-ended"),
        Activity::BrowserTrusted => ("browser", "ok", "account-did-trusted"),
        Activity::TrustEnded => ("browser", "bad", "account-did-trust-ended"),
        Activity::PasskeyCopied => ("shield", "bad", "account-did-passkey-copied"),
        Activity::AppApproved { .. } => ("phone", "ok", "account-did-app-approved"),
        Activity::SignInDisowned => ("shield", "bad", "account-did-disowned"),
        Activity::Profile(ProfileLine { did, .. }) => match did {
            ProfileDeed::Made => ("people", "ok", "account-did-profile-made"),
            ProfileDeed::Changed => ("people", "quiet", "account-did-profile-changed"),
            ProfileDeed::Deleted => ("people", "warn", "account-did-profile-deleted"),
            ProfileDeed::Restored => ("people", "ok", "account-did-profile-restored"),
            ProfileDeed::Repaired => ("people", "warn", "account-did-profile-repaired"),
            ProfileDeed::PinChanged => ("people", "quiet", "account-did-profile-pin"),
            ProfileDeed::PinRemoved => ("people", "warn", "account-did-profile-pin-removed"),
            ProfileDeed::PinRefused => ("warning", "warn", "account-did-profile-pin-refused"),
            ProfileDeed::DeviceKept => ("tv", "ok", "account-did-profile-device-kept"),
            ProfileDeed::DeviceFreed => ("tv", "quiet", "account-did-profile-device-freed"),
            ProfileDeed::RefusedOutsideHours => {
                ("clock", "quiet", "account-did-profile-refused-hours")
            }
            ProfileDeed::RefusedOnDevice => ("tv", "warn", "account-did-profile-refused-device"),
            ProfileDeed::RefusedClosed => ("people", "warn", "account-did-profile-refused-closed"),
            ProfileDeed::RefusedUnknown => {
                ("people", "warn", "account-did-profile-refused-unknown")
            }
            ProfileDeed::SeatTaken => ("browser", "quiet", "account-did-profile-seat"),
            ProfileDeed::BecameAccount => ("people", "warn", "account-did-profile-account"),
            ProfileDeed::MarksCopied => ("people", "quiet", "account-did-profile-marks"),
            ProfileDeed::TimeAsked => ("people", "quiet", "account-did-time-asked"),
            ProfileDeed::TimeGiven => ("people", "ok", "account-did-time-given"),
            ProfileDeed::TimeRefused => ("people", "quiet", "account-did-time-refused"),
            ProfileDeed::RuleChanged => ("gear", "quiet", "account-did-profile-rule"),
        },
        Activity::OwnAccountDecided { granted: true, .. } => {
            ("check", "ok", "account-did-own-account-granted")
        }
        Activity::OwnAccountDecided { granted: false, .. } => {
            ("cross", "quiet", "account-did-own-account-declined")
        }
        Activity::OwnAccountWithdrawn { .. } => {
            ("people", "quiet", "account-did-own-account-withdrawn")
        }
        Activity::RequestClosed => ("check", "quiet", "account-did-request-closed"),
        Activity::MailSentAgain => ("mail", "quiet", "account-did-mail-sent-again"),
        Activity::MailDropped => ("mail", "warn", "account-did-mail-dropped"),
        Activity::KeyBound => ("key", "warn", "account-did-key-bound"),
    }
}

/// What happened, in words, with the names that the line knows.
pub(super) fn words(frame: &Frame, what: &Activity) -> String {
    let (_, _, key) = told(what);
    if let Some((key, profile)) = as_profile(what) {
        return frame.with(key, "profile", profile);
    }
    if let Activity::PolicyChanged { settings } = what
        && !settings.is_empty()
    {
        let changed: Vec<_> = settings.iter().map(|one| setting(frame, *one)).collect();
        let changed = changed.join(", ");
        return frame.with("account-did-policy-changed-to", "settings", &changed);
    }
    let Activity::Profile(line) = what else {
        return frame.t(key);
    };
    let device = line.device.as_deref().unwrap_or_default();
    if let Some(name) = &line.name {
        let parts: Vec<_> = other_parts(line).map(|one| frame.t(part(one))).collect();
        let parts = parts.join(", ");
        let variables = [
            ("profile", name.into()),
            ("was", line.was.as_deref().unwrap_or_default().into()),
            ("device", device.into()),
            ("n", i64::from(line.minutes.unwrap_or_default()).into()),
            ("parts", parts.into()),
        ];
        return frame.texts(of_profile(line), &variables);
    }
    if let Some(rule) = line.rule {
        let most = rule.most.unwrap_or_default();
        return frame.count(of_rule(rule), "n", most.into());
    }
    let of_owner = of_owner(line.did).filter(|_| line.is_own);
    frame.with(of_owner.unwrap_or(key), "device", device)
}

/// The key of the text of what happened as a profile, or for one, and what that is called.
fn as_profile(what: &Activity) -> Option<(&'static str, &str)> {
    let (key, profile) = if let Activity::SignedIn { door, profile } = what {
        (signed_in_as(*door), profile)
    } else if let Activity::Asked {
        wish: Wish::OwnAccount,
        profile,
    } = what
    {
        ("account-did-asked-own-account-of", profile)
    } else if let Activity::AppApproved { profile } = what {
        ("account-did-app-approved-of", profile)
    } else if let Activity::QuickConnectApproved { profile } = what {
        ("account-did-quick-connect-of", profile)
    } else if let Activity::OwnAccountWithdrawn { profile } = what {
        ("account-did-own-account-withdrawn-of", profile)
    } else if let Activity::OwnAccountDecided { granted, profile } = what {
        let key = if *granted {
            "account-did-own-account-granted-of"
        } else {
            "account-did-own-account-declined-of"
        };
        (key, profile)
    } else {
        return None;
    };
    profile.as_deref().map(|profile| (key, profile))
}

const fn signed_in_as(door: Door) -> &'static str {
    match door {
        Door::Web => "account-did-signed-in-web-of",
        Door::App => "account-did-signed-in-app-of",
        Door::QuickConnect => "account-did-signed-in-quick-connect-of",
        Door::AppPassword => "account-did-signed-in-app-password-of",
    }
}

/// The key of the text of what was done about the owner's own seat.
const fn of_owner(did: ProfileDeed) -> Option<&'static str> {
    match did {
        ProfileDeed::PinChanged => Some("account-did-profile-pin-own"),
        ProfileDeed::PinRemoved => Some("account-did-profile-pin-removed-own"),
        ProfileDeed::PinRefused => Some("account-did-profile-pin-refused-own"),
        ProfileDeed::MarksCopied => Some("account-did-profile-marks-own"),
        ProfileDeed::RefusedOnDevice => Some("account-did-profile-refused-device-own"),
        ProfileDeed::SeatTaken => Some("account-did-profile-seat-own"),
        ProfileDeed::Made
        | ProfileDeed::Changed
        | ProfileDeed::Deleted
        | ProfileDeed::Restored
        | ProfileDeed::Repaired
        | ProfileDeed::BecameAccount
        | ProfileDeed::TimeAsked
        | ProfileDeed::TimeGiven
        | ProfileDeed::TimeRefused
        | ProfileDeed::RuleChanged
        | ProfileDeed::DeviceKept
        | ProfileDeed::DeviceFreed
        | ProfileDeed::RefusedOutsideHours
        | ProfileDeed::RefusedClosed
        | ProfileDeed::RefusedUnknown => None,
    }
}

/// The key of what an administrator decided about an account's profiles.
const fn of_rule(rule: ProfileRule) -> &'static str {
    match (rule.enabled, rule.most) {
        (Some(false), _) => "account-did-profile-rule-off",
        (_, Some(_)) => "account-did-profile-rule-most",
        (Some(true), None) => "account-did-profile-rule-on",
        (None, None) => "account-did-profile-rule-none",
    }
}

/// What of a profile was changed, beside a name that the line tells.
fn other_parts(line: &ProfileLine) -> impl Iterator<Item = ProfilePart> {
    let tells_name = line.was.is_some();
    let parts = line.parts.iter().copied();
    parts.filter(move |part| !tells_name || *part != ProfilePart::Name)
}

/// The key of what a part of a profile is called.
const fn part(part: ProfilePart) -> &'static str {
    match part {
        ProfilePart::Name => "account-part-name",
        ProfilePart::Picture => "account-part-picture",
        ProfilePart::Age => "account-part-age",
        ProfilePart::Ratings => "account-part-ratings",
        ProfilePart::Tags => "account-part-tags",
        ProfilePart::Libraries => "account-part-libraries",
        ProfilePart::LiveTelevision => "account-part-live-television",
        ProfilePart::Hours => "account-part-hours",
        ProfilePart::ScreenTime => "account-part-screen-time",
        ProfilePart::Languages => "account-part-languages",
        ProfilePart::Autoplay => "account-part-autoplay",
        ProfilePart::Theme => "account-part-theme",
        ProfilePart::Home => "account-part-home",
    }
}

/// The key of the text of what was done about a profile with a name, or about a device of its.
const fn of_profile(line: &ProfileLine) -> &'static str {
    let names_device = line.device.is_some();
    match line.did {
        ProfileDeed::Changed if line.was.is_some() => {
            if line.parts.len() > 1 {
                "account-did-profile-renamed-parts"
            } else {
                "account-did-profile-renamed"
            }
        }
        ProfileDeed::Changed if !line.parts.is_empty() => "account-did-profile-changed-parts",
        ProfileDeed::TimeGiven if line.minutes.is_some() => "account-did-time-given-minutes",
        ProfileDeed::Made => "account-did-profile-made-of",
        ProfileDeed::Changed => "account-did-profile-changed-of",
        ProfileDeed::Deleted => "account-did-profile-deleted-of",
        ProfileDeed::Restored => "account-did-profile-restored-of",
        ProfileDeed::Repaired => "account-did-profile-repaired-of",
        ProfileDeed::PinChanged => "account-did-profile-pin-of",
        ProfileDeed::PinRemoved => "account-did-profile-pin-removed-of",
        ProfileDeed::PinRefused => "account-did-profile-pin-refused-of",
        ProfileDeed::DeviceKept if names_device => "account-did-profile-device-kept-named",
        ProfileDeed::DeviceKept => "account-did-profile-device-kept-of",
        ProfileDeed::DeviceFreed if names_device => "account-did-profile-device-freed-named",
        ProfileDeed::DeviceFreed => "account-did-profile-device-freed-of",
        ProfileDeed::RefusedOutsideHours => "account-did-profile-refused-hours-of",
        ProfileDeed::RefusedOnDevice if names_device => "account-did-profile-refused-device-named",
        ProfileDeed::RefusedOnDevice => "account-did-profile-refused-device-of",
        ProfileDeed::RefusedClosed => "account-did-profile-refused-closed-of",
        ProfileDeed::SeatTaken => "account-did-profile-seat-of",
        ProfileDeed::BecameAccount => "account-did-profile-account-of",
        ProfileDeed::MarksCopied => "account-did-profile-marks-of",
        ProfileDeed::TimeAsked => "account-did-time-asked-of",
        ProfileDeed::TimeGiven => "account-did-time-given-of",
        ProfileDeed::TimeRefused => "account-did-time-refused-of",
        // Of no profile.
        ProfileDeed::RuleChanged => "account-did-profile-rule",
        ProfileDeed::RefusedUnknown => "account-did-profile-refused-unknown",
    }
}

/// A setting, and what it says now.
fn setting(frame: &Frame, setting: SettingChanged) -> String {
    let switched = |key, on| frame.with(key, "to", if on { "on" } else { "off" });
    match setting {
        SettingChanged::Address { to } => {
            let to = match to {
                Requirement::Off => "off",
                Requirement::Optional => "optional",
                Requirement::Required => "required",
            };
            frame.with("account-setting-address", "to", to)
        }
        SettingChanged::Recovery { on } | SettingChanged::AccountRecovery { on } => {
            switched("account-setting-recovery", on)
        }
        SettingChanged::Elsewhere => frame.t("account-setting-elsewhere"),
        SettingChanged::QuickConnect { on } => switched("account-setting-quick-connect", on),
        SettingChanged::SecondFactor { to } => {
            let to = match to {
                Demand::Off => "off",
                Demand::Optional => "optional",
                Demand::Administrators => "administrators",
                Demand::Everyone => "everyone",
            };
            frame.with("account-setting-second-factor", "to", to)
        }
        SettingChanged::SecondFactorFrom => frame.t("account-setting-second-factor-from"),
        SettingChanged::SecondFactorKinds => frame.t("account-setting-second-factor-kinds"),
        SettingChanged::Profiles { most: Some(most) } => {
            frame.count("account-setting-profiles", "most", most.into())
        }
        SettingChanged::Profiles { most: None } => frame.t("account-setting-profiles-off"),
        SettingChanged::Mail => frame.t("account-setting-mail"),
    }
}
