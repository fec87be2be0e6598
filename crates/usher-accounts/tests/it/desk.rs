//! A desk: the use cases over a database file of their own, with a stand-in for Jellyfin and a mailbox.
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::Notify;
use usher_accounts::admin::{Admin, ConsoleDoor, MailTest};
use usher_accounts::mailer::{MailRoute, Mailer};
use usher_accounts::profiles::{Chooser, Key, Seated};
use usher_accounts::second_factor::RelyingParty;
use usher_accounts::sign_in::{LONGEST_HOLD, Moved, PasswordForm, SignedIn, WebSignIn};
use usher_accounts::{
    Accounts, Options, Parts, PasswordlessUsers, Policies, PolicyChange, ProvenOwner,
};
use usher_domain::account::Account;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::AccountId;
use usher_domain::key::MasterKey;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::settings::RecoveryPolicy;
use usher_domain::sign_in::Step;
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_jellyfin::Jellyfin;
use usher_mail::Look;
use usher_standin::{Scene, SceneUser, Standin, Version};
use usher_store::{KeptMail, Store, StoreOptions, WebSession};
use usher_text::TimeZone;

/// The moment at which tests begin.
pub(crate) const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

/// Usher's key at the stand-in.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A household whose mail arrives.
pub(crate) struct Desk {
    pub(crate) accounts: Accounts,
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) standin: Standin,
    pub(crate) jellyfin: Jellyfin,
    mailer: Mailer,
    _folder: TempDir,
}

impl Desk {
    /// The owner of a session, who has just proved that.
    pub(crate) fn by(&self, owner: &WebSession) -> ProvenOwner {
        let session = WebSession {
            proved: self.accounts.now(),
            ..owner.clone()
        };
        self.accounts.proven(&session).unwrap()
    }

