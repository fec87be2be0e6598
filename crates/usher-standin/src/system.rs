//! The server itself: who it is, its configuration, branding, activity, and lists that clients ask for on their way.
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::library::{bare, json_answer, page, typed};
use crate::limit::{is_local, moment};
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::state::{State, object};

impl Server {
    pub(crate) fn system_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(Ok(match action {
            "GetPublicSystemInfo" => json_answer(&Value::Object(self.public_info(&self.state()))),
            "GetSystemInfo" => {
                let mut info = object(include_str!("defaults/system-info.json"));
                info.extend(self.public_info(&self.state()));
                json_answer(&Value::Object(info))
            }
            "PingSystem" => json_answer(&json!("Jellyfin Server")),
            "GetEndpointInfo" => {
                let is_near = is_local(ask.address);
                json_answer(
                    &json!({ "IsLocal": is_near && ask.address.is_loopback(), "IsInNetwork": is_near }),
                )
            }
            "GetUtcTime" => {
                let now = moment(self.now().at());
                json_answer(
                    &json!({ "RequestReceptionTime": now, "ResponseTransmissionTime": now }),
                )
            }
            "GetBrandingOptions" => json_answer(&Value::Object(self.state().branding.clone())),
            "GetBrandingCss" => {
                let css = self
                    .state()
                    .branding
                    .get("CustomCss")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                typed(StatusCode::OK, "text/css; charset=utf-8", css)
            }
            "GetConfiguration" => json_answer(&Value::Object(self.state().system.clone())),
            "UpdateConfiguration" => return Some(self.set_system(ask)),
            "GetNamedConfiguration" => return Some(self.named(ask)),
            "UpdateNamedConfiguration" => {
                return Some(self.set_named(ask.text("key").unwrap_or_default(), ask));
            }
            "UpdateBrandingConfiguration" => return Some(self.set_named("branding", ask)),
            "GetLogEntries" => self.activity(ask),
            "GetParentalRatings" => typed(
                StatusCode::OK,
                "application/json; charset=utf-8",
                include_str!("defaults/parental-ratings.json"),
            ),
            "RestartApplication" => {
                self.take_network();
                bare(StatusCode::NO_CONTENT)
            }
            "GetCountries" => json_answer(
                &json!([{ "Name": "US", "DisplayName": "United States", "TwoLetterISORegionName": "US", "ThreeLetterISORegionName": "USA" }]),
            ),
            "GetCultures" => json_answer(&json!([{
                "Name": "English", "DisplayName": "English", "TwoLetterISOLanguageName": "en",
                "ThreeLetterISOLanguageName": "eng", "ThreeLetterISOLanguageNames": ["eng"],
            }])),
            "GetLocalizationOptions" => {
                json_answer(&json!([{ "Name": "English", "Value": "en-US" }]))
            }
            "GetPlugins"
            | "GetPackages"
            | "GetTasks"
            | "GetServerLogs"
            | "GetConfigurationPages"
            | "GetRepositories" => json_answer(&json!([])),
            "AddVirtualFolder" | "RefreshLibrary" => bare(StatusCode::NO_CONTENT),
            _ => return None,
        }))
    }

    fn public_info(&self, state: &State) -> Map<String, Value> {
        let mut info = Map::new();
        info.insert("LocalAddress".into(), json!(self.url()));
        info.insert("ServerName".into(), json!(state.server_name()));
        info.insert("Version".into(), json!(self.version.number()));
        info.insert("ProductName".into(), json!("Jellyfin Server"));
        info.insert("OperatingSystem".into(), json!(""));
        info.insert("Id".into(), json!(self.id));
        info.insert(
            "StartupWizardCompleted".into(),
            json!(state.wizard_finished),
        );
        info
    }

    fn set_system(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("configuration")?;
        let mut state = self.state();
        fields.fill(&mut state.system, &[]);
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn named(&self, ask: &Ask<'_>) -> Answer {
        let key = ask.text("key").unwrap_or_default().to_ascii_lowercase();
        let state = self.state();
        match key.as_str() {
            "network" => Ok(json_answer(&Value::Object(state.network.clone()))),
            "branding" => Ok(json_answer(&Value::Object(state.branding.clone()))),
            "metadata" | "encoding" | "livetv" | "xbmcmetadata" => Ok(json_answer(
                &state.named.get(&key).cloned().unwrap_or_else(|| json!({})),
            )),
            _ => Err(Refusal::Failed(StatusCode::NOT_FOUND)),
        }
    }

    fn set_named(&self, key: &str, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("configuration")?;
        let mut state = self.state();
        match key.to_ascii_lowercase().as_str() {
            "network" => fields.fill(&mut state.network, &[]),
            "branding" => fields.fill(&mut state.branding, &["LoginDisclaimer", "CustomCss"]),
            other => {
                state
                    .named
                    .insert(other.to_owned(), Value::Object(fields.0));
            }
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// The activity log, the newest first.
    fn activity(&self, ask: &Ask<'_>) -> Response {
        let state = self.state();
        let since = ask.query.get("minDate").unwrap_or_default();
        let is_asked = |entry: &&Value| entry["Date"].as_str().is_none_or(|date| date >= since);
        let entries: Vec<Value> = state
            .activity
            .iter()
            .rev()
            .filter(is_asked)
            .cloned()
            .collect();
        let (start, total) = (ask.query.number("startIndex").unwrap_or(0), entries.len());
        let limit = ask.query.number("limit").unwrap_or(usize::MAX);
        let shown: Vec<Value> = entries.into_iter().skip(start).take(limit).collect();
        page(&shown, total, start)
    }
}
