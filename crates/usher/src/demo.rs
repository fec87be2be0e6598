//! `usher demo`: Usher before a stand-in Jellyfin, with people to try. It needs nothing and keeps nothing.
//!
//! The people are made through the use cases, as an administrator makes them; only who is a Jellyfin user already is part
//! of the stand-in's scene.
mod factors;
mod household;
mod people;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use usher_accounts::mailer::MailRoute;
use usher_accounts::sign_in::LONGEST_HOLD;
use usher_accounts::{Options, PasswordlessUsers};
use usher_domain::entropy::{Entropy, SystemEntropy};
use usher_domain::key::MasterKey;
use usher_domain::second_factor::FactorKind;
use usher_domain::secret::SecretText;
use usher_domain::time::SystemClock;
use usher_proxy::Config;
use usher_standin::{Scene, SceneUser, Standin, Version};
use usher_store::StoreOptions;
use usher_text::TimeZone;

use self::household::Seat;
use self::people::{Person, seed};
use crate::application::{Application, Blueprint, asked_to_stop, listen};

/// How long tokens of others are adopted: as with an empty configuration file.
const ADOPT: std::time::Duration = std::time::Duration::from_hours(30 * 24);

/// For whom the demo says that it is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A few lines to read.
    People,
    /// One line of JSON.
    Json,
}

/// What the command line says of a demo.
#[derive(Clone, Debug)]
pub struct Wishes<'a> {
    /// Where to listen.
    pub listen: SocketAddr,
    /// `10.11`, `12` or the address of a real Jellyfin.
    pub jellyfin: &'a str,
    /// A file with the API key of a real Jellyfin.
    pub api_key_file: Option<&'a Path>,
    /// Whom it tells that it is ready.
    pub form: Form,
    /// Listens where other machines reach it, although its mailbox shows every code.
    pub open_to_network: bool,
    /// The address that people type; without one, that which is listened on.
    pub public_url: Option<&'a str>,
}

/// Runs the demo until the program is asked to end.
pub async fn run(wishes: &Wishes<'_>) -> Result<()> {
    ensure!(
        wishes.listen.ip().is_loopback() || wishes.open_to_network,
        "the demo's mailbox shows every code to whoever reaches it: listen on 127.0.0.1, or say --open-to-network"
    );
    ensure!(
        !wishes.listen.ip().is_unspecified() || wishes.public_url.is_some(),
        "{} is no address that people can type, and Usher's pages answer under no other: say --public-url",
        wishes.listen.ip()
    );
    let behind = Behind::start(wishes).await?;
    let folder = tempfile::tempdir().context("a folder for the demo's database")?;
    let socket = listen(wishes.listen).await?;
    let url = match wishes.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", socket.local_addr()?),
    };
    let application = Application::build(blueprint(&behind, &url, &folder)?, socket).await?;
    let people = match &behind.standin {
        Some(_) => seed(application.accounts(), &behind.people).await?,
        None => Vec::new(),
    };
    application.send_mails().await?;
    match wishes.form {
        Form::Json => println!("{}", as_json(&url, &behind.upstream, &people)),
        Form::People => tell(&url, &behind.upstream, &people),
    }
    application.run(asked_to_stop()?).await;
    Ok(())
}

fn blueprint(behind: &Behind, url: &str, folder: &TempDir) -> Result<Blueprint> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    Ok(Blueprint {
        gateway: Config::new(&behind.upstream, url)?,
        plain_web: false,
        storage: StoreOptions::Sqlite(folder.path().join("usher.db")),
        key: MasterKey::generate(&*entropy),
        api_key: behind.api_key.clone(),
        mail: MailRoute::Mailbox,
        mail_certificate: None,
        options: Options {
            adopt_tokens: ADOPT,
            passwordless_users: PasswordlessUsers::Refuse,
            shared_addresses: false,
            mail_proven: true,
            mail_fixed: false,
            longest_hold: LONGEST_HOLD,
            people_zone: TimeZone::system(),
            server_zone: TimeZone::system(),
            public_url: url.to_owned(),
        },
        hides_users: false,
        guards_dashboard: true,
        zone: TimeZone::system(),
        clock: Arc::new(SystemClock),
        entropy,
    })
}

/// The Jellyfin behind the door; a stand-in lives as long as its handle.
struct Behind {
    upstream: String,
    api_key: SecretText,
    people: Vec<SceneUser>,
    standin: Option<Standin>,
}

