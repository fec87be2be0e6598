//! A real mail server: Debian's Postfix with Cyrus SASL, started with a folder and ports of its own. Left out where one of
//! them is not installed, or where the tests do not run as root, as Postfix demands.
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mail_parser::MessageParser;
use tempfile::TempDir;
use usher_domain::outbox::Failure;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_mail::{Cause, Smtp, Step};

use crate::{outgoing, settings, test_mail};

const PROGRAM: &str = "/usr/sbin/postfix";

/// What writes Cyrus SASL's table of users.
const WRITE_USER: &str = "/usr/sbin/saslpasswd2";

const PASSWORD: &str = "right-password-1";

struct Postfix {
    folder: TempDir,
    starttls: u16,
    implicit: u16,
    policy: u16,
    certificate: String,
    /// The next recipients are put off.
    puts_off: Arc<AtomicBool>,
}

impl Postfix {
    fn start() -> Option<Self> {
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        let is_there = [PROGRAM, WRITE_USER]
            .iter()
            .all(|name| Path::new(name).exists());
        if !is_root || !is_there {
            return None;
        }
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["config", "queue", "data", "mail"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        for name in ["data", "mail"] {
            let owned = Command::new("chown")
                .arg("postfix:")
                .arg(folder.path().join(name))
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (starttls, implicit) = (free_port(), free_port());
        let puts_off = Arc::new(AtomicBool::new(false));
        let postfix = Self {
            folder,
            starttls,
            implicit,
            policy: keep_policy(Arc::clone(&puts_off)),
            certificate: made.cert.pem(),
            puts_off,
        };
        let config = postfix.folder.path().join("config");
        fs::write(config.join("certificate.pem"), &postfix.certificate).unwrap();
        fs::write(config.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(config.join("main.cf"), postfix.main()).unwrap();
        fs::write(config.join("master.cf"), postfix.services()).unwrap();
        postfix.add_user(&config.join("sasl"));
        assert!(postfix.control("start"));
        Some(postfix)
    }

    fn main(&self) -> String {
        // The mailboxes belong to whom the folder for them was given.
        let owner = fs::metadata(self.folder.path().join("mail")).unwrap();
        self.placed(include_str!("postfix/main.cf"))
            .replace("OWNER", &owner.uid().to_string())
            .replace("GROUP", &owner.gid().to_string())
            .replace("POLICY", &self.policy.to_string())
    }

    fn placed(&self, text: &str) -> String {
        text.replace("FOLDER", &self.folder.path().display().to_string())
    }

    /// Lets `usher` log in.
    fn add_user(&self, folder: &Path) {
        fs::create_dir(folder).unwrap();
        let settings = self.placed(include_str!("postfix/smtpd.conf"));
        fs::write(folder.join("smtpd.conf"), settings).unwrap();
        let users = folder.join("users");
        let mut program = Command::new(WRITE_USER)
            .args(["-p", "-c", "-u", "localhost", "-f"])
            .arg(&users)
            .arg("usher")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut typed = program.stdin.take().unwrap();
        typed.write_all(PASSWORD.as_bytes()).unwrap();
        drop(typed);
        assert!(program.wait().unwrap().success());
        fs::set_permissions(&users, fs::Permissions::from_mode(0o644)).unwrap();
    }

    fn services(&self) -> String {
        let services = include_str!("postfix/master.cf");
        services
            .replace("STARTTLS", &self.starttls.to_string())
            .replace("IMPLICIT", &self.implicit.to_string())
    }

    fn control(&self, command: &str) -> bool {
        let config = self.folder.path().join("config");
        Command::new(PROGRAM)
            .arg("-c")
            .arg(config)
            .arg(command)
            .output()
            .is_ok_and(|done| done.status.success())
    }

    fn smtp(&self, port: u16, security: SmtpSecurity) -> Smtp {
        Smtp::new(
            &settings(port, security),
            "Lantern",
            Some(self.certificate.as_bytes()),
        )
        .unwrap()
    }

    /// A way that logs in with this password.
    fn logged_in(&self, password: &str) -> Smtp {
        let settings = SmtpSettings {
            user: Some("usher@localhost".to_owned()),
            password: Some(SecretText::new(password)),
            ..settings(self.starttls, SmtpSecurity::StartTls)
        };
        Smtp::new(&settings, "Lantern", Some(self.certificate.as_bytes())).unwrap()
    }

    /// The next mail in Mia's mailbox; Postfix delivers in its own time.
    async fn delivered(&self) -> String {
        let new = self.folder.path().join("mail/mia/new");
        let look = async {
            let mut again = tokio::time::interval(Duration::from_millis(50));
            loop {
                again.tick().await;
                let first = fs::read_dir(&new).ok().and_then(|mut mails| mails.next());
                if let Some(Ok(mail)) = first {
                    let text = fs::read_to_string(mail.path()).unwrap();
                    fs::remove_file(mail.path()).unwrap();
                    return text;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), look)
            .await
            .unwrap()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        self.control("stop");
    }
}

/// Answers what Postfix asks of each recipient, as a service for greylisting does; answers its port.
fn keep_policy(puts_off: Arc<AtomicBool>) -> u16 {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in socket.incoming().map_while(Result::ok) {
            let puts_off = Arc::clone(&puts_off);
            std::thread::spawn(move || {
                let mut answers = stream.try_clone().unwrap();
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let answer: &[u8] = if puts_off.load(Ordering::SeqCst) {
                        b"action=451 4.7.1 Greylisted, come again\n\n"
                    } else {
                        b"action=dunno\n\n"
                    };
                    // A question ends with an empty line.
                    if line.is_empty() && answers.write_all(answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

#[tokio::test]
async fn postfix_takes_our_mail_by_starttls_and_by_tls_from_the_start() {
    let Some(postfix) = Postfix::start() else {
        return;
    };
    for (port, security) in [
        (postfix.starttls, SmtpSecurity::StartTls),
        (postfix.implicit, SmtpSecurity::Implicit),
    ] {
        let mail = test_mail();
        postfix
            .smtp(port, security)
            .send(&outgoing(&mail, "mia@example.org"))
            .await
            .unwrap();
        let delivered = postfix.delivered().await;
        let parsed = MessageParser::default().parse(&delivered).unwrap();
        assert_eq!(parsed.subject(), Some(mail.subject.as_str()));
        assert_eq!(
            parsed
                .body_text(0)
                .unwrap()
                .replace("\r\n", "\n")
                .trim_end(),
            mail.text.trim_end()
        );
        let received = parsed.header_raw("Received").unwrap();
        assert!(
            received.contains("ESMTPS") && received.contains("TLSv1.3"),
            "{received}"
        );
    }
    let smtp = postfix.smtp(postfix.starttls, SmtpSecurity::StartTls);
    let error = smtp
        .send(&outgoing(&test_mail(), "nobody@example.org"))
        .await
        .unwrap_err();
    assert_eq!(
        (error.step, error.cause, error.failure()),
        (Step::Recipient, Cause::Never, Failure::Recipient)
    );
}

#[tokio::test]
async fn postfix_lets_a_right_login_send_anywhere_and_nobody_else() {
    let Some(postfix) = Postfix::start() else {
        return;
    };
    let mail = test_mail();
    let elsewhere = outgoing(&mail, "somebody@elsewhere.example");
    postfix.logged_in(PASSWORD).send(&elsewhere).await.unwrap();
    let stranger = postfix.smtp(postfix.starttls, SmtpSecurity::StartTls);
    let error = stranger.send(&elsewhere).await.unwrap_err();
    assert_eq!(
        (error.step, error.failure()),
        (Step::Recipient, Failure::Recipient)
    );
    let error = postfix
        .logged_in("wrong-password-1")
        .send(&elsewhere)
        .await
        .unwrap_err();
    assert_eq!(
        (error.step, error.failure()),
        (Step::Login, Failure::Transport)
    );
    assert!(!format!("{error:?} {error}").contains("wrong-password-1"));
}

#[tokio::test]
async fn a_mail_that_postfix_puts_off_is_tried_again_and_then_arrives() {
    let Some(postfix) = Postfix::start() else {
        return;
    };
    postfix.puts_off.store(true, Ordering::SeqCst);
    let mail = test_mail();
    let to_mia = outgoing(&mail, "mia@example.org");
    let smtp = postfix.logged_in(PASSWORD);
    let error = smtp.send(&to_mia).await.unwrap_err();
    assert_eq!(
        (error.step, error.failure()),
        (Step::Recipient, Failure::Transient)
    );
    postfix.puts_off.store(false, Ordering::SeqCst);
    smtp.send(&to_mia).await.unwrap();
    assert!(postfix.delivered().await.contains("Message-ID: <"));
}
