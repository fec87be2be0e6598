//! Usher's cookies, all in one place: their names, how long browsers keep them, and who may read them (R44).
//!
//! Invariant: no script reads them, and on https they travel over https alone. At the root of a site their names begin
//! with `__Host-`, so that no other host of the same domain can plant one.
//! Invariant: a value that cannot be one of ours is treated as absent.
use std::convert::Infallible;
use std::time::Duration;

use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use http::HeaderMap;
use usher_domain::code::Purpose;
use usher_domain::secret::OpaqueToken;
use usher_domain::{second_factor, sign_in};
use usher_proxy::rules::{Scheme, Visit};

/// How long browsers keep what the server judges by its own clock. They shorten it to 400 days.
const LONG: Duration = Duration::from_hours(400 * 24);

/// The cookies of Usher's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    /// A browser that is signed in.
    Session,
    /// A browser that is trusted.
    Trust,
    /// A sign-in on its way.
    Attempt,
    /// A passkey that was asked for, whoever's it will be.
    Passkey,
    /// The browser that asked for a reset: its code is good here alone (R2).
    Reset,
    /// A reset that was proven: lets the new password be chosen.
    ResetProof,
    /// The language that was chosen.
    Language,
}

impl Name {
    const fn text(self) -> &'static str {
        match self {
            Self::Session => "usher_session",
            Self::Trust => "usher_trust",
            Self::Attempt => "usher_attempt",
            Self::Passkey => "usher_passkey",
            Self::Reset => "usher_reset",
            Self::ResetProof => "usher_reset_proof",
            Self::Language => "usher_language",
        }
    }

    const fn life(self) -> Duration {
        match self {
            Self::Session | Self::Language => LONG,
            Self::Trust => second_factor::TRUSTED,
            Self::Attempt | Self::Passkey => sign_in::LIFE,
            Self::Reset | Self::ResetProof => Purpose::Reset.link_life(),
        }
    }

    /// A session and a language hold for whoever follows a link from a mail or another site; a flow goes from one of
    /// our own pages to the next.
    const fn same_site(self) -> SameSite {
        match self {
            Self::Session | Self::Language => SameSite::Lax,
            Self::Trust | Self::Attempt | Self::Passkey | Self::Reset | Self::ResetProof => {
                SameSite::Strict
            }
        }
    }
}

/// The cookies that a browser sent, and what the answer changes of them: hand it back beside the page.
#[derive(Clone)]
pub(super) struct Cookies {
    jar: CookieJar,
    secure: bool,
    /// The base URL below which people reach Usher, without a slash at its end.
    base: String,
}

impl Cookies {
    pub(super) fn new(headers: &HeaderMap, visit: &Visit) -> Self {
        Self {
            jar: CookieJar::from_headers(headers),
            secure: visit.scheme == Scheme::Https,
            base: visit.base.clone(),
        }
    }

    /// The secret in a cookie. `None` where there is none, or one that Usher never made.
    pub(super) fn token(&self, name: Name) -> Option<OpaqueToken> {
        self.text(name).and_then(OpaqueToken::parse)
    }

    /// What stands in a cookie: anything.
    pub(super) fn text(&self, name: Name) -> Option<&str> {
        self.jar.get(&self.full_name(name)).map(Cookie::value)
    }

    /// Keeps a secret.
    #[must_use]
    pub(super) fn keep(self, name: Name, token: &OpaqueToken) -> Self {
        self.keep_text(name, token.reveal())
    }

    /// Keeps a text.
    #[must_use]
    pub(super) fn keep_text(mut self, name: Name, text: &str) -> Self {
        let cookie = self.cookie(name, text);
        self.jar = self.jar.add(cookie);
        self
    }

    /// Clears a cookie, where the browser sent it.
    #[must_use]
    pub(super) fn clear(mut self, name: Name) -> Self {
        // A browser takes a `__Host-` cookie away only by one that has every mark of it.
        let cookie = self.cookie(name, "");
        self.jar = self.jar.remove(cookie);
        self
    }

