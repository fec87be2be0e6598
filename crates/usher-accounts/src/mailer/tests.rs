use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::Notify;
use usher_domain::activity::Activity;
use usher_domain::entropy::SeededEntropy;
use usher_domain::key::MasterKey;
use usher_domain::mail::{Mail, NewSignIn};
use usher_domain::outbox::PROBE_AFTER;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_mail::Look;
use usher_store::{MailState, Store, StoreOptions};
use usher_text::TimeZone;

use super::{MailRoute, Mailer};
use crate::admin::Admin;
use crate::sign_in::LONGEST_HOLD;
use crate::{Accounts, Options, Parts, PasswordlessUsers};

const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

struct Desk {
    accounts: Accounts,
    clock: Arc<TestClock>,
    _folder: TempDir,
}

impl Desk {
    async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&StoreOptions::Sqlite(folder.path().join("usher.sqlite")))
            .await
            .unwrap();
        let clock = Arc::new(TestClock::at(NOON));
        let accounts = Accounts::new(Parts {
            store,
            jellyfin: usher_jellyfin::Jellyfin::new(&"http://127.0.0.1:9".parse().unwrap())
                .unwrap(),
            key: MasterKey::from_bytes([7; 32]),
            clock: clock.clone(),
            entropy: Arc::new(SeededEntropy::new(1)),
            passkeys: None,
            options: Options {
                adopt_tokens: Duration::ZERO,
                passwordless_users: PasswordlessUsers::Refuse,
                shared_addresses: false,
                mail_proven: false,
                mail_fixed: false,
                longest_hold: LONGEST_HOLD,
                people_zone: TimeZone::UTC,
                server_zone: TimeZone::UTC,
                public_url: "https://films.example.org".to_owned(),
            },
            mail_waiting: Arc::new(Notify::new()),
        });
        Self {
            accounts,
            clock,
            _folder: folder,
        }
    }

    fn mailer(&self, route: MailRoute) -> Mailer {
        let look = Look {
            public_url: "https://films.example.org".parse().unwrap(),
            server_name: "Lantern".to_owned(),
            accent: String::new(),
            zone: TimeZone::UTC,
        };
        Mailer::new(self.accounts.clone(), route, look, None)
    }

    async fn queue(&self, mail: &Mail) {
        let tx = self.accounts.inner.store.begin().await.unwrap();
        assert!(
            self.accounts
                .queue_mail(&tx, "mia@example.org", "de", mail)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
    }

    async fn states(&self) -> Vec<(MailState, i64)> {
        let mails = self.accounts.queued_mails(None, 9).await.unwrap();
        mails
            .into_iter()
            .map(|mail| (mail.state, mail.tries))
            .collect()
    }
}

fn at_home() -> Visitor {
    Visitor::new("192.168.0.7".parse().unwrap(), true, "Firefox/140.0")
}

fn invitation() -> Mail {
    Mail::SetUpInvitation {
        user_name: "mia".to_owned(),
        link: SecretText::new("/usher/set-up#t0ken"),
        expires: NOON + Duration::from_hours(168),
    }
}

/// A server that nobody runs: connections are refused.
fn nobody(security: SmtpSecurity) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: 1,
        security,
        user: None,
        password: None,
        from: "usher@example.org".to_owned(),
    }
}

#[tokio::test]
async fn r61_a_committed_mail_reaches_the_mailbox_once_in_its_language() {
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    let mailer = desk.mailer(MailRoute::Mailbox);
    assert_eq!(mailer.work().await.unwrap(), 1);
    assert_eq!(mailer.work().await.unwrap(), 0);
    let kept = desk.accounts.mailbox(9).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].subject.as_str(), kept[0].recipient.as_str()),
        ("Dein Konto auf Lantern", "mia@example.org")
    );
    assert_eq!(
        kept[0].link.as_deref(),
        Some("https://films.example.org/usher/set-up#t0ken")
    );
    assert_eq!(desk.states().await, [(MailState::Sent, 1)]);
}

