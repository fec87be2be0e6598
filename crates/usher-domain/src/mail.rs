//! What a mail says, as data: rendered when it is sent, so that a text mended today also helps a mail that was queued
//! yesterday.
//!
//! Links are paths on Usher's pages with the token in the fragment (R13); the address in front of them comes from the
//! configured `public_url` alone, at rendering (R12).
mod factor;
mod time;

pub use factor::{
    AppPasswordMade, FactorChange, FactorChanged, NewSignIn, PasskeyCopied, RecoveryCodeUsed,
    SecondFactorUnfinished, SignInCode, StepUpCode, TrustEnded,
};
pub use time::MoreTimeAsked;

use serde::{Deserialize, Serialize};

use crate::secret::SecretText;
use crate::time::Timestamp;

/// Where a request came from, as far as a mail tells (R10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// When it was made.
    pub at: Timestamp,
    /// Coarse client: "Firefox on Linux", "Jellyfin Android TV".
    pub client: String,
    /// The address with its end hidden: `192.0.2.…`.
    pub masked_address: String,
}

/// A mail to one recipient. Every variant is one kind; its fields are all that its text can show.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mail {
    /// Proves an address: at sign-in, or when it is changed.
    ConfirmAddress {
        /// Whose account.
        user_name: String,
        /// Six digits.
        code: SecretText,
        /// Until when the code is good.
        expires: Timestamp,
        /// Who asked.
        origin: Origin,
        /// Path and fragment of "this was not me": ends the attempt (R10).
        revoke: SecretText,
    },
    /// Invites somebody to choose the first password.
    SetUpInvitation {
        /// The account's user name.
        user_name: String,
        /// Path and fragment of the set-up link.
        link: SecretText,
        /// Until when the link is good.
        expires: Timestamp,
    },
    /// Resets a password, by code for the page that asked, or by link.
    Reset {
        /// Whose.
        user_name: String,
        /// Why it is sent.
        #[serde(default)]
        cause: ResetCause,
        /// Six digits for the page that asked; none where codes are off for the moment (R23) or an administrator sent it.
        code: Option<SecretText>,
        /// Until when the code is good.
        code_expires: Timestamp,
        /// Path and fragment of the link.
        link: SecretText,
        /// Until when the link is good.
        link_expires: Timestamp,
        /// Who asked.
        origin: Origin,
        /// Path and fragment of "this was not me".
        revoke: SecretText,
    },
    /// Resets the password of one of several accounts that share the address: a link for each, and no code.
    ResetShared {
        /// The accounts, each with its link.
        accounts: Vec<ResetLink>,
        /// Until when the links are good.
        link_expires: Timestamp,
        /// Who asked.
        origin: Origin,
        /// Path and fragment of "this was not me": ends all of them.
        revoke: SecretText,
    },
    /// The password was changed.
    PasswordChanged {
        /// Whose.
        user_name: String,
        /// By whom and from where.
        origin: Origin,
        /// Who did it.
        by: Actor,
    },
    /// The address was changed; goes to the old one.
    AddressChanged {
        /// Whose.
        user_name: String,
        /// The new address, masked; none when it was cleared.
        new_address: Option<String>,
        /// What the reader can do about it.
        remedy: Remedy,
        /// Who did it and from where.
        origin: Origin,
        /// Who did it.
        by: Actor,
    },
    /// A change of address was undone; goes to the address that this took away.
    AddressUndone {
        /// Whose.
        user_name: String,
        /// The address that is back, masked.
        address: String,
        /// Who did it and from where.
        origin: Origin,
    },
    /// An account that was open to the first comer was claimed; goes to administrators.
    AccountClaimed {
        /// Whose.
        user_name: String,
        /// By whom and from where.
        origin: Origin,
    },
    /// Somebody asks an administrator for help; goes to administrators.
    AdministratorAsked {
        /// Who asks.
        user_name: String,
        /// What for.
        wish: Wish,
        /// From where.
        origin: Origin,
    },
    /// A profile has become an account of its own; goes to the owner of the account that it was in.
    ProfileOwnAccount {
        /// The owner's user name.
        user_name: String,
        /// What the profile was called.
        profile: String,
        /// The user name of the new account.
        account: String,
    },
    /// An administrator declined that a profile becomes an account of its own; goes to the owner of the account that it is in.
    OwnAccountDeclined {
        /// The owner's user name.
        user_name: String,
        /// What the profile is called.
        profile: String,
        /// The user name that was asked for.
        account: String,
    },
    /// The second factor of a sign-in whose password was right.
    SignInCode(SignInCode),
    /// Proves again who sits in a browser that is signed in.
    StepUpCode(StepUpCode),
    /// Somebody signed in on a device that was not seen before.
    NewSignIn(NewSignIn),
    /// The password was right, and the second factor was not shown (R39).
    SecondFactorUnfinished(SecondFactorUnfinished),
    /// A second factor was added or taken away.
    FactorChanged(FactorChanged),
    /// A recovery code was used.
    RecoveryCodeUsed(RecoveryCodeUsed),
    /// A password was made for one program.
    AppPasswordMade(AppPasswordMade),
    /// The cookie of a trusted browser turned up a second time: somebody has a copy. No browser is trusted any more (R36).
    TrustEnded(TrustEnded),
    /// A profile asks for more screen time; goes to the owner.
    MoreTimeAsked(MoreTimeAsked),
    /// A passkey was refused, since there may be a copy of it (R33).
    PasskeyCopied(PasskeyCopied),
    /// The test mail of the console.
    Test {
        /// Six digits that the administrator types to confirm that mail arrives.
        code: SecretText,
    },
}

