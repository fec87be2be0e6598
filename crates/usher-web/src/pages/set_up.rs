//! The first password: the page that an invitation leads to, and the choice itself.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::FirstPassword;
use usher_domain::password::PasswordError;
use usher_domain::secret::SecretText;
use usher_domain::sign_in::{AddressOwed, Step};

use super::cookies::Name;
use super::frame::Frame;
use super::link::{self, Landing};
use super::page::{Answer, Page, Typed};
use super::sign_in;
use super::step::{self, Stands};

/// The form of an invitation's page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    link: String,
    device: String,
}

/// The form of a chosen password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    pub(super) password: SecretText,
    /// For whom the page was made, as its password manager reads it.
    #[serde(default, rename = "username")]
    made_for: String,
}

impl Chosen {
    /// Whether another window has begun the same for somebody else meanwhile: that one's password is not set.
    pub(super) fn is_meant_for_other(&self, name: &str) -> bool {
        !self.made_for.is_empty() && self.made_for != name
    }
}

#[derive(Template)]
#[template(path = "page/choose.html")]
pub(super) struct ChoosePage<'a> {
    pub(super) frame: &'a Frame,
    /// Whose password it is.
    pub(super) name: &'a str,
    /// The page that takes it.
    pub(super) action: &'a str,
    pub(super) title: &'static str,
    pub(super) body: &'static str,
    /// Steps of the way: an address may be asked for afterwards. Zero: nothing comes after this.
    pub(super) steps: i32,
    pub(super) wrong: &'static str,
}

impl ChoosePage<'_> {
    /// Words that everybody would try here.
    fn words(&self) -> String {
        format!("{} {}", self.name, self.frame.server)
    }
}

/// `GET /usher/set-up`.
pub(super) async fn arrive(page: Page) -> Response {
    link::landing(page, Landing::SetUp, "")
}

/// `POST /usher/set-up`.
pub(super) async fn open(page: Page, Typed(typed): Typed<Invitation>) -> Answer {
    let Some(link) = link::secret(&typed.link) else {
        return Ok(link::spent(page, Landing::SetUp));
    };
    let device = step::device(&page, typed.device);
    let accounts = page.services.accounts.clone();
    let entered = accounts
        .open_set_up_link(&link, &device, &page.visitor)
        .await?;
    Ok(
        step::begin(page, entered, "web-set-up-spent", |page, wrong| {
            link::landing(page, Landing::SetUp, wrong)
        })
        .await,
    )
}

/// `GET /usher/set-password`.
pub(super) async fn show(page: Page) -> Answer {
    choose(page, "").await
}

/// `POST /usher/set-password`.
pub(super) async fn submit(mut page: Page, Typed(typed): Typed<Chosen>) -> Answer {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(step::over(page).await);
    };
    let accounts = page.services.accounts.clone();
    let view = accounts.attempt(&cookie).await?;
    let name = view.and_then(|view| view.name).unwrap_or_default();
    if typed.is_meant_for_other(&name) {
        return choose(page, "web-password-other").await;
    }
    let chosen = accounts
        .choose_first_password(&cookie, &typed.password, &page.visitor)
        .await?;
    match chosen {
        FirstPassword::Set(moved) => Ok(step::go_on(page, moved).await),
        FirstPassword::Refused(rule) => choose(page, broken(rule)).await,
        FirstPassword::Busy => choose(page, "web-password-busy").await,
        FirstPassword::Gone => Ok(step::over(page).await),
        FirstPassword::Taken => {
            let to = sign_in::set_up_gone_at(&step::led_to(&page).await);
            page.clear(Name::Attempt);
            Ok(page.go(&to))
        }
    }
}

async fn choose(page: Page, wrong: &'static str) -> Answer {
    let view = match step::stands(&page, Step::SetPassword).await? {
        Stands::Here(view) => view,
        Stands::Elsewhere(there) => return Ok(page.go(&there)),
    };
    let frame = page.frame.clone();
    Ok(page.show(&ChoosePage {
        frame: &frame,
        name: view.name.as_deref().unwrap_or_default(),
        action: "set-password",
        title: "web-set-password-title",
        body: "web-set-password-body",
        steps: match view.owed.address {
            AddressOwed::No => 0,
            AddressOwed::MaySkip | AddressOwed::Required => 3,
        },
        wrong,
    }))
}

/// The key of what is said of a broken rule.
pub(super) const fn broken(rule: PasswordError) -> &'static str {
    match rule {
        PasswordError::TooShort => "web-password-too-short",
        PasswordError::TooLong => "web-password-too-long",
        PasswordError::BlankEnd => "web-password-blank-end",
        PasswordError::LooksLikeCode => "web-password-looks-like-code",
        PasswordError::Common => "web-password-common",
    }
}
