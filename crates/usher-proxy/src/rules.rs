//! What the gateway must ask of those who know: whose token this is, and how Usher itself answers.
//!
//! The gateway knows paths, headers and bytes. It knows nothing of accounts: that is behind [`Rules`], which
//! `usher-web` implements over the use cases.
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use usher_domain::id::{AccountId, ItemId, UserId};
use usher_domain::secret::{Hash, SecretText};

use crate::body::Body;
use crate::config::MenuLink;
use crate::identity::ClientIdentity;
use crate::path::CanonicalPath;
use crate::routes::{Class, Danger, Route};

/// What is known of a request before anybody asks who sends it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The address of the visitor, after trusted proxies (R53).
    pub address: IpAddr,
    /// Whether the address can be believed: `false` for an unlisted private peer that sends forwarding headers.
    pub address_is_exact: bool,
    /// `https` or `http`, as the visitor sees it.
    pub scheme: Scheme,
    /// The host that the visitor typed, with its port.
    pub host: String,
    /// `User-Agent`, cut to 256 bytes.
    pub user_agent: String,
    /// The base URL below which people reach Usher: `""`, or such as `/jellyfin`. Cookies of Usher's have it in their path.
    pub base: String,
    /// The method as sent.
    pub method: Method,
    /// The path in its one reading.
    pub path: CanonicalPath,
    /// What is done with it.
    pub class: Class,
    /// Which row of the route table it is.
    pub route: Route,
    /// Whether it is one of the dangerous routes of administrators (design, section 4): then [`Rules::danger`] is asked.
    pub danger: Danger,
    /// Client, device, device id and version from the request's identity header, where it has one.
    pub client: Option<ClientIdentity>,
    /// The one credential of the request, from whichever carrier it came.
    pub token: Option<SecretText>,
    /// The query without credentials.
    pub query: Option<String>,
}

/// How the visitor reached Usher.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Plain text.
    Http,
    /// TLS, here or at a trusted proxy.
    Https,
}

/// Who holds a token that Usher knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The token's hash: its name in memory and in the database.
    pub token: Hash,
    /// User or API key.
    pub kind: CallerKind,
    /// The device id under which the token was issued; empty for an API key.
    pub device_id: String,
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallerKind {
    /// A person's token.
    User {
        /// The account that pays for it.
        account: AccountId,
        /// The Jellyfin user: the owner, or a profile.
        user: UserId,
        /// Whether Jellyfin says that this user administers it.
        administrator: bool,
        /// `EnableRemoteControlOfOtherUsers` of the user's policy.
        controls_others: bool,
    },
    /// An API key of the server: may do everything that an administrator may.
    ApiKey,
}

impl Caller {
    /// Whether Jellyfin gives this caller an administrator's rights.
    pub const fn is_administrator(&self) -> bool {
        matches!(
            self.kind,
            CallerKind::ApiKey
                | CallerKind::User {
                    administrator: true,
                    ..
                }
        )
    }

    /// The Jellyfin user, where there is one.
    pub const fn user(&self) -> Option<UserId> {
        match self.kind {
            CallerKind::User { user, .. } => Some(user),
            CallerKind::ApiKey => None,
        }
    }

    /// The account, where there is one.
    pub const fn account(&self) -> Option<AccountId> {
        match self.kind {
            CallerKind::User { account, .. } => Some(account),
            CallerKind::ApiKey => None,
        }
    }
}

/// What became of the question whose token this is.
#[derive(Clone, Debug)]
pub enum Identified {
    /// A live token.
    Known(Arc<Caller>),
    /// Nobody's token: 401.
    Unknown,
    /// The question could not be answered now (database or Jellyfin down): 503, and nothing is remembered.
    Unavailable,
}

/// What a media route asks about: everything in the request that names an item or a playback.
#[derive(Clone, Debug, Default)]
pub struct MediaRequest {
    /// The item named by the route.
    pub item: Option<ItemId>,
    /// `mediaSourceId`, as written.
    pub media_source: Option<String>,
    /// `playSessionId`, as written.
    pub play_session: Option<String>,
    /// `liveStreamId`, or the id of `LiveStreamFiles`: needs an answer that named it to this user.
    pub live_stream: Option<String>,
    /// The id of `LiveRecordings`: needs a user with live TV, and of a user with limits an answer that named it.
    pub recording: Option<String>,
    /// `userId`, as written (an API key is judged as that user).
    pub user: Option<UserId>,
    /// Whether the bytes are played, or taken away as a file.
    pub purpose: MediaPurpose,
    /// How much of a film the answer holds.
    pub carries: Carries,
    /// Bits for each second that a film is to have which is encoded, or packed anew, while it is sent.
    pub rate: Option<u64>,
    /// `segmentLength`: how long segments are to be that the request may begin to make.
    pub segments: Option<Duration>,
}

