//! A forgotten password while something is away: Jellyfin, the mail server, or whoever the mail server's certificate is
//! from. Everybody is told what is so, nobody loses a try, nothing is half done, and afterwards it works.
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use usher::application::Blueprint;
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::mailer::MailRoute;
use usher_domain::address::EmailAddress;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_standin::{Fault, Version};

use crate::browser::Browser;
use crate::client::{House, VERSIONS, jellyfin};
use crate::mail_server::{MailServer, Mood};

const NEW: &str = "a-lamp-in-the-hall";

/// A house that sends its mail to this server, and where `anna` and `root` have proven addresses.
pub(crate) async fn house(version: Version, mail: &MailServer, clock: &Arc<TestClock>) -> House {
    house_with(version, mail, clock, |plan| plan).await
}

/// As [`house`], with a plan that was changed before it was built.
pub(crate) async fn house_with(
    version: Version,
    mail: &MailServer,
    clock: &Arc<TestClock>,
    change: impl FnOnce(Blueprint) -> Blueprint,
) -> House {
    let route = MailRoute::Fixed(SmtpSettings {
        host: "localhost".to_owned(),
        port: mail.port,
        security: SmtpSecurity::StartTls,
        user: None,
        password: None,
        from: "usher@example.org".to_owned(),
    });
    let house = House::furnished(jellyfin(version).await, |plan| {
        change(Blueprint {
            mail: route,
            mail_certificate: Some(mail.certificate.clone().into_bytes()),
            clock: Arc::<TestClock>::clone(clock),
            ..plan
        })
    })
    .await;
    for name in ["anna", "root"] {
        vouch(&house, name).await;
    }
    house
}

/// An administrator enters a proven address.
async fn vouch(house: &House, name: &str) {
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let account = house.accounts.account_named(name).await.unwrap().unwrap();
    let address = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
    let by = Admin::on_the_server();
    let accounts = &house.accounts;
    let entered = accounts.enter_address(&by, account.id, Some(&address), true, &here);
    assert_eq!(entered.await.unwrap(), Edited::Done);
}

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp::from_millis(0)))
}

fn is_password(house: &House, password: &str) -> bool {
    let state = house.standin.state();
    let anna = state.users.iter().find(|user| user.name == "anna");
    anna.unwrap().is_password(password)
}

/// The new password is set, the old one and its token are dead, and nothing is asked twice.
async fn assert_reset(house: &House, browser: &mut Browser, token: &str) {
    let chosen = browser.send("new-password", &[("password", NEW)]).await;
    assert_eq!(chosen.location, "sign-in?said=reset", "{}", chosen.html);
    let old = house.sign_in("anna", "anna-pass-1").await.status();
    assert_eq!(old, StatusCode::UNAUTHORIZED);
    let headers = [("x-emby-token", token)];
    let ended = house.get("/Users/Me", &headers).await.status();
    assert_eq!(ended, StatusCode::UNAUTHORIZED);
    let new = house.sign_in("anna", NEW).await.status();
    assert_eq!(new, StatusCode::OK);
    let again = browser.send("new-password", &[("password", NEW)]).await;
    assert_eq!(again.location, "forgot?said=dead");
}

/// The new password is not taken, the page says why, and the old one is still there.
async fn assert_away(house: &House, browser: &mut Browser) {
    let away = browser.send("new-password", &[("password", NEW)]).await;
    assert_eq!(away.location, "");
    let said = away.html.contains("The media server does not answer");
    assert!(said, "{}", away.html);
    assert!(is_password(house, "anna-pass-1"));
}

