//! The lines of the activity log in words.
use usher_domain::activity::{Activity, Door, ProfileDeed};
use usher_domain::mail::{Actor, Wish};
use usher_domain::second_factor::FactorKind;

/// Picture, mood and the key of the text of what happened.
#[expect(clippy::too_many_lines, reason = "one plain line for each event")]
pub(super) const fn told(what: &Activity) -> (&'static str, &'static str, &'static str) {
    match what {
        Activity::SignedIn { door } => match door {
            Door::Web => ("browser", "ok", "account-did-signed-in-web"),
            Door::App => ("phone", "ok", "account-did-signed-in-app"),
            Door::QuickConnect => ("tv", "ok", "account-did-signed-in-quick-connect"),
            Door::AppPassword => ("key", "ok", "account-did-signed-in-app-password"),
        },
        Activity::SignInRefused { .. } => ("warning", "warn", "account-did-refused"),
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
        Activity::Asked { wish } => match wish {
            Wish::PasswordReset => ("bell", "warn", "account-did-asked-reset"),
            Wish::SetUpCode => ("bell", "warn", "account-did-asked-set-up-code"),
            Wish::OwnAccount => ("bell", "warn", "account-did-asked-own-account"),
        },
        Activity::QuickConnectApproved => ("tv", "ok", "account-did-quick-connect"),
        Activity::PolicyChanged => ("gear", "quiet", "account-did-policy-changed"),
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
        Activity::AppApproved => ("phone", "ok", "account-did-app-approved"),
        Activity::SignInDisowned => ("shield", "bad", "account-did-disowned"),
        Activity::Profile { did, .. } => match did {
            ProfileDeed::Made => ("people", "ok", "account-did-profile-made"),
            ProfileDeed::Changed => ("people", "quiet", "account-did-profile-changed"),
            ProfileDeed::Deleted => ("people", "warn", "account-did-profile-deleted"),
            ProfileDeed::Restored => ("people", "ok", "account-did-profile-restored"),
            ProfileDeed::Repaired => ("people", "warn", "account-did-profile-repaired"),
            ProfileDeed::PinChanged => ("people", "quiet", "account-did-profile-pin"),
            ProfileDeed::DeviceKept => ("tv", "ok", "account-did-profile-device-kept"),
            ProfileDeed::DeviceFreed => ("tv", "quiet", "account-did-profile-device-freed"),
            ProfileDeed::BecameAccount => ("people", "warn", "account-did-profile-account"),
            ProfileDeed::MarksCopied => ("people", "quiet", "account-did-profile-marks"),
            ProfileDeed::TimeAsked => ("people", "quiet", "account-did-time-asked"),
            ProfileDeed::TimeGiven => ("people", "ok", "account-did-time-given"),
            ProfileDeed::TimeRefused => ("people", "quiet", "account-did-time-refused"),
            ProfileDeed::RuleChanged => ("gear", "quiet", "account-did-profile-rule"),
        },
        Activity::RequestClosed => ("check", "quiet", "account-did-request-closed"),
        Activity::MailSentAgain => ("mail", "quiet", "account-did-mail-sent-again"),
        Activity::MailDropped => ("mail", "warn", "account-did-mail-dropped"),
        Activity::KeyBound => ("key", "warn", "account-did-key-bound"),
    }
}

/// The key of the text of what was done about a profile with this name.
pub(super) const fn of_profile(did: ProfileDeed) -> &'static str {
    match did {
        ProfileDeed::Made => "account-did-profile-made-of",
        ProfileDeed::Changed => "account-did-profile-changed-of",
        ProfileDeed::Deleted => "account-did-profile-deleted-of",
        ProfileDeed::Restored => "account-did-profile-restored-of",
        ProfileDeed::Repaired => "account-did-profile-repaired-of",
        ProfileDeed::PinChanged => "account-did-profile-pin-of",
        ProfileDeed::DeviceKept => "account-did-profile-device-kept-of",
        ProfileDeed::DeviceFreed => "account-did-profile-device-freed-of",
        ProfileDeed::BecameAccount => "account-did-profile-account-of",
        ProfileDeed::MarksCopied => "account-did-profile-marks-of",
        ProfileDeed::TimeAsked => "account-did-time-asked-of",
        ProfileDeed::TimeGiven => "account-did-time-given-of",
        ProfileDeed::TimeRefused => "account-did-time-refused-of",
        // Of no profile.
        ProfileDeed::RuleChanged => "account-did-profile-rule",
    }
}
