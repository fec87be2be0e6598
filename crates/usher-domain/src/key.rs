//! The master key: seals what is stored, and makes the keyed hashes of codes (R9, R67).
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::entropy::Entropy;

const NONCE_LENGTH: usize = 24;

/// 256 bits from a file beside the database. Every use has a key of its own, derived by HKDF.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

/// A sealed value could not be opened: another key, another row, or changed bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value cannot be opened with this key")]
pub struct Unsealable;

impl MasterKey {
    /// From the key file.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key, for the first start.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 32];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    /// The bytes, for the key file.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a value for one place: `place` is `usher:<table>:<column>:<row id>`, so that a value copied into another
    /// row cannot be opened there. Answers nonce and ciphertext.
    pub fn seal(&self, place: &str, plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut nonce = [0; NONCE_LENGTH];
        entropy.fill(&mut nonce);
        let payload = Payload {
            msg: plain,
            aad: place.as_bytes(),
        };
        // Encryption in memory fails only beyond 256 GiB; an empty box is one that never opens.
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .unwrap_or_default();
        [&nonce[..], &sealed].concat()
    }

    /// Opens what [`seal`](Self::seal) made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, body) = sealed
            .split_first_chunk::<NONCE_LENGTH>()
            .ok_or(Unsealable)?;
        let payload = Payload {
            msg: body,
            aad: place.as_bytes(),
        };
        self.cipher()
            .decrypt(&XNonce::from(*nonce), payload)
            .ok()
            .ok_or(Unsealable)
    }

    /// HMAC-SHA-256 over the parts, under a key derived for `purpose`. Parts are length-prefixed, so that no two lists
    /// of parts give the same input.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC pads a short key with zeros up to the hash's block of 64 bytes.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.derive(purpose));
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.derive("seal").into())
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // Expanding to 32 bytes cannot fail: the limit is 255 times the hash's length.
        let expanded = Hkdf::<Sha256>::new(None, &self.0).expand(purpose.as_bytes(), &mut key);
        debug_assert!(expanded.is_ok());
        key
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(..)")
    }
}

/// Compares two secrets in a time that does not depend on where they differ.
pub fn same_secret(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn r67_a_sealed_value_opens_only_in_its_own_place_with_its_own_key() {
        let entropy = SeededEntropy::new(1);
        let key = MasterKey::generate(&entropy);
        let sealed = key.seal("usher:token:value:1", b"secret", &entropy);
        assert_eq!(key.open("usher:token:value:1", &sealed).unwrap(), b"secret");
        assert_eq!(key.open("usher:token:value:2", &sealed), Err(Unsealable));
        assert_eq!(
            MasterKey::generate(&entropy).open("usher:token:value:1", &sealed),
            Err(Unsealable)
        );
        assert_eq!(
            key.open("usher:token:value:1", &sealed[..10]),
            Err(Unsealable)
        );
    }

    #[test]
    fn r9_a_keyed_hash_tells_lists_of_parts_apart() {
        let key = MasterKey::from_bytes([7; 32]);
        assert_ne!(
            key.mac("otp", &[b"ab", b"c"]),
            key.mac("otp", &[b"a", b"bc"])
        );
        assert_ne!(key.mac("otp", &[b"ab"]), key.mac("link", &[b"ab"]));
    }
}
