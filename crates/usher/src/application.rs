//! The program's parts, wired: the use cases, the gateway before them, and what runs beside them.
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use usher_accounts::mailer::{MailRoute, Mailer};
use usher_accounts::second_factor::RelyingParty;
use usher_accounts::{AccountError, Accounts, Options, Parts};
use usher_domain::entropy::Entropy;
use usher_domain::key::MasterKey;
use usher_domain::secret::SecretText;
use usher_domain::time::Clock;
use usher_jellyfin::{Jellyfin, JellyfinError};
use usher_mail::Look;
use usher_proxy::listen::{Door as ListeningDoor, ProxyProtocol, serve};
use usher_proxy::tls::Tls;
use usher_proxy::{Config, Gateway};
use usher_store::{Store, StoreOptions};
use usher_text::TimeZone;
use usher_web::{Door, DoorOptions, Menu};

use crate::key_file;

/// What the name of a server is shown as while Jellyfin does not tell.
const NAMELESS: &str = "Jellyfin";

/// How long the last mails may take when everything else has ended: a conversation with a mail server, and a moment to
/// write down what became of it.
const LAST_MAIL: Duration = Duration::from_secs(35);

/// Everything that an application is built from.
pub struct Blueprint {
    /// What the gateway is told. The script and the links of the web client are added here, unless `plain_web`.
    pub gateway: Config,
    /// Leaves Jellyfin's web pages as they are (`inject = false`).
    pub plain_web: bool,
    /// The database.
    pub storage: StoreOptions,
    /// The master key.
    pub key: MasterKey,
    /// Usher's own API key of Jellyfin.
    pub api_key: SecretText,
    /// How mail leaves.
    pub mail: MailRoute,
    /// A certificate in PEM that a mail server may have besides the public ones.
    pub mail_certificate: Option<Vec<u8>>,
    /// What the use cases are told.
    pub options: Options,
    /// Nobody is shown on clients' sign-in pages.
    pub hides_users: bool,
    /// Administrators with a second factor show it before something dangerous.
    pub guards_dashboard: bool,
    /// The zone in which mails and pages write times.
    pub zone: TimeZone,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where randomness comes from.
    pub entropy: Arc<dyn Entropy>,
}

/// A gateway that has its socket and waits to be run.
pub struct Application {
    accounts: Accounts,
    mailer: Arc<Mailer>,
    gateway: Arc<Gateway>,
    door: ListeningDoor,
    address: SocketAddr,
}

/// The use cases without a gateway: for commands on the server.
pub async fn accounts(blueprint: &Blueprint) -> Result<Accounts> {
    if let StoreOptions::Sqlite(path) = &blueprint.storage {
        key_file::make_database_file(path)?;
    }
    let store = Store::open(&blueprint.storage)
        .await
        .context("the database cannot be opened")?;
    let jellyfin = Jellyfin::new(&blueprint.gateway.upstream)?.with_key(blueprint.api_key.clone());
    let accounts = Accounts::new(Parts {
        store,
        jellyfin,
        key: blueprint.key.clone(),
        clock: Arc::clone(&blueprint.clock),
        entropy: Arc::clone(&blueprint.entropy),
        passkeys: RelyingParty::of(&blueprint.gateway.public_url.parse()?),
        options: blueprint.options.clone(),
        mail_waiting: Arc::new(Notify::new()),
    });
    accounts.begin().await.map_err(|error| {
        let another_key = matches!(error, AccountError::Sealed(_));
        let error = anyhow::Error::from(error);
        if another_key {
            error.context("the database was written with another master key; nothing was changed")
        } else {
            error
        }
    })?;
    Ok(accounts)
}

