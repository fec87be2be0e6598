//! A client like those in the field, and the house it visits.
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use usher::application::{Application, Blueprint, listen};
use usher_accounts::mailer::MailRoute;
use usher_accounts::sign_in::LONGEST_HOLD;
use usher_accounts::{Accounts, Options, PasswordlessUsers};
use usher_domain::entropy::SystemEntropy;
use usher_domain::key::MasterKey;
use usher_domain::secret::SecretText;
use usher_domain::time::{Clock, SystemClock};
use usher_proxy::Config;
use usher_standin::{Scene, Standin, Version};
use usher_store::StoreOptions;
use usher_text::TimeZone;

/// Usher's own key in the stand-in.
pub(crate) const API_KEY: &str = "00112233445566778899aabbccddeeff";

pub(crate) const VERSIONS: [Version; 2] = [Version::V10_11, Version::V12_0];

/// A stand-in Jellyfin that knows Usher's key.
pub(crate) async fn jellyfin(version: Version) -> Standin {
    let mut scene = Scene::living_room(version);
    scene.api_keys = vec![(API_KEY.to_owned(), "Usher".to_owned())];
    usher_standin::start(scene).await.unwrap()
}

/// An application that keeps everything in a folder and its mails in the mailbox.
pub(crate) fn blueprint(standin: &Standin, address: &str, folder: &Path) -> Blueprint {
    Blueprint {
        gateway: Config::new(&standin.url(), &format!("http://{address}")).unwrap(),
        plain_web: false,
        storage: StoreOptions::Sqlite(folder.join("usher.db")),
        key: MasterKey::from_bytes([7; 32]),
        api_key: SecretText::new(API_KEY),
        mail: MailRoute::Mailbox,
        mail_certificate: None,
        options: Options {
            adopt_tokens: Duration::from_hours(30 * 24),
            passwordless_users: PasswordlessUsers::Refuse,
            shared_addresses: false,
            mail_proven: true,
            mail_fixed: false,
            longest_hold: LONGEST_HOLD,
            people_zone: TimeZone::UTC,
            server_zone: TimeZone::UTC,
            public_url: format!("http://{address}"),
        },
        hides_users: false,
        guards_dashboard: true,
        zone: TimeZone::UTC,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    }
}

/// Usher before a stand-in Jellyfin.
pub(crate) struct House {
    pub(crate) address: String,
    pub(crate) standin: Standin,
    /// The use cases, for what an administrator does beforehand.
    pub(crate) accounts: Accounts,
    stop: CancellationToken,
    _folder: TempDir,
}

impl House {
    pub(crate) async fn open(version: Version) -> Self {
        Self::open_by(version, Arc::new(SystemClock)).await
    }

    /// A house that goes by this clock; the stand-in keeps its own.
    pub(crate) async fn open_by(version: Version, clock: Arc<dyn Clock>) -> Self {
        Self::before(jellyfin(version).await, clock).await
    }

    /// A house before a stand-in that is there already.
    pub(crate) async fn before(standin: Standin, clock: Arc<dyn Clock>) -> Self {
        Self::over(standin, clock, None).await
    }

    /// A house that keeps what it knows in this database, or in a file of its own.
    pub(crate) async fn over(
        standin: Standin,
        clock: Arc<dyn Clock>,
        storage: Option<StoreOptions>,
    ) -> Self {
        Self::furnished(standin, |plan| Blueprint {
            clock,
            storage: storage.unwrap_or_else(|| plan.storage.clone()),
            ..plan
        })
        .await
    }

    /// A house that goes by a clock, and whose open streams are judged again every few milliseconds, so that no test waits.
    pub(crate) async fn on_watch(standin: Standin, clock: Arc<dyn Clock>) -> Self {
        let watched = |plan: Blueprint| {
            let mut gateway = plan.gateway.clone();
            gateway.limits.recheck = Duration::from_millis(5);
            Blueprint {
                clock,
                gateway,
                ..plan
            }
        };
        Self::furnished(standin, watched).await
    }

    /// A house whose plan was changed before it was built.
    pub(crate) async fn furnished(
        standin: Standin,
        change: impl FnOnce(Blueprint) -> Blueprint,
    ) -> Self {
        let socket = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let address = socket.local_addr().unwrap().to_string();
        let folder = tempfile::tempdir().unwrap();
        let plan = change(blueprint(&standin, &address, folder.path()));
        let application = Application::build(plan, socket).await.unwrap();
        let accounts = application.accounts().clone();
        let stop = CancellationToken::new();
        tokio::spawn(application.run(stop.clone()));
        Self {
            address,
            standin,
            accounts,
            stop,
            _folder: folder,
        }
    }

    /// Sends a request exactly as written: no client library tidies its path.
    pub(crate) async fn ask(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Response<Bytes> {
        ask_of(&self.address, method, target, headers, body).await
    }

    pub(crate) async fn get(&self, target: &str, headers: &[(&str, &str)]) -> Response<Bytes> {
        self.ask(Method::GET, target, headers, "").await
    }

    pub(crate) async fn post(
        &self,
        target: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response<Bytes> {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/json"));
        self.ask(Method::POST, target, &headers, &body.to_string())
            .await
    }

    /// Signs in as an app does.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Response<Bytes> {
        let body = json!({ "Username": name, "Pw": password });
        self.post(
            "/Users/AuthenticateByName",
            &[("authorization", &identity(name))],
            &body,
        )
        .await
    }

    /// Signs in and answers the token.
    pub(crate) async fn token(&self, name: &str) -> String {
        let answer = self.sign_in(name, &format!("{name}-pass-1")).await;
        json_of(&answer)["AccessToken"].as_str().unwrap().to_owned()
    }

    /// The ids of the films that a token may see.
    pub(crate) async fn films(&self, token: &str) -> Vec<String> {
        let answer = self
            .get(
                "/Items?recursive=true&includeItemTypes=Movie",
                &[("x-emby-token", token)],
            )
            .await;
        let films = json_of(&answer)["Items"].as_array().unwrap().clone();
        films
            .iter()
            .map(|film| film["Id"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Posts to an address, exactly as written.
pub(crate) async fn ask_at(
    address: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Bytes> {
    ask_of(address, Method::POST, target, headers, body).await
}

pub(crate) async fn ask_of(
    address: &str,
    method: Method,
    target: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Bytes> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(target);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", address);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .unwrap();
    let (parts, body) = sender.send_request(request).await.unwrap().into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

/// How an app names itself.
pub(crate) fn identity(device: &str) -> String {
    format!(
        "MediaBrowser Client=\"Test\", Device=\"{device}\", DeviceId=\"{device}-1\", Version=\"1.0\""
    )
}

pub(crate) fn json_of(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).unwrap()
}
