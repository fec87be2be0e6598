//! "This was not me" (R10): whoever gets a code that they did not ask for ends what it was made for.
use std::fmt::Write;

use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::id::AccountId;
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

/// As [`revoke_target`], for a mail that is about several accounts: the others stand behind the flow.
pub(crate) fn shared_revoke_target(flow: &Hash, others: impl Iterator<Item = AccountId>) -> String {
    let mut target = revoke_target(flow);
    for other in others {
        // Writing to a String cannot fail.
        let _ = write!(target, " {other}");
    }
    target
}

/// Reads what [`revoke_target`] or [`shared_revoke_target`] wrote.
fn read(target: &str) -> Option<(Hash, Vec<AccountId>)> {
    let mut parts = target.split(' ');
    let flow = flow_of(parts.next()?)?;
    let others = parts.map(|other| other.parse().ok());
    Some((flow, others.collect::<Option<_>>()?))
}

fn flow_of(digits: &str) -> Option<Hash> {
    let mut bytes = [0; 32];
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        let two = digits.get(at * 2..at * 2 + 2)?;
        *byte = u8::from_str_radix(two, 16).ok()?;
    }
    Some(Hash::from_bytes(bytes))
}

impl Accounts {
    /// "This was not me" (R10): ends the flow that a code was made for, and every open reset of each account that the mail
    /// was about. `false`: the link is used or too old.
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
        let (flow, others) =
            read(&found.target).ok_or(AccountError::Unreadable { what: "flow" })?;
        if !tx.consume_challenge(found.id, now).await? {
            return Ok(false);
        }
        tx.kill_flow(&flow, now).await?;
        for id in others.into_iter().chain([id]) {
            // The mail of a reset has a link beside the code, which belongs to no flow.
            tx.kill_challenges(id, Purpose::Reset, now).await?;
            let what = Activity::AttemptRevoked;
            self.note(&tx, id, None, what, visitor).await?;
        }
        if let Some(stored) = tx.attempt(&flow, now).await? {
            tx.take_attempt(&stored).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use usher_domain::entropy::SeededEntropy;
    use usher_domain::time::Timestamp;

    use super::*;

    #[test]
    fn what_a_link_is_about_is_read_back_as_it_was_written() {
        let flow = Hash::of("cookie");
        let noon = Timestamp::from_millis(1_795_521_600_000);
        let entropy = SeededEntropy::new(1);
        let others = [(); 2].map(|()| AccountId::generate(noon, &entropy));
        assert_eq!(read(&revoke_target(&flow)), Some((flow, Vec::new())));
        let shared = shared_revoke_target(&flow, others.into_iter());
        assert_eq!(read(&shared), Some((flow, others.to_vec())));
        for broken in [
            "+1",
            &"é".repeat(32),
            &format!("{shared} "),
            &format!("{shared} x"),
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
