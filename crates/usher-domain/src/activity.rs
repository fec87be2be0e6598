//! What happened to an account, as its owner and administrators read it.
use serde::{Deserialize, Serialize};

use crate::mail::{Actor, Wish};
use crate::second_factor::{Demand, FactorKind};
use crate::settings::{ProfileRule, Requirement};

/// One thing that happened. Names and addresses of people stay out of it, but for what profiles and their devices are called:
/// the row knows whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Activity {
    /// Somebody signed in.
    SignedIn {
        /// Which way in.
        door: Door,
        /// As which profile, as it was called then. `None` at the owner's own, and in lines that older versions wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// A sign-in was refused after a right or wrong password.
    SignInRefused {
        /// Which way in.
        door: Door,
    },
    /// A wrong password was typed in a browser that is signed in, where somebody was to prove to be the owner.
    ProofRefused,
    /// A session was ended.
    SignedOut,
    /// Every session was ended.
    SignedOutEverywhere,
    /// The password was changed.
    PasswordChanged {
        /// By whom.
        by: Actor,
    },
    /// The account was claimed: the first password was chosen.
    SetUp {
        /// Without code or mail, by whoever came first.
        unproven: bool,
    },
    /// A reset was asked for.
    ResetAsked,
    /// An address was proven.
    AddressProven,
    /// The address was changed, cleared or entered.
    AddressChanged {
        /// By whom.
        by: Actor,
    },
    /// A change of address was undone.
    AddressUndone,
    /// "This was not me" ended an attempt.
    AttemptRevoked,
    /// The account was made to await its set-up.
    AwaitsSetUp {
        /// By whom.
        by: Actor,
    },
    /// A warning beside [`AwaitsSetUp`](Self::AwaitsSetUp): the first comer may choose the password.
    StandsOpen {
        /// From any network, not only from private ones.
        anywhere: bool,
    },
    /// The account was switched off or on.
    Disabled {
        /// Off: `true`.
        off: bool,
    },
    /// Its owner asked an administrator for something.
    Asked {
        /// For what.
        wish: Wish,
        /// For which profile, where the wish is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// A screen was let in by Quick Connect.
    QuickConnectApproved {
        /// As which profile. `None` as the owner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// A policy or the mail settings were changed.
    PolicyChanged {
        /// What was changed, and to what. Empty in lines that older versions wrote.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settings: Vec<SettingChanged>,
    },
    /// A second factor was added.
    FactorAdded {
        /// Of this kind.
        kind: FactorKind,
    },
    /// A second factor was taken away.
    FactorRemoved {
        /// Of this kind.
        kind: FactorKind,
    },
    /// Every second factor was taken away.
    FactorsCleared {
        /// By whom.
        by: Actor,
    },
    /// An administrator decided whether this account must have a second factor.
    FactorRuleChanged,
    /// A second factor was wrong.
    FactorRefused {
        /// Which way in.
        door: Door,
    },
    /// The password was right, and the second factor was not shown.
    FactorUnfinished {
        /// Which way in.
        door: Door,
    },
    /// New recovery codes were handed out.
    RecoveryCodesRenewed,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// A password was made for one program.
    AppPasswordMade,
    /// A password of one program was ended.
    AppPasswordEnded,
    /// A browser is trusted from now on.
    BrowserTrusted,
    /// No browser is trusted any more: a cookie turned up twice.
    TrustEnded,
    /// A passkey was refused: its counter had gone back, so that there may be a copy of it (R33).
    PasskeyCopied,
    /// A sign-in at an app's form was approved.
    AppApproved {
        /// As which profile. `None` as the owner, and in lines that older versions wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// "This was not me": the session ended, and the password must be a new one.
    SignInDisowned,
    /// Something was done about a profile.
    Profile(ProfileLine),
    /// An administrator was done with what the account's owner asked for.
    RequestClosed,
    /// An administrator decided whether a profile becomes an account of its own.
    OwnAccountDecided {
        /// Yes: `true`.
        granted: bool,
        /// Which profile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// The owner took the wish back that a profile becomes an account of its own.
    OwnAccountWithdrawn {
        /// Which profile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
    },
    /// A mail that was given up was sent again.
    MailSentAgain,
    /// A mail that waited, or was given up, was dropped.
    MailDropped,
    /// An API key of the server was bound to networks, or let in from everywhere again.
    KeyBound,
}

/// A line about a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileLine {
    /// What was done.
    pub did: ProfileDeed,
    /// What the profile was called then. `None` where the line is about no single one, and in lines that older versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it was called before it got this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// It is about the owner's own seat, which has no name beside the account's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_own: bool,
    /// The device that it is about, as the owner knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// How many minutes were given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// What of it was changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ProfilePart>,
    /// What an administrator decided for the account. `None` also in lines that older versions wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<ProfileRule>,
}

impl From<ProfileDeed> for ProfileLine {
    /// About no profile in particular.
    fn from(did: ProfileDeed) -> Self {
        Self {
            did,
            name: None,
            was: None,
            is_own: false,
            device: None,
            minutes: None,
            parts: Vec::new(),
            rule: None,
        }
    }
}

/// What there is to change of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfilePart {
    /// Its name.
    Name,
    /// Its face.
    Picture,
    /// For whom it is.
    Age,
    /// Up to which rating, and what of the unrated.
    Ratings,
    /// Which tags.
    Tags,
    /// Which libraries and channels.
    Libraries,
    /// Whether live television.
    LiveTelevision,
    /// When.
    Hours,
    /// How long a day.
    ScreenTime,
    /// Of sound and subtitles, and when those are shown.
    Languages,
    /// Whether the next episode begins by itself.
    Autoplay,
    /// Its colors.
    Theme,
    /// What stands on the home page.
    Home,
}

/// What is done about profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileDeed {
    /// One was added.
    Made,
    /// One was changed.
    Changed,
    /// One was deleted.
    Deleted,
    /// A deleted one was brought back.
    Restored,
    /// A user that Jellyfin had lost was made anew.
    Repaired,
    /// A PIN was set; in lines that older versions wrote, or removed.
    PinChanged,
    /// A PIN was removed.
    PinRemoved,
    /// A PIN was wrong.
    PinRefused,
    /// One became an account of its own.
    BecameAccount,
    /// The watched marks of one were taken over for another.
    MarksCopied,
    /// One asked for more screen time.
    TimeAsked,
    /// One was given more screen time.
    TimeGiven,
    /// More screen time was refused to one.
    TimeRefused,
    /// An administrator decided how many this account may have.
    RuleChanged,
    /// A device was made one on which one of them alone may watch.
    DeviceKept,
    /// Such a device is everybody's again.
    DeviceFreed,
    /// An app was not let in as one outside its hours, though the password was right.
    RefusedOutsideHours,
    /// As that, on such a device of another one.
    RefusedOnDevice,
    /// As that, as one that cannot be used at present.
    RefusedClosed,
    /// As that, as one that there is not.
    RefusedUnknown,
    /// One was chosen at "Who's watching?" in a browser that was signed in.
    SeatTaken,
}

/// A setting of administrators, and what it says from now on, where that is no secret and short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "setting", rename_all = "snake_case")]
pub enum SettingChanged {
    /// Whether an address is asked for at sign-in.
    Address {
        /// Off, optional or required.
        to: Requirement,
    },
    /// Recovery by mail.
    Recovery {
        /// On: `true`.
        on: bool,
    },
    /// Recovery by mail, for this account.
    AccountRecovery {
        /// On: `true`.
        on: bool,
    },
    /// What people are told whose password lives elsewhere.
    Elsewhere,
    /// Quick Connect through Usher.
    QuickConnect {
        /// On: `true`.
        on: bool,
    },
    /// Of whom a second factor is demanded.
    SecondFactor {
        /// Of whom.
        to: Demand,
    },
    /// From when it is demanded.
    SecondFactorFrom,
    /// Which kinds may be enrolled.
    SecondFactorKinds,
    /// Whether there are profiles, and how many.
    Profiles {
        /// The most of an account; `None`: there are none.
        most: Option<u16>,
    },
    /// How mail leaves.
    Mail,
}

/// A way in (design, section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Usher's pages.
    Web,
    /// A client's own login form.
    App,
    /// A code shown by a screen.
    QuickConnect,
    /// A password made for one program.
    AppPassword,
}
