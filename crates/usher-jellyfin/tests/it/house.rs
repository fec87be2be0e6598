//! A stand-in with its people, and Usher's client of it.
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_jellyfin::{Authenticated, Jellyfin, Session, User};
use usher_standin::{Scene, Standin, Version, start};

/// Usher's key at every stand-in.
pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// Both servers that were recorded.
pub(crate) const VERSIONS: [Version; 2] = [Version::V10_11, Version::V12_0];

/// A running server and its client.
pub(crate) struct House {
    pub(crate) standin: Standin,
    pub(crate) jellyfin: Jellyfin,
}

pub(crate) async fn house(version: Version) -> House {
    house_of(Scene::living_room(version)).await
}

pub(crate) async fn house_of(scene: Scene) -> House {
    let scene = Scene {
        api_keys: vec![(KEY.to_owned(), "Usher".to_owned())],
        ..scene
    };
    let standin = start(scene).await.expect("the stand-in starts");
    let jellyfin = Jellyfin::new(&standin.url().parse().unwrap())
        .unwrap()
        .with_key(SecretText::new(KEY));
    House { standin, jellyfin }
}

impl House {
    /// Who has this name.
    pub(crate) fn id(&self, name: &str) -> UserId {
        let state = self.standin.state();
        let user = state.users.iter().find(|user| user.name == name);
        UserId::new(user.expect("a user of this name").id)
    }

    /// The user of this name, as Jellyfin tells.
    pub(crate) async fn user(&self, name: &str) -> User {
        self.jellyfin
            .user(self.id(name))
            .await
            .unwrap()
            .expect("a user")
    }

    /// Writes one field of a user's policy.
    pub(crate) async fn set(&self, name: &str, field: &str, value: serde_json::Value) {
        let policy = self.user(name).await.policy.with(field, value).unwrap();
        let id = self.id(name);
        self.jellyfin.set_policy(id, &policy).await.unwrap();
    }

    /// What Jellyfin says to a name and a password.
    pub(crate) async fn try_sign_in(&self, name: &str, password: &str) -> Authenticated {
        self.jellyfin
            .authenticate(name, &SecretText::new(password), &television())
            .await
            .unwrap()
    }

    /// A sign-in that must succeed.
    pub(crate) async fn sign_in(&self, name: &str, password: &str) -> Box<Session> {
        match self.try_sign_in(name, password).await {
            Authenticated::Right(session) => session,
            other @ (Authenticated::Wrong | Authenticated::Forbidden) => {
                panic!("{name}: {other:?}")
            }
        }
    }

    /// How many tokens a user has.
    pub(crate) fn tokens(&self, name: &str) -> usize {
        let id = self.id(name).as_uuid();
        let state = self.standin.state();
        state.tokens.iter().filter(|token| token.user == id).count()
    }
}

/// A client with a name of its own.
pub(crate) fn television() -> ClientIdentity {
    ClientIdentity {
        client: "Jellyfin Android TV".to_owned(),
        device: "Süd \"1\", oben".to_owned(),
        device_id: "tv-1".to_owned(),
        version: "0.19.0".to_owned(),
    }
}
