//! Limits on tries (skeleton: bodies are being written).
use std::time::Duration;

use usher_domain::id::AccountId;
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;

use crate::{AccountError, Accounts};

/// Between two mails to one address.
pub(crate) const MAILS_APART: Duration = Duration::from_mins(1);

/// By whom tries are counted.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// The account.
    Account(AccountId),
    /// A browser that is signed in to the account.
    KnownBrowser(AccountId),
    /// A name that nobody has.
    Typed(&'a str),
}

/// A try on its way.
#[derive(Debug)]
pub struct Try(());

/// Whether a try is let through.
#[derive(Debug)]
pub enum Admitted {
    /// Yes.
    Go(Try),
    /// Too many wrong ones.
    Wait(Duration),
    /// Too many at this moment.
    Busy,
}

/// Whether a mail may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAdmitted {
    /// Yes.
    Go,
    /// After this time.
    Wait(Duration),
}

impl Accounts {
    /// Lets one more try through, or says why not.
    pub async fn admit(&self, whose: Whose<'_>, visitor: &Visitor) -> Result<Admitted, AccountError> {
        todo!()
    }

    /// Says what became of a try.
    pub async fn settle(&self, tried: Try, outcome: Outcome) -> Result<(), AccountError> {
        todo!()
    }

    /// Lets a mail be asked for.
    pub async fn admit_mail(&self, target: &str, visitor: &Visitor) -> Result<MailAdmitted, AccountError> {
        todo!()
    }

    /// A wrong reset code.
    pub async fn note_wrong_reset_code(&self) -> Result<(), AccountError> {
        todo!()
    }

    /// Whether reset codes are taken at present.
    pub async fn reset_codes_work(&self) -> Result<bool, AccountError> {
        todo!()
    }
}
