//! Usher: the front door of a Jellyfin server.
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand, ValueEnum};
use usher::account::{Desk, new_account};
use usher::{connect, demo, serve};
use usher_config::Config;
use usher_domain::account::SetUpWay;

/// The front door of a Jellyfin server.
#[derive(Parser)]
#[command(name = "usher", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows Usher before a stand-in Jellyfin, or before a real one. Needs nothing and keeps nothing.
    Demo {
        /// Where to listen.
        #[arg(long, default_value = "127.0.0.1:8097")]
        listen: SocketAddr,
        /// `10.11`, `12`, or the address of a real Jellyfin.
        #[arg(long, default_value = "12")]
        jellyfin: String,
        /// File with the API key of a real Jellyfin; `usher connect` makes one. `USHER_UPSTREAM__API_KEY` takes the key itself.
        #[arg(long)]
        api_key_file: Option<PathBuf>,
        /// Prints one line of JSON when ready, for scripts.
        #[arg(long)]
        json: bool,
        /// Listens on other addresses than this machine's own, although the mailbox shows every code.
        #[arg(long)]
        open_to_network: bool,
        /// The address that people type, where it is another than the one that is listened on.
        #[arg(long)]
        public_url: Option<String>,
    },
    /// Stands before a Jellyfin, as a configuration file says.
    Serve(File),
    /// Makes Usher's own API key in Jellyfin. Asks for the name and password of an administrator.
    Connect {
        #[command(flatten)]
        file: File,
        /// Jellyfin's address; without it, the configuration file says.
        #[arg(long, requires = "key_file")]
        url: Option<String>,
        /// Where the key is kept; without it, the configuration file says.
        #[arg(long, requires = "url")]
        key_file: Option<PathBuf>,
        /// Makes a new key in the place of one that is there, and deletes that one in Jellyfin.
        #[arg(long)]
        replace: bool,
        /// With `--url`: allows plain http to another machine. The password then crosses the network unprotected.
        #[arg(long, requires = "url")]
        insecure: bool,
    },
    /// Lists, shows and makes accounts, on the server itself.
    Account {
        #[command(flatten)]
        file: File,
        #[command(subcommand)]
        command: AccountCommand,
    },
    /// Looks at a configuration file.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Args)]
struct File {
    /// The configuration file.
    #[arg(long, default_value = "usher.toml")]
    config: PathBuf,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Lists accounts.
    List {
        /// A part of the name or of the address.
        #[arg(long, default_value = "")]
        search: String,
    },
    /// Shows one account.
    Show {
        /// Its user name.
        name: String,
    },
    /// Makes an account without a password.
    Create {
        /// Its user name.
        name: String,
        /// How the person chooses the first password.
        #[arg(long, value_enum, default_value = "code")]
        way: Way,
        /// Where the invitation goes.
        #[arg(long)]
        address: Option<String>,
        /// With `--way open`: from any network, not only from private ones.
        #[arg(long)]
        anywhere: bool,
        /// Language of the invitation.
        #[arg(long, default_value = "en")]
        language: String,
    },
    /// Makes a new set-up code. A password that was set is replaced, and every session ends.
    SetUpCode {
        /// The user name.
        name: String,
    },
    /// Takes every second factor of an account away, for a person who lost them.
    DisableSecondFactor {
        /// The user name.
        name: String,
        /// Why: the person is told.
        #[arg(long)]
        reason: String,
    },
    /// Prints a link by which a new password can be chosen.
    ResetLink {
        /// The user name.
        name: String,
    },
}

/// The three ways to the first password.
#[derive(Clone, Copy, ValueEnum)]
enum Way {
    /// A code to hand over.
    Code,
    /// An invitation by mail.
    Mail,
    /// The first sign-in as this user chooses the password.
    Open,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Prints a commented file with every key.
    Explain,
    /// Says whether a configuration file can be used, and what it loosens.
    Check(File),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("USHER_LOG")
                .unwrap_or_else(|_unset| "usher=info,warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let done = run(arguments.command).await;
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("usher: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo {
            listen,
            jellyfin,
            api_key_file,
            json,
            open_to_network,
            public_url,
        } => {
            let form = if json {
                demo::Form::Json
            } else {
                demo::Form::People
            };
            demo::run(&demo::Wishes {
                listen,
                jellyfin: &jellyfin,
                api_key_file: api_key_file.as_deref(),
                form,
                open_to_network,
                public_url: public_url.as_deref(),
            })
            .await
        }
        Command::Serve(File { config }) => serve::run(&config).await,
        Command::Connect {
            file,
            url,
            key_file,
            replace,
            insecure,
        } => match (url, key_file) {
            (Some(url), Some(key_file)) => {
                if !insecure {
                    connect::refuse_unprotected(&url)?;
                }
                connect::run(&url, &key_file, replace).await
            }
            _in_the_file => {
                let config = Config::read(&file.config)?;
                connect::run(&config.upstream.url, &config.api_key_path(), replace).await
            }
        },
        Command::Account { file, command } => {
            on_account(&Desk::open(&file.config).await?, command).await
        }
        Command::Config {
            command: ConfigCommand::Check(File { config }),
        } => serve::check(&config),
        Command::Config {
            command: ConfigCommand::Explain,
        } => {
            print!("{}", usher_config::EXPLAINED);
            Ok(())
        }
    }
}

async fn on_account(desk: &Desk, command: AccountCommand) -> Result<()> {
    match command {
        AccountCommand::List { search } => desk.list(&search).await,
        AccountCommand::Show { name } => desk.show(&name).await,
        AccountCommand::Create {
            name,
            way,
            address,
            anywhere,
            language,
        } => {
            let way = match way {
                Way::Code => SetUpWay::Code,
                Way::Mail => SetUpWay::Mail,
                Way::Open => SetUpWay::Open,
            };
            let new = new_account(&name, way, address.as_deref(), anywhere, &language)?;
            desk.create(&new).await
        }
        AccountCommand::SetUpCode { name } => desk.set_up_code(&name).await,
        AccountCommand::DisableSecondFactor { name, reason } => {
            desk.disable_second_factor(&name, &reason).await
        }
        AccountCommand::ResetLink { name } => desk.reset_link(&name).await,
    }
}
