//! Usher: the front door of a Jellyfin server.
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use usher::{demo, serve};

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
        /// Prints one line of JSON when ready, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Stands before a Jellyfin, as a configuration file says.
    Serve {
        /// The configuration file.
        #[arg(long, default_value = "usher.toml")]
        config: PathBuf,
    },
    /// Looks at a configuration file.
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Prints a commented file with every key.
    Explain,
    /// Says whether a configuration file can be used, and what it loosens.
    Check {
        /// The configuration file.
        #[arg(long, default_value = "usher.toml")]
        config: PathBuf,
    },
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
    let done = match arguments.command {
        Command::Demo {
            listen,
            jellyfin,
            json,
        } => {
            let form = if json {
                demo::Form::Json
            } else {
                demo::Form::People
            };
            demo::run(listen, &jellyfin, form).await
        }
        Command::Serve { config } => serve::run(&config).await,
        Command::Config {
            command: ConfigCommand::Check { config },
        } => serve::check(&config),
        Command::Config {
            command: ConfigCommand::Explain,
        } => {
            print!("{}", usher_config::EXPLAINED);
            Ok(())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("usher: {error:#}");
            ExitCode::FAILURE
        }
    }
}
