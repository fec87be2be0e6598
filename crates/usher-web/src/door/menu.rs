//! Links to Usher's pages in the menu of Jellyfin's web client.
use http::HeaderMap;
use usher_accounts::AccountError;
use usher_proxy::MenuLink;
use usher_proxy::rules::Visit;

use super::{Door, log};
use crate::pages;

/// The links for whoever sits at this browser, in its language. *Switch profile* stands there for those who may have profiles.
/// The web client asks once, when it is loaded, also where nobody has signed in yet: then the switch for everybody counts.
pub(super) async fn links(door: &Door, visit: &Visit, headers: &HeaderMap) -> Vec<MenuLink> {
    let tongue = pages::tongue(headers, visit);
    let link = |key: &str, icon: &str, page: &str| MenuLink {
        name: tongue.t(key),
        icon: icon.to_owned(),
        url: format!("{}/usher/{page}", door.options.public_url),
    };
    let mut links = Vec::new();
    let has_profiles = has_profiles(door, visit, headers).await;
    // Its page says what is the matter.
    let is_shown = has_profiles.unwrap_or_else(|outage| {
        log("Whether there are profiles could not be found out", &outage);
        true
    });
    if is_shown {
        links.push(link("menu-switch", "switch_account", "switch"));
    }
    links.push(link("menu-account", "manage_accounts", "account"));
    links
}

async fn has_profiles(
    door: &Door,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<bool, AccountError> {
    let accounts = &door.accounts;
    let session = match pages::session_cookie(headers, visit) {
        Some(cookie) => accounts.web_session(&cookie).await?,
        None => None,
    };
    let Some(session) = session else {
        return Ok(accounts.settings().await?.profiles.enabled);
    };
    let policy = accounts.profile_policy_of(session.account).await?;
    // Where fewer are allowed than there are, they can be used all the same.
    let are_any = policy.most > 1 || accounts.profile_count(session.account).await? > 1;
    Ok(policy.enabled && are_any)
}
