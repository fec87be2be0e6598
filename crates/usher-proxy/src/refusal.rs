//! Why a request is not answered by Jellyfin, and what it gets instead.
use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONNECTION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};

use crate::body::{Body, text};
use crate::query::Twice;

/// Seconds after which a client may ask again when something is down (R74: at most 12).
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("5");

/// What is wrong with a request, or with what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// No honest client sends this: 400, and the connection is closed.
    #[error("the request is malformed: {0}")]
    Malformed(&'static str),
    /// No credential, or none that is known: 401.
    #[error("a known token is needed")]
    Unauthorized,
    /// A known caller who may not do this: 403.
    #[error("the caller may not do this")]
    Forbidden,
    /// Not there, or not for this caller: 404.
    #[error("there is nothing here")]
    NotFound,
    /// A page of Usher's was asked for under a host that is not configured: 421 (R12).
    #[error("the host is not one of Usher's")]
    Misdirected,
    /// The body did not come in time: 408, and the connection is closed.
    #[error("the body takes too long")]
    SlowBody,
    /// A body that is larger than Usher reads: 413.
    #[error("the body is too large")]
    TooLarge,
    /// More headers than anybody needs: 431.
    #[error("the headers are too large")]
    HeadersTooLarge,
    /// Outside of the base URL: sent to the web client, as Jellyfin does it.
    #[error("the path lies outside of the base URL")]
    OutsideBase,
    /// Usher cannot tell now who this is: 503.
    #[error("the caller cannot be identified now")]
    Unidentified,
    /// Jellyfin cannot be reached: 503.
    #[error("Jellyfin cannot be reached")]
    Unreachable,
    /// Jellyfin broke off before it answered, or its answer cannot be read: 502.
    #[error("Jellyfin broke off")]
    BrokeOff,
    /// Jellyfin took too long to begin an answer: 504.
    #[error("Jellyfin takes too long")]
    TooSlow,
}

impl Refusal {
    /// The status of the answer.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadersTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::OutsideBase => StatusCode::FOUND,
            Self::Unidentified | Self::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
            Self::BrokeOff => StatusCode::BAD_GATEWAY,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// Whether a person should be told that the server is not there now.
    pub(crate) const fn is_fault(self) -> bool {
        matches!(
            self,
            Self::Unidentified | Self::Unreachable | Self::BrokeOff | Self::TooSlow
        )
    }

    /// The plain answer for programs.
    pub(crate) fn answer(self) -> Response<Body> {
        let words = match self {
            Self::Malformed(why) => why,
            Self::Unauthorized | Self::Forbidden | Self::NotFound | Self::OutsideBase => "",
            Self::Misdirected => "This address is not set up here.",
            Self::SlowBody => "The body takes too long.",
            Self::TooLarge => "The body is too large.",
            Self::HeadersTooLarge => "The headers are too large.",
            Self::Unidentified | Self::Unreachable => "The media server cannot be reached.",
            Self::BrokeOff => "The media server broke off.",
            Self::TooSlow => "The media server takes too long.",
        };
        let mut answer = text(self.status(), words);
        match self {
            Self::Malformed(_) | Self::SlowBody => {
                answer
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Self::Unidentified | Self::Unreachable => {
                answer.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_S);
            }
            // An answer of Usher's own pages: no other origin reads those.
            Self::Misdirected => {
                answer.headers_mut().remove(ACCESS_CONTROL_ALLOW_ORIGIN);
            }
            Self::Unauthorized
            | Self::Forbidden
            | Self::NotFound
            | Self::TooLarge
            | Self::HeadersTooLarge
            | Self::OutsideBase
            | Self::BrokeOff
            | Self::TooSlow => {}
        }
        answer
    }
}

impl From<Twice> for Refusal {
    fn from(_twice: Twice) -> Self {
        Self::Malformed("A parameter is there twice with different values.")
    }
}
