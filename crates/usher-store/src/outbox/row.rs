//! What goes into the outbox and comes out of it.
use usher_domain::id::MailId;
use usher_domain::mail::Urgency;
use usher_domain::time::Timestamp;

use crate::StoreError;
use crate::entity::outbox::Model;

/// A mail to be queued.
#[derive(Clone, Debug)]
pub struct NewMail {
    /// Its identifier: the `Message-ID` is made from it.
    pub id: MailId,
    /// To whom, as it is now: a later change of address does not redirect it.
    pub recipient: String,
    /// Code of the reader's language.
    pub language: String,
    /// Its kind's name, for lists.
    pub kind: &'static str,
    /// What leaves first.
    pub urgency: Urgency,
    /// Its data, sealed for the row by the use case.
    pub sealed: Vec<u8>,
    /// When it is queued: it is due at once.
    pub queued: Timestamp,
    /// From when it is not sent any more.
    pub worthless_from: Timestamp,
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It will be tried.
    Waiting,
    /// It left.
    Sent,
    /// It was given up; an administrator can send it again.
    Dead,
    /// It became worthless before it left.
    Expired,
}

impl MailState {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Expired => "expired",
        }
    }

    fn parse(name: &str) -> Result<Self, StoreError> {
        let all = [Self::Waiting, Self::Sent, Self::Dead, Self::Expired];
        let found = all.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| StoreError::unreadable("outbox", format!("unknown state {name}")))
    }
}

/// A mail that a worker holds.
#[derive(Clone, Debug)]
pub struct LeasedMail {
    /// Its identifier.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// Code of the reader's language.
    pub language: String,
    /// Its kind's name.
    pub kind: String,
    /// Its sealed data.
    pub sealed: Vec<u8>,
    /// From when it is not sent any more.
    pub worthless_from: Timestamp,
    /// Tries, the one that begins now included.
    pub tries: i64,
    /// Until when the worker holds it.
    pub until: Timestamp,
}

impl LeasedMail {
    pub(super) fn of(row: Model, until: Timestamp) -> Self {
        Self {
            id: MailId::new(row.id),
            recipient: row.recipient,
            language: row.language,
            kind: row.kind,
            sealed: row.payload.unwrap_or_default(),
            worthless_from: Timestamp::from_millis(row.worthless_at),
            tries: row.tries + 1,
            until,
        }
    }
}

/// A mail as the console lists it: nothing of what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMail {
    /// Its identifier.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// Its kind's name.
    pub kind: String,
    /// Where it stands.
    pub state: MailState,
    /// When it was queued.
    pub queued: Timestamp,
    /// When it is tried next, while it waits.
    pub due: Timestamp,
    /// From when it is not sent any more.
    pub worthless_from: Timestamp,
    /// Tries so far.
    pub tries: i64,
    /// When it was sent, died or became worthless.
    pub ended: Option<Timestamp>,
    /// Why the last try failed: a class and the server's answer, never the mail's content.
    pub reason: Option<String>,
}

impl TryFrom<Model> for OutboxMail {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: MailId::new(row.id),
            recipient: row.recipient,
            kind: row.kind,
            state: MailState::parse(&row.state)?,
            queued: Timestamp::from_millis(row.queued_at),
            due: Timestamp::from_millis(row.due_at),
            worthless_from: Timestamp::from_millis(row.worthless_at),
            tries: row.tries,
            ended: row.ended_at.map(Timestamp::from_millis),
            reason: row.reason,
        })
    }
}

/// How many mails there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxCounts {
    /// Waiting to be sent.
    pub waiting: u64,
    /// Given up.
    pub dead: u64,
}

pub(super) const fn urgency_number(urgency: Urgency) -> i64 {
    match urgency {
        Urgency::Code => 0,
        Urgency::Link => 1,
        Urgency::Notice => 2,
    }
}
