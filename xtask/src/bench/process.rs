//! Programs that are measured: started on cores of their own, ended with this one, asked for their time and memory.
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// The core of the program that is measured.
const PROXY_CORE: &str = "0";

/// Which cores programs run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cores {
    /// The one of the proxy that is measured.
    Proxy,
    /// All others: load and origin.
    Others,
}

/// How many cores this machine has.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A command on its cores. The kernel ends it when this program ends, however that happens.
pub(super) fn on(place: Cores, program: impl AsRef<Path>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]);
    let last = cores() - 1;
    if last > 0 {
        let chosen = match place {
            Cores::Proxy => PROXY_CORE.to_owned(),
            Cores::Others => format!("1-{last}"),
        };
        command.args(["taskset", "-c", &chosen]);
    }
    command.arg(program.as_ref());
    command
}

/// A program that runs until this is dropped.
pub(super) struct Running {
    child: Child,
    ticks_per_second: u64,
}

impl Running {
    /// Starts a program that listens on `port`, and waits until it answers; it says nothing here unless it fails.
    pub(super) fn start(mut command: Command, port: u16) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{command:?} cannot be started"))?;
        let ticks = Command::new("getconf").arg("CLK_TCK").output()?;
        let mut running = Self {
            child,
            ticks_per_second: String::from_utf8(ticks.stdout)?.trim().parse()?,
        };
        let answered = Command::new("curl")
            .args(["-s", "-o", "/dev/null", "--retry-connrefused"])
            .args(["--retry", "20", "--retry-delay", "1"])
            .arg(format!("http://127.0.0.1:{port}/System/Info/Public"))
            .status()?;
        let ended = running.child.try_wait()?;
        ensure!(
            answered.success() && ended.is_none(),
            "{command:?} does not answer"
        );
        Ok(running)
    }

    /// Time that the program has spent on a core so far, its own and the kernel's for it. Every program here is one
    /// process.
    pub(super) fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The second field is the program's name in brackets, which may hold blanks.
        let (_, fields) = stat.rsplit_once(')').context("/proc/…/stat")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let field = |place: usize| -> Result<u64> {
            Ok(fields.get(place).context("/proc/…/stat")?.parse()?)
        };
        let ticks = field(11)? + field(12)?;
        Ok(Duration::from_millis(ticks * 1000 / self.ticks_per_second))
    }

    /// Forgets the peak of memory: the next counts from what is used now.
    pub(super) fn forget_peak(&self) -> Result<()> {
        let place = format!("/proc/{}/clear_refs", self.child.id());
        std::fs::write(place, "5").context("the peak of memory cannot be reset")
    }

    /// The peak of memory (resident set), in KiB.
    pub(super) fn peak(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .context("VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended by itself cannot be killed: nothing is left to do then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
