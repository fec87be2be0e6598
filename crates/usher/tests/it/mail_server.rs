//! A mail server that can be away, show another's certificate, or take mail.
use std::sync::{Arc, Mutex};

use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// How the server is at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes every mail and every login.
    Well,
    /// It hangs up on everybody.
    Dead,
    /// Its certificate is nobody's that one trusts.
    WrongCertificate,
}

/// A mail that arrived.
pub(crate) struct Letter {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Letter {
    /// The six digits that end a line.
    pub(crate) fn code(&self) -> &str {
        let is_code =
            |word: &&str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
        let mut last_words = self
            .text
            .lines()
            .filter_map(|line| line.split(' ').next_back());
        last_words.find(is_code).unwrap()
    }

    /// The secrets of its links.
    pub(crate) fn links(&self) -> Vec<&str> {
        let words = self.text.split_whitespace();
        words
            .filter_map(|word| word.split_once('#'))
            .map(|(_, secret)| secret)
            .collect()
    }
}

pub(crate) struct MailServer {
    pub(crate) port: u16,
    /// The certificate of good days, in PEM.
    pub(crate) certificate: String,
    mood: Arc<Mutex<Mood>>,
    letters: UnboundedReceiver<Letter>,
}

impl MailServer {
    /// Starts on a free port of this machine; ends with the test.
    pub(crate) async fn start(mood: Mood) -> Self {
        let (right, certificate) = acceptor("localhost");
        let (wrong, _) = acceptor("localhost");
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let mood = Arc::new(Mutex::new(mood));
        let (tell, letters) = unbounded_channel();
        let present = Arc::clone(&mood);
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                let tls = match *present.lock().unwrap() {
                    Mood::Dead => continue,
                    Mood::Well => right.clone(),
                    Mood::WrongCertificate => wrong.clone(),
                };
                tokio::spawn(converse(stream, tls, tell.clone()));
            }
        });
        Self {
            port,
            certificate,
            mood,
            letters,
        }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// The next mail to arrive.
    pub(crate) async fn letter(&mut self) -> Letter {
        self.letters.recv().await.unwrap()
    }

    /// Whether a mail arrived that nobody has read.
    pub(crate) fn has_letter(&self) -> bool {
        !self.letters.is_empty()
    }
}

/// A fresh certificate, which is signed by nobody else.
fn acceptor(name: &str) -> (TlsAcceptor, String) {
    let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), made.cert.pem())
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Ends when the other side is gone, wherever that is.
async fn converse(
    stream: TcpStream,
    tls: TlsAcceptor,
    tell: UnboundedSender<Letter>,
) -> Option<()> {
    let mut wire: BufReader<Box<dyn Wire>> = BufReader::new(Box::new(stream));
    let (mut greeting, mut to) = ("250-localhost\r\n250-STARTTLS", String::new());
    say(&mut wire, "220 localhost").await?;
    loop {
        let line = hear(&mut wire).await?;
        match line.split([' ', ':']).next()? {
            "EHLO" => say(&mut wire, &format!("{greeting}\r\n250 AUTH PLAIN")).await?,
            "STARTTLS" => {
                say(&mut wire, "220 go on").await?;
                let protected = tls.accept(wire.into_inner()).await.ok()?;
                wire = BufReader::new(Box::new(protected));
                greeting = "250-localhost";
            }
            "AUTH" => say(&mut wire, "235 welcome").await?,
            "DATA" => {
                say(&mut wire, "354 go on").await?;
                let text = whole(&mut wire).await?;
                let to = to.clone();
                tell.send(Letter { to, text }).ok()?;
                say(&mut wire, "250 taken").await?;
            }
            "QUIT" => return say(&mut wire, "221 bye").await,
            verb => {
                if verb == "RCPT" {
                    let (_, address) = line.split_once('<')?;
                    to = address.split('>').next()?.to_owned();
                }
                say(&mut wire, "250 yes").await?;
            }
        }
    }
}

async fn say(wire: &mut BufReader<Box<dyn Wire>>, line: &str) -> Option<()> {
    let wire = wire.get_mut();
    wire.write_all(format!("{line}\r\n").as_bytes())
        .await
        .ok()?;
    wire.flush().await.ok()
}

async fn hear(wire: &mut BufReader<Box<dyn Wire>>) -> Option<String> {
    let mut line = String::new();
    let read = wire.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

/// The text of the mail that follows.
async fn whole(wire: &mut BufReader<Box<dyn Wire>>) -> Option<String> {
    let mut mail = String::new();
    loop {
        let line = hear(wire).await?;
        if line == "." {
            break;
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
        mail.push_str("\r\n");
    }
    let parsed = MessageParser::default().parse(mail.as_bytes())?;
    Some(parsed.body_text(0)?.into_owned())
}
