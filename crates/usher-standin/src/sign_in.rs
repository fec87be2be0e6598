//! Signing in by password, issuing tokens, and the order in which the server says no.
//!
//! Invariant: disabled, network and hours are judged before the password, the device and the session limit after it.
use std::net::IpAddr;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ask::Ask;
use crate::library::json_answer;
use crate::limit::{is_open_now, may_come_from, may_use_device, moment};
use crate::refusal::{Answer, Refusal};
use crate::scene::Version;
use crate::server::Server;
use crate::session::session_json;
use crate::state::{Device, Session, State, Token};
use crate::user::user_json;

/// Whether a device said everything that a session needs.
pub(crate) fn is_complete(device: &Device) -> bool {
    [&device.id, &device.name, &device.client, &device.version]
        .iter()
        .all(|field| !field.is_empty())
}

impl Server {
    pub(crate) fn sign_in_by_name(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("request")?;
        let name = fields.text("Username").unwrap_or_default();
        self.sign_in(ask, name, fields.text("Pw").unwrap_or_default())
    }

    /// `POST /Users/{userId}/Authenticate?pw=`, hidden and old.
    pub(crate) fn sign_in_by_id(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.id("userId")?.ok_or(Refusal::NOT_FOUND)?;
        let name = self
            .state()
            .user(id)
            .map(|user| user.name.clone())
            .ok_or(Refusal::Said(StatusCode::NOT_FOUND, "User not found"))?;
        let password = ask
            .query
            .get("pw")
            .ok_or_else(|| Refusal::required("pw"))?
            .to_owned();
        self.sign_in(ask, &name, &password)
    }

    fn sign_in(&self, ask: &Ask<'_>, name: &str, password: &str) -> Answer {
        if !is_complete(&ask.device) || name.trim().is_empty() {
            return Err(Refusal::ARGUMENT);
        }
        let mut state = self.state();
        let id = self.verify(&mut state, name, password, ask.address)?;
        Self::check_device(&state, id, &ask.device)?;
        let now = self.now().at();
        let mut is_first = true;
        if let Some(user) = state.user_mut(id) {
            is_first = user.last_activity.is_none();
            if is_first || self.version == Version::V12_0 {
                user.last_activity = Some(now);
            }
            if self.version == Version::V12_0 {
                user.last_login = Some(now);
            }
        }
        let answer = self.issue(&mut state, id, &ask.device, Some(ask.address));
        // 10.11 answers with the user as it was before, and loses the date of the very first sign-in.
        if let Some(user) = state.user_mut(id).filter(|_| !is_first) {
            user.last_login = Some(now);
            user.last_activity = Some(now);
        }
        Ok(json_answer(&answer))
    }