    fn cookie(&self, name: Name, text: &str) -> Cookie<'static> {
        Cookie::build((self.full_name(name), text.to_owned()))
            .path(format!("{}/", self.base))
            .max_age(name.life().try_into().unwrap_or_default())
            .same_site(name.same_site())
            .http_only(true)
            .secure(self.secure)
            .build()
    }

    fn full_name(&self, name: Name) -> String {
        let prefix = if self.secure && self.base.is_empty() {
            "__Host-"
        } else {
            ""
        };
        format!("{prefix}{}", name.text())
    }
}

impl IntoResponseParts for Cookies {
    type Error = Infallible;

    fn into_response_parts(self, parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.jar.into_response_parts(parts)
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http::{HeaderValue, header};
    use usher_domain::entropy::SeededEntropy;

    use super::*;
    use crate::pages::tests::visit;

    const FLOWS: [Name; 4] = [Name::Attempt, Name::Passkey, Name::Reset, Name::ResetProof];

    fn cookies(scheme: Scheme, base: &str, sent: &str) -> Cookies {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(sent).unwrap());
        let visit = Visit {
            scheme,
            base: base.to_owned(),
            ..visit()
        };
        Cookies::new(&headers, &visit)
    }

    fn told(cookies: Cookies) -> Vec<String> {
        let response = (cookies, ()).into_response();
        let told = response.headers().get_all(header::SET_COOKIE).into_iter();
        told.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    fn token() -> OpaqueToken {
        OpaqueToken::generate(&SeededEntropy::new(1))
    }

    #[test]
    fn r44_on_https_a_cookie_belongs_to_this_host_alone_and_no_script_reads_it() {
        let kept = cookies(Scheme::Https, "", "").keep(Name::Session, &token());
        let [line] = told(kept).try_into().unwrap();
        let begin = format!("__Host-usher_session={};", token().reveal());
        assert!(line.starts_with(&begin), "{line}");
        for mark in ["; HttpOnly", "; Secure", "; Path=/;", "; SameSite=Lax"] {
            assert!(line.contains(mark), "{line} lacks {mark}");
        }
        assert!(!line.contains("Domain"), "{line}");
    }

    #[test]
    fn r44_below_a_base_url_or_on_plain_http_the_name_has_no_prefix() {
        let below = told(cookies(Scheme::Https, "/films", "").keep(Name::Session, &token()));
        assert!(below[0].starts_with("usher_session="), "{below:?}");
        assert!(below[0].contains("; Path=/films/"), "{below:?}");
        assert!(below[0].contains("; Secure"), "{below:?}");
        let plain = told(cookies(Scheme::Http, "", "").keep(Name::Session, &token()));
        assert!(plain[0].starts_with("usher_session="), "{plain:?}");
        assert!(!plain[0].contains("Secure"), "{plain:?}");
    }

    #[test]
    fn r2_the_cookies_of_a_flow_are_sent_from_our_own_pages_alone() {
        for name in FLOWS {
            let [line] = told(cookies(Scheme::Https, "", "").keep(name, &token()))
                .try_into()
                .unwrap();
            assert!(line.contains("; SameSite=Strict"), "{line}");
            assert!(line.contains("; HttpOnly"), "{line}");
        }
    }

    #[test]
    fn r44_what_cannot_be_a_secret_of_ours_is_no_cookie() {
        for value in ["", "x", "../../etc", "\"", &"a".repeat(5000)] {
            let sent = cookies(Scheme::Http, "", &format!("usher_session={value}"));
            assert!(sent.token(Name::Session).is_none(), "{value}");
        }
        let sent = format!("a=b; usher_session={}", token().reveal());
        assert!(
            cookies(Scheme::Http, "", &sent)
                .token(Name::Session)
                .is_some()
        );
        // Planted without the prefix by another host of the domain.
        assert!(
            cookies(Scheme::Https, "", &sent)
                .token(Name::Session)
                .is_none()
        );
    }

    #[test]
    fn a_cookie_is_cleared_with_every_mark_that_it_was_set_with() {
        let sent = format!("__Host-usher_attempt={}", token().reveal());
        let [line] = told(cookies(Scheme::Https, "", &sent).clear(Name::Attempt))
            .try_into()
            .unwrap();
        assert!(line.starts_with("__Host-usher_attempt=;"), "{line}");
        assert!(line.contains("; Max-Age=0;"), "{line}");
        assert!(
            line.contains("; Secure") && line.contains("; Path=/"),
            "{line}"
        );
    }
}
