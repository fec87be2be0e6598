//! A real mail server: Debian's Postfix, started with a folder and ports of its own. Left out where it is not installed,
//! or where the tests do not run as root, as Postfix demands.
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use mail_parser::MessageParser;
use tempfile::TempDir;
use usher_domain::outbox::Failure;
use usher_domain::settings::SmtpSecurity;
use usher_mail::{Cause, Smtp, Step};

use crate::{outgoing, settings, test_mail};

const PROGRAM: &str = "/usr/sbin/postfix";

struct Postfix {
    folder: TempDir,
    starttls: u16,
    implicit: u16,
    certificate: String,
}

impl Postfix {
    fn start() -> Option<Self> {
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if !is_root || !Path::new(PROGRAM).exists() {
            return None;
        }
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["config", "queue", "data", "mail"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        for name in ["data", "mail"] {
            let owned = Command::new("chown")
                .arg("postfix")
                .arg(folder.path().join(name))
                .status()
                .unwrap();
            assert!(owned.success());
        }
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (starttls, implicit) = (free_port(), free_port());
        let postfix = Self {
            folder,
            starttls,
            implicit,
            certificate: made.cert.pem(),
        };
        let config = postfix.folder.path().join("config");
        fs::write(config.join("certificate.pem"), &postfix.certificate).unwrap();
        fs::write(config.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        fs::write(config.join("main.cf"), postfix.main()).unwrap();
        fs::write(config.join("master.cf"), postfix.services()).unwrap();
        assert!(postfix.control("start"));
        Some(postfix)
    }

    fn main(&self) -> String {
        include_str!("postfix/main.cf").replace("FOLDER", &self.folder.path().display().to_string())
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
