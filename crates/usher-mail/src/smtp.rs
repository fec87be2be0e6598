//! Sending by SMTP, step by step, so that a failure says where it happened.
//!
//! Invariant: STARTTLS is required or TLS is there from the first byte, with a certificate that is checked; without
//! either only this machine is talked to (R60).
//! Invariant: no step waits longer than the whole conversation may, 30 s: less than a worker's lease (R62).
//! Absent on purpose: a pool of connections. Mails are few, and a connection that died in a pool looks like a fault.
mod conversation;
mod error;

pub use conversation::Conversation;
pub use error::{Cause, SmtpError, Step};

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use usher_domain::settings::{SmtpSecurity, SmtpSettings};

use crate::Outgoing;

/// How long a conversation may take.
const TIME_OUT: Duration = Duration::from_secs(30);

/// A mail server that is ready to be talked to.
#[derive(Clone)]
pub struct Smtp {
    host: String,
    port: u16,
    security: Security,
    login: Option<Credentials>,
    from: Mailbox,
    time_out: Duration,
}

#[derive(Clone)]
enum Security {
    StartTls(TlsParameters),
    Implicit(TlsParameters),
    Plain,
}

/// Settings that cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUnusable {
    /// The sender is no address.
    #[error("the sender is not an e-mail address")]
    From,
    /// A connection without protection would leave this machine.
    #[error("a connection without TLS is for a server on this machine only")]
    PlainElsewhere,
    /// The certificate to trust besides cannot be read, or the host's name cannot stand in a certificate.
    #[error("TLS cannot be set up with this host name and certificate")]
    Tls,
}

impl Smtp {
    /// Makes ready to talk to a server. `trusted`: a certificate in PEM that is trusted besides the public ones, for
    /// servers with a private authority. `name` stands beside the sender's address where that brings none of its own.
    pub fn new(
        settings: &SmtpSettings,
        name: &str,
        trusted: Option<&[u8]>,
    ) -> Result<Self, SmtpUnusable> {
        let mut from: Mailbox = settings.from.parse().ok().ok_or(SmtpUnusable::From)?;
        from.name = from.name.or_else(|| Some(crate::shown::shown(name)));
        let security = match settings.security {
            SmtpSecurity::StartTls => Security::StartTls(tls(&settings.host, trusted)?),
            SmtpSecurity::Implicit => Security::Implicit(tls(&settings.host, trusted)?),
            SmtpSecurity::LoopbackPlain if is_loopback(&settings.host) => Security::Plain,
            SmtpSecurity::LoopbackPlain => return Err(SmtpUnusable::PlainElsewhere),
        };
        let login = settings.user.as_ref().map(|user| {
            let password = settings
                .password
                .as_ref()
                .map_or("", |password| password.reveal());
            Credentials::new(user.clone(), password.to_owned())
        });
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port,
            security,
            login,
            from,
            time_out: TIME_OUT,
        })
    }

    /// The same server with another limit for a whole conversation: 30 s unless told.
    #[must_use]
    pub fn with_time_out(self, time_out: Duration) -> Self {
        Self { time_out, ..self }
    }

    /// Sends a mail. The server has taken it when this answers `Ok`.
    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Result<(), SmtpError> {
        self.send_and_tell(outgoing).await.outcome
    }

    /// As [`send`](Self::send), telling every step: for the console's test mail.
    pub async fn send_and_tell(&self, outgoing: &Outgoing<'_>) -> Conversation {
        self.converse(outgoing).await
    }
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

fn tls(host: &str, trusted: Option<&[u8]>) -> Result<TlsParameters, SmtpUnusable> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = trusted {
        builder =
            builder.add_root_certificate(Certificate::from_pem(pem).ok().ok_or(SmtpUnusable::Tls)?);
    }
    builder.build_rustls().ok().ok_or(SmtpUnusable::Tls)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
