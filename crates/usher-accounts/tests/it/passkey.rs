//! Passkeys: registered, shown as a second factor, as the whole of a sign-in, and as a proof.
mod device;
mod reset;
mod told;

use std::time::Duration;

use serde_json::Value;
use usher_accounts::WebSession;
use usher_accounts::me::StepUp;
use usher_accounts::second_factor::{
    CodeSent, Enrollment, FactorAnswer, Flow, PasskeyBegun, PasskeyForm,
};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_domain::activity::{Activity, Door};
use usher_domain::entropy::SystemEntropy;
use usher_domain::id::AttemptId;
use usher_domain::second_factor::{
    Demand, Enroll, FactorKind, FactorLevel, FactorOwed, SecondFactorPolicy, Show,
};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{AddressOwed, Answer, Attempt, AttemptContext, LIFE, Owed, Seat, Step};
use usher_store::NewAttempt;

use self::device::Device;
use crate::desk::{Desk, at_home};

const LATE: Duration = Duration::from_mins(5);

impl Desk {
    /// Signs somebody in and adds a passkey of this id. Answers the device and the session.
    pub(crate) async fn with_passkey(&self, name: &str, id: &str) -> (Device, WebSession) {
        let password = format!("{name}-pass-1");
        let signed_in = self.signed_in(name, &password, name).await;
        let session = self.session(&signed_in.cookie).await;
        let mut device = Device::new(id);
        let enrolled = self.add(&session, &mut device).await;
        let Enrollment::Done { codes, moved: None } = enrolled else {
            panic!("{name} has no passkey: {enrolled:?}");
        };
        assert_eq!(codes.len(), 10);
        (device, session)
    }

    async fn add(&self, session: &WebSession, device: &mut Device) -> Enrollment {
        let flow = Flow::Account(session);
        let asked = self.accounts.begin_passkey(flow).await.unwrap().unwrap();
        let answer = device.register(&asked);
        let visitor = at_home();
        let enrolled = self
            .accounts
            .finish_passkey(flow, &answer, " Phone\n", &visitor);
        enrolled.await.unwrap()
    }

    /// Asks for a passkey, whoever's it is.
    async fn asked(&self) -> (OpaqueToken, String) {
        let begun = self.accounts.begin_passkey_sign_in(&at_home()).await;
        match begun.unwrap() {
            PasskeyBegun::Asked(cookie, asked) => (cookie, asked),
            other @ (PasskeyBegun::Wait | PasskeyBegun::None) => panic!("{other:?}"),
        }
    }

    async fn enter(&self, cookie: &OpaqueToken, answer: &str) -> WebSignIn {
        let form = PasskeyForm {
            answer,
            device_id: "laptop",
            next: "",
            language: "en",
        };
        let visitor = at_home();
        let entered = self
            .accounts
            .finish_passkey_sign_in(cookie, &form, &visitor);
        entered.await.unwrap()
    }

    pub(crate) async fn enter_with(&self, device: &mut Device) -> WebSignIn {
        let (cookie, asked) = self.asked().await;
        self.enter(&cookie, &device.show(&asked)).await
    }

