//! What a stand-in begins with: its version, its people, its settings.
use std::sync::Arc;

use usher_domain::entropy::{Entropy, SystemEntropy};
use usher_domain::time::{Clock, SystemClock};

/// Which Jellyfin is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 10.11.11: legacy credentials and the `/emby` prefix are on.
    V10_11,
    /// 12.0-rc5: both are gone unless switched on; accounts lock after wrong passwords.
    V12_0,
}

impl Version {
    /// As `System/Info/Public` names it.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V10_11 => "10.11.11",
            Self::V12_0 => "12.0.0",
        }
    }
}

/// One user of a scene.
#[derive(Clone, Debug, Default)]
pub struct SceneUser {
    /// The name, as typed at sign-in (any letter case).
    pub name: String,
    /// The password; `None` for a user that anybody may open.
    pub password: Option<String>,
    /// Whether the user rules the server.
    pub administrator: bool,
    /// Whether the user is refused everywhere.
    pub disabled: bool,
    /// Whether `Users/Public` leaves the user out.
    pub hidden: bool,
    /// The highest rating score the user may see; `None` for no limit.
    pub max_parental_rating: Option<i64>,
}

impl SceneUser {
    /// A user with a password and nothing special.
    pub fn person(name: &str, password: &str) -> Self {
        Self {
            name: name.to_owned(),
            password: Some(password.to_owned()),
            ..Self::default()
        }
    }

    /// A user with a password who rules the server.
    pub fn administrator(name: &str, password: &str) -> Self {
        Self {
            administrator: true,
            ..Self::person(name, password)
        }
    }

    /// A user that stands open: no password.
    pub fn open(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }
}

/// Whether a server receives live television.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Television {
    /// It does not: a server as it is installed.
    None,
    /// One tuner with three channels, rated G, not at all, and R; what is on the last is being recorded.
    Tuner,
}

/// How a stand-in begins.
#[derive(Clone)]
pub struct Scene {
    /// Which Jellyfin is played.
    pub version: Version,
    /// The server's name.
    pub server_name: String,
    /// The people; with an unfinished wizard the first one is made by the wizard.
    pub users: Vec<SceneUser>,
    /// API keys that exist from the beginning: the key and the name of the application.
    pub api_keys: Vec<(String, String)>,
    /// Whether the start-up wizard was finished.
    pub wizard_finished: bool,
    /// The base URL, such as `/jellyfin`; empty for none.
    pub base_url: String,
    /// Addresses whose forwarding headers are believed.
    pub known_proxies: Vec<String>,
    /// Whether it receives television.
    pub television: Television,
    /// Whether Quick Connect is on.
    pub quick_connect: bool,
    /// Where the time comes from.
    pub clock: Arc<dyn Clock>,
    /// Where ids, tokens and codes come from.
    pub entropy: Arc<dyn Entropy>,
}

impl Scene {
    /// A fresh server whose wizard was not finished: no users but the wizard's own.
    pub fn empty(version: Version) -> Self {
        Self {
            version,
            server_name: String::new(),
            users: Vec::new(),
            api_keys: Vec::new(),
            wizard_finished: false,
            base_url: String::new(),
            known_proxies: Vec::new(),
            television: Television::None,
            quick_connect: true,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        }
    }

    /// A household: `root` (administrator, `root-pass-1`), `anna` (`anna-pass-1`), `bob` (no password), `kim` (films up to
    /// score 7, `kim-pass-1`), `dora` (disabled, `dora-pass-1`).
    pub fn living_room(version: Version) -> Self {
        Self {
            server_name: "Living room".to_owned(),
            users: vec![
                SceneUser::administrator("root", "root-pass-1"),
                SceneUser::person("anna", "anna-pass-1"),
                SceneUser::open("bob"),
                SceneUser {
                    max_parental_rating: Some(7),
                    ..SceneUser::person("kim", "kim-pass-1")
                },
                SceneUser {
                    disabled: true,
                    ..SceneUser::person("dora", "dora-pass-1")
                },
            ],
            wizard_finished: true,
            ..Self::empty(version)
        }
    }
}
