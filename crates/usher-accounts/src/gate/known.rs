//! What one process remembers of tokens, for seconds.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use usher_domain::id::AccountId;
use usher_domain::network::Networks;
use usher_domain::secret::Hash;
use usher_domain::throttle::Scope;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Me;
use usher_store::KnownToken;

use super::{Holder, Standing};

/// How long a holder stands: what happens elsewhere (a session ended, a user switched off) counts here within this time.
const STANDS: Duration = Duration::from_secs(5);

/// How long "nobody" stands.
const REFUSAL_STANDS: Duration = Duration::from_mins(1);

/// Entries that are kept; beyond it, those that no longer stand are dropped first.
const ENTRIES_MAX: usize = 100_000;

/// Unknown tokens that one address may have looked up in a minute.
const UNKNOWN_MAX: u32 = 120;

/// What is known of one token.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) holder: Option<Holder>,
    pub(super) standing: Standing,
    pub(super) remote_access: bool,
    /// From where an API key may come; persons' tokens come from everywhere.
    networks: Networks,
    /// The holder administers the server and has a second factor: what is dangerous needs a fresh proof.
    pub(super) is_guarded: bool,
    asked: Timestamp,
}

impl Entry {
    pub(super) fn nobody(asked: Timestamp) -> Self {
        Self {
            holder: None,
            standing: Standing::Closed,
            remote_access: false,
            networks: Networks::default(),
            is_guarded: false,
            asked,
        }
    }

    pub(super) const fn api_key(networks: Networks, asked: Timestamp) -> Self {
        Self {
            holder: Some(Holder::ApiKey),
            standing: Standing::Welcome,
            remote_access: true,
            networks,
            is_guarded: false,
            asked,
        }
    }

    /// A live token that Jellyfin does not serve at this hour: what else its user may do is not known, so it is nothing.
    pub(super) fn closed(row: &KnownToken, asked: Timestamp) -> Self {
        Self {
            holder: Some(Holder::User {
                account: row.account,
                user: row.user,
                administrator: false,
                controls_others: false,
                device_id: row.identity.device_id.clone(),
            }),
            standing: Standing::Closed,
            remote_access: false,
            networks: Networks::default(),
            is_guarded: false,
            asked,
        }
    }

    pub(super) fn of(account: AccountId, device_id: &str, me: &Me, asked: Timestamp) -> Self {
        Self {
            holder: Some(Holder::User {
                account,
                user: me.id,
                administrator: me.policy.is_administrator,
                controls_others: me.policy.enable_remote_control_of_other_users,
                device_id: device_id.to_owned(),
            }),
            standing: Standing::Welcome,
            remote_access: me.policy.enable_remote_access,
            networks: Networks::default(),
            is_guarded: false,
            asked,
        }
    }

    /// A profile administers nothing and drives nobody, whatever somebody wrote into its policy a moment ago.
    pub(super) fn lower(&mut self) {
        if let Some(Holder::User {
            administrator,
            controls_others,
            ..
        }) = &mut self.holder
        {
            (*administrator, *controls_others) = (false, false);
        }
    }

    /// Who holds the token, coming from this address: an API key that is bound to other networks is nobody's.
    pub(super) fn holder_from(&self, address: IpAddr, address_is_exact: bool) -> Option<Holder> {
        let is_allowed = self.networks.allow(address, address_is_exact);
        self.holder.clone().filter(|_| is_allowed)
    }

    fn stands(&self, now: Timestamp) -> bool {
        let life = if self.holder.is_some() {
            STANDS
        } else {
            REFUSAL_STANDS
        };
        now.since(self.asked) < life
    }
}

/// The tokens that were asked for lately.
#[derive(Default)]
pub(crate) struct Known {
    entries: Mutex<HashMap<Hash, Entry>>,
    unknown: Mutex<HashMap<IpAddr, (Timestamp, u32)>>,
}

impl Known {
    /// What is known of a token, while it stands.
    pub(super) fn standing(&self, token: &Hash, now: Timestamp) -> Option<Entry> {
        let entries = lock(&self.entries);
        entries
            .get(token)
            .filter(|entry| entry.stands(now))
            .cloned()
    }

    pub(super) fn remember(&self, token: Hash, entry: Entry) {
        let mut entries = lock(&self.entries);
        if entries.len() >= ENTRIES_MAX {
            let now = entry.asked;
            entries.retain(|_, old| old.stands(now));
        }
        if entries.len() < ENTRIES_MAX {
            entries.insert(token, entry);
        }
    }

    /// A token has ended, or a new one was issued under the same text: the next request asks again.
    pub(crate) fn forget(&self, token: &Hash) {
        lock(&self.entries).remove(token);
    }

    /// Whether Jellyfin may be asked for one more token that nobody here knows. An IPv6 /64 counts as one address (R19).
    pub(super) fn may_ask(&self, visitor: Option<&Visitor>, now: Timestamp) -> bool {
        let Some(visitor) = visitor.filter(|visitor| visitor.address_is_exact) else {
            return true;
        };
        let mut unknown = lock(&self.unknown);
        if unknown.len() >= ENTRIES_MAX {
            unknown.retain(|_, (since, _)| now.since(*since) < REFUSAL_STANDS);
        }
        // So many addresses within a minute are no household's: beginning anew gives nobody more than they had.
        if unknown.len() >= ENTRIES_MAX {
            unknown.clear();
        }
        let base = Scope::Address.base(visitor.address);
        let (since, count) = unknown.entry(base).or_insert((now, 0));
        if now.since(*since) >= REFUSAL_STANDS {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= UNKNOWN_MAX
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    fn from(address: IpAddr) -> Visitor {
        Visitor::new(address, true, "")
    }

    #[test]
    fn r19_a_whole_64_asks_for_as_many_unknown_tokens_as_one_address() {
        let known = Known::default();
        let asked = (0..1000_u32).filter(|number| {
            let address = format!("2001:db8:1:2::{number:x}");
            known.may_ask(Some(&from(address.parse().unwrap())), NOON)
        });
        assert_eq!(asked.count(), 120);
        let neighbor = from("2001:db8:1:3::1".parse().unwrap());
        assert!(known.may_ask(Some(&neighbor), NOON));
    }

    #[test]
    fn r25_however_many_addresses_ask_within_a_minute_no_more_than_a_hundred_thousand_are_remembered()
     {
        let known = Known::default();
        for number in 0..250_000_u32 {
            assert!(known.may_ask(Some(&from(IpAddr::from(number.to_be_bytes()))), NOON));
        }
        assert!(lock(&known.unknown).len() <= ENTRIES_MAX);
    }
}