#[tokio::test]
async fn r15_a_reset_while_jellyfin_is_away_waits_for_it_and_costs_nothing() {
    for version in VERSIONS {
        for fault in [Fault::Refuse, Fault::Status(503), Fault::Status(500)] {
            let mut mail = MailServer::start(Mood::Well).await;
            let house = house(version, &mail, &clock()).await;
            let token = house.token("anna").await;
            house.standin.faults().set("", fault);
            let mut browser = Browser::at(&house.address);
            let asked = browser.send("forgot", &[("name", "anna")]).await;
            assert_eq!(asked.location, "reset-code", "{version:?}");
            let letter = mail.letter().await;
            assert_eq!(letter.to, "anna@example.org");
            let mut elsewhere = Browser::at(&house.address);
            let link = [("link", letter.links()[0])];
            let followed = elsewhere.send("reset", &link).await;
            assert_eq!(followed.location, "new-password", "{version:?}");
            assert_away(&house, &mut elsewhere).await;
            let code = [("code", letter.code())];
            let proven = browser.send("reset-code", &code).await;
            assert_eq!(proven.location, "new-password", "{version:?}");
            // More often than any limit of wrong tries allows.
            for _ in 0..12 {
                assert_away(&house, &mut browser).await;
            }
            house.standin.faults().lift_all();
            let headers = [("x-emby-token", token.as_str())];
            let still = house.get("/Users/Me", &headers).await.status();
            assert_eq!(still, StatusCode::OK, "nothing ends before it is done");
            assert_reset(&house, &mut browser, &token).await;
        }
    }
}

/// The whole way with a mail server in a mood, until it is well again. `told` is the reason as the console says it.
async fn outlast(mood: Mood, told: &str) {
    let clock = clock();
    let mut mail = MailServer::start(mood).await;
    let house = house(VERSIONS[1], &mail, &clock).await;
    let token = house.token("anna").await;

    // The visitor is told the same as with a name that nobody has, and every door but that of the mail is open.
    let (mut browser, mut stranger) = (Browser::at(&house.address), Browser::at(&house.address));
    let mut pages = Vec::new();
    for (visitor, name) in [(&mut browser, "anna"), (&mut stranger, "nobody")] {
        let asked = visitor.send("forgot", &[("name", name)]).await;
        pages.push((asked.location, visitor.open("reset-code").await.html));
    }
    assert_eq!(pages[0].0, "reset-code");
    assert_eq!(pages[0], pages[1]);

    let signed_in = house.sign_in("anna", "anna-pass-1").await.status();
    assert_eq!(signed_in, StatusCode::OK, "R73");

    // The administrator is told why, where mail is tested and where it waits.
    let mut console = Browser::at(&house.address);
    console.sign_in("root", "root-pass-1").await;
    let test = [("to", "root@example.org")];
    let tested = console.send("console-mail-test", &test).await;
    assert!(tested.html.contains(told), "{}", tested.html);
    let waiting = async {
        loop {
            let list = console.open("console-mail").await.html;
            if list.contains(&format!("one try · {told}")) {
                return list;
            }
        }
    };
    let listed = tokio::time::timeout(Duration::from_secs(30), waiting).await;
    let listed = listed.unwrap();
    assert!(listed.contains("anna@example.org"), "{listed}");
    assert!(!mail.has_letter());

    // Well again: what waited leaves, and its code has all its tries.
    mail.is(Mood::Well);
    clock.advance(Duration::from_mins(5));
    stranger.send("forgot", &[("name", "somebody")]).await;
    let letter = mail.letter().await;
    assert_eq!(letter.to, "anna@example.org");
    let wrong = if letter.code() == "123456" {
        "654321"
    } else {
        "123456"
    };
    let missed = browser.send("reset-code", &[("code", wrong)]).await;
    assert!(missed.html.contains("4 tries are left"), "{}", missed.html);
    let proven = browser.send("reset-code", &[("code", letter.code())]).await;
    assert_eq!(proven.location, "new-password", "{}", proven.html);
    assert_reset(&house, &mut browser, &token).await;
    let notice = mail.letter().await;
    assert_eq!(notice.to, "anna@example.org");
    assert!(notice.links().is_empty(), "{}", notice.text);
}

#[tokio::test]
async fn r29_a_dead_mail_server_is_told_to_administrators_alone_and_the_mail_leaves_later() {
    let told = "The connection broke off, or there is no mail server at this port.";
    outlast(Mood::Dead, told).await;
}

#[tokio::test]
async fn r60_a_broken_certificate_is_named_and_no_mail_leaves_before_it_is_mended() {
    let told = "No protected connection came about. The certificate must be trusted";
    outlast(Mood::WrongCertificate, told).await;
}
