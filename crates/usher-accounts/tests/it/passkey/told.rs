//! What people are told of their passkeys, and how often.
use std::time::Duration;

use usher_accounts::me::StepUp;
use usher_accounts::second_factor::{Enrollment, FactorAnswer};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::activity::Activity;
use usher_domain::second_factor::FactorKind;

use super::device::Device;
use crate::desk::{Desk, at_home};

const ANNA: &str = "anna@example.org";

#[tokio::test]
async fn r33_of_a_passkey_that_may_be_copied_the_person_is_told_at_every_door_and_it_lets_nobody_in()
 {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        let (mut device, session) = desk.with_passkey("anna", "one").await;
        for _ in 0..3 {
            let entered = desk.enter_with(&mut device).await;
            assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
        }
        let latest = device.counter;

        device.counter = 0;
        let entered = desk.enter_with(&mut device).await;
        assert!(matches!(entered, WebSignIn::Wrong), "{entered:?}");
        assert_eq!(desk.sent("passkey_copied").await, 1);
        let mails = desk.mails().await;
        let mut told = mails.iter().filter(|mail| mail.kind == "passkey_copied");
        let mail = told.next().unwrap();
        assert!(mail.text.contains("“Phone”"), "{}", mail.text);
        assert!(
            mail.text.contains("/usher/account-security"),
            "{}",
            mail.text
        );

        let cookie = desk.at_second_factor("anna").await;
        let asked = desk.asked_in(&cookie).await;
        let shown = desk.show(&cookie, &device.show(&asked)).await;
        assert!(matches!(shown, FactorAnswer::Wrong { .. }), "{shown:?}");
        assert_eq!(desk.sent("passkey_copied").await, 2);

        let (accounts, visitor) = (&desk.accounts, at_home());
        let asked = accounts.begin_prove_passkey(&session).await.unwrap();
        let answer = device.show(&asked.unwrap());
        let proved = accounts.finish_prove_passkey(&session, &answer, &visitor);
        assert!(matches!(proved.await.unwrap(), StepUp::Wrong));
        assert_eq!(desk.sent("passkey_copied").await, 3);
        assert_eq!(desk.happened(&Activity::PasskeyCopied).await, 3);

        // The device of the owner goes on.
        device.counter = latest;
        let entered = desk.enter_with(&mut device).await;
        assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
        assert_eq!(desk.sent("passkey_copied").await, 3);
    }
}

#[tokio::test]
async fn r33_of_a_passkey_with_somebody_elses_key_nobody_is_told_that_it_was_copied() {
    let desk = Desk::open().await;
    desk.with_address("anna", ANNA).await;
    let (device, _) = desk.with_passkey("anna", "one").await;
    let mut forged = Device::new("one");
    forged.whose = device.whose;
    forged.counter = 0;
    let entered = desk.enter_with(&mut forged).await;
    assert!(matches!(entered, WebSignIn::Wrong), "{entered:?}");
    assert_eq!(desk.sent("passkey_copied").await, 0);
}

#[tokio::test]
async fn r26_many_passkeys_in_a_row_send_ten_notices_an_hour_and_keep_no_other_notice_back() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        let (mut device, session) = desk.with_passkey("anna", "0").await;
        for number in 1..12 {
            let enrolled = desk
                .add(&session, &mut Device::new(&number.to_string()))
                .await;
            assert!(matches!(enrolled, Enrollment::Done { .. }), "{enrolled:?}");
        }
        let kind = FactorKind::Passkey;
        assert_eq!(desk.happened(&Activity::FactorAdded { kind }).await, 12);
        assert_eq!(desk.sent("factor_changed").await, 10);
        let counter = std::mem::take(&mut device.counter);
        desk.enter_with(&mut device).await;
        assert_eq!(desk.sent("passkey_copied").await, 1);

        desk.clock.advance(Duration::from_hours(1));
        device.counter = counter;
        let WebSignIn::Done(signed_in) = desk.enter_with(&mut device).await else {
            panic!("the passkey is good");
        };
        let session = desk.session(&signed_in.cookie).await;
        desk.add(&session, &mut Device::new("one more")).await;
        assert_eq!(desk.sent("factor_changed").await, 11);
    }
}
