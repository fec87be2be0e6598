//! `kill -9` while mails go out: none is lost (R61, R62).
use std::collections::HashSet;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use usher::application::{Blueprint, accounts};
use usher_accounts::Accounts;
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::mailer::{MailRoute, Mailer};
use usher_accounts::reset::ResetAsked;
use usher_domain::address::EmailAddress;
use usher_domain::outbox::LEASE;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_domain::time::{Clock, SystemClock, TestClock};
use usher_domain::visitor::Visitor;
use usher_mail::Look;
use usher_standin::{Scene, SceneUser, Standin, Version};
use usher_text::TimeZone;

use crate::client::API_KEY;

const KILLS: usize = 50;

/// Places of the conversation at which the program is killed, in turn.
const PLACES: [&str; 6] = ["connected", "EHLO", "MAIL", "RCPT", "DATA", "whole"];

/// For whom a mail is, and its `Message-ID`.
type Mail = (String, String);

/// What a mail server heard.
enum Heard {
    /// The conversation is at this place, and the answer is not given yet.
    At(&'static str),
    /// A whole mail; the answer is not given yet.
    Mail(Mail),
}

/// A mail server that tells what it hears before it answers.
async fn sink() -> (u16, UnboundedReceiver<Heard>) {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = socket.local_addr().unwrap().port();
    let (tell, heard) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = socket.accept().await {
            tokio::spawn(converse(stream, tell.clone()));
        }
    });
    (port, heard)
}

/// Ends when the other side is gone, wherever that is.
async fn converse(stream: TcpStream, tell: UnboundedSender<Heard>) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut recipient = String::new();
    tell.send(Heard::At("connected")).ok()?;
    writing.write_all(b"220 sink\r\n").await.ok()?;
    loop {
        let line = lines.next_line().await.ok()??;
        let (place, answer): (_, &[u8]) = match line.split([' ', ':']).next()? {
            "EHLO" => ("EHLO", b"250 sink\r\n"),
            "MAIL" => ("MAIL", b"250 yes\r\n"),
            "RCPT" => ("RCPT", b"250 yes\r\n"),
            "DATA" => ("DATA", b"354 go on\r\n"),
            "QUIT" => ("QUIT", b"221 bye\r\n"),
            _other => ("other", b"250 yes\r\n"),
        };
        if place == "RCPT" {
            recipient.clone_from(&line);
        }
        tell.send(Heard::At(place)).ok()?;
        writing.write_all(answer).await.ok()?;
        if place == "DATA" {
            let mut id = String::new();
            loop {
                let line = lines.next_line().await.ok()??;
                if let Some(found) = line.strip_prefix("Message-ID:") {
                    found.trim().clone_into(&mut id);
                }
                if line == "." {
                    break;
                }
            }
            tell.send(Heard::Mail((recipient.clone(), id))).ok()?;
            writing.write_all(b"250 taken\r\n").await.ok()?;
        }
    }
}

fn name(number: usize) -> String {
    format!("person{number:02}")
}

/// A house with so many people that each gets one mail.
async fn people() -> Standin {
    let mut scene = Scene::living_room(Version::V12_0);
    scene.users = (0..KILLS)
        .map(|number| SceneUser::person(&name(number), "a-pass-of-1"))
        .collect();
    scene.api_keys = vec![(API_KEY.to_owned(), "Usher".to_owned())];
    usher_standin::start(scene).await.unwrap()
}

/// The program, as an administrator starts it.
fn start(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_usher"))
        .args(["serve", "--config"])
        .arg(folder.join("usher.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn configure(folder: &Path, standin: &Standin, port: u16) {
    let path = |name: &str| folder.join(name).display().to_string();
    usher::key_file::write_new(&folder.join("api-key"), API_KEY).unwrap();
    let text = format!(
        "public_url = \"http://127.0.0.1:1\"\nlisten = \"127.0.0.1:0\"\nkey_file = {:?}\n\
         [upstream]\nurl = {:?}\napi_key_file = {:?}\n[database]\npath = {:?}\n\
         [mail]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"loopback_plain\"\nfrom = \"usher@example.org\"\n",
        path("usher.key"),
        standin.url(),
        path("api-key"),
        path("usher.db"),
    );
    std::fs::write(folder.join("usher.toml"), text).unwrap();
}

async fn ask(accounts: &Accounts, number: usize) {
    // Each from an address of its own: the limit per visitor does not count.
    let host = u8::try_from(number).unwrap();
    let visitor = Visitor::new([192, 0, 2, host].into(), true, "test");
    let asked = accounts
        .ask_reset(&name(number), None, "en", &visitor)
        .await;
    assert!(matches!(asked, Ok(ResetAsked::Noted(_))), "{asked:?}");
}

#[tokio::test]
async fn r62_fifty_kills_lose_no_mail_and_double_none_without_its_id() {
    let (port, mut heard) = sink().await;
    let standin = people().await;
    let folder = tempfile::tempdir().unwrap();
    configure(folder.path(), &standin, port);
    let config = usher_config::Config::read(&folder.path().join("usher.toml")).unwrap();
    let plan = usher::serve::blueprint(&config).unwrap();
    let desk = accounts(&plan).await.unwrap();
    desk.look_at_users().await.unwrap();
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    for number in 0..KILLS {
        let account = desk.account_named(&name(number)).await.unwrap().unwrap();
        let address = EmailAddress::parse(&format!("{}@example.org", name(number))).unwrap();
        let by = Admin::on_the_server();
        let entered = desk.enter_address(&by, account.id, Some(&address), true, &here);
        assert_eq!(entered.await.unwrap(), Edited::Done);
    }

    let mut arrived = HashSet::new();
    for number in 0..KILLS {
        ask(&desk, number).await;
        let wanted = PLACES[number % PLACES.len()];
        let mut program = start(folder.path());
        loop {
            let place = match heard.recv().await.unwrap() {
                Heard::At(place) => place,
                Heard::Mail(mail) => {
                    arrived.insert(mail);
                    "whole"
                }
            };
            if place == wanted {
                break;
            }
        }
        program.kill().await.unwrap();
    }

    send_what_is_left(plan, port).await;
    while let Ok(one) = heard.try_recv() {
        if let Heard::Mail(mail) = one {
            arrived.insert(mail);
        }
    }
    // A mail that came twice came with the same id: there are as many pairs as people.
    let recipients: HashSet<_> = arrived.iter().map(|(recipient, _id)| recipient).collect();
    let ids: HashSet<_> = arrived.iter().map(|(_recipient, id)| id).collect();
    assert!(ids.iter().all(|id| id.starts_with('<')), "{ids:?}");
    assert_eq!(
        (recipients.len(), ids.len(), arrived.len()),
        (KILLS, KILLS, KILLS)
    );
}

/// What the killed programs held is taken up when their leases have ended.
async fn send_what_is_left(plan: Blueprint, port: u16) {
    let clock = TestClock::at(SystemClock.now() + LEASE + Duration::from_mins(1));
    let later = Blueprint {
        clock: Arc::new(clock),
        ..plan
    };
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: SmtpSecurity::LoopbackPlain,
        user: None,
        password: None,
        from: "usher@example.org".to_owned(),
    };
    let look = Look {
        public_url: "http://127.0.0.1:1".parse().unwrap(),
        server_name: "Living room".to_owned(),
        accent: String::new(),
        zone: TimeZone::UTC,
    };
    let last = accounts(&later).await.unwrap();
    let mailer = Mailer::new(last, MailRoute::Fixed(settings), look, None);
    mailer.work().await.unwrap();
}
