//! Making an account wait for its first password: a new one, again, or by another way.
//!
//! Invariant: whoever replaces the password holds the set-up, so that nobody chooses one at the same moment.
//! Invariant: the account waits before its password is replaced. While it waits no door takes a password and no token is
//! good, so that a crash in between lets nobody in; a repeat does the rest.
use std::time::Duration;

use usher_domain::account::{Account, SET_UP_LIFE, SeenUser, SetUp, SetUpWay};
use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, UserId};
use usher_domain::mail::{Actor, Mail};
use usher_domain::name::NameKey;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use super::{Admin, Created};
use crate::account::But;
use crate::address::link_to;
use crate::challenge::{CodeFor, set_up_flow};
use crate::{AccountError, Accounts};

/// How long the set-up is held while the password is replaced.
pub(super) const LEASE: Duration = Duration::from_mins(1);

/// An account that is to wait, and how its person gets in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waits {
    pub(crate) id: AccountId,
    pub(crate) way: SetUpWay,
    pub(crate) anywhere: bool,
}

impl Waits {
    /// The same as a row has it.
    pub(crate) fn set_up(self, now: Timestamp) -> SetUp {
        let life = match self.way {
            SetUpWay::Code | SetUpWay::Open => SET_UP_LIFE,
            SetUpWay::Mail => Purpose::SetUp.link_life(),
        };
        SetUp {
            way: self.way,
            until: now + life,
            anywhere: self.anywhere && self.way == SetUpWay::Open,
        }
    }
}

impl Accounts {
    /// Makes an account wait for its first password: again, by another way, or for a user that stands open in Jellyfin.
    /// Its password is replaced by a random one, which ends every session. An administrator's account never stands open
    /// to the first comer.
    pub async fn await_set_up(
        &self,
        by: &Admin,
        id: AccountId,
        way: SetUpWay,
        anywhere: bool,
        visitor: &Visitor,
    ) -> Result<Created, AccountError> {
        let account = self.account(id).await?;
        let user = self.inner.jellyfin.user(id.owner()).await?;
        let (Some(account), Some(user)) = (account, user) else {
            return Ok(Created::Impossible);
        };
        let is_own = by.actor() == Some(id.owner());
        let would_crown = user.policy.is_administrator && way == SetUpWay::Open;
        let is_gone = account.gone.is_some();
        if is_own || would_crown || is_gone || user.policy.lives_elsewhere() {
            return Ok(Created::Impossible);
        }
        if way == SetUpWay::Mail {
            if account.address.is_none() {
                return Ok(Created::AddressMissing);
            }
            if !self.has_mail().await? {
                return Ok(Created::NoMail);
            }
        }
        let waits = Waits { id, way, anywhere };
        if !self.begin_waiting(&waits, by, visitor).await? {
            return Ok(Created::Impossible);
        }
        self.replace_password(id).await?;
        self.open_way(&waits).await
    }

