//! Who asks, and whether the policy of a route lets them.
use std::net::IpAddr;

use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::ask::{Ask, Who};
use crate::credential::{self, Claim, Legacy};
use crate::library::Query;
use crate::limit::{is_local, is_open_now, may_come_from};
use crate::refusal::Refusal;
use crate::server::Server;
use crate::state::Device;

impl Server {
    /// Who asks, and from which device; what the header leaves out is taken from the token's device.
    pub(crate) fn identify(
        &self,
        headers: &HeaderMap,
        query: &Query,
        address: IpAddr,
    ) -> (Who, Device) {
        let mut state = self.state();
        let legacy = if state.is_on("EnableLegacyAuthorization") {
            Legacy::On
        } else {
            Legacy::Off
        };
        let Claim { mut device, token } = credential::read(headers, query, legacy);
        let Some(secret) = token else {
            return (Who::Nobody, device);
        };
        if state.api_keys.iter().any(|key| key.secret == secret) {
            return (Who::Key(secret), device);
        }
        let now = self.now().at();
        let Some(place) = state.tokens.iter().position(|token| token.secret == secret) else {
            return (Who::Nobody, device);
        };
        state.tokens[place].last_activity = now;
        let token = state.tokens[place].clone();
        for (field, known) in [
            (&mut device.id, &token.device.id),
            (&mut device.name, &token.device.name),
            (&mut device.client, &token.device.client),
            (&mut device.version, &token.device.version),
        ] {
            if field.is_empty() {
                known.clone_into(field);
            }
        }
        if let Some(session) = state
            .sessions
            .iter_mut()
            .find(|session| session.id == token.device.session_id() && session.user == token.user)
        {
            session.last_activity = now;
            session.address = Some(address);
        }
        let Some(user) = state
            .user_mut(token.user)
            .filter(|user| !user.may("IsDisabled"))
        else {
            return (Who::Nobody, device);
        };
        user.last_activity = Some(now);
        (
            Who::User {
                id: user.id,
                token: secret,
                is_administrator: user.is_administrator(),
            },
            device,
        )
    }

    /// Judges the policy of a route.
    pub(crate) fn authorize(&self, needs: &str, ask: &Ask<'_>) -> Result<(), Refusal> {
        let state = self.state();
        let is_setting_up = !state.wizard_finished && needs.starts_with("FirstTimeSetup");
        let is_local_door = needs == "LocalAccessOrRequiresElevation" && is_local(ask.address);
        if needs == "anonymous" || is_setting_up || is_local_door {
            return Ok(());
        }
        let id = match &ask.who {
            Who::Nobody => return Err(Refusal::Bare(StatusCode::UNAUTHORIZED)),
            Who::Key(_) => return Ok(()),
            Who::User { id, .. } => *id,
        };
        let Some(user) = state.user(id) else {
            return Err(Refusal::Bare(StatusCode::UNAUTHORIZED));
        };
        let is_open = needs.ends_with("IgnoreParentalControl")
            || user.is_administrator()
            || is_open_now(user, self.now().at());
        let has_right = match needs {
            "RequiresElevation" | "FirstTimeSetupOrElevated" | "LocalAccessOrRequiresElevation" => {
                user.is_administrator()
            }
            "Download" => user.may("EnableContentDownloading"),
            "LiveTvAccess" => user.may("EnableLiveTvAccess"),
            "LiveTvManagement" => user.may("EnableLiveTvManagement"),
            "CollectionManagement" => user.may("EnableCollectionManagement"),
            "SubtitleManagement" => user.may("EnableSubtitleManagement"),
            "LyricManagement" => user.may("EnableLyricManagement"),
            "SyncPlayHasAccess" | "SyncPlayJoinGroup" | "SyncPlayCreateGroup" => {
                user.policy.get("SyncPlayAccess") != Some(&json!("None"))
            }
            "SyncPlayIsInGroup" => state.is_in_group(&ask.device.session_id()),
            _ => true,
        };
        if may_come_from(user, ask.address) && is_open && has_right {
            Ok(())
        } else {
            Err(Refusal::Bare(StatusCode::FORBIDDEN))
        }
    }
}
