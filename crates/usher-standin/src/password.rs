//! Passwords: changing, resetting, and forgetting them.
//!
//! Invariant: setting one ends every token of the user but the one that asked. A plain user may empty the own password without
//! naming the current one: that is the server's hole, kept.
use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::ask::Ask;
use crate::library::{bare, json_answer};
use crate::limit::{is_local, moment};
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::state::dotnet_md5;

/// How long a PIN of a forgotten password lives.
const PIN_LIFETIME: Duration = Duration::from_mins(30);

impl Server {
    pub(crate) fn update_password(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        let fields = ask.fields("request")?;
        let mut state = self.state();
        let name = state.user(id).ok_or(Refusal::NOT_FOUND)?.name.clone();
        if ask.who.user() != Some(id) && !ask.who.rules() {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "User is not allowed to update the password.",
            ));
        }
        let is_reset = fields.is_true("ResetPassword");
        if !is_reset && ask.who.user() == Some(id) {
            let current = fields.text("CurrentPw").unwrap_or_default();
            match self.verify(&mut state, &name, current, ask.address) {
                Ok(_) => {}
                Err(Refusal::Failed(StatusCode::UNAUTHORIZED)) => {
                    return Err(Refusal::Said(
                        StatusCode::FORBIDDEN,
                        "Invalid user or password entered.",
                    ));
                }
                Err(other) => return Err(other),
            }
        }
        let password = if is_reset {
            ""
        } else {
            fields.text("NewPw").unwrap_or_default()
        };
        let user = state.user_mut(id).ok_or(Refusal::NOT_FOUND)?;
        if user.is_administrator() && password.trim().is_empty() {
            return Err(Refusal::ARGUMENT);
        }
        user.set_password(password);
        if !is_reset {
            let spared = Self::shown_token(ask);
            state.revoke(|token| token.user == id && token.secret != spared);
        }
        self.log(
            &mut state,
            "UserPasswordChanged",
            &format!("Password has been changed for user {name}"),
            id,
            None,
        );
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// Answers alike for known and unknown names; the PIN lies in the state, where a real server writes a file.
    pub(crate) fn forgot_password(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("forgotPasswordRequest")?;
        let Some(name) = fields.text("EnteredUsername") else {
            let why = "JSON deserialization was missing required properties including: 'EnteredUsername'.".to_owned();
            return Err(Refusal::Invalid(vec![
                ("$", why),
                (
                    "forgotPasswordRequest",
                    "The forgotPasswordRequest field is required.".into(),
                ),
            ]));
        };
        if !is_local(ask.address) {
            return Ok(json_answer(&json!({ "Action": "InNetworkRequired" })));
        }
        let expires = self.now().at() + PIN_LIFETIME;
        let mut state = self.state();
        if let Some(id) = state.user_named(name).map(|user| user.id) {
            let digits = self.now().hex(4).to_ascii_uppercase();
            let pin = format!(
                "{}-{}-{}-{}",
                &digits[..2],
                &digits[2..4],
                &digits[4..6],
                &digits[6..]
            );
            state.pins.push((pin, id, expires));
        }
        let file = dotnet_md5(name).simple().to_string();
        Ok(json_answer(&json!({
            "Action": "PinCode",
            "PinFile": format!("/var/lib/jellyfin/passwordreset{file}.json"),
            "PinExpirationDate": moment(expires),
        })))
    }

    /// A right PIN becomes the password.
    pub(crate) fn redeem_pin(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("forgotPasswordPinRequest")?;
        let typed = fields
            .text("Pin")
            .ok_or_else(|| Refusal::required("Pin"))?
            .replace('-', "");
        let now = self.now().at();
        let mut state = self.state();
        state.pins.retain(|(_, _, expires)| *expires > now);
        let fits =
            |(pin, _, _): &&(String, Uuid, _)| pin.replace('-', "").eq_ignore_ascii_case(&typed);
        let (pin, id) = state
            .pins
            .iter()
            .find(fits)
            .map(|(pin, id, _)| (pin.clone(), *id))
            .ok_or(Refusal::Failed(StatusCode::NOT_FOUND))?;
        state.pins.retain(|(_, user, _)| *user != id);
        let user = state
            .user_mut(id)
            .ok_or(Refusal::Failed(StatusCode::NOT_FOUND))?;
        user.set_password(&pin);
        let name = user.name.clone();
        self.log(
            &mut state,
            "UserPasswordChanged",
            &format!("Password has been changed for user {name}"),
            id,
            None,
        );
        Ok(json_answer(
            &json!({ "Success": true, "UsersReset": [name] }),
        ))
    }
}
