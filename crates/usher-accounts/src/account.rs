//! Every Jellyfin user is an account, without any import: seen when Usher first meets it, looked at again every 30 s.
mod ending;
mod sign_out;

pub(crate) use ending::{But, epoch_before};

use std::collections::HashSet;
use std::time::Duration;

use usher_domain::account::{Account, SeenUser};
use usher_domain::address::EmailAddress;
use usher_domain::id::{AccountId, UserId};
use usher_domain::mail::{Mail, Urgency};
use usher_domain::name::{NameKey, UserName};
use usher_domain::secret::OpaqueToken;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Policy, Server, User};
use usher_store::{AccountSearch, Claim, Tx};

use crate::profiles::first_name;
use crate::{AccountError, Accounts};

/// How long Jellyfin's own name and version stand in memory.
const SERVER_STANDS: Duration = Duration::from_mins(1);

/// Unknown names make Usher look at Jellyfin's users again, but not more often than this.
const LOOKS_APART: Duration = Duration::from_secs(5);

/// Users that are tried with an empty password in one look.
const TRIED_AT_ONCE: usize = 20;

/// Whose a typed name is.
#[derive(Debug)]
pub(crate) enum Found {
    /// One account.
    One(Box<Account>),
    /// An address that several accounts share: it cannot be typed for a name.
    Several(Vec<Account>),
    /// Nobody's.
    Nobody,
}

impl Found {
    /// The account, where there is one.
    pub(crate) fn account(&self) -> Option<&Account> {
        match self {
            Self::One(account) => Some(account),
            Self::Several(_) | Self::Nobody => None,
        }
    }

    /// Every account that it may mean, for a mail to the address that they share.
    pub(crate) fn accounts(&self) -> &[Account] {
        match self {
            Self::One(account) => std::slice::from_ref(account),
            Self::Several(accounts) => accounts,
            Self::Nobody => &[],
        }
    }
}

impl Accounts {
    /// Jellyfin's name, version and id; remembered for a minute.
    pub async fn server(&self) -> Result<Server, AccountError> {
        let now = self.now();
        let remembered = self.memory.server();
        if let Some((asked, server)) = remembered
            && now.since(asked) < SERVER_STANDS
        {
            return Ok(server);
        }
        let server = self.inner.jellyfin.server().await?;
        self.memory.set_server(now, server.clone());
        Ok(server)
    }

    /// What Jellyfin told of itself last, however long ago.
    pub(crate) fn server_known(&self) -> Option<Server> {
        self.memory.server().map(|(_, server)| server)
    }

