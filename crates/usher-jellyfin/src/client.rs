//! The connection to Jellyfin and the calls.
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use usher_domain::device::ClientIdentity;
use usher_domain::secret::SecretText;

use crate::answer::{Answer, ApiKey, Keys, Me, OwnSession};
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
}

/// Who a call is made as.
#[derive(Clone, Debug, Default)]
pub struct Credential<'a> {
    /// The identity of the client for whom it is made; Usher's own where there is none.
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
        })
    }

    /// Whose token this is. `None` when Jellyfin does not take it (401), the only verdict there is on a token.
    pub async fn me(&self, token: &SecretText) -> Result<Option<Me>, JellyfinError> {
        let answer = self.get("/Users/Me", &as_token(token)).await?;
        // A live API key is nobody: 400.
        if matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST
        ) {
            return Ok(None);
        }
        answer.json().map(Some)
    }

    /// Whether the token is an API key: only those, and administrators, may list the keys, and it is among them.
    pub async fn is_api_key(&self, token: &SecretText) -> Result<bool, JellyfinError> {
        let answer = self.get("/Auth/Keys", &as_token(token)).await?;
        if matches!(
            answer.status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        ) {
            return Ok(false);
        }
        let keys: Keys = answer.json()?;
        let same = |key: &ApiKey| {
            usher_domain::key::same_secret(key.access_token.as_bytes(), token.reveal().as_bytes())
        };
        Ok(keys.items.iter().any(same))
    }

    /// The sessions that Jellyfin shows to the user of a token: only the user's own.
    pub async fn sessions(&self, token: &SecretText) -> Result<Vec<OwnSession>, JellyfinError> {
        self.get("/Sessions", &as_token(token)).await?.json()
    }

    /// Asks for a path, with its query.
    pub async fn get(
        &self,
        path: &str,
        credential: &Credential<'_>,
    ) -> Result<Answer, JellyfinError> {
        self.call(Method::GET, path, credential, Bytes::new()).await
    }

    /// Posts JSON to a path.
    pub async fn post(
        &self,
        path: &str,
        credential: &Credential<'_>,
        json: Bytes,
    ) -> Result<Answer, JellyfinError> {
        self.call(Method::POST, path, credential, json).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        credential: &Credential<'_>,
        body: Bytes,
    ) -> Result<Answer, JellyfinError> {
        let token = credential.token.map(SecretText::reveal);
        let identity = credential.identity.cloned().unwrap_or_else(own_identity);
        let mut authorization = HeaderValue::from_str(&identity.header(token))
            .map_err(|_unsendable| JellyfinError::Address)?;
        authorization.set_sensitive(true);
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.address))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body))
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

fn as_token(token: &SecretText) -> Credential<'_> {
    Credential {
        identity: None,
        token: Some(token),
    }
}

/// How Usher names itself where it asks on nobody's behalf.
fn own_identity() -> ClientIdentity {
    ClientIdentity {
        client: "Usher".to_owned(),
        device: "Usher".to_owned(),
        device_id: "usher".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}
