//! Who stands at a door, as far as the network tells.
use std::net::IpAddr;

use crate::mail::Origin;
use crate::network::is_private;
use crate::time::Timestamp;

/// Where a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The address, after trusted proxies (R53), v4-mapped unwrapped.
    pub address: IpAddr,
    /// `false` when a proxy that is not listed stands between: blocks per address become delays.
    pub address_is_exact: bool,
    /// What the person sees of the client: "Firefox on Linux", "Jellyfin Android TV".
    pub client: String,
}

impl Visitor {
    /// A visitor; `user_agent` is cut down to what a person recognizes.
    pub fn new(address: IpAddr, address_is_exact: bool, user_agent: &str) -> Self {
        Self {
            address: address.to_canonical(),
            address_is_exact,
            client: coarse_client(user_agent),
        }
    }

    /// Whether the visitor comes from a home or company network, or from this machine. An address that cannot be believed
    /// is nobody's home: behind a proxy that is not listed, the whole world would come from its private address.
    pub const fn is_private(&self) -> bool {
        self.address_is_exact && is_private(self.address)
    }

    /// The address with its end hidden, for mails (R10).
    pub fn masked_address(&self) -> String {
        match self.address {
            IpAddr::V4(address) => {
                let [first, second, ..] = address.octets();
                format!("{first}.{second}.…")
            }
            IpAddr::V6(address) => {
                let [first, second, ..] = address.segments();
                format!("{first:x}:{second:x}:…")
            }
        }
    }

    /// What a mail tells of this visitor.
    pub fn origin(&self, at: Timestamp) -> Origin {
        Origin {
            at,
            client: self.client.clone(),
            masked_address: self.masked_address(),
        }
    }
}

/// Browser and system out of a user agent; other programs by the name they give themselves.
fn coarse_client(user_agent: &str) -> String {
    let has = |part: &str| user_agent.contains(part);
    let browser = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let system = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("Linux", "Linux"),
    ];
    let found = |list: &[(&str, &'static str)]| {
        list.iter()
            .find(|(sign, _)| has(sign))
            .map(|(_, name)| *name)
    };
    match (found(&browser), found(&system)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => {
            let name = user_agent.split(['/', '(']).next().unwrap_or_default();
            let printable: String = name
                .chars()
                .filter(|letter| !letter.is_control())
                .take(64)
                .collect();
            printable.trim().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r10_a_mail_tells_a_coarse_client_and_half_an_address() {
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let visitor = Visitor::new("::ffff:192.0.2.7".parse().unwrap(), true, agent);
        assert_eq!(
            (visitor.client.as_str(), visitor.masked_address().as_str()),
            ("Firefox on Linux", "192.0.…")
        );
        assert!(!visitor.is_private());
        assert!(Visitor::new("fd00::1".parse().unwrap(), true, "Kodi/21").is_private());
        assert!(!Visitor::new("fd00::1".parse().unwrap(), false, "Kodi/21").is_private());
    }
}
