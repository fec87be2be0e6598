//! `usher demo`: Usher before a stand-in Jellyfin, with people to try. It needs nothing and keeps nothing.
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use usher_domain::time::SystemClock;
use usher_proxy::Config;
use usher_standin::{Scene, SceneUser, Standin, Version};

use crate::application::{Application, asked_to_stop, listen};

/// For whom the demo says that it is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A few lines to read.
    People,
    /// One line of JSON.
    Json,
}

/// Runs the demo until the program is asked to end. `jellyfin` is `10.11`, `12` or the address of a real one.
pub async fn run(address: SocketAddr, jellyfin: &str, form: Form) -> Result<()> {
    let (upstream, people, _standin) = behind_the_door(jellyfin).await?;
    let socket = listen(address).await?;
    let url = format!("http://{}", socket.local_addr()?);
    let application =
        Application::build(Config::new(&upstream, &url)?, socket, Arc::new(SystemClock))?;
    match form {
        Form::Json => println!(
            "{}",
            json!({ "url": url, "upstream": upstream, "people": people_as_json(&people) })
        ),
        Form::People => tell(&url, &upstream, &people),
    }
    application.run(asked_to_stop()?).await;
    Ok(())
}

/// The Jellyfin behind the door; a stand-in lives as long as its handle.
async fn behind_the_door(jellyfin: &str) -> Result<(String, Vec<SceneUser>, Option<Standin>)> {
    let version = match jellyfin {
        "10.11" => Version::V10_11,
        "12" | "12.0" => Version::V12_0,
        address => {
            let real = address.starts_with("http://") || address.starts_with("https://");
            ensure!(
                real,
                "--jellyfin takes 10.11, 12, or an address such as http://127.0.0.1:8096, not {address:?}"
            );
            return Ok((address.trim_end_matches('/').to_owned(), Vec::new(), None));
        }
    };
    let scene = Scene::living_room(version);
    let people = scene.users.clone();
    let standin = usher_standin::start(scene)
        .await
        .context("the stand-in Jellyfin cannot start")?;
    Ok((standin.url(), people, Some(standin)))
}

fn people_as_json(people: &[SceneUser]) -> Vec<Value> {
    let one = |person: &SceneUser| {
        json!({
            "name": person.name,
            "password": person.password,
            "role": role(person),
            "state": state(person),
        })
    };
    people.iter().map(one).collect()
}

const fn role(person: &SceneUser) -> &'static str {
    if person.administrator {
        "administrator"
    } else {
        "person"
    }
}

const fn state(person: &SceneUser) -> &'static str {
    match (person.disabled, &person.password) {
        (true, _) => "disabled",
        (false, Some(_)) => "ready",
        (false, None) => "without_password",
    }
}

fn tell(url: &str, upstream: &str, people: &[SceneUser]) {
    println!("Usher stands at {url}, before {upstream}\n");
    if !people.is_empty() {
        println!("  {:<12} {:<22} {:<15} state", "name", "password", "role");
        for person in people {
            let password = person.password.as_deref().unwrap_or("(none)");
            println!(
                "  {:<12} {:<22} {:<15} {}",
                person.name,
                password,
                role(person),
                state(person)
            );
        }
        println!();
    }
    println!(
        "Open {url}/web/ in a browser, or enter {url} in any Jellyfin app. Ctrl-C ends it; nothing is kept."
    );
}
