//! `usher serve` in a process of its own, as an administrator starts it.
use std::fmt::Write;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use usher_standin::Standin;
use usher_store::StoreOptions;

use crate::client::API_KEY;

/// What people type, whichever process answers.
pub(crate) const HOST: &str = "films.example:8097";

/// What the program logs when nobody says otherwise.
pub(crate) const USUAL_LOG: &str = "usher=info,warn";

/// A running program; it is killed when this is dropped.
pub(crate) struct Program {
    /// Where it listens.
    pub(crate) address: String,
    child: Child,
    log: JoinHandle<Vec<u8>>,
}

impl Program {
    /// Starts with the configuration of a folder, and waits until it listens.
    pub(crate) async fn start(folder: &Path, log: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_usher"))
            .args(["serve", "--config"])
            .arg(folder.join("usher.toml"))
            .env("USHER_LOG", log)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (tell, told) = oneshot::channel();
        let log = tokio::spawn(read(child.stderr.take().unwrap(), tell));
        let Ok(address) = told.await else {
            panic!("{}", String::from_utf8_lossy(&log.await.unwrap()));
        };
        Self {
            address,
            child,
            log,
        }
    }

    /// `kill -9`. Answers what it logged.
    pub(crate) async fn kill(mut self) -> Vec<u8> {
        self.child.kill().await.unwrap();
        self.log.await.unwrap()
    }
}

/// Keeps the log, and tells the address that it names.
async fn read(log: ChildStderr, tell: oneshot::Sender<String>) -> Vec<u8> {
    let (mut lines, mut kept, mut tell) = (BufReader::new(log), Vec::new(), Some(tell));
    loop {
        let begin = kept.len();
        if lines.read_until(b'\n', &mut kept).await.unwrap() == 0 {
            return kept;
        }
        let line = String::from_utf8_lossy(&kept[begin..]);
        let named = line
            .split_once("Listening on ")
            .and_then(|(_, rest)| rest.split_once(", before"));
        if let Some((address, _)) = named
            && let Some(tell) = tell.take()
        {
            tell.send(address.to_owned()).unwrap();
        }
    }
}

/// Writes the configuration before this Jellyfin; `more` stands at its end. The database is in a folder of its own.
pub(crate) fn configure(folder: &Path, standin: &Standin, database: &StoreOptions, more: &str) {
    let path = |name: &str| folder.join(name).display().to_string();
    if !folder.join("api-key").exists() {
        usher::key_file::write_new(&folder.join("api-key"), API_KEY).unwrap();
    }
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let mut text = format!(
        "public_url = \"http://{HOST}\"\nlisten = \"127.0.0.1:0\"\nkey_file = {:?}\n\
         [upstream]\nurl = {:?}\napi_key_file = {:?}\n[database]\n",
        path("usher.key"),
        standin.url(),
        path("api-key"),
    );
    match database {
        StoreOptions::Sqlite(path) => {
            writeln!(text, "path = {:?}", path.display().to_string()).unwrap();
        }
        StoreOptions::Postgres(url) => writeln!(text, "url = {url:?}").unwrap(),
    }
    text.push_str(more);
    std::fs::write(folder.join("usher.toml"), text).unwrap();
}
