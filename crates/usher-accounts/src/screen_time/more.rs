//! More time: a profile asks, its owner gives some for this day, or none.
//!
//! Invariant: the wish, the line of the activity log and the mail are one transaction; so are the decision and the time that is
//! given. A wish is decided once, and gives its time once, however often a button is pressed.
//! Invariant: a code on a screen, and a session at a profile's seat, let somebody ask and nothing else. Each profile has one
//! code a day, whatever screens ask for it, and guesses are counted by the address that they come from.
use std::time::Duration;

use usher_domain::activity::{ProfileDeed, ProfileLine};
use usher_domain::code::{Code, Purpose};
use usher_domain::id::{AccountId, ChallengeId, ProfileId, RequestId};
use usher_domain::mail::{Mail, MoreTimeAsked};
use usher_domain::profile::limits::DailyMinutes;
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::screen_time::{Day, GIFTS, MoreTime, ScreenTime};
use usher_domain::profile::{Profile, ProfileState};
use usher_domain::secret::{Hash, OpaqueToken};
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{NewChallenge, TimeRequest, Tx, WebSession};

use crate::address::link_to;
use crate::limits::MailAdmitted;
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// Wishes of one profile in a day.
pub(super) const A_DAY: u64 = 3;

/// What became of a wish for more time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeAsked {
    /// The owner sees it, and gets a mail where there is an address.
    Asked,
    /// One waits already.
    Waits,
    /// There were too many today.
    Enough,
    /// It asked just now, or too much was asked for from its address of the network.
    Later,
    /// There is nothing to ask for: the profile has no daily limit.
    Needless,
    /// The profile cannot be used now, with more time or without.
    Closed,
}

/// Whose screen shows a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScreenShown {
    /// This profile's.
    By(Box<Profile>),
    /// Nobody's, today.
    Unknown,
    /// Too many codes came from this address; one may come again after this time.
    Wait(Duration),
}

/// A wish for more time that waits for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeWish {
    /// Which.
    pub id: RequestId,
    /// Who asks.
    pub profile: Profile,
    /// Since when.
    pub asked: Timestamp,
}

/// What an owner says to a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gift {
    /// So many minutes more, today.
    Minutes(u16),
    /// None.
    Nothing,
}

impl Gift {
    /// Reads what a form says: one of [`GIFTS`], or `no`.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "no" {
            return Some(Self::Nothing);
        }
        let minutes = text.parse().ok()?;
        GIFTS.contains(&minutes).then_some(Self::Minutes(minutes))
    }

    const fn minutes(self) -> Option<u16> {
        match self {
            Self::Minutes(minutes) => Some(minutes),
            Self::Nothing => None,
        }
    }
}

impl Accounts {
    /// The profile at whose seat a browser is; `None` at the owner's.
    pub async fn profile_at(&self, session: &WebSession) -> Result<Option<Profile>, AccountError> {
        if !session.is_at_profile() {
            return Ok(None);
        }
        let found = self.profile_of_user(session.user).await?;
        let own = found.filter(|(account, _)| *account == session.account);
        Ok(own.map(|(_, profile)| profile))
    }

    /// The profile whose screen shows a code, today. Whoever types one need not be signed in, so each is counted before it is
    /// looked up (R26), and one that a screen shows is not counted.
    pub async fn profile_of_screen(
        &self,
        code: &Code,
        visitor: &Visitor,
    ) -> Result<ScreenShown, AccountError> {
        if let MailAdmitted::Wait(span) = self.admit_screen_code(visitor).await? {
            return Ok(ScreenShown::Wait(span));
        }
        let (store, digest) = (&self.inner.store, Hash::of(code.reveal()));
        let found = store.link(&digest, Purpose::AskTime, self.now()).await?;
        let Some(id) = found.and_then(|found| found.target.parse().ok()) else {
            return Ok(ScreenShown::Unknown);
        };
        let Some(stored) = store.profile(id).await? else {
            return Ok(ScreenShown::Unknown);
        };
        // Whoever waits for an answer looks again and again.
        self.forgive_screen_code(visitor).await?;
        Ok(ScreenShown::By(Box::new(stored.profile)))
    }

