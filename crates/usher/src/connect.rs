//! `usher connect`: makes Usher's own API key in Jellyfin, and keeps it in a file.
use std::io::{BufRead, ErrorKind, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use url::Host;
use usher_domain::device::ClientIdentity;
use usher_domain::entropy::SystemEntropy;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_jellyfin::{Authenticated, Jellyfin};

use crate::key_file;

/// Asks for an administrator, makes a key, writes it down. `replaces`: a key file that is there is taken for an older key of
/// Usher's, which is deleted in Jellyfin when the new one is written.
///
/// # Errors
///
/// A key file that is there already; a name and password that Jellyfin does not take, or that administer nothing.
pub async fn run(url: &str, key_file: &Path, replaces: bool) -> Result<()> {
    ensure!(
        replaces || !key_file.exists(),
        "{} is there already; --replace makes a new key and deletes that one",
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
    let made = make(&jellyfin, &token, key_file, replaces).await;
    if let Err(error) = jellyfin.sign_out(&token).await {
        eprintln!("warning: the sign-in of {name} could not be ended again: {error}");
    }
    let key = made?;
    eprintln!("Usher's API key is in {}.", key_file.display());
    warn(&jellyfin.with_key(key)).await;
    Ok(())
}

/// Refuses an address to which the administrator's password would go unprotected over a network (R59).
pub fn refuse_unprotected(url: &str) -> Result<()> {
    let address = url::Url::parse(url).with_context(|| format!("{url:?} is no address"))?;
    let is_here = match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    ensure!(
        address.scheme() != "http" || is_here,
        "{url} is plain http to another machine, so the password would cross the network unprotected; use https, or \
         say --insecure"
    );
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

async fn make(
    jellyfin: &Jellyfin,
    token: &SecretText,
    file: &Path,
    replaces: bool,
) -> Result<SecretText> {
    let before = match std::fs::read_to_string(file) {
        Ok(text) => Some(SecretText::new(text.trim())),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", file.display()))?,
    };
    let key = jellyfin.make_key(token, "Usher").await?;
    let written = if replaces {
        key_file::replace(file, key.reveal())
    } else {
        key_file::write_new(file, key.reveal())
    };
    if let Err(error) = written {
        // A key that nobody has would stay in Jellyfin for good.
        delete(jellyfin, token, &key, "the new").await;
        return Err(error).with_context(|| format!("{} cannot be written", file.display()));
    }
    if let Some(before) = before.filter(|key| !key.reveal().is_empty()) {
        delete(jellyfin, token, &before, "the old").await;
    }
    Ok(key)
}

async fn delete(jellyfin: &Jellyfin, token: &SecretText, key: &SecretText, which: &str) {
    if let Err(error) = jellyfin.delete_key(token, key).await {
        eprintln!(
            "warning: {which} key of Usher's could not be deleted in Jellyfin: {error}. Delete it in the dashboard, \
             under API keys."
        );
    }
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
