//! "This was not me" (R10): whoever gets a code that they did not ask for ends what it was made for.
use std::fmt::Write;

use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::visitor::Visitor;

use crate::{AccountError, Accounts};

/// What a revoke link is about: the flow, in hexadecimal digits.
pub(crate) fn revoke_target(flow: &Hash) -> String {
    let mut digits = String::with_capacity(64);
    for byte in flow.as_bytes() {
        // Writing to a String cannot fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// Reads what [`revoke_target`] wrote.
fn flow_of(target: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if target.len() != 64 || !target.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        let digits = target.get(at * 2..at * 2 + 2)?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(Hash::from_bytes(bytes))
}

impl Accounts {
    /// "This was not me" (R10): ends the flow that a code was made for, and every open reset of the account. `false`:
    /// the link is used or too old.
    pub async fn revoke(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let found = tx.link(&link.hash(), Purpose::Revoke, now).await?;
        let Some((found, id)) = found.and_then(|found| found.account.map(|id| (found, id))) else {
            return Ok(false);
        };
        let flow = flow_of(&found.target).ok_or(AccountError::Unreadable { what: "flow" })?;
        if !tx.consume_challenge(found.id, now).await? {
            return Ok(false);
        }
        tx.kill_flow(&flow, now).await?;
        // The mail of a reset has a link beside the code, which belongs to no flow.
        tx.kill_challenges(id, Purpose::Reset, now).await?;
        if let Some(stored) = tx.attempt(&flow, now).await? {
            tx.take_attempt(&stored).await?;
        }
        let what = Activity::AttemptRevoked;
        self.note(&tx, id, None, what, visitor).await?;
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_read_back_as_it_was_written() {
        let flow = Hash::of("cookie");
        assert_eq!(flow_of(&revoke_target(&flow)), Some(flow));
        assert_eq!(flow_of("+1"), None);
        assert_eq!(flow_of(&"é".repeat(32)), None);
    }
}
