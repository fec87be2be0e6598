//! The guard of every page that is for somebody in particular: who is not signed in is led to sign-in, and back.
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use usher_accounts::WebSession;
use usher_domain::account::Account;

use super::cookies::Name;
use super::page::{Fault, Page, Session};
use super::{Services, owner};

/// Before the name of one of our own pages, where a way in is told what to open at its end. The web client has no such
/// route.
const OWN: &str = "/usher/";

/// The pages that a way in can end at, besides the web client.
const ENDS: [&str; 11] = [
    "account",
    "account-profiles",
    "account-devices",
    "account-activity",
    "account-password",
    "account-security",
    "account-address",
    "account-sign-ins",
    "account-app-passwords",
    "quick-connect",
    "console",
];

/// A person with a live session, whose browser reaches the pages of the account: it is at the owner's seat, or the owner has
/// shown up at it (R43).
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
        let AtAnySeat(signed_in) = AtAnySeat::from_request_parts(parts, services).await?;
        if services.accounts.reaches_account(&signed_in.session) {
            return Ok(signed_in);
        }
        let to = owner::first(&signed_in.page.frame.here);
        Err(signed_in.page.go(&to))
    }
}

impl FromRequestParts<Services> for AtAnySeat {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let mut page = Page::from_request_parts(parts, services).await?;
        let Session(session) = Session::from_request_parts(parts, services).await?;
        let Some(session) = session else {
            let to = way_back(&page.frame.here);
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
            return Err(page.go("sign-in"));
        };
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

/// Sign-in, from where this page opens again. Who is watching is asked there by itself.
fn way_back(here: &str) -> String {
    if here.starts_with("switch") {
        return "sign-in".to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", &area(here))
        .finish();
    format!("sign-in?{query}")
}

/// This page; of one at which no way ends the first of its area.
pub(super) fn area(here: &str) -> String {
    let name = here.split('?').next().unwrap_or_default();
    let end = match name {
        "quick-connect" => here,
        _ if ENDS.contains(&name) => name,
        _ if name.starts_with("console") => "console",
        _other_area => "account",
    };
    format!("{OWN}{end}")
}

/// The page of ours that a way in ends at, if it is to end at one: only those of the list (R50).
pub(super) fn own_end(next: &str) -> Option<&str> {
    let page = next.strip_prefix(OWN)?;
    let (name, query) = page.split_once('?').unwrap_or((page, ""));
    let is_code = query.strip_prefix("code=").is_some_and(|code| {
        !code.is_empty()
            && code.len() <= 12
            && code.bytes().all(|letter| letter.is_ascii_alphanumeric())
    });
    let is_known = query.is_empty() || (name == "quick-connect" && is_code);
    (ENDS.contains(&name) && is_known).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::{own_end, way_back};

    #[test]
    fn r50_a_way_in_ends_only_at_pages_of_the_list() {
        for (next, end) in [
            ("/usher/account", Some("account")),
            (
                "/usher/quick-connect?code=123456",
                Some("quick-connect?code=123456"),
            ),
            ("/usher/account?code=123456", None),
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
            ("account-devices", "sign-in?next=%2Fusher%2Faccount-devices"),
            (
                "account-address-code?x=1",
                "sign-in?next=%2Fusher%2Faccount",
            ),
            ("console-mail", "sign-in?next=%2Fusher%2Fconsole"),
            ("switch-pin?who=owner", "sign-in"),
            (
                "quick-connect?code=123456",
                "sign-in?next=%2Fusher%2Fquick-connect%3Fcode%3D123456",
            ),
        ] {
            assert_eq!(way_back(here), to, "{here}");
        }
    }
}
