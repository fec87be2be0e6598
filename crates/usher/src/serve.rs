//! `usher serve`: before a Jellyfin, as a configuration file says.
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use usher_accounts::mailer::MailRoute;
use usher_accounts::sign_in::LONGEST_HOLD;
use usher_accounts::{Options, PasswordlessUsers};
use usher_config::{Config, MediaGate, PublicUsers, Storage};
use usher_domain::entropy::SystemEntropy;
use usher_domain::time::SystemClock;
use usher_mail::Smtp;
use usher_proxy::listen::ProxyProtocol;
use usher_proxy::tls::Tls;
use usher_store::StoreOptions;

use crate::application::{Application, Blueprint, asked_to_stop, listen};
use crate::key_file;

/// Says whether a configuration file can be used, and what it loosens. Nothing is written and nobody is asked.
pub fn check(path: &Path) -> Result<()> {
    let config = Config::read(path)?;
    gateway(&config)?;
    certificate(&config)?;
    config.database()?;
    let trusted = config.mail_certificate()?;
    if let Some(smtp) = config.smtp()? {
        Smtp::new(&smtp, "Jellyfin", trusted.as_deref()).context("[mail] cannot be used")?;
    }
    let api_key = config.api_key_path();
    if api_key.exists() {
        key_file::refuse_readable_by_others(&api_key)?;
    }
    config.api_key()?;
    if config.key_path().exists() {
        key_file::read_master_key(&config.key_path())?;
    }
    for warning in config.warnings() {
        println!("warning: {warning}");
    }
    println!("{} can be used.", path.display());
    Ok(())
}

/// Serves until the program is asked to end.
pub async fn run(path: &Path) -> Result<()> {
    let config = Config::read(path)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let protocol = if config.proxy_protocol {
        ProxyProtocol::Required
    } else {
        ProxyProtocol::Off
    };
    let application = Application::build(blueprint(&config)?, listen(config.listen).await?)
        .await?
        .with_tls(certificate(&config)?)
        .with_proxy_protocol(protocol);
    tracing::info!(
        "Listening on {}, before {}",
        application.address(),
        config.upstream.url
    );
    application.run(asked_to_stop()?).await;
    Ok(())
}

/// Everything that the file decides. Makes the master key where there is none yet.
pub fn blueprint(config: &Config) -> Result<Blueprint> {
    let entropy = Arc::new(SystemEntropy);
    let smtp = config.smtp()?;
    let storage = config.database()?;
    let file = match &storage {
        Storage::Sqlite(path) => Some(path.as_path()),
        Storage::Postgres(_) => None,
    };
    let api_key = config.api_key()?;
    Ok(Blueprint {
        key: key_file::master_key(&config.key_path(), file, &*entropy)?,
        gateway: gateway(config)?,
        plain_web: !config.inject,
        storage: match storage {
            Storage::Sqlite(path) => StoreOptions::Sqlite(path),
            Storage::Postgres(url) => StoreOptions::Postgres(url.reveal().to_owned()),
        },
        api_key,
        options: Options {
            adopt_tokens: config.adopt_tokens(),
            passwordless_users: match config.passwordless_users {
                usher_config::PasswordlessUsers::Refuse => PasswordlessUsers::Refuse,
                usher_config::PasswordlessUsers::Local => PasswordlessUsers::Local,
            },
            shared_addresses: config.shared_addresses,
            mail_proven: false,
            mail_fixed: smtp.is_some(),
            longest_hold: LONGEST_HOLD,
            people_zone: config.people_zone(),
            server_zone: config.server_zone(),
            public_url: config.public_url.clone(),
        },
        mail: smtp.map_or(MailRoute::Console, MailRoute::Fixed),
        mail_certificate: config.mail_certificate()?,
        hides_users: config.public_users == PublicUsers::Nobody,
        guards_dashboard: config.guard_dashboard,
        zone: config.people_zone(),
        clock: Arc::new(SystemClock),
        entropy,
    })
}

fn certificate(config: &Config) -> Result<Option<Tls>> {
    let files = config.tls.as_ref();
    files
        .map(|files| Ok(Tls::from_files(&files.certificate, &files.key)?))
        .transpose()
}

fn gateway(config: &Config) -> Result<usher_proxy::Config> {
    let mut gateway = usher_proxy::Config::new(&config.upstream.url, &config.public_url)
        .context("public_url and upstream.url are needed")?;
    gateway.other_addresses.clone_from(&config.other_addresses);
    gateway.trusted_proxies.clone_from(&config.trusted_proxies);
    gateway.media_gate = match config.media_gate {
        MediaGate::On => usher_proxy::MediaGate::On,
        MediaGate::Compat => usher_proxy::MediaGate::Compat,
    };
    Ok(gateway)
}
