//! Pages of second factors, with one value of everything that they can show, in every language; and where they lead.
use std::collections::BTreeSet;
use std::time::Duration;

use askama::Template;
use usher_accounts::second_factor::{BrowserTrusted, FactorLine};
use usher_domain::activity::Door;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, AttemptId, FactorId, TrustedBrowserId};
use usher_domain::second_factor::{Demand, Enrolled, FactorKind, FactorRule, SecondFactorPolicy};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{Attempt, AttemptContext, LIFE};
use usher_store::NewAttempt;

use super::html::{assert_sound, in_every_language};
use super::panel::account;
use super::{Desk, NOON, frame};
use crate::pages::account::{EditPage, ProvePage, RenewPage, SecurityPage, SecuritySaid, security};
use crate::pages::console::{
    Factors, Rule, SecurityPage as PolicyPage, SecuritySaid as PolicySaid,
};
use crate::pages::enroll::{self, EnrollPage, PasskeyPage, Place, TotpPage};
use crate::pages::frame::Frame;
use crate::pages::panel::Times;
use crate::pages::qr;
use crate::pages::recovery_codes::{RecoveryCodesPage, Then};
use crate::pages::second_factor::{NotTaken, SecondFactorPage, Way};

/// Everything that can be wrong with what was shown.
const WRONG: [NotTaken; 6] = [
    NotTaken::Wrong(Some(3)),
    NotTaken::Wrong(None),
    NotTaken::NotACode,
    NotTaken::Dead,
    NotTaken::Wait(Duration::from_secs(61)),
    NotTaken::Closed,
];

fn second_factor(frame: &Frame, way: Way, is_sent: bool, wrong: String) -> SecondFactorPage<'_> {
    SecondFactorPage {
        frame,
        way,
        others: Way::ALL.into_iter().filter(|other| *other != way).collect(),
        address: "m\"***@example.org",
        is_sent,
        wait: 42,
        notice: frame.t("factor-sent"),
        no_mail: "factor-mail-dead",
        wrong,
        back: "sign-in?other=yes&next=%2Fdetails".to_owned(),
    }
}

#[test]
fn r31_each_way_to_show_a_factor_is_asked_on_a_sound_page_with_links_to_the_others() {
    in_every_language(|frame| {
        for way in Way::ALL {
            for is_sent in [true, false] {
                let mut told = BTreeSet::from([String::new()]);
                told.extend(WRONG.map(|wrong| wrong.told(frame, way)));
                assert_eq!(
                    told.len(),
                    WRONG.len() + 1,
                    "each has a sentence of its own"
                );
                for wrong in told {
                    let page = second_factor(frame, way, is_sent, wrong);
                    assert_sound(&page);
                    let html = page.render().unwrap();
                    let links = html.matches("href=\"second-factor?way=").count();
                    assert_eq!(links, 3, "{html}");
                }
            }
        }
    });
}

#[test]
fn r36_a_browser_is_trusted_only_where_that_is_ticked_and_never_by_a_recovery_code() {
    let frame = &frame("en");
    for way in Way::ALL {
        let html = second_factor(frame, way, true, String::new())
            .render()
            .unwrap();
        let ticks: Vec<&str> = html.split("name=\"trust\"").skip(1).collect();
        assert_eq!(ticks.len(), usize::from(way != Way::Recovery), "{html}");
        for tick in ticks {
            assert!(!tick.split('>').next().unwrap().contains("checked"));
        }
    }
}

#[test]
fn a_code_by_mail_is_sent_only_once_somebody_asks_for_it() {
    let frame = &frame("en");
    let before = second_factor(frame, Way::Email, false, String::new());
    let html = before.render().unwrap();
    assert!(html.contains("action=\"second-factor-send\""), "{html}");
    assert!(!html.contains("name=\"code\""), "{html}");
    let after = second_factor(frame, Way::Email, true, String::new());
    let html = after.render().unwrap();
    assert!(html.contains("name=\"code\"") && html.contains("data-wait=\"42\""));
}

