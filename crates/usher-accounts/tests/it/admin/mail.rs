//! The mail settings of the console.
use std::time::Duration;

use usher_accounts::admin::{Admin, MailTest, SmtpForm};
use usher_accounts::mailer::MailRoute;
use usher_accounts::{Policies, PolicyChange};
use usher_domain::activity::{Activity, SettingChanged};
use usher_domain::secret::SecretText;
use usher_domain::settings::{QuickConnectPolicy, RecoveryPolicy, Requirement, SmtpSecurity};
use usher_standin::Fault;

use crate::desk::{Desk, another, at_home};

fn form() -> SmtpForm {
    SmtpForm {
        host: "127.0.0.1".to_owned(),
        // Nobody listens there.
        port: 1,
        security: SmtpSecurity::LoopbackPlain,
        user: Some("usher".to_owned()),
        password: Some(SecretText::new("smtp-secret")),
        from: "usher@example.org".to_owned(),
    }
}

async fn store(desk: &Desk, form: &SmtpForm) -> Option<String> {
    let admin = Admin::on_the_server();
    let stored = desk.accounts.set_smtp_form(&admin, form, &at_home()).await;
    stored.unwrap();
    let settings = desk.accounts.smtp_settings().await.unwrap().unwrap();
    settings.password.map(|it| it.reveal().to_owned())
}

async fn test(desk: &Desk, route: MailRoute) -> MailTest {
    let mailer = desk.mailer(route);
    let admin = Admin::on_the_server();
    let sent = desk
        .accounts
        .test_mail(&admin, &mailer, "root@example.org", "en", &at_home())
        .await;
    sent.unwrap()
}

#[tokio::test]
async fn r70_the_stored_password_is_kept_for_the_same_server_and_user_alone() {
    let desk = Desk::open_without_mail().await;
    assert_eq!(store(&desk, &form()).await.as_deref(), Some("smtp-secret"));
    let unchanged = SmtpForm {
        password: None,
        port: 2,
        ..form()
    };
    let kept = store(&desk, &unchanged).await;
    assert_eq!(kept.as_deref(), Some("smtp-secret"));
    let elsewhere = SmtpForm {
        host: "mail.example.net".to_owned(),
        ..unchanged.clone()
    };
    assert_eq!(store(&desk, &elsewhere).await, None);
    store(&desk, &form()).await;
    let other_user = SmtpForm {
        user: Some("other".to_owned()),
        ..unchanged.clone()
    };
    assert_eq!(store(&desk, &other_user).await, None);
    let nobody = SmtpForm {
        user: None,
        ..form()
    };
    assert_eq!(store(&desk, &nobody).await, None);
}

#[tokio::test]
async fn a_policy_waits_for_a_test_mail_that_arrived_and_new_settings_wait_again() {
    let desk = Desk::open_without_mail().await;
    let accounts = &desk.accounts;
    let required = Requirement::Required;
    let refused = accounts.set_email_policy(required).await.unwrap();
    assert_eq!(refused, PolicyChange::MailUnproven);
    let sent = test(&desk, MailRoute::Mailbox).await;
    assert!(matches!(sent, MailTest::Sent(lines) if lines.is_empty()));
    let code = desk.mail_to("root@example.org").await.code.unwrap();
    let admin = Admin::on_the_server();
    for wrong in [another(&code).as_str(), "", "12345"] {
        assert!(!accounts.confirm_test_mail(&admin, wrong).await.unwrap());
    }
    let stranger = desk.administrator().await;
    assert!(!accounts.confirm_test_mail(&stranger, &code).await.unwrap());
    assert!(accounts.confirm_test_mail(&admin, &code).await.unwrap());
    assert!(!accounts.confirm_test_mail(&admin, &code).await.unwrap());
    let done = accounts.set_email_policy(required).await.unwrap();
    assert_eq!(done, PolicyChange::Done);
    store(&desk, &form()).await;
    let health = accounts.settings().await.unwrap().mail_health;
    assert_eq!(health.confirmed_at, None);
}

