//! A mail server that does as it is told: takes mail, or fails at a chosen command.
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

/// When TLS begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    Never,
    Asked,
    AtOnce,
}

/// How the server behaves.
#[derive(Clone)]
pub(crate) struct Manners {
    pub(crate) tls: Tls,
    /// Name in its certificate.
    pub(crate) certificate_for: &'static str,
    /// The one answer to AUTH PLAIN that it takes, as base64; none: no login is offered.
    pub(crate) login: Option<&'static str>,
    /// A command, and what it answers to it. An empty answer: none at all, ever.
    pub(crate) fault: Option<(&'static str, &'static str)>,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            tls: Tls::Asked,
            certificate_for: "localhost",
            login: None,
            fault: None,
        }
    }
}

/// A running server.
pub(crate) struct Server {
    pub(crate) port: u16,
    /// Its certificate in PEM.
    pub(crate) certificate: String,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    commands: Vec<String>,
    mails: Vec<String>,
}

trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

type Lines = BufReader<Box<dyn Wire>>;

impl Server {
    /// Starts on a free port of this machine; ends with the test.
    pub(crate) async fn start(manners: Manners) -> Self {
        let made =
            rcgen::generate_simple_self_signed(vec![manners.certificate_for.to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Heard>>::default();
        let session = Session {
            manners,
            acceptor,
            heard: Arc::clone(&heard),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let session = session.clone();
                // A client that hangs up ends its session; what it said until then is kept.
                tokio::spawn(async move { session.serve(stream).await.unwrap_or_default() });
            }
        });
        Self {
            port,
            certificate: made.cert.pem(),
            heard,
        }
    }

    /// First words of all commands, in their order; those under TLS with an `s` before them.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.heard.lock().unwrap().commands.clone()
    }

    /// The mails that it took, as they came.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.heard.lock().unwrap().mails.clone()
    }
}

#[derive(Clone)]
struct Session {
    manners: Manners,
    acceptor: TlsAcceptor,
    heard: Arc<Mutex<Heard>>,
}

impl Session {
    async fn serve(self, stream: TcpStream) -> std::io::Result<()> {
        let mut protected = self.manners.tls == Tls::AtOnce;
        let wire: Box<dyn Wire> = if protected {
            Box::new(self.acceptor.accept(stream).await?)
        } else {
            Box::new(stream)
        };
        let mut lines = BufReader::new(wire);
        self.answer(&mut lines, "", "220 ready").await?;
        loop {
            let line = read(&mut lines).await?;
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase();
            self.heard
                .lock()
                .unwrap()
                .commands
                .push(format!("{}{verb}", if protected { "s" } else { "" }));
            match verb.as_str() {
                "EHLO" => {
                    let greeting = self.greeting(protected);
                    self.answer(&mut lines, &verb, &greeting).await?;
                }
                "STARTTLS" => {
                    self.answer(&mut lines, &verb, "220 go on").await?;
                    lines =
                        BufReader::new(Box::new(self.acceptor.accept(lines.into_inner()).await?));
                    protected = true;
                }
                "AUTH" => {
                    let right = self
                        .manners
                        .login
                        .is_some_and(|login| line.ends_with(login));
                    let answer = if right {
                        "235 welcome"
                    } else {
                        "535 5.7.8 bad credentials"
                    };
                    self.answer(&mut lines, &verb, answer).await?;
                }
                "DATA" => {
                    self.answer(&mut lines, &verb, "354 go on").await?;
                    if self.manners.fault.is_some_and(|(at, _)| at == "DATA") {
                        continue;
                    }
                    let mail = read_mail(&mut lines).await?;
                    self.heard.lock().unwrap().mails.push(mail);
                    self.answer(&mut lines, "MESSAGE", "250 taken").await?;
                }
                "QUIT" => return self.answer(&mut lines, &verb, "221 bye").await,
                _ => self.answer(&mut lines, &verb, "250 ok").await?,
            }
        }
    }

    fn greeting(&self, protected: bool) -> String {
        let mut lines = vec!["250-localhost"];
        if self.manners.tls == Tls::Asked && !protected {
            lines.push("250-STARTTLS");
        }
        if self.manners.login.is_some() {
            lines.push("250-AUTH PLAIN LOGIN");
        }
        lines.push("250 8BITMIME");
        lines.join("\r\n")
    }

    async fn answer(&self, lines: &mut Lines, verb: &str, usual: &str) -> std::io::Result<()> {
        let fault = self.manners.fault.filter(|(at, _)| *at == verb);
        let answer = fault.map_or(usual, |(_, answer)| answer);
        if answer.is_empty() {
            std::future::pending::<()>().await;
        }
        lines
            .get_mut()
            .write_all(format!("{answer}\r\n").as_bytes())
            .await?;
        lines.get_mut().flush().await
    }
}

async fn read(lines: &mut Lines) -> std::io::Result<String> {
    let mut line = String::new();
    if lines.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

async fn read_mail(lines: &mut Lines) -> std::io::Result<String> {
    let mut mail = String::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).await?;
        if line == ".\r\n" {
            return Ok(mail);
        }
        mail.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