    /// Judges a password. 403 is said before it is looked at, 401 after.
    pub(crate) fn verify(
        &self,
        state: &mut State,
        name: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<Uuid, Refusal> {
        let now = self.now().at();
        let Some(id) = state.user_named(name).map(|user| user.id) else {
            self.log(
                state,
                "AuthenticationFailed",
                &format!("Failed login try from {name}"),
                Uuid::nil(),
                Some(address),
            );
            return Err(Refusal::Failed(StatusCode::UNAUTHORIZED));
        };
        let version = self.version;
        let Some(user) = state.user_mut(id) else {
            return Err(Refusal::Failed(StatusCode::UNAUTHORIZED));
        };
        let is_kept_out = user.may("IsDisabled")
            || !may_come_from(user, address)
            || !(user.is_administrator() || is_open_now(user, now));
        if is_kept_out {
            return Err(Refusal::Failed(StatusCode::FORBIDDEN));
        }
        if user.is_password(password) {
            user.policy
                .insert("InvalidLoginAttemptCount".into(), json!(0));
            return Ok(id);
        }
        let wrong = user.number("InvalidLoginAttemptCount") + 1;
        let allowed = user.number("LoginAttemptsBeforeLockout");
        let is_locked = version == Version::V12_0 && allowed > 0 && wrong >= allowed;
        if version == Version::V12_0 {
            user.policy
                .insert("InvalidLoginAttemptCount".into(), json!(wrong));
        }
        if is_locked {
            user.policy.insert("IsDisabled".into(), json!(true));
        }
        let name = user.name.clone();
        self.log(
            state,
            "AuthenticationFailed",
            &format!("Failed login try from {name}"),
            id,
            Some(address),
        );
        if is_locked {
            self.log(
                state,
                "UserLockedOut",
                &format!("User {name} has been locked out"),
                id,
                None,
            );
        }
        Err(Refusal::Failed(StatusCode::UNAUTHORIZED))
    }

    /// What is judged after the right password, and when a Quick Connect code is approved.
    pub(crate) fn check_device(state: &State, id: Uuid, device: &Device) -> Result<(), Refusal> {
        let user = state
            .user(id)
            .ok_or(Refusal::Failed(StatusCode::UNAUTHORIZED))?;
        let allowed = user.number("MaxActiveSessions");
        let open = state
            .sessions
            .iter()
            .filter(|session| session.user == id)
            .count();
        let is_full = usize::try_from(allowed).is_ok_and(|allowed| allowed >= 1 && open >= allowed);
        if is_full || !may_use_device(user, &device.id) {
            Err(Refusal::Failed(StatusCode::FORBIDDEN))
        } else {
            Ok(())
        }
    }

    /// Makes a token on a device, ending the older one of the same user there, and gives the answer of a sign-in.
    pub(crate) fn issue(
        &self,
        state: &mut State,
        id: Uuid,
        device: &Device,
        address: Option<IpAddr>,
    ) -> Value {
        let now = self.now().at();
        state.revoke(|token| token.user == id && token.device.id == device.id);
        let secret = self.now().hex(16);
        state.tokens.push(Token {
            secret: secret.clone(),
            user: id,
            device: device.clone(),
            last_activity: now,
        });
        state
            .sessions
            .retain(|session| session.id != device.session_id());
        let session = Session {
            id: device.session_id(),
            user: id,
            device: device.clone(),
            address,
            last_activity: now,
            last_check_in: None,
            now_playing: None,
            additional: Vec::new(),
            capabilities: json!({ "PlayableMediaTypes": [], "SupportedCommands": [], "SupportsMediaControl": false, "SupportsPersistentIdentifier": true }),
            received: Vec::new(),
            sockets: Vec::new(),
        };
        let name = state
            .user(id)
            .map(|user| user.name.clone())
            .unwrap_or_default();
        self.log(
            state,
            "SessionStarted",
            &format!("{name} is online from {}", device.name),
            id,
            address,
        );
        self.log(
            state,
            "AuthenticationSucceeded",
            &format!("{name} successfully authenticated"),
            id,
            address,
        );
        let answer = json!({
            "User": state.user(id).map(|user| user_json(self, user)),
            "SessionInfo": session_json(self, state, &session),
            "AccessToken": secret,
            "ServerId": self.id,
        });
        state.sessions.push(session);
        answer
    }

    /// Writes a line of the activity log.
    pub(crate) fn log(
        &self,
        state: &mut State,
        kind: &str,
        what: &str,
        user: Uuid,
        address: Option<IpAddr>,
    ) {
        let mut entry = serde_json::Map::new();
        entry.insert("Id".into(), json!(state.activity.len() + 1));
        entry.insert("Name".into(), json!(what));
        if let Some(address) = address {
            entry.insert(
                "ShortOverview".into(),
                json!(format!("IP address: {address}")),
            );
        }
        entry.insert("Type".into(), json!(kind));
        entry.insert("Date".into(), json!(moment(self.now().at())));
        entry.insert("UserId".into(), json!(user.simple().to_string()));
        let severity = if kind == "AuthenticationFailed" || kind == "UserLockedOut" {
            "Error"
        } else {
            "Information"
        };
        entry.insert("Severity".into(), json!(severity));
        state.activity.push(Value::Object(entry));
    }
}
