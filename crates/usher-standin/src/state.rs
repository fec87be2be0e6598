//! Everything a stand-in remembers, behind one mutex.
//!
//! Invariant: the lock is held for one step of one request and never across an await.
use std::collections::HashMap;
use std::net::IpAddr;

use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use tokio::sync::mpsc::UnboundedSender;
use usher_domain::entropy::Entropy;
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::limit::Now;
use crate::scene::{Scene, SceneUser, Version};
use crate::sync_play::Group;

/// A user of the server.
#[derive(Clone)]
pub struct User {
    /// The id.
    pub id: Uuid,
    /// The name.
    pub name: String,
    /// The policy, as clients read and write it.
    pub policy: Map<String, Value>,
    /// The configuration, as clients read and write it.
    pub configuration: Map<String, Value>,
    /// When the password was last accepted.
    pub last_login: Option<Timestamp>,
    /// When the user last asked for anything.
    pub last_activity: Option<Timestamp>,
    /// The picture: media type and bytes.
    pub image: Option<(String, Vec<u8>)>,
    password: Option<[u8; 32]>,
}

impl User {
    /// Whether a switch of the policy is on.
    pub fn may(&self, switch: &str) -> bool {
        self.policy
            .get(switch)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// Whether the user rules the server.
    pub fn is_administrator(&self) -> bool {
        self.may("IsAdministrator")
    }

    /// A number of the policy.
    pub fn number(&self, name: &str) -> i64 {
        self.policy.get(name).and_then(Value::as_i64).unwrap_or(0)
    }

    /// Whether a password is set.
    pub const fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// Whether this is the user's password; an empty one fits a user without.
    pub fn is_password(&self, typed: &str) -> bool {
        match self.password {
            Some(known) => known == digest(self.id, typed),
            None => typed.is_empty(),
        }
    }

    /// Sets the password; an empty one removes it.
    pub fn set_password(&mut self, password: &str) {
        self.password = (!password.is_empty()).then(|| digest(self.id, password));
    }
}

fn digest(id: Uuid, password: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(id.as_bytes())
        .chain_update(password)
        .finalize()
        .into()
}

/// The application and machine that a request names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// `DeviceId`.
    pub id: String,
    /// `Device`, the name shown to people.
    pub name: String,
    /// `Client`.
    pub client: String,
    /// `Version`.
    pub version: String,
}

impl Device {
    /// The id of the session of this application on this machine.
    pub fn session_id(&self) -> String {
        dotnet_md5(&format!("{}{}", self.client, self.id))
            .simple()
            .to_string()
    }
}

/// MD5 of a text as .NET computes it for ids: over UTF-16, read as a little-endian GUID.
pub(crate) fn dotnet_md5(text: &str) -> Uuid {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    Uuid::from_bytes_le(Md5::digest(bytes).into())
}

/// An access token of a user.
#[derive(Clone)]
pub struct Token {
    /// The secret.
    pub secret: String,
    /// Whose it is.
    pub user: Uuid,
    /// The device it was issued to.
    pub device: Device,
    /// When it was last used.
    pub last_activity: Timestamp,
}

/// A key of the server, which belongs to no user.
#[derive(Clone)]
pub struct ApiKey {
    /// The secret.
    pub secret: String,
    /// The application it was made for.
    pub app: String,
    /// When it was made.
    pub created: Timestamp,
}

/// A user at a device.
#[derive(Clone)]
pub struct Session {
    /// MD5 of client and device id.
    pub id: String,
    /// Who.
    pub user: Uuid,
    /// Where.
    pub device: Device,
    /// The address last seen; none for a session made by Quick Connect.
    pub address: Option<IpAddr>,
    /// When last active.
    pub last_activity: Timestamp,
    /// When playback was last reported.
    pub last_check_in: Option<Timestamp>,
    /// What it said that it plays.
    pub now_playing: Option<Value>,
    /// Further users of this session.
    pub additional: Vec<Uuid>,
    /// What the client says it can do.
    pub capabilities: Value,
    /// Messages and commands that were sent to it, the oldest first.
    pub received: Vec<Value>,
    pub(crate) sockets: Vec<UnboundedSender<Value>>,
}

/// A Quick Connect request.
pub(crate) struct Connect {
    pub(crate) secret: String,
    pub(crate) code: String,
    pub(crate) device: Device,
    pub(crate) added: Timestamp,
    pub(crate) answer: Option<Value>,
}

/// What a server remembers.
pub struct State {
    /// The users, in the order in which they were made.
    pub users: Vec<User>,
    /// The tokens of users.
    pub tokens: Vec<Token>,
    /// The keys of the server.
    pub api_keys: Vec<ApiKey>,
    /// The sessions.
    pub sessions: Vec<Session>,
    /// Whether the wizard was finished.
    pub wizard_finished: bool,
    /// `System/Configuration`.
    pub system: Map<String, Value>,
    /// `System/Configuration/network`; takes effect with the next start.
    pub network: Map<String, Value>,
    /// `Branding/Configuration`.
    pub branding: Map<String, Value>,
    /// Further named configurations.
    pub named: HashMap<String, Value>,
    /// The activity log, the oldest first.
    pub activity: Vec<Value>,
    /// PINs of forgotten passwords and whose they are.
    pub pins: Vec<(String, Uuid, Timestamp)>,
    pub(crate) connects: Vec<Connect>,
    pub(crate) groups: Vec<Group>,
    pub(crate) preferences: HashMap<(Uuid, String, String), Map<String, Value>>,
}

