//! Limits on tries and mails: over processes, restarts and hang-ups.
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use usher_accounts::limits::{Admitted, MailAdmitted, Try, Whose};
use usher_accounts::{Accounts, Options, Parts, PasswordlessUsers};
use usher_domain::entropy::SeededEntropy;
use usher_domain::key::MasterKey;
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;
use usher_text::TimeZone;

use crate::desk::{Desk, at_home, from};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// Another process over the same database, or the same one after a restart.
fn replica(desk: &Desk) -> Accounts {
    Accounts::new(Parts {
        store: desk.store.clone(),
        jellyfin: desk.jellyfin.clone(),
        key: MasterKey::from_bytes([7; 32]),
        clock: desk.clock.clone(),
        entropy: Arc::new(SeededEntropy::new(3)),
        options: Options {
            adopt_tokens: Duration::ZERO,
            passwordless_users: PasswordlessUsers::Refuse,
            shared_addresses: false,
            mail_proven: true,
            mail_fixed: false,
            server_zone: TimeZone::UTC,
        },
        mail_waiting: Arc::new(Notify::new()),
    })
}

async fn admit(accounts: &Accounts, whose: Whose<'_>, visitor: &Visitor) -> Result<Try, Duration> {
    match accounts.admit(whose, visitor).await.unwrap() {
        Admitted::Go(tried) => Ok(tried),
        Admitted::Wait(span) => Err(span),
        Admitted::Busy => panic!("nobody else is here"),
    }
}

/// Tries once, wrongly.
async fn fail(accounts: &Accounts, whose: Whose<'_>, visitor: &Visitor) -> Result<(), Duration> {
    let tried = admit(accounts, whose, visitor).await?;
    accounts.settle(tried, Outcome::Wrong).await.unwrap();
    Ok(())
}

/// Lets 64 try at once in four processes, each for a name and from an address of its own choice. Answers the tries that
/// were let through.
async fn tries_of_64(desk: &Desk, choose: impl Fn(usize) -> (String, Visitor)) -> Vec<Try> {
    let replicas = [(); 4].map(|()| replica(desk));
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
            assert_eq!(fail(&replica(&desk), anna, &at_home()).await, Ok(()));
        }
        // Nobody settles this one: the process ended.
        drop(admit(&desk.accounts, anna, &at_home()).await.unwrap());
        assert_eq!(fail(&replica(&desk), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(Duration::from_secs(29));
        assert_eq!(fail(&replica(&desk), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(SECOND);
        // It was the sixth wrong one, after which one waits a second; the seventh makes it two.
        assert_eq!(fail(&replica(&desk), anna, &at_home()).await, Err(SECOND));
        desk.clock.advance(SECOND);
        assert_eq!(fail(&replica(&desk), anna, &at_home()).await, Ok(()));
        assert_eq!(
            fail(&replica(&desk), anna, &at_home()).await,
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

#[tokio::test]
async fn an_address_that_cannot_be_believed_is_never_blocked() {
    let desk = Desk::open().await;
    let household = Visitor {
        address_is_exact: false,
        ..at_home()
    };
    for number in 0..150 {
        let name = format!("name {number}");
        let tried = fail(&desk.accounts, Whose::Typed(&name), &household).await;
        assert_eq!(tried, Ok(()), "{name}");
        let target = format!("{number}@example.org");
        let mail = desk.accounts.admit_mail(&target, &household).await;
        assert_eq!(mail.unwrap(), MailAdmitted::Go);
    }
}

#[tokio::test]
async fn one_address_gets_a_mail_a_minute_five_an_hour_and_ten_a_day() {
    for desk in Desk::open_all().await {
        let mut waits = Vec::new();
        for number in 0..11 {
            let visitor = from(&format!("203.{number}.0.7"));
            while let MailAdmitted::Wait(span) = replica(&desk)
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
            replica(&desk).note_wrong_reset_code().await.unwrap();
        }
        assert!(replica(&desk).reset_codes_work().await.unwrap());
        desk.accounts.note_wrong_reset_code().await.unwrap();
        assert!(!replica(&desk).reset_codes_work().await.unwrap());
        desk.clock.advance(MINUTE * 10);
        assert!(replica(&desk).reset_codes_work().await.unwrap());
    }
}
