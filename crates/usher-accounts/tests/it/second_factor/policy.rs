use usher_accounts::second_factor::{Cleared, RuleChange};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::activity::{Activity, SettingChanged};
use usher_domain::second_factor::{Demand, FactorRule, Methods, SecondFactorPolicy};
use usher_domain::sign_in::Step;

use crate::desk::{Desk, at_home};

#[tokio::test]
async fn r34_nobody_is_made_to_use_mail_alone() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let policy = SecondFactorPolicy {
        demand: Demand::Administrators,
        from: None,
        methods: Methods {
            email: true,
            totp: false,
            passkey: false,
        },
    };
    let set = desk
        .accounts
        .set_second_factor_policy(&admin, &policy, &at_home())
        .await;
    assert_eq!(set.unwrap(), RuleChange::OnlyMail);
    let settings = desk.accounts.settings().await.unwrap();
    assert_eq!(settings.second_factor.demand, Demand::Optional);
}

#[tokio::test]
async fn r72_the_log_says_what_of_the_policy_was_changed() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let mut policy = SecondFactorPolicy::default();
    let begins = Some(desk.accounts.now());
    let everyone = SettingChanged::SecondFactor {
        to: Demand::Everyone,
    };
    for (demand, from, email, changed) in [
        (
            Demand::Everyone,
            begins,
            policy.methods.email,
            vec![everyone, SettingChanged::SecondFactorFrom],
        ),
        (
            Demand::Everyone,
            begins,
            !policy.methods.email,
            vec![SettingChanged::SecondFactorKinds],
        ),
    ] {
        (policy.demand, policy.from, policy.methods.email) = (demand, from, email);
        let (accounts, visitor) = (&desk.accounts, at_home());
        for _again in 0..2 {
            let set = accounts.set_second_factor_policy(&admin, &policy, &visitor);
            assert_eq!(set.await.unwrap(), RuleChange::Done);
        }
        let settings = changed;
        let changed = Activity::PolicyChanged { settings };
        let lines = accounts.activities(99).await.unwrap();
        let noted = lines.iter().filter(|line| line.what == changed);
        let actors: Vec<_> = noted.map(|line| line.actor).collect();
        assert_eq!(actors, [admin.actor()]);
    }
}

#[tokio::test]
async fn one_account_can_be_made_to_have_a_factor_or_be_spared() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        let (accounts, visitor) = (&desk.accounts, at_home());
        let anna = desk.id("anna");
        let required = FactorRule::Required(accounts.now());
        let set = accounts.set_factor_rule(&admin, anna, required, &visitor);
        assert!(set.await.unwrap());
        let became = desk.web("anna", "anna-pass-1", "laptop").await;
        let owes = matches!(became, WebSignIn::Next(_, Step::EnrollSecondFactor));
        assert!(owes, "{became:?}");
        let policy = SecondFactorPolicy {
            demand: Demand::Everyone,
            from: None,
            methods: Methods::default(),
        };
        let set = accounts.set_second_factor_policy(&admin, &policy, &visitor);
        assert_eq!(set.await.unwrap(), RuleChange::Done);
        let spared = accounts.set_factor_rule(&admin, anna, FactorRule::Exempt, &visitor);
        assert!(spared.await.unwrap());
        desk.signed_in("anna", "anna-pass-1", "laptop").await;
    }
}

#[tokio::test]
async fn r70_an_administrator_clears_factors_with_a_reason_that_the_person_reads() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        desk.with_address("anna", "anna@example.org").await;
        desk.with_app("anna").await;
        let (accounts, visitor) = (&desk.accounts, at_home());
        let anna = desk.id("anna");
        let without = accounts.clear_second_factors(&admin, anna, " \n", &visitor);
        assert_eq!(without.await.unwrap(), Cleared::NoReason);
        desk.asked_for_factor("anna").await;
        let cleared = accounts.clear_second_factors(&admin, anna, "Lost phone", &visitor);
        assert_eq!(cleared.await.unwrap(), Cleared::Done(1));
        let mail = desk.mail_to("anna@example.org").await;
        assert_eq!(mail.kind, "factor_changed");
        assert!(mail.text.contains("Lost phone"), "{}", mail.text);
        desk.signed_in("anna", "anna-pass-1", "laptop").await;
    }
}
