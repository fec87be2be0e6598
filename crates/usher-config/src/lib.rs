//! The configuration file: what must be known before the first request.
//!
//! An empty file is secure; every loosening is a key of its own and is told by [`Config::warnings`]. Unknown keys are
//! errors that name the line.
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;
use url::{Host, Url};

/// A commented file with every key, as `usher config explain` prints it.
pub const EXPLAINED: &str = include_str!("explained.toml");

/// Everything in the file. Each key has its default, but for the address of Jellyfin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
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
}

/// Where Jellyfin is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// `http://127.0.0.1:8096`, with Jellyfin's base URL if it has one.
    pub url: String,
    /// Allows plain http to another machine: tokens then cross the network unprotected.
    #[serde(default)]
    pub insecure: bool,
}

/// Certificate files (PEM).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
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

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// A key is unknown, missing, or has a value of another kind.
    #[error("{path}: {reason}")]
    Wrong {
        /// Which file.
        path: PathBuf,
        /// What and where.
        reason: Box<toml::de::Error>,
    },
    /// An address is not one.
    #[error("{path}: {key} takes an address such as {example}, not {value:?}")]
    NoAddress {
        /// Which file.
        path: PathBuf,
        /// Which key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What could stand there.
        example: &'static str,
    },
    /// Plain http to another machine.
    #[error(
        "{path}: upstream.url is plain http to another machine, so tokens would cross the network unprotected; \
         use https, or set upstream.insecure = true"
    )]
    InsecureUpstream {
        /// Which file.
        path: PathBuf,
    },
}

impl Config {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|reason| ConfigError::Unreadable {
            path: path.to_owned(),
            reason,
        })?;
        Self::parse(&text, path)
    }

    /// Reads a file's text; `path` is only for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|reason| ConfigError::Wrong {
            path: path.to_owned(),
            reason: Box::new(reason),
        })?;
        let address = |key, value: &str, example| {
            web_address(value).ok_or_else(|| ConfigError::NoAddress {
                path: path.to_owned(),
                key,
                value: value.to_owned(),
                example,
            })
        };
        address(
            "public_url",
            &config.public_url,
            "https://media.example.org",
        )?;
        for other in &config.other_addresses {
            address("other_addresses", other, "http://192.168.1.5:8097")?;
        }
        let upstream = address(
            "upstream.url",
            &config.upstream.url,
            "http://127.0.0.1:8096",
        )?;
        if is_plain_to_elsewhere(&upstream) && !config.upstream.insecure {
            return Err(ConfigError::InsecureUpstream {
                path: path.to_owned(),
            });
        }
        Ok(config)
    }

    /// What was loosened, for the log at every start.
    pub fn warnings(&self) -> Vec<&'static str> {
        let mut warnings = Vec::new();
        if self.media_gate == MediaGate::Compat {
            warnings.push("media_gate = \"compat\": films stream to anybody who knows their id");
        }
        if self.upstream.insecure {
            warnings
                .push("upstream.insecure = true: tokens cross the network to Jellyfin unprotected");
        }
        if self.public_url.starts_with("http://") {
            warnings.push("public_url is plain http: passwords cross the network unprotected");
        }
        warnings
    }
}

/// Reads an `http` or `https` address with a host.
fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

fn is_plain_to_elsewhere(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && !is_here
}

fn everywhere() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 8097))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str =
        "public_url = \"https://media.example.org\"\n[upstream]\nurl = \"http://127.0.0.1:8096\"\n";

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Path::new("usher.toml")).map_err(|error| error.to_string())
    }

    #[test]
    fn the_least_file_is_secure() {
        let config = parse(LEAST).unwrap();
        assert!(config.warnings().is_empty());
        assert!(config.trusted_proxies.is_empty());
        assert_eq!(config.media_gate, MediaGate::On);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_file() {
        let error = parse(&format!("publik_url = 1\n{LEAST}")).unwrap_err();
        assert!(
            error.contains("usher.toml") && error.contains("publik_url"),
            "{error}"
        );
    }

    #[test]
    fn r59_plain_http_to_another_machine_is_refused_unless_it_is_said() {
        let elsewhere = LEAST.replace("127.0.0.1", "192.168.1.9");
        assert!(parse(&elsewhere).unwrap_err().contains("upstream.insecure"));
        assert_eq!(
            parse(&format!("{elsewhere}insecure = true\n"))
                .unwrap()
                .warnings()
                .len(),
            1
        );
    }

    #[test]
    fn r59_a_name_that_only_looks_like_this_machine_is_another_one() {
        for host in [
            "127.example.org",
            "localhost.example.org",
            "127.0.0.1@example.org",
        ] {
            let file = LEAST.replace("127.0.0.1", host);
            assert!(
                parse(&file).unwrap_err().contains("upstream.insecure"),
                "{host}"
            );
        }
        for host in ["localhost", "127.0.0.2", "[::1]"] {
            assert!(parse(&LEAST.replace("127.0.0.1", host)).is_ok(), "{host}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_meant_is_named_with_its_key() {
        let no_scheme = LEAST.replace("https://media", "media");
        assert!(parse(&no_scheme).unwrap_err().contains("public_url takes"));
        let other_scheme = LEAST.replace("http://127", "ftp://127");
        assert!(
            parse(&other_scheme)
                .unwrap_err()
                .contains("upstream.url takes")
        );
        for line in [
            "listen = \"8097\"",
            "trusted_proxies = [\"10.0.0.0/40\"]",
            "media_gate = \"off\"",
            "proxy_protocol = 1",
        ] {
            let key = line.split(' ').next().unwrap();
            let error = parse(&format!("{line}\n{LEAST}")).unwrap_err();
            assert!(
                error.contains("usher.toml") && error.contains(key),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert!(parse("").unwrap_err().contains("public_url"));
        let half = format!("{LEAST}[tls]\ncertificate = \"chain.pem\"\n");
        assert!(parse(&half).unwrap_err().contains("key"));
    }

    #[test]
    fn the_explained_file_is_the_least_one_and_its_examples_are_keys() {
        assert_eq!(parse(EXPLAINED).unwrap(), parse(LEAST).unwrap());
        let said: String = EXPLAINED
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        assert_eq!(parse(&said).unwrap().warnings().len(), 2);
    }
}
