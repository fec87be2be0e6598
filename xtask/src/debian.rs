//! Debian packages that a task needs: installed where they are missing, named where they cannot be had.
use std::process::Command;

/// Installs what is missing of `packages`, each with what tells that it is there: a path, or a program's name. Answers
/// those that could not be had.
pub(crate) fn install(packages: &[(&'static str, &str)]) -> Vec<&'static str> {
    let absent = || -> Vec<&'static str> {
        packages
            .iter()
            .filter(|(_, sign)| !is_there(sign))
            .map(|(name, _)| *name)
            .collect()
    };
    let wanted = absent();
    if wanted.is_empty() {
        return wanted;
    }
    let apt = |arguments: &[&str]| {
        let mut command = if is_root() {
            Command::new("apt-get")
        } else {
            let mut command = Command::new("sudo");
            command.arg("apt-get");
            command
        };
        // A failure shows in what is still absent afterwards.
        let _ = command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .status();
    };
    apt(&["update", "-qq"]);
    apt(&[
        &["install", "-y", "-qq", "--no-install-recommends"],
        wanted.as_slice(),
    ]
    .concat());
    absent()
}

/// Whether a program is on the path, or a file at its place.
fn is_there(sign: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(sign).exists())
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