#[tokio::test]
async fn r72_policies_change_together_with_one_line_of_activity_or_not_at_all() {
    let desk = Desk::open_without_mail().await;
    let accounts = &desk.accounts;
    let admin = desk.administrator().await;
    let asked = Policies {
        requirement: Requirement::Off,
        recovery: RecoveryPolicy {
            by_mail: false,
            elsewhere: "Ask the helpdesk.".to_owned(),
        },
        quick_connect: QuickConnectPolicy { enabled: false },
    };
    let refused = Policies {
        requirement: Requirement::Required,
        ..asked.clone()
    };
    let before = accounts.settings().await.unwrap();
    let changed = accounts.change_policies(&admin, &refused, &at_home()).await;
    assert_eq!(changed.unwrap(), PolicyChange::MailUnproven);
    let after = accounts.settings().await.unwrap();
    assert_eq!(after.recovery, before.recovery);
    assert_eq!(after.quick_connect, before.quick_connect);
    for _again in 0..2 {
        let changed = accounts.change_policies(&admin, &asked, &at_home()).await;
        assert_eq!(changed.unwrap(), PolicyChange::Done);
    }
    let after = accounts.settings().await.unwrap();
    assert_eq!(after.recovery, asked.recovery);
    assert_eq!(after.quick_connect, asked.quick_connect);
    let lines = accounts.activities(50).await.unwrap();
    let settings = vec![
        SettingChanged::Recovery { on: false },
        SettingChanged::Elsewhere,
        SettingChanged::QuickConnect { on: false },
    ];
    let what = Activity::PolicyChanged { settings };
    let noted = lines.iter().filter(|line| line.what == what);
    let actors: Vec<_> = noted.map(|line| line.actor).collect();
    assert_eq!(actors, [admin.actor()]);
}

#[tokio::test]
async fn a_mail_bears_the_name_that_the_server_has_now_or_had_last() {
    let desk = Desk::open().await;
    let asked = async |name: &str| {
        let signed_in = desk.signed_in(name, &format!("{name}-pass-1"), name).await;
        let session = desk.session(&signed_in.cookie).await;
        let address = format!("{name}@example.org");
        let home = at_home();
        let changing = desk.accounts.ask_address_change(&session, &address, &home);
        changing.await.unwrap();
        address
    };
    let address = asked("anna").await;
    let mail = desk.mail_to(&address).await;
    assert!(mail.subject.contains("Living room"), "{}", mail.subject);
    let renamed = serde_json::json!("The new cinema");
    let told = "ServerName".to_owned();
    desk.standin.state().system.insert(told, renamed);
    for is_away in [false, true] {
        desk.clock.advance(Duration::from_mins(2));
        let address = asked(if is_away { "root" } else { "kim" }).await;
        if is_away {
            let faults = desk.standin.faults();
            faults.set("/system/info/public", Fault::Status(503));
        }
        let mail = desk.mail_to(&address).await;
        assert!(mail.subject.contains("The new cinema"), "{}", mail.subject);
    }
}

#[tokio::test]
async fn a_test_that_fails_says_where_and_how() {
    let desk = Desk::open_without_mail().await;
    assert!(matches!(
        test(&desk, MailRoute::Console).await,
        MailTest::NoMail
    ));
    store(&desk, &form()).await;
    let MailTest::Failed(why, passed) = test(&desk, MailRoute::Console).await else {
        panic!("nobody listens there");
    };
    assert!(
        why.starts_with("The mail server cannot be reached."),
        "{why}"
    );
    assert_eq!(passed, ["The mail server's name was found."]);
    let unusable = SmtpForm {
        from: "nobody".to_owned(),
        ..form()
    };
    store(&desk, &unusable).await;
    let MailTest::Failed(why, passed) = test(&desk, MailRoute::Console).await else {
        panic!("it cannot be used");
    };
    assert!(why.contains("the sender is not an e-mail address"), "{why}");
    assert!(passed.is_empty());
}
