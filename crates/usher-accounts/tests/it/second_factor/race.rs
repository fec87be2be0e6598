//! Sixty-four at once with the same proof: it is good for one of them.
use futures_util::future::join_all;
use usher_accounts::press::PressApproval;
use usher_accounts::second_factor::{FactorAnswer, Shown};
use usher_accounts::sign_in::{AppSignIn, WebSignIn};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::Step;
use usher_standin::Fault;

use super::{STEP, in_trusted};
use crate::desk::{Desk, at_home};
use crate::press::approve_link;

const AT_ONCE: usize = 64;
const ANNA: &str = "anna@example.org";

impl Desk {
    /// How many of 64 answers at once in one sign-in are right.
    async fn race(&self, cookie: &OpaqueToken, shown: Shown<'_>) -> usize {
        let answers = join_all((0..AT_ONCE).map(|_| self.answer(cookie, shown))).await;
        right(&answers)
    }

    /// As [`race`](Self::race), in eight sign-ins.
    async fn race_apart(&self, shown: Shown<'_>) -> usize {
        let mut cookies = Vec::new();
        for _ in 0..8 {
            cookies.push(self.asked_for_factor("anna").await);
        }
        let answers = cookies.iter().cycle().take(AT_ONCE);
        let answers = join_all(answers.map(|cookie| self.answer(cookie, shown))).await;
        right(&answers)
    }

    /// How many of 64 presses at once, with this typed, are let in.
    async fn race_in_app(&self, typed: &str) -> usize {
        let visitor = at_home();
        let presses = (0..AT_ONCE).map(|_| self.press_from("anna", typed, "tv", &visitor));
        let answers = join_all(presses).await;
        let is_in = |answer: &&AppSignIn| matches!(answer, AppSignIn::Answer(_));
        answers.iter().filter(is_in).count()
    }
}

/// How many answers are right.
fn right(answers: &[FactorAnswer]) -> usize {
    let right = |answer: &&FactorAnswer| matches!(answer, FactorAnswer::Right(_));
    answers.iter().filter(right).count()
}

/// How many tokens and sessions Jellyfin has.
fn tokens_and_sessions(desk: &Desk) -> (usize, usize) {
    let state = desk.standin.state();
    (state.tokens.len(), state.sessions.len())
}

#[tokio::test]
async fn r5_a_code_of_an_authenticator_app_is_good_for_one_of_sixty_four() {
    for desk in Desk::open_all().await {
        let (seed, _, _) = desk.with_app("anna").await;
        let cookie = desk.asked_for_factor("anna").await;
        let code = desk.code(&seed);
        assert_eq!(desk.race(&cookie, Shown::Totp(&code)).await, 1);
        desk.clock.advance(STEP * 60);
        let code = desk.code(&seed);
        assert_eq!(desk.race_apart(Shown::Totp(&code)).await, 1);
        desk.clock.advance(STEP * 60);
        let typed = format!("anna-pass-1 {}", desk.code(&seed));
        assert_eq!(desk.race_in_app(&typed).await, 1);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
    }
}

#[tokio::test]
async fn r5_a_code_by_mail_is_good_for_one_of_sixty_four() {
    for desk in Desk::open_all().await {
        desk.with_mail_codes("anna", ANNA).await;
        desk.clock.advance(STEP * 4);
        let cookie = desk.asked_for_factor("anna").await;
        let code = desk.mail_to(ANNA).await.code.unwrap();
        assert_eq!(desk.race(&cookie, Shown::Mail(&code)).await, 1);
        desk.clock.advance(STEP * 4);
        let visitor = at_home();
        let pressed = desk.press_from("anna", "anna-pass-1", "tv", &visitor).await;
        assert!(matches!(pressed, AppSignIn::Waits(_)), "{pressed:?}");
        let code = desk.mail_to(ANNA).await.code.unwrap();
        let typed = format!("anna-pass-1 {code}");
        assert_eq!(desk.race_in_app(&typed).await, 1);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
    }
}

#[tokio::test]
async fn r5_a_recovery_code_is_good_for_one_of_sixty_four() {
    for desk in Desk::open_all().await {
        let (_, codes, _) = desk.with_app("anna").await;
        let cookie = desk.asked_for_factor("anna").await;
        let code = codes[0].grouped();
        assert_eq!(desk.race(&cookie, Shown::Recovery(&code)).await, 1);
        let code = codes[1].grouped();
        assert_eq!(desk.race_apart(Shown::Recovery(&code)).await, 1);
    }
}

#[tokio::test]
async fn r5_of_sixty_four_who_approve_one_sign_in_one_does_and_one_retry_is_let_in() {
    for desk in Desk::open_all().await {
        desk.with_mail_codes("anna", ANNA).await;
        desk.clock.advance(STEP * 4);
        let visitor = at_home();
        desk.press_from("anna", "anna-pass-1", "tv", &visitor).await;
        let link = approve_link(&desk.mail_to(ANNA).await);
        let approvals = (0..AT_ONCE).map(|_| desk.accounts.approve_press(&link, None, &visitor));
        let approvals = join_all(approvals).await;
        let done = |one: &&Result<PressApproval, _>| matches!(one, Ok(PressApproval::Done));
        assert_eq!(approvals.iter().filter(done).count(), 1);
        assert_eq!(desk.race_in_app("anna-pass-1").await, 1);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
    }
}

#[tokio::test]
async fn r36_a_cookie_of_trust_skips_the_factor_for_one_of_sixty_four() {
    for desk in Desk::open_all().await {
        let trust = desk.trusted("anna").await;
        let (before, faults) = (tokens_and_sessions(&desk), desk.standin.faults());
        faults.forget_counts();
        let entered = join_all((0..AT_ONCE).map(|_| desk.web_trusted("anna", &trust))).await;
        let mut nexts = Vec::new();
        for one in &entered {
            match one {
                WebSignIn::Done(anna) => {
                    assert!(desk.lives(&anna.token).await, "a loser ended its token");
                    nexts.push(anna.trusted.as_ref().unwrap());
                }
                WebSignIn::Next(_, step) => assert_eq!(*step, Step::SecondFactor),
                // So many passwords at once are not all judged.
                WebSignIn::Busy | WebSignIn::Wait(_) => {}
                WebSignIn::Wrong => panic!("the password is right"),
            }
        }
        assert_eq!(nexts.len(), 1);
        assert_eq!(faults.asked("POST /QuickConnect/Initiate"), 1);
        // The winner's token takes the place of the one that this browser had.
        assert_eq!(tokens_and_sessions(&desk), before);
        // Nobody is taken for a thief by it, and the browser is trusted on.
        desk.clock.advance(STEP * 4);
        let again = desk.web_trusted("anna", nexts[0]).await;
        assert!(matches!(again, WebSignIn::Done(_)), "{again:?}");
    }
}

#[tokio::test]
async fn r36_an_outage_before_the_token_costs_no_trust() {
    for desk in Desk::open_all().await {
        let trust = desk.trusted("anna").await;
        let faults = desk.standin.faults();
        faults.set("/QuickConnect/Initiate", Fault::Refuse);
        let password = SecretText::new("anna-pass-1");
        let form = in_trusted("anna", &password, &trust);
        let broken = desk.accounts.web_password(&form, None, &at_home()).await;
        assert!(broken.is_err(), "{broken:?}");
        faults.lift_all();
        let again = desk.web_trusted("anna", &trust).await;
        assert!(matches!(again, WebSignIn::Done(_)), "{again:?}");
    }
}
