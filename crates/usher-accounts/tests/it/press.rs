//! Apps that know nothing of a second factor: approved by mail or in a browser, or with a code behind the password.
mod seat;
mod silent;

use std::time::Duration;

use futures_util::future::join_all;
use usher_accounts::me::StepUp;
use usher_accounts::press::{Asks, PressApproval, PressDisowned};
use usher_accounts::second_factor::Shown;
use usher_accounts::sign_in::{AppForm, AppSignIn, Waiting};
use usher_domain::activity::{Activity, Door};
use usher_domain::device::ClientIdentity;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::visitor::Visitor;
use usher_store::{KeptMail, KnownToken};

use crate::desk::{Desk, another, at_home, from};

const ANNA: &str = "anna@example.org";
const MINUTE: Duration = Duration::from_mins(1);
const STEP: Duration = Duration::from_secs(30);

pub(crate) fn set(device_id: &str) -> ClientIdentity {
    ClientIdentity {
        client: "Findroid".to_owned(),
        device: "Living room".to_owned(),
        device_id: device_id.to_owned(),
        version: "1.0".to_owned(),
    }
}

/// The link of the page that approves.
pub(crate) fn approve_link(mail: &KeptMail) -> OpaqueToken {
    let (_, rest) = mail.text.split_once("/usher/approve#").unwrap();
    OpaqueToken::parse(rest.get(..43).unwrap()).unwrap()
}

impl Desk {
    /// Presses "sign in" in an app on this device.
    pub(crate) async fn press_from(
        &self,
        name: &str,
        password: &str,
        device_id: &str,
        visitor: &Visitor,
    ) -> AppSignIn {
        let password = SecretText::new(password);
        let form = AppForm {
            name,
            password: &password,
            identity: &set(device_id),
        };
        self.accounts.app_password(&form, visitor).await.unwrap()
    }

    /// As [`press_from`](Self::press_from), by anna with her password, at home.
    async fn press(&self, device_id: &str) -> AppSignIn {
        self.press_from("anna", "anna-pass-1", device_id, &at_home())
            .await
    }

    async fn waits(&self, device_id: &str) -> Waiting {
        let pressed = self.press(device_id).await;
        let AppSignIn::Waits(waiting) = pressed else {
            panic!("nobody was told: {pressed:?}");
        };
        *waiting
    }

    async fn approve(&self, link: &OpaqueToken) -> PressApproval {
        let visitor = at_home();
        let approved = self.accounts.approve_press(link, None, &visitor).await;
        approved.unwrap()
    }

    async fn approve_mail(&self) {
        let link = approve_link(&self.mail_to(ANNA).await);
        assert_eq!(self.approve(&link).await, PressApproval::Done);
    }

    /// Anna's tokens on a device, as they are known here.
    pub(crate) async fn tokens_on(&self, device_id: &str) -> Vec<KnownToken> {
        let mut tokens = self.store.tokens(self.id("anna")).await.unwrap();
        tokens.retain(|token| token.identity.device_id == device_id);
        tokens
    }

    /// How often this stands in the log of what anna did.
    pub(crate) async fn happened(&self, what: &Activity) -> usize {
        let lines = self.store.activities(Some(self.id("anna")), 200).await;
        let lines = lines.unwrap();
        lines.iter().filter(|line| line.what == *what).count()
    }

    async fn with_mail(&self) {
        self.with_mail_codes("anna", ANNA).await;
        self.clock.advance(MINUTE * 2);
    }
}

fn is_let_in(answer: &AppSignIn) -> bool {
    matches!(answer, AppSignIn::Answer(_))
}

#[tokio::test]
async fn one_mail_for_a_press_and_its_approval_lets_one_retry_through() {
    for desk in Desk::open_all().await {
        desk.with_mail().await;
        desk.waits("tv").await;
        assert_eq!(desk.sent("sign_in_code").await, 1);
        desk.waits("tv").await;
        assert_eq!(desk.sent("sign_in_code").await, 1);
        assert!(desk.tokens_on("tv").await.is_empty());
        let link = approve_link(&desk.mail_to(ANNA).await);
        let (shown, asks) = desk.accounts.look_at_press(&link).await.unwrap().unwrap();
        assert_eq!(
            (
                shown.name.as_str(),
                shown.device.as_str(),
                shown.client.as_str()
            ),
            ("anna", "Living room", "Findroid")
        );
        assert_eq!(
            (shown.masked_address.as_str(), asks),
            ("192.168.…", Asks::Nothing)
        );
        assert_eq!(desk.approve(&link).await, PressApproval::Done);
        assert_eq!(desk.approve(&link).await, PressApproval::Gone);
        assert!(is_let_in(&desk.press("tv").await));
        let [token] = desk.tokens_on("tv").await.try_into().unwrap();
        assert_eq!((token.level, token.door), (FactorLevel::Mail, Door::App));
        assert_eq!(
            desk.happened(&Activity::AppApproved { profile: None })
                .await,
            1
        );
        assert!(
            !is_let_in(&desk.press("tv").await),
            "an approval counts once"
        );
    }
}

