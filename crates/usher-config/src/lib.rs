//! The configuration: what must be known before the first request.
//!
//! It is read from one file, and then from the environment, which overrides the file key by key: `mail.port` is
//! `USHER_MAIL__PORT`. A file with nothing but the two addresses is secure; every loosening is a key of its own and is
//! told by [`Config::warnings`]. Unknown keys are errors that name file (or variable) and key.
mod check;
mod error;
mod read;
mod resolve;

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};
use usher_domain::address::EmailAddress;
use usher_domain::secret::SecretText;
use usher_domain::settings::SmtpSecurity;

pub use error::{ConfigError, Place};
pub use read::Environment;
pub use resolve::Storage;

/// A commented file with every key, as `usher config explain` prints it.
pub const EXPLAINED: &str = include_str!("explained.toml");

/// Every key. Each has its default, but for the two addresses.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the configuration file"
)]
pub struct Config {
    /// Where Usher listens.
    #[serde(default = "everywhere")]
    pub listen: SocketAddr,
    /// The address that people type, with the base URL if there is one: `https://media.example.org`.
    pub public_url: String,
    /// Other addresses under which people reach Usher, such as `http://192.168.1.5:8097`.
    #[serde(default)]
    pub other_addresses: Vec<String>,
    /// Where Jellyfin is.
    pub upstream: Upstream,
    /// Networks of proxies in front of Usher, whose word on a visitor's address counts. Empty: nobody's.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    /// Connections of trusted proxies begin with the PROXY protocol.
    #[serde(default)]
    pub proxy_protocol: bool,
    /// Certificate files, for TLS without a proxy in front.
    #[serde(default)]
    pub tls: Option<Tls>,
    /// Whether a film's bytes need a token or a ticket.
    #[serde(default)]
    pub media_gate: MediaGate,
    /// Where Usher keeps what it knows; see [`Config::database`].
    #[serde(default)]
    pub database: Database,
    /// Where the master key is; see [`Config::key_path`].
    #[serde(default)]
    pub key_file: Option<PathBuf>,
    /// How mail leaves. Present: fixed here, and the console cannot change it. See [`Config::smtp`].
    #[serde(default)]
    pub mail: Option<Mail>,
    /// Days after installation during which tokens that Jellyfin gave out before are taken over at first sight; 0: never
    /// (R56).
    #[serde(default = "thirty")]
    pub adopt_tokens_days: u16,
    /// What becomes of Jellyfin users without a password.
    #[serde(default)]
    pub passwordless_users: PasswordlessUsers,
    /// Whether several accounts may prove the same e-mail address.
    #[serde(default)]
    pub shared_addresses: bool,
    /// Whom Jellyfin's sign-in pages show before anybody signed in.
    #[serde(default)]
    pub public_users: PublicUsers,
    /// Whether Usher adds its script and its links to Jellyfin's web pages.
    #[serde(default = "yes")]
    pub inject: bool,
    /// Whether administrators who have a second factor show it before something dangerous in Jellyfin's dashboard.
    #[serde(default = "yes")]
    pub guard_dashboard: bool,
    /// Time zone of people; see [`Config::people_zone`].
    #[serde(default, deserialize_with = "zone")]
    pub time_zone: Option<TimeZone>,
    /// Time zone of Jellyfin's process; see [`Config::server_zone`].
    #[serde(default, deserialize_with = "zone")]
    pub server_time_zone: Option<TimeZone>,
}

/// Where Jellyfin is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// `http://127.0.0.1:8096`, with Jellyfin's base URL if it has one.
    pub url: String,
    /// Allows plain http to another machine: tokens then cross the network unprotected.
    #[serde(default)]
    pub insecure: bool,
    /// File with Jellyfin's API key; see [`Config::api_key`].
    #[serde(default)]
    pub api_key_file: Option<PathBuf>,
    /// The API key itself. From the environment only, and discouraged: a child process or a crash report may carry it.
    #[serde(default)]
    pub api_key: Option<SecretText>,
}

/// Certificate files (PEM).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Where Usher keeps what it knows: a file of SQLite, or PostgreSQL.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// File of SQLite. Its folder is also that of the key files, with PostgreSQL too.
    pub path: PathBuf,
    /// Address of PostgreSQL.
    pub url: Option<SecretText>,
    /// File with the address of PostgreSQL.
    pub url_file: Option<PathBuf>,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            path: PathBuf::from("usher.db"),
            url: None,
            url_file: None,
        }
    }
}

/// How mail leaves by SMTP.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Name of the server; its certificate must carry it.
    pub host: String,
    /// Port. Without one the security decides: 587 for STARTTLS, 465 for implicit TLS, 25 for none.
    #[serde(default)]
    pub port: Option<NonZeroU16>,
    /// How the connection is protected; STARTTLS, required, unless something else is said (R60).
    #[serde(default = "start_tls")]
    pub security: SmtpSecurity,
    /// User name, where the server wants a login.
    #[serde(default)]
    pub user: Option<String>,
    /// File with its password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The password itself. From the environment only.
    #[serde(default)]
    pub password: Option<SecretText>,
    /// The address that mails come from.
    pub from: EmailAddress,
    /// A certificate (PEM) that is trusted besides the public ones; see [`Config::mail_certificate`].
    #[serde(default)]
    pub trusted_certificate: Option<PathBuf>,
}

/// Whether a film's bytes need a token or a ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaGate {
    /// They do.
    #[default]
    On,
    /// They pass for whoever knows an id, as Jellyfin does it.
    Compat,
}

/// What becomes of Jellyfin users without a password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordlessUsers {
    /// They are not let in before an administrator gave them a way to a password.
    #[default]
    Refuse,
    /// They are let in from private networks.
    Local,
}

/// Whom Jellyfin's sign-in pages show before anybody signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicUsers {
    /// Whom Jellyfin shows, less profiles and users in set-up.
    #[default]
    Jellyfin,
    /// Nobody.
    Nobody,
}

fn zone<'de, D: Deserializer<'de>>(source: D) -> Result<Option<TimeZone>, D::Error> {
    let name = String::deserialize(source)?;
    TimeZone::get(&name).map(Some).map_err(|_unknown| {
        serde::de::Error::custom(format!(
            "{name:?} is no time zone that is known here; one is \"Europe/Berlin\""
        ))
    })
}

fn everywhere() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 8097))
}

const fn start_tls() -> SmtpSecurity {
    SmtpSecurity::StartTls
}

const fn thirty() -> u16 {
    30
}

const fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests;
