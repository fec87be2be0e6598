//! [`Rules`] over the use cases: what passes to Jellyfin, what is answered in its place, what is refused, what is noted.
//!
//! A file each for sign-in, dangerous routes, passwords, Quick Connect, users, profiles, groups, API keys, streams, television,
//! screens, and sockets; which route is whose stands below, in `own`, `before`, `after` and `observed`.
mod dangerous;
mod eyes;
mod groups;
mod keys;
mod listings;
mod menu;
mod pass;
mod password;
mod profiles;
mod quick_connect;
mod record;
mod recovery;
mod screens;
mod server;
mod sign_in;
mod streams;
mod television;
mod told;
mod users;

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use usher_accounts::gate::{DeviceClaim, Holder, Standing};
use usher_accounts::mailer::Mailer;
use usher_accounts::profiles::Driver;
use usher_accounts::{AccountError, Accounts};
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_proxy::MenuLink;
use usher_proxy::body::{self, Body};
use usher_proxy::routes::Route;
use usher_proxy::rules::{
    Before, Caller, CallerKind, Flow, Identified, ListVerdict, Listed, MediaRequest, MediaVerdict,
    Rules, SessionTarget, Told, Visit,
};

use crate::fault;
use crate::pages::{self, Services};

/// What the door must be told besides the use cases.
#[derive(Clone, Debug)]
pub struct DoorOptions {
    /// The address that people type, without a trailing slash.
    pub public_url: String,
    /// Nobody is shown on sign-in pages of clients (`public_users = "nobody"`).
    pub hides_users: bool,
    /// Administrators with a second factor show it before something dangerous (`guard_dashboard`).
    pub guards_dashboard: bool,
    /// Shows the mailbox of a demo.
    pub shows_mailbox: bool,
    /// What is added to the menu of the web client.
    pub menu: Menu,
}

/// What is added to the menu of the web client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Nothing.
    AsItIs,
    /// Links to Usher's pages.
    WithLinks,
}

/// Answers what the gateway asks.
pub struct Door {
    accounts: Accounts,
    options: DoorOptions,
    pages: Router,
}

impl Door {
    /// A door over these use cases.
    pub fn new(accounts: Accounts, mailer: Arc<Mailer>, options: DoorOptions) -> Self {
        let pages = pages::router(Services {
            accounts: accounts.clone(),
            mailer,
            public_url: options.public_url.clone(),
            show_mailbox: options.shows_mailbox,
        });
        Self {
            accounts,
            options,
            pages,
        }
    }

    /// Nobody is signed in on a browser any more whose client signs out, also where Jellyfin does not hear of it. After a fault
    /// of ours Jellyfin hears of it all the same.
    async fn before_logout(&self, visit: &Visit) -> Before {
        if let Some(token) = &visit.token
            && let Err(error) = self.accounts.token_signs_out(token).await
        {
            log("A sign-out could not be written down", &error);
        }
        Before::Pass
    }

    async fn after_logout(&self, visit: &Visit, status: StatusCode) {
        let is_gone = status.is_success() || status == StatusCode::UNAUTHORIZED;
        if let Some(token) = visit.token.as_ref().filter(|_| is_gone)
            && let Err(error) = self.accounts.token_signed_out(token).await
        {
            log("A sign-out will be said to Jellyfin once more", &error);
        }
    }
}

/// Who stands at the door.
fn visitor(visit: &Visit) -> Visitor {
    let mut visitor = Visitor::new(visit.address, visit.address_is_exact, &visit.user_agent);
    // Apps name themselves better than their user agent does.
    if let Some(client) = visit
        .client
        .as_ref()
        .filter(|client| !client.client.is_empty())
    {
        visitor.client = client
            .client
            .chars()
            .filter(|letter| !letter.is_control())
            .take(64)
            .collect();
    }
    visitor
}

fn log(what: &'static str, error: &AccountError) {
    tracing::warn!(error = error as &dyn std::error::Error, "{what}");
}

/// A fault of ours or of Jellyfin's, for a client.
fn unavailable(visit: &Visit, error: &AccountError) -> Response<Body> {
    log("A request could not be answered", error);
    fault::answer(visit, StatusCode::SERVICE_UNAVAILABLE)
}

/// A body that cannot be read here is not passed on: Jellyfin reads other encodings, and would see what was not judged.
fn unread() -> Before {
    Before::Answer(body::text(
        StatusCode::BAD_REQUEST,
        "Error processing request.",
    ))
}

fn not_ours() -> Response<Body> {
    body::text(StatusCode::NOT_FOUND, "Not found.")
}

