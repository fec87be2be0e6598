//! Sessions, what is sent to them, devices, and the keys of the server.
//!
//! Invariant, and a hole that Usher closes: any user may send messages to any session and join it.
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::library::{bare, json_answer, page};
use crate::limit::moment;
use crate::refusal::{Answer, Refusal};
use crate::scene::Version;
use crate::server::Server;
use crate::state::{ApiKey, Session, State, Token};

const BEGINNING: &str = "0001-01-01T00:00:00.0000000Z";

/// A session as clients receive it.
pub(crate) fn session_json(server: &Server, state: &State, session: &Session) -> Value {
    let name = |id| {
        state
            .user(id)
            .map(|user| user.name.clone())
            .unwrap_or_default()
    };
    let mut answer = Map::new();
    let mut put = |key: &str, value: Value| answer.insert(key.to_owned(), value);
    put(
        "PlayState",
        json!({ "CanSeek": false, "IsPaused": false, "IsMuted": false, "RepeatMode": "RepeatNone", "PlaybackOrder": "Default" }),
    );
    let further = session
        .additional
        .iter()
        .map(|id| json!({ "UserId": id.simple().to_string(), "UserName": name(*id) }));
    put("AdditionalUsers", further.collect());
    put("Capabilities", session.capabilities.clone());
    if let Some(address) = session.address {
        put("RemoteEndPoint", json!(address.to_string()));
    }
    put(
        "PlayableMediaTypes",
        session.capabilities["PlayableMediaTypes"].clone(),
    );
    put("Id", json!(session.id));
    put("UserId", json!(session.user.simple().to_string()));
    put("UserName", json!(name(session.user)));
    put("Client", json!(session.device.client));
    put("LastActivityDate", json!(moment(session.last_activity)));
    put(
        "LastPlaybackCheckIn",
        json!(
            session
                .last_check_in
                .map_or_else(|| BEGINNING.to_owned(), moment)
        ),
    );
    put("DeviceName", json!(session.device.name));
    put("DeviceId", json!(session.device.id));
    put("ApplicationVersion", json!(session.device.version));
    put("IsActive", json!(true));
    let takes_commands =
        !session.sockets.is_empty() && session.capabilities["SupportsMediaControl"] == json!(true);
    put("SupportsMediaControl", json!(takes_commands));
    put("SupportsRemoteControl", json!(takes_commands));
    if let Some(item) = &session.now_playing {
        put("NowPlayingItem", item.clone());
    }
    put("NowPlayingQueue", json!([]));
    if server.version == Version::V10_11 {
        put("NowPlayingQueueFullItems", json!([]));
    }
    put("HasCustomDeviceName", json!(false));
    put("ServerId", json!(server.id));
    put(
        "SupportedCommands",
        session.capabilities["SupportedCommands"].clone(),
    );
    Value::Object(answer)
}

