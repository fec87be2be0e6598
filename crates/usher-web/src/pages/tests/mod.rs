//! Pages looked at as a browser gets them.
mod apps;
mod doors;
mod events;
mod factors;
mod html;
mod keys;
mod leave;
mod panel;
mod passkey;
mod profile_list;
mod profile_settings;
mod profiles;
mod texts;
mod time;
mod unsaved;
mod watched;
mod watching;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, header};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tokio::sync::Notify;
use tower::ServiceExt;
use usher_accounts::mailer::{MailRoute, Mailer};
use usher_accounts::second_factor::RelyingParty;
use usher_accounts::sign_in::LONGEST_HOLD;
use usher_accounts::{Accounts, Options, Parts, PasswordlessUsers};
use usher_domain::entropy::SeededEntropy;
use usher_domain::key::MasterKey;
use usher_domain::time::{TestClock, Timestamp};
use usher_jellyfin::Jellyfin;
use usher_mail::Look;
use usher_proxy::path::CanonicalPath;
use usher_proxy::routes::{Class, Danger, Route};
use usher_proxy::rules::{Scheme, Visit};
use usher_store::{Store, StoreOptions};
use usher_text::{TimeZone, Tongue};

use super::frame::Frame;
use super::{Services, router};

/// The time at which every test begins.
pub(super) const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

/// A browser at home that asks for one of our pages.
pub(super) fn visit() -> Visit {
    Visit {
        address: Ipv4Addr::LOCALHOST.into(),
        address_is_exact: true,
        scheme: Scheme::Https,
        host: "f.example".to_owned(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0".to_owned(),
        base: String::new(),
        method: Method::GET,
        path: CanonicalPath::parse("/usher/x", "").unwrap(),
        class: Class::Page,
        route: Route::Page,
        danger: Danger::None,
        client: None,
        token: None,
        query: None,
    }
}

/// Around a page of a server whose name has to be escaped.
pub(super) fn frame(language: &str) -> Frame {
    Frame {
        tongue: Tongue::of(language),
        server: "Mia & Tom's <Cinema>".to_owned(),
        here: "sign-in?next=%2Fdetails%3Fid%3D1%26x%3D2".to_owned(),
        notice: "",
        has_profiles: true,
        whose: String::new(),
    }
}

/// Every page over a fresh database; Jellyfin is away.
pub(super) struct Desk {
    pub(super) store: Store,
    accounts: Accounts,
    pages: Router,
    _folder: TempDir,
}

impl Desk {
    pub(super) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&StoreOptions::Sqlite(folder.path().join("usher.sqlite")))
            .await
            .unwrap();
        let accounts = Accounts::new(Parts {
            store: store.clone(),
            // The port of "discard": nothing listens there.
            jellyfin: Jellyfin::new(&"http://127.0.0.1:9".parse().unwrap()).unwrap(),
            key: MasterKey::from_bytes([7; 32]),
            clock: Arc::new(TestClock::at(NOON)),
            entropy: Arc::new(SeededEntropy::new(1)),
            passkeys: RelyingParty::of(&"https://f.example".parse().unwrap()),
            options: Options {
                adopt_tokens: Duration::ZERO,
                passwordless_users: PasswordlessUsers::Refuse,
                shared_addresses: false,
                mail_proven: false,
                mail_fixed: false,
                longest_hold: LONGEST_HOLD,
                people_zone: TimeZone::UTC,
                server_zone: TimeZone::UTC,
                public_url: "https://f.example".to_owned(),
            },
            mail_waiting: Arc::new(Notify::new()),
        });
        let look = Look {
            public_url: "https://f.example".parse().unwrap(),
            server_name: "Lantern".to_owned(),
            accent: String::new(),
            zone: TimeZone::UTC,
        };
        let mailer = Mailer::new(accounts.clone(), MailRoute::Mailbox, look, None);
        let pages = router(Services {
            accounts: accounts.clone(),
            mailer: Arc::new(mailer),
            public_url: "https://f.example".to_owned(),
            show_mailbox: true,
        });
        Self {
            store,
            accounts,
            pages,
            _folder: folder,
        }
    }

    /// Asks for a page directly below `/usher/`, with these cookies.
    pub(super) async fn get(&self, page: &str, cookies: &str) -> Shown {
        self.ask(Method::GET, page, cookies, String::new()).await
    }

    /// Sends a form as one of our pages sends it.
    pub(super) async fn post(&self, page: &str, cookies: &str, form: &[(&str, &str)]) -> Shown {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        self.ask(Method::POST, page, cookies, form).await
    }

    /// The status of what is no page.
    pub(super) async fn status(&self, file: &str) -> u16 {
        let request = Request::get(format!("/usher/{file}"));
        let request = request.extension(visit()).body(Body::empty()).unwrap();
        let shown = self.pages.clone().oneshot(request).await.unwrap();
        shown.status().as_u16()
    }

    /// Sends a file as the form for one sends it.
    pub(super) async fn upload(&self, page: &str, cookies: &str, file: &[u8]) -> Shown {
        let head = "--edge\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        let request = Request::post(format!("/usher/{page}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .header(header::COOKIE, cookies)
            .extension(visit())
            .body(Body::from(body))
            .unwrap();
        Shown::read(self.pages.clone().oneshot(request).await.unwrap()).await
    }

    async fn ask(&self, method: Method, page: &str, cookies: &str, body: String) -> Shown {
        let request = Request::builder()
            .method(method)
            .uri(format!("/usher/{page}"))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies)
            .extension(visit())
            .body(Body::from(body))
            .unwrap();
        Shown::read(self.pages.clone().oneshot(request).await.unwrap()).await
    }
}

/// What a browser gets.
pub(super) struct Shown {
    pub(super) status: u16,
    /// Where it is sent.
    pub(super) location: String,
    /// The `Set-Cookie` lines.
    pub(super) cookies: Vec<String>,
    pub(super) html: String,
}

impl Shown {
    async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let text = |name| {
            let lines = parts.headers.get_all(name).into_iter();
            lines.map(|line| line.to_str().unwrap().to_owned())
        };
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status.as_u16(),
            location: text(header::LOCATION).collect(),
            cookies: text(header::SET_COOKIE).collect(),
            html: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}
