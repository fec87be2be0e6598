//! Native TLS from certificate files, read again when they change.
//!
//! A broken file at the start is an error that names it; a broken file later leaves the old certificate in place.
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

/// Certificate and key for one listener.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    files: Arc<Files>,
}

/// Why a certificate cannot be used. Each message names the file.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file is missing, or is not PEM.
    #[error("{} cannot be read as PEM", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        source: pem::Error,
    },
    /// PEM, but no certificate in it.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
    /// The key does not belong to the certificate, or is of a kind that is not supported.
    #[error("{} does not fit the certificate {}", key.display(), certificate.display())]
    Unfit {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What the TLS library says.
        #[source]
        source: rustls::Error,
    },
    /// The TLS library refuses its own defaults.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

struct Files {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<(Option<SystemTime>, Arc<CertifiedKey>)>,
}

impl Tls {
    /// Reads a chain of certificates and its key, both PEM.
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let loaded = load(certificate, key)?;
        let files = Arc::new(Files {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: RwLock::new((changed_at(certificate), loaded)),
        });
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(TlsError::Setup)?
                .with_no_client_auth()
                .with_cert_resolver(Arc::clone(&files) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            files,
        })
    }

    /// What greets new connections.
    pub(crate) const fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }

    /// Reads the files again where the certificate's has changed.
    pub fn reload_if_changed(&self) -> Result<(), TlsError> {
        let changed = changed_at(&self.files.certificate);
        let known = self
            .files
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        if changed != known {
            let loaded = load(&self.files.certificate, &self.files.key)?;
            *self
                .files
                .current
                .write()
                .unwrap_or_else(PoisonError::into_inner) = (changed, loaded);
        }
        Ok(())
    }
}

impl ResolvesServerCert for Files {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(
            &self
                .current
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .1,
        ))
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files")
            .field("certificate", &self.certificate)
            .finish_non_exhaustive()
    }
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file)
        .and_then(|found| found.modified())
        .ok()
}

fn load(certificate: &Path, key: &Path) -> Result<Arc<CertifiedKey>, TlsError> {
    let unreadable = |file: &Path| {
        let file = file.to_owned();
        move |source| TlsError::Unreadable { file, source }
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(unreadable(certificate))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(certificate.to_owned()));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
    let provider = rustls::crypto::ring::default_provider();
    let loaded = CertifiedKey::from_der(chain, private, &provider);
    loaded.map(Arc::new).map_err(|source| TlsError::Unfit {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
        let made = rcgen::generate_simple_self_signed(vec!["films.example".to_owned()]).unwrap();
        let files = (
            folder.join(format!("{name}.pem")),
            folder.join(format!("{name}.key")),
        );
        std::fs::write(&files.0, made.cert.pem()).unwrap();
        std::fs::write(&files.1, made.signing_key.serialize_pem()).unwrap();
        files
    }

    #[test]
    fn a_broken_certificate_is_an_error_that_names_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = write(folder.path(), "one");
        let (_, other_key) = write(folder.path(), "two");
        let empty = folder.path().join("empty.pem");
        std::fs::write(&empty, "").unwrap();
        let said = |certificate: &Path, key: &Path| {
            Tls::from_files(certificate, key).err().unwrap().to_string()
        };
        assert!(said(&empty, &key).contains("empty.pem"));
        assert!(said(&folder.path().join("missing.pem"), &key).contains("missing.pem"));
        assert!(said(&certificate, &other_key).contains("does not fit"));
        assert!(Tls::from_files(&certificate, &key).is_ok());
    }

    #[test]
    fn a_changed_certificate_is_taken_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = write(folder.path(), "one");
        let tls = Tls::from_files(&certificate, &key).unwrap();
        let current = || tls.files.current.read().unwrap().1.cert[0].clone();
        let first = current();
        let touch = |hours: u64| {
            let file = std::fs::File::options()
                .append(true)
                .open(&certificate)
                .unwrap();
            file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_hours(hours))
                .unwrap();
        };
        std::fs::write(&certificate, "broken").unwrap();
        touch(1);
        assert!(tls.reload_if_changed().is_err());
        assert_eq!(current(), first);
        write(folder.path(), "one");
        touch(2);
        tls.reload_if_changed().unwrap();
        assert_ne!(current(), first);
    }
}