#[test]
fn a_mail_that_an_older_version_queued_without_a_profile_is_the_owners() {
    let mail = Mail::NewSignIn(NewSignIn {
        user_name: "anna".to_owned(),
        profile: "Kids".to_owned(),
        device: "Living room".to_owned(),
        origin: at_home().origin(NOON),
        not_me: SecretText::new("not-me#secret"),
        not_me_expires: NOON,
    });
    let text = serde_json::to_string(&mail).unwrap();
    let older = text.replace(r#""profile":"Kids","#, "");
    assert_ne!(older, text);
    let read: Mail = serde_json::from_str(&older).unwrap();
    let Mail::NewSignIn(read) = read else {
        panic!("{read:?}");
    };
    assert_eq!((read.profile.as_str(), &*read.user_name), ("", "anna"));
}

#[tokio::test]
async fn r63_a_server_that_is_down_gets_ten_tries_and_then_the_mail_is_listed() {
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    let mailer = desk.mailer(MailRoute::Fixed(nobody(SmtpSecurity::LoopbackPlain)));
    for expected in 1..10 {
        assert_eq!(mailer.work().await.unwrap(), 1);
        assert_eq!(
            mailer.work().await.unwrap(),
            0,
            "it is not due again at once"
        );
        assert_eq!(desk.states().await, [(MailState::Waiting, expected)]);
        desk.clock.advance(Duration::from_mins(40));
    }
    mailer.work().await.unwrap();
    assert_eq!(desk.states().await, [(MailState::Dead, 10)]);
    let dead = desk
        .accounts
        .queued_mails(Some(MailState::Dead), 9)
        .await
        .unwrap()
        .remove(0);
    assert!(dead.reason.unwrap().starts_with("mail-fault-refused"));
    let (by, home) = (Admin::on_the_server(), at_home());
    for is_dead in [true, false] {
        let revived = desk.accounts.retry_mail(&by, dead.id, &home).await;
        assert_eq!(revived.unwrap(), is_dead);
    }
    let lines = desk.accounts.activities(9).await.unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].what, Activity::MailSentAgain);
    assert_eq!(desk.mailer(MailRoute::Mailbox).work().await.unwrap(), 1);
    assert_eq!(desk.accounts.mailbox(9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn r64_a_code_is_not_sent_in_its_last_minute() {
    let desk = Desk::open().await;
    desk.queue(&Mail::Test {
        code: SecretText::new("012345"),
    })
    .await;
    desk.clock.advance(Duration::from_mins(9));
    assert_eq!(desk.mailer(MailRoute::Mailbox).work().await.unwrap(), 0);
    assert_eq!(desk.states().await, [(MailState::Expired, 0)]);
    assert!(desk.accounts.mailbox(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn mail_waits_while_no_way_is_set_up_or_the_way_cannot_be_used() {
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    assert_eq!(desk.mailer(MailRoute::Console).work().await.unwrap(), 0);
    let elsewhere = SmtpSettings {
        host: "mail.example.org".to_owned(),
        ..nobody(SmtpSecurity::LoopbackPlain)
    };
    assert_eq!(
        desk.mailer(MailRoute::Fixed(elsewhere))
            .work()
            .await
            .unwrap(),
        0
    );
    assert_eq!(desk.states().await, [(MailState::Waiting, 0)]);
}

#[tokio::test]
async fn r67_a_mail_that_was_sealed_with_another_key_is_given_up_and_delays_no_other() {
    let desk = Desk::open().await;
    let tx = desk.accounts.inner.store.begin().await.unwrap();
    desk.accounts
        .queue_mail(&tx, "mia@example.org", "en", &invitation())
        .await
        .unwrap();
    let stray = tx.lease_mails(NOON, NOON, 1).await.unwrap().remove(0);
    let copied = usher_store::NewMail {
        id: usher_domain::id::MailId::generate(NOON, &SeededEntropy::new(9)),
        recipient: stray.recipient,
        language: stray.language,
        kind: "test",
        urgency: usher_domain::mail::Urgency::Code,
        sealed: stray.sealed,
        queued: NOON,
        worthless_from: NOON + PROBE_AFTER,
    };
    tx.enqueue_mail(copied).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(desk.mailer(MailRoute::Mailbox).work().await.unwrap(), 2);
    assert_eq!(desk.accounts.mailbox(9).await.unwrap().len(), 1);
    assert_eq!(desk.accounts.mail_counts().await.unwrap().dead, 1);
}

#[tokio::test]
async fn r63_a_server_that_refuses_us_costs_no_try_and_is_left_alone_for_five_minutes() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::io::AsyncWriteExt::write_all(&mut stream, b"554 5.3.2 not for you\r\n")
                .await
                .unwrap();
        }
    });
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    desk.queue(&invitation()).await;
    let mailer = desk.mailer(MailRoute::Fixed(SmtpSettings {
        port,
        ..nobody(SmtpSecurity::LoopbackPlain)
    }));
    assert_eq!(mailer.work().await.unwrap(), 2);
    assert_eq!(mailer.work().await.unwrap(), 0);
    desk.clock.advance(PROBE_AFTER);
    assert_eq!(mailer.work().await.unwrap(), 1, "one mail finds out");
    assert_eq!(desk.states().await, [(MailState::Waiting, 0); 2]);
}

#[tokio::test]
async fn r72_a_mail_that_is_dropped_leaves_a_line() {
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    let waiting = desk.accounts.queued_mails(None, 9).await.unwrap().remove(0);
    for waits in [true, false] {
        let dropped = desk
            .accounts
            .drop_mail(&Admin::on_the_server(), waiting.id, &at_home())
            .await;
        assert_eq!(dropped.unwrap(), waits);
    }
    let lines = desk.accounts.activities(9).await.unwrap();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0].what, Activity::MailDropped);
}

