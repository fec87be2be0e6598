//! All SQL of Usher, for SQLite and PostgreSQL alike.
//!
//! Invariant: entities and database errors never leave this crate; methods take and answer domain values.
//! Invariant: every write goes through [`Tx`], and what may be used once is consumed by one conditional update whose
//! row count decides.
mod account;
mod activity;
mod api_key;
mod app_password;
mod attempt;
mod ceremony;
mod challenge;
mod creation;
mod dialect;
mod entity;
mod error;
mod factor;
mod limit;
mod mailbox;
mod migration;
mod named;
mod noticed;
mod outbox;
mod press;
mod profile;
mod quick_connect;
mod recovery_code;
mod request;
mod setting;
mod ticket;
mod token;
mod trusted_browser;
mod tx;
mod unfinished;
mod value;
mod web_session;

pub use account::{AccountCounts, AccountSearch, AccountState, Claim};
pub use activity::ActivityLine;
pub use api_key::ApiKeySeen;
pub use app_password::AppPassword;
pub use attempt::{NewAttempt, StoredAttempt};
pub use ceremony::{Ceremony, CeremonyKind};
pub use challenge::{Challenge, NewChallenge};
pub use creation::Creation;
pub use error::StoreError;
pub use factor::Factor;
pub use mailbox::KeptMail;
pub use named::Named;
pub use outbox::{LeasedMail, MailState, NewMail, OutboxCounts, OutboxMail};
pub use press::{Press, PressSource};
pub use profile::{
    ChildDevice, HiddenUser, MarkCopy, Promotion, Reached, StoredPin, StoredProfile, TimeRequest,
};
pub use quick_connect::{QuickConnectApproval, QuickConnectAsked, ScreenNoted};
pub use recovery_code::{NewRecoveryCode, StoredRecoveryCode};
pub use request::OpenRequest;
pub use token::{DeviceSeen, KnownToken};
pub use trusted_browser::TrustedBrowser;
pub use tx::{Store, StoreOptions, Tx};
pub use unfinished::{Unfinished, UnfinishedId};
pub use web_session::{Seating, WebSession};
