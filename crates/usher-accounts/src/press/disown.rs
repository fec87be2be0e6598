//! "That was not me", said of a sign-in in an app: nobody is let in, its source is refused for a day, and the person is
//! asked for a new password, since somebody else knows the present one.
use std::time::Duration;

use usher_domain::activity::Activity;
use usher_domain::id::PressId;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{Press, PressSource, Tx, UnfinishedId, WebSession};

use super::flow_of;
use crate::{AccountError, Accounts, limits};

/// How long a source is refused that somebody disowned.
const REFUSED: Duration = Duration::from_hours(24);

/// What became of a sign-in in an app that was disowned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressDisowned {
    /// It is refused, and a link by which a new password is chosen is on its way.
    Mailed,
    /// It is refused. Mail cannot help any further; the administrators were asked.
    Refused,
    /// It waits no longer, or the link is used or too old.
    Gone,
}

impl Accounts {
    /// Disowns the sign-in that a link was made for, and starts a reset.
    pub async fn disown_press(
        &self,
        link: &OpaqueToken,
        visitor: &Visitor,
    ) -> Result<PressDisowned, AccountError> {
        let Some((challenge, press, account)) = self.linked_press(link).await? else {
            return Ok(PressDisowned::Gone);
        };
        let recovery = self.settings().await?.recovery;
        let tx = self.inner.store.begin().await?;
        if !tx.consume_challenge(challenge.id, self.now()).await?
            || !self.disown_in(&tx, &press, visitor).await?
        {
            return Ok(PressDisowned::Gone);
        }
        let is_mailed = self
            .start_reset(&tx, &account, Some(&recovery), visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        self.memory.pressed().notify_waiters();
        Ok(if is_mailed {
            PressDisowned::Mailed
        } else {
            PressDisowned::Refused
        })
    }

    /// Disowns one of the sign-ins that wait, in a browser that is signed in: its person chooses a new password there.
    /// `false`: it waits no longer, or is not of this account (R71).
    pub async fn disown_waiting_press(
        &self,
        session: &WebSession,
        id: PressId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let press = tx.press(id, self.now()).await?;
        let Some(press) = press.filter(|press| press.source.account == session.account) else {
            return Ok(false);
        };
        if !self.disown_in(&tx, &press, visitor).await? {
            return Ok(false);
        }
        tx.commit().await?;
        self.memory.pressed().notify_waiters();
        Ok(true)
    }

    /// Whether somebody said of this source within the last day that it was not theirs.
    pub(crate) async fn is_disowned(
        &self,
        tx: &Tx,
        source: &PressSource,
    ) -> Result<bool, AccountError> {
        let key = self.disowned_key(source);
        let until: Option<Timestamp> = limits::read(tx, &key, self).await?;
        Ok(until.is_some_and(|until| self.now() < until))
    }

    async fn disown_in(
        &self,
        tx: &Tx,
        press: &Press,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        if !tx.refuse_press(press.id, now).await? {
            return Ok(false);
        }
        tx.kill_flow(&flow_of(press.id), now).await?;
        tx.settle_unfinished(UnfinishedId::App(press.id)).await?;
        let key = self.disowned_key(&press.source);
        limits::write(tx, &key, &Some(now + REFUSED), self).await?;
        let what = Activity::AttemptRevoked;
        self.note(tx, press.source.account, None, what, visitor)
            .await?;
        Ok(true)
    }

    fn disowned_key(&self, source: &PressSource) -> [u8; 32] {
        self.limit_key("disowned", &self.mac_of_source(source))
    }

    /// A source, keyed: clients choose how long its parts are.
    pub(crate) fn mac_of_source(&self, source: &PressSource) -> [u8; 32] {
        let account = source.account.as_uuid();
        let parts: [&[u8]; 4] = [
            account.as_bytes(),
            source.client.as_bytes(),
            source.device_id.as_bytes(),
            source.address.as_bytes(),
        ];
        self.inner.key.mac("press", &parts)
    }
}
