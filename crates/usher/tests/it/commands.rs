//! The commands, as somebody types them on the server.
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use usher_standin::{Standin, Version};

use crate::client::{VERSIONS, jellyfin};

/// A folder with a configuration file, in which commands are run.
struct Server {
    folder: tempfile::TempDir,
    standin: Standin,
}

impl Server {
    async fn new(version: Version) -> Self {
        let standin = jellyfin(version).await;
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "public_url = \"https://media.example.org\"\n[upstream]\nurl = \"{}\"\n",
            standin.url()
        );
        std::fs::write(folder.path().join("usher.toml"), config).unwrap();
        Self { folder, standin }
    }

    /// Runs a command to its end.
    async fn run(&self, command: &str, typed: &'static str) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_usher"));
        program
            .args(command.split(' '))
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let ended = tokio::task::spawn_blocking(move || {
            let mut running = program.spawn().unwrap();
            let mut input = running.stdin.take().unwrap();
            input.write_all(typed.as_bytes()).unwrap();
            drop(input);
            running.wait_with_output().unwrap()
        });
        ended.await.unwrap()
    }

    /// What a command prints when it succeeds.
    async fn answer(&self, command: &str) -> String {
        let output = self.run(command, "").await;
        assert!(output.status.success(), "{command}: {}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command says when it cannot.
    async fn refusal(&self, command: &str, typed: &'static str) -> String {
        let output = self.run(command, typed).await;
        assert_eq!(
            output.status.code(),
            Some(1),
            "{command}: {}",
            said(&output)
        );
        said(&output)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The keys that Jellyfin has.
    fn keys(&self) -> Vec<String> {
        let state = self.standin.state();
        state
            .api_keys
            .iter()
            .map(|key| key.secret.clone())
            .collect()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn r59_connect_keeps_a_key_for_its_owner_alone_and_leaves_no_session() {
    for version in VERSIONS {
        let server = Server::new(version).await;
        let missing = server.refusal("config check", "").await;
        assert!(missing.contains("usher connect"), "{missing}");
        for (typed, reason) in [
            ("root\nwrong\n", "does not take"),
            ("anna\nanna-pass-1\n", "does not administer"),
            ("dora\ndora-pass-1\n", "at present"),
            ("", "nothing was typed"),
        ] {
            let refused = server.refusal("connect", typed).await;
            assert!(refused.contains(reason), "{version:?}: {refused}");
        }
        let made = server.run("connect", "root\nroot-pass-1\n").await;
        assert!(made.status.success(), "{}", said(&made));
        let key = server.read("jellyfin-api-key");
        assert!(server.keys().contains(&key.trim().to_owned()));
        assert!(!said(&made).contains(key.trim()));
        assert_eq!(mode(&server.folder.path().join("jellyfin-api-key")), 0o600);
        assert!(server.standin.state().tokens.is_empty(), "{version:?}");
        server.answer("config check").await;
    }
}

#[tokio::test]
async fn connect_replaces_a_key_only_when_asked_and_deletes_the_old_one_in_jellyfin() {
    for version in VERSIONS {
        let server = Server::new(version).await;
        server.run("connect", "root\nroot-pass-1\n").await;
        let first = server.read("jellyfin-api-key");
        let refused = server.refusal("connect", "root\nroot-pass-1\n").await;
        assert!(refused.contains("--replace"), "{refused}");
        assert_eq!(server.read("jellyfin-api-key"), first);
        let replaced = server.run("connect --replace", "root\nroot-pass-1\n").await;
        assert!(replaced.status.success(), "{}", said(&replaced));
        let (second, keys) = (server.read("jellyfin-api-key"), server.keys());
        assert!(keys.contains(&second.trim().to_owned()));
        assert!(!keys.contains(&first.trim().to_owned()), "{version:?}");
    }
}

#[tokio::test]
async fn r59_a_password_is_not_sent_unprotected_to_another_machine() {
    let server = Server::new(VERSIONS[0]).await;
    let refused = server
        .refusal("connect --url http://192.0.2.1:8096 --key-file key", "")
        .await;
    assert!(refused.contains("--insecure"), "{refused}");
}

#[tokio::test]
async fn accounts_are_made_shown_and_helped_on_the_server() {
    for version in VERSIONS {
        let server = Server::new(version).await;
        server.run("connect", "root\nroot-pass-1\n").await;
        let code = server.answer("account create vic").await;
        assert_eq!(code.trim().len(), 9, "{code}");
        let taken = server.refusal("account create vic", "").await;
        assert!(taken.contains("has a user of the name vic"), "{taken}");
        let renewed = server.answer("account set-up-code vic").await;
        assert_ne!(code, renewed);
        let list = server.answer("account list --search vi").await;
        assert!(list.contains("awaits set-up"), "{list}");
        assert_eq!(list.lines().count(), 1, "{list}");
        let link = server.answer("account reset-link anna").await;
        assert!(link.starts_with("https://media.example.org/usher/reset#"));
        let waits = server.refusal("account reset-link vic", "").await;
        assert!(waits.contains("first password"), "{waits}");
        let unknown = server.refusal("account show nobody", "").await;
        assert!(unknown.contains("no account"), "{unknown}");
        let mail = "account create wes --way mail --address wes@example.org";
        let no_mail = server.refusal(mail, "").await;
        assert!(no_mail.contains("no way for mail"), "{no_mail}");
        for secret in ["usher.key", "usher.db"] {
            assert_eq!(mode(&server.folder.path().join(secret)), 0o600);
        }
        let cleared = server
            .answer("account disable-second-factor anna --reason lost")
            .await;
        assert_eq!(cleared, "0\n");
        let reasonless = server.run("account disable-second-factor anna", "").await;
        assert!(said(&reasonless).contains("--reason"));
        let unsaid = "account disable-second-factor anna --reason ";
        let refused = server.refusal(unsaid, "").await;
        assert!(refused.contains("say why"), "{refused}");
        let nobody = "account disable-second-factor nobody --reason lost";
        let refused = server.refusal(nobody, "").await;
        assert!(refused.contains("no account"), "{refused}");
        let shown = server.answer("account show anna").await;
        assert!(shown.contains("anna"), "{shown}");
    }
}

#[tokio::test]
async fn the_demo_is_not_opened_to_the_network_by_chance() {
    let server = Server::new(VERSIONS[0]).await;
    let refused = server.refusal("demo --listen 0.0.0.0:0", "").await;
    assert!(refused.contains("--open-to-network"), "{refused}");
    let nameless = server
        .refusal("demo --listen 0.0.0.0:0 --open-to-network", "")
        .await;
    assert!(nameless.contains("--public-url"), "{nameless}");
    let keyless = server
        .refusal(
            "demo --listen 127.0.0.1:0 --jellyfin http://127.0.0.1:1",
            "",
        )
        .await;
    assert!(keyless.contains("usher connect --url"), "{keyless}");
}