    /// An account.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, AccountError> {
        Ok(self.inner.store.account(id).await?)
    }

    /// The account of a user name. Also one that no new user could have: Jellyfin keeps those of former versions and of
    /// directories. None holds a zero character, which PostgreSQL does not take.
    pub async fn account_named(&self, name: &str) -> Result<Option<Account>, AccountError> {
        if name.contains('\0') {
            return Ok(None);
        }
        Ok(self.inner.store.account_by_name(&NameKey::of(name)).await?)
    }

    /// Whose a typed name is: a user name comes before an address (design, section 4). Where nobody here has it, the user may
    /// have been made a moment ago, and Jellyfin's users are looked at soon. Nobody waits for that: the time would tell
    /// strangers that nobody has the name (R28), and whose password is right Jellyfin tells without it.
    pub(crate) async fn find(&self, typed: &str) -> Result<Found, AccountError> {
        let found = self.find_here(typed.trim()).await?;
        if found.is_none() && self.memory.may_look(self.now(), LOOKS_APART) {
            self.memory.look_wanted().notify_one();
        }
        Ok(found.unwrap_or(Found::Nobody))
    }

    /// As [`find`](Self::find), without asking Jellyfin.
    pub(crate) async fn find_here(&self, typed: &str) -> Result<Option<Found>, AccountError> {
        let named = self.account_named(typed).await?;
        let named = named.map(|account| Found::One(Box::new(account)));
        let Ok(address) = EmailAddress::parse(typed) else {
            return Ok(named);
        };
        // Also for who has it as a name: the work is to tell nothing (R28).
        let mut holders = self.inner.store.accounts_by_address(&address.key()).await?;
        if named.is_some() {
            return Ok(named);
        }
        Ok(match holders.len() {
            0 | 1 => holders.pop().map(|one| Found::One(Box::new(one))),
            _several => Some(Found::Several(holders)),
        })
    }

    /// Whether a text is somebody's user name: it can then not be proven as an address.
    pub(crate) async fn is_a_name(&self, text: &str) -> Result<bool, AccountError> {
        Ok(self.account_named(text).await?.is_some())
    }

    /// Reads every user of Jellyfin: new ones become accounts, vanished ones are gone, changes are noted. The job of
    /// every 30 s, and soon after a name was typed that nobody here has.
    pub async fn look_at_users(&self) -> Result<(), AccountError> {
        let all = AccountSearch {
            limit: u64::from(u32::MAX),
            ..AccountSearch::default()
        };
        // An account that comes while Jellyfin is asked is missing in its answer, and has not vanished.
        let before = self.inner.store.accounts(&all).await?;
        let known: HashSet<AccountId> = before.iter().map(|account| account.id).collect();
        let users = self.users_of_accounts().await?;
        let here = self.inner.store.accounts(&all).await?;
        let mut tried = 0;
        let mut seen = Vec::new();
        for user in &users {
            let id = AccountId::of_owner(user.id);
            let before = here.iter().find(|account| account.id == id);
            let mut now_seen = seen_user(user);
            now_seen.passwordless = before.and_then(|account| account.seen.passwordless);
            let awaits = before.is_some_and(|account| account.set_up.is_some());
            let is_safe = self.is_kept_from_lockout(user).await;
            let is_tried =
                is_safe && now_seen.passwordless.is_none() && !now_seen.disabled && !awaits;
            if is_tried && tried < TRIED_AT_ONCE {
                tried += 1;
                now_seen.passwordless = Some(self.stands_open(&user.name).await?);
            }
            let is_new =
                before.is_none_or(|account| account.seen != now_seen || account.gone.is_some());
            if is_new {
                seen.push(now_seen);
            }
        }
        let present: HashSet<AccountId> = users
            .iter()
            .map(|user| AccountId::of_owner(user.id))
            .collect();
        let vanished: Vec<&Account> = here
            .iter()
            .filter(|account| account.gone.is_none() && known.contains(&account.id))
            .filter(|account| !present.contains(&account.id))
            .collect();
        if seen.is_empty() && vanished.is_empty() {
            return Ok(());
        }
        // In the order of their ids, as everybody locks several: two that wait for each other would cost one of them.
        let seen = seen.iter().map(|user| (user.id, Some(user)));
        let vanished = vanished.iter().map(|account| (account.id, None));
        let mut changed: Vec<(AccountId, Option<&SeenUser>)> = seen.chain(vanished).collect();
        changed.sort_unstable_by_key(|(id, _)| *id);
        let tx = self.inner.store.begin().await?;
        for (id, seen) in changed {
            match seen {
                Some(user) => self.note_seen(&tx, user).await?,
                None => self.let_go(&tx, id).await?,
            }
        }
        Ok(tx.commit().await?)
    }

    /// Jellyfin's users but for those who hold profiles, or are made for one at this moment. Both before and after Jellyfin
    /// is asked: a profile may come or go meanwhile.
    async fn users_of_accounts(&self) -> Result<Vec<User>, AccountError> {
        let store = &self.inner.store;
        let mut hidden = store.hidden_users().await?;
        let mut users = self.inner.jellyfin.users().await?;
        for user in &users {
            self.memory.verdicts.note(user.id, user.policy.reach());
        }
        hidden.extend(store.hidden_users().await?);
        let ids: HashSet<UserId> = hidden.iter().filter_map(|one| one.user).collect();
        let names: HashSet<String> = hidden.iter().map(|one| first_name(one.profile)).collect();
        users.retain(|user| !ids.contains(&user.id) && !names.contains(&user.name));
        Ok(users)
    }

    /// Notes what Jellyfin says of one user, at each sign-in.
    pub(crate) async fn see(&self, tx: &Tx, user: &User) -> Result<(), AccountError> {
        self.memory.verdicts.note(user.id, user.policy.reach());
        self.note_seen(tx, &seen_user(user)).await
    }

    /// Notes what Jellyfin says of a user. Whoever was switched off there, in whatever way, has lost everything that lets
    /// somebody in (R47).
    async fn note_seen(&self, tx: &Tx, seen: &SeenUser) -> Result<(), AccountError> {
        if tx.is_hidden_user(seen.id.owner()).await? {
            return Ok(());
        }
        let before = if seen.disabled {
            tx.account(seen.id).await?
        } else {
            None
        };
        tx.see_user(seen, self.now()).await?;
        if before.is_some_and(|account| !account.seen.disabled) {
            self.end_switched_off(tx, seen.id).await?;
        }
        Ok(())
    }

    /// Jellyfin no longer knows the user: everything that lets somebody in ends.
    pub(crate) async fn let_go(&self, tx: &Tx, id: AccountId) -> Result<(), AccountError> {
        tx.mark_gone(id, self.now()).await?;
        tx.set_address(id, None, Claim::Own).await?;
        let ended = self.end_all(tx, id, But::Nothing).await?;
        self.forget_tokens(&ended.tokens);
        Ok(())
    }

    /// Whether an empty password signs this user in. 12.0 does not tell, so it is tried once.
    pub(crate) async fn stands_open(&self, name: &str) -> Result<bool, AccountError> {
        let device = OpaqueToken::generate(&*self.inner.entropy);
        let jellyfin = &self.inner.jellyfin;
        Ok(jellyfin.stands_open(name, device.reveal()).await?)
    }

    /// Whether the user may not be here now, whatever the password: switched off, outside the hours, or from a network
    /// that the user may not come from. Jellyfin says 403 to these before it looks at the password, so Usher judges them
    /// itself (contract, "What 403 says at sign-in").
    pub(crate) fn is_closed_to(&self, policy: &Policy, visitor: &Visitor) -> bool {
        let here = self
            .now()
            .to_jiff()
            .to_zoned(self.inner.options.server_zone.clone());
        let hour = f64::from(here.hour()) + f64::from(here.minute()) / 60.0;
        policy.is_disabled
            || (!policy.enable_remote_access && !visitor.is_private())
            || !policy.hours_allow(here.weekday(), hour)
    }

    /// How addresses are claimed: each by one account, unless the configuration shares them.
    pub(crate) fn claim(&self) -> Claim {
        if self.inner.options.shared_addresses {
            Claim::Shared
        } else {
            Claim::Own
        }
    }

    /// Whether a name is the address of an account: names go before addresses, so that whoever got it as a name would take the
    /// other one's sign-in and reset away.
    pub(crate) async fn is_somebodys_address(&self, name: &UserName) -> Result<bool, AccountError> {
        let Ok(address) = EmailAddress::parse(name.as_str()) else {
            return Ok(false);
        };
        let key = address.key();
        let holders = self.inner.store.accounts_by_address(&key).await?;
        Ok(!holders.is_empty())
    }

    /// Whether an address can become this account's own.
    pub(crate) async fn is_free(
        &self,
        tx: &Tx,
        account: AccountId,
        address: &EmailAddress,
    ) -> Result<bool, AccountError> {
        let holders = tx.accounts_by_address(&address.key()).await?;
        let others = holders.iter().any(|holder| holder.id != account);
        Ok(self.inner.options.shared_addresses || !others)
    }

    /// Queues a mail to the proven address of an account; where there is none, nobody is told. Of one kind of notice it gets
    /// so many and no more.
    pub(crate) async fn tell(
        &self,
        tx: &Tx,
        account: &Account,
        mail: &Mail,
    ) -> Result<(), AccountError> {
        let is_notice = mail.urgency() == Urgency::Notice;
        if is_notice && !self.admit_notice(tx, account.id, mail.kind()).await? {
            return Ok(());
        }
        self.queue_to(tx, account, mail).await
    }

    async fn queue_to(&self, tx: &Tx, account: &Account, mail: &Mail) -> Result<(), AccountError> {
        if let Some(address) = account.proven_address() {
            self.queue_mail(tx, address.as_str(), account.language(), mail)
                .await?;
        }
        Ok(())
    }

    /// Queues a mail to every administrator with a proven address.
    pub(crate) async fn queue_to_administrators(
        &self,
        tx: &Tx,
        mail: &Mail,
    ) -> Result<(), AccountError> {
        for account in tx.administrators().await? {
            self.queue_to(tx, &account, mail).await?;
        }
        Ok(())
    }
}

pub(crate) fn seen_user(user: &User) -> SeenUser {
    SeenUser {
        id: AccountId::of_owner(user.id),
        name: user.name.clone(),
        administrator: user.policy.is_administrator,
        disabled: user.policy.is_disabled,
        elsewhere: user.policy.lives_elsewhere(),
        passwordless: None,
    }
}
