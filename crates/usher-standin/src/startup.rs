//! The start-up wizard.
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::library::{bare, json_answer};
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::state::{State, crown};

const SETTINGS: [&str; 4] = [
    "ServerName",
    "UICulture",
    "MetadataCountryCode",
    "PreferredMetadataLanguage",
];

impl Server {
    pub(crate) fn startup_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "GetStartupConfiguration" => {
                let state = self.state();
                let chosen: Map<String, Value> = SETTINGS
                    .iter()
                    .map(|name| {
                        (
                            (*name).to_owned(),
                            state.system.get(*name).cloned().unwrap_or_default(),
                        )
                    })
                    .collect();
                Ok(json_answer(&Value::Object(chosen)))
            }
            "UpdateInitialConfiguration" => self.configure(ask),
            "GetFirstUser" => {
                let mut state = self.state();
                self.make_first_user(&mut state);
                Ok(json_answer(
                    &json!({ "Name": state.users.first().map(|user| user.name.clone()) }),
                ))
            }
            "UpdateStartupUser" => self.set_first_user(ask),
            "SetRemoteAccess" => ask.fields("startupRemoteAccessDto").map(|fields| {
                fields.fill(&mut self.state().network, &[]);
                bare(StatusCode::NO_CONTENT)
            }),
            "CompleteWizard" => {
                self.state().wizard_finished = true;
                Ok(bare(StatusCode::NO_CONTENT))
            }
            _ => return None,
        })
    }

    /// The wizard finds a first user named after the account that the server runs under.
    fn make_first_user(&self, state: &mut State) {
        if state.users.is_empty() {
            crown(state.add_user("root", self.now().entropy));
        }
    }

    fn configure(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("startupConfiguration")?;
        let mut state = self.state();
        for name in SETTINGS {
            state
                .system
                .insert(name.into(), json!(fields.text(name).unwrap_or_default()));
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn set_first_user(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("startupUserDto")?;
        let password = fields
            .text("Password")
            .filter(|password| !password.trim().is_empty());
        let password = password.ok_or(Refusal::Said(
            StatusCode::BAD_REQUEST,
            "Password must not be empty",
        ))?;
        let mut state = self.state();
        self.make_first_user(&mut state);
        let Some(user) = state.users.first_mut() else {
            return Err(Refusal::NOT_FOUND);
        };
        if let Some(name) = fields.text("Name") {
            name.clone_into(&mut user.name);
        }
        user.set_password(password);
        Ok(bare(StatusCode::NO_CONTENT))
    }
}
