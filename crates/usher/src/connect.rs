//! `usher connect`: makes Usher's own API key in Jellyfin, and keeps it in a file.
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use usher_domain::device::ClientIdentity;
use usher_domain::entropy::SystemEntropy;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_jellyfin::{Authenticated, Jellyfin};

use crate::key_file;

/// Asks for an administrator, makes a key, writes it down.
///
/// # Errors
///
/// A key file that is there already; a name and password that Jellyfin does not take, or that administer nothing.
pub async fn run(url: &str, key_file: &Path) -> Result<()> {
    ensure!(
        !key_file.exists(),
        "{} is there already; move it away to make a new key",
        key_file.display()
    );
    let jellyfin = Jellyfin::new(&url.trim_end_matches('/').parse()?)?;
    let server = jellyfin
        .server()
        .await
        .with_context(|| format!("{url} does not answer as a Jellyfin"))?;
    eprintln!("{} is Jellyfin {}.", server.name, server.version);
    let name = ask("Administrator of Jellyfin")?;
    let password = ask_secretly("Password")?;
    let token = sign_in(&jellyfin, &name, &password).await?;
    let made = make(&jellyfin, &token, key_file).await;
    jellyfin.sign_out(&token).await?;
    let key = made?;
    eprintln!("Usher's API key is in {}.", key_file.display());
    warn(&jellyfin.with_key(key)).await;
    Ok(())
}

async fn sign_in(jellyfin: &Jellyfin, name: &str, password: &SecretText) -> Result<SecretText> {
    // A device of its own: nobody's present session ends.
    let identity = ClientIdentity {
        client: "Usher".to_owned(),
        device: "usher connect".to_owned(),
        device_id: OpaqueToken::generate(&SystemEntropy).reveal().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let session = match jellyfin.authenticate(name, password, &identity).await? {
        Authenticated::Right(session) => session,
        Authenticated::Wrong => bail!("Jellyfin does not take this name and password"),
        Authenticated::Forbidden => bail!("Jellyfin does not let {name} in at present"),
    };
    if !session.user.policy.is_administrator {
        jellyfin.sign_out(&session.token).await?;
        bail!("{name} does not administer this Jellyfin");
    }
    Ok(session.token)
}

async fn make(jellyfin: &Jellyfin, token: &SecretText, file: &Path) -> Result<SecretText> {
    let key = jellyfin.make_key(token, "Usher").await?;
    key_file::write_new(file, key.reveal())
        .with_context(|| format!("{} cannot be written", file.display()))?;
    Ok(key)
}

/// What must be otherwise in Jellyfin for Usher to work well.
async fn warn(jellyfin: &Jellyfin) {
    match jellyfin.server_settings().await {
        Ok(settings) => {
            if !settings.quick_connect {
                eprintln!(
                    "warning: Quick Connect is off in Jellyfin; Usher signs people in by it. Switch it on."
                );
            }
            if settings.known_proxies.is_empty() {
                eprintln!(
                    "warning: Jellyfin knows no proxy; name Usher's address under Known proxies, or everybody counts as local."
                );
            }
        }
        Err(error) => eprintln!("warning: Jellyfin's settings cannot be read: {error}"),
    }
}

fn ask(what: &str) -> Result<String> {
    eprint!("{what}: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line)?;
    ensure!(read > 0, "{what}: nothing was typed");
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Without an echo on a terminal; the second line of a script otherwise.
fn ask_secretly(what: &str) -> Result<SecretText> {
    if !std::io::stdin().is_terminal() {
        return ask(what).map(SecretText::new);
    }
    eprint!("{what}: ");
    std::io::stderr().flush()?;
    Ok(SecretText::new(rpassword::read_password()?))
}