#[test]
fn a_proof_is_asked_for_by_password_or_by_each_factor_on_a_sound_page() {
    in_every_language(|frame| {
        for way in Way::ALL.map(Some).into_iter().chain([None]) {
            for is_sent in [true, false] {
                let page = ProvePage {
                    frame,
                    name: "<mia>",
                    why: "seat-prove-why",
                    way_out: ("switch".to_owned(), "seat-others"),
                    action: "prove?to=console&page=console-mail".to_owned(),
                    way,
                    others: vec![(Way::Recovery, "prove?to=console&way=recovery".to_owned())],
                    passkey: "passkey-prove?to=console".to_owned(),
                    send: "prove-send?to=console".to_owned(),
                    address: "m***@example.org",
                    is_sent,
                    no_mail: "factor-mail-dead-no-codes",
                    wrong: frame.t("account-prove-wrong"),
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                assert_eq!(html.contains("type=\"password\""), way.is_none(), "{html}");
            }
        }
    });
}

#[test]
fn a_factor_is_set_up_on_sound_pages_at_sign_in_and_in_the_account() {
    in_every_language(|frame| {
        for place in Place::ALL {
            for said in enroll::Said::ALL.map(Some).into_iter().chain([None]) {
                for all in [&FactorKind::ALL[..], &[]] {
                    let page = EnrollPage {
                        frame,
                        place,
                        body: frame.t("factor-enroll-required"),
                        kinds: enroll::kinds(frame, all, "<mia@example.org>"),
                        may_skip: said.is_none(),
                        said,
                    };
                    assert_sound(&page);
                    let html = page.render().unwrap();
                    assert_eq!(html.contains("enroll-skip"), said.is_none(), "{html}");
                    assert_eq!(html.matches("name=\"kind\"").count(), all.len());
                }
            }
            for picture in [qr::picture("otpauth://totp/x"), None] {
                let has_picture = picture.is_some();
                let page = TotpPage {
                    frame,
                    place,
                    picture,
                    key: "ABCD EFGH".to_owned(),
                    link: "otpauth://totp/x?secret=ABCD&issuer=\"<",
                    wrong: frame.t("factor-totp-not-yet"),
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                assert_eq!(html.contains("class=\"qr\""), has_picture);
                assert!(html.contains("ABCD EFGH"), "{html}");
            }
            assert_sound(&PasskeyPage { frame, place });
        }
    });
}

#[test]
fn r35_recovery_codes_can_be_kept_as_a_file_without_script_and_are_shown_in_no_other_page() {
    let codes = vec!["ABCD-EFGH-JKMN-PQRS-TVWX".to_owned(); 10];
    in_every_language(|frame| {
        for (codes, then) in [
            (codes.clone(), Then::SignIn),
            (codes.clone(), Then::Account),
            (Vec::new(), Then::SignIn),
        ] {
            let has_codes = !codes.is_empty();
            let page = RecoveryCodesPage {
                frame,
                codes,
                then,
                wrong: "factor-codes-tick-missing",
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            let file = html.split("href=\"data:text/plain;charset=utf-8,").nth(1);
            assert_eq!(file.is_some(), has_codes, "{html}");
            if let Some(file) = file {
                let file = file.split('"').next().unwrap();
                assert_eq!(file.matches("ABCD-EFGH-JKMN-PQRS-TVWX%0D%0A").count(), 10);
            }
            assert_eq!(html.contains("recovery-codes-new"), !has_codes, "{html}");
        }
    });
}

fn line(kind: FactorKind, name: &str) -> FactorLine {
    FactorLine {
        id: FactorId::generate(NOON, &SeededEntropy::new(7)),
        kind,
        name: name.to_owned(),
        added: NOON,
        used: (!name.is_empty()).then_some(NOON),
    }
}

#[test]
fn the_pages_of_ones_own_factors_are_sound_and_warn_where_few_recovery_codes_are_left() {
    in_every_language(|frame| {
        let times = Times::at(NOON);
        let lines = || {
            let named = FactorKind::ALL.map(|kind| line(kind, "\"<blue>\""));
            let unnamed = FactorKind::ALL.map(|kind| line(kind, ""));
            let all = named.iter().chain(&unnamed);
            all.map(|factor| security::line(frame, &times, factor))
                .collect()
        };
        let browser = BrowserTrusted {
            id: TrustedBrowserId::generate(NOON, &SeededEntropy::new(8)),
            client: "<Firefox>".to_owned(),
            address: "192.0.2.7".to_owned(),
            since: NOON,
            until: NOON + Duration::from_hours(720),
        };
        let account = account();
        for said in SecuritySaid::ALL.map(Some).into_iter().chain([None]) {
            for (codes, lines) in [(0, Vec::new()), (0, lines()), (3, lines()), (4, lines())] {
                let warns = codes <= 3 && !lines.is_empty();
                let page = SecurityPage {
                    frame,
                    account: &account,
                    said,
                    is_active: codes > 0,
                    is_demanded: codes > 0,
                    owed: frame.t("factor-security-owed-now"),
                    can_add: codes != 4,
                    lines,
                    codes,
                    browsers: if codes == 0 {
                        Vec::new()
                    } else {
                        vec![security::browser(frame, &times, &browser)]
                    },
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                let few = frame.count("factor-codes-few", "n", i64::from(codes));
                assert_eq!(html.contains(&few), warns, "{html}");
            }
        }
        assert_sound(&EditPage {
            frame,
            line: security::line(frame, &times, &line(FactorKind::Passkey, "\"<")),
            name: "\"<".to_owned(),
        });
        assert_sound(&RenewPage { frame });
    });
}

#[test]
fn the_policy_of_second_factors_is_sound_whatever_it_is() {
    in_every_language(|frame| {
        for demand in [
            Demand::Off,
            Demand::Optional,
            Demand::Administrators,
            Demand::Everyone,
        ] {
            for said in PolicySaid::ALL.map(Some).into_iter().chain([None]) {
                let page = PolicyPage {
                    frame,
                    said,
                    policy: SecondFactorPolicy {
                        demand,
                        ..SecondFactorPolicy::default()
                    },
                    from: "2026-12-01".to_owned(),
                    ended: said.is_none().then_some(2),
                    has_passkeys: said.is_none(),
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                let demands = matches!(demand, Demand::Administrators | Demand::Everyone);
                assert_eq!(html.contains("console-security-end"), demands, "{html}");
            }
        }
    });
}

/// What the console shows of an account with every kind, or with none.
pub(super) fn of_account(frame: &Frame, has_all: bool) -> Factors {
    let all = Enrolled {
        email: true,
        totp: true,
        passkeys: 2,
        recovery_codes: 1,
    };
    if has_all {
        Factors::of(frame, all, FactorRule::Required(NOON))
    } else {
        Factors::of(frame, Enrolled::default(), FactorRule::Exempt)
    }
}

#[test]
fn an_account_in_the_console_tells_its_factors_in_numbers_and_nothing_else_of_them() {
    let english = frame("en");
    let told = of_account(&english, true);
    let lines = [
        "2 passkeys",
        "Authenticator app",
        "Code by mail",
        "One recovery code",
    ];
    assert_eq!(told.lines, lines);
    assert_eq!(told.rule, Rule::Required);
    let none = of_account(&english, false);
    assert!(none.lines.is_empty() && none.rule == Rule::Exempt);
    let inherits = Factors::of(&english, Enrolled::default(), FactorRule::Inherit);
    assert_eq!(inherits.rule, Rule::Inherit);
}

/// A sign-in that has just begun; answers its cookie.
async fn attempt(desk: &Desk) -> String {
    let entropy = SeededEntropy::new(5);
    let cookie = OpaqueToken::generate(&entropy);
    let tx = desk.store.begin().await.unwrap();
    tx.add_attempt(&NewAttempt {
        id: AttemptId::generate(NOON, &entropy),
        digest: cookie.hash(),
        state: Attempt::start(Door::Web, NOON),
        context: AttemptContext::default(),
        expires: NOON + LIFE,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    format!("__Host-usher_attempt={}", cookie.reveal())
}

#[tokio::test]
async fn r31_nobody_sees_a_page_of_factors_before_the_sign_in_has_come_to_it() {
    let desk = Desk::open().await;
    let begun = attempt(&desk).await;
    for page in [
        "second-factor",
        "second-factor?way=totp",
        "enroll",
        "enroll?kind=totp",
        "recovery-codes",
    ] {
        for cookies in ["", begun.as_str()] {
            let shown = desk.get(page, cookies).await;
            assert_eq!((shown.status, shown.location.as_str()), (303, "sign-in"));
        }
    }
    let forms: [(&str, &[(&str, &str)]); 7] = [
        ("second-factor", &[("way", "totp"), ("code", "123456")]),
        ("second-factor-send", &[]),
        ("enroll", &[("kind", "totp")]),
        ("enroll-code", &[("code", "123456")]),
        ("enroll-skip", &[]),
        ("recovery-codes", &[("kept", "yes")]),
        ("recovery-codes-new", &[]),
    ];
    for (page, form) in forms {
        let shown = desk.post(page, "", form).await;
        assert_eq!(shown.location, "sign-in?said=over", "{page}");
    }
}

#[tokio::test]
async fn r71_a_form_of_factors_with_another_field_or_kind_is_refused() {
    let desk = Desk::open().await;
    let forms: [(&str, &[(&str, &str)]); 4] = [
        ("second-factor", &[("way", "sms"), ("code", "1")]),
        (
            "second-factor",
            &[("way", "totp"), ("code", "1"), ("account", "x")],
        ),
        ("enroll", &[("kind", "sms")]),
        ("recovery-codes", &[("kept", "yes"), ("x", "y")]),
    ];
    for (page, form) in forms {
        assert_eq!(desk.post(page, "", form).await.status, 400, "{page}");
    }
}

#[tokio::test]
async fn r38_without_a_session_nothing_of_the_factors_of_an_account_is_shown_or_changed() {
    let desk = Desk::open().await;
    for page in [
        "account-security",
        "account-factor",
        "account-factor?kind=totp",
        "account-factor-edit?id=1",
        "account-codes",
        "console-security",
    ] {
        let shown = desk.get(page, "").await;
        assert!(shown.location.starts_with("sign-in?next="), "{page}");
    }
    let forms: [(&str, &[(&str, &str)]); 8] = [
        ("account-factor", &[("kind", "email")]),
        ("account-factor-code", &[("code", "123456")]),
        ("account-factor-name?id=1", &[("name", "x")]),
        ("account-factor-remove?id=1", &[("remove_sure", "yes")]),
        ("account-codes", &[]),
        ("account-trust-end", &[("browser", "1")]),
        ("prove-send?to=security", &[]),
        ("console-security-end", &[("end_sure", "yes")]),
    ];
    for (page, form) in forms {
        let shown = desk.post(page, "", form).await;
        assert!(shown.location.starts_with("sign-in?next="), "{page}");
    }
    let id = AccountId::generate(NOON, &SeededEntropy::new(3));
    for (page, to) in [
        ("second-factor-send", "second-factor?way=email".to_owned()),
        ("enroll-skip", "enroll".to_owned()),
        ("recovery-codes-new", "recovery-codes".to_owned()),
        ("account-factor-code", "account-factor".to_owned()),
        ("account-factor-name?id=x", "account-security".to_owned()),
        ("account-trust-end", "account-security".to_owned()),
        ("prove-send?to=security", "prove?to=security".to_owned()),
        ("console-security-end", "console-security".to_owned()),
        (
            &format!("console-account-factor-rule?id={id}"),
            format!("console-account?id={id}"),
        ),
    ] {
        assert_eq!(desk.get(page, "").await.location, to, "{page}");
    }
}
