//! The mailbox of a demo: every mail that Usher "sent", to read instead of a real inbox.
//!
//! It shows every code and link to whoever asks, so it exists only where mails are kept instead of being sent.
use askama::Template;
use axum::Json;
use axum::response::IntoResponse;
use http::header;
use serde::Deserialize;
use serde_json::{Value, json};

use super::frame::Frame;
use super::page::{Answer, Asked, Page};

/// As on every page, but for the styles: a mail's HTML brings its own, in a frame that may do nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Mails that are listed.
const LISTED_MAX: u64 = 200;

/// Which mail is open.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    id: Option<String>,
}

/// A mail, as its page shows it.
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) html: String,
    pub(super) code: String,
    pub(super) link: String,
    pub(super) at: String,
    pub(super) is_open: bool,
}

#[derive(Template)]
#[template(path = "page/mailbox.html")]
pub(super) struct MailboxPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) letters: Vec<Letter>,
}

impl MailboxPage<'_> {
    fn open(&self) -> Option<&Letter> {
        self.letters.iter().find(|letter| letter.is_open)
    }
}

/// `GET /usher/mailbox`.
pub(super) async fn show(page: Page, Asked(query): Asked<Query>) -> Answer {
    let mut letters = letters(&page).await?;
    let wanted = query.id.unwrap_or_default();
    let open = letters
        .iter()
        .position(|letter| letter.id == wanted)
        .unwrap_or(0);
    if let Some(letter) = letters.get_mut(open) {
        letter.is_open = true;
    }
    let frame = page.frame.clone();
    let shown = page.show(&MailboxPage {
        frame: &frame,
        letters,
    });
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY)], shown).into_response())
}

/// `GET /usher/mailbox.json`, for scripts: newest first.
pub(super) async fn list(page: Page) -> Answer {
    let letters = letters(&page).await?;
    let known = |text: String| (!text.is_empty()).then_some(text);
    let all: Vec<Value> = letters
        .into_iter()
        .map(|letter| {
            json!({
                "to": letter.to,
                "subject": letter.subject,
                "kind": letter.kind,
                "text": letter.text,
                "html": letter.html,
                "code": known(letter.code),
                "link": known(letter.link),
                "at": letter.at,
            })
        })
        .collect();
    Ok(Json(all).into_response())
}

async fn letters(page: &Page) -> Result<Vec<Letter>, usher_accounts::AccountError> {
    let kept = page.services.accounts.mailbox(LISTED_MAX).await?;
    Ok(kept
        .into_iter()
        .map(|mail| Letter {
            id: mail.id.to_string(),
            to: mail.recipient,
            subject: mail.subject,
            kind: mail.kind,
            text: mail.text,
            html: mail.html,
            code: mail.code.unwrap_or_default(),
            link: mail.link.unwrap_or_default(),
            at: mail.at.to_jiff().to_string(),
            is_open: false,
        })
        .collect())
}
