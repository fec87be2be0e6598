//! Slow hashes for what people keep or type that is short: recovery codes, PINs (R35, R43).
//!
//! argon2id with 19 MiB and two rounds, over the keyed hash of the secret: neither the database alone nor the key alone
//! lets anybody guess. Not more at a time than passwords are judged (R26).
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use usher_domain::key::same_secret;

use crate::{AccountError, Accounts};

/// Memory in KiB, rounds and lanes (OWASP's smallest choice).
const MEMORY_KIB: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;

/// What stands before salt and hash, so that other choices can be told apart one day.
const FORM: &str = "argon2id-19m-2";

/// Random bytes that two equal secrets differ by.
const SALT: usize = 16;

impl Accounts {
    /// The slow hash of a secret, for storage. `whose`: what the secret belongs to; it is no good for anything else.
    pub(crate) async fn stretch(&self, whose: &[u8], secret: &str) -> Result<String, AccountError> {
        let mut salt = [0; SALT];
        self.inner.entropy.fill(&mut salt);
        let hash = self.slow_hash(whose, secret, salt.to_vec()).await?;
        let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
        Ok(format!("{FORM}${salt}${hash}"))
    }

    /// Whether a secret is the one of a stored hash.
    pub(crate) async fn is_stretched(
        &self,
        whose: &[u8],
        secret: &str,
        stored: &str,
    ) -> Result<bool, AccountError> {
        let unreadable = || AccountError::Unreadable { what: "slow hash" };
        let mut parts = stored.split('$');
        let (Some(FORM), Some(salt), Some(hash)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(unreadable());
        };
        let salt = STANDARD_NO_PAD
            .decode(salt)
            .map_err(|_not_base64| unreadable())?;
        let hash = STANDARD_NO_PAD
            .decode(hash)
            .map_err(|_not_base64| unreadable())?;
        let given = self.slow_hash(whose, secret, salt).await?;
        Ok(same_secret(&given, &hash))
    }

    async fn slow_hash(
        &self,
        whose: &[u8],
        secret: &str,
        salt: Vec<u8>,
    ) -> Result<[u8; 32], AccountError> {
        let peppered = self.inner.key.mac("slow", &[whose, secret.as_bytes()]);
        let seat = Arc::clone(self.memory.seats()).acquire_owned().await;
        let hashed = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None)?;
            let mut hash = [0; 32];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(&peppered, &salt, &mut hash)
                .map(|()| hash)
        });
        match hashed.await {
            Ok(Ok(hash)) => Ok(hash),
            Ok(Err(_argument)) => Err(AccountError::Unreadable { what: "slow hash" }),
            Err(_stopped) => Err(AccountError::Stopping),
        }
    }
}
