//! From page to page: a sign-in's next step decides, nothing else does.
use axum::response::Response;
use usher_accounts::sign_in::{AttemptView, Moved, WebSignIn};
use usher_domain::sign_in::{Refusal, Step};

use super::cookies::Name;
use super::hand_over::{Then, hand_over};
use super::page::{Fault, Page};
use super::sign_in;

/// Longest device id, in bytes: the web client makes one of its user agent.
const DEVICE_MAX: usize = 1024;

/// The page of a step of an attempt that leads to `next`.
fn page_of(step: Step, next: &str) -> String {
    let page = match step {
        Step::Password | Step::Done => "sign-in",
        Step::Claim => "first-time",
        Step::SetPassword => "set-password",
        Step::SecondFactor => "second-factor",
        Step::Email => "email",
        Step::VerifyEmail => "code",
        Step::EnrollSecondFactor => "enroll",
        Step::KeepRecoveryCodes => "recovery-codes",
        Step::ChooseProfile => "profiles",
        Step::Refused(Refusal::Expired) => return sign_in::over_at(next),
        Step::Refused(Refusal::TooManyWrongAnswers) => return sign_in::too_many_at(next),
        Step::Refused(Refusal::OwedElsewhere) => return sign_in::refused_at(next),
    };
    page.to_owned()
}

/// The attempt of this browser, if it is at the step of this page.
pub(super) enum Stands {
    Here(AttemptView),
    /// It is elsewhere, or there is none: the browser is sent there.
    Elsewhere(String),
}

/// Where the attempt of this browser stands, for the page of one step.
pub(super) async fn stands(page: &Page, here: Step) -> Result<Stands, Fault> {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return Ok(Stands::Elsewhere("sign-in".to_owned()));
    };
    let view = page.services.accounts.attempt(&cookie).await?;
    Ok(match view {
        Some(view) if view.step == here => Stands::Here(view),
        Some(view) => Stands::Elsewhere(page_of(view.step, &view.next)),
        None => Stands::Elsewhere(sign_in::over_at(&led_to(page).await)),
    })
}

/// The form of sign-in for whoever goes back to it from a later step: it leads to where this attempt would have led.
pub(super) async fn back(page: &Page) -> String {
    sign_in::form_at(&led_to(page).await)
}

/// Where the attempt of this browser leads, or would have led where it is over. Empty for the first page of the web client, and
/// where it cannot be read.
pub(super) async fn led_to(page: &Page) -> String {
    let Some(cookie) = page.cookies.token(Name::Attempt) else {
        return String::new();
    };
    let led_to = page.services.accounts.attempt_led_to(&cookie).await;
    led_to.unwrap_or_else(|error| {
        let error = &error as &dyn std::error::Error;
        tracing::warn!(error, "Where a sign-in was to lead could not be read");
        String::new()
    })
}

/// What follows from an answer to a later step.
pub(super) async fn go_on(mut page: Page, moved: Moved) -> Response {
    match moved {
        Moved::Next(step @ Step::Refused(_)) => {
            let to = page_of(step, &led_to(&page).await);
            page.clear(Name::Attempt);
            page.go(&to)
        }
        Moved::Next(step) => page.go(&page_of(step, "")),
        Moved::Done(signed_in) => hand_over(page, &signed_in, Then::Client).await,
        Moved::Gone => over(page).await,
        Moved::Refused => {
            let to = sign_in::refused_at(&led_to(&page).await);
            page.clear(Name::Attempt);
            page.go(&to)
        }
    }
}

/// The attempt is over: it begins anew.
pub(super) async fn over(mut page: Page) -> Response {
    let to = sign_in::over_at(&led_to(&page).await);
    page.clear(Name::Attempt);
    page.go(&to)
}

/// What follows from a first step. `refuse` shows its page again, with the key of what is wrong.
pub(super) async fn begin(
    mut page: Page,
    entered: WebSignIn,
    wrong: &'static str,
    refuse: impl FnOnce(Page, &'static str) -> Response,
) -> Response {
    match entered {
        WebSignIn::Next(cookie, step) => {
            page.keep(Name::Attempt, &cookie);
            page.go(&page_of(step, ""))
        }
        WebSignIn::Done(signed_in) => hand_over(page, &signed_in, Then::Client).await,
        WebSignIn::Wrong => refuse(page, wrong),
        WebSignIn::Wait(_same_for_all) => refuse(page, "web-too-many"),
        WebSignIn::Busy => refuse(page, "web-busy"),
    }
}

/// The id under which this browser is known to Jellyfin. Without script it tells none and is given one, which the web
/// client takes over at the end.
pub(super) fn device(page: &Page, typed: String) -> String {
    let is_usable =
        !typed.is_empty() && typed.len() <= DEVICE_MAX && !typed.chars().any(char::is_control);
    if is_usable {
        typed
    } else {
        page.services.accounts.new_device_id()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_has_a_page_and_what_is_over_begins_anew() {
        let pages = [
            (Step::Password, "sign-in"),
            (Step::Claim, "first-time"),
            (Step::SetPassword, "set-password"),
            (Step::Email, "email"),
            (Step::VerifyEmail, "code"),
            (Step::SecondFactor, "second-factor"),
            (Step::EnrollSecondFactor, "enroll"),
            (Step::KeepRecoveryCodes, "recovery-codes"),
            (Step::ChooseProfile, "profiles"),
        ];
        for (step, page) in pages {
            assert_eq!(page_of(step, "/home"), page, "{step:?}");
        }
        for refusal in [
            Refusal::Expired,
            Refusal::TooManyWrongAnswers,
            Refusal::OwedElsewhere,
        ] {
            let page = page_of(Step::Refused(refusal), "/home");
            assert!(page.starts_with("sign-in?said="), "{refusal:?}: {page}");
            assert!(page.ends_with("&next=%2Fhome"), "{refusal:?}: {page}");
        }
    }
}
