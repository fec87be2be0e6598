//! A request as the library sees it: canonical, with its caller already known.
//!
//! Invariant: who the caller is was decided before; nothing here reads a credential.
use bytes::Bytes;
use http::{HeaderMap, Method};
use serde_json::Value;
use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::limits::Limits;

/// Who a token speaks for.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The user; `None` for an API key.
    pub(crate) user: Option<Uuid>,
    /// The token itself, which playback addresses repeat.
    pub(crate) token: String,
    /// The device it was issued to.
    pub(crate) device_id: String,
}

/// Looks up what a user may see; `None` for a user that does not exist.
pub(crate) type LimitsOf<'a> = &'a (dyn Fn(Uuid) -> Option<Limits> + Sync);

/// One request for the library.
pub(crate) struct Call<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The decoded segments of the path in lower case, without base URL and prefix.
    pub(crate) path: Vec<String>,
    /// The query as it was sent.
    pub(crate) query: Query,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
    /// The body.
    pub(crate) body: &'a Bytes,
    /// Who asks; `None` without a valid token.
    pub(crate) caller: Option<Caller>,
    /// What users may see.
    pub(crate) limits_of: LimitsOf<'a>,
    /// The present moment.
    pub(crate) now: Timestamp,
}

impl Call<'_> {
    /// The body as JSON; `null` when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body).unwrap_or(Value::Null)
    }
}

/// The parameters of a request; names are matched in any letter case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    raw: String,
    pairs: Vec<(String, String)>,
}

impl Query {
    /// Reads what follows the question mark.
    pub(crate) fn parse(raw: &str) -> Self {
        Self {
            raw: raw.to_owned(),
            pairs: url::form_urlencoded::parse(raw.as_bytes())
                .into_owned()
                .collect(),
        }
    }

    /// As it was sent.
    pub(crate) fn raw(&self) -> &str {
        &self.raw
    }

    /// The first value of a parameter, unless empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated or separated by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let values = self
            .pairs
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values
            .flat_map(|(_, value)| value.split([',', '|']))
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether a switch is on.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.get(name).and_then(|value| value.parse().ok())
    }

    /// An id in either spelling.
    pub(crate) fn id(&self, name: &str) -> Option<Uuid> {
        self.get(name).and_then(|value| Uuid::parse_str(value).ok())
    }

    /// Sets a parameter that the path carried (`/Users/{id}/Items`), before those of the query.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        self.pairs.insert(0, (name.to_owned(), value.to_owned()));
    }
}