impl Behind {
    async fn start(wishes: &Wishes<'_>) -> Result<Self> {
        let version = match wishes.jellyfin {
            "10.11" => Version::V10_11,
            "12" | "12.0" => Version::V12_0,
            address => return Self::real(address, wishes.api_key_file),
        };
        let mut scene = Scene::living_room(version);
        let mut bytes = [0; 16];
        SystemEntropy.fill(&mut bytes);
        let key = bytes.map(|byte| format!("{byte:02x}")).concat();
        scene.api_keys = vec![(key.clone(), "Usher".to_owned())];
        for (name, password) in factors::PEOPLE.into_iter().chain([household::OWNER]) {
            scene.users.push(SceneUser::person(name, password));
        }
        let people = scene.users.clone();
        let standin = usher_standin::start(scene)
            .await
            .context("the stand-in Jellyfin cannot start")?;
        Ok(Self {
            upstream: standin.url(),
            api_key: SecretText::new(key),
            people,
            standin: Some(standin),
        })
    }

    fn real(address: &str, api_key_file: Option<&Path>) -> Result<Self> {
        let is_address = address.starts_with("http://") || address.starts_with("https://");
        ensure!(
            is_address,
            "--jellyfin takes 10.11, 12, or an address such as http://127.0.0.1:8096, not {address:?}"
        );
        let key = match (api_key_file, std::env::var("USHER_UPSTREAM__API_KEY")) {
            (Some(file), _) => std::fs::read_to_string(file)
                .with_context(|| format!("{} cannot be read", file.display()))?,
            (None, Ok(key)) => key,
            (None, Err(_unset)) => bail!(
                "a real Jellyfin needs an API key: `usher connect --url {address} --key-file FILE` makes one; \
                 then say --api-key-file FILE"
            ),
        };
        ensure!(
            !key.trim().is_empty(),
            "the API key is empty; `usher connect` makes one"
        );
        Ok(Self {
            upstream: address.trim_end_matches('/').to_owned(),
            api_key: SecretText::new(key.trim()),
            people: Vec::new(),
            standin: None,
        })
    }
}

const fn role(person: &Person) -> &'static str {
    if person.administrator {
        "administrator"
    } else {
        "person"
    }
}

fn as_json(url: &str, upstream: &str, people: &[Person]) -> Value {
    let seat = |seat: &Seat| {
        json!({
            "name": seat.name,
            "preset": seat.preset,
            "pin": seat.pin,
            "minutes_a_day": seat.minutes_a_day,
        })
    };
    let one = |person: &Person| {
        json!({
            "name": person.name,
            "password": person.password,
            "role": role(person),
            "state": person.state,
            "set_up_code": person.set_up_code,
            "factor": person.factor.map(FactorKind::name),
            "totp": person.seed,
            "recovery_codes": person.recovery_codes,
            "profiles": person.seats.iter().map(seat).collect::<Vec<_>>(),
        })
    };
    json!({
        "url": url,
        "mailbox": format!("{url}/usher/mailbox"),
        "mailbox_json": format!("{url}/usher/mailbox.json"),
        "upstream": upstream,
        "people": people.iter().map(one).collect::<Vec<_>>(),
    })
}

fn tell(url: &str, upstream: &str, people: &[Person]) {
    println!("Usher stands at {url}, before {upstream}\n");
    if !people.is_empty() {
        println!(
            "  {:<8} {:<16} {:<15} how to come in",
            "name", "password", "role"
        );
        for person in people {
            let password = person.password.as_deref().unwrap_or("(none)");
            let role = role(person);
            println!(
                "  {:<8} {password:<16} {role:<15} {}",
                person.name,
                hint(person)
            );
        }
        println!();
    }
    println!("Open {url}/web/ in a browser, or enter {url} in any Jellyfin app.");
    println!("Every mail that Usher sends lies in {url}/usher/mailbox");
    println!("The console is at {url}/usher/console, for administrators.");
    println!("Ctrl-C ends it; nothing is kept.");
}

fn hint(person: &Person) -> String {
    if let [_, _, ..] = person.seats.as_slice() {
        let seat = |seat: &Seat| match seat.pin {
            Some(pin) => format!("{} (PIN {pin})", seat.name),
            None => seat.name.to_owned(),
        };
        let seats: Vec<String> = person.seats.iter().map(seat).collect();
        return format!("with the password; profiles: {}", seats.join(", "));
    }
    match (person.factor, &person.seed) {
        (Some(FactorKind::Totp), Some(seed)) => {
            return format!("with the password and an authenticator app: {seed}");
        }
        (Some(_), _) => return "with the password and a code by mail".to_owned(),
        (None, _) => {}
    }
    match (person.state, &person.set_up_code) {
        ("set_up_code", Some(code)) => format!("\"First time here?\" with the code {code}"),
        ("set_up_mail", _) => "by the link of the invitation, in the mailbox".to_owned(),
        ("set_up_open", _) => "with the name and an empty password".to_owned(),
        ("owes_address", _) => "with the password; is asked for an e-mail address".to_owned(),
        ("disabled", _) => "not at all: is switched off".to_owned(),
        ("without_password", _) => "not at all: has no password in Jellyfin".to_owned(),
        _ => "with the password".to_owned(),
    }
}
