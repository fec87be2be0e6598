//! Whether the time of an answer tells if a name is known (R28): pairs of a known name and one that nobody has, at each
//! door that takes a name, one after the other in changing order.
//!
//! A stand-in is Jellyfin, with an account for every pair, so that no limit comes in between; every request comes from a
//! network of its own.
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::http::{Answer, ask};
use super::process::{Cores, Running, on};
use super::statistics::{apart, median};

/// Medians may lie so far apart, in milliseconds (R28).
const APART_MAX: f64 = 15.0;
/// Less likely than this, and times of known and unknown names are of two kinds (R28).
const P_MIN: f64 = 0.001;
/// How the bench names itself to Jellyfin.
const CLIENT: &str =
    "MediaBrowser Client=\"Bench\", Device=\"Bench\", DeviceId=\"bench\", Version=\"1.0\"";
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");
const OWN_PAGE: (&str, &str) = ("Sec-Fetch-Site", "same-origin");

/// A door that takes a name from strangers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    /// The sign-in page, with a wrong password.
    Page,
    /// The same from an app.
    App,
    /// "Forgot password?".
    Forgot,
}

impl Door {
    const ALL: [Self; 3] = [Self::Page, Self::App, Self::Forgot];

    const fn name(self) -> &'static str {
        match self {
            Self::Page => "sign-in page",
            Self::App => "sign-in of apps",
            Self::Forgot => "forgotten password",
        }
    }

    /// Knocks with a name, as the visitor number `visitor`.
    fn knock(self, usher: u16, name: &str, visitor: usize) -> Result<Answer> {
        let from = format!("10.{}.{}.7", visitor / 256, visitor % 256);
        let from = ("X-Forwarded-For", &*from);
        let answer = match self {
            Self::Page => {
                let form = format!("name={name}&password=wrong-pass-1&device=");
                ask(usher, "POST /usher/sign-in", &[FORM, OWN_PAGE, from], &form)?
            }
            Self::App => {
                let body = json!({ "Username": name, "Pw": "wrong-pass-1" }).to_string();
                let headers = [JSON, ("Authorization", CLIENT), from];
                ask(usher, "POST /Users/AuthenticateByName", &headers, &body)?
            }
            Self::Forgot => {
                let form = format!("name={name}");
                ask(usher, "POST /usher/forgot", &[FORM, OWN_PAGE, from], &form)?
            }
        };
        let expected = match self {
            Self::Page => 200,
            Self::App => 401,
            Self::Forgot => 303,
        };
        ensure!(
            answer.status == expected,
            "{}: {} {}",
            self.name(),
            answer.status,
            answer.body
        );
        Ok(answer)
    }
}

/// Measures all doors; answers a table in Markdown with the verdict.
pub(super) fn run(usher: &Path, pairs: usize) -> Result<String> {
    let house = House::open(usher, pairs)?;
    let mut text = String::from("| | known | unknown | apart | p | |\n|---|--:|--:|--:|--:|---|\n");
    let mut visitor = 0;
    for door in Door::ALL {
        eprintln!("{pairs} pairs of names: {}", door.name());
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            for turn in 0..2 {
                // Whoever comes first meets what the pair before left to do: the order changes.
                let is_known = (turn + pair) % 2 == 0;
                let name = if is_known {
                    person(pair)
                } else {
                    format!("nobody{pair:04}")
                };
                let answer = door.knock(house.usher_port, &name, visitor)?;
                let row = if is_known { &mut known } else { &mut unknown };
                row.push(answer.took.as_secs_f64() * 1e3);
                visitor += 1;
            }
        }
        let found = apart(&known, &unknown);
        let holds = found.medians.abs() <= APART_MAX && found.p > P_MIN;
        writeln!(
            text,
            "| {} | {:.2} ms | {:.2} ms | {:+.2} ms | {:.4} | {} |",
            door.name(),
            median(&known),
            median(&unknown),
            found.medians,
            found.p,
            if holds { "holds" } else { "told apart" }
        )?;
    }
    writeln!(
        text,
        "\n{pairs} pairs at each door. R28 wants medians at most {APART_MAX:.0} ms apart, and p above {P_MIN}."
    )?;
    Ok(text)
}

fn person(number: usize) -> String {
    format!("person{number:04}")
}

/// Usher before a stand-in with many accounts, all of which have a proven address.
struct House {
    usher_port: u16,
    folder: PathBuf,
    _usher: Running,
    demo: Demo,
}