    /// A sign-in whose password was right, and that waits for its second factor.
    async fn at_second_factor(&self, name: &str) -> OpaqueToken {
        let now = self.accounts.now();
        let account = self.account(name).await;
        let owed = Owed {
            address: AddressOwed::No,
            factor: FactorOwed {
                show: Show::Yes,
                enroll: Enroll::No,
            },
            seat: Seat::Owner,
        };
        let mut state = Attempt::start(Door::Web, now);
        state
            .submit(Answer::PasswordRight(account.id, owed), now)
            .unwrap();
        let cookie = OpaqueToken::generate(&SystemEntropy);
        let tx = self.store.begin().await.unwrap();
        tx.add_attempt(&NewAttempt {
            id: AttemptId::generate(now, &SystemEntropy),
            digest: cookie.hash(),
            state,
            context: AttemptContext {
                device_id: "laptop".to_owned(),
                epoch: account.epoch,
                ..AttemptContext::default()
            },
            expires: now + LIFE,
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        cookie
    }

    async fn asked_in(&self, cookie: &OpaqueToken) -> String {
        let asked = self.accounts.begin_show_passkey(cookie).await;
        asked.unwrap().unwrap()
    }

    async fn show(&self, cookie: &OpaqueToken, answer: &str) -> FactorAnswer {
        let visitor = at_home();
        let shown = self
            .accounts
            .finish_show_passkey(cookie, answer, false, &visitor);
        shown.await.unwrap()
    }

    async fn refusals(&self, name: &str) -> usize {
        let lines = self
            .store
            .activities(Some(self.id(name)), 99)
            .await
            .unwrap();
        let refused = |what: &Activity| matches!(what, Activity::FactorRefused { .. });
        lines.iter().filter(|line| refused(&line.what)).count()
    }
}

#[tokio::test]
async fn a_passkey_signs_in_without_name_and_password() {
    for desk in Desk::open_all().await {
        let (mut device, session) = desk.with_passkey("anna", "one").await;
        let security = desk.accounts.security(&session).await.unwrap().unwrap();
        assert_eq!(security.factors[0].kind, FactorKind::Passkey);
        assert_eq!(security.factors[0].name, "Phone");
        for _ in 0..2 {
            let entered = desk.enter_with(&mut device).await;
            let WebSignIn::Done(signed_in) = entered else {
                panic!("not signed in: {entered:?}");
            };
            assert_eq!(signed_in.user, desk.id("anna").owner());
            assert!(desk.lives(&signed_in.token).await);
        }
        let security = desk.accounts.security(&session).await.unwrap().unwrap();
        assert!(security.factors[0].used.is_some());
    }
}

#[tokio::test]
async fn r33_what_a_browser_is_asked_for_lasts_verifies_and_leaves_known_passkeys_out() {
    let desk = Desk::open().await;
    let (_, session) = desk.with_passkey("anna", "one").await;
    let flow = Flow::Account(&session);
    let new = desk.accounts.begin_passkey(flow).await.unwrap().unwrap();
    let new: Value = serde_json::from_str(&new).unwrap();
    let new = &new["publicKey"];
    assert_eq!(new["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(
        new["authenticatorSelection"]["userVerification"],
        "required"
    );
    assert_eq!(new["excludeCredentials"][0]["id"], "b25l");
    assert_eq!(new["rp"]["id"], "films.example.org");
    assert_eq!(new["challenge"].as_str().unwrap().len(), 43);
    let (_, asked) = desk.asked().await;
    let asked: Value = serde_json::from_str(&asked).unwrap();
    assert_eq!(asked["publicKey"]["userVerification"], "required");
    assert_eq!(asked["publicKey"]["allowCredentials"], Value::Array(vec![]));
    assert!(asked.get("mediation").is_none());
}

#[tokio::test]
async fn r33_nothing_is_written_of_a_passkey_from_another_origin_or_without_a_finger() {
    let desk = Desk::open().await;
    let signed_in = desk.signed_in("anna", "anna-pass-1", "laptop").await;
    let session = desk.session(&signed_in.cookie).await;
    let mut elsewhere = Device::new("one");
    elsewhere.origin = "https://films.example.com".to_owned();
    let mut careless = Device::new("two");
    careless.verifies = false;
    for device in [&mut elsewhere, &mut careless] {
        let enrolled = desk.add(&session, device).await;
        assert!(matches!(enrolled, Enrollment::Wrong), "{enrolled:?}");
    }
    let factors = desk.store.factors_of(session.account).await.unwrap();
    assert!(factors.is_empty());
}

#[tokio::test]
async fn r33_a_registration_is_good_once_in_time_and_in_its_own_session() {
    let desk = Desk::open().await;
    let (_, session) = desk.with_passkey("anna", "one").await;
    let other = desk.signed_in("kim", "kim-pass-1", "other").await;
    let other = desk.session(&other.cookie).await;
    let (visitor, flow) = (at_home(), Flow::Account(&session));
    let mut device = Device::new("two");
    let asked = desk.accounts.begin_passkey(flow).await.unwrap().unwrap();
    let answer = device.register(&asked);
    let finish = |flow, answer| desk.accounts.finish_passkey(flow, answer, "", &visitor);
    let elsewhere = finish(Flow::Account(&other), &answer).await.unwrap();
    assert!(matches!(elsewhere, Enrollment::Gone), "{elsewhere:?}");
    let first = finish(flow, &answer).await.unwrap();
    assert!(matches!(first, Enrollment::Done { .. }), "{first:?}");
    let again = finish(flow, &answer).await.unwrap();
    assert!(matches!(again, Enrollment::Gone), "{again:?}");
    // The id of a credential belongs to one account of the instance.
    let taken = desk.add(&other, &mut Device::new("two")).await;
    assert!(matches!(taken, Enrollment::Refused), "{taken:?}");
    let asked = desk.accounts.begin_passkey(flow).await.unwrap().unwrap();
    desk.clock.advance(LATE);
    let late = finish(flow, &Device::new("three").register(&asked)).await;
    assert!(matches!(late.unwrap(), Enrollment::Gone));
}

#[tokio::test]
async fn r33_an_account_has_at_most_twenty() {
    let desk = Desk::open().await;
    let (_, session) = desk.with_passkey("anna", "0").await;
    for number in 1..20 {
        let enrolled = desk
            .add(&session, &mut Device::new(&number.to_string()))
            .await;
        assert!(matches!(enrolled, Enrollment::Done { .. }), "{enrolled:?}");
    }
    let flow = Flow::Account(&session);
    assert!(desk.accounts.begin_passkey(flow).await.unwrap().is_none());
}

#[tokio::test]
async fn r33_a_sign_in_takes_its_own_challenge_once_and_in_time() {
    let desk = Desk::open().await;
    let (mut device, _) = desk.with_passkey("anna", "one").await;
    let (cookie, asked) = desk.asked().await;
    let (other, _) = desk.asked().await;
    let answer = device.show(&asked);
    let elsewhere = desk.enter(&other, &answer).await;
    assert!(matches!(elsewhere, WebSignIn::Wrong), "{elsewhere:?}");
    let first = desk.enter(&cookie, &answer).await;
    assert!(matches!(first, WebSignIn::Done(_)), "{first:?}");
    let again = desk.enter(&cookie, &answer).await;
    assert!(matches!(again, WebSignIn::Wrong), "{again:?}");
    let (cookie, asked) = desk.asked().await;
    desk.clock.advance(LATE);
    let late = desk.enter(&cookie, &device.show(&asked)).await;
    assert!(matches!(late, WebSignIn::Wrong), "{late:?}");
    let now = desk.enter_with(&mut device).await;
    assert!(matches!(now, WebSignIn::Done(_)), "{now:?}");
}

#[tokio::test]
async fn r33_a_sign_in_wants_origin_finger_owner_and_a_counter_that_rises() {
    let desk = Desk::open().await;
    let (mut device, _) = desk.with_passkey("anna", "one").await;
    let wrongs: [fn(&mut Device); 5] = [
        |device| device.origin = "https://films.example.org.evil.example".to_owned(),
        |device| device.verifies = false,
        |device| device.whose = None,
        |device| device.whose = Some(vec![7; 16]),
        |device| device.counter = 0,
    ];
    for (number, wrong) in wrongs.into_iter().enumerate() {
        let (whose, counter) = (device.whose.clone(), device.counter);
        wrong(&mut device);
        let entered = desk.enter_with(&mut device).await;
        assert!(matches!(entered, WebSignIn::Wrong), "{number}: {entered:?}");
        device.origin = device::ORIGIN.to_owned();
        (device.verifies, device.whose, device.counter) = (true, whose, counter + 1);
        desk.clock.advance(Duration::from_hours(1));
    }
    let entered = desk.enter_with(&mut device).await;
    assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
}

#[tokio::test]
async fn r27_a_passkey_that_nobody_has_and_a_wrong_one_answer_the_same_and_wait_the_same() {
    let desk = Desk::open().await;
    desk.with_passkey("anna", "one").await;
    let mut answers = Vec::new();
    for id in ["one", "nobody's"] {
        let mut forged = Device::new(id);
        forged.whose = Some(desk.id("anna").as_uuid().as_bytes().to_vec());
        let mut said = Vec::new();
        for _ in 0..12 {
            said.push(match desk.enter_with(&mut forged).await {
                WebSignIn::Wrong => "wrong",
                WebSignIn::Wait(_) => "wait",
                other @ (WebSignIn::Next(..) | WebSignIn::Done(_) | WebSignIn::Busy) => {
                    panic!("{other:?}")
                }
            });
        }
        answers.push(said);
        desk.clock.advance(Duration::from_hours(48));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].contains(&"wait"), "{answers:?}");
}

#[tokio::test]
async fn whom_jellyfin_keeps_out_no_passkey_lets_in() {
    let desk = Desk::open().await;
    let (mut device, _) = desk.with_passkey("anna", "one").await;
    desk.set_policy("anna", "IsDisabled", true).await;
    let out = desk.enter_with(&mut device).await;
    assert!(matches!(out, WebSignIn::Wrong), "{out:?}");
    desk.set_policy("anna", "IsDisabled", false).await;
    let entered = desk.enter_with(&mut device).await;
    assert!(matches!(entered, WebSignIn::Done(_)), "{entered:?}");
}

#[tokio::test]
async fn with_the_policy_off_passkeys_rest() {
    let desk = Desk::open().await;
    let (mut device, session) = desk.with_passkey("anna", "one").await;
    let root = desk.administrator().await;
    let off = SecondFactorPolicy {
        demand: Demand::Off,
        ..SecondFactorPolicy::default()
    };
    let (visitor, accounts) = (at_home(), &desk.accounts);
    let changed = accounts.set_second_factor_policy(&root, &off, &visitor);
    changed.await.unwrap();
    assert!(!accounts.passkeys_work().await.unwrap());
    let entered = desk.enter_with(&mut device).await;
    assert!(matches!(entered, WebSignIn::Wrong), "{entered:?}");
    assert!(
        accounts
            .begin_prove_passkey(&session)
            .await
            .unwrap()
            .is_none()
    );
    let flow = Flow::Account(&session);
    assert!(accounts.begin_passkey(flow).await.unwrap().is_none());
}

#[tokio::test]
async fn r33_a_second_factor_is_the_accounts_own_in_its_own_sign_in_once_and_in_time() {
    for desk in Desk::open_all().await {
        let (mut annas, _) = desk.with_passkey("anna", "one").await;
        let (mut kims, _) = desk.with_passkey("kim", "two").await;
        let cookie = desk.at_second_factor("anna").await;
        // The victim's browser is asked in another sign-in of the same account.
        let other = desk.at_second_factor("anna").await;
        let asked = desk.asked_in(&other).await;
        let foreign = desk.show(&cookie, &annas.show(&asked)).await;
        assert!(matches!(foreign, FactorAnswer::Dead), "{foreign:?}");
        // Two challenges of two sign-ins are two.
        desk.asked_in(&cookie).await;
        let foreign = desk.show(&cookie, &annas.show(&asked)).await;
        assert!(matches!(foreign, FactorAnswer::Wrong { .. }), "{foreign:?}");

        let asked = desk.asked_in(&cookie).await;
        let anothers = desk.show(&cookie, &kims.show(&asked)).await;
        assert!(
            matches!(anothers, FactorAnswer::Wrong { .. }),
            "{anothers:?}"
        );
        assert_eq!(desk.refusals("anna").await, 2);
        assert_eq!(desk.refusals("kim").await, 0);

        let asked = desk.asked_in(&cookie).await;
        desk.clock.advance(LATE);
        let late = desk.show(&cookie, &annas.show(&asked)).await;
        assert!(matches!(late, FactorAnswer::Dead), "{late:?}");

        let asked = desk.asked_in(&cookie).await;
        let answer = annas.show(&asked);
        let right = desk.show(&cookie, &answer).await;
        let FactorAnswer::Right(moved) = right else {
            panic!("refused: {right:?}");
        };
        assert!(matches!(*moved, Moved::Done(_)), "{moved:?}");
        let again = desk.show(&cookie, &answer).await;
        assert!(matches!(again, FactorAnswer::Gone), "{again:?}");
    }
}

#[tokio::test]
async fn r33_a_counter_that_goes_back_is_refused_and_written_down() {
    let desk = Desk::open().await;
    let (mut device, _) = desk.with_passkey("anna", "one").await;
    let cookie = desk.at_second_factor("anna").await;
    device.counter = 0;
    let asked = desk.asked_in(&cookie).await;
    let copied = desk.show(&cookie, &device.show(&asked)).await;
    assert!(matches!(copied, FactorAnswer::Wrong { .. }), "{copied:?}");
    assert_eq!(desk.refusals("anna").await, 1);
}

#[tokio::test]
async fn r20_wrong_passkeys_count_in_the_budget_of_the_account_and_late_ones_do_not() {
    let desk = Desk::open().await;
    let (mut right, _) = desk.with_passkey("anna", "one").await;
    let mut forged = Device::new("one");
    let cookie = desk.at_second_factor("anna").await;
    for _ in 0..20 {
        let dead = desk
            .show(&cookie, &forged.show(&desk.asked().await.1))
            .await;
        assert!(matches!(dead, FactorAnswer::Dead), "{dead:?}");
        desk.clock.advance(Duration::from_secs(1));
    }
    for _ in 0..10 {
        let asked = desk.asked_in(&cookie).await;
        let wrong = desk.show(&cookie, &forged.show(&asked)).await;
        assert!(matches!(wrong, FactorAnswer::Wrong { .. }), "{wrong:?}");
    }
    let asked = desk.asked_in(&cookie).await;
    let spent = desk.show(&cookie, &right.show(&asked)).await;
    assert!(matches!(spent, FactorAnswer::Wait(_)), "{spent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_answers_to_one_challenge_one_signs_in() {
    for desk in Desk::open_all().await {
        let (mut device, _) = desk.with_passkey("anna", "one").await;
        let (cookie, asked) = desk.asked().await;
        let answer = device.show(&asked);
        let entered = (0..64).map(|_| desk.enter(&cookie, &answer));
        let entered = futures_util::future::join_all(entered).await;
        let done = |entered: &&WebSignIn| matches!(entered, WebSignIn::Done(_));
        assert_eq!(entered.iter().filter(done).count(), 1);

        let cookie = desk.at_second_factor("anna").await;
        let asked = desk.asked_in(&cookie).await;
        let answer = device.show(&asked);
        let shown = (0..64).map(|_| desk.show(&cookie, &answer));
        let shown = futures_util::future::join_all(shown).await;
        let right = |shown: &&FactorAnswer| matches!(shown, FactorAnswer::Right(_));
        assert_eq!(shown.iter().filter(right).count(), 1);
    }
}

#[tokio::test]
async fn r38_a_passkey_proves_again_who_sits_there() {
    let desk = Desk::open().await;
    let (mut device, session) = desk.with_passkey("anna", "one").await;
    let (_, other) = desk.with_passkey("kim", "two").await;
    desk.clock.advance(Duration::from_mins(11));
    assert!(!desk.accounts.is_fresh(&session));
    let flow = Flow::Account(&session);
    assert!(desk.accounts.begin_passkey(flow).await.unwrap().is_none());

    let (accounts, visitor) = (&desk.accounts, at_home());
    let asked = accounts.begin_prove_passkey(&session).await.unwrap();
    let answer = device.show(&asked.unwrap());
    let elsewhere = accounts
        .finish_prove_passkey(&other, &answer, &visitor)
        .await;
    assert!(matches!(elsewhere.unwrap(), StepUp::Dead));
    let proved = accounts
        .finish_prove_passkey(&session, &answer, &visitor)
        .await;
    let StepUp::Done(cookie) = proved.unwrap() else {
        panic!("not proved");
    };
    let session = desk.session(&cookie).await;
    assert!(accounts.is_fresh(&session));
    assert_eq!(session.proved_level, FactorLevel::Strong);
    let again = accounts
        .finish_prove_passkey(&session, &answer, &visitor)
        .await;
    assert!(matches!(again.unwrap(), StepUp::Dead));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_owes_a_factor_adds_a_passkey_at_sign_in_once_of_sixty_four_times() {
    for desk in Desk::open_all().await {
        let root = desk.administrator().await;
        let everyone = SecondFactorPolicy {
            demand: Demand::Everyone,
            ..SecondFactorPolicy::default()
        };
        let (visitor, accounts) = (at_home(), &desk.accounts);
        let changed = accounts.set_second_factor_policy(&root, &everyone, &visitor);
        changed.await.unwrap();
        let entered = desk.web("anna", "anna-pass-1", "laptop").await;
        let WebSignIn::Next(cookie, Step::EnrollSecondFactor) = entered else {
            panic!("owes no factor: {entered:?}");
        };
        let flow = Flow::SignIn(&cookie);
        let asked = accounts.begin_passkey(flow).await.unwrap().unwrap();
        let mut device = Device::new("one");
        let answer = device.register(&asked);
        let enrolled = (0..64).map(|_| accounts.finish_passkey(flow, &answer, "", &visitor));
        let enrolled = futures_util::future::join_all(enrolled).await;
        let done = |one: &&Result<Enrollment, _>| matches!(one, Ok(Enrollment::Done { .. }));
        assert_eq!(enrolled.iter().filter(done).count(), 1);
        let factors = desk.store.factors_of(desk.id("anna")).await.unwrap();
        assert_eq!(factors.len(), 1);
        let kept = accounts.keep_recovery_codes(&cookie, &visitor).await;
        assert!(matches!(kept.unwrap(), Moved::Done(_)));
        let again = desk.enter_with(&mut device).await;
        assert!(matches!(again, WebSignIn::Done(_)), "{again:?}");
    }
}

#[tokio::test]
async fn r73_while_mail_is_dead_a_passkey_signs_in() {
    let desk = Desk::open_without_mail().await;
    desk.confirm_mail().await;
    desk.with_mail_codes("anna", "anna@example.org").await;
    let (mut device, _) = desk.with_passkey("kim", "one").await;
    // A code that waits for over a minute says that mail does not leave.
    let became = desk.web("anna", "anna-pass-1", "laptop").await;
    let WebSignIn::Next(waits, Step::SecondFactor) = became else {
        panic!("anna is asked for a code: {became:?}");
    };
    desk.clock.advance(Duration::from_mins(2));
    let sent = desk.accounts.send_factor_code(&waits, &at_home()).await;
    assert_eq!(sent.unwrap(), CodeSent::NoMail);
    let alone = desk.enter_with(&mut device).await;
    assert!(matches!(alone, WebSignIn::Done(_)), "{alone:?}");
    let cookie = desk.at_second_factor("kim").await;
    let asked = desk.asked_in(&cookie).await;
    let shown = desk.show(&cookie, &device.show(&asked)).await;
    assert!(matches!(shown, FactorAnswer::Right(_)), "{shown:?}");
}