/// A mail server that says when it has a whole mail, and takes it only when it is told to.
async fn slow_server() -> (u16, Arc<Notify>, Arc<Notify>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (whole, take) = (Arc::<Notify>::default(), Arc::<Notify>::default());
    let (told, taking) = (Arc::clone(&whole), Arc::clone(&take));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reading, mut writing) = stream.into_split();
        let mut lines = BufReader::new(reading).lines();
        let mut is_mail = false;
        writing.write_all(b"220 slow\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            let answer: &[u8] = match line.as_str() {
                "." => {
                    told.notify_one();
                    taking.notified().await;
                    is_mail = false;
                    b"250 taken\r\n"
                }
                _of_the_mail if is_mail => continue,
                "DATA" => {
                    is_mail = true;
                    b"354 go on\r\n"
                }
                _command => b"250 yes\r\n",
            };
            writing.write_all(answer).await.unwrap();
        }
    });
    (port, whole, take)
}

#[tokio::test]
async fn r62_a_worker_that_is_stopped_ends_the_mail_it_is_sending_and_begins_no_other() {
    let desk = Desk::open().await;
    desk.queue(&invitation()).await;
    let (port, whole, take) = slow_server().await;
    let mailer = Arc::new(desk.mailer(MailRoute::Fixed(SmtpSettings {
        port,
        ..nobody(SmtpSecurity::LoopbackPlain)
    })));
    let worker = Arc::clone(&mailer);
    let running = tokio::spawn(async move { worker.run().await });
    whole.notified().await;
    desk.queue(&invitation()).await;
    mailer.stop();
    assert!(!running.is_finished(), "the mail is cut off");
    take.notify_one();
    running.await.unwrap();
    let mut states = desk.states().await;
    states.sort_by_key(|(_, tries)| *tries);
    assert_eq!(states, [(MailState::Waiting, 0), (MailState::Sent, 1)]);
}
