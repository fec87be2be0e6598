//! Sign-ins at an app's form that wait for somebody to approve them: by the link of a mail, or in a browser that is signed
//! in and showed a factor.
//!
//! Invariant: looking changes nothing (R13); each approval names one press, the one that was shown.
//! Invariant: mail alone approves only where codes by mail are a factor of the account; otherwise the link's page asks for
//! one that is enrolled.
mod approve;
mod disown;
mod mail;

pub use disown::PressDisowned;

use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::code::Purpose;
use usher_domain::id::PressId;
use usher_domain::second_factor::{Case, FactorKind, FactorLevel};
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{Challenge, Press, WebSession};

use crate::{AccountError, Accounts};

/// How long a factor that was shown in a browser lets that browser approve what apps and screens ask for (design, section 4).
const SHOWN: Duration = Duration::from_hours(12);

/// Letters of a name that a program gave itself which are kept for people.
const NAME_LETTERS: usize = 64;

/// A sign-in that waits, as a page shows it.
#[derive(Clone, Debug)]
pub struct WaitingPress {
    /// What names it in forms.
    pub id: PressId,
    /// The user name.
    pub name: String,
    /// As which profile of the account the app wants in; none for its owner.
    pub profile: Option<String>,
    /// The device, as it names itself.
    pub device: String,
    /// The program, as it names itself.
    pub client: String,
    /// From where it asked, the end of the address hidden.
    pub masked_address: String,
    /// When it asked.
    pub asked: Timestamp,
}

/// What the page of a link asks for before it approves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: reading the mail is a factor of the account.
    Nothing,
    /// A factor that is enrolled.
    Factor {
        /// There is an authenticator app.
        totp: bool,
        /// There is a passkey: shown by signing in in this browser.
        passkey: bool,
        /// There are recovery codes left.
        recovery: bool,
    },
}

/// What became of an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressApproval {
    /// The app is let in when it tries again.
    Done,
    /// Not the factor that is asked for.
    Wrong,
    /// What was typed cannot be such a code; nothing was counted.
    NotACode,
    /// Too many wrong factors; after this time again.
    Wait(Duration),
    /// Too many were wrong in a row: a recovery code or an administrator helps.
    Closed,
    /// A factor must be shown in this browser first.
    Prove,
    /// The sign-in waits no longer, or the link is used or too old.
    Gone,
}

/// The flow that the mailed code of a press belongs to.
pub(crate) fn flow_of(press: PressId) -> Hash {
    Hash::of(&format!("press:{press}"))
}

impl Accounts {
    /// The sign-in that a link was made for, and what its page asks for. Changes nothing. `None`: it waits no longer, or
    /// the link is used or too old.
    pub async fn look_at_press(
        &self,
        link: &OpaqueToken,
    ) -> Result<Option<(WaitingPress, Asks)>, AccountError> {
        let Some((_, press, account)) = self.linked_press(link).await? else {
            return Ok(None);
        };
        let case = self.factor_case(&account).await?;
        Ok(Some((self.view(&press, &account).await?, asks(&case))))
    }

    /// Every sign-in in an app of this account that waits, the newest first.
    pub async fn waiting_presses(
        &self,
        session: &WebSession,
    ) -> Result<Vec<WaitingPress>, AccountError> {
        let Some(account) = self.account(session.account).await? else {
            return Ok(Vec::new());
        };
        let presses = self.inner.store.presses_of(account.id, self.now()).await?;
        let mut waiting = Vec::new();
        for press in presses.iter().filter(|press| press.approved.is_none()) {
            waiting.push(self.view(press, &account).await?);
        }
        Ok(waiting)
    }

    /// The name of the profile as which an app wants in; none for the owner.
    pub(crate) async fn profile_in(&self, press: &Press) -> Result<Option<String>, AccountError> {
        let found = self.profile_of_user(press.source.user).await?;
        Ok(found.map(|(_, profile)| profile.name.as_str().to_owned()))
    }

    async fn view(&self, press: &Press, account: &Account) -> Result<WaitingPress, AccountError> {
        let address = press.source.address.parse();
        Ok(WaitingPress {
            id: press.id,
            name: account.seen.name.clone(),
            profile: self.profile_in(press).await?,
            device: shown(&press.device),
            client: shown(&press.source.client),
            masked_address: address
                .map(|address| Visitor::new(address, true, "").masked_address())
                .unwrap_or_default(),
            asked: press.asked,
        })
    }

    /// How sure it is who sits in a browser, if that is enough to let an app or a screen in as this account. `None`: a
    /// factor is enrolled, and was not shown here within 12 hours; the one of the sign-in counts until the browser is at a
    /// profile's seat.
    pub(crate) fn approves_as(&self, session: &WebSession, case: &Case) -> Option<FactorLevel> {
        if !case.is_active() || !case.enrolled.any() {
            return Some(session.proved_level);
        }
        let now = self.now();
        let at_sign_in = session
            .level_counts
            .then_some((session.level, session.opened));
        let shown = at_sign_in
            .into_iter()
            .chain([(session.proved_level, session.proved)]);
        let is_enough = |level: FactorLevel| {
            level.was_shown() && (level != FactorLevel::Mail || case.enrolled.email)
        };
        let recent = shown.filter(|(level, at)| is_enough(*level) && now.since(*at) <= SHOWN);
        recent.map(|(level, _)| level).max()
    }

    async fn linked_press(
        &self,
        link: &OpaqueToken,
    ) -> Result<Option<(Challenge, Press, Account)>, AccountError> {
        let Some(challenge) = self.look_at_link(link, Purpose::Approve).await? else {
            return Ok(None);
        };
        let id = challenge
            .target
            .parse()
            .map_err(|_not_ours| AccountError::Unreadable { what: "press" })?;
        let Some(press) = self.inner.store.press(id, self.now()).await? else {
            return Ok(None);
        };
        let account = self.account(press.source.account).await?;
        let account = account.filter(|account| {
            press.approved.is_none()
                && challenge.account == Some(account.id)
                && !account.is_kept_out()
                && !account.seen.disabled
        });
        Ok(account.map(|account| (challenge, press, account)))
    }
}

/// What the page of a link asks for. Where nothing is enrolled any more, nothing could be shown, and nothing is asked.
const fn asks(case: &Case) -> Asks {
    let enrolled = case.enrolled;
    if enrolled.has(FactorKind::Email) || !enrolled.any() {
        Asks::Nothing
    } else {
        Asks::Factor {
            totp: enrolled.has(FactorKind::Totp),
            passkey: enrolled.has(FactorKind::Passkey),
            recovery: enrolled.recovery_codes > 0,
        }
    }
}

/// A name that a program gave itself, as far as it is shown.
pub(crate) fn shown(name: &str) -> String {
    let printable = name.chars().filter(|letter| !letter.is_control());
    printable.take(NAME_LETTERS).collect()
}