    /// Over SQLite.
    pub(crate) async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let options = StoreOptions::Sqlite(folder.path().join("usher.sqlite"));
        Self::over(&options, folder, Version::V10_11, true).await
    }

    /// Over SQLite, before any way for mail is set up.
    pub(crate) async fn open_without_mail() -> Self {
        let folder = TempDir::new().unwrap();
        let options = StoreOptions::Sqlite(folder.path().join("usher.sqlite"));
        Self::over(&options, folder, Version::V10_11, false).await
    }

    /// Over every database that there is: PostgreSQL, too, where `TEST_POSTGRES_URL` names a server.
    pub(crate) async fn open_all() -> Vec<Self> {
        Self::open_all_before(Version::V10_11).await
    }

    /// As [`open_all`](Self::open_all), before a Jellyfin of this version.
    pub(crate) async fn open_all_before(version: Version) -> Vec<Self> {
        let folder = TempDir::new().unwrap();
        let options = StoreOptions::Sqlite(folder.path().join("usher.sqlite"));
        let mut desks = vec![Self::over(&options, folder, version, true).await];
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            let options = StoreOptions::Postgres(in_schema_of_its_own(&url));
            desks.push(Self::over(&options, TempDir::new().unwrap(), version, true).await);
        }
        desks
    }

    async fn over(
        storage: &StoreOptions,
        folder: TempDir,
        version: Version,
        mail_proven: bool,
    ) -> Self {
        let clock = Arc::new(TestClock::at(NOON));
        let household = Scene::living_room(version);
        let mut users = household.users;
        users.push(SceneUser::person("mail@example.org", "mail-pass-1"));
        let standin = usher_standin::start(Scene {
            api_keys: vec![(KEY.to_owned(), "Usher".to_owned())],
            users,
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(2)),
            ..Scene::living_room(version)
        })
        .await
        .unwrap();
        let jellyfin = Jellyfin::new(&standin.url().parse().unwrap())
            .unwrap()
            .with_key(SecretText::new(KEY));
        let store = Store::open(storage).await.unwrap();
        let accounts = Accounts::new(Parts {
            store: store.clone(),
            jellyfin: jellyfin.clone(),
            key: MasterKey::from_bytes([7; 32]),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            passkeys: RelyingParty::of(&"https://films.example.org".parse().unwrap()),
            options: Options {
                mail_proven,
                ..options()
            },
            mail_waiting: Arc::new(Notify::new()),
        });
        accounts.begin().await.unwrap();
        accounts.look_at_users().await.unwrap();
        Self {
            mailer: Mailer::new(accounts.clone(), MailRoute::Mailbox, look(), None),
            accounts,
            store,
            clock,
            standin,
            jellyfin,
            _folder: folder,
        }
    }

    /// Another process over the same database, or the same one after a restart.
    pub(crate) fn replica(&self) -> Accounts {
        self.replica_with(options())
    }

    /// As [`replica`](Self::replica), which is set up otherwise.
    pub(crate) fn replica_with(&self, options: Options) -> Accounts {
        Accounts::new(Parts {
            store: self.store.clone(),
            jellyfin: self.jellyfin.clone(),
            key: MasterKey::from_bytes([7; 32]),
            clock: self.clock.clone(),
            entropy: Arc::new(SeededEntropy::new(3)),
            passkeys: None,
            options,
            mail_waiting: Arc::new(Notify::new()),
        })
    }

    /// The account of a user of the stand-in.
    pub(crate) fn id(&self, name: &str) -> AccountId {
        let state = self.standin.state();
        let user = state.users.iter().find(|user| user.name == name);
        AccountId::new(user.unwrap().id)
    }

    /// An account, by the name of its user.
    pub(crate) async fn account(&self, name: &str) -> Account {
        let found = self.accounts.account(self.id(name)).await.unwrap();
        found.unwrap()
    }

    /// A mail worker by another route than the mailbox.
    pub(crate) fn mailer(&self, route: MailRoute) -> Mailer {
        Mailer::new(self.accounts.clone(), route, look(), None)
    }

    /// `root`, signed in to the console.
    pub(crate) async fn administrator(&self) -> Admin {
        let signed_in = self.signed_in("root", "root-pass-1", "console").await;
        let session = self.session(&signed_in.cookie).await;
        match self.accounts.admin(&session).await.unwrap() {
            ConsoleDoor::Open(admin) => admin,
            other @ (ConsoleDoor::StepUp | ConsoleDoor::Closed) => panic!("{other:?}"),
        }
    }

    /// Proves that mail arrives, as the console does: by the code of a test mail.
    pub(crate) async fn confirm_mail(&self) {
        let (admin, to) = (self.administrator().await, "root@example.org");
        let tested = self
            .accounts
            .test_mail(&admin, &self.mailer, to, "en", &at_home())
            .await;
        assert!(matches!(tested.unwrap(), MailTest::Sent(_)));
        let code = self.mail_to(to).await.code.unwrap();
        let confirmed = self.accounts.confirm_test_mail(&admin, &code).await;
        assert!(confirmed.unwrap());
    }

    /// Changes recovery by mail in the console, and no other policy.
    pub(crate) async fn set_recovery(&self, recovery: RecoveryPolicy) {
        let (admin, settings) = (
            self.administrator().await,
            self.accounts.settings().await.unwrap(),
        );
        let policies = Policies {
            requirement: settings.email.requirement,
            recovery,
            quick_connect: settings.quick_connect,
        };
        let changed = self
            .accounts
            .change_policies(&admin, &policies, &at_home())
            .await;
        assert_eq!(changed.unwrap(), PolicyChange::Done);
    }

    /// Writes one field of a user's policy in Jellyfin.
    pub(crate) async fn set_policy(
        &self,
        name: &str,
        field: &str,
        value: impl Into<serde_json::Value>,
    ) {
        let id = self.id(name).owner();
        let user = self.jellyfin.user(id).await.unwrap().unwrap();
        let policy = user.policy.with(field, value).unwrap();
        self.jellyfin.set_policy(id, &policy).await.unwrap();
    }

    /// Sends what is queued. Answers every mail that was ever sent, newest first.
    pub(crate) async fn mails(&self) -> Vec<KeptMail> {
        self.mailer.work().await.unwrap();
        self.accounts.mailbox(99).await.unwrap()
    }

    /// The newest mail to an address.
    pub(crate) async fn mail_to(&self, address: &str) -> KeptMail {
        let mails = self.mails().await;
        let mut to = mails.into_iter().filter(|mail| mail.recipient == address);
        to.next().unwrap()
    }

    /// How many mails of a kind were ever sent.
    pub(crate) async fn sent(&self, kind: &str) -> usize {
        let mails = self.mails().await;
        mails.iter().filter(|mail| mail.kind == kind).count()
    }

    /// Name and password on the sign-in page, from home.
    pub(crate) async fn web(&self, name: &str, password: &str, device_id: &str) -> WebSignIn {
        let password = SecretText::new(password);
        let form = PasswordForm {
            name,
            password: &password,
            device_id,
            next: "",
            language: "en",
            trust: None,
        };
        let visitor = at_home();
        self.accounts
            .web_password(&form, None, &visitor)
            .await
            .unwrap()
    }

    /// Signs somebody in who owes nothing, as the owner where there is a choice.
    pub(crate) async fn signed_in(&self, name: &str, password: &str, device_id: &str) -> SignedIn {
        match self.web(name, password, device_id).await {
            WebSignIn::Done(signed_in) => *signed_in,
            WebSignIn::Next(cookie, Step::ChooseProfile) => {
                let chooser = Chooser::SignIn(&cookie);
                match self.seat(chooser, Watcher::Owner, Key::None).await {
                    Seated::Moved(Moved::Done(signed_in)) => *signed_in,
                    other => panic!("{name} does not sit: {other:?}"),
                }
            }
            other => panic!("{name} is not signed in: {other:?}"),
        }
    }

    /// Takes a seat, from home.
    pub(crate) async fn seat(
        &self,
        chooser: Chooser<'_>,
        watcher: Watcher,
        key: Key<'_>,
    ) -> Seated {
        let visitor = at_home();
        let seated = self.accounts.take_seat(chooser, watcher, key, &visitor);
        seated.await.unwrap()
    }

    /// The session of a cookie.
    pub(crate) async fn session(&self, cookie: &OpaqueToken) -> WebSession {
        self.accounts.web_session(cookie).await.unwrap().unwrap()
    }

    /// Whether Jellyfin takes a token.
    pub(crate) async fn lives(&self, token: &SecretText) -> bool {
        self.jellyfin.me(token).await.unwrap().is_some()
    }

    /// Lets a signed-in person prove an address on the account page.
    pub(crate) async fn prove(&self, session: &WebSession, address: &str) {
        let visitor = at_home();
        let asked = self
            .accounts
            .ask_address_change(session, address, &visitor)
            .await;
        asked.unwrap();
        let code = self.mail_to(address).await.code.unwrap();
        let changed = self.accounts.change_address(session, &code, &visitor).await;
        changed.unwrap();
    }

    /// Gives a person of the household a proven address, and the time that mails are apart.
    pub(crate) async fn with_address(&self, name: &str, address: &str) -> SignedIn {
        let password = format!("{name}-pass-1");
        let signed_in = self.signed_in(name, &password, "setting").await;
        let session = self.session(&signed_in.cookie).await;
        self.prove(&session, address).await;
        self.clock.advance(Duration::from_mins(2));
        signed_in
    }
}

