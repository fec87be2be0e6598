//! `usher account …`: what an administrator does on the server itself, over the same use cases as the console.
use std::net::Ipv4Addr;
use std::path::Path;

use anyhow::{Context, Result, bail};
use usher_accounts::Accounts;
use usher_accounts::admin::{Admin, Created, NewAccount};
use usher_accounts::second_factor::Cleared;
use usher_config::Config;
use usher_domain::account::{Account, SetUpWay};
use usher_domain::address::EmailAddress;
use usher_domain::name::UserName;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::AccountSearch;
use usher_text::{TimeZone, Tongue};

use crate::{application, serve};

/// Accounts that one listing shows.
const LISTED_MAX: u64 = 10_000;

/// The use cases of a configuration file, and the address that links begin with.
pub struct Desk {
    accounts: Accounts,
    public_url: String,
    zone: TimeZone,
}

impl Desk {
    /// Opens the database of a configuration file, and looks at Jellyfin's users.
    pub async fn open(config: &Path) -> Result<Self> {
        let config = Config::read(config)?;
        let accounts = application::accounts(&serve::blueprint(&config)?).await?;
        accounts
            .look_at_users()
            .await
            .context("Jellyfin cannot be asked for its users")?;
        Ok(Self {
            accounts,
            public_url: config.public_url.trim_end_matches('/').to_owned(),
            zone: config.people_zone(),
        })
    }

    /// Prints the accounts whose name or address holds a text.
    pub async fn list(&self, text: &str) -> Result<()> {
        let search = AccountSearch {
            text: text.to_owned(),
            limit: LISTED_MAX,
            ..AccountSearch::default()
        };
        let found = self
            .accounts
            .search_accounts(&Admin::on_the_server(), &search)
            .await?;
        for account in &found {
            println!(
                "{:<24} {:<16} {}",
                account.seen.name,
                state(account),
                address(account)
            );
        }
        if found.is_empty() {
            bail!("there is no such account");
        }
        Ok(())
    }

    /// Prints all about one account.
    pub async fn show(&self, name: &str) -> Result<()> {
        let account = self.named(name).await?;
        let page = self
            .accounts
            .account_page(&Admin::on_the_server(), account.id)
            .await?
            .context("the account is gone")?;
        println!("name       {}", account.seen.name);
        println!("state      {}", state(&account));
        println!("address    {}", address(&account));
        println!("places     {}", page.places.len());
        for place in &page.places {
            println!(
                "           {} {} ({})",
                place.client, place.device, place.address
            );
        }
        Ok(())
    }

    /// Makes an account that waits for its first password.
    pub async fn create(&self, new: &NewAccount) -> Result<()> {
        let made = self
            .accounts
            .create_account(&Admin::on_the_server(), new, &here())
            .await?;
        self.tell(new.name.as_str(), made)
    }

    /// Makes a new set-up code; where the account has a password, it is replaced.
    pub async fn set_up_code(&self, name: &str) -> Result<()> {
        let account = self.named(name).await?;
        let made = self
            .accounts
            .await_set_up(
                &Admin::on_the_server(),
                account.id,
                SetUpWay::Code,
                false,
                &here(),
            )
            .await?;
        self.tell(name, made)
    }

    /// Prints a link by which a new password can be chosen.
    pub async fn reset_link(&self, name: &str) -> Result<()> {
        let account = self.named(name).await?;
        let link = self
            .accounts
            .reset_link(&Admin::on_the_server(), account.id, &here())
            .await?;
        let Some((link, until)) = link else {
            bail!("{name} waits for the first password, or the password lives elsewhere");
        };
        println!("{}/usher/reset#{}", self.public_url, link.reveal());
        eprintln!(
            "The link is good once, until {}. Whoever has it chooses the password.",
            self.moment(until)
        );
        Ok(())
    }

    /// Takes every second factor of an account away. The person is told, with the reason.
    pub async fn disable_second_factor(&self, name: &str, reason: &str) -> Result<()> {
        let account = self.named(name).await?;
        let by = Admin::on_the_server();
        let cleared = self
            .accounts
            .clear_second_factors(&by, account.id, reason, &here())
            .await?;
        match cleared {
            Cleared::Done(count) => {
                println!("{count}");
                eprintln!(
                    "second factors were taken away from {name}. Where there is a proven address, a mail that says so leaves as \
                     soon as `usher serve` runs."
                );
                Ok(())
            }
            Cleared::NoReason => bail!("say why, for the person is told: --reason"),
            Cleared::Unknown => bail!("the account is gone"),
        }
    }

    async fn named(&self, name: &str) -> Result<Account> {
        let found = self.accounts.account_named(name).await?;
        found.with_context(|| format!("there is no account of the name {name:?}"))
    }

    fn moment(&self, at: Timestamp) -> String {
        Tongue::english().moment(at, &self.zone)
    }

    fn tell(&self, name: &str, made: Created) -> Result<()> {
        match made {
            Created::Code { code, until, .. } => {
                let (first, second) = code.reveal().split_at(4);
                println!("{first}-{second}");
                eprintln!(
                    "{name} goes to {}/usher/first-time with this code. It is good until {}.",
                    self.public_url,
                    self.moment(until)
                );
            }
            Created::Invited { until, .. } => println!(
                "An invitation leaves as soon as `usher serve` runs. Its link is good until {}.",
                self.moment(until)
            ),
            Created::Open { until, .. } => println!(
                "The first sign-in as {name} at {}/usher/sign-in chooses the password, until {}.",
                self.public_url,
                self.moment(until)
            ),
            Created::NameRefused => {
                bail!("Jellyfin has a user of the name {name}, or refuses the name")
            }
            Created::AddressMissing => bail!("an invitation needs an address: --address"),
            Created::NoMail => bail!("no way for mail is set up, so no invitation can be sent"),
            Created::Impossible => {
                bail!("{name} is gone, or the password lives elsewhere (LDAP, SSO)")
            }
        }
        Ok(())
    }
}

/// An account to be made, from the command line.
pub fn new_account(
    name: &str,
    way: SetUpWay,
    address: Option<&str>,
    anywhere: bool,
    language: &str,
) -> Result<NewAccount> {
    Ok(NewAccount {
        name: UserName::parse(name)?,
        way,
        address: address.map(EmailAddress::parse).transpose()?,
        anywhere,
        language: language.to_owned(),
    })
}

/// Who does it, for the activity log.
fn here() -> Visitor {
    Visitor::new(Ipv4Addr::LOCALHOST.into(), true, "usher account")
}

fn state(account: &Account) -> &'static str {
    if account.seen.disabled {
        "disabled"
    } else if account.set_up.is_some() {
        "awaits set-up"
    } else if account.seen.passwordless == Some(true) {
        "without password"
    } else {
        "ready"
    }
}

fn address(account: &Account) -> String {
    match &account.address {
        None => "-".to_owned(),
        Some(address) if address.proof.is_proven() => address.email.as_str().to_owned(),
        Some(address) => format!("{} (not proven)", address.email.as_str()),
    }
}
