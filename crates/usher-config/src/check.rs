//! What a key's type cannot say: addresses, exclusive keys, protection of the way to other servers. And what was loosened.
use std::net::IpAddr;

use url::{Host, Url};
use usher_domain::settings::SmtpSecurity;

use crate::error::ConfigError;
use crate::read::Sources;
use crate::{Config, Mail, MediaGate, PasswordlessUsers};

/// Checks what was read.
pub(crate) fn check(config: &Config, sources: &Sources<'_>) -> Result<(), ConfigError> {
    addresses(config, sources)?;
    exclusive(
        sources,
        ("upstream.api_key", config.upstream.api_key.is_some()),
        (
            "upstream.api_key_file",
            config.upstream.api_key_file.is_some(),
        ),
    )?;
    let database = &config.database;
    exclusive(
        sources,
        ("database.url", database.url.is_some()),
        ("database.url_file", database.url_file.is_some()),
    )?;
    if database
        .url
        .as_ref()
        .is_some_and(|url| !is_postgres(url.reveal()))
    {
        return Err(sources.wrong("database.url", POSTGRES_WANTED));
    }
    if database.path.file_name().is_none() {
        return Err(sources.wrong("database.path", "names no file"));
    }
    config
        .mail
        .as_ref()
        .map_or(Ok(()), |mail| sending(mail, sources))
}

/// What an address of PostgreSQL must be. The address itself is not repeated: it may hold a password.
pub(crate) const POSTGRES_WANTED: &str =
    "takes an address of PostgreSQL such as postgres://usher@127.0.0.1/usher";

pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

fn addresses(config: &Config, sources: &Sources<'_>) -> Result<(), ConfigError> {
    let address = |key, value: &str, example| {
        web_address(value).ok_or_else(|| {
            sources.wrong(
                key,
                &format!("takes an address such as {example}, not {value:?}"),
            )
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
        return Err(sources.wrong(
            "upstream.url",
            "is plain http to another machine, so tokens would cross the network unprotected; use https, or set \
             upstream.insecure = true",
        ));
    }
    Ok(())
}

fn sending(mail: &Mail, sources: &Sources<'_>) -> Result<(), ConfigError> {
    exclusive(
        sources,
        ("mail.password", mail.password.is_some()),
        ("mail.password_file", mail.password_file.is_some()),
    )?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-:".contains(c);
    if mail.host.is_empty() || !mail.host.chars().all(is_host) {
        return Err(sources.wrong(
            "mail.host",
            "takes the name of a server such as smtp.example.org",
        ));
    }
    let has_password = mail.password.is_some() || mail.password_file.is_some();
    match &mail.user {
        Some(user) if user.is_empty() => Err(sources.wrong("mail.user", "is empty")),
        Some(_) if !has_password => Err(sources.wrong(
            "mail.user",
            "needs a password: set mail.password_file, or USHER_MAIL__PASSWORD",
        )),
        None if mail.password.is_some() => {
            Err(sources.wrong("mail.password", "needs mail.user beside it"))
        }
        None if mail.password_file.is_some() => {
            Err(sources.wrong("mail.password_file", "needs mail.user beside it"))
        }
        Some(_) | None => Ok(()),
    }?;
    if mail.security == SmtpSecurity::LoopbackPlain && !is_loopback(&mail.host) {
        return Err(sources.wrong(
            "mail.security",
            "is \"loopback_plain\", which is only for a mail server on this machine; use \"start_tls\" or \"implicit\"",
        ));
    }
    Ok(())
}

/// Two ways to say the same thing, of which one may be used.
fn exclusive(
    sources: &Sources<'_>,
    one: (&str, bool),
    other: (&str, bool),
) -> Result<(), ConfigError> {
    if one.1 && other.1 {
        return Err(sources.wrong(one.0, &format!("and {} exclude each other", other.0)));
    }
    Ok(())
}

impl Config {
    /// What was loosened, for the log at every start.
    pub fn warnings(&self) -> Vec<&'static str> {
        let loosened = [
            (
                self.media_gate == MediaGate::Compat,
                "media_gate = \"compat\": films stream to anybody who knows their id",
            ),
            (
                self.upstream.insecure,
                "upstream.insecure = true: tokens cross the network to Jellyfin unprotected",
            ),
            (
                self.public_url.starts_with("http://"),
                "public_url is plain http: passwords cross the network unprotected",
            ),
            (
                self.trusted_proxies.iter().any(|net| net.prefix_len() == 0),
                "trusted_proxies holds every address: visitors can claim any address for themselves",
            ),
            (
                self.upstream.api_key.is_some(),
                "USHER_UPSTREAM__API_KEY: the API key is visible wherever the environment is; use upstream.api_key_file",
            ),
            (
                self.passwordless_users == PasswordlessUsers::Local,
                "passwordless_users = \"local\": from private networks, users without a password are let in",
            ),
            (
                self.shared_addresses,
                "shared_addresses = true: who reads a mailbox can reset every account that shares its address",
            ),
            (
                !self.guard_dashboard,
                "guard_dashboard = false: whoever has an administrator's token can do everything with it",
            ),
            (
                self.adopt_tokens_days > 30,
                "adopt_tokens_days is above 30: tokens from before Usher skip its sign-in for longer",
            ),
        ];
        loosened
            .into_iter()
            .filter_map(|(is_loosened, warning)| is_loosened.then_some(warning))
            .collect()
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

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
