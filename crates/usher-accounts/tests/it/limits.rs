//! Limits on tries and mails: over processes, restarts and hang-ups.
use std::time::Duration;

use usher_accounts::Accounts;
use usher_accounts::address::AddressGiven;
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::limits::{Admitted, MailAdmitted, Try, Whose};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::key::MasterKey;
use usher_domain::secret::SecretText;
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;

use crate::desk::{Desk, at_home, from};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

async fn admit(accounts: &Accounts, whose: Whose<'_>, visitor: &Visitor) -> Result<Try, Duration> {
    match accounts.admit(whose, visitor).await.unwrap() {
        Admitted::Go(tried) => Ok(tried),
        Admitted::Wait(span) => Err(span),
        Admitted::Busy => panic!("nobody else is here"),
    }
}

/// Tries once, wrongly.
pub(crate) async fn fail(
    accounts: &Accounts,
    whose: Whose<'_>,
    visitor: &Visitor,
) -> Result<(), Duration> {
    let tried = admit(accounts, whose, visitor).await?;
    accounts.settle(tried, Outcome::Wrong).await.unwrap();
    Ok(())
}

/// Lets 64 try at once in four processes, each for a name and from an address of its own choice. Answers the tries that
/// were let through.
async fn tries_of_64(desk: &Desk, choose: impl Fn(usize) -> (String, Visitor)) -> Vec<Try> {
    let replicas = [(); 4].map(|()| desk.replica());
    let racers: Vec<_> = (0..64)
        .map(|number| {
            let (accounts, (name, visitor)) = (replicas[number % 4].clone(), choose(number));
            tokio::spawn(async move { accounts.admit(Whose::Typed(&name), &visitor).await })
        })
        .collect();
    let mut tries = Vec::new();
    for racer in racers {
        if let Admitted::Go(tried) = racer.await.unwrap().unwrap() {
            tries.push(tried);
        }
    }
    tries
}

#[tokio::test(flavor = "multi_thread")]
async fn r25_of_64_tries_at_once_in_four_processes_no_more_are_let_through_than_in_one() {
    for desk in Desk::open_all().await {
        let one_name = tries_of_64(&desk, |number| {
            ("somebody".to_owned(), from(&format!("192.{number}.0.7")))
        });
        assert_eq!(one_name.await.len(), 5);
        let one_address = tries_of_64(&desk, |number| {
            (format!("name {number}"), from("203.0.113.7"))
        });
        assert_eq!(one_address.await.len(), 10);
    }
}

#[tokio::test]
async fn r26_sixteen_passwords_are_judged_at_once_by_one_process() {
    let desk = Desk::open().await;
    let mut tries = Vec::new();
    for number in 0..16 {
        let (name, visitor) = (format!("name {number}"), from(&format!("192.{number}.0.7")));
        tries.push(
            admit(&desk.accounts, Whose::Typed(&name), &visitor)
                .await
                .unwrap(),
        );
    }
    let one_more = desk
        .accounts
        .admit(Whose::Typed("one more"), &at_home())
        .await;
    assert!(matches!(one_more.unwrap(), Admitted::Busy));
    let over = tries.pop().unwrap();
    desk.accounts.settle(over, Outcome::Right).await.unwrap();
    let one_more = desk
        .accounts
        .admit(Whose::Typed("one more"), &at_home())
        .await;
    assert!(matches!(one_more.unwrap(), Admitted::Go(_)));
}

