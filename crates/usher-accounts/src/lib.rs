//! What people, apps and administrators can do: one public method is one use case and one transaction.
//!
//! Invariant: a mail, and the line in the activity log, are rows of the transaction of what they report.
//! Invariant: nothing here knows of HTTP to visitors, of pages or of SQL.
mod account;
mod activity;
pub mod address;
pub mod admin;
pub mod app_password;
pub mod challenge;
pub mod dashboard;
mod error;
pub mod gate;
pub mod jobs;
pub mod limits;
mod lockout;
pub mod mailer;
pub mod me;
mod memory;
mod not_me;
mod noticed;
pub mod press;
pub mod profiles;
pub mod quick_connect;
mod request;
pub mod reset;
pub mod screen_time;
pub mod second_factor;
mod set_up;
mod settings;
pub mod sign_in;
mod stretch;
mod unfinished;
pub mod web_session;

pub use activity::NamedLine;
pub use error::AccountError;
pub use not_me::Disowned;
pub use set_up::FirstPassword;
pub use settings::{Policies, PolicyChange};
pub use usher_store::{
    AccountCounts, AccountSearch, AccountState, ActivityLine, AppPassword, KeptMail, MailState,
    OpenRequest, OutboxCounts, OutboxMail, WebSession,
};
pub use web_session::ProvenOwner;

use std::sync::Arc;

use tokio::sync::Notify;
use usher_domain::entropy::Entropy;
use usher_domain::key::MasterKey;
use usher_domain::time::{Clock, Timestamp};
use usher_store::Store;

use memory::Memory;

/// All use cases. Cheap to clone; every replica and every test has its own.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) inner: Arc<Parts>,
    pub(crate) memory: Arc<Memory>,
}

/// What the use cases work with.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// Jellyfin, with Usher's own API key.
    pub jellyfin: usher_jellyfin::Jellyfin,
    /// Seals and keyed hashes.
    pub key: MasterKey,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Whom passkeys are made for; `None` where the public address allows none.
    pub passkeys: Option<second_factor::RelyingParty>,
    /// What the configuration file decides.
    pub options: Options,
    /// Woken after a commit that queued a mail, so that it leaves at once.
    pub mail_waiting: Arc<Notify>,
}

/// What the configuration file decides for the use cases.
#[derive(Clone, Debug)]
pub struct Options {
    /// Tokens that Usher did not issue are adopted for so long after installation; zero: never.
    pub adopt_tokens: std::time::Duration,
    /// What becomes of users that have no password in Jellyfin.
    pub passwordless_users: PasswordlessUsers,
    /// Several accounts may have the same address.
    pub shared_addresses: bool,
    /// Mail is known to arrive without a test: the mailbox of a demo.
    pub mail_proven: bool,
    /// The configuration file says how mail leaves, so that the console need not.
    pub mail_fixed: bool,
    /// No answer at an app's form is held longer, however long its client waits
    /// ([`LONGEST_HOLD`](sign_in::LONGEST_HOLD) is what the most patient take); zero: none is held.
    pub longest_hold: std::time::Duration,
    /// The time zone of people and of the hours of their profiles.
    pub people_zone: usher_text::TimeZone,
    /// The time zone of Jellyfin's process, in which it keeps hours.
    pub server_zone: usher_text::TimeZone,
    /// The address that people type, without a trailing slash: shown on screens, where nothing can be tapped (R12).
    pub public_url: String,
}

/// What becomes of users that have no password in Jellyfin (design, section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordlessUsers {
    /// They cannot sign in until an administrator gives them a code.
    #[default]
    Refuse,
    /// They sign in from private networks without a password.
    Local,
}

impl Accounts {
    /// The use cases over these parts.
    pub fn new(parts: Parts) -> Self {
        Self {
            inner: Arc::new(parts),
            memory: Arc::default(),
        }
    }

    /// The time, by the clock of every use case: pages count down to moments that use cases name.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// The zone in which pages write moments.
    pub fn zone(&self) -> usher_text::TimeZone {
        self.inner.options.people_zone.clone()
    }

    /// A device id for a browser that told none: without script it cannot.
    pub fn new_device_id(&self) -> String {
        let id = usher_domain::secret::OpaqueToken::generate(&*self.inner.entropy);
        id.reveal().to_owned()
    }
}
