//! Watched marks that a seat takes over from another one of its account.
//!
//! Invariant: only what is missing is written: what the target has watched keeps its own day, what it has begun stays where it
//! is, and what it may not see is no title for it. So a repeat changes nothing, and `kill -9` between any two lines costs
//! nothing but a repeat of the last portion.
//! Invariant: favorites, and how far somebody got, are nobody else's business.
use std::time::Duration;

use usher_domain::activity::ProfileDeed;
use usher_domain::id::UserId;
use usher_domain::profile::pin::Watcher;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{JellyfinError, Title};
use usher_store::{MarkCopy, Reached};

use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// Marks that are looked at while somebody waits. Two calls to Jellyfin for each.
const AT_ONCE: usize = 20;

/// Marks that the job of every half minute looks at, of all copies together.
const PORTION: usize = 200;

/// Marks that Jellyfin is asked for at once.
const PAGE: usize = 500;

/// How long one process is at a copy alone: a portion takes less, unless every call takes seconds; then the next process
/// begins at the same place, and what is there already stays as it is.
const LEASE: Duration = Duration::from_mins(5);

/// What became of the wish for another's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarksCopied {
    /// Nothing is missing any more: so many marks were.
    Done(usize),
    /// The job goes on with it.
    Underway,
    /// The account has no two such seats with a user.
    Unknown,
}

/// How far a portion came.
struct Portion {
    reached: Option<Reached>,
    /// Marks that were missing, and are there now.
    written: usize,
    /// Every mark was looked at.
    is_last: bool,
    /// Why it ended early.
    fault: Option<JellyfinError>,
}

impl Accounts {
    /// Takes over the watched marks of one seat for another.
    pub async fn copy_marks(
        &self,
        by: ProvenOwner,
        from: Watcher,
        to: Watcher,
        visitor: &Visitor,
    ) -> Result<MarksCopied, AccountError> {
        let account = by.account;
        let users = (
            self.seat_user(account, from).await?,
            self.seat_user(account, to).await?,
        );
        let (Some(source), Some(target)) = users else {
            return Ok(MarksCopied::Unknown);
        };
        if source == target {
            return Ok(MarksCopied::Unknown);
        }
        let copy = MarkCopy {
            source,
            target,
            account,
            asked: self.now(),
            reached: None,
        };
        let tx = self.inner.store.begin().await?;
        if !tx.add_mark_copy(&copy).await? {
            return Ok(MarksCopied::Underway);
        }
        self.note_deed(&tx, account, ProfileDeed::MarksCopied, to, visitor)
            .await?;
        tx.commit().await?;
        let done = self.go_on_copying(&copy, AT_ONCE).await;
        Ok(match done {
            Ok(Some(written)) => MarksCopied::Done(written),
            Ok(None) => MarksCopied::Underway,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(error, "Watched marks could not be copied yet");
                MarksCopied::Underway
            }
        })
    }

    /// Goes on with one copy of each account, the oldest, so that nobody's many pairs hold others up. One that fails does not
    /// stop the others; the first fault is answered.
    pub async fn copy_marks_on(&self) -> Result<(), AccountError> {
        let mut copies = self.inner.store.mark_copies().await?;
        copies.sort_by_key(|copy| (copy.account, copy.asked));
        copies.dedup_by_key(|copy| copy.account);
        let portion = (PORTION / copies.len().max(1)).max(1);
        let mut done = Ok(());
        for copy in copies {
            let went_on = self.go_on_copying(&copy, portion).await;
            done = done.and(went_on.map(|_written| ()));
        }
        done
    }

    /// One portion of a copy, under its lease. How many marks this portion wrote, where nothing is missing any more; `None`: it
    /// is to go on.
    async fn go_on_copying(
        &self,
        copy: &MarkCopy,
        most: usize,
    ) -> Result<Option<usize>, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if !tx.lease_mark_copy(copy, now, now + LEASE).await? {
            return Ok(None);
        }
        tx.commit().await?;
        let seats = self.seats(copy.account).await?;
        let is_seat = |user| seats.iter().any(|seat| seat.user == Some(user));
        let portion = if is_seat(copy.source) && is_seat(copy.target) {
            self.copy_portion(copy, most).await
        } else {
            Portion {
                reached: copy.reached,
                written: 0,
                is_last: true,
                fault: None,
            }
        };
        let tx = self.inner.store.begin().await?;
        if portion.is_last {
            tx.end_mark_copy(copy).await?;
        } else {
            tx.note_mark_copy(copy, portion.reached).await?;
        }
        tx.commit().await?;
        match portion.fault {
            Some(fault) => Err(fault.into()),
            None => Ok(portion.is_last.then_some(portion.written)),
        }
    }

    async fn copy_portion(&self, copy: &MarkCopy, most: usize) -> Portion {
        let mut portion = Portion {
            reached: copy.reached,
            written: 0,
            is_last: false,
            fault: None,
        };
        let marks = match self.marks_after(copy.source, copy.reached).await {
            Ok(marks) => marks,
            Err(fault) => {
                portion.fault = Some(fault);
                return portion;
            }
        };
        for mark in marks.iter().take(most) {
            match self.copy_mark(copy.target, mark).await {
                Ok(is_written) => portion.written += usize::from(is_written),
                Err(fault) => {
                    portion.fault = Some(fault);
                    return portion;
                }
            }
            portion.reached = Some(place(mark));
        }
        portion.is_last = marks.len() <= most;
        portion
    }

    /// `true`: the mark was missing.
    async fn copy_mark(&self, target: UserId, mark: &Title) -> Result<bool, JellyfinError> {
        let jellyfin = &self.inner.jellyfin;
        let Some(there) = jellyfin.title(target, mark.id).await? else {
            return Ok(false);
        };
        let is_missing = !there.is_watched && there.position.is_zero();
        if is_missing {
            jellyfin.mark_watched(target, mark.id, mark.watched).await?;
        }
        Ok(is_missing)
    }

    /// The marks of a user that were not looked at, from the oldest on. One that is added meanwhile is the newest.
    async fn marks_after(
        &self,
        source: UserId,
        reached: Option<Reached>,
    ) -> Result<Vec<Title>, JellyfinError> {
        let mut marks = Vec::new();
        for page in 0.. {
            let found = self.inner.jellyfin.watched(source, page * PAGE, PAGE);
            let found = found.await?;
            let is_last = found.len() < PAGE;
            let left = found.into_iter();
            marks.extend(left.filter(|mark| Some(place(mark)) > reached));
            if is_last {
                break;
            }
        }
        marks.sort_by_key(place);
        marks.dedup_by_key(|mark| mark.id);
        Ok(marks)
    }
}

fn place(mark: &Title) -> Reached {
    (mark.watched, mark.id)
}
