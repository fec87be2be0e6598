//! The guard of every page that is for somebody in particular: who is not signed in is led to sign-in, and back.
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use usher_accounts::WebSession;
use usher_domain::account::Account;

use super::cookies::Name;
use super::page::{Fault, Page, Session, with_query};
use super::{Services, owner, return_path, sign_in};

/// Before the name of one of our own pages, where a way in is told what to open at its end. The web client has no such
/// route.
const OWN: &str = "/usher/";

/// The areas of pages that a way in can end at, besides the web client: every page is called by its area, or that and more.
const AREAS: [&str; 3] = ["account", "quick-connect", "console"];

/// What such a page may be asked about.
const ABOUT: [&str; 2] = ["id", "code"];

/// Longest word of such an address, in letters.
const WORD_MAX: usize = 64;

/// A person with a live session, whose browser reaches the pages of the account: it is at the owner's seat, or the owner has
/// shown up at it (R43). Whose form was refused for want of a fresh proof is told so above the page that the proof leads back to.
pub(super) struct SignedIn {
    pub(super) page: Page,
    pub(super) session: WebSession,
    pub(super) account: Account,
}

/// As [`SignedIn`], at whatever seat the browser is: for the pages on the way to another seat, or to the owner.
pub(super) struct AtAnySeat(pub(super) SignedIn);

impl FromRequestParts<Services> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let AtAnySeat(mut signed_in) = AtAnySeat::from_request_parts(parts, services).await?;
        if signed_in.page.carried.is_unsaved {
            signed_in.page.frame.notice = "account-unsaved";
        }
        if services.accounts.reaches_account(&signed_in.session) {
            return Ok(signed_in);
        }
        let to = owner::first(&signed_in.page);
        Err(signed_in.page.go(&to))
    }
}

impl FromRequestParts<Services> for AtAnySeat {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let mut page = Page::from_request_parts(parts, services).await?;
        let Session(session) = Session::from_request_parts(parts, services).await?;
        let Some(session) = session else {
            let next = wanted(&page.frame.here);
            let to = match page.cookies.token(Name::Session) {
                Some(_ended) => sign_in::ended_at(&next),
                None => with_query("sign-in", &[("next", &next)]),
            };
            return Err(page.go(&to));
        };
        let account = services
            .accounts
            .account(session.account)
            .await
            .map_err(|error| Fault::from(error).into_response())?;
        let account = account.filter(|account| !account.is_kept_out() && !account.seen.disabled);
        let Some(account) = account else {
            page.clear(Name::Session);
            return Err(page.go("sign-in?said=refused"));
        };
        page.frame.whose = account.id.to_string();
        // Another window signed somebody else in meanwhile: what was sent is meant for another account.
        let made_for = page.carried.made_for.as_ref();
        if made_for.is_some_and(|account| *account != page.frame.whose) {
            let is_owner_asked = !session.is_at_profile() && !page.frame.here.starts_with("switch");
            return Err(page.go(if is_owner_asked {
                "account?said=somebody_else"
            } else {
                "switch?said=somebody_else"
            }));
        }
        let policy = services.accounts.profile_policy_of(account.id).await;
        let policy = policy.map_err(|error| Fault::from(error).into_response())?;
        page.frame.has_profiles = policy.enabled;
        Ok(Self(SignedIn {
            page,
            session,
            account,
        }))
    }
}

/// Where a way in goes on to that begins at this page. Who is watching is asked there by itself.
fn wanted(here: &str) -> String {
    if !here.starts_with("switch") {
        return end(here);
    }
    let (_, query) = here.split_once('?').unwrap_or_default();
    let mut parts = url::form_urlencoded::parse(query.as_bytes());
    let next = parts.find(|(name, _)| name == "next");
    next.map(|(_, next)| return_path::parse(&next))
        .unwrap_or_default()
}

/// Where the way in ends that begins at this page: there again, where a way can end at it. What it says besides what it is about
/// is left out.
pub(super) fn end(here: &str) -> String {
    let (name, query) = here.split_once('?').unwrap_or((here, ""));
    let asked = query.split('&').find(|pair| is_about(pair));
    let page = match asked {
        Some(about) => format!("{name}?{about}"),
        None => name.to_owned(),
    };
    let page = if is_end(&page) { &page } else { "account" };
    format!("{OWN}{page}")
}

/// The page of ours that a way in ends at, if it is to end at one: only those of the areas (R50).
pub(super) fn own_end(next: &str) -> Option<&str> {
    next.strip_prefix(OWN).filter(|page| is_end(page))
}

/// Whether a page of ours is of one of the areas.
pub(super) fn is_of_area(page: &str) -> bool {
    let name = page.split('?').next().unwrap_or_default();
    AREAS.iter().any(|area| {
        let rest = name.strip_prefix(area);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

fn is_end(page: &str) -> bool {
    let (name, query) = page.split_once('?').unwrap_or((page, ""));
    is_of_area(page) && is_word(name) && (query.is_empty() || is_about(query))
}

/// One part of a query that says what a page is about.
fn is_about(pair: &str) -> bool {
    let (about, what) = pair.split_once('=').unwrap_or_default();
    ABOUT.contains(&about) && !what.is_empty() && is_word(what)
}

fn is_word(text: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'-';
    text.len() <= WORD_MAX && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::{own_end, wanted};

    #[test]
    fn r50_a_way_in_ends_only_at_pages_of_the_list() {
        for (next, end) in [
            ("/usher/account", Some("account")),
            (
                "/usher/quick-connect?code=123456",
                Some("quick-connect?code=123456"),
            ),
            (
                "/usher/account-profile?id=01-2a",
                Some("account-profile?id=01-2a"),
            ),
            ("/usher/account?said=saved", None),
            ("/usher/account?id=1&said=saved", None),
            ("/usher/accounts", None),
            ("/usher/quick-connect?code=1/../x", None),
            ("/usher/sign-in", None),
            ("/usher//evil.example", None),
            ("/details?id=1", None),
            ("", None),
        ] {
            assert_eq!(own_end(next), end, "{next}");
        }
    }

    #[test]
    fn whoever_is_led_to_sign_in_comes_back_to_the_page_or_to_its_area() {
        for (here, to) in [
            ("account-devices", "/usher/account-devices"),
            (
                "account-profile?said=saved&id=01-2a",
                "/usher/account-profile?id=01-2a",
            ),
            ("console-mail", "/usher/console-mail"),
            ("owner?next=x", "/usher/account"),
            ("switch-pin?who=owner", ""),
            (
                "switch-pin?who=owner&next=%2Fdetails%3Fid%3D1",
                "/details?id=1",
            ),
            ("switch?next=%2F%2Fevil.example", ""),
            (
                "quick-connect?code=123456",
                "/usher/quick-connect?code=123456",
            ),
        ] {
            assert_eq!(wanted(here), to, "{here}");
        }
    }
}
