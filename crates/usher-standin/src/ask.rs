//! One request on its way to a handler: read, matched, and with its caller known.
use std::net::IpAddr;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::json::Fields;
use crate::library::Query;
use crate::refusal::Refusal;
use crate::state::Device;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// No token, or one that is not known.
    Nobody,
    /// A key of the server.
    Key(String),
    /// A user by a token.
    User {
        /// The user.
        id: Uuid,
        /// The token.
        token: String,
        /// Whether the user rules the server.
        is_administrator: bool,
    },
}

impl Who {
    /// Whether everything is allowed.
    pub(crate) const fn rules(&self) -> bool {
        matches!(
            self,
            Self::Key(_)
                | Self::User {
                    is_administrator: true,
                    ..
                }
        )
    }

    /// The user; none for a key.
    pub(crate) const fn user(&self) -> Option<Uuid> {
        match self {
            Self::User { id, .. } => Some(*id),
            Self::Nobody | Self::Key(_) => None,
        }
    }
}

/// One request.
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a Method,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Query,
    pub(crate) body: &'a Bytes,
    /// Parameters of the path.
    pub(crate) parameters: Vec<(&'static str, String)>,
    /// The segments of the path.
    pub(crate) segments: &'a [String],
    pub(crate) who: Who,
    /// The application and machine that ask.
    pub(crate) device: Device,
    /// The address that the server believes.
    pub(crate) address: IpAddr,
}

impl Ask<'_> {
    /// A parameter of the path or else of the query.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let in_path = self
            .parameters
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str());
        in_path.or_else(|| self.query.get(name))
    }

    /// An id in path or query, also in parentheses; 400 when it is none.
    pub(crate) fn id(&self, name: &'static str) -> Result<Option<Uuid>, Refusal> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let invalid =
            |_| Refusal::Invalid(vec![(name, format!("The value '{text}' is not valid."))]);
        let bare = text
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        Uuid::parse_str(bare.unwrap_or(text))
            .map(Some)
            .map_err(invalid)
    }

    /// The user that the request is about: the one it names, else the caller.
    pub(crate) fn subject(&self) -> Result<Uuid, Refusal> {
        self.id("userId")?
            .or(self.who.user())
            .ok_or(Refusal::NOT_FOUND)
    }

    /// As [`Self::subject`], for whom the caller may act: itself, or anybody when it rules the server; else 403 with a text.
    pub(crate) fn own_subject(&self) -> Result<Uuid, Refusal> {
        let subject = self.subject()?;
        if self.who.user() == Some(subject) || self.who.rules() {
            Ok(subject)
        } else {
            Err(Refusal::Failed(StatusCode::FORBIDDEN))
        }
    }

    /// The body as an object; `argument` is the name that the framework gives a missing one.
    pub(crate) fn fields(&self, argument: &'static str) -> Result<Fields, Refusal> {
        let kind = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !(kind == "application/json"
            || kind == "text/json"
            || (kind.starts_with("application/") && kind.ends_with("+json")))
        {
            return Err(Refusal::Problem(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let missing = (argument, format!("The {argument} field is required."));
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(map)) => Ok(Fields(map)),
            Ok(Value::Null) => Err(Refusal::Invalid(vec![missing])),
            Ok(_) => Err(Refusal::Invalid(vec![
                ("$", "The JSON value could not be converted.".into()),
                missing,
            ])),
            Err(error) => Err(Refusal::Invalid(vec![("$", error.to_string()), missing])),
        }
    }
}
