//! The connection to Jellyfin: how a call is sent, as whom, and when it ends.
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use percent_encoding::{NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;

use crate::answer::Answer;
use crate::error::JellyfinError;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(2);

/// How long a whole call may take.
const CALL: Duration = Duration::from_secs(10);

/// The largest answer that is read.
const ANSWER_MAX: usize = 16 * 1024 * 1024;

/// Jellyfin. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Jellyfin {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    address: String,
    key: Option<SecretText>,
}

/// Who a call is made as.
#[derive(Clone, Debug, Default)]
pub struct Credential<'a> {
    /// The identity of the client for whom it is made. Where there is none, a token goes alone, because Jellyfin gives the
    /// token's device the name and version that come with it; a call without a token is made under Usher's own name.
    pub identity: Option<&'a ClientIdentity>,
    /// The token.
    pub token: Option<&'a SecretText>,
}

impl Jellyfin {
    /// Jellyfin at `address` (`http://127.0.0.1:8096`, with its base URL if it has one).
    pub fn new(address: &Uri) -> Result<Self, JellyfinError> {
        if address.scheme().is_none() || address.authority().is_none() {
            return Err(JellyfinError::Address);
        }
        let mut connector = HttpConnector::new();
        connector.set_connect_timeout(Some(CONNECT));
        connector.set_nodelay(true);
        connector.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self {
            client,
            address: address.to_string().trim_end_matches('/').to_owned(),
            key: None,
        })
    }

    /// The same server, asked with the server's own key where a call needs it.
    #[must_use]
    pub fn with_key(self, key: SecretText) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// Whether a text is the server's own key, compared in constant time.
    pub fn is_own_key(&self, text: &str) -> bool {
        let same = |key: &SecretText| {
            usher_domain::key::same_secret(key.reveal().as_bytes(), text.as_bytes())
        };
        self.key.as_ref().is_some_and(same)
    }

    /// As Usher itself, by the server's key.
    pub(crate) fn own(&self) -> Result<Credential<'_>, JellyfinError> {
        self.key.as_ref().map(as_token).ok_or(JellyfinError::NoKey)
    }

    /// Asks for a path, with its query.
    pub async fn get(
        &self,
        path: &str,
        credential: &Credential<'_>,
    ) -> Result<Answer, JellyfinError> {
        self.call(Method::GET, path, credential, Body::NONE).await
    }

    /// Posts JSON to a path.
    pub async fn post(
        &self,
        path: &str,
        credential: &Credential<'_>,
        json: Bytes,
    ) -> Result<Answer, JellyfinError> {
        self.call(Method::POST, path, credential, Body::json(json))
            .await
    }

    /// Posts something else than JSON to a path.
    pub(crate) async fn post_as(
        &self,
        path: &str,
        credential: &Credential<'_>,
        media_type: &'static str,
        bytes: Bytes,
    ) -> Result<Answer, JellyfinError> {
        let body = Body { media_type, bytes };
        self.call(Method::POST, path, credential, body).await
    }

    /// Deletes what a path names.
    pub(crate) async fn delete(
        &self,
        path: &str,
        credential: &Credential<'_>,
    ) -> Result<Answer, JellyfinError> {
        self.call(Method::DELETE, path, credential, Body::NONE)
            .await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        credential: &Credential<'_>,
        body: Body,
    ) -> Result<Answer, JellyfinError> {
        let token = credential.token.map(SecretText::reveal);
        let header = match (credential.identity, token) {
            (Some(identity), _) => identity.header(token),
            (None, Some(_)) => ClientIdentity::default().header(token),
            (None, None) => own_identity("usher").header(None),
        };
        let mut authorization =
            HeaderValue::from_str(&header).map_err(|_unsendable| JellyfinError::Address)?;
        authorization.set_sensitive(true);
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, body.media_type)
            .body(Full::new(body.bytes))
            .map_err(|_invalid| JellyfinError::Address)?;
        let answer = tokio::time::timeout(CALL, self.exchange(request)).await;
        answer.map_err(|late| JellyfinError::Unreachable(Box::new(late)))?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, JellyfinError> {
        let response = self
            .client
            .request(request)
            .await
            .map_err(|error| JellyfinError::Unreachable(Box::new(error)))?;
        let (parts, body) = response.into_parts();
        let whole = Limited::new(body, ANSWER_MAX)
            .collect()
            .await
            .map_err(JellyfinError::Unreachable)?;
        Ok(Answer {
            status: parts.status,
            headers: parts.headers,
            body: whole.to_bytes(),
        })
    }
}

/// What is sent along.
struct Body {
    media_type: &'static str,
    bytes: Bytes,
}

impl Body {
    const NONE: Self = Self::json(Bytes::new());

    const fn json(bytes: Bytes) -> Self {
        Self {
            media_type: "application/json",
            bytes,
        }
    }
}

pub(crate) fn as_token(token: &SecretText) -> Credential<'_> {
    Credential {
        identity: None,
        token: Some(token),
    }
}

/// How Usher names itself where it asks on nobody's behalf.
pub(crate) fn own_identity(device_id: &str) -> ClientIdentity {
    ClientIdentity {
        client: "Usher".to_owned(),
        device: "Usher".to_owned(),
        device_id: device_id.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// A value as one segment of a path or one value of a query: nothing in it can end early.
pub(crate) fn escaped(value: &str) -> PercentEncode<'_> {
    utf8_percent_encode(value, NON_ALPHANUMERIC)
}

/// A body.
pub(crate) fn json_body(value: &serde_json::Value) -> Bytes {
    Bytes::from(value.to_string())
}