/// How much of a film an answer holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Carries {
    /// Nothing of it: playlists, subtitles, attachments, pictures for seeking.
    #[default]
    Beside,
    /// The film, or what is left of it.
    Film,
    /// A segment, of this length as the request says. It may say less than it gets.
    Segment(Duration),
}

/// What passed of a film since it was last told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Bytes of the answer's body. None yet at its head.
    pub bytes: u64,
    /// Bytes of this body that were told before.
    pub before: u64,
    /// Bytes of the whole file, where the answer says so.
    pub of: Option<u64>,
}

/// What a media route is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaPurpose {
    /// Playing.
    #[default]
    Play,
    /// A copy: `Download` and `File`, which both need the right to download.
    Keep,
}

/// What a request that passes names of the library, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// `parentId`: where a list begins.
    pub parent: Option<String>,
    /// `ids`: what a list is to hold.
    pub ids: Vec<String>,
    /// What a screen plays or shows, or a guide is to tell of.
    pub items: Vec<String>,
    /// What may be of live television: `channelIds`, and the item that is asked for by itself, which Jellyfin shows also to
    /// those who may not watch any.
    pub live: Vec<String>,
    /// The user for whom it is asked, in the path or the query (an API key is judged as that user).
    pub user: Option<UserId>,
}

/// What becomes of a request that names something of the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListVerdict {
    /// It passes as it is.
    Open,
    /// It passes with no other `ids` than these.
    Only(Vec<ItemId>),
    /// Something that it rests on is hidden from the caller: 404.
    Hidden,
    /// The caller may be shown nothing now: 403.
    Closed,
    /// It could not be judged now: 503.
    Unavailable,
}

/// Whether a stream may flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaVerdict {
    /// Yes.
    Open,
    /// No holder: neither a token nor a ticket: 401.
    NoHolder,
    /// The holder may not see the item: 404.
    Hidden,
    /// The holder is outside hours, screen time or network, or disabled: 403.
    Closed,
    /// It could not be judged now: 503. Streams that are open keep their last verdict.
    Unavailable,
}

/// What becomes of a message of Jellyfin's to a person's socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is passed on.
    AsItIs,
    /// This is passed on in its place.
    Instead(String),
    /// The person is not told.
    Nothing,
}

/// What to do with a request that is not simply passed.
#[derive(Debug)]
pub enum Before {
    /// Send it upstream as it is.
    Pass,
    /// Send it upstream with this body in place of its own.
    PassBody(Bytes),
    /// Answer this; upstream is not asked.
    Answer(Response<Body>),
}

