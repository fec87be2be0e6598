//! `usher serve`: before a Jellyfin, as a configuration file says.
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use usher_config::{Config, MediaGate};
use usher_domain::time::SystemClock;
use usher_proxy::listen::ProxyProtocol;
use usher_proxy::tls::Tls;

use crate::application::{Application, asked_to_stop, listen};

/// Says whether a configuration file can be used, and what it loosens.
pub fn check(path: &Path) -> Result<()> {
    let config = Config::read(path)?;
    gateway(&config)?;
    certificate(&config)?;
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
    let application = Application::build(
        gateway(&config)?,
        listen(config.listen).await?,
        Arc::new(SystemClock),
    )?
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