impl State {
    pub(crate) fn of_scene(scene: &Scene) -> Self {
        let now = Now {
            clock: &*scene.clock,
            entropy: &*scene.entropy,
        };
        let mut state = Self {
            users: Vec::new(),
            tokens: Vec::new(),
            api_keys: Vec::new(),
            sessions: Vec::new(),
            wizard_finished: scene.wizard_finished,
            system: object(include_str!("defaults/system.json")),
            network: object(include_str!("defaults/network.json")),
            branding: object(r#"{"SplashscreenEnabled": false}"#),
            named: HashMap::new(),
            activity: Vec::new(),
            pins: Vec::new(),
            connects: Vec::new(),
            groups: Vec::new(),
            preferences: HashMap::new(),
        };
        state
            .system
            .insert("QuickConnectAvailable".into(), json!(scene.quick_connect));
        state.system.insert(
            "EnableLegacyAuthorization".into(),
            json!(scene.version == Version::V10_11),
        );
        state
            .system
            .insert("ServerName".into(), json!(scene.server_name));
        state
            .network
            .insert("BaseUrl".into(), json!(scene.base_url));
        state
            .network
            .insert("KnownProxies".into(), json!(scene.known_proxies));
        for (secret, app) in &scene.api_keys {
            state.api_keys.push(ApiKey {
                secret: secret.clone(),
                app: app.clone(),
                created: now.at(),
            });
        }
        for person in &scene.users {
            state.add_scene_user(person, &now);
        }
        state
    }

    fn add_scene_user(&mut self, person: &SceneUser, now: &Now<'_>) {
        let user = self.add_user(&person.name, now.entropy);
        user.set_password(person.password.as_deref().unwrap_or_default());
        user.policy
            .insert("IsAdministrator".into(), json!(person.administrator));
        user.policy
            .insert("IsDisabled".into(), json!(person.disabled));
        user.policy.insert("IsHidden".into(), json!(person.hidden));
        if person.administrator {
            crown(user);
        }
        if let Some(score) = person.max_parental_rating {
            user.policy.insert("MaxParentalRating".into(), json!(score));
        }
    }

    /// Adds a user with the policy of a new one and no password.
    pub(crate) fn add_user(&mut self, name: &str, entropy: &dyn Entropy) -> &mut User {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        let user = User {
            id: uuid::Builder::from_random_bytes(bytes).into_uuid(),
            name: name.to_owned(),
            policy: object(include_str!("defaults/policy.json")),
            configuration: object(include_str!("defaults/user-configuration.json")),
            last_login: None,
            last_activity: None,
            image: None,
            password: None,
        };
        let place = self.users.len();
        self.users.push(user);
        &mut self.users[place]
    }

    /// The user of this id.
    pub fn user(&self, id: Uuid) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The user of this id, to change it.
    pub fn user_mut(&mut self, id: Uuid) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.id == id)
    }

    /// The user of this name, in any letter case.
    pub fn user_named(&self, name: &str) -> Option<&User> {
        self.users
            .iter()
            .find(|user| user.name.to_lowercase() == name.to_lowercase())
    }

    /// Whether a switch of the system's configuration is on.
    pub fn is_on(&self, switch: &str) -> bool {
        self.system
            .get(switch)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// The name of the server.
    pub fn server_name(&self) -> String {
        let name = self
            .system
            .get("ServerName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if name.is_empty() {
            "cinema".to_owned()
        } else {
            name.to_owned()
        }
    }

    /// Ends tokens and the sessions that lived on their devices.
    pub fn revoke(&mut self, is_doomed: impl Fn(&Token) -> bool) {
        let (doomed, kept): (Vec<Token>, Vec<Token>) = std::mem::take(&mut self.tokens)
            .into_iter()
            .partition(is_doomed);
        self.tokens = kept;
        self.sessions.retain(|session| {
            !doomed
                .iter()
                .any(|token| token.device.id == session.device.id && token.user == session.user)
        });
    }

    /// Removes a user and all that was theirs.
    pub(crate) fn remove_user(&mut self, id: Uuid) {
        self.revoke(|token| token.user == id);
        self.sessions.retain(|session| session.user != id);
        self.preferences.retain(|(user, _, _), _| *user != id);
        self.users.retain(|user| user.id != id);
    }
}

/// Gives the rights that the first user has.
pub(crate) fn crown(user: &mut User) {
    for switch in [
        "IsAdministrator",
        "EnableRemoteControlOfOtherUsers",
        "EnableContentDeletion",
    ] {
        user.policy.insert(switch.into(), json!(true));
    }
}

/// Reads one of the objects that the server begins with.
pub(crate) fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap_or_default()
}
