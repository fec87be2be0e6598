//! `kill -9` while a profile is made, deleted, removed, or becomes an account: whatever the program was at, the next one leaves
//! no user without a profile and no profile without a user.
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use usher::application::{Blueprint, accounts};
use usher_accounts::Accounts;
use usher_accounts::admin::Admin;
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::profile::ProfileState;
use usher_domain::profile::pin::Watcher;
use usher_domain::settings::ProfilePolicy;
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_domain::visitor::Visitor;
use usher_standin::Standin;
use usher_store::{Store, StoreOptions};

use crate::browser::{Browser, Shown};
use crate::client::{VERSIONS, jellyfin};
use crate::program::{HOST, Program, USUAL_LOG, configure};

/// How often each of them is killed.
const KILLS: usize = 20;

/// Longer than every lease.
const LATER: Duration = Duration::from_mins(10);

const MAIL: &str = "[mail]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"loopback_plain\"\nfrom = \"usher@example.org\"\n";

/// The program's folder, and the Jellyfin that outlives it.
struct Stage {
    standin: Standin,
    folder: TempDir,
}

impl Stage {
    async fn open() -> Self {
        let standin = jellyfin(VERSIONS[0]).await;
        let folder = tempfile::tempdir().unwrap();
        let database = StoreOptions::Sqlite(folder.path().join("data").join("usher.db"));
        configure(folder.path(), &standin, &database, MAIL);
        let stage = Self { standin, folder };
        let desk = stage.desk(Duration::ZERO).await;
        desk.begin().await.unwrap();
        desk.look_at_users().await.unwrap();
        let many = ProfilePolicy {
            enabled: true,
            most: 64,
        };
        let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
        let by = Admin::on_the_server();
        desk.set_profile_policy(&by, many, &here).await.unwrap();
        stage
    }

    fn plan(&self) -> Blueprint {
        let config = usher_config::Config::read(&self.folder.path().join("usher.toml")).unwrap();
        usher::serve::blueprint(&config).unwrap()
    }

    /// The use cases over the program's database, so much later.
    async fn desk(&self, later: Duration) -> Accounts {
        let clock = TestClock::at(SystemClock.now() + later);
        let plan = Blueprint {
            clock: Arc::new(clock),
            ..self.plan()
        };
        accounts(&plan).await.unwrap()
    }

    async fn store(&self) -> Store {
        Store::open(&self.plan().storage).await.unwrap()
    }

    async fn start(&self) -> Program {
        Program::start(self.folder.path(), USUAL_LOG).await
    }

    /// What the next program's job does, once the leases have ended.
    async fn recover(&self) -> Accounts {
        let desk = self.desk(LATER).await;
        for _ in 0..2 {
            desk.look_at_users().await.unwrap();
            desk.keep_profiles().await.unwrap();
        }
        desk
    }

    fn anna(&self) -> AccountId {
        let state = self.standin.state();
        AccountId::new(state.user_named("anna").unwrap().id)
    }

    /// The names of Jellyfin's users who hold a profile, or are made for one.
    fn hidden(&self) -> Vec<String> {
        let state = self.standin.state();
        let names = state.users.iter().map(|user| user.name.clone());
        let mut hidden: Vec<String> = names
            .filter(|name| name.starts_with("anna+") || name.starts_with("usher-"))
            .collect();
        hidden.sort();
        hidden
    }

    /// Every profile can be used and has its user, and there is no other user.
    async fn assert_whole(&self, desk: &Accounts, case: usize) -> Vec<ProfileId> {
        let choices = desk.profiles_for_choice(self.anna()).await.unwrap();
        let mut names = Vec::new();
        let mut ids = Vec::new();
        for choice in choices {
            if let Watcher::Profile(id) = choice.watcher {
                names.push(format!("anna+{}", choice.name));
                ids.push(id);
            }
        }
        names.sort();
        assert_eq!(self.hidden(), names, "kill {case}");
        let all = self.store().await.all_profiles().await.unwrap();
        let open = all.iter().filter(|stored| stored.profile.is_open());
        assert_eq!(open.count(), ids.len(), "kill {case}");
        ids
    }

    /// Makes profiles while nothing is killed.
    async fn make(&self, browser: &mut Browser, many: usize) -> Vec<ProfileId> {
        for number in 0..many {
            let made = make(browser, number).await;
            assert_eq!(made.location, "account-profiles?said=made");
        }
        let desk = self.desk(Duration::ZERO).await;
        self.assert_whole(&desk, 0).await
    }

    /// Lets the program do something, and kills it once Jellyfin was asked so often since. Whether it was cut short.
    async fn killed(
        &self,
        program: Program,
        calls: usize,
        act: impl Future<Output = Shown>,
    ) -> bool {
        let mut act = std::pin::pin!(act);
        let cut = tokio::select! {
            _shown = &mut act => false,
            () = self.asked(self.standin.faults().asked_in_all() + calls) => true,
        };
        program.kill().await;
        cut
    }

