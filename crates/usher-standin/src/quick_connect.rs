//! Quick Connect: a code on one screen, approved on another.
//!
//! Invariant, and the hole that Usher closes: whoever shows a redeemed secret again is given the same token again.
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::ask::Ask;
use crate::library::json_answer;
use crate::limit::moment;
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::sign_in::is_complete;
use crate::state::{Connect, State};

/// How long a request lives.
const LIFETIME: Duration = Duration::from_mins(10);
const OFF: Refusal = Refusal::Said(StatusCode::UNAUTHORIZED, "Quick connect is disabled");

impl Server {
    pub(crate) fn quick_connect_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "GetQuickConnectEnabled" => Ok(json_answer(&json!(
                self.state().is_on("QuickConnectAvailable")
            ))),
            "InitiateQuickConnect" | "InitiateQuickConnectLegacy" => self.initiate(ask),
            "GetQuickConnectState" => self.connect_state(ask),
            "AuthorizeQuickConnect" => self.approve(ask),
            _ => return None,
        })
    }

    /// The state with what has expired taken out.
    fn connects(&self) -> Result<std::sync::MutexGuard<'_, State>, Refusal> {
        let mut state = self.state();
        if !state.is_on("QuickConnectAvailable") {
            return Err(OFF);
        }
        let now = self.now().at();
        state
            .connects
            .retain(|connect| now.since(connect.added) < LIFETIME);
        Ok(state)
    }

    fn initiate(&self, ask: &Ask<'_>) -> Answer {
        let mut state = self.connects()?;
        if !is_complete(&ask.device) {
            return Err(Refusal::ARGUMENT);
        }
        let (secret, code) = (
            self.now().hex(32).to_ascii_uppercase(),
            self.now().six_digits(),
        );
        let connect = Connect {
            secret,
            code,
            device: ask.device.clone(),
            added: self.now().at(),
            answer: None,
        };
        let answer = json_answer(&connect_json(&connect));
        state.connects.push(connect);
        Ok(answer)
    }

    fn connect_state(&self, ask: &Ask<'_>) -> Answer {
        let state = self.connects()?;
        let secret = ask
            .query
            .get("secret")
            .ok_or_else(|| Refusal::required("secret"))?;
        let connect = state
            .connects
            .iter()
            .find(|connect| connect.secret == secret);
        let connect = connect.ok_or(Refusal::Said(StatusCode::NOT_FOUND, "Unknown secret"))?;
        Ok(json_answer(&connect_json(connect)))
    }

    fn approve(&self, ask: &Ask<'_>) -> Answer {
        let code = ask
            .query
            .get("code")
            .ok_or_else(|| Refusal::required("code"))?
            .to_owned();
        let named = ask.id("userId")?;
        if named.is_some() {
            ask.own_subject()?;
        }
        let mut state = self.connects()?;
        let place = state
            .connects
            .iter()
            .position(|connect| connect.code == code)
            .ok_or(Refusal::Failed(StatusCode::NOT_FOUND))?;
        if state.connects[place].answer.is_some() {
            return Err(Refusal::Failed(StatusCode::INTERNAL_SERVER_ERROR));
        }
        let user = named
            .or(ask.who.user())
            .filter(|id| state.user(*id).is_some())
            .ok_or(Refusal::Failed(StatusCode::UNAUTHORIZED))?;
        let device = state.connects[place].device.clone();
        Self::check_device(&state, user, &device)?;
        if let Some(user) = state.user_mut(user) {
            user.last_activity = Some(self.now().at());
        }
        let answer = self.issue(&mut state, user, &device, None);
        state.connects[place].added = self.now().at() + Duration::from_mins(1);
        state.connects[place].answer = Some(answer);
        Ok(json_answer(&json!(true)))
    }

    pub(crate) fn redeem(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("request")?;
        let secret = fields
            .text("Secret")
            .ok_or_else(|| Refusal::required("Secret"))?;
        let state = self
            .connects()
            .map_err(|_switched_off| Refusal::Failed(StatusCode::UNAUTHORIZED))?;
        let connect = state
            .connects
            .iter()
            .find(|connect| connect.secret == secret);
        let answer = connect
            .and_then(|connect| connect.answer.as_ref())
            .ok_or(Refusal::Failed(StatusCode::NOT_FOUND))?;
        Ok(json_answer(answer))
    }
}

fn connect_json(connect: &Connect) -> Value {
    json!({
        "Authenticated": connect.answer.is_some(),
        "Secret": connect.secret,
        "Code": connect.code,
        "DeviceId": connect.device.id,
        "DeviceName": connect.device.name,
        "AppName": connect.device.client,
        "AppVersion": connect.device.version,
        "DateAdded": moment(connect.added),
    })
}