impl Server {
    pub(crate) fn session_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "GetSessions" => Ok(self.sessions(ask)),
            "ReportSessionEnded" => Ok(self.log_out(ask)),
            "PostCapabilities" | "PostFullCapabilities" => self.set_capabilities(action, ask),
            "ReportViewing" => Ok(bare(StatusCode::NO_CONTENT)),
            "SendMessageCommand" => self.send(ask, "GeneralCommand", message(ask)),
            "SendGeneralCommand" | "SendSystemCommand" => self.send(ask, "GeneralCommand", Ok(json!({ "Name": ask.text("command"), "Arguments": {} }))),
            "SendFullGeneralCommand" => self.send(ask, "GeneralCommand", ask.fields("command").map(|fields| Value::Object(fields.0))),
            "SendPlaystateCommand" => self.send(ask, "Playstate", Ok(json!({ "Command": ask.text("command") }))),
            "Play" => self.send(ask, "Play", Ok(json!({ "ItemIds": ask.query.list("itemIds"), "PlayCommand": ask.text("playCommand") }))),
            "DisplayContent" => self.send(ask, "GeneralCommand", Ok(json!({ "Name": "DisplayContent", "Arguments": { "ItemId": ask.text("itemId") } }))),
            "AddUserToSession" => self.join(ask, Join::Add),
            "RemoveUserFromSession" => self.join(ask, Join::Remove),
            "GetAuthProviders" => Ok(json_answer(&json!([{ "Name": "Default", "Id": "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider" }]))),
            "GetPasswordResetProviders" => {
                Ok(json_answer(&json!([{ "Name": "Default Password Reset Provider", "Id": "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider" }])))
            }
            _ => return None,
        })
    }

    fn sessions(&self, ask: &Ask<'_>) -> Response {
        let state = self.state();
        let is_seen = |session: &&Session| {
            ask.who.rules()
                || ask
                    .who
                    .user()
                    .is_some_and(|user| session.user == user || session.additional.contains(&user))
        };
        let is_asked = |session: &&Session| {
            ask.query
                .get("deviceId")
                .is_none_or(|id| session.device.id == id)
        };
        let mut seen: Vec<&Session> = state
            .sessions
            .iter()
            .filter(is_seen)
            .filter(is_asked)
            .collect();
        seen.sort_by_key(|session| std::cmp::Reverse(session.last_activity));
        json_answer(
            &seen
                .into_iter()
                .map(|session| session_json(self, &state, session))
                .collect(),
        )
    }

    /// A screen said what it plays, or that it stopped.
    pub(crate) fn note_playing(&self, ask: &Ask<'_>, item: Option<Value>) {
        let (now, id) = (self.now().at(), ask.device.session_id());
        let mut state = self.state();
        if let Some(session) = state.sessions.iter_mut().find(|session| session.id == id) {
            session.last_check_in = Some(now);
            session.now_playing = item;
        }
    }

    fn log_out(&self, ask: &Ask<'_>) -> Response {
        let shown = Self::shown_token(ask);
        let mut state = self.state();
        if let Some(user) = ask.who.user() {
            let name = state
                .user(user)
                .map(|user| user.name.clone())
                .unwrap_or_default();
            self.log(
                &mut state,
                "SessionEnded",
                &format!("{name} has disconnected from {}", ask.device.name),
                user,
                Some(ask.address),
            );
        }
        state.revoke(|token| token.secret == shown);
        bare(StatusCode::NO_CONTENT)
    }

    fn set_capabilities(&self, action: &str, ask: &Ask<'_>) -> Answer {
        let sent = if action == "PostFullCapabilities" {
            Value::Object(ask.fields("capabilities")?.0)
        } else {
            Value::Null
        };
        let list = |name: &str| {
            sent.get(name)
                .cloned()
                .unwrap_or_else(|| json!(ask.query.list(name)))
        };
        let is_on = |name: &str| {
            sent.get(name)
                .and_then(Value::as_bool)
                .unwrap_or_else(|| ask.query.is_true(name))
        };
        let capabilities = json!({
            "PlayableMediaTypes": list("PlayableMediaTypes"),
            "SupportedCommands": list("SupportedCommands"),
            "SupportsMediaControl": is_on("SupportsMediaControl"),
            "SupportsPersistentIdentifier": true,
        });
        let (mut state, id) = (self.state(), ask.device.session_id());
        if let Some(session) = state.sessions.iter_mut().find(|session| session.id == id) {
            session.capabilities = capabilities;
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn send(&self, ask: &Ask<'_>, kind: &str, data: Result<Value, Refusal>) -> Answer {
        let message =
            json!({ "MessageType": kind, "MessageId": self.now().hex(16), "Data": data? });
        let mut state = self.state();
        let session = session_of(&mut state, ask)?;
        session
            .sockets
            .retain(|socket| socket.send(message.clone()).is_ok());
        session.received.push(message);
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn join(&self, ask: &Ask<'_>, join: Join) -> Answer {
        let user = ask.id("userId")?.ok_or(Refusal::NOT_FOUND)?;
        let mut state = self.state();
        let session = session_of(&mut state, ask)?;
        session.additional.retain(|other| *other != user);
        if join == Join::Add && session.user != user {
            session.additional.push(user);
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    pub(crate) fn device_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "GetKeys" => Ok(self.keys()),
            "CreateKey" => self.create_key(ask),
            "RevokeKey" => {
                self.state()
                    .api_keys
                    .retain(|key| Some(key.secret.as_str()) != ask.text("key"));
                Ok(bare(StatusCode::NO_CONTENT))
            }
            "GetDevices" => Ok(self.devices()),
            "GetDeviceInfo" => self.device_info(ask),
            "GetDeviceOptions" => Err(Refusal::NOT_FOUND),
            "UpdateDeviceOptions" => Ok(bare(StatusCode::NO_CONTENT)),
            "DeleteDevice" => self.delete_device(ask),
            _ => return None,
        })
    }

    fn keys(&self) -> Response {
        let describe = |key: &ApiKey| {
            json!({
                "Id": 0, "AccessToken": key.secret, "DeviceId": "", "AppName": key.app, "AppVersion": "", "DeviceName": "",
                "UserId": "00000000000000000000000000000000", "IsActive": false,
                "DateCreated": moment(key.created), "DateLastActivity": BEGINNING,
            })
        };
        let keys: Vec<Value> = self.state().api_keys.iter().map(describe).collect();
        let total = keys.len();
        page(&keys, total, 0)
    }

    fn create_key(&self, ask: &Ask<'_>) -> Answer {
        let app = ask
            .query
            .get("app")
            .ok_or_else(|| Refusal::required("app"))?
            .to_owned();
        let key = ApiKey {
            secret: self.now().hex(16),
            app,
            created: self.now().at(),
        };
        self.state().api_keys.push(key);
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// Everybody's devices, whatever user is asked for: the server's hole.
    fn devices(&self) -> Response {
        let state = self.state();
        let mut tokens: Vec<&Token> = state.tokens.iter().collect();
        tokens.sort_by_key(|token| std::cmp::Reverse(token.last_activity));
        let mut seen = Vec::new();
        tokens.retain(|token| {
            let is_new = !seen.contains(&&token.device.id);
            seen.push(&token.device.id);
            is_new
        });
        let devices: Vec<Value> = tokens
            .into_iter()
            .map(|token| device_json(&state, token))
            .collect();
        let total = devices.len();
        page(&devices, total, 0)
    }

    fn device_info(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.query.get("id").ok_or_else(|| Refusal::required("id"))?;
        let state = self.state();
        let token = state
            .tokens
            .iter()
            .rev()
            .find(|token| token.device.id == id)
            .ok_or(Refusal::NOT_FOUND)?;
        Ok(json_answer(&device_json(&state, token)))
    }

    /// Ends every user's tokens on a device.
    fn delete_device(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.query.get("id").ok_or_else(|| Refusal::required("id"))?;
        let mut state = self.state();
        if !state.tokens.iter().any(|token| token.device.id == id) {
            let status = if self.version == Version::V12_0 {
                StatusCode::BAD_REQUEST
            } else {
                StatusCode::NOT_FOUND
            };
            return Err(Refusal::Problem(status));
        }
        state.revoke(|token| token.device.id == id);
        Ok(bare(StatusCode::NO_CONTENT))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Join {
    Add,
    Remove,
}

fn session_of<'a>(state: &'a mut State, ask: &Ask<'_>) -> Result<&'a mut Session, Refusal> {
    let id = ask.text("sessionId").unwrap_or_default();
    state
        .sessions
        .iter_mut()
        .find(|session| session.id == id)
        .ok_or(Refusal::Failed(StatusCode::NOT_FOUND))
}

fn message(ask: &Ask<'_>) -> Result<Value, Refusal> {
    let fields = ask.fields("command")?;
    let text = fields
        .text("Text")
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Refusal::required("Text"))?;
    let mut arguments =
        json!({ "Header": fields.text("Header").unwrap_or("Message from server"), "Text": text });
    if let Some(span) = fields.get("TimeoutMs").and_then(Value::as_i64) {
        arguments["TimeoutMs"] = json!(span.to_string());
    }
    Ok(json!({ "Name": "DisplayMessage", "Arguments": arguments }))
}

fn device_json(state: &State, token: &Token) -> Value {
    json!({
        "Name": token.device.name,
        "Id": token.device.id,
        "LastUserName": state.user(token.user).map(|user| user.name.as_str()),
        "AppName": token.device.client,
        "AppVersion": token.device.version,
        "LastUserId": token.user.simple().to_string(),
        "DateLastActivity": moment(token.last_activity),
        "Capabilities": { "PlayableMediaTypes": [], "SupportedCommands": [], "SupportsMediaControl": false, "SupportsPersistentIdentifier": true },
    })
}