    /// A profile asks for more time.
    pub async fn ask_more_time(
        &self,
        profile: &Profile,
        visitor: &Visitor,
    ) -> Result<TimeAsked, AccountError> {
        if !profile.is_open() {
            return Ok(TimeAsked::Closed);
        }
        if profile.limits.screen_time == DailyMinutes::UNLIMITED {
            return Ok(TimeAsked::Needless);
        }
        let used = self.watched_today(profile).await?.used_minutes();
        let (now, account) = (self.now(), profile.account);
        let today = Day::of(now, &self.inner.options.people_zone);
        let wish = TimeRequest {
            id: RequestId::generate(now, &*self.inner.entropy),
            account,
            profile: profile.id,
            asked: now,
            decided: None,
            granted: None,
        };
        let store = &self.inner.store;
        let open = store.open_time_requests(account).await?;
        // Who asks again costs the household none of the mails that may be asked for from its address.
        let is_own = |old: &&TimeRequest| old.profile == profile.id;
        if open
            .iter()
            .any(|old| is_own(&old) && old.asked >= today.start)
        {
            return Ok(TimeAsked::Waits);
        }
        if store.time_requests_since(profile.id, today.start).await? >= A_DAY {
            return Ok(TimeAsked::Enough);
        }
        if let MailAdmitted::Wait(_) = self.admit_mail(&profile.id.to_string(), visitor).await? {
            return Ok(TimeAsked::Later);
        }
        let tx = self.inner.store.begin().await?;
        // What nobody decided on an earlier day is no wish any more, and stands in the way of none.
        for old in open.iter().filter(is_own) {
            tx.decide_time_request(account, old.id, None, now).await?;
        }
        if !tx.add_time_request(&wish).await? {
            return Ok(TimeAsked::Waits);
        }
        if tx.time_requests_since(profile.id, today.start).await? > A_DAY {
            return Ok(TimeAsked::Enough);
        }
        let (did, about) = (ProfileDeed::TimeAsked, Watcher::Profile(profile.id));
        self.note_deed(&tx, account, did, about, visitor).await?;
        if let Some(account) = tx.account(account).await?
            && account.proven_address().is_some()
        {
            let target = wish.id.to_string();
            let (link, expires) = self
                .issue_link(&tx, account.id, Purpose::GiveTime, &target)
                .await?;
            let mail = Mail::MoreTimeAsked(MoreTimeAsked {
                user_name: account.seen.name.clone(),
                profile: profile.name.as_str().to_owned(),
                used_minutes: used,
                link: link_to("give-time", &link),
                expires,
                origin: visitor.origin(now),
            });
            self.tell(&tx, &account, &mail).await?;
        }
        tx.commit().await?;
        self.wake_mailer();
        Ok(TimeAsked::Asked)
    }

    /// The wishes of today that wait for an owner, oldest first.
    pub async fn time_wishes(&self, account: AccountId) -> Result<Vec<TimeWish>, AccountError> {
        let today = Day::of(self.now(), &self.inner.options.people_zone);
        let open = self.inner.store.open_time_requests(account).await?;
        let mut wishes = Vec::new();
        for wish in open.into_iter().filter(|wish| wish.asked >= today.start) {
            let stored = self.inner.store.profile(wish.profile).await?;
            if let Some(stored) = stored.filter(|stored| !is_deleted(&stored.profile)) {
                wishes.push(TimeWish {
                    id: wish.id,
                    profile: stored.profile,
                    asked: wish.asked,
                });
            }
        }
        Ok(wishes)
    }

    /// The owner decides a wish on a page. `false`: it waits no longer.
    pub async fn decide_wish(
        &self,
        by: ProvenOwner,
        wish: RequestId,
        gift: Gift,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let decided = self
            .decide_time(&tx, (by.account, wish), gift, visitor)
            .await?;
        self.end_gift(tx, decided).await
    }

    /// The owner decides a wish by the link of its mail. `false`: the link is spent, or the wish decided.
    pub async fn decide_wish_by_link(
        &self,
        link: &OpaqueToken,
        gift: Gift,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let Some(found) = tx.link(&link.hash(), Purpose::GiveTime, now).await? else {
            return Ok(false);
        };
        let (Some(account), Ok(wish)) = (found.account, found.target.parse()) else {
            return Ok(false);
        };
        if !tx.consume_challenge(found.id, now).await? {
            return Ok(false);
        }
        let decided = self
            .decide_time(&tx, (account, wish), gift, visitor)
            .await?;
        self.end_gift(tx, decided).await
    }

