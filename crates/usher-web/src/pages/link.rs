//! Pages that links in mails lead to (R13): the secret stands behind the `#`, so that no server sees it on the way and no
//! mail scanner uses it up; opening the page changes nothing. Its one button does what the page says, or leads to where that is
//! shown first.
//!
//! Queries are ignored here: mail programs and messengers hang their own marks on links.
use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_domain::secret::OpaqueToken;

use super::frame::Frame;
use super::page::{Answer, Page, Typed};

/// What a link is for. Its page and its words follow from this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Landing {
    /// The invitation to an account.
    SetUp,
    /// A reset of the password.
    Reset,
    /// Taking a change of address back.
    Undo,
    /// "This was not me" (R10).
    Revoke,
    /// "This was not me", of a sign-in (R39).
    NotMe,
}

impl Landing {
    #[cfg(test)]
    pub(super) const ALL: [Self; 5] = [
        Self::SetUp,
        Self::Reset,
        Self::Undo,
        Self::Revoke,
        Self::NotMe,
    ];

    const fn action(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Reset => "reset",
            Self::Undo => "undo",
            Self::Revoke => "revoke",
            Self::NotMe => "not-me",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::SetUp => "web-set-up-title",
            Self::Reset => "web-reset-title",
            Self::Undo => "web-undo-title",
            Self::Revoke => "web-revoke-title",
            Self::NotMe => "web-not-me-title",
        }
    }

    const fn body(self) -> &'static str {
        match self {
            Self::SetUp => "web-set-up-body",
            Self::Reset => "web-reset-body",
            Self::Undo => "web-undo-body",
            Self::Revoke => "web-revoke-body",
            Self::NotMe => "web-not-me-body",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::SetUp | Self::Reset | Self::Undo => "web-go-on",
            Self::Revoke => "web-revoke-action",
            Self::NotMe => "web-not-me-action",
        }
    }

    /// What is said of a link that is used, too old, or not whole.
    const fn spent(self) -> &'static str {
        match self {
            Self::SetUp => "web-set-up-spent",
            Self::Reset => "web-reset-spent",
            Self::Undo => "web-undo-spent",
            Self::Revoke => "web-revoke-spent",
            Self::NotMe => "web-not-me-spent",
        }
    }

    /// Where another link is asked for: a page, and the key of what it is called.
    const fn anew(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Reset => Some(("forgot", "web-reset-anew")),
            Self::SetUp | Self::Undo | Self::Revoke | Self::NotMe => None,
        }
    }

    /// Whether somebody is signed in by it in the end, so that the browser's device id is needed.
    pub(super) const fn needs_device(self) -> bool {
        matches!(self, Self::SetUp)
    }
}

#[derive(Template)]
#[template(path = "page/link.html")]
pub(super) struct LinkPage<'a> {
    pub(super) frame: &'a Frame,
    pub(super) landing: Landing,
    pub(super) wrong: &'static str,
}

/// The form: what stands behind the `#`, filled in by the page or pasted by the person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) link: String,
}

/// The secret of a pasted link, or of its end alone.
pub(super) fn secret(pasted: &str) -> Option<OpaqueToken> {
    let end = pasted.rsplit('#').next().unwrap_or_default();
    OpaqueToken::parse(end.trim())
}

/// Where a link leads: nothing is looked up, nothing is changed.
pub(super) fn landing(page: Page, landing: Landing, wrong: &'static str) -> Response {
    let frame = page.frame.clone();
    page.show(&LinkPage {
        frame: &frame,
        landing,
        wrong,
    })
}

/// The page of a link that is used, too old, or not whole.
pub(super) fn spent(page: Page, link: Landing) -> Response {
    landing(page, link, link.spent())
}

/// `GET /usher/revoke`.
pub(super) async fn show_revoke(page: Page) -> Response {
    landing(page, Landing::Revoke, "")
}

/// `POST /usher/revoke`.
pub(super) async fn revoke(page: Page, Typed(typed): Typed<Form>) -> Answer {
    let accounts = page.services.accounts.clone();
    let is_revoked = match secret(&typed.link) {
        Some(link) => accounts.revoke(&link, &page.visitor).await?,
        None => false,
    };
    Ok(if is_revoked {
        page.go("sign-in?said=revoked")
    } else {
        spent(page, Landing::Revoke)
    })
}

#[cfg(test)]
mod tests {
    use usher_domain::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn r13_without_script_a_link_can_be_pasted_whole_or_by_its_end() {
        let token = OpaqueToken::generate(&SeededEntropy::new(7));
        let end = token.reveal();
        for pasted in [
            end.to_owned(),
            format!(" #{end}\n"),
            format!("https://films.example/usher/set-up#{end}"),
        ] {
            let found = secret(&pasted).unwrap();
            assert_eq!(found.reveal(), end, "{pasted}");
        }
        for pasted in ["", "#", "https://films.example/usher/set-up", "#too-short"] {
            assert!(secret(pasted).is_none(), "{pasted}");
        }
    }
}
