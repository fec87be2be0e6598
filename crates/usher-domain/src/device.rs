//! What a client says of itself: the parts of `Authorization: MediaBrowser …`.
//!
//! None of it is a secret and none of it proves anything: a device id is copied as easily as a name.
use std::fmt::Write;

use serde::{Deserialize, Serialize};

/// Client, device, device id and version, as a client names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ClientIdentity {
    /// The program: "Jellyfin Web", "Android TV".
    pub client: String,
    /// The name of the device: "Firefox", "Living room".
    pub device: String,
    /// An id that the client chose. Shared by several people on some devices, new at each start on others.
    pub device_id: String,
    /// The version of the program.
    pub version: String,
}

/// Whose a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceUse {
    /// As it was.
    Everybodys,
    /// A child's: nobody else of the account is signed in on it any more.
    Childs,
}

impl ClientIdentity {
    /// The one header that goes upstream: every value quoted and percent-encoded, so that none can end early.
    pub fn header(&self, token: Option<&str>) -> String {
        let mut header = String::with_capacity(160);
        header.push_str("MediaBrowser ");
        let parts = [
            ("Client", &self.client),
            ("Device", &self.device),
            ("DeviceId", &self.device_id),
            ("Version", &self.version),
        ];
        for (key, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            push(&mut header, key, value);
        }
        if let Some(token) = token {
            push(&mut header, "Token", token);
        }
        header
    }

    /// Whether all four parts are there: Jellyfin answers a sign-in without one of them with 400.
    pub fn is_complete(&self) -> bool {
        [&self.client, &self.device, &self.device_id, &self.version]
            .into_iter()
            .all(|part| !part.is_empty())
    }
}

fn push(header: &mut String, key: &str, value: &str) {
    if !header.ends_with(' ') {
        header.push_str(", ");
    }
    header.push_str(key);
    header.push_str("=\"");
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            header.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_end_its_own_quotes() {
        let identity = ClientIdentity {
            client: "Evil\", Token=\"x".to_owned(),
            device: "Süd".to_owned(),
            ..Default::default()
        };
        assert_eq!(
            identity.header(Some("abc")),
            "MediaBrowser Client=\"Evil%22%2C%20Token%3D%22x\", Device=\"S%C3%BCd\", Token=\"abc\""
        );
    }
}