/// Why a mail leads to a new password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetCause {
    /// Somebody asked for it, whoever that was.
    #[default]
    Asked,
    /// Its reader said of a sign-in that it was somebody else's.
    Disowned,
    /// An administrator sends it.
    Administrator,
}

/// One of several accounts that share an address, in a reset mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResetLink {
    /// Its user name.
    pub user_name: String,
    /// Path and fragment of its link.
    pub link: SecretText,
}

/// What the reader of an old address can do about its change (R40).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// Take it back.
    Undo {
        /// Path and fragment of the undo link.
        link: SecretText,
        /// Until when the link is good.
        until: Timestamp,
    },
    /// Use the link of an earlier mail, which went to an address that the account had before this one.
    EarlierLink {
        /// Where that mail went, masked.
        address: String,
        /// Until when its link is good.
        until: Timestamp,
    },
    /// Tell whoever runs the server.
    AskAdministrator,
}

/// Who did what a mail reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The person of the account.
    Person,
    /// An administrator.
    Administrator,
    /// Somebody in Jellyfin itself, beside Usher.
    Jellyfin,
}

/// What a person asks an administrator for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// A new password, where mail cannot help.
    PasswordReset,
    /// A new set-up code: the old one ran out.
    SetUpCode,
    /// That a profile becomes an account of its own.
    OwnAccount,
}

/// In which order mails leave (R64): codes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Urgency {
    /// Somebody waits before a code field.
    Code,
    /// A link that somebody asked for.
    Link,
    /// A notice.
    Notice,
}

impl Mail {
    /// The kind's name, for lists and metrics.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmAddress { .. } => "confirm_address",
            Self::SetUpInvitation { .. } => "set_up_invitation",
            Self::Reset { .. } | Self::ResetShared { .. } => "reset",
            Self::PasswordChanged { .. } => "password_changed",
            Self::AddressChanged { .. } => "address_changed",
            Self::AddressUndone { .. } => "address_undone",
            Self::AccountClaimed { .. } => "account_claimed",
            Self::AdministratorAsked { .. } => "administrator_asked",
            Self::ProfileOwnAccount { .. } => "profile_own_account",
            Self::OwnAccountDeclined { .. } => "own_account_declined",
            Self::SignInCode(_) => "sign_in_code",
            Self::StepUpCode(_) => "step_up_code",
            Self::NewSignIn(_) => "new_sign_in",
            Self::SecondFactorUnfinished(_) => "second_factor_unfinished",
            Self::FactorChanged(_) => "factor_changed",
            Self::RecoveryCodeUsed(_) => "recovery_code_used",
            Self::AppPasswordMade(_) => "app_password_made",
            Self::TrustEnded(_) => "trust_ended",
            Self::MoreTimeAsked(_) => "more_time_asked",
            Self::PasskeyCopied(_) => "passkey_copied",
            Self::Test { .. } => "test",
        }
    }

    /// In which order it leaves.
    pub const fn urgency(&self) -> Urgency {
        match self {
            Self::ConfirmAddress { .. }
            | Self::Reset { code: Some(_), .. }
            | Self::SignInCode(_)
            | Self::StepUpCode(_)
            | Self::Test { .. } => Urgency::Code,
            Self::SetUpInvitation { .. }
            | Self::Reset { code: None, .. }
            | Self::ResetShared { .. }
            | Self::MoreTimeAsked(_) => Urgency::Link,
            Self::PasswordChanged { .. }
            | Self::AddressChanged { .. }
            | Self::AddressUndone { .. }
            | Self::NewSignIn(_)
            | Self::SecondFactorUnfinished(_)
            | Self::FactorChanged(_)
            | Self::RecoveryCodeUsed(_)
            | Self::AppPasswordMade(_)
            | Self::TrustEnded(_)
            | Self::PasskeyCopied(_)
            | Self::AccountClaimed { .. }
            | Self::AdministratorAsked { .. }
            | Self::ProfileOwnAccount { .. }
            | Self::OwnAccountDeclined { .. } => Urgency::Notice,
        }
    }
}