    /// The owner gives a profile more time though it did not ask. `false`: the account has no such profile.
    pub async fn give_time(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        minutes: u16,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let account = by.account;
        let tx = self.inner.store.begin().await?;
        let stored = tx.profile(id).await?;
        let is_own = stored.is_some_and(|stored| {
            let profile = stored.profile;
            profile.account == account && !is_deleted(&profile)
        });
        if !is_own {
            return Ok(false);
        }
        let gift = RequestId::generate(self.now(), &*self.inner.entropy);
        self.give(&tx, id, gift, minutes).await?;
        let about = Watcher::Profile(id);
        self.note_deed(&tx, account, given(minutes), about, visitor)
            .await?;
        self.end_gift(tx, Some(id)).await
    }

    /// The code for the screens of a profile, by which somebody without a session asks for more time today. It is computed
    /// and not kept, so that every screen shows the same, in whatever process.
    pub(super) async fn code_for_screen(&self, profile: &Profile) -> Result<Code, AccountError> {
        let now = self.now();
        let today = Day::of(now, &self.inner.options.people_zone);
        let (whose, day) = (profile.id.as_uuid(), today.date.to_string());
        let parts = [whose.as_bytes().as_slice(), day.as_bytes()];
        let code = Code::letters_of(&self.inner.key.mac("ask_time", &parts));
        let digest = Hash::of(code.reveal());
        let tx = self.inner.store.begin().await?;
        if tx.link(&digest, Purpose::AskTime, now).await?.is_some() {
            return Ok(code);
        }
        tx.add_challenge(NewChallenge {
            id: ChallengeId::generate(now, &*self.inner.entropy),
            digest: *digest.as_bytes(),
            flow: None,
            account: Some(profile.account),
            purpose: Purpose::AskTime,
            target: profile.id.to_string(),
            issued: now,
            expires: today.end,
        })
        .await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Decides a wish, once. Answers whose it was; `None` where it waits no longer.
    async fn decide_time(
        &self,
        tx: &Tx,
        (account, wish): (AccountId, RequestId),
        gift: Gift,
        visitor: &Visitor,
    ) -> Result<Option<ProfileId>, AccountError> {
        let now = self.now();
        let today = Day::of(now, &self.inner.options.people_zone);
        let found = tx.time_request(wish).await?;
        let Some(found) = found.filter(|found| found.asked >= today.start) else {
            return Ok(None);
        };
        let whose = tx.profile(found.profile).await?;
        if whose.is_none_or(|stored| is_deleted(&stored.profile)) {
            return Ok(None);
        }
        let minutes = gift.minutes();
        if !tx.decide_time_request(account, wish, minutes, now).await? {
            return Ok(None);
        }
        let line = match minutes {
            Some(minutes) => {
                self.give(tx, found.profile, wish, minutes).await?;
                given(minutes)
            }
            None => ProfileDeed::TimeRefused.into(),
        };
        let about = Watcher::Profile(found.profile);
        self.note_deed(tx, account, line, about, visitor).await?;
        Ok(Some(found.profile))
    }

    async fn give(
        &self,
        tx: &Tx,
        id: ProfileId,
        gift: RequestId,
        minutes: u16,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let today = Day::of(now, &self.inner.options.people_zone);
        let mut time = ScreenTime::default();
        time.grant(gift, MoreTime { at: now, minutes });
        let replica = self.memory.screens.replica(&*self.inner.entropy);
        Ok(tx.add_screen_time(id, today.date, replica, &time).await?)
    }

    async fn end_gift(&self, tx: Tx, given: Option<ProfileId>) -> Result<bool, AccountError> {
        let Some(id) = given else {
            return Ok(false);
        };
        tx.commit().await?;
        self.memory.screens.read_again(id);
        Ok(true)
    }
}

/// What a deleted profile asked for is no wish any more; should it come back on the same day, it is one again.
pub(super) const fn is_deleted(profile: &Profile) -> bool {
    matches!(profile.state, ProfileState::Deleting(_))
}

fn given(minutes: u16) -> ProfileLine {
    ProfileLine {
        minutes: Some(minutes),
        ..ProfileDeed::TimeGiven.into()
    }
}