/// How a household is set up whose mail arrives.
pub(crate) fn options() -> Options {
    Options {
        adopt_tokens: Duration::ZERO,
        passwordless_users: PasswordlessUsers::Refuse,
        shared_addresses: false,
        mail_proven: true,
        mail_fixed: false,
        longest_hold: LONGEST_HOLD,
        people_zone: TimeZone::UTC,
        server_zone: TimeZone::UTC,
        public_url: "https://films.example.org".to_owned(),
    }
}

fn look() -> Look {
    Look {
        public_url: "https://films.example.org".parse().unwrap(),
        server_name: "Living room".to_owned(),
        accent: String::new(),
        zone: TimeZone::UTC,
    }
}

/// A browser at home.
pub(crate) fn at_home() -> Visitor {
    from("192.168.0.7")
}

/// A browser at this address.
pub(crate) fn from(address: &str) -> Visitor {
    let address: IpAddr = address.parse().unwrap();
    Visitor::new(
        address,
        true,
        "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
    )
}

/// The token in a link to a page of Usher's.
pub(crate) fn token_of(link: &str) -> OpaqueToken {
    let (_, token) = link.split_once('#').unwrap();
    OpaqueToken::parse(token).unwrap()
}

/// The token of the "this was not me" link of a mail.
pub(crate) fn revoke_token(mail: &KeptMail) -> OpaqueToken {
    let (_, rest) = mail.text.split_once("/usher/revoke#").unwrap();
    OpaqueToken::parse(rest.get(..43).unwrap()).unwrap()
}

/// A code that is not this one.
pub(crate) fn another(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

/// Tests run side by side in one server: each in a schema that nobody else uses.
fn in_schema_of_its_own(url: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("desk_{}_{number}", std::process::id());
    let made = std::process::Command::new("psql")
        .args([url, "-qc", &format!("CREATE SCHEMA {name}")])
        .status();
    assert!(made.unwrap().success(), "the schema cannot be made");
    format!("{url}&options=-csearch_path%3D{name}")
}
