//! Reading the two sources: the file, then the environment over it.
//!
//! A variable is `USHER_` and the key in capitals, with two underscores for the dot. Lists are separated by commas. An
//! empty variable counts as absent, because compose files cannot leave one out.
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use toml::{Table, Value};

use crate::error::{ConfigError, Place};
use crate::{Config, check};

const PREFIX: &str = "USHER_";

/// Variables with the prefix that are no keys: the filter of the log is needed before there is a configuration.
const NO_KEYS: &[&str] = &["USHER_LOG"];

/// Keys whose variables are not plain text.
const FLAGS: &[&str] = &[
    "guard_dashboard",
    "inject",
    "proxy_protocol",
    "shared_addresses",
    "upstream.insecure",
];
const NUMBERS: &[&str] = &["adopt_tokens_days", "mail.port"];
const LISTS: &[&str] = &["other_addresses", "trusted_proxies"];

/// Secrets that a file refuses: files are copied, shown to others and kept in version control (R59).
const ENVIRONMENT_ONLY: &[(&str, &str)] = &[("upstream", "api_key"), ("mail", "password")];

/// Environment variables. Tests make their own; the program takes those of its process.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The variables of this process that begin with `USHER_`.
    pub fn of_process() -> Self {
        std::env::vars_os().collect()
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let ours = variables.into_iter().filter_map(|(name, value)| {
            let (name, value) = (name.into().into_string().ok()?, value.into());
            let is_key = name.starts_with(PREFIX)
                && !NO_KEYS.contains(&name.as_str())
                && !is_service_link(&name)
                && !value.is_empty();
            is_key.then_some((name, value))
        });
        Self(ours.collect())
    }
}

impl Config {
    /// Reads a file, and the environment of this process over it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        Self::read_with(path, &Environment::of_process())
    }

    /// Reads a file, and an environment over it.
    pub fn read_with(path: &Path, environment: &Environment) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable {
            path: path.to_owned(),
            reason,
        })?;
        Self::parse_with(&text, path, environment)
    }

    /// Reads a file's text, without an environment; `path` is only for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        Self::parse_with(text, path, &Environment::default())
    }

    /// Reads a file's text, and an environment over it; `path` is only for messages.
    pub fn parse_with(
        text: &str,
        path: &Path,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let mut table: Table = toml::from_str(text).map_err(|error| ConfigError::NotToml {
            path: path.to_owned(),
            line: line_of(text, &error),
            reason: error.message().to_owned(),
        })?;
        let mut sources = Sources {
            path,
            variables: BTreeMap::new(),
        };
        for (section, key) in ENVIRONMENT_ONLY {
            let is_written = table
                .get(*section)
                .is_some_and(|part| part.get(key).is_some());
            if is_written {
                let full = format!("{section}.{key}");
                let hint = format!(
                    "is taken from {} only; here, write {key}_file",
                    variable(&full)
                );
                return Err(sources.wrong(&full, &hint));
            }
        }
        sources.lay_over(&mut table, environment)?;
        let config = serde_path_to_error::deserialize(table)
            .map_err(|error| sources.cannot_be_read(&error))?;
        check::check(&config, &sources)?;
        Ok(config)
    }
}

/// Which key came from where, for messages.
pub(crate) struct Sources<'a> {
    path: &'a Path,
    /// Name of the variable by key.
    variables: BTreeMap<String, String>,
}

impl Sources<'_> {
    /// An error that names the place of a key and the key.
    pub(crate) fn wrong(&self, key: &str, reason: &str) -> ConfigError {
        ConfigError::Wrong {
            place: self.place(key),
            reason: format!("{key} {reason}"),
        }
    }

    fn place(&self, key: &str) -> Place {
        self.variables.get(key).map_or_else(
            || Place::File(self.path.to_owned()),
            |name| Place::Variable(name.clone()),
        )
    }

    fn cannot_be_read(&self, error: &serde_path_to_error::Error<toml::de::Error>) -> ConfigError {
        let path = error.path().to_string();
        let key = path.split('[').next().unwrap_or_default();
        let message = error.inner().message();
        ConfigError::Wrong {
            place: self.place(key),
            reason: if key == "." {
                message.to_owned()
            } else {
                format!("{key}: {message}")
            },
        }
    }

    fn lay_over(
        &mut self,
        table: &mut Table,
        environment: &Environment,
    ) -> Result<(), ConfigError> {
        for (name, value) in &environment.0 {
            let text = value.to_str().ok_or_else(|| ConfigError::Wrong {
                place: Place::Variable(name.clone()),
                reason: "its value is not UTF-8".to_owned(),
            })?;
            let key = name
                .strip_prefix(PREFIX)
                .unwrap_or_default()
                .to_ascii_lowercase();
            let (section, last) = key.split_once("__").unwrap_or(("", &key));
            let dotted = if section.is_empty() {
                key.clone()
            } else {
                format!("{section}.{last}")
            };
            let value = value_of(&dotted, text);
            if section.is_empty() {
                table.insert(key.clone(), value);
            } else if let Value::Table(part) = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()))
            {
                part.insert(last.to_owned(), value);
            }
            self.variables.insert(dotted, name.clone());
        }
        Ok(())
    }
}

/// A text that is no flag or number stays one, and is then refused under its name.
fn value_of(key: &str, text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    if FLAGS.contains(&key) {
        text.parse().map_or_else(|_other| as_text(), Value::Boolean)
    } else if NUMBERS.contains(&key) {
        text.parse().map_or_else(|_other| as_text(), Value::Integer)
    } else if LISTS.contains(&key) {
        let parts = text.split(',').map(str::trim);
        Value::Array(
            parts
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.to_owned()))
                .collect(),
        )
    } else {
        as_text()
    }
}

/// The variable of a key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_ascii_uppercase())
}

/// Kubernetes and Docker set such variables in every container beside a service named `usher…`.
fn is_service_link(name: &str) -> bool {
    !name.contains("__")
        && (name.ends_with("_SERVICE_HOST")
            || name.contains("_SERVICE_PORT")
            || name.ends_with("_PORT")
            || name.contains("_PORT_"))
}

fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let start = error.span().map_or(0, |span| span.start);
    text.bytes()
        .take(start)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}
