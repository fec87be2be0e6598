//! Networks that something may come from, as administrators write them.
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// The most networks in one list.
const LISTED_MAX: usize = 32;

/// A list of networks. An empty one allows every address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

/// Why a list is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetworksError {
    /// Something in it is neither an address nor a network.
    #[error("a part is neither an address nor a network")]
    NoNetwork,
    /// More than 32.
    #[error("at most 32 networks can be listed")]
    TooMany,
}

/// Whether an address is one of a home or company network, or of this machine.
pub const fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

impl Networks {
    /// Reads networks (`192.168.0.0/16`) and single addresses, with blanks, commas or line ends between them.
    ///
    /// # Errors
    ///
    /// [`NetworksError`]; nothing is taken half.
    pub fn parse(text: &str) -> Result<Self, NetworksError> {
        let parts = text.split([',', ';', ' ', '\t', '\r', '\n']);
        let mut networks = Vec::new();
        for part in parts.filter(|part| !part.is_empty()) {
            if networks.len() == LISTED_MAX {
                return Err(NetworksError::TooMany);
            }
            networks.push(network(part).ok_or(NetworksError::NoNetwork)?);
        }
        Ok(Self(networks))
    }

    /// Whether every address is allowed.
    pub const fn is_everywhere(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody may come from this address. One that cannot be believed is in no network: behind a proxy that is
    /// not listed, the whole world would come from its private address.
    pub fn allow(&self, address: IpAddr, address_is_exact: bool) -> bool {
        let address = address.to_canonical();
        self.is_everywhere()
            || address_is_exact && self.0.iter().any(|network| network.contains(&address))
    }
}

impl fmt::Display for Networks {
    /// With a blank between two: what [`Networks::parse`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, network) in self.0.iter().enumerate() {
            let blank = if place == 0 { "" } else { " " };
            write!(f, "{blank}{network}")?;
        }
        Ok(())
    }
}

/// A network; a single address is one of its own. Bits behind the prefix count for nothing.
fn network(text: &str) -> Option<IpNet> {
    let network: IpNet = match text.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().into(),
        Err(_with_a_prefix) => text.parse().ok()?,
    };
    Some(network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(list: &str, address: &str) -> bool {
        let networks = Networks::parse(list).unwrap();
        networks.allow(address.parse().unwrap(), true)
    }

    #[test]
    fn a_list_allows_what_lies_in_one_of_its_networks() {
        let list = "192.168.7.9/16, 203.0.113.7\n2001:db8::/32";
        for inside in [
            "192.168.200.1",
            "::ffff:192.168.0.1",
            "203.0.113.7",
            "2001:db8:1::9",
        ] {
            assert!(allows(list, inside), "{inside}");
        }
        for outside in ["192.169.0.1", "203.0.113.8", "2001:db9::1"] {
            assert!(!allows(list, outside), "{outside}");
        }
        assert!(allows(" \n", "203.0.113.9"), "an empty list allows all");
    }

    #[test]
    fn an_address_that_cannot_be_believed_is_in_no_network() {
        let home = Networks::parse("10.0.0.0/8").unwrap();
        assert!(!home.allow("10.0.0.1".parse().unwrap(), false));
        assert!(Networks::default().allow("10.0.0.1".parse().unwrap(), false));
    }

    #[test]
    fn a_list_is_written_as_it_is_read_and_never_taken_half() {
        let networks = Networks::parse("192.168.7.9/16;::1").unwrap();
        assert_eq!(networks.to_string(), "192.168.0.0/16 ::1/128");
        assert_eq!(Networks::parse(&networks.to_string()), Ok(networks));
        assert_eq!(
            Networks::parse("10.0.0.0/8 home"),
            Err(NetworksError::NoNetwork)
        );
        assert_eq!(
            Networks::parse("10.0.0.0/33"),
            Err(NetworksError::NoNetwork)
        );
        assert_eq!(
            Networks::parse(&"10.0.0.1 ".repeat(33)),
            Err(NetworksError::TooMany)
        );
    }
}
