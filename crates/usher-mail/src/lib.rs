//! Mails: from data to text and HTML, and out by SMTP.
//!
//! Invariant: a mail says only what its [`usher_domain::mail::Mail`] holds; strings that people chose are cut and
//! cleaned before they are shown; links begin with the configured public address (R12, R66).
//! Invariant: a connection is protected, or it does not leave this machine (R60).
//! Absent on purpose: the queue (in `usher-store`), when to try again (in `usher-domain`), reading mail of any kind.
mod letter;
mod message;
mod render;
mod shown;
mod smtp;

pub use message::Outgoing;
pub use render::{Look, RenderError, Rendered, render};
pub use smtp::{Cause, Conversation, Smtp, SmtpError, SmtpUnusable, Step};

/// How mail leaves.
#[derive(Clone, Debug)]
pub enum Transport {
    /// It does not: nothing is set up yet. Mails wait.
    Off,
    /// It is kept readable in the database: for demos and tests.
    Mailbox,
    /// By SMTP.
    Smtp(Box<Smtp>),
}
