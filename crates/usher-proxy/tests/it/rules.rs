//! Those who know, as doubles: `good` is Anna's token, `key` an API key, `down` cannot be looked up.
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use tokio::sync::Notify;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::SecretText;
use usher_proxy::body::{Body, text};
use usher_proxy::rules::{
    Before, Caller, CallerKind, Carries, Flow, Identified, MediaRequest, MediaVerdict, Rules,
    SessionTarget, Told, Visit,
};

pub(crate) const ANNA: &str = "0b5c7a1e8f7e4d239a578a3f2f1f0c11";

/// What a test sets, and what it reads afterwards.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) unwelcome: AtomicBool,
    pub(crate) verdict: Mutex<Option<MediaVerdict>>,
    /// How often a film was judged.
    pub(crate) judged: AtomicUsize,
    /// Whether whoever judges a film fails.
    pub(crate) panics: AtomicBool,
    pub(crate) doubted: Notify,
    pub(crate) identified: AtomicUsize,
    pub(crate) visits: Mutex<Vec<Visit>>,
    pub(crate) observed: Mutex<Vec<(String, StatusCode)>>,
    pub(crate) noted: Notify,
    /// How many bytes were told to flow.
    pub(crate) bytes: AtomicU64,
    /// What was told to flow, by path.
    pub(crate) flowed: Mutex<Vec<(String, Carries)>>,
    /// A page at `/usher/slow` was asked for.
    pub(crate) asked: Notify,
    /// Lets one at `/usher/slow` go on.
    pub(crate) go_on: Notify,
    /// A form at `/usher/slow` was carried out.
    pub(crate) carried_out: Notify,
    /// Nobody waits for a page at `/usher/slow` any more.
    pub(crate) left: Arc<Notify>,
}

/// Tells when a request is given up.
struct GivenUp(Arc<Notify>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[async_trait]
impl Rules for Known {
    async fn identify(&self, token: &SecretText, _visit: &Visit) -> Identified {
        self.identified.fetch_add(1, Ordering::SeqCst);
        let anna: UserId = ANNA.parse().unwrap();
        let kind = match token.reveal() {
            "good" => CallerKind::User {
                account: AccountId::of_owner(anna),
                user: anna,
                administrator: false,
                controls_others: false,
            },
            "key" => CallerKind::ApiKey,
            "down" => return Identified::Unavailable,
            _unknown => return Identified::Unknown,
        };
        Identified::Known(Arc::new(Caller {
            token: token.hash(),
            kind,
            device_id: "tv".to_owned(),
        }))
    }

    async fn page(
        &self,
        visit: &Visit,
        _caller: Option<Arc<Caller>>,
        request: Request<Body>,
    ) -> Response<Body> {
        self.visits.lock().unwrap().push(visit.clone());
        if visit.path.upstream() == "/usher/slow" {
            self.asked.notify_one();
            if request.method() == Method::POST {
                self.go_on.notified().await;
                self.carried_out.notify_one();
            } else {
                let _given_up = GivenUp(Arc::clone(&self.left));
                std::future::pending::<()>().await;
            }
        }
        match request.into_body().collect().await {
            Ok(_body) => text(StatusCode::OK, "a page of Usher"),
            Err(_broken) => text(StatusCode::REQUEST_TIMEOUT, "the form did not come"),
        }
    }

    async fn own(
        &self,
        _visit: &Visit,
        _caller: Option<Arc<Caller>>,
        request: Request<Bytes>,
    ) -> Response<Body> {
        assert!(
            !request.headers().contains_key("authorization"),
            "a carrier was left in"
        );
        text(StatusCode::OK, "answered by Usher")
    }

    async fn before(
        &self,
        _visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        request: &Request<Bytes>,
    ) -> Before {
        match request.body().as_ref() {
            b"replace" => Before::PassBody(Bytes::from_static(b"replaced")),
            b"stop" => Before::Answer(text(StatusCode::CONFLICT, "stopped")),
            _other => Before::Pass,
        }
    }

    async fn after(
        &self,
        _visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        _sent: &Bytes,
        answer: Response<Bytes>,
    ) -> Response<Bytes> {
        answer.map(|body| [b"seen: ", body.as_ref()].concat().into())
    }

    async fn observed(&self, visit: &Visit, _caller: &Arc<Caller>, status: StatusCode) {
        let seen = (format!("{} {:?}", visit.method, visit.route), status);
        self.observed.lock().unwrap().push(seen);
        self.noted.notify_one();
    }

    async fn media(
        &self,
        _visit: &Visit,
        caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
    ) -> MediaVerdict {
        assert!(!self.panics.load(Ordering::SeqCst), "a fault of ours");
        self.judged.fetch_add(1, Ordering::SeqCst);
        let set = *self.verdict.lock().unwrap();
        let ticket = media.play_session.as_deref() == Some("ticket");
        set.unwrap_or(if caller.is_some() || ticket {
            MediaVerdict::Open
        } else {
            MediaVerdict::NoHolder
        })
    }

    async fn flowed(
        &self,
        visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
        flow: Flow,
    ) {
        self.bytes.fetch_add(flow.bytes, Ordering::SeqCst);
        let told = (visit.path.upstream(), media.carries);
        self.flowed.lock().unwrap().push(told);
    }

    async fn still_welcome(&self, _visit: &Visit, _caller: &Arc<Caller>) -> bool {
        !self.unwelcome.load(Ordering::SeqCst)
    }

    async fn told(&self, _visit: &Visit, _caller: &Arc<Caller>, message: &str) -> Told {
        match message {
            "whisper" => Told::Nothing,
            "shout" => Told::Instead("say".to_owned()),
            _other => Told::AsItIs,
        }
    }

    async fn token_refused(&self, _token: &SecretText, _visit: &Visit) {
        self.doubted.notify_one();
    }

    async fn may_drive(
        &self,
        _caller: &Arc<Caller>,
        _visit: &Visit,
        target: &SessionTarget,
    ) -> bool {
        match target {
            SessionTarget::Session(id) => id == "mine",
            SessionTarget::Device { device_id, .. } => device_id == "tv",
            SessionTarget::Added(_) => true,
        }
    }

    fn fault_page(&self, _visit: &Visit, status: StatusCode) -> Response<Body> {
        text(status, "the media server is away")
    }
}