    /// A user was made through Usher in Jellyfin's own dashboard with an empty password (which Usher replaced): the
    /// account waits for its set-up. Its code is made in the console.
    pub async fn await_set_up_from_dashboard(
        &self,
        id: AccountId,
        by: &Admin,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let waits = Waits {
            id,
            way: SetUpWay::Code,
            anywhere: false,
        };
        if self.begin_waiting(&waits, by, visitor).await? {
            let tx = self.inner.store.begin().await?;
            tx.release_set_up(id).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// From here on nobody is let in, and the set-up is held. `false`: somebody else holds it, and nothing has changed.
    async fn begin_waiting(
        &self,
        waits: &Waits,
        by: &Admin,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let (id, now) = (waits.id, self.now());
        let tx = self.inner.store.begin().await?;
        let is_there = tx.await_set_up(id, &waits.set_up(now)).await?;
        if !is_there || !tx.lease_set_up(id, now, now + LEASE).await? {
            return Ok(false);
        }
        for purpose in [Purpose::SetUp, Purpose::Reset, Purpose::ConfirmAddress] {
            tx.kill_challenges(id, purpose, now).await?;
        }
        let ended = self.end_all(&tx, id, But::Nothing).await?;
        self.note_waiting(&tx, waits, by.actor(), visitor).await?;
        tx.commit().await?;
        self.forget_tokens(&ended.tokens);
        Ok(true)
    }

    /// Sets a password that nobody knows, while the set-up is held. Lets it go after a fault, so that a repeat need not
    /// wait.
    pub(super) async fn replace_password(&self, id: AccountId) -> Result<(), AccountError> {
        let password = self.unknown_password();
        let set = self.set_password(id, &password).await;
        if set.is_err() {
            let tx = self.inner.store.begin().await?;
            tx.release_set_up(id).await?;
            tx.commit().await?;
        }
        set
    }

    /// Nobody knows the password: the way to the next one is made, and the set-up let go.
    async fn open_way(&self, waits: &Waits) -> Result<Created, AccountError> {
        let tx = self.inner.store.begin().await?;
        let Some(account) = tx.account(waits.id).await? else {
            return Ok(Created::Impossible);
        };
        self.note_unknown_password(&tx, &account).await?;
        tx.release_set_up(waits.id).await?;
        let created = self.make_way(&tx, waits).await?;
        // What a crash left of the same account is finished by this.
        tx.end_creation(&NameKey::of(&account.seen.name)).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(created)
    }

    /// A user that stood open does so no longer.
    pub(super) async fn note_unknown_password(
        &self,
        tx: &Tx,
        account: &Account,
    ) -> Result<(), AccountError> {
        let seen = SeenUser {
            passwordless: Some(false),
            ..account.seen.clone()
        };
        Ok(tx.see_user(&seen, self.now()).await?)
    }

    /// Makes the code, or the invitation with its mail. Older ones are dead.
    pub(crate) async fn make_way(&self, tx: &Tx, waits: &Waits) -> Result<Created, AccountError> {
        let (id, now) = (waits.id, self.now());
        tx.kill_challenges(id, Purpose::SetUp, now).await?;
        match waits.way {
            SetUpWay::Code => {
                let flow = set_up_flow(id);
                let to = CodeFor {
                    flow: &flow,
                    account: Some(id),
                    purpose: Purpose::SetUp,
                    target: "",
                };
                let issued = self.issue_code(tx, &to).await?;
                Ok(
                    issued.map_or(Created::Impossible, |(code, until)| Created::Code {
                        id,
                        code,
                        until,
                    }),
                )
            }
            SetUpWay::Mail => self.invite(tx, id).await,
            SetUpWay::Open => Ok(Created::Open {
                id,
                until: waits.set_up(now).until,
            }),
        }
    }

    async fn invite(&self, tx: &Tx, id: AccountId) -> Result<Created, AccountError> {
        let Some(account) = tx.account(id).await? else {
            return Ok(Created::Impossible);
        };
        let Some(address) = &account.address else {
            return Ok(Created::AddressMissing);
        };
        let email = address.email.as_str();
        let (link, until) = self.issue_link(tx, id, Purpose::SetUp, email).await?;
        let mail = Mail::SetUpInvitation {
            user_name: account.seen.name.clone(),
            link: link_to("set-up", &link),
            expires: until,
        };
        let is_queued = self
            .queue_mail(tx, email, account.language(), &mail)
            .await?;
        Ok(if is_queued {
            Created::Invited { id, until }
        } else {
            Created::NoMail
        })
    }

    /// An account that the first comer may claim is never made without a warning.
    pub(crate) async fn note_waiting(
        &self,
        tx: &Tx,
        waits: &Waits,
        actor: Option<UserId>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let what = Activity::AwaitsSetUp {
            by: Actor::Administrator,
        };
        self.note(tx, waits.id, actor, what, visitor).await?;
        if waits.way == SetUpWay::Open {
            let what = Activity::StandsOpen {
                anywhere: waits.anywhere,
            };
            self.note(tx, waits.id, actor, what, visitor).await?;
        }
        Ok(())
    }
}