#[tokio::test]
async fn r5_of_sixty_four_retries_at_once_one_approval_lets_one_through() {
    for desk in Desk::open_all().await {
        desk.with_mail().await;
        let mut held = Vec::new();
        for _ in 0..64 {
            held.push(desk.waits("tv").await);
        }
        let answers = join_all(
            held.into_iter()
                .map(|waiting| desk.accounts.hold_answer(waiting)),
        );
        let (answers, ()) = tokio::join!(answers, desk.approve_mail());
        let let_in = answers.iter().filter(|it| is_let_in(it.as_ref().unwrap()));
        assert_eq!(let_in.count(), 1);
        assert_eq!(desk.tokens_on("tv").await.len(), 1);
        let tokens = desk.standin.state().tokens.clone();
        let on_tv = tokens.iter().filter(|token| token.device.id == "tv");
        assert_eq!(on_tv.count(), 1, "Jellyfin has one token on that device");
    }
}

#[tokio::test]
async fn an_approval_lets_the_attempt_through_that_was_shown_and_no_other() {
    for desk in Desk::open_all().await {
        desk.with_mail().await;
        desk.waits("tv").await;
        let link = approve_link(&desk.mail_to(ANNA).await);
        desk.clock.advance(MINUTE * 2);
        let abroad = from("203.0.113.9");
        let attack = || desk.press_from("anna", "anna-pass-1", "tv", &abroad);
        assert!(matches!(attack().await, AppSignIn::Waits(_)));
        assert_eq!(desk.sent("sign_in_code").await, 2);
        assert_eq!(desk.approve(&link).await, PressApproval::Done);
        assert!(!is_let_in(&attack().await));
        assert!(!is_let_in(&desk.press("telephone").await));
        assert!(is_let_in(&desk.press("tv").await));
        assert!(!is_let_in(&attack().await));
    }
}

#[tokio::test]
async fn an_approval_counts_for_ten_minutes_and_only_with_the_right_password() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    desk.waits("tv").await;
    desk.approve_mail().await;
    let wrong = desk.press_from("anna", "wrong", "tv", &at_home()).await;
    assert!(matches!(wrong, AppSignIn::Refused));
    desk.clock.advance(MINUTE * 10);
    assert!(!is_let_in(&desk.press("tv").await));
}

#[tokio::test]
async fn the_code_of_the_mail_behind_the_password_lets_in_once_and_a_wrong_one_counts() {
    for desk in Desk::open_all().await {
        desk.with_mail().await;
        desk.waits("tv").await;
        let code = desk.mail_to(ANNA).await.code.unwrap();
        let typed = |code: &str| format!("anna-pass-1 {code}");
        let wrong = typed(&another(&code));
        let refused = desk.press_from("anna", &wrong, "tv", &at_home()).await;
        assert!(matches!(refused, AppSignIn::Refused));
        let door = Door::App;
        assert_eq!(desk.happened(&Activity::FactorRefused { door }).await, 1);
        let right = typed(&code);
        let (abroad, home) = (from("203.0.113.9"), at_home());
        let elsewhere = desk.press_from("anna", &right, "tv", &abroad).await;
        assert!(!is_let_in(&elsewhere), "the code of another press");
        let press = || desk.press_from("anna", &right, "tv", &home);
        assert!(is_let_in(&press().await));
        assert_eq!(desk.tokens_on("tv").await[0].level, FactorLevel::Mail);
        assert!(!is_let_in(&press().await), "a code is good once");
    }
}

