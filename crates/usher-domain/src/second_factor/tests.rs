use super::*;

const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);
const DAY: Duration = Duration::from_hours(24);

fn case(demand: Demand) -> Case {
    Case {
        policy: SecondFactorPolicy {
            demand,
            from: Some(NOON),
            methods: Methods::default(),
        },
        rule: FactorRule::Inherit,
        administrator: false,
        enrolled: Enrolled::default(),
        can_mail: true,
    }
}

fn with_totp(demand: Demand) -> Case {
    let mut case = case(demand);
    case.enrolled.totp = true;
    case
}

#[test]
fn an_enrolled_factor_is_asked_for_unless_the_browser_is_trusted_or_the_policy_is_off() {
    let optional = with_totp(Demand::Optional);
    assert_eq!(optional.owed(false, NOON).show, Show::Yes);
    assert_eq!(optional.owed(true, NOON).show, Show::Trusted);
    assert_eq!(with_totp(Demand::Off).owed(false, NOON).show, Show::No);
    let mut exempt = with_totp(Demand::Everyone);
    exempt.rule = FactorRule::Exempt;
    assert_eq!(exempt.owed(false, NOON).show, Show::Yes);
    let mut required = with_totp(Demand::Off);
    required.rule = FactorRule::Required(NOON);
    assert_eq!(required.owed(false, NOON).show, Show::Yes);
    assert_eq!(case(Demand::Optional).owed(true, NOON).show, Show::No);
}

#[test]
fn who_must_have_one_is_told_until_the_date_and_then_must_enroll() {
    let enroll = |case: &Case, at| case.owed(false, at).enroll;
    let everyone = case(Demand::Everyone);
    assert_eq!(enroll(&everyone, NOON - DAY), Enroll::MaySkip);
    assert_eq!(enroll(&everyone, NOON), Enroll::Required);
    assert_eq!(enroll(&with_totp(Demand::Everyone), NOON), Enroll::No);
    for demand in [Demand::Off, Demand::Optional, Demand::Administrators] {
        assert_eq!(enroll(&case(demand), NOON), Enroll::No, "{demand:?}");
    }
    let mut administrator = case(Demand::Administrators);
    administrator.administrator = true;
    assert_eq!(enroll(&administrator, NOON), Enroll::Required);
    let mut required = case(Demand::Optional);
    required.rule = FactorRule::Required(NOON);
    assert_eq!(enroll(&required, NOON), Enroll::Required);
    let mut exempt = case(Demand::Everyone);
    exempt.rule = FactorRule::Exempt;
    assert_eq!(enroll(&exempt, NOON), Enroll::No);
}

#[test]
fn a_kind_that_is_no_longer_allowed_is_still_asked_for_but_fulfils_nothing() {
    let mut mail_only = case(Demand::Everyone);
    mail_only.enrolled.email = true;
    mail_only.policy.methods.email = false;
    let owed = mail_only.owed(false, NOON);
    assert_eq!((owed.show, owed.enroll), (Show::Yes, Enroll::Required));
}

#[test]
fn while_mail_is_dead_nobody_must_enroll_codes_by_mail() {
    let mut only_mail = case(Demand::Everyone);
    only_mail.policy.methods = Methods {
        email: true,
        totp: false,
        passkey: false,
    };
    assert_eq!(only_mail.owed(false, NOON).enroll, Enroll::Required);
    only_mail.can_mail = false;
    assert_eq!(only_mail.owed(false, NOON).enroll, Enroll::No);
}

#[test]
fn apps_go_on_for_fourteen_days_without_one_but_never_past_an_enrolled_one() {
    let everyone = case(Demand::Everyone);
    assert_eq!(everyone.owed_by_app(NOON).enroll, Enroll::No);
    let over = everyone.owed_by_app(NOON + APPS_GRACE);
    assert_eq!(over.enroll, Enroll::Required);
    let enrolled = with_totp(Demand::Everyone).owed_by_app(NOON);
    assert_eq!(enrolled.show, Show::Yes);
}
