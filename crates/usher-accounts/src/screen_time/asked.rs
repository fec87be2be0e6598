//! What became of wishes for more time: for whoever asked, and for the owner who follows the link of a mail.
//!
//! Invariant: looking decides nothing, and uses no link up (R13).
use usher_domain::code::Purpose;
use usher_domain::profile::Profile;
use usher_domain::profile::screen_time::Day;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::TimeRequest;

use super::TimeWish;
use super::more::{A_DAY, is_deleted};
use crate::{AccountError, Accounts};

/// The answer to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishAnswer {
    /// None yet.
    Waits,
    /// So many minutes more.
    Given(u16),
    /// No.
    Refused,
}

/// What a profile asked for today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedToday {
    /// The newest wish: when it was asked, and the answer.
    pub newest: Option<(Timestamp, WishAnswer)>,
    /// Whether it may ask now.
    pub may_ask: MayAsk,
}

/// Whether a profile with a limit may ask for more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayAsk {
    /// Yes.
    Yes,
    /// A wish waits.
    Waits,
    /// It asked as often as it may on a day.
    Enough,
    /// Not at this moment: it asked just now, or too much was asked for from its address of the network.
    Later,
}

/// What the link of a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WishShown {
    /// A wish that waits for the owner.
    Waits(Box<TimeWish>),
    /// This profile's wish, decided, by this link or elsewhere: so many minutes, or none.
    Decided(Box<Profile>, Option<u16>),
    /// Nobody decided this profile's wish while its day lasted, or the link is good no more.
    Over(Box<Profile>),
    /// Nothing that is known, or not any more.
    Unknown,
}

impl Accounts {
    /// What a profile asked for today, and what the owner said.
    pub async fn asked_today(
        &self,
        profile: &Profile,
        visitor: &Visitor,
    ) -> Result<AskedToday, AccountError> {
        let today = Day::of(self.now(), &self.inner.options.people_zone);
        let (store, id) = (&self.inner.store, profile.id);
        let newest = store.newest_time_request(id, today.start).await?;
        let newest = newest.map(|wish| (wish.asked, answer(&wish)));
        let waits = matches!(newest, Some((_, WishAnswer::Waits)));
        let times = store.time_requests_since(id, today.start).await?;
        Ok(AskedToday {
            newest,
            may_ask: if waits {
                MayAsk::Waits
            } else if times >= A_DAY {
                MayAsk::Enough
            } else if self.may_ask_for_mail(&id.to_string(), visitor).await? {
                MayAsk::Yes
            } else {
                MayAsk::Later
            },
        })
    }

    /// What the link of a mail is about, for whoever holds it.
    pub async fn wish_of_link(&self, link: &OpaqueToken) -> Result<WishShown, AccountError> {
        let (store, now) = (&self.inner.store, self.now());
        let (digest, purpose) = (link.hash(), Purpose::GiveTime);
        let target = store.target_of_link(&digest, purpose).await?;
        let Some(id) = target.and_then(|target| target.parse().ok()) else {
            return Ok(WishShown::Unknown);
        };
        let Some(wish) = store.time_request(id).await? else {
            return Ok(WishShown::Unknown);
        };
        let Some(stored) = store.profile(wish.profile).await? else {
            return Ok(WishShown::Unknown);
        };
        let profile = stored.profile;
        match answer(&wish) {
            WishAnswer::Given(minutes) => {
                return Ok(WishShown::Decided(Box::new(profile), Some(minutes)));
            }
            WishAnswer::Refused => return Ok(WishShown::Decided(Box::new(profile), None)),
            WishAnswer::Waits => {}
        }
        let today = Day::of(now, &self.inner.options.people_zone);
        let is_good = store.link(&digest, purpose, now).await?.is_some();
        if !is_good || wish.asked < today.start || is_deleted(&profile) {
            return Ok(WishShown::Over(Box::new(profile)));
        }
        Ok(WishShown::Waits(Box::new(TimeWish {
            id,
            profile,
            asked: wish.asked,
        })))
    }
}

const fn answer(wish: &TimeRequest) -> WishAnswer {
    match (wish.decided, wish.granted) {
        (None, _) => WishAnswer::Waits,
        (Some(_), Some(minutes)) => WishAnswer::Given(minutes),
        (Some(_), None) => WishAnswer::Refused,
    }
}
