//! Files that hold a secret: written once, for their owner alone.
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tempfile::NamedTempFile;
use usher_domain::entropy::Entropy;
use usher_domain::key::MasterKey;

/// Reads the master key; makes one where there is no file yet (R67). `database`: a file that only the key opens which was
/// there when it was made; beside it no new key is of use, and the missing one must be put back.
///
/// # Errors
///
/// A file that others may read, or that holds no key: it is never replaced. A database whose key is missing.
pub fn master_key(
    path: &Path,
    database: Option<&Path>,
    entropy: &dyn Entropy,
) -> Result<MasterKey> {
    match fs::metadata(path) {
        Ok(_there) => read_master_key(path),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            refuse_orphaned(path, database)?;
            let key = MasterKey::generate(entropy);
            match write_new(path, &STANDARD.encode(key.as_bytes())) {
                // Another process was first: its key counts.
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    Err(error).with_context(|| {
                        format!("the master key {} cannot be written", path.display())
                    })
                }
                Ok(()) | Err(_) => read_master_key(path),
            }
        }
        Err(error) => {
            Err(error).with_context(|| format!("the master key {} cannot be read", path.display()))
        }
    }
}

/// A database that has something in it was sealed with a key that is missing now.
fn refuse_orphaned(path: &Path, database: Option<&Path>) -> Result<()> {
    let Some(database) = database else {
        return Ok(());
    };
    let is_sealed = fs::metadata(database).is_ok_and(|file| file.len() > 0);
    ensure!(
        !is_sealed,
        "the master key {} is missing, and only it opens the database {}; put it back",
        path.display(),
        database.display()
    );
    Ok(())
}

/// Reads the master key where there is one.
///
/// # Errors
///
/// A file that others may read, or that holds no key.
pub fn read_master_key(path: &Path) -> Result<MasterKey> {
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
        mode % 0o100 == 0,
        "{path} can be read by others; run: chmod 600 {path}",
        path = path.display()
    );
    Ok(())
}

/// Writes a new file for its owner alone, whole or not at all: `kill -9` leaves no half of it under its name.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] where there is a file already: it stays as it is.
pub fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let file = beside(path, text)?;
    file.persist_noclobber(path)?;
    File::open(folder(path))?.sync_all()
}

/// As [`write_new`], in the place of a file that is there.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let file = beside(path, text)?;
    file.persist(path)?;
    File::open(folder(path))?.sync_all()
}

/// The text in a file of another name in the same folder, on the disk.
fn beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    // Only its owner can read what `tempfile` makes.
    let mut file = tempfile::Builder::new()
        .prefix(".usher-")
        .tempfile_in(folder(path))?;
    writeln!(file, "{text}")?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Makes the file of a database that is to come, for its owner alone: SQLite gives its other files the same mode. One that
/// is there stays as it is.
pub fn make_database_file(path: &Path) -> Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("the database {} cannot be made", path.display()))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use usher_domain::entropy::SeededEntropy;

    use super::*;

    #[test]
    fn r67_a_master_key_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.key");
        let made = master_key(&path, None, &SeededEntropy::new(1)).unwrap();
        let read = master_key(&path, None, &SeededEntropy::new(2)).unwrap();
        assert_eq!(made.as_bytes(), read.as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = master_key(&path, None, &SeededEntropy::new(3)).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }

    #[test]
    fn r67_what_holds_no_key_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.key");
        write_new(&path, "not a key").unwrap();
        assert!(master_key(&path, None, &SeededEntropy::new(1)).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a key\n");
    }

    #[test]
    fn r67_no_new_key_is_made_beside_a_database_that_another_has_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let (key, database) = (
            folder.path().join("usher.key"),
            folder.path().join("usher.db"),
        );
        make_database_file(&database).unwrap();
        assert_eq!(
            fs::metadata(&database).unwrap().permissions().mode() & 0o777,
            0o600
        );
        master_key(&key, Some(&database), &SeededEntropy::new(1)).unwrap();
        fs::write(&database, "sealed").unwrap();
        fs::remove_file(&key).unwrap();
        let refused = master_key(&key, Some(&database), &SeededEntropy::new(2)).unwrap_err();
        assert!(refused.to_string().contains("put it back"), "{refused}");
        assert!(!key.exists());
    }

    #[test]
    fn a_secret_is_written_beside_no_other_and_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_new(&path, "first").unwrap();
        let refused = write_new(&path, "second").unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "first\n");
        replace(&path, "third").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "third\n");
        refuse_readable_by_others(&path).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
