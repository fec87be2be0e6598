//! Files that hold a secret: written once, for their owner alone.
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use usher_domain::entropy::Entropy;
use usher_domain::key::MasterKey;

/// Reads the master key; makes one where there is no file yet (R67).
///
/// # Errors
///
/// A file that others may read, or that holds no key: it is never replaced.
pub fn master_key(path: &Path, entropy: &dyn Entropy) -> Result<MasterKey> {
    match fs::metadata(path) {
        Ok(_there) => read_master_key(path),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let key = MasterKey::generate(entropy);
            write_new(path, &STANDARD.encode(key.as_bytes()))
                .with_context(|| format!("the master key {} cannot be written", path.display()))?;
            read_master_key(path)
        }
        Err(error) => {
            Err(error).with_context(|| format!("the master key {} cannot be read", path.display()))
        }
    }
}

fn read_master_key(path: &Path) -> Result<MasterKey> {
    refuse_readable_by_others(path)?;
    let text = fs::read_to_string(path)
        .with_context(|| format!("the master key {} cannot be read", path.display()))?;
    let bytes = STANDARD.decode(text.trim()).ok();
    match bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()) {
        Some(bytes) => Ok(MasterKey::from_bytes(bytes)),
        None => bail!(
            "{} holds no master key: 32 bytes in base 64 are expected",
            path.display()
        ),
    }
}

/// A secret's file must be its owner's alone.
pub fn refuse_readable_by_others(path: &Path) -> Result<()> {
    let mode = fs::metadata(path)
        .with_context(|| format!("{} cannot be read", path.display()))?
        .permissions()
        .mode();
    ensure!(
        mode & 0o077 == 0,
        "{path} can be read by others; run: chmod 600 {path}",
        path = path.display()
    );
    Ok(())
}

/// Writes a new file for its owner alone, whole or not at all: `kill -9` leaves no half of it. What is there already stays.
pub fn write_new(path: &Path, text: &str) -> Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let half = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&half)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    // A link, unlike a rename, never takes another's place.
    let linked = fs::hard_link(&half, path);
    fs::remove_file(&half)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error)?,
        Ok(()) | Err(_) => {}
    }
    Ok(File::open(folder)?.sync_all()?)
}

#[cfg(test)]
mod tests {
    use usher_domain::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn r67_a_master_key_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.key");
        let made = master_key(&path, &SeededEntropy::new(1)).unwrap();
        let read = master_key(&path, &SeededEntropy::new(2)).unwrap();
        assert_eq!(made.as_bytes(), read.as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = master_key(&path, &SeededEntropy::new(3)).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }

    #[test]
    fn r67_what_holds_no_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.key");
        write_new(&path, "not a key").unwrap();
        assert!(master_key(&path, &SeededEntropy::new(1)).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key\n");
    }
}