    async fn asked(&self, in_all: usize) {
        while self.standin.faults().asked_in_all() < in_all {
            tokio::task::yield_now().await;
        }
    }
}

async fn signed_in(program: &Program, name: &str) -> Browser {
    let mut browser = Browser::of(HOST);
    browser.arrive_at(&program.address);
    browser.sign_in(name, &format!("{name}-pass-1")).await;
    assert!(browser.is_signed_in(), "{name}");
    browser
}

async fn make(browser: &mut Browser, number: usize) -> Shown {
    let name = format!("Kid{number}");
    let form = [("name", &*name), ("preset", "child"), ("picture", "")];
    browser.send("account-profile-new", &form).await
}

async fn delete(browser: &mut Browser, id: ProfileId) -> Shown {
    let page = format!("account-profile-delete?id={id}");
    browser.send(&page, &[("delete_sure", "yes")]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_while_profiles_are_made_leave_every_user_with_its_profile() {
    let stage = Stage::open().await;
    let mut cut = 0;
    for calls in 0..KILLS {
        let program = stage.start().await;
        let mut browser = signed_in(&program, "anna").await;
        let making = make(&mut browser, calls);
        cut += usize::from(stage.killed(program, calls, making).await);
        let desk = stage.recover().await;
        stage.assert_whole(&desk, calls).await;
    }
    assert!(cut > 5, "{cut} were cut short");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_while_profiles_are_deleted_and_removed_leave_nobody_behind() {
    let stage = Stage::open().await;
    let program = stage.start().await;
    let mut browser = signed_in(&program, "anna").await;
    let kids = stage.make(&mut browser, KILLS).await;
    program.kill().await;
    for (calls, id) in kids.iter().enumerate() {
        let program = stage.start().await;
        let mut browser = signed_in(&program, "anna").await;
        let deleting = delete(&mut browser, *id);
        stage.killed(program, calls % 6, deleting).await;
        stage.recover().await;
        let store = stage.store().await;
        let stored = store.profile(*id).await.unwrap().unwrap();
        let is_deleted = matches!(stored.profile.state, ProfileState::Deleting(_));
        let user = stored.hidden.unwrap().as_uuid();
        let is_off = |user| stage.standin.state().user(user).unwrap().may("IsDisabled");
        assert_eq!(is_off(user), is_deleted, "kill {calls}");
        // Eight days pass; the program does what is due as soon as it starts.
        let long_ago = SystemClock.now() - Duration::from_hours(8 * 24);
        let tx = store.begin().await.unwrap();
        let deleted = ProfileState::Deleting(long_ago);
        let moved = tx.move_profile(&stored.profile, stored.profile.state, deleted);
        assert!(moved.await.unwrap());
        tx.commit().await.unwrap();
        let begun = stage.standin.faults().asked_in_all();
        let program = stage.start().await;
        stage.asked(begun + 1 + calls % 8).await;
        program.kill().await;
        stage.recover().await;
        assert_eq!(store.profile(*id).await.unwrap(), None, "kill {calls}");
        assert!(stage.standin.state().user(user).is_none(), "kill {calls}");
    }
    assert_eq!(stage.hidden(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_while_profiles_become_accounts_leave_whole_profiles_or_whole_accounts() {
    let stage = Stage::open().await;
    let program = stage.start().await;
    let mut browser = signed_in(&program, "anna").await;
    let kids = stage.make(&mut browser, KILLS).await;
    for (number, id) in kids.iter().enumerate() {
        let page = format!("account-profile-leave?id={id}");
        let name = format!("toni{number}");
        let form = [
            ("leave_name", &*name),
            ("leave_email", "toni%40example.org"),
        ];
        let asked = browser.send(&page, &form).await;
        assert_eq!(asked.location, page);
    }
    program.kill().await;
    let requests = stage
        .desk(Duration::ZERO)
        .await
        .open_requests()
        .await
        .unwrap();
    assert_eq!(requests.len(), KILLS);
    let (mut cut, mut there) = (0, 0);
    for (calls, request) in requests.iter().enumerate() {
        let program = stage.start().await;
        let mut browser = signed_in(&program, "root").await;
        let id = request.id.to_string();
        let form = [("request", &*id)];
        let approving = browser.send("console-requests-approve", &form);
        cut += usize::from(stage.killed(program, calls, approving).await);
        let desk = stage.recover().await;
        let left = stage.assert_whole(&desk, calls).await.len();
        let waiting = desk.open_requests().await.unwrap().len();
        assert_eq!(left, waiting, "kill {calls}");
        let accounts = stage.store().await.all_profiles().await.unwrap().len();
        assert_eq!(accounts, left, "kill {calls}");
        let mut whole = 0;
        for number in 0..KILLS {
            let named = desk.account_named(&format!("toni{number}")).await.unwrap();
            whole += usize::from(named.is_some_and(|it| it.set_up.is_some()));
        }
        assert_eq!(whole + left, KILLS, "kill {calls}");
        there = whole;
    }
    assert!(
        cut > 5 && there > 0,
        "{cut} were cut short, {there} are accounts"
    );
}
