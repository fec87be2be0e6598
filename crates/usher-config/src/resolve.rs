//! What the program needs, with defaults that depend on other keys and with the files that keys name.
use std::io;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::tz::TimeZone;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};

use crate::check::{POSTGRES_WANTED, is_postgres};
use crate::error::ConfigError;
use crate::{Config, Mail};

/// Where Usher keeps what it knows.
#[derive(Clone, Debug)]
pub enum Storage {
    /// In this file.
    Sqlite(PathBuf),
    /// Behind this address. It may hold a password.
    Postgres(SecretText),
}

impl Config {
    /// Where Usher keeps what it knows. Reads `database.url_file` if that is set.
    ///
    /// # Errors
    ///
    /// [`ConfigError::FileOfKey`] when the file cannot be read, is empty, or holds something else.
    pub fn database(&self) -> Result<Storage, ConfigError> {
        const KEY: &str = "database.url_file";
        let Some(path) = &self.database.url_file else {
            let url = self.database.url.clone();
            return Ok(url.map_or_else(
                || Storage::Sqlite(self.database.path.clone()),
                Storage::Postgres,
            ));
        };
        let url = secret(path).map_err(|reason| of_key(KEY, path, reason))?;
        if is_postgres(url.reveal()) {
            Ok(Storage::Postgres(url))
        } else {
            let reason =
                io::Error::new(io::ErrorKind::InvalidData, format!("it {POSTGRES_WANTED}"));
            Err(of_key(KEY, path, reason))
        }
    }

    /// Where the master key is: `key_file`, or `usher.key` beside the database. Who reads it refuses a file that others
    /// can read (R67).
    pub fn key_path(&self) -> PathBuf {
        self.beside_database(self.key_file.as_deref(), "usher.key")
    }

    /// Where Jellyfin's API key is: `upstream.api_key_file`, or `jellyfin-api-key` beside the database. `usher connect`
    /// writes it.
    pub fn api_key_path(&self) -> PathBuf {
        self.beside_database(self.upstream.api_key_file.as_deref(), "jellyfin-api-key")
    }

    /// Jellyfin's API key, from the environment or its file (R59).
    ///
    /// # Errors
    ///
    /// [`ConfigError::NoApiKey`] when the file cannot be read or is empty; it names the file.
    pub fn api_key(&self) -> Result<SecretText, ConfigError> {
        if let Some(key) = &self.upstream.api_key {
            return Ok(key.clone());
        }
        let path = self.api_key_path();
        secret(&path).map_err(|reason| ConfigError::NoApiKey { path, reason })
    }

    /// How mail leaves, if it is fixed here; `None`: the console decides. Reads `mail.password_file` if that is set.
    ///
    /// # Errors
    ///
    /// [`ConfigError::FileOfKey`] when the file cannot be read or is empty.
    pub fn smtp(&self) -> Result<Option<SmtpSettings>, ConfigError> {
        self.mail
            .as_ref()
            .map(|mail| {
                Ok(SmtpSettings {
                    host: mail.host.clone(),
                    port: mail
                        .port
                        .map_or_else(|| usual_port(mail.security), NonZeroU16::get),
                    security: mail.security,
                    user: mail.user.clone(),
                    password: password(mail)?,
                    from: mail.from.as_str().to_owned(),
                })
            })
            .transpose()
    }

    /// The certificate (PEM) that a mail server may show besides the publicly trusted ones, as `mail.trusted_certificate`
    /// names it.
    ///
    /// # Errors
    ///
    /// [`ConfigError::FileOfKey`] when the file cannot be read.
    pub fn mail_certificate(&self) -> Result<Option<Vec<u8>>, ConfigError> {
        let path = self
            .mail
            .as_ref()
            .and_then(|mail| mail.trusted_certificate.as_ref());
        path.map(|path| {
            std::fs::read(path).map_err(|reason| of_key("mail.trusted_certificate", path, reason))
        })
        .transpose()
    }

    /// How long after installation foreign tokens are taken over; zero: never.
    pub fn adopt_tokens(&self) -> Duration {
        Duration::from_hours(u64::from(self.adopt_tokens_days) * 24)
    }

    /// Time zone of people and of their hours: `time_zone`, or the system's.
    pub fn people_zone(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or_else(TimeZone::system)
    }

    /// Time zone of Jellyfin's process, in which it reads the hours of its policies: `server_time_zone`, or that of
    /// people.
    pub fn server_zone(&self) -> TimeZone {
        self.server_time_zone
            .clone()
            .unwrap_or_else(|| self.people_zone())
    }

    fn beside_database(&self, said: Option<&Path>, name: &str) -> PathBuf {
        said.map_or_else(|| self.database.path.with_file_name(name), Path::to_owned)
    }
}

const fn usual_port(security: SmtpSecurity) -> u16 {
    match security {
        SmtpSecurity::StartTls => 587,
        SmtpSecurity::Implicit => 465,
        SmtpSecurity::LoopbackPlain => 25,
    }
}

fn password(mail: &Mail) -> Result<Option<SecretText>, ConfigError> {
    mail.password_file.as_ref().map_or_else(
        || Ok(mail.password.clone()),
        |path| {
            secret(path)
                .map(Some)
                .map_err(|reason| of_key("mail.password_file", path, reason))
        },
    )
}

/// Reads a secret; the end of the line that editors add is not part of it.
fn secret(path: &Path) -> io::Result<SecretText> {
    let mut text = std::fs::read_to_string(path)?;
    // Shortened in place, so that no copy is left behind unwiped.
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    if text.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "the file is empty",
        ));
    }
    Ok(SecretText::new(text))
}

fn of_key(key: &'static str, path: &Path, reason: io::Error) -> ConfigError {
    ConfigError::FileOfKey {
        key,
        path: path.to_owned(),
        reason,
    }
}