#[async_trait]
impl Rules for Door {
    async fn identify(&self, token: &SecretText, visit: &Visit) -> Identified {
        let hash = token.hash();
        let remembered = self
            .accounts
            .remembered(&hash, visit.address, visit.address_is_exact);
        let found = match remembered {
            Some(holder) => Ok(holder),
            None => {
                self.accounts
                    .holder(token, visit.client.as_ref(), &visitor(visit))
                    .await
            }
        };
        let (kind, device_id) = match found {
            Ok(Some(Holder::ApiKey)) => (CallerKind::ApiKey, String::new()),
            Ok(Some(Holder::User {
                account,
                user,
                administrator,
                controls_others,
                device_id,
            })) => (
                CallerKind::User {
                    account,
                    user,
                    administrator,
                    controls_others,
                },
                device_id,
            ),
            Ok(None) => return Identified::Unknown,
            Err(error) => {
                log("Whose a token is could not be found out", &error);
                return Identified::Unavailable;
            }
        };
        Identified::Known(Arc::new(Caller {
            token: hash,
            kind,
            device_id,
        }))
    }

    async fn page(
        &self,
        visit: &Visit,
        _caller: Option<Arc<Caller>>,
        request: Request<Body>,
    ) -> Response<Body> {
        pages::answer(&self.pages, visit, request).await
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the table of routes decides what comes here"
    )]
    async fn own(
        &self,
        visit: &Visit,
        caller: Option<Arc<Caller>>,
        request: Request<Bytes>,
    ) -> Response<Body> {
        let body = request.body();
        match visit.route {
            Route::AuthenticateByName => sign_in::answer(self, visit, body).await,
            Route::QuickConnectEnabled => quick_connect::is_enabled(self, visit).await,
            Route::QuickConnectAuthorize => {
                quick_connect::approve(self, visit, caller.as_deref()).await
            }
            Route::SetPassword => password::set(self, visit, caller.as_deref(), body).await,
            Route::ForgotPassword => recovery::ask(self, visit, body).await,
            Route::ForgotPasswordPin => recovery::refuse_pin(),
            _not_ours => not_ours(),
        }
    }

    async fn danger(
        &self,
        visit: &Visit,
        caller: &Arc<Caller>,
        headers: &HeaderMap,
    ) -> Option<Response<Body>> {
        dangerous::refuse(self, visit, caller, headers).await
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the table of routes decides what comes here"
    )]
    async fn before(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        request: &Request<Bytes>,
    ) -> Before {
        let (caller, body) = (caller.map(Arc::as_ref), request.body());
        match visit.route {
            Route::AuthenticateWithQuickConnect => quick_connect::redeem(self, visit, body).await,
            Route::QuickConnectInitiate => quick_connect::initiate(self, visit).await,
            Route::UpdateUser => users::update(self, visit, caller, body).await,
            Route::CreateUser => users::create(self, visit, caller, body).await,
            Route::JoinGroup => groups::before_joining(self, visit, caller, body).await,
            Route::DeleteKey => keys::delete(self, visit),
            Route::Logout => self.before_logout(visit).await,
            Route::Playing => match screens::refuse_start(self, visit).await {
                Some(refused) => refused,
                None => listings::playing(self, visit, body).await,
            },
            Route::Playlist if visit.method == Method::POST => {
                listings::write_playlist(self, visit, body).await
            }
            Route::PlaybackInfo | Route::OpenLiveStream => {
                match screens::refuse_playback(self, visit).await {
                    Some(refused) => refused,
                    None => listings::before_playback(self, visit, body).await,
                }
            }
            Route::CloseLiveStream => television::before_closing(self, visit).await,
            Route::Guide => television::before_guide(self, visit, body).await,
            Route::ServerConfiguration if visit.method == Method::POST => {
                server::configure(self, visit, caller, body).await
            }
            _looked_at_afterwards => Before::Pass,
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the table of routes decides what comes here"
    )]
    async fn after(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        sent: &Bytes,
        answer: Response<Bytes>,
    ) -> Response<Bytes> {
        let is_done = answer.status().is_success();
        match visit.route {
            Route::AuthenticateWithQuickConnect => {
                quick_connect::redeemed(self, visit, sent, answer).await
            }
            Route::QuickConnectInitiate if is_done => {
                quick_connect::initiated(self, visit, answer).await
            }
            Route::Logout => {
                self.after_logout(visit, answer.status()).await;
                answer
            }
            Route::CreateUser => {
                users::created(self, visit, caller.map(Arc::as_ref), sent, answer).await
            }
            Route::UpdateUser if is_done => {
                if let Err(error) = users::was_changed(self, visit).await {
                    log("A changed user could not be looked at", &error);
                }
                answer
            }
            Route::Extras if is_done => {
                listings::note_extras(self, visit, answer.body());
                answer
            }
            Route::Playlist if is_done && visit.method == Method::GET => {
                listings::read_playlist(self, visit, answer).await
            }
            Route::Timers if is_done => television::timers(self, visit, answer).await,
            Route::Playing if is_done => {
                screens::reported(self, visit, sent).await;
                answer
            }
            Route::Me | Route::User | Route::Users | Route::Sessions | Route::Groups if is_done => {
                profiles::narrow(self, visit, caller.map(Arc::as_ref), answer).await
            }
            Route::JoinGroup if is_done => {
                groups::after_joining(self, visit, caller.map(Arc::as_ref), sent).await;
                answer
            }
            Route::PublicUsers if is_done => users::public(self, visit, answer).await,
            Route::Keys if is_done => keys::list(self, answer),
            Route::ServerConfiguration if is_done && visit.method == Method::GET => {
                server::show(self, answer).await
            }
            Route::PlaybackInfo | Route::OpenLiveStream if is_done => {
                streams::leave_tickets(self, visit, sent, answer.body()).await;
                answer
            }
            _unchanged => answer,
        }
    }

    async fn observed(&self, visit: &Visit, _caller: &Arc<Caller>, status: StatusCode) {
        let changes_user = matches!(visit.route, Route::SetPolicy | Route::DeleteUser);
        if changes_user
            && status.is_success()
            && let Err(error) = users::was_changed(self, visit).await
        {
            log("A changed user could not be looked at", &error);
        }
    }

    async fn media(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
    ) -> MediaVerdict {
        match streams::holder(self, visit, caller, media).await {
            Ok(Some(token)) => streams::judge(self, &token, visit, media).await,
            Ok(None) => MediaVerdict::NoHolder,
            Err(outage) => {
                log("A ticket could not be looked for", &outage);
                MediaVerdict::Unavailable
            }
        }
    }

    async fn flowed(
        &self,
        visit: &Visit,
        caller: Option<&Arc<Caller>>,
        media: &MediaRequest,
        flow: Flow,
    ) {
        let noted = screens::flowed(self, visit, caller, (media, flow)).await;
        if let Err(error) = noted {
            log("What was watched could not be noted", &error);
        }
    }

    async fn menu(&self, visit: &Visit, headers: &HeaderMap) -> Vec<MenuLink> {
        match self.options.menu {
            Menu::AsItIs => Vec::new(),
            Menu::WithLinks => menu::links(self, visit, headers).await,
        }
    }

    async fn still_welcome(&self, visit: &Visit, _caller: &Arc<Caller>) -> bool {
        let Some(token) = &visit.token else {
            return false;
        };
        let standing = self
            .accounts
            .standing(token, visit.address, visit.address_is_exact)
            .await;
        match standing {
            Ok(standing) => standing == Some(Standing::Welcome),
            Err(outage) => {
                log("A token could not be judged", &outage);
                true
            }
        }
    }

    async fn listing(&self, visit: &Visit, _caller: &Arc<Caller>, listed: &Listed) -> ListVerdict {
        listings::judge(self, visit, listed).await
    }

    async fn told(&self, visit: &Visit, caller: &Arc<Caller>, message: &str) -> Told {
        told::judge(self, visit, caller, message).await
    }

    async fn token_refused(&self, token: &SecretText, _visit: &Visit) {
        if let Err(error) = self.accounts.token_refused(token).await {
            log("A refused token could not be looked at", &error);
        }
    }

    async fn may_drive(&self, caller: &Arc<Caller>, visit: &Visit, target: &SessionTarget) -> bool {
        let CallerKind::User {
            account,
            user,
            controls_others,
            ..
        } = caller.kind
        else {
            return false;
        };
        let driver = Driver {
            account,
            user,
            controls_others,
        };
        let owned = match (target, &visit.token) {
            (SessionTarget::Session(id), Some(token)) => {
                self.accounts.may_drive(&driver, token, id).await
            }
            (
                SessionTarget::Device {
                    device_id,
                    play_session,
                },
                _,
            ) => {
                let named = visit
                    .client
                    .as_ref()
                    .map(|client| client.device_id.as_str());
                let play_session = play_session.as_deref().map(streams::canonical);
                let device = DeviceClaim {
                    id: device_id,
                    is_named: named == Some(device_id.as_str()),
                    play_session: play_session.as_deref(),
                };
                self.accounts.owns_device(&driver, &device).await
            }
            (SessionTarget::Added(added), _) => self.accounts.may_drive_user(&driver, *added).await,
            (SessionTarget::Session(_), None) => return false,
        };
        owned.unwrap_or_else(|error| {
            log("Whose a screen is could not be found out", &error);
            false
        })
    }

    fn fault_page(&self, visit: &Visit, status: StatusCode) -> Response<Body> {
        fault::answer(visit, status)
    }
}
