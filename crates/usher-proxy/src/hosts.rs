//! Under which hosts Usher's own pages answer (R12).
//!
//! Pages build addresses and cookies; a host that nobody configured could make them somebody else's. Jellyfin's API
//! takes any host: apps are told all kinds of addresses.
use http::Uri;

use crate::config::Config;

/// The hosts of the configured addresses.
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// The hosts of the public address and of the others; every name of this machine where the public address has one.
    pub(crate) fn of(config: &Config) -> Self {
        let mut known = Vec::new();
        known.extend(host_of(&config.public_url));
        if let Some((name, port)) = known.first().map(|host| split(host))
            && LOOPBACK.contains(&name)
        {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            known = LOOPBACK
                .iter()
                .map(|name| format!("{name}{port}"))
                .collect();
        }
        let others = config.other_addresses.iter();
        known.extend(others.filter_map(|address| host_of(address)));
        Self(known)
    }

    /// Whether a host, as a visitor typed it, is one of them. The ports of `http` and `https` equal none: a proxy
    /// that is not listed hides which of the two it was.
    pub(crate) fn know(&self, typed: &str) -> bool {
        let typed = without_usual_port(typed);
        self.0.iter().any(|host| host.eq_ignore_ascii_case(typed))
    }
}

const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

fn host_of(address: &str) -> Option<String> {
    let address: Uri = address.parse().ok()?;
    let authority = address.authority()?.as_str();
    Some(without_usual_port(authority).to_ascii_lowercase())
}

fn without_usual_port(host: &str) -> &str {
    match split(host) {
        (name, Some("80" | "443")) => name,
        (_, Some(_) | None) => host,
    }
}

/// Name and port. The colons of an IPv6 address stand in brackets.
fn split(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        Some(_) | None => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(public_url: &str, others: &[&str]) -> Hosts {
        let mut config = Config::new("http://127.0.0.1:8096", public_url).unwrap();
        config.other_addresses = others.iter().map(|&address| address.to_owned()).collect();
        Hosts::of(&config)
    }

    #[test]
    fn r12_only_configured_hosts_are_known() {
        let hosts = hosts(
            "https://films.example/jellyfin",
            &["http://192.168.1.5:8920", "http://[fd00::5]"],
        );
        for known in [
            "films.example",
            "Films.Example:443",
            "films.example:80",
            "192.168.1.5:8920",
            "[fd00::5]",
            "[fd00::5]:80",
        ] {
            assert!(hosts.know(known), "{known}");
        }
        for unknown in [
            "",
            "evil.example",
            "films.example.evil.example",
            "films.example:8443",
            "films.example:",
            "anna@films.example",
            "192.168.1.5",
            "localhost",
        ] {
            assert!(!hosts.know(unknown), "{unknown}");
        }
    }

    #[test]
    fn every_name_of_this_machine_is_known_where_the_public_address_is_one() {
        let hosts = hosts("http://127.0.0.1:8920", &[]);
        for known in ["localhost:8920", "127.0.0.1:8920", "[::1]:8920"] {
            assert!(hosts.know(known), "{known}");
        }
        assert!(!hosts.know("localhost"));
        assert!(!hosts.know("evil.example:8920"));
    }
}
