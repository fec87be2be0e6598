//! E-mail addresses: read once, kept in one form, looked up in another (R41).
//!
//! Only ASCII is read; a domain in another script is written as its A-label (`xn--…`).
use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes that an address may have (R41).
const LONGEST: usize = 254;

/// Bytes that the part before the `@` may have.
const LONGEST_LOCAL: usize = 64;

/// An address as mail is sent to it: local part as typed, domain in lower case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// What an address is looked up by. Mail never goes to it (R41).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressKey(String);

/// The text is no address that Usher takes. The text itself is not repeated: it may hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address")]
pub struct AddressError;

impl EmailAddress {
    /// Reads one address: no list, no display name, no control characters, at most 254 bytes.
    ///
    /// # Errors
    ///
    /// [`AddressError`] for everything else.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError)?;
        if text.len() <= LONGEST && is_local(local) && is_domain(domain) {
            Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
        } else {
            Err(AddressError)
        }
    }

    /// The stored form: where mail goes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is looked up by: ASCII lower case.
    pub fn key(&self) -> AddressKey {
        AddressKey(self.0.to_ascii_lowercase())
    }

    /// For pages and logs: `a…@example.org`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or(("", ""));
        format!("{}…@{domain}", local.get(..1).unwrap_or(""))
    }
}

impl AddressKey {
    /// For storage.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressKey(..)")
    }
}

fn is_local(local: &str) -> bool {
    local.len() <= LONGEST_LOCAL
        && local.split('.').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
        })
}

fn is_domain(domain: &str) -> bool {
    domain.contains('.')
        && domain.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r41_mail_goes_to_the_stored_form_and_lookup_ignores_case() {
        let typed = EmailAddress::parse("Anna.B+tv@Example.ORG");
        assert_eq!(
            typed.as_ref().map(EmailAddress::as_str),
            Ok("Anna.B+tv@example.org")
        );
        let other = EmailAddress::parse("anna.b+tv@example.org");
        assert_eq!(typed.map(|a| a.key()), other.map(|a| a.key()));
    }

    #[test]
    fn r41_lists_names_controls_and_foreign_letters_are_refused() {
        let long = format!("anna@{}.org", "a.".repeat(130));
        for text in [
            "",
            "anna",
            "@example.org",
            "anna@",
            "anna@localhost",
            "a@b.c,d@e.f",
            "Anna <a@b.c>",
            "a@b.c\r\nBcc: d@e.f",
            "a@b@c.d",
            "a b@c.d",
            "a@-b.c",
            "mıke@example.org",
            long.as_str(),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(AddressError), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_shown_masked() {
        let shown = EmailAddress::parse("anna@example.org").map(|a| format!("{a:?}"));
        assert_eq!(shown, Ok("a…@example.org".into()));
    }
}