impl House {
    fn open(program: &Path, people: usize) -> Result<Self> {
        let demo = Demo::start(program)?;
        let folder = std::env::temp_dir().join(format!("usher-names-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let (key, ids) = demo.populate(people)?;
        let sink = TcpListener::bind("127.0.0.1:0")?;
        let mail_port = sink.local_addr()?.port();
        take_mail(sink);
        let usher_port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        configure(&folder, &demo, &key, (usher_port, mail_port))?;
        let mut command = on(Cores::Proxy, program);
        command
            .args(["serve", "--config"])
            .arg(folder.join("usher.toml"))
            .env("USHER_LOG", "error");
        let house = Self {
            usher_port,
            folder,
            _usher: Running::start(command, usher_port)?,
            demo,
        };
        house.vouch(&ids)?;
        Ok(house)
    }

    /// An administrator writes down a proven address for everybody, in the console.
    fn vouch(&self, ids: &[String]) -> Result<()> {
        let demo = &self.demo;
        let form = format!("name={}&password={}&device=", demo.name, demo.password);
        let signed_in = ask(
            self.usher_port,
            "POST /usher/sign-in",
            &[FORM, OWN_PAGE],
            &form,
        )?;
        let cookies: Vec<&str> = signed_in
            .header("set-cookie")
            .filter_map(|cookie| cookie.split(';').next())
            .collect();
        let cookies = cookies.join("; ");
        for (number, id) in ids.iter().enumerate() {
            let line = format!("POST /usher/console-account-address?id={id}");
            let form = format!("email=person{number:04}%40example.org&vouched=yes");
            let headers = [FORM, OWN_PAGE, ("Cookie", &*cookies)];
            let written = ask(self.usher_port, &line, &headers, &form)?;
            let told = written.header("location").next().unwrap_or_default();
            ensure!(
                told.ends_with("said=address"),
                "no address: {told} {}",
                written.body
            );
        }
        Ok(())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // What stays behind lies in the folder for temporary files.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn configure(folder: &Path, demo: &Demo, key: &str, (usher, mail): (u16, u16)) -> Result<()> {
    let file = |name: &str| folder.join(name).display().to_string();
    super::origin::write_new(&folder.join("api-key"), key)?;
    let text = format!(
        "public_url = \"http://127.0.0.1:{usher}\"\nlisten = \"127.0.0.1:{usher}\"\nkey_file = {:?}\n\
         trusted_proxies = [\"127.0.0.1/32\"]\n[upstream]\nurl = {:?}\napi_key_file = {:?}\n[database]\npath = {:?}\n\
         [mail]\nhost = \"127.0.0.1\"\nport = {mail}\nsecurity = \"loopback_plain\"\nfrom = \"usher@example.org\"\n",
        file("usher.key"),
        demo.upstream,
        file("api-key"),
        file("usher.db")
    );
    super::origin::write_new(&folder.join("usher.toml"), &text)
}

/// The demo, for the stand-in behind it.
struct Demo {
    child: Child,
    upstream: String,
    /// An administrator's.
    name: String,
    password: String,
    /// Open as long as the demo runs: it must not find its output closed.
    _said: BufReader<ChildStdout>,
}

impl Demo {
    fn start(program: &Path) -> Result<Self> {
        let mut child = on(Cores::Others, program)
            .args(["demo", "--listen", "127.0.0.1:0", "--json"])
            .env("USHER_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("the demo cannot be started")?;
        let mut said = BufReader::new(child.stdout.take().context("the demo is mute")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let told: Value = serde_json::from_str(&line).context("the demo says something else")?;
        let people = told["people"]
            .as_array()
            .context("the demo has no people")?;
        let administrator = people
            .iter()
            .find(|one| one["role"] == "administrator" && one["state"] == "ready")
            .context("the demo has no administrator")?;
        let text = |value: &Value| value.as_str().map(str::to_owned).context("no text");
        Ok(Self {
            upstream: text(&told["upstream"])?,
            name: text(&administrator["name"])?,
            password: text(&administrator["password"])?,
            _said: said,
            child,
        })
    }

    /// Makes people, and a key for Usher; answers the key and everybody's id.
    fn populate(&self, people: usize) -> Result<(String, Vec<String>)> {
        let (_, port) = self.upstream.rsplit_once(':').context("no port")?;
        let port = port.parse()?;
        let body = json!({ "Username": self.name, "Pw": self.password }).to_string();
        let line = "POST /Users/AuthenticateByName";
        let signed_in = ask(port, line, &[JSON, ("Authorization", CLIENT)], &body)?.json()?;
        let token = signed_in["AccessToken"].as_str().context("no token")?;
        let token = format!("{CLIENT}, Token=\"{token}\"");
        let token = ("Authorization", &*token);
        ask(port, "POST /Auth/Keys?app=Bench", &[token], "")?;
        let keys = ask(port, "GET /Auth/Keys", &[token], "")?.json()?;
        let keys = keys["Items"].as_array().context("no keys")?;
        let own = keys.iter().find(|key| key["AppName"] == "Bench");
        let key = own
            .and_then(|key| key["AccessToken"].as_str())
            .context("no key")?;
        let mut ids = Vec::new();
        for number in 0..people {
            let new = json!({ "Name": person(number), "Password": "right-pass-1" }).to_string();
            let made = ask(port, "POST /Users/New", &[JSON, token], &new)?.json()?;
            ids.push(made["Id"].as_str().context("no id")?.to_owned());
        }
        Ok((key.to_owned(), ids))
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed: nothing is left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes every mail and forgets it, until this program ends.
fn take_mail(socket: TcpListener) {
    std::thread::spawn(move || {
        for stream in socket.incoming().flatten() {
            std::thread::spawn(move || converse(&stream));
        }
    });
}

/// Ends when the other side is gone; whoever sends a mail learns of a failure by the missing answer.
fn converse(mut stream: &std::net::TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    stream.write_all(b"220 sink\r\n").ok()?;
    loop {
        let line = lines.next()?.ok()?;
        if line == "DATA" {
            stream.write_all(b"354 go on\r\n").ok()?;
            while lines.next()?.ok()? != "." {}
        }
        stream.write_all(b"250 yes\r\n").ok()?;
    }
}
