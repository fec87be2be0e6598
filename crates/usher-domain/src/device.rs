//! What a client says of itself: the parts of `Authorization: MediaBrowser …`.
//!
//! None of it is a secret and none of it proves anything: a device id is copied as easily as a name.
use std::borrow::Cow;
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

/// Programs that name another device id for each user: Android TV a hash of id and user, and a new one for each Quick Connect
/// code; Android and Roku the user behind the id.
const IDS_OF_USERS: [&str; 3] = ["Jellyfin Android TV", "Jellyfin Android", "Jellyfin Roku"];

impl ClientIdentity {
    /// By what a device is the same one whoever signs in on it, in the same program; empty where it names nothing. It is the
    /// device id, and where that is another one for each user, the names of program and device: then two devices of one name
    /// are the same.
    pub fn device_key(&self) -> Cow<'_, str> {
        if self.is_known_by_name() {
            Cow::Owned(format!("{}/{}", self.client, self.device))
        } else {
            Cow::Borrowed(&self.device_id)
        }
    }

    /// Whether every device of this name is the same one to [`device_key`](Self::device_key).
    pub fn is_known_by_name(&self) -> bool {
        !self.device.is_empty() && IDS_OF_USERS.contains(&self.client.as_str())
    }

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
    fn a_device_is_the_same_for_every_user_also_where_its_id_is_another_one() {
        let on = |client: &str, device: &str, device_id: &str| ClientIdentity {
            client: client.to_owned(),
            device: device.to_owned(),
            device_id: device_id.to_owned(),
            version: "1".to_owned(),
        };
        let television = on("Jellyfin Android TV", "Nursery", "a");
        let of_another = on("Jellyfin Android TV", "Nursery", "b");
        assert_eq!(television.device_key(), of_another.device_key());
        for other in [
            on("Jellyfin Android TV", "Den", "a"),
            on("Jellyfin Roku", "Nursery", "a"),
            on("Jellyfin Web", "Nursery", "a"),
            on("Jellyfin Android TV", "", "b"),
        ] {
            assert_ne!(television.device_key(), other.device_key());
        }
        assert_eq!(on("Jellyfin Web", "Firefox", "x").device_key(), "x");
        assert_eq!(on("Jellyfin Web", "Firefox", "").device_key(), "");
    }

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
