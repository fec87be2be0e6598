//! What an account's old address is told of a change, and who may take it back (R40): one place, whoever changes it.
//!
//! Invariant: a person's changes leave at most one undo link, and it leads to the oldest address. Whoever took an account
//! over may change its address twice: the second mail goes to an address of their own, and must hold nothing that ends
//! the right of the owner.
//! Invariant: an administrator's word on an address ends that right. Whom it was wrong to believe, they have judged.
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::mail::{Actor, Mail, Remedy};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::Tx;

use super::code::link_to;
use crate::admin::Admin;
use crate::{AccountError, Accounts};

/// A change of address that was just written.
pub(crate) struct AddressMoved<'a> {
    /// The account as it was before.
    pub(crate) before: &'a Account,
    /// The address that it has now. From its person, it is proven.
    pub(crate) new: Option<&'a EmailAddress>,
    /// The administrator who did it; none for the account's person.
    pub(crate) by: Option<&'a Admin>,
    /// From where.
    pub(crate) visitor: &'a Visitor,
}

/// What there is of undo links after a change.
enum Undo {
    /// None was out.
    Free,
    /// An older address keeps its link.
    Held { address: String, until: Timestamp },
    /// Every one has just ended.
    Ended,
}

impl AddressMoved<'_> {
    /// The address that is to be told. One that was never proven proves nothing, and is told nothing.
    fn replaced(&self) -> Option<&EmailAddress> {
        let old = self.before.proven_address();
        old.filter(|old| self.new.is_none_or(|new| new.key() != old.key()))
    }

    const fn actor(&self) -> Actor {
        match self.by {
            Some(_) => Actor::Administrator,
            None => Actor::Person,
        }
    }

    fn activity(&self) -> Activity {
        match (self.by, self.replaced(), self.new) {
            (None, None, Some(_)) => Activity::AddressProven,
            (_, _, _) => Activity::AddressChanged { by: self.actor() },
        }
    }
}

impl Accounts {
    /// Notes a change of address, tells the old one, and says there how the change can be taken back. The account's row
    /// is locked by then ([`Tx::account`]), so that two changes at once do not both find no link.
    pub(crate) async fn tell_address_changed(
        &self,
        tx: &Tx,
        moved: &AddressMoved<'_>,
    ) -> Result<(), AccountError> {
        let (account, visitor) = (moved.before, moved.visitor);
        let actor = moved.by.and_then(Admin::actor);
        self.note(tx, account.id, actor, moved.activity(), visitor)
            .await?;
        let undo = self.settle_undo(tx, moved).await?;
        let Some(old) = moved.replaced() else {
            return Ok(());
        };
        let remedy = match undo {
            Undo::Free => {
                let (link, until) = self
                    .issue_link(tx, account.id, Purpose::UndoAddress, old.as_str())
                    .await?;
                let link = link_to("undo", &link);
                Remedy::Undo { link, until }
            }
            Undo::Held { address, until } => Remedy::EarlierLink { address, until },
            Undo::Ended => Remedy::AskAdministrator,
        };
        let mail = Mail::AddressChanged {
            user_name: account.seen.name.clone(),
            new_address: moved.new.map(EmailAddress::masked),
            remedy,
            origin: visitor.origin(self.now()),
            by: moved.actor(),
        };
        self.queue_mail(tx, old.as_str(), account.language(), &mail)
            .await?;
        Ok(())
    }

    /// Tells the address that an undo took away. It may be the owner's, and the link in the hands of whoever reads a
    /// mailbox that was given up.
    pub(super) async fn tell_address_undone(
        &self,
        tx: &Tx,
        before: &Account,
        back: &EmailAddress,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let taken_away = before.proven_address();
        let Some(taken_away) = taken_away.filter(|address| address.key() != back.key()) else {
            return Ok(());
        };
        let mail = Mail::AddressUndone {
            user_name: before.seen.name.clone(),
            address: back.masked(),
            origin: visitor.origin(self.now()),
        };
        self.queue_mail(tx, taken_away.as_str(), before.language(), &mail)
            .await?;
        Ok(())
    }

    /// Ends the undo links where a change leaves nothing to undo: an administrator spoke, or the address is back.
    async fn settle_undo(&self, tx: &Tx, moved: &AddressMoved<'_>) -> Result<Undo, AccountError> {
        let (id, purpose, now) = (moved.before.id, Purpose::UndoAddress, self.now());
        if moved.by.is_some() {
            tx.kill_challenges(id, purpose, now).await?;
            return Ok(Undo::Ended);
        }
        let live = tx.live_links(id, purpose, now).await?;
        let Some(oldest) = live.first() else {
            return Ok(Undo::Free);
        };
        let owner = EmailAddress::parse(&oldest.target)
            .map_err(|_unreadable| AccountError::Unreadable { what: "address" })?;
        if moved.new.is_some_and(|new| new.key() == owner.key()) {
            tx.kill_challenges(id, purpose, now).await?;
            return Ok(Undo::Ended);
        }
        Ok(Undo::Held {
            address: owner.masked(),
            until: oldest.expires,
        })
    }
}
