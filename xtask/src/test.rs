//! Every test: installs what they need where it is missing, starts a PostgreSQL of their own, runs them.
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use anyhow::{Context, Result, bail, ensure};

use crate::debian::{install, is_root};
use crate::node;

/// Debian packages that tests need, and what tells that each is there: a path, or a program's name.
const PACKAGES: &[(&str, &str)] = &[
    ("postgresql", "/usr/lib/postgresql"),
    ("nodejs", "node"),
    ("npm", "npm"),
    ("chromium", "/usr/bin/chromium"),
    ("curl", "curl"),
    ("postfix", "/usr/sbin/postfix"),
    ("sasl2-bin", "/usr/sbin/saslpasswd2"),
    (
        "libsasl2-modules",
        "/usr/share/doc/libsasl2-modules/copyright",
    ),
];

/// Runs everything. What cannot be installed is named, and its tests are not run.
pub(crate) fn run(root: &Path) -> Result<()> {
    let mut missing = install(PACKAGES);
    let postgres = if missing.contains(&"postgresql") {
        None
    } else {
        Some(Postgres::start()?)
    };
    let mut tests = Command::new("cargo");
    tests.args(["test", "--workspace"]).current_dir(root);
    if let Some(postgres) = &postgres {
        tests.env("TEST_POSTGRES_URL", postgres.url());
    }
    let passed = tests.status().context("cargo test")?.success();
    ensure!(passed, "a test failed");
    missing.extend(node::run(root, &missing)?);
    for name in &missing {
        eprintln!("not run: the tests that need {name}, which could not be installed");
    }
    Ok(())
}

/// A PostgreSQL server on a socket of its own, in a folder that goes with it.
struct Postgres {
    server: Child,
    folder: PathBuf,
}

impl Postgres {
    fn start() -> Result<Self> {
        let programs = newest_programs()?;
        let folder = std::env::temp_dir().join(format!("usher-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        if is_root() {
            let owned = Command::new("chown")
                .arg("postgres")
                .arg(&folder)
                .status()?;
            ensure!(
                owned.success(),
                "the folder for PostgreSQL cannot be handed over"
            );
        }
        let data = folder.join("data");
        let made = as_server_user(&programs.join("initdb"))
            .args([
                "--auth=trust",
                "--encoding=UTF8",
                "--no-sync",
                "--username=usher",
                "-D",
            ])
            .arg(&data)
            .stdout(std::process::Stdio::null())
            .status()?;
        ensure!(made.success(), "initdb failed");
        let server = as_server_user(&programs.join("postgres"))
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=400",
            ])
            .stderr(std::process::Stdio::null())
            .spawn()?;
        let postgres = Self { server, folder };
        let ready = Command::new(programs.join("pg_isready"))
            .args(["-q", "-h"])
            .arg(&postgres.folder)
            .status();
        postgres.wait(&programs, ready.is_ok_and(|status| status.success()))?;
        Ok(postgres)
    }

    /// Asks until the server answers; each question waits up to a second by itself.
    fn wait(&self, programs: &Path, mut ready: bool) -> Result<()> {
        for _ in 0..60 {
            if ready {
                return Ok(());
            }
            let asked = Command::new("timeout")
                .args(["1", "sh", "-c", "until \"$0\" -q -h \"$1\"; do :; done"])
                .arg(programs.join("pg_isready"))
                .arg(&self.folder)
                .status()?;
            ready = asked.success();
        }
        bail!("PostgreSQL did not start")
    }

    fn url(&self) -> String {
        format!(
            "postgres://usher@localhost/postgres?host={}",
            self.folder.display()
        )
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The server is `runuser` when root started it; it hands the signal on.
        let _ = Command::new("kill")
            .arg(self.server.id().to_string())
            .status();
        let _ = self.server.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// PostgreSQL refuses to run as root.
fn as_server_user(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn newest_programs() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    versions.sort();
    versions.pop().context("PostgreSQL is not installed")
}
