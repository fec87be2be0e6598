//! What lets a stream without a credential through: a recent `PlaybackInfo` by a known token from the same address
//! (design, 3.1). Android TV, Findroid and others play that way.
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::{Hash, SecretText};
use usher_domain::time::Timestamp;

use crate::{AccountError, Accounts};

/// How long a ticket stands after its last use.
pub(super) const LIFE: Duration = Duration::from_hours(6);

/// How long a process goes without looking at the row again.
const STANDS: Duration = Duration::from_secs(5);

/// The last use of a ticket is kept to five minutes.
pub(super) const TOUCH: Duration = Duration::from_mins(5);

/// Tickets that a process remembers.
const TICKETS_MAX: usize = 100_000;

/// From where somebody plays who shows no credential.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    /// The address.
    pub address: IpAddr,
    /// `false` behind a proxy that is not listed: the address is everybody's.
    pub address_is_exact: bool,
    /// The play session that the answer or the stream's URL names.
    pub play_session: Option<&'a str>,
}

impl Seat<'_> {
    /// What tickets are kept by: the address, or where that is everybody's, the address together with the play session,
    /// which only who got the answer knows. `None`: nothing tells this visitor from others.
    fn text(&self) -> Option<String> {
        match (self.address_is_exact, self.play_session) {
            (true, _) => Some(self.address.to_string()),
            (false, Some(session)) => Some(format!("{} {session}", self.address)),
            (false, None) => None,
        }
    }
}

/// The tickets that were shown lately.
#[derive(Default)]
pub(crate) struct Tickets(Mutex<HashMap<(String, String), Shown>>);

#[derive(Clone)]
struct Shown {
    token: SecretText,
    looked: Timestamp,
    touched: Timestamp,
}

impl Tickets {
    fn shown(&self, place: &(String, String)) -> Option<Shown> {
        let tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.get(place).cloned()
    }

    fn remember(&self, place: (String, String), shown: Shown) {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tickets.len() >= TICKETS_MAX {
            let now = shown.looked;
            tickets.retain(|_, old| now.since(old.looked) < STANDS);
        }
        if tickets.len() < TICKETS_MAX {
            tickets.insert(place, shown);
        }
    }

    fn forget(&self, place: &(String, String)) {
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.remove(place);
    }
}

impl Accounts {
    /// Lets streams that name these (item, media sources, play session), asked from this seat without a credential,
    /// stand on this token.
    pub async fn leave_tickets(
        &self,
        seat: &Seat<'_>,
        names: &[String],
        token: &SecretText,
    ) -> Result<(), AccountError> {
        let Some(seat) = seat.text() else {
            return Ok(());
        };
        let tx = self.inner.store.begin().await?;
        tx.leave_tickets(&seat, names, &token.hash(), self.now())
            .await?;
        Ok(tx.commit().await?)
    }

    /// The token on which a stream without a credential stands: one that has left a ticket for every name.
    pub async fn ticket(
        &self,
        seat: &Seat<'_>,
        names: &[String],
    ) -> Result<Option<SecretText>, AccountError> {
        let Some(seat) = seat.text() else {
            return Ok(None);
        };
        let now = self.now();
        let place = (seat, names.join("/"));
        let before = self.memory.tickets.shown(&place);
        if let Some(shown) = &before
            && now.since(shown.looked) < STANDS
        {
            return Ok(Some(shown.token.clone()));
        }
        let Some(digest) = self.left_for_all(&place.0, names).await? else {
            self.memory.tickets.forget(&place);
            return Ok(None);
        };
        let row = self.inner.store.token(&digest).await?;
        let Some(row) = row.filter(|row| row.ended.is_none()) else {
            return Ok(None);
        };
        let mut touched = before.map_or(Timestamp::from_millis(0), |shown| shown.touched);
        if now.since(touched) > TOUCH {
            let tx = self.inner.store.begin().await?;
            for name in names {
                tx.touch_ticket(&place.0, name, now).await?;
            }
            tx.commit().await?;
            touched = now;
        }
        let token = self.open_token(&row)?;
        let shown = Shown {
            token: token.clone(),
            looked: now,
            touched,
        };
        self.memory.tickets.remember(place, shown);
        Ok(Some(token))
    }

    /// To whom this play session was given, by an answer that left a ticket for it.
    pub(super) async fn holder_of_play_session(
        &self,
        session: &str,
    ) -> Result<Option<(AccountId, UserId)>, AccountError> {
        let since = self.now() - LIFE;
        let Some(digest) = self.inner.store.ticket_anywhere(session, since).await? else {
            return Ok(None);
        };
        let row = self.inner.store.token(&digest).await?;
        Ok(row.map(|row| (row.account, row.user)))
    }

    async fn left_for_all(
        &self,
        seat: &str,
        names: &[String],
    ) -> Result<Option<Hash>, AccountError> {
        let since = self.now() - LIFE;
        let mut common = None;
        for name in names {
            let left = self.inner.store.ticket(seat, name, since).await?;
            if left.is_none() || common.is_some_and(|other| Some(other) != left) {
                return Ok(None);
            }
            common = left;
        }
        Ok(common)
    }
}