/// Everything that the gateway asks. One implementation in `usher-web`; small doubles in this crate's tests.
#[async_trait]
pub trait Rules: Send + Sync + 'static {
    /// Whose token is it? From memory, the database, then Jellyfin (adoption); see design, section 3.
    async fn identify(&self, token: &SecretText, visit: &Visit) -> Identified;

    /// Answers `/usher/*`: pages, console, API, static files. Only asked for hosts that are configured (R12). The body
    /// is still a stream; it ends with an error when it takes longer than 10 s, and a second for each 64 KB of it.
    async fn page(
        &self,
        visit: &Visit,
        caller: Option<Arc<Caller>>,
        request: Request<Body>,
    ) -> Response<Body>;

    /// Answers a route of class `Own` (then `caller` is known) or `OwnPublic`. The body is collected (64 KB, 10 s and 16 levels
    /// of JSON at most, R76) and the carriers are stripped.
    async fn own(
        &self,
        visit: &Visit,
        caller: Option<Arc<Caller>>,
        request: Request<Bytes>,
    ) -> Response<Body>;

    /// Judges a request of class `Filter` or `FilterPublic` before it goes upstream. The body is collected (1 MiB at
    /// most). Not asked on the routes whose answers the gateway rewrites by itself: `SystemInfo`, `Branding`,
    /// `WebConfig`, `WebIndex`.
    async fn before(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        request: &Request<Bytes>,
    ) -> Before;

    /// What a known caller gets in place of a dangerous route (design, section 4); `None`: the request goes on by its class.
    /// `headers` still has the cookies of Usher's pages. Nothing is refused unless this is implemented.
    async fn danger(
        &self,
        _visit: &Visit,
        _caller: &Arc<Caller>,
        _headers: &HeaderMap,
    ) -> Option<Response<Body>> {
        None
    }

    /// Sees the answer to a request that [`Rules::before`] let pass, and may change its body or status. Called also when
    /// the visitor has hung up meanwhile.
    /// Only called for collected answers (16 MiB at most); `sent` is the request's body that went upstream.
    async fn after(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        sent: &Bytes,
        answer: Response<Bytes>,
    ) -> Response<Bytes>;

    /// Learns with which status Jellyfin answered a request of class `Observe`, before the visitor does. Told also when
    /// the visitor has hung up meanwhile; not told when Jellyfin gave no answer, though it may have acted. So whoever
    /// must not miss it looks for itself from time to time. Nothing is noted unless this is implemented.
    async fn observed(&self, _visit: &Visit, _caller: &Arc<Caller>, _status: StatusCode) {}

    /// Whether a media route may flow (design, 3.1). Called again every 10 s while the answer is open.
    async fn media(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
    ) -> MediaVerdict;

    /// Learns that a film flows: at the head of a successful answer, every 10 s while bytes of it pass, and at its end. Told
    /// before [`Rules::media`] is asked again, so that what has passed counts. Also told where nothing of a film passes, but
    /// a length of its segments was asked for. Nothing is noted unless this is implemented.
    async fn flowed(
        &self,
        _visit: &Visit,
        _caller: Option<&Arc<Caller>>,
        _media: &MediaRequest,
        _flow: Flow,
    ) {
    }

    /// What becomes of a request that passes and names something of the library (design, 3.1): Jellyfin would list some of
    /// it to users who may not see it. Nothing is narrowed unless this is implemented.
    async fn listing(
        &self,
        _visit: &Visit,
        _caller: &Arc<Caller>,
        _listed: &Listed,
    ) -> ListVerdict {
        ListVerdict::Open
    }

    /// Links for the menu of the web client in this browser, in its language. `headers` still has the cookies of Usher's
    /// pages. There are none unless this is implemented.
    async fn menu(&self, _visit: &Visit, _headers: &HeaderMap) -> Vec<MenuLink> {
        Vec::new()
    }

    /// Whether a live token may still be used now: account's state, hours, network; `false` cuts open streams and
    /// sockets within 10 s (R47).
    async fn still_welcome(&self, visit: &Visit, caller: &Arc<Caller>) -> bool;

    /// What becomes of a text message that Jellyfin sends down a socket: it may name people whom its reader does not see.
    /// Asked for each one up to 1 MiB, in their order; everything is passed on unless this is implemented.
    async fn told(&self, _visit: &Visit, _caller: &Arc<Caller>, _message: &str) -> Told {
        Told::AsItIs
    }

    /// Upstream said 401 to a known token: ask `GET /Users/Me` with it, and drop it only when that says 401 too.
    async fn token_refused(&self, token: &SecretText, visit: &Visit);

    /// Whether a caller who is no administrator may drive what a session id or device id in a request names: it belongs to
    /// the caller's own account, or the caller controls others and it is no profile's. A profile drives nobody else.
    async fn may_drive(&self, caller: &Arc<Caller>, visit: &Visit, target: &SessionTarget) -> bool;

    /// The page or plain text for a person when upstream cannot answer (502, 503, 504).
    fn fault_page(&self, visit: &Visit, status: StatusCode) -> Response<Body>;
}

/// Another screen that a request would drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionTarget {
    /// `/Sessions/{id}/…`.
    Session(String),
    /// `deviceId` of `ActiveEncodings` and the like, with the play session it names.
    Device {
        /// The device id as written.
        device_id: String,
        /// `playSessionId`, where the request has one.
        play_session: Option<String>,
    },
    /// A user who is to be added to a screen.
    Added(UserId),
}
