//! The people of the demo: at least one in each state, made as an administrator makes them.
use anyhow::{Context, Result, bail, ensure};
use usher_accounts::Accounts;
use usher_accounts::admin::{Admin, Created, Edited, NewAccount};
use usher_domain::account::SetUpWay;
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;
use usher_domain::second_factor::FactorKind;
use usher_domain::settings::Requirement;
use usher_domain::visitor::Visitor;
use usher_standin::SceneUser;

use super::factors;
use super::household::{self, Seat};

/// Somebody to try, as the demo tells of them.
#[derive(Default)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) password: Option<String>,
    pub(super) administrator: bool,
    pub(super) state: &'static str,
    pub(super) set_up_code: Option<String>,
    /// The second factor that is enrolled.
    pub(super) factor: Option<FactorKind>,
    /// The seed of the authenticator app, in base 32.
    pub(super) seed: Option<String>,
    pub(super) recovery_codes: Vec<String>,
    /// The profiles of the account, its owner's first; empty where it has no further one.
    pub(super) seats: Vec<Seat>,
}

/// Makes the people of the tour: at least one in each state.
pub(super) async fn seed(accounts: &Accounts, scene: &[SceneUser]) -> Result<Vec<Person>> {
    let by = Admin::on_the_server();
    let here = here();
    let anna = EmailAddress::parse("anna@example.org")?;
    let root = EmailAddress::parse("root@example.org")?;
    let eva = EmailAddress::parse("eva@example.org")?;
    let tom = EmailAddress::parse("tom@example.org")?;
    let nora = EmailAddress::parse("nora@example.org")?;
    for (name, address) in [
        ("anna", &anna),
        ("root", &root),
        ("eva", &eva),
        ("tom", &tom),
        ("nora", &nora),
    ] {
        let found = accounts
            .account_named(name)
            .await?
            .context("a person of the scene")?;
        let vouched = accounts
            .enter_address(&by, found.id, Some(address), true, &here)
            .await?;
        ensure!(
            vouched == Edited::Done,
            "{name} could not be given an address"
        );
    }
    let mut people: Vec<Person> = scene.iter().map(person).collect();
    for (name, way, address, state) in [
        ("mia", SetUpWay::Code, None, "set_up_code"),
        (
            "leo",
            SetUpWay::Mail,
            Some("leo@example.org"),
            "set_up_mail",
        ),
        ("zoe", SetUpWay::Open, None, "set_up_open"),
    ] {
        let new = NewAccount {
            name: UserName::parse(name)?,
            way,
            address: address.map(EmailAddress::parse).transpose()?,
            anywhere: false,
            language: "en".to_owned(),
        };
        let set_up_code = match accounts.create_account(&by, &new, &here).await? {
            Created::Code { code, .. } => Some(code.reveal().to_owned()),
            Created::Invited { .. } | Created::Open { .. } => None,
            Created::NameRefused
            | Created::AddressMissing
            | Created::NoMail
            | Created::Impossible => bail!("{name} could not be made for the demo"),
        };
        people.push(Person {
            name: name.to_owned(),
            password: None,
            administrator: false,
            state,
            set_up_code,
            ..Person::default()
        });
    }
    for person in &mut people {
        factors::enroll(accounts, person).await?;
        household::furnish(accounts, person).await?;
    }
    accounts.set_email_policy(Requirement::Optional).await?;
    Ok(people)
}

/// Who does it, for the activity log.
pub(super) fn here() -> Visitor {
    Visitor::new(std::net::Ipv4Addr::LOCALHOST.into(), true, "usher demo")
}

fn person(user: &SceneUser) -> Person {
    let state = match (user.disabled, &user.password, user.name.as_str()) {
        (true, ..) => "disabled",
        (false, None, _) => "without_password",
        (false, Some(_), "anna" | "root" | "eva" | "tom" | "nora") => "ready",
        (false, Some(_), _) => "owes_address",
    };
    Person {
        name: user.name.clone(),
        password: user.password.clone(),
        administrator: user.administrator,
        state,
        ..Person::default()
    }
}