impl Application {
    /// Builds everything on a socket that is listened on; nothing is answered before [`run`](Self::run).
    ///
    /// # Errors
    ///
    /// A database that cannot be opened, or that another master key has sealed. Jellyfin may be away.
    pub async fn build(blueprint: Blueprint, socket: TcpListener) -> Result<Self> {
        let accounts = accounts(&blueprint).await?;
        match accounts.look_at_users().await {
            Err(AccountError::Jellyfin(JellyfinError::Status(
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN,
            ))) => tracing::error!(
                "Jellyfin does not take Usher's API key; `usher connect --replace` makes another one"
            ),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "Jellyfin could not be asked for its users; it is tried again every half minute"
            ),
            Ok(()) => {}
        }
        let server = accounts.server().await;
        let look = Look {
            public_url: blueprint.gateway.public_url.parse()?,
            server_name: server.map_or_else(|_away| NAMELESS.to_owned(), |server| server.name),
            accent: String::new(),
            zone: blueprint.zone,
        };
        let shows_mailbox = matches!(blueprint.mail, MailRoute::Mailbox);
        let mailer = Arc::new(Mailer::new(
            accounts.clone(),
            blueprint.mail,
            look,
            blueprint.mail_certificate,
        ));
        let options = DoorOptions {
            public_url: blueprint.gateway.public_url.clone(),
            hides_users: blueprint.hides_users,
            guards_dashboard: blueprint.guards_dashboard,
            shows_mailbox,
            menu: if blueprint.plain_web {
                Menu::AsItIs
            } else {
                Menu::WithLinks
            },
        };
        let rules = Arc::new(Door::new(accounts.clone(), Arc::clone(&mailer), options));
        let mut config = blueprint.gateway;
        if !blueprint.plain_web {
            add_ways_in(&mut config);
        }
        let gateway = Arc::new(Gateway::new(config, rules)?);
        let address = socket.local_addr()?;
        Ok(Self {
            accounts,
            mailer,
            gateway,
            door: ListeningDoor {
                socket,
                tls: None,
                proxy_protocol: ProxyProtocol::Off,
            },
            address,
        })
    }

    /// Answers by TLS.
    #[must_use]
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.door.tls = tls;
        self
    }

    /// Wants the PROXY protocol of trusted proxies.
    #[must_use]
    pub const fn with_proxy_protocol(mut self, protocol: ProxyProtocol) -> Self {
        self.door.proxy_protocol = protocol;
        self
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The use cases, for a demo that seeds its people.
    pub const fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// Sends the mails that wait, for a demo that is ready when its invitations have arrived.
    pub async fn send_mails(&self) -> Result<()> {
        self.mailer.work().await?;
        Ok(())
    }

    /// Answers until `stop` is cancelled; open answers then have 30 s to finish, and so has the mail that is being sent:
    /// cut off in the middle it might arrive twice. Mail leaves and jobs run meanwhile; what waits when it ends is taken
    /// up again at the next start.
    pub async fn run(self, stop: CancellationToken) {
        let (mailer, accounts) = (self.mailer, self.accounts);
        let stopped = stop.clone();
        let sending = tokio::spawn(async move {
            let stopping = async {
                stopped.cancelled().await;
                mailer.stop();
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = mailer.run() => {}
                () = stopping => {}
            }
        });
        let working = tokio::spawn(async move { accounts.run_jobs().await });
        serve(self.gateway, vec![self.door], stop).await;
        working.abort();
        let last_mail = sending.abort_handle();
        if tokio::time::timeout(LAST_MAIL, sending).await.is_err() {
            tracing::warn!(
                "A mail took too long to be sent; it is tried again, and may arrive twice"
            );
            last_mail.abort();
        }
    }
}

/// Leads people from Jellyfin's own pages and from clients' sign-in screens to Usher's.
fn add_ways_in(config: &mut Config) {
    let url = config.public_url.clone();
    config.script = Some(format!("{}/usher/inject.js", config.base_path()));
    config.sign_in_line = Some(format!(
        "First time here, or password forgotten? Go to {url}/usher/sign-in"
    ));
}

/// Takes an address to listen on.
pub async fn listen(address: SocketAddr) -> Result<TcpListener> {
    let taken = TcpListener::bind(address).await;
    taken.with_context(|| {
        format!("{address} cannot be listened on; is another program using the port?")
    })
}

/// Cancelled when the program is asked to end (Ctrl-C, SIGTERM).
pub fn asked_to_stop() -> Result<CancellationToken> {
    use tokio::signal::unix::{SignalKind, signal};
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _pressed = tokio::signal::ctrl_c() => {}
            _sent = terminate.recv() => {}
        }
        tracing::info!("Stopping; open answers have 30 s to finish");
        asked.cancel();
    });
    Ok(stop)
}
