//! A passkey as what a reset asks for before a new password is chosen.
use std::time::Duration;

use usher_accounts::reset::{NewPassword, ResetAsked, ResetAsks, ResetCode, ResetFactor};
use usher_domain::secret::{OpaqueToken, SecretText};

use super::LATE;
use super::device::Device;
use crate::desk::{Desk, at_home};

const ANNA: &str = "anna@example.org";

impl Desk {
    /// Types the code of a reset mail: the proof with which anna may go on.
    async fn proven(&self) -> OpaqueToken {
        self.clock.advance(Duration::from_mins(2));
        let (accounts, visitor) = (&self.accounts, at_home());
        let asked = accounts.ask_reset("anna", None, "en", &visitor).await;
        let ResetAsked::Noted(flow) = asked.unwrap() else {
            panic!("a mail is on its way");
        };
        let code = self.mail_to(ANNA).await.code.unwrap();
        let answered = accounts.answer_reset_code(&flow, &code, &visitor).await;
        let ResetCode::Right(proof) = answered.unwrap() else {
            panic!("the code is right");
        };
        proof
    }

    async fn asked_for_reset(&self, proof: &OpaqueToken) -> String {
        let asked = self.accounts.begin_reset_passkey(proof).await;
        asked.unwrap().unwrap()
    }

    async fn show_for_reset(&self, proof: &OpaqueToken, answer: &str) -> ResetFactor {
        let visitor = at_home();
        let shown = self.accounts.finish_reset_passkey(proof, answer, &visitor);
        shown.await.unwrap()
    }

    async fn choose(&self, proof: &OpaqueToken) -> NewPassword {
        let new = SecretText::new("seven green lamps");
        let visitor = at_home();
        let chosen = self.accounts.choose_new_password(proof, &new, &visitor);
        chosen.await.unwrap()
    }
}

#[tokio::test]
async fn r16_a_reset_asks_for_the_passkey_of_the_account_once_and_in_time() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        let (mut own, _) = desk.with_passkey("anna", "one").await;
        let (mut kims, _) = desk.with_passkey("kim", "two").await;
        let proof = desk.proven().await;
        let view = desk.accounts.look_at_reset(&proof).await.unwrap().unwrap();
        let asks = ResetAsks {
            passkey: true,
            totp: false,
            recovery: true,
        };
        assert_eq!(view.asks, Some(asks));
        let early = desk.choose(&proof).await;
        assert!(matches!(early, NewPassword::FactorFirst), "{early:?}");

        for strange in [
            &mut kims,
            &mut Device::new("one"),
            &mut Device::new("three"),
        ] {
            let asked = desk.asked_for_reset(&proof).await;
            let shown = desk.show_for_reset(&proof, &strange.show(&asked)).await;
            assert_eq!(shown, ResetFactor::Wrong);
        }
        assert_eq!(desk.refusals("anna").await, 3);
        let nonsense = desk.show_for_reset(&proof, "{}").await;
        assert_eq!(nonsense, ResetFactor::NotACode);
        // A challenge of a sign-in is none of the reset.
        let (_, elsewhere) = desk.asked().await;
        let shown = desk.show_for_reset(&proof, &own.show(&elsewhere)).await;
        assert_eq!(shown, ResetFactor::Late);
        let asked = desk.asked_for_reset(&proof).await;
        desk.clock.advance(LATE);
        let late = desk.show_for_reset(&proof, &own.show(&asked)).await;
        assert_eq!(late, ResetFactor::Late);
        let early = desk.choose(&proof).await;
        assert!(matches!(early, NewPassword::FactorFirst), "{early:?}");

        let asked = desk.asked_for_reset(&proof).await;
        let answer = own.show(&asked);
        assert_eq!(
            desk.show_for_reset(&proof, &answer).await,
            ResetFactor::Right
        );
        let again = desk.show_for_reset(&proof, &answer).await;
        assert_eq!(again, ResetFactor::Late);
        let set = desk.choose(&proof).await;
        assert!(matches!(set, NewPassword::Set), "{set:?}");
        let over = desk.show_for_reset(&proof, &answer).await;
        assert_eq!(over, ResetFactor::Dead);
        let asked = desk.accounts.begin_reset_passkey(&proof).await.unwrap();
        assert!(asked.is_none());
    }
}

#[tokio::test]
async fn r16_what_was_shown_with_one_proof_is_not_shown_with_the_next() {
    let desk = Desk::open().await;
    desk.with_address("anna", ANNA).await;
    let (mut own, _) = desk.with_passkey("anna", "one").await;
    let first = desk.proven().await;
    let asked = desk.asked_for_reset(&first).await;
    let shown = desk.show_for_reset(&first, &own.show(&asked)).await;
    assert_eq!(shown, ResetFactor::Right);
    let second = desk.proven().await;
    let early = desk.choose(&second).await;
    assert!(matches!(early, NewPassword::FactorFirst), "{early:?}");
}