#[tokio::test]
async fn a_code_of_the_authenticator_app_behind_the_password_lets_in_once() {
    for desk in Desk::open_all().await {
        let (seed, ..) = desk.with_app("anna").await;
        let right = format!("anna-pass-1 {}", desk.code(&seed));
        let visitor = at_home();
        let presses = (0..5).map(|_| desk.press_from("anna", &right, "tv", &visitor));
        let answers = join_all(presses).await;
        let let_in = answers.iter().filter(|it| is_let_in(it)).count();
        assert_eq!(let_in, 1);
        assert_eq!(desk.tokens_on("tv").await[0].level, FactorLevel::Strong);
        let unused = desk.press("tv").await;
        assert!(matches!(unused, AppSignIn::Refused), "nobody can be told");
    }
}

#[tokio::test]
async fn r20_ten_wrong_codes_behind_the_password_and_the_right_one_waits_too() {
    let desk = Desk::open().await;
    let (seed, ..) = desk.with_app("anna").await;
    let code = desk.code(&seed);
    let wrong = format!("anna-pass-1 {}", another(&code));
    for _ in 0..10 {
        desk.press_from("anna", &wrong, "tv", &at_home()).await;
    }
    let right = format!("anna-pass-1 {code}");
    let refused = desk.press_from("anna", &right, "tv", &at_home()).await;
    assert!(matches!(refused, AppSignIn::Refused));
    assert!(desk.tokens_on("tv").await.is_empty());
    desk.clock.advance(MINUTE * 15);
    let right = format!("anna-pass-1 {}", desk.code(&seed));
    let later = desk.press_from("anna", &right, "phone", &at_home()).await;
    assert!(is_let_in(&later));
}

#[tokio::test]
async fn without_a_second_factor_nobodys_password_gets_shorter_by_six_digits() {
    let desk = Desk::open().await;
    let typed = desk
        .press_from("anna", "anna-pass-1 123456", "tv", &at_home())
        .await;
    assert!(matches!(typed, AppSignIn::Refused));
    assert!(is_let_in(&desk.press("tv").await));
}

#[tokio::test]
async fn mail_never_stands_in_for_a_stronger_factor_and_the_links_page_asks_for_it() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", ANNA).await;
        let (seed, codes, _) = desk.with_app("anna").await;
        desk.clock.advance(MINUTE * 2);
        desk.waits("tv").await;
        let mail = desk.mail_to(ANNA).await;
        assert_eq!(mail.code, None);
        let link = approve_link(&mail);
        let (_, asks) = desk.accounts.look_at_press(&link).await.unwrap().unwrap();
        let totp = Asks::Factor {
            totp: true,
            passkey: false,
            recovery: true,
        };
        assert_eq!(asks, totp);
        let (code, visitor) = (desk.code(&seed), at_home());
        let show = |shown| desk.accounts.approve_press(&link, shown, &visitor);
        let wrong = another(&code);
        for (shown, expected) in [
            (None, PressApproval::NotACode),
            (Some(Shown::Mail(&code)), PressApproval::NotACode),
            (Some(Shown::Totp(&wrong)), PressApproval::Wrong),
        ] {
            assert_eq!(show(shown).await.unwrap(), expected);
            assert!(!is_let_in(&desk.press("tv").await));
        }
        let recovery = codes[0].grouped();
        let shown = Some(Shown::Recovery(&recovery));
        assert_eq!(show(shown).await.unwrap(), PressApproval::Done);
        assert!(is_let_in(&desk.press("tv").await));
        assert_eq!(desk.tokens_on("tv").await[0].level, FactorLevel::Recovery);
    }
}

#[tokio::test]
async fn what_was_not_me_is_refused_and_a_new_password_is_asked_for() {
    for desk in Desk::open_all().await {
        desk.with_mail().await;
        desk.waits("tv").await;
        let link = approve_link(&desk.mail_to(ANNA).await);
        let visitor = at_home();
        let disowned = desk.accounts.disown_press(&link, &visitor).await;
        assert_eq!(disowned.unwrap(), PressDisowned::Mailed);
        assert_eq!(desk.sent("reset").await, 1);
        assert_eq!(desk.approve(&link).await, PressApproval::Gone);
        desk.clock.advance(MINUTE * 20);
        assert!(matches!(desk.press("tv").await, AppSignIn::Refused));
        assert_eq!(desk.sent("sign_in_code").await, 1);
        desk.waits("phone").await;
        let again = desk.accounts.disown_press(&link, &visitor).await;
        assert_eq!(again.unwrap(), PressDisowned::Gone);
    }
}

