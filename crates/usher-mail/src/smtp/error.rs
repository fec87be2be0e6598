//! What went wrong in an SMTP conversation, and where.
use std::error::Error as _;
use std::fmt;
use std::io::ErrorKind;

use lettre::transport::smtp::Error;
use usher_domain::outbox::Failure;

/// Characters of a server's answer that are kept.
const LONGEST_ANSWER: usize = 200;

/// The steps of a conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Looking the server's name up.
    Name,
    /// Connecting, with TLS where it is there from the first byte, and greeting.
    Connect,
    /// Changing to TLS by STARTTLS.
    Tls,
    /// Signing in.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Handing the message over.
    Message,
}

impl Step {
    /// Key of the text that tells that the step succeeded.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Name => "mail-step-name",
            Self::Connect => "mail-step-connect",
            Self::Tls => "mail-step-tls",
            Self::Login => "mail-step-login",
            Self::Sender => "mail-step-sender",
            Self::Recipient => "mail-step-recipient",
            Self::Message => "mail-step-message",
        }
    }
}

/// What went wrong at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The name is not known.
    NameUnknown,
    /// Nobody listens there, or it cannot be reached.
    Refused,
    /// The server took too long.
    TimedOut,
    /// The certificate is not trusted or not for this name, or there is no TLS there.
    Tls,
    /// The server offers no STARTTLS, or no way of signing in that we know.
    NotOffered,
    /// The server said no for now: a 4xx.
    NotNow,
    /// The server said no: a 5xx.
    Never,
    /// The connection broke off, or what came was no SMTP.
    Broken,
    /// The recipient's address cannot be written to.
    Address,
}

/// A conversation failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SmtpError {
    /// At which step.
    pub step: Step,
    /// How.
    pub cause: Cause,
    /// What the server or the system said: one line, cut. For administrators; holds no secret of ours.
    pub answer: String,
}

impl fmt::Display for SmtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.text_key(), self.answer)
    }
}

impl SmtpError {
    pub(super) fn new(step: Step, cause: Cause, answer: impl fmt::Display) -> Self {
        let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
        let answer = answer
            .to_string()
            .chars()
            .map(plain)
            .take(LONGEST_ANSWER)
            .collect();
        Self {
            step,
            cause,
            answer,
        }
    }

    pub(super) fn of(step: Step, error: &Error) -> Self {
        let cause = if error.is_permanent() {
            Cause::Never
        } else if error.is_transient() {
            Cause::NotNow
        } else if error.is_client() {
            Cause::NotOffered
        } else {
            of_connection(step, error)
        };
        Self::new(step, cause, error)
    }

    /// What it means for the mail (R63): a server that refuses us costs no mail a try, a recipient that is refused ends
    /// the mail, all else may pass.
    pub const fn failure(&self) -> Failure {
        match (self.cause, self.step) {
            (Cause::Address, _) | (Cause::Never, Step::Recipient | Step::Message) => {
                Failure::Recipient
            }
            (Cause::Never, _) | (Cause::NotOffered, Step::Login) => Failure::Transport,
            _ => Failure::Transient,
        }
    }

    /// Key of the text that tells an administrator what to look at.
    pub const fn text_key(&self) -> &'static str {
        match (self.cause, self.step) {
            (Cause::NameUnknown, _) => "mail-fault-name",
            (Cause::Refused, _) => "mail-fault-refused",
            (Cause::TimedOut, _) => "mail-fault-time-out",
            (Cause::NotOffered, Step::Login) => "mail-fault-no-login",
            (Cause::NotOffered, _) => "mail-fault-no-tls",
            (Cause::Tls, _) => "mail-fault-tls",
            (Cause::Never, Step::Login) => "mail-fault-login",
            (Cause::Never, Step::Sender) => "mail-fault-sender",
            (Cause::Never, Step::Recipient) | (Cause::Address, _) => "mail-fault-recipient",
            (Cause::Never, _) => "mail-fault-never",
            (Cause::NotNow, _) => "mail-fault-not-now",
            (Cause::Broken, _) => "mail-fault-broken",
        }
    }
}

/// lettre tells a failed handshake from a failed connection only by what lies below.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the standard library adds kinds; all others are one to us"
)]
fn of_connection(step: Step, error: &Error) -> Cause {
    let mut source = error.source();
    while let Some(below) = source {
        if let Some(io) = below.downcast_ref::<std::io::Error>() {
            return match io.kind() {
                ErrorKind::TimedOut => Cause::TimedOut,
                ErrorKind::ConnectionRefused
                | ErrorKind::HostUnreachable
                | ErrorKind::NetworkUnreachable => Cause::Refused,
                // What rustls makes of a bad certificate, or of an answer that is no TLS.
                ErrorKind::InvalidData => Cause::Tls,
                _ if step == Step::Tls => Cause::Tls,
                _ => Cause::Broken,
            };
        }
        source = below.source();
    }
    if error.is_tls() {
        Cause::Tls
    } else {
        Cause::Broken
    }
}
