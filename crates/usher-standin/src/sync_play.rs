//! Groups that watch together: who is in them, and what they are told of it over their sockets. Nothing is ever queued, so
//! that a group stays idle.
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ask::Ask;
use crate::library::{bare, json_answer};
use crate::limit::moment;
use crate::refusal::{Answer, Refusal};
use crate::server::Server;
use crate::state::State;

/// A group.
pub(crate) struct Group {
    id: Uuid,
    name: String,
    /// Ids of sessions.
    members: Vec<String>,
}

impl State {
    /// Whether a session is in a group.
    pub(crate) fn is_in_group(&self, session: &str) -> bool {
        let mut members = self.groups.iter().flat_map(|group| &group.members);
        members.any(|member| member == session)
    }

    /// What a user is called whose session this is; empty for one that has ended.
    fn name_at(&self, session: &str) -> String {
        let session = self.sessions.iter().find(|one| one.id == session);
        let user = session.and_then(|session| self.user(session.user));
        user.map(|user| user.name.clone()).unwrap_or_default()
    }

    /// Sends a message to a session's sockets.
    pub(crate) fn say(&mut self, session: &str, message: &Value) {
        let found = self.sessions.iter_mut().find(|one| one.id == session);
        if let Some(session) = found {
            let sockets = &mut session.sockets;
            sockets.retain(|socket| socket.send(message.clone()).is_ok());
        }
    }
}

impl Server {
    pub(crate) fn sync_play_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "SyncPlayCreateGroup" => self.create_group(ask),
            "SyncPlayJoinGroup" => self.join_group(ask),
            "SyncPlayLeaveGroup" => Ok(self.leave_group(ask)),
            "SyncPlayGetGroups" => Ok(self.groups()),
            "SyncPlayGetGroup" => self.group(ask),
            _ => return None,
        })
    }

    /// A group as clients receive it.
    fn group_json(&self, state: &State, group: &Group) -> Value {
        let mut names: Vec<String> = Vec::new();
        for member in &group.members {
            let name = state.name_at(member);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        json!({
            "GroupId": group.id.simple().to_string(),
            "GroupName": group.name,
            "State": "Idle",
            "Participants": names,
            "LastUpdatedAt": moment(self.now().at()),
        })
    }

    /// What a session is told of its group.
    fn tell(&self, state: &mut State, session: &str, (group, kind, data): (Uuid, &str, Value)) {
        let group = group.simple().to_string();
        let message = json!({
            "MessageType": "SyncPlayGroupUpdate",
            "MessageId": self.now().hex(16),
            "Data": { "GroupId": group, "Type": kind, "Data": data },
        });
        state.say(session, &message);
    }

    fn create_group(&self, ask: &Ask<'_>) -> Answer {
        let name = ask.fields("requestData")?;
        let name = name.text("GroupName").unwrap_or_default().to_owned();
        let session = ask.device.session_id();
        let mut state = self.state();
        self.leave(&mut state, &session);
        let mut id = [0; 16];
        self.now().entropy.fill(&mut id);
        let group = Group {
            id: uuid::Builder::from_random_bytes(id).into_uuid(),
            name,
            members: vec![session.clone()],
        };
        let told = self.group_json(&state, &group);
        let id = group.id;
        state.groups.push(group);
        self.tell(&mut state, &session, (id, "GroupJoined", told.clone()));
        Ok(json_answer(&told))
    }

    fn join_group(&self, ask: &Ask<'_>) -> Answer {
        let asked = ask.fields("requestData")?;
        let asked = asked.text("GroupId").unwrap_or_default();
        let id = Uuid::parse_str(asked).map_err(|_none| Refusal::ARGUMENT)?;
        let session = ask.device.session_id();
        let mut state = self.state();
        if !state.groups.iter().any(|group| group.id == id) {
            let gone = (Uuid::nil(), "GroupDoesNotExist", json!(""));
            self.tell(&mut state, &session, gone);
            return Ok(bare(StatusCode::NO_CONTENT));
        }
        let is_there = |group: &&Group| group.id == id && group.members.contains(&session);
        if !state.groups.iter().any(|group| is_there(&group)) {
            self.leave(&mut state, &session);
        }
        let Some(group) = state.groups.iter_mut().find(|group| group.id == id) else {
            return Ok(bare(StatusCode::NO_CONTENT));
        };
        group.members.retain(|member| *member != session);
        let others = group.members.clone();
        group.members.push(session.clone());
        let group = state.groups.iter().find(|group| group.id == id);
        let told = group.map(|group| self.group_json(&state, group));
        let told = (id, "GroupJoined", told.unwrap_or_default());
        self.tell(&mut state, &session, told);
        let name = json!(state.name_at(&session));
        for other in others {
            self.tell(&mut state, &other, (id, "UserJoined", name.clone()));
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn leave_group(&self, ask: &Ask<'_>) -> Response {
        self.leave(&mut self.state(), &ask.device.session_id());
        bare(StatusCode::NO_CONTENT)
    }

    /// Takes a session out of its group; an empty one is gone.
    fn leave(&self, state: &mut State, session: &str) {
        let is_in = |group: &Group| group.members.iter().any(|member| member == session);
        let Some(place) = state.groups.iter().position(is_in) else {
            return;
        };
        state.groups[place].members.retain(|one| one != session);
        let id = state.groups[place].id;
        let others = state.groups[place].members.clone();
        if others.is_empty() {
            state.groups.remove(place);
        }
        let left = (id, "GroupLeft", json!(id.to_string()));
        self.tell(state, session, left);
        let name = json!(state.name_at(session));
        for other in others {
            self.tell(state, &other, (id, "UserLeft", name.clone()));
        }
    }

    fn groups(&self) -> Response {
        let state = self.state();
        let groups = state.groups.iter();
        json_answer(&groups.map(|group| self.group_json(&state, group)).collect())
    }

    fn group(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.id("id")?;
        let state = self.state();
        let group = state.groups.iter().find(|group| Some(group.id) == id);
        let group = group.ok_or(Refusal::NOT_FOUND)?;
        Ok(json_answer(&self.group_json(&state, group)))
    }
}