#[tokio::test]
async fn r25_a_restart_forgets_no_count_and_no_try_that_was_on_its_way() {
    for desk in Desk::open_all().await {
        let anna = Whose::Account(desk.id("anna"));
        for _ in 0..5 {
            assert_eq!(fail(&desk.replica(), anna, &at_home()).await, Ok(()));
        }
        // Nobody settles this one: the process ended.
        drop(admit(&desk.accounts, anna, &at_home()).await.unwrap());
        assert_eq!(fail(&desk.replica(), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(Duration::from_secs(29));
        assert_eq!(fail(&desk.replica(), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(SECOND);
        // It was the sixth wrong one, after which one waits a second; the seventh makes it two.
        assert_eq!(fail(&desk.replica(), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(SECOND);
        assert_eq!(fail(&desk.replica(), anna, &at_home()).await, Ok(()));
        assert_eq!(
            fail(&desk.replica(), anna, &at_home()).await,
            Err(SECOND * 2)
        );
    }
}

#[tokio::test]
async fn r21_a_right_answer_clears_the_name_but_not_the_address() {
    let desk = Desk::open().await;
    let (accounts, anna) = (&desk.accounts, Whose::Account(desk.id("anna")));
    for _ in 0..4 {
        for _ in 0..5 {
            assert_eq!(fail(accounts, anna, &at_home()).await, Ok(()));
        }
        let elsewhere = from("203.0.113.7");
        let right = admit(accounts, anna, &elsewhere).await.unwrap();
        accounts.settle(right, Outcome::Right).await.unwrap();
    }
    assert_eq!(fail(accounts, anna, &at_home()).await, Err(MINUTE));
    assert_eq!(fail(accounts, anna, &from("203.0.113.7")).await, Ok(()));
}

#[tokio::test]
async fn r21_strangers_lock_no_browser_out_that_is_signed_in() {
    let desk = Desk::open().await;
    let (accounts, id) = (&desk.accounts, desk.id("anna"));
    for number in 0..10 {
        let stranger = from(&format!("203.{number}.0.7"));
        assert_eq!(fail(accounts, Whose::Account(id), &stranger).await, Ok(()));
        desk.clock.advance(MINUTE);
    }
    let locked = admit(accounts, Whose::Account(id), &at_home()).await;
    assert_eq!(locked.unwrap_err(), MINUTE * 14);
    for _ in 0..5 {
        let known = fail(accounts, Whose::KnownBrowser(id), &at_home()).await;
        assert_eq!(known, Ok(()));
    }
    let known = fail(accounts, Whose::KnownBrowser(id), &at_home()).await;
    assert_eq!(known, Err(MINUTE * 15));
}

#[tokio::test]
async fn r19_a_name_counts_as_one_however_it_is_written() {
    let desk = Desk::open().await;
    for name in ["nobody", " Nobody ", "NOBODY", "nobody", "nobody", "noBody"] {
        let tried = fail(&desk.accounts, Whose::Typed(name), &at_home()).await;
        assert_eq!(tried, Ok(()), "{name}");
    }
    let tried = fail(&desk.accounts, Whose::Typed("nobody"), &at_home()).await;
    assert_eq!(tried, Err(SECOND));
}

#[tokio::test]
async fn r23_an_address_that_fails_for_ten_names_is_blocked_for_an_hour() {
    let desk = Desk::open().await;
    for number in 0..10 {
        let name = format!("name {number}");
        let tried = fail(&desk.accounts, Whose::Typed(&name), &at_home()).await;
        assert_eq!(tried, Ok(()), "{name}");
    }
    let anna = Whose::Account(desk.id("anna"));
    assert_eq!(fail(&desk.accounts, anna, &at_home()).await, Err(HOUR));
    let elsewhere = from("203.0.113.7");
    assert_eq!(fail(&desk.accounts, anna, &elsewhere).await, Ok(()));
}

/// Somebody behind a proxy that is not listed: the address is everybody's.
fn behind_a_proxy() -> Visitor {
    Visitor {
        address_is_exact: false,
        ..at_home()
    }
}

#[tokio::test]
async fn an_address_that_cannot_be_believed_is_delayed_by_five_seconds_and_never_blocked() {
    for desk in Desk::open_all().await {
        let (accounts, household) = (&desk.accounts, behind_a_proxy());
        let mut waits = Vec::new();
        for number in 0..150 {
            let name = format!("name {number}");
            while let Err(wait) = fail(accounts, Whose::Typed(&name), &household).await {
                waits.push(wait.as_secs());
                desk.clock.advance(wait);
            }
        }
        assert_eq!(waits, [5; 129]);
        desk.clock.advance(SECOND * 5);
        let anna = admit(accounts, Whose::Account(desk.id("anna")), &household).await;
        accounts
            .settle(anna.unwrap(), Outcome::Right)
            .await
            .unwrap();
        let known = Whose::KnownBrowser(desk.id("anna"));
        assert_eq!(fail(accounts, known, &household).await, Ok(()));
        let elsewhere = from("203.0.113.7");
        let kim = Whose::Account(desk.id("kim"));
        assert_eq!(fail(accounts, kim, &elsewhere).await, Ok(()));
    }
}

#[tokio::test]
async fn behind_an_unlisted_proxy_mails_are_delayed_by_seconds_and_none_is_refused_for_longer() {
    let desk = Desk::open().await;
    let mut waits = Vec::new();
    for number in 0..60 {
        let target = format!("{number}@example.org");
        while let MailAdmitted::Wait(wait) = desk
            .accounts
            .admit_mail(&target, &behind_a_proxy())
            .await
            .unwrap()
        {
            waits.push(wait.as_secs());
            desk.clock.advance(wait);
        }
    }
    assert_eq!(waits, [10; 5]);
}

/// Fails for 501 names from as many networks within five minutes.
async fn surge(desk: &Desk) {
    for number in 0..501 {
        let name = format!("name {number}");
        let stranger = from(&format!("198.{}.{}.7", number / 250, number % 250));
        let tried = fail(&desk.accounts, Whose::Typed(&name), &stranger).await;
        assert_eq!(tried, Ok(()), "{name}");
    }
}

#[tokio::test]
async fn r23_while_passwords_are_guessed_everywhere_unknown_browsers_try_once_a_minute() {
    for desk in Desk::open_all().await {
        surge(&desk).await;
        let (accounts, other) = (desk.replica(), from("203.0.113.7"));
        for name in ["anna", "kim"] {
            let id = desk.id(name);
            let tried = fail(&accounts, Whose::Account(id), &other).await;
            assert_eq!(tried.is_ok(), name == "anna");
        }
        let tried = fail(&accounts, Whose::Typed("nobody"), &other).await;
        assert_eq!(tried, Err(MINUTE));
        let known = Whose::KnownBrowser(desk.id("anna"));
        for _ in 0..4 {
            assert_eq!(fail(&accounts, known, &other).await, Ok(()));
        }
        // Behind an unlisted proxy the name stands for the address: no household waits for another.
        for name in ["name a", "name b"] {
            let tried = fail(&accounts, Whose::Typed(name), &behind_a_proxy()).await;
            assert_eq!(tried, Ok(()), "{name}");
            let tried = fail(&accounts, Whose::Typed(name), &behind_a_proxy()).await;
            assert_eq!(tried, Err(MINUTE), "{name}");
        }
        desk.clock.advance(MINUTE * 10);
        for _ in 0..2 {
            let kim = Whose::Account(desk.id("kim"));
            assert_eq!(fail(&accounts, kim, &other).await, Ok(()));
        }
    }
}

#[tokio::test]
async fn r23_while_passwords_are_guessed_everywhere_only_links_reset_and_administrators_are_told() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let admin = Admin::on_the_server();
        let told = || async {
            let overview = desk.accounts.console_overview(&admin).await.unwrap();
            overview.warnings.contains(&"console-warning-guessed-at")
        };
        assert!(!told().await);
        surge(&desk).await;
        assert!(told().await);
        assert!(!desk.accounts.reset_codes_work().await.unwrap());
        let visitor = at_home();
        let asked = desk.accounts.ask_reset("anna", None, "en", &visitor).await;
        asked.unwrap();
        let mail = desk.mail_to("anna@example.org").await;
        assert_eq!((mail.code, mail.link.is_some()), (None, true));
        desk.clock.advance(HOUR);
        assert!(desk.accounts.reset_codes_work().await.unwrap());
        assert!(told().await);
        desk.clock.advance(HOUR * 24);
        assert!(!told().await);
    }
}

#[tokio::test]
async fn r28_a_refusal_writes_as_much_for_a_name_that_nobody_has() {
    for desk in Desk::open_all().await {
        let written: [&[u8]; 2] = [b"nothing", b"192.168.0.7"];
        let written = MasterKey::from_bytes([7; 32]).mac("limit", &written);
        desk.web("anna", "wrong", "tv").await;
        assert_eq!(desk.store.tally(&written).await.unwrap(), None);
        let lines = desk.accounts.activities(99).await.unwrap();
        assert_eq!(lines.len(), 1);
        desk.web("nobody", "wrong", "tv").await;
        assert!(desk.store.tally(&written).await.unwrap().is_some());
        assert_eq!(desk.accounts.activities(99).await.unwrap(), lines);
    }
}

#[tokio::test]
async fn one_address_gets_a_mail_a_minute_five_an_hour_and_ten_a_day() {
    for desk in Desk::open_all().await {
        let mut waits = Vec::new();
        for number in 0..11 {
            let visitor = from(&format!("203.{number}.0.7"));
            while let MailAdmitted::Wait(span) = desk
                .replica()
                .admit_mail("mia@example.org", &visitor)
                .await
                .unwrap()
            {
                waits.push(span.as_secs());
                desk.clock.advance(span);
            }
        }
        let (before_hour, before_day) = (3600 - 4 * 60, 24 * 3600 - (3600 + 4 * 60));
        assert_eq!(
            waits,
            [60, 60, 60, 60, before_hour, 60, 60, 60, 60, before_day]
        );
    }
}

#[tokio::test]
async fn one_visitor_asks_for_twenty_mails_an_hour_and_a_refused_one_costs_nobody_anything() {
    let desk = Desk::open().await;
    for number in 0..20 {
        let target = format!("{number}@example.org");
        let mail = desk.accounts.admit_mail(&target, &at_home()).await;
        assert_eq!(mail.unwrap(), MailAdmitted::Go);
    }
    let mail = desk
        .accounts
        .admit_mail("mia@example.org", &at_home())
        .await;
    assert_eq!(mail.unwrap(), MailAdmitted::Wait(HOUR));
    let elsewhere = from("203.0.113.7");
    let mail = desk
        .accounts
        .admit_mail("mia@example.org", &elsewhere)
        .await;
    assert_eq!(mail.unwrap(), MailAdmitted::Go);
}

#[tokio::test]
async fn r23_after_more_than_fifty_wrong_reset_codes_none_is_taken_for_a_while() {
    for desk in Desk::open_all().await {
        for _ in 0..50 {
            desk.replica().note_wrong_reset_code().await.unwrap();
        }
        assert!(desk.replica().reset_codes_work().await.unwrap());
        desk.accounts.note_wrong_reset_code().await.unwrap();
        assert!(!desk.replica().reset_codes_work().await.unwrap());
        desk.clock.advance(MINUTE * 10);
        assert!(desk.replica().reset_codes_work().await.unwrap());
    }
}

#[tokio::test]
async fn r21_no_stranger_who_knows_name_or_address_takes_the_owners_codes_by_mail_away() {
    for desk in Desk::open_all().await {
        let accounts = &desk.accounts;
        desk.with_mail_codes("anna", "anna@example.org").await;
        for number in 0..10 {
            let stranger = from(&format!("203.{number}.0.7"));
            let asked = accounts.ask_reset("anna", None, "en", &stranger).await;
            asked.unwrap();
            desk.mails().await;
            desk.clock.advance(HOUR * 2);
        }
        let kim = desk.signed_in("kim", "kim-pass-1", "phone").await;
        let kim = desk.session(&kim.cookie).await;
        let asked = accounts
            .ask_address_change(&kim, "anna@example.org", &from("203.0.113.7"))
            .await;
        let spent = asked.unwrap();
        assert!(matches!(spent, AddressGiven::Wait(_)), "{spent:?}");
        for seconds_later in [0, 60] {
            desk.clock.advance(SECOND * seconds_later);
            let became = desk.web("anna", "anna-pass-1", "laptop").await;
            assert!(matches!(became, WebSignIn::Next(..)), "{became:?}");
            desk.mails().await;
        }
        assert_eq!(desk.sent("sign_in_code").await, 2);
        // The owner's own mails have a limit, too.
        desk.web("anna", "anna-pass-1", "laptop").await;
        assert_eq!(desk.sent("sign_in_code").await, 2);
    }
}

/// What a name is answered that is tried with twelve wrong passwords at the same moment, from this address.
async fn twelve_answers(desk: &Desk, name: &str, address: &str) -> Vec<String> {
    let password = SecretText::new("wrong");
    let form = PasswordForm {
        name,
        password: &password,
        device_id: "tv",
        next: "",
        language: "en",
        trust: None,
    };
    let (mut answers, visitor) = (Vec::new(), from(address));
    for _ in 0..12 {
        let became = desk.accounts.web_password(&form, None, &visitor);
        answers.push(format!("{:?}", became.await.unwrap()));
    }
    answers
}

#[tokio::test]
async fn r27_who_may_not_be_here_now_is_made_to_wait_as_everybody_else() {
    for desk in Desk::open_all().await {
        desk.set_policy("kim", "EnableRemoteAccess", false).await;
        let known = twelve_answers(&desk, "anna", "203.0.113.7").await;
        assert!(known.contains(&"Wait(1s)".to_owned()), "{known:?}");
        for (name, address) in [
            ("nobody", "203.0.114.7"),
            ("dora", "203.0.115.7"),
            ("kim", "203.0.116.7"),
        ] {
            let answers = twelve_answers(&desk, name, address).await;
            assert_eq!(answers, known, "{name}");
        }
    }
}

#[tokio::test]
async fn r28_a_name_that_nobody_has_costs_jellyfin_as_much_as_one_that_somebody_has() {
    let desk = Desk::open().await;
    let faults = desk.standin.faults();
    let mut asked = Vec::new();
    for name in ["anna", "nobody", "nobody else"] {
        faults.forget_counts();
        let became = desk.web(name, "wrong", "tv").await;
        assert!(matches!(became, WebSignIn::Wrong), "{name}: {became:?}");
        asked.push(faults.asked_in_all());
        desk.clock.advance(MINUTE);
    }
    assert_eq!(asked, [asked[0]; 3]);
}

#[tokio::test]
async fn after_a_name_that_nobody_has_jellyfins_users_are_looked_at_soon() {
    let desk = Desk::open().await;
    let (accounts, faults) = (&desk.accounts, desk.standin.faults());
    let working = accounts.clone();
    let jobs = tokio::spawn(async move { working.run_jobs().await });
    // The look with which the jobs begin is over when they read the log.
    while faults.asked("GET /System/ActivityLog/Entries") == 0 {
        tokio::task::yield_now().await;
    }
    let password = SecretText::new("new-pass-1");
    desk.jellyfin.create_user("new", &password).await.unwrap();
    desk.web("new", "wrong", "tv").await;
    let seen = async {
        while accounts.account_named("new").await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
    };
    let seen = tokio::time::timeout(Duration::from_secs(20), seen).await;
    jobs.abort();
    assert!(seen.is_ok(), "before the next look is due");
}

#[tokio::test]
async fn a_user_whose_name_no_new_user_could_have_signs_in_also_after_everything_was_ended() {
    for desk in Desk::open_all().await {
        let (accounts, id) = (&desk.accounts, desk.id("kim"));
        for user in &mut desk.standin.state().users {
            if user.id == id.as_uuid() {
                user.name = "kim, of old".to_owned();
            }
        }
        accounts.look_at_users().await.unwrap();
        let (admin, visitor) = (Admin::on_the_server(), at_home());
        let ended = accounts.end_all_places(&admin, id, &visitor).await;
        assert_eq!(ended.unwrap(), Edited::Done);
        desk.signed_in("Kim, of old", "kim-pass-1", "phone").await;
        let nobody = desk.web("kim\0", "kim-pass-1", "phone").await;
        assert!(matches!(nobody, WebSignIn::Wrong), "{nobody:?}");
    }
}
