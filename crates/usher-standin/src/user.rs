//! Users: reading, making, renaming, policies, configuration, pictures, removal.
use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, VARY};
use http::{HeaderValue, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::ask::{Ask, Who};
use crate::library::{bare, json_answer, typed};
use crate::limit::{may_come_from, may_use_device, moment};
use crate::refusal::{Answer, Refusal};
use crate::scene::Version;
use crate::server::Server;
use crate::state::{State, User};

/// Fields of a policy that exist only when they are set.
const OPTIONAL_POLICY: &[&str] = &["MaxParentalRating", "MaxParentalSubRating"];

/// Fields of a configuration that exist only when they are set.
const OPTIONAL_CONFIGURATION: &[&str] = &["AudioLanguagePreference"];

/// A user as clients receive it.
pub(crate) fn user_json(server: &Server, user: &User) -> Value {
    let has_password = server.version == Version::V12_0 || user.has_password();
    let mut answer = Map::new();
    let mut put = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    put("Name", json!(user.name));
    put("ServerId", json!(server.id));
    put("Id", json!(user.id.simple().to_string()));
    if let Some((_, bytes)) = &user.image {
        put("PrimaryImageTag", json!(image_tag(bytes)));
    }
    put("HasPassword", json!(has_password));
    put("HasConfiguredPassword", json!(has_password));
    put("HasConfiguredEasyPassword", json!(false));
    put("EnableAutoLogin", json!(false));
    if let Some(at) = user.last_login {
        put("LastLoginDate", json!(moment(at)));
    }
    if let Some(at) = user.last_activity {
        put("LastActivityDate", json!(moment(at)));
    }
    put("Configuration", Value::Object(user.configuration.clone()));
    put("Policy", Value::Object(user.policy.clone()));
    Value::Object(answer)
}

fn image_tag(bytes: &[u8]) -> String {
    Uuid::from_bytes(Md5::digest(bytes).into())
        .simple()
        .to_string()
}

/// Whether the server takes a name: letters, digits and ` -'._@+`, no blank at the ends.
fn is_name(name: &str) -> bool {
    let is_fine = |letter: char| letter.is_alphanumeric() || " -'._@+".contains(letter);
    !name.is_empty() && name.trim() == name && name.chars().all(is_fine)
}

impl Server {
    pub(crate) fn user_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "AuthenticateUserByName" => self.sign_in_by_name(ask),
            "AuthenticateUser" => self.sign_in_by_id(ask),
            "AuthenticateWithQuickConnect" => self.redeem(ask),
            "GetUsers" => Ok(self.users(ask)),
            "GetPublicUsers" => Ok(self.public_users(ask)),
            "GetCurrentUser" => self.me(ask),
            "GetUserById" => self.user_by_id(ask),
            "CreateUserByName" => self.create_user(ask),
            "DeleteUser" => self.delete_user(ask),
            "UpdateUser" | "UpdateUserLegacy" => self.update_user(ask),
            "UpdateUserPolicy" => self.update_policy(ask),
            "UpdateUserConfiguration" | "UpdateUserConfigurationLegacy" => {
                self.update_configuration(ask)
            }
            "UpdateUserPassword" | "UpdateUserPasswordLegacy" => self.update_password(ask),
            "UpdateUserEasyPassword" => Err(Refusal::Bare(StatusCode::FORBIDDEN)),
            "ForgotPassword" => self.forgot_password(ask),
            "ForgotPasswordPin" => self.redeem_pin(ask),
            _ => return None,
        })
    }

    fn users(&self, ask: &Ask<'_>) -> Response {
        let wanted = |switch: &str, name: &str, user: &User| {
            ask.query
                .get(name)
                .is_none_or(|value| value.eq_ignore_ascii_case("true") == user.may(switch))
        };
        self.list(|user| {
            wanted("IsHidden", "isHidden", user) && wanted("IsDisabled", "isDisabled", user)
        })
    }

    fn public_users(&self, ask: &Ask<'_>) -> Response {
        let is_set_up = self.state().wizard_finished;
        let may_see = |user: &User| {
            may_come_from(user, ask.address)
                && (ask.device.id.is_empty() || may_use_device(user, &ask.device.id))
        };
        self.list(|user| {
            !user.may("IsHidden") && !user.may("IsDisabled") && (!is_set_up || may_see(user))
        })
    }

    fn list(&self, is_listed: impl Fn(&User) -> bool) -> Response {
        let state = self.state();
        let mut users: Vec<&User> = state.users.iter().filter(|user| is_listed(user)).collect();
        users.sort_by_key(|user| user.name.to_lowercase());
        json_answer(
            &users
                .into_iter()
                .map(|user| user_json(self, user))
                .collect(),
        )
    }

    fn me(&self, ask: &Ask<'_>) -> Answer {
        let id = ask
            .who
            .user()
            .ok_or(Refusal::Problem(StatusCode::BAD_REQUEST))?;
        self.show(id)
    }

    fn user_by_id(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.id("userId")?.ok_or(Refusal::NOT_FOUND)?;
        self.show(id)
    }

    fn show(&self, id: Uuid) -> Answer {
        let state = self.state();
        let user = state
            .user(id)
            .ok_or(Refusal::Said(StatusCode::NOT_FOUND, "User not found"))?;
        Ok(json_answer(&user_json(self, user)))
    }

    fn create_user(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("request")?;
        let name = fields
            .text("Name")
            .filter(|name| !name.is_empty())
            .ok_or_else(|| Refusal::required("Name"))?;
        let mut state = self.state();
        if !is_name(name) || state.user_named(name).is_some() {
            return Err(Refusal::ARGUMENT);
        }
        let user = state.add_user(name, self.now().entropy);
        let answer = user_json(self, user);
        user.set_password(fields.text("Password").unwrap_or_default());
        let (id, name) = (user.id, user.name.clone());
        self.log(
            &mut state,
            "UserCreated",
            &format!("User {name} has been created"),
            id,
            None,
        );
        // The server writes the user first and the password after it, each with its line.
        if fields.text("Password").is_some() {
            self.log(
                &mut state,
                "UserPasswordChanged",
                &format!("Password has been changed for user {name}"),
                id,
                None,
            );
        }
        Ok(json_answer(&answer))
    }

    fn delete_user(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.id("userId")?.ok_or(Refusal::NOT_FOUND)?;
        let mut state = self.state();
        let user = state.user(id).ok_or(Refusal::NOT_FOUND)?;
        if user.is_administrator() && administrators(&state) == 1 {
            return Err(Refusal::ARGUMENT);
        }
        let name = user.name.clone();
        let told = json!(id.simple().to_string());
        self.tell_user(&mut state, id, "UserDeleted", &told);
        state.remove_user(id);
        self.log(
            &mut state,
            "UserDeleted",
            &format!("User {name} has been deleted"),
            Uuid::nil(),
            None,
        );
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// Tells a user's own sessions what became of the user. Nobody else's are told.
    fn tell_user(&self, state: &mut State, id: Uuid, kind: &str, data: &Value) {
        let message = json!({ "MessageType": kind, "MessageId": self.now().hex(16), "Data": data });
        let sessions = state.sessions.iter().filter(|one| one.user == id);
        let sessions: Vec<String> = sessions.map(|session| session.id.clone()).collect();
        for session in sessions {
            state.say(&session, &message);
        }
    }

    fn update_user(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        let fields = ask.fields("updateUser")?;
        let mut state = self.state();
        state.user(id).ok_or(Refusal::NOT_FOUND)?;
        if ask.who.user() != Some(id) && !ask.who.rules() {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "User update not allowed.",
            ));
        }
        let name = fields.text("Name").unwrap_or_default();
        let is_taken = state.user_named(name).is_some_and(|other| other.id != id);
        if !is_name(name) || is_taken {
            return Err(Refusal::ARGUMENT);
        }
        let is_renamed = state.user(id).is_some_and(|user| user.name != name);
        if let Some(user) = state.user_mut(id) {
            name.clone_into(&mut user.name);
            if let Some(Value::Object(configuration)) = fields.get("Configuration") {
                let sent = crate::json::Fields(configuration.clone());
                sent.replace(&mut user.configuration, OPTIONAL_CONFIGURATION);
            }
        }
        if is_renamed {
            let told = state.user(id).map(|user| user_json(self, user));
            self.tell_user(&mut state, id, "UserUpdated", &told.unwrap_or_default());
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn update_configuration(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        let fields = ask.fields("userConfig")?;
        if ask.who.user() != Some(id) && !ask.who.rules() {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "User configuration update not allowed",
            ));
        }
        let mut state = self.state();
        let user = state.user_mut(id).ok_or(Refusal::NOT_FOUND)?;
        fields.replace(&mut user.configuration, OPTIONAL_CONFIGURATION);
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn update_policy(&self, ask: &Ask<'_>) -> Answer {
        let fields = ask.fields("newPolicy")?;
        let missing: Vec<_> = ["PasswordResetProviderId", "AuthenticationProviderId"]
            .into_iter()
            .filter(|name| fields.text(name).is_none_or(str::is_empty))
            .collect();
        if !missing.is_empty() {
            return Err(Refusal::Invalid(
                missing
                    .into_iter()
                    .map(|name| (name, format!("The {name} field is required.")))
                    .collect(),
            ));
        }
        let id = ask.id("userId")?.ok_or(Refusal::NOT_FOUND)?;
        let mut state = self.state();
        let (rulers, enabled) = (
            administrators(&state),
            state
                .users
                .iter()
                .filter(|user| !user.may("IsDisabled"))
                .count(),
        );
        let user = state.user_mut(id).ok_or(Refusal::NOT_FOUND)?;
        let (will_rule, will_rest) = (
            fields.is_true("IsAdministrator"),
            fields.is_true("IsDisabled"),
        );
        if user.is_administrator() && !will_rule && rulers == 1 {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "There must be at least one user in the system with administrative access.",
            ));
        }
        if user.is_administrator() && will_rest {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "Administrators cannot be disabled.",
            ));
        }
        if will_rest && !user.may("IsDisabled") && enabled == 1 {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "There must be at least one enabled user in the system.",
            ));
        }
        let is_ending = will_rest && !user.may("IsDisabled");
        fields.replace(&mut user.policy, OPTIONAL_POLICY);
        number_schedules(user);
        if is_ending {
            state.revoke(|token| token.user == id);
        }
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// Pictures of users; those of items are the library's.
    pub(crate) fn user_image_action(&self, action: &str, ask: &Ask<'_>) -> Option<Answer> {
        Some(match action {
            "GetUserImage" | "GetUserImageLegacy" | "GetUserImageByIndexLegacy" => {
                self.user_image(ask)
            }
            "PostUserImage" | "PostUserImageLegacy" | "PostUserImageByIndexLegacy" => {
                self.set_user_image(ask)
            }
            "DeleteUserImage" | "DeleteUserImageLegacy" | "DeleteUserImageByIndexLegacy" => {
                self.remove_user_image(ask)
            }
            _ => return None,
        })
    }

    fn user_image(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        let image = self.state().user(id).and_then(|user| user.image.clone());
        let (kind, bytes) = image.ok_or(Refusal::NOT_FOUND)?;
        let tag = image_tag(&bytes);
        let mut response = typed(StatusCode::OK, "image/png", Body::from(bytes));
        let headers = response.headers_mut();
        headers.insert(VARY, HeaderValue::from_static("Accept"));
        if let Ok(kind) = HeaderValue::from_str(&kind) {
            headers.insert(CONTENT_TYPE, kind);
        }
        let is_new = self.version == Version::V12_0;
        let cache = if is_new {
            "public, max-age=31536000, immutable"
        } else {
            "public, max-age=31536000"
        };
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static(if ask.query.get("tag").is_some() {
                cache
            } else {
                "public"
            }),
        );
        if let Some(tag) = HeaderValue::from_str(&format!("\"{tag}\""))
            .ok()
            .filter(|_| is_new)
        {
            headers.insert(ETAG, tag);
        }
        Ok(response)
    }

    fn set_user_image(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        if ask.who.user() != Some(id) && !ask.who.rules() {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "User is not allowed to update the image.",
            ));
        }
        let kind = ask
            .headers
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .filter(|kind| kind.starts_with("image/"));
        let kind = kind
            .ok_or(Refusal::Said(
                StatusCode::BAD_REQUEST,
                "Incorrect ContentType.",
            ))?
            .to_owned();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(ask.body)
            .map_err(|_not_base64| Refusal::ARGUMENT)?;
        let mut state = self.state();
        state.user_mut(id).ok_or(Refusal::NOT_FOUND)?.image = Some((kind, bytes));
        Ok(bare(StatusCode::NO_CONTENT))
    }

    fn remove_user_image(&self, ask: &Ask<'_>) -> Answer {
        let id = ask.subject()?;
        if ask.who.user() != Some(id) && !ask.who.rules() {
            return Err(Refusal::Said(
                StatusCode::FORBIDDEN,
                "User is not allowed to delete the image.",
            ));
        }
        self.state().user_mut(id).ok_or(Refusal::NOT_FOUND)?.image = None;
        Ok(bare(StatusCode::NO_CONTENT))
    }

    /// The token that a request shows, for what spares the caller's own.
    pub(crate) fn shown_token(ask: &Ask<'_>) -> String {
        match &ask.who {
            Who::User { token, .. } | Who::Key(token) => token.clone(),
            Who::Nobody => String::new(),
        }
    }
}

/// Schedules are rows of the server's database: each is given a number and its user.
fn number_schedules(user: &mut User) {
    let owner = user.id.simple().to_string();
    let list = user
        .policy
        .get_mut("AccessSchedules")
        .and_then(Value::as_array_mut);
    for (place, schedule) in list.into_iter().flatten().enumerate() {
        schedule["Id"] = json!(place + 1);
        schedule["UserId"] = json!(owner);
    }
}

fn administrators(state: &State) -> usize {
    state
        .users
        .iter()
        .filter(|user| user.is_administrator())
        .count()
}