#[tokio::test]
async fn at_most_three_such_mails_in_an_hour_however_many_devices_press() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    for device in ["a", "b", "c", "d", "e"] {
        desk.press(device).await;
        desk.mails().await;
        desk.clock.advance(MINUTE * 2);
    }
    assert_eq!(desk.sent("sign_in_code").await, 3);
    desk.clock.advance(MINUTE * 60);
    desk.waits("f").await;
}

#[tokio::test]
async fn a_link_outlives_the_mail_of_another_device() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    desk.waits("tv").await;
    let link = approve_link(&desk.mail_to(ANNA).await);
    desk.clock.advance(MINUTE * 2);
    desk.waits("phone").await;
    assert_eq!(desk.approve(&link).await, PressApproval::Done);
    assert!(!is_let_in(&desk.press("phone").await));
    assert!(is_let_in(&desk.press("tv").await));
}

#[tokio::test]
async fn r45_a_hundred_sign_ins_that_are_left_leave_no_token_and_no_device() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    let count = || {
        let state = desk.standin.state();
        (state.tokens.len(), state.sessions.len())
    };
    let before = count();
    for number in 0..100 {
        let pressed = desk.press(&format!("device-{}", number % 7)).await;
        assert!(!is_let_in(&pressed));
    }
    assert_eq!(count(), before);
    let known = desk.store.tokens(desk.id("anna")).await.unwrap();
    assert!(
        known
            .iter()
            .all(|token| !token.identity.device_id.starts_with("device-"))
    );
}

#[tokio::test]
async fn a_browser_that_showed_a_factor_approves_its_own_accounts_apps_alone() {
    for desk in Desk::open_all().await {
        let (seed, _, session) = desk.with_app("anna").await;
        assert!(matches!(desk.press("tv").await, AppSignIn::Refused));
        let accounts = &desk.accounts;
        let waiting = accounts.waiting_presses(&session).await.unwrap();
        let [waiting] = waiting.try_into().unwrap();
        let visitor = at_home();
        let bare = accounts.approve_waiting_press(&session, waiting.id, &visitor);
        assert_eq!(bare.await.unwrap(), PressApproval::Prove);
        let (code, shown) = (desk.code(&seed), at_home());
        let proved = accounts.step_up_by_factor(&session, Shown::Totp(&code), &shown);
        let StepUp::Done(cookie) = proved.await.unwrap() else {
            panic!("the factor is right");
        };
        desk.clock.advance(STEP);
        let session = desk.session(&cookie).await;
        let kim = desk.with_app("kim").await;
        let (code, kims) = (desk.code(&kim.0), kim.2);
        let proved = accounts.step_up_by_factor(&kims, Shown::Totp(&code), &shown);
        let StepUp::Done(cookie) = proved.await.unwrap() else {
            panic!("kim's factor is right");
        };
        let kims = desk.session(&cookie).await;
        let strange = accounts.approve_waiting_press(&kims, waiting.id, &visitor);
        assert_eq!(strange.await.unwrap(), PressApproval::Gone);
        let approved = accounts.approve_waiting_press(&session, waiting.id, &visitor);
        assert_eq!(approved.await.unwrap(), PressApproval::Done);
        assert!(is_let_in(&desk.press("tv").await));
        assert_eq!(desk.tokens_on("tv").await[0].level, FactorLevel::Strong);
    }
}

#[tokio::test]
async fn an_outage_after_the_approval_costs_nothing() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    desk.waits("tv").await;
    desk.approve_mail().await;
    let faults = desk.standin.faults();
    faults.set("/QuickConnect/Initiate", usher_standin::Fault::Refuse);
    let password = SecretText::new("anna-pass-1");
    let form = AppForm {
        name: "anna",
        password: &password,
        identity: &set("tv"),
    };
    let broken = desk.accounts.app_password(&form, &at_home()).await;
    assert!(broken.is_err());
    faults.lift_all();
    assert!(is_let_in(&desk.press("tv").await));
}

#[tokio::test]
async fn an_empty_password_tells_nobody_and_counts_nothing() {
    let desk = Desk::open().await;
    desk.with_mail().await;
    for empty in ["", " ", "   "] {
        let answer = desk.press_from("anna", empty, "tv", &at_home()).await;
        assert!(matches!(answer, AppSignIn::Refused));
    }
    assert_eq!(desk.sent("sign_in_code").await, 0);
    let door = Door::App;
    assert_eq!(desk.happened(&Activity::SignInRefused { door }).await, 0);
}
