//! Sign-ins whose password was right and whose second factor was never shown: the person is told, for somebody else may
//! know the password (R39).
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use usher_domain::activity::{Activity, Door};
use usher_domain::mail::{Mail, SecondFactorUnfinished};
use usher_domain::visitor::Visitor;
use usher_store::{Unfinished, UnfinishedId};

use crate::{AccountError, Accounts};

/// How long somebody may take to show the factor before the person is told.
const PATIENCE: Duration = Duration::from_mins(3);

/// One device is told of at most once in this time.
pub(crate) const TOLD_APART: Duration = Duration::from_hours(1);

/// Sign-ins that one look tells of.
const AT_ONCE: u64 = 100;

impl Accounts {
    /// Tells of every sign-in that was left at the second factor. The job of every 30 s.
    pub async fn tell_unfinished(&self) -> Result<(), AccountError> {
        let since = self.now() - PATIENCE;
        let due = self.inner.store.due_unfinished(since, AT_ONCE).await?;
        for left in &due {
            self.tell_of(left).await?;
        }
        if !due.is_empty() {
            self.wake_mailer();
        }
        Ok(())
    }

    async fn tell_of(&self, left: &Unfinished) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        // Locks the account's row, so that two sign-ins of one device at the same time are told of once.
        let account = tx.account(left.account).await?;
        let Some(account) = account.filter(|account| account.gone.is_none()) else {
            tx.settle_unfinished(left.id).await?;
            return Ok(tx.commit().await?);
        };
        let told = tx
            .count_unfinished_told(account.id, &left.device, now - TOLD_APART)
            .await?;
        if told > 0 {
            tx.settle_unfinished(left.id).await?;
            return Ok(tx.commit().await?);
        }
        if !tx.note_unfinished_told(left.id, now).await? {
            return Ok(());
        }
        let visitor = visitor_of(left);
        let (door, device) = match left.id {
            UnfinishedId::Web(_) => (Door::Web, String::new()),
            UnfinishedId::App(_) => (Door::App, left.device.clone()),
        };
        let what = Activity::FactorUnfinished { door };
        self.note(&tx, account.id, None, what, &visitor).await?;
        let mail = Mail::SecondFactorUnfinished(SecondFactorUnfinished {
            user_name: account.seen.name.clone(),
            device,
            origin: visitor.origin(left.since),
        });
        self.tell(&tx, &account, &mail).await?;
        Ok(tx.commit().await?)
    }
}

/// Who left the sign-in, as far as its row tells.
fn visitor_of(left: &Unfinished) -> Visitor {
    let unknown = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
    Visitor {
        address: left.address.parse().unwrap_or(unknown),
        address_is_exact: true,
        client: left.device.clone(),
    }
}
