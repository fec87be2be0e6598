//! Display preferences: what a client keeps for a user.
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::library::{bare, json_answer};
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::state::{dotnet_md5, object};

/// What the server puts in place of preferences that a client did not send along.
const SAVED: &str = r#"{
    "chromecastVersion": "stable", "skipForwardLength": "15000", "skipBackLength": "15000",
    "enableNextVideoInfoOverlay": "True", "tvhome": "", "dashboardTheme": ""
}"#;

impl Server {
    pub(crate) fn preference_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        match action {
            "GetDisplayPreferences" => Some(self.preferences(ask)),
            "UpdateDisplayPreferences" => Some(self.set_preferences(ask)),
            _ => None,
        }
    }

    fn preferences(&self, ask: &Ask<'_>) -> Answer {
        let key = key_of(ask)?;
        let mut kept = self
            .state()
            .preferences
            .get(&key)
            .cloned()
            .unwrap_or_else(defaults);
        kept.insert("Id".into(), json!(dotnet_md5(&key.1).to_string()));
        kept.insert("Client".into(), json!(key.2));
        Ok(json_answer(&Value::Object(kept)))
    }

    fn set_preferences(&self, ask: &Ask<'_>) -> Answer {
        let key = key_of(ask)?;
        let fields = ask.fields("displayPreferences")?;
        let mut state = self.state();
        let kept = state.preferences.entry(key).or_insert_with(defaults);
        let own = fields
            .get("CustomPrefs")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let mut custom = object(SAVED);
        custom.extend(own);
        fields.fill(kept, &[]);
        kept.insert("CustomPrefs".into(), Value::Object(custom));
        Ok(bare(StatusCode::NO_CONTENT))
    }
}

fn defaults() -> Map<String, Value> {
    object(include_str!("defaults/display-preferences.json"))
}

fn key_of(ask: &Ask<'_>) -> Result<(uuid::Uuid, String, String), Refusal> {
    let user = ask.own_subject()?;
    let client = ask
        .query
        .get("client")
        .ok_or_else(|| Refusal::required("client"))?;
    Ok((
        user,
        ask.text("displayPreferencesId")
            .unwrap_or_default()
            .to_owned(),
        client.to_owned(),
    ))
}
