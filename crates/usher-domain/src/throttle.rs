//! How many wrong tries are borne, by account, by address and by network, and how long one waits then (R19, R21, R23).
//!
//! Invariant: a try is admitted before its outcome is known and counts against the limit until it is settled, so tries at
//! the same moment never exceed it. One that nobody settles, after a crash or a hang-up, was wrong.
//! Absent: wrong second factors, which have a budget of their own (`second_factor/budget.rs`).
mod quota;
mod surge;

pub use quota::{Crowd, Quota};
pub use surge::Surge;

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// In which span wrong tries are counted.
const WINDOW: Duration = Duration::from_mins(15);

/// Wrong tries of a name that cost no waiting.
const FREE: usize = 5;

/// The longest wait between two tries of a name before it is locked.
const SLOWEST: Duration = Duration::from_mins(1);

/// How long a name is locked.
const LOCK: Duration = Duration::from_mins(15);

/// How long an address or a network is blocked: the first time, the second, and so on.
const LADDER: [Duration; 4] = [
    Duration::from_mins(1),
    Duration::from_mins(10),
    Duration::from_hours(1),
    Duration::from_hours(24),
];

/// Wrong tries of a name in a row after which its password alone is no longer taken.
const IN_A_ROW: u32 = 100;

/// How long a password alone is not taken then, unless it is chosen anew: nobody is locked out for good.
const ALONE: Duration = Duration::from_hours(30 * 24);

/// How far apart tries are that come through one unlisted proxy, once many were wrong.
const APART: Duration = Duration::from_secs(5);

/// Whoever has not said after so long what became of a try has lost it: it was wrong.
const LOST: Duration = Duration::from_secs(30);

/// After so long without a block the ladder begins anew.
const FORGIVEN: Duration = Duration::from_hours(48);

/// What one is told who comes while another try of the same name is being judged.
const BUSY: Duration = Duration::from_secs(1);

/// What a tally counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// An account, or a name that nobody has.
    Name,
    /// A browser that is signed in to the account: strangers' failures do not lock it out (R21).
    Browser,
    /// An IPv4 address or an IPv6 /64.
    Address,
    /// An IPv4 /24 or an IPv6 /48.
    Network,
    /// Everybody behind a proxy that is not listed: delayed, never blocked, as nobody knows who else is there.
    Proxy,
}

impl Scope {
    /// Wrong tries in a quarter of an hour after which nothing more is admitted, or by a proxy only one now and then.
    pub const fn most(self) -> usize {
        match self {
            Self::Name => 10,
            Self::Browser => 5,
            Self::Address | Self::Proxy => 20,
            Self::Network => 100,
        }
    }

    /// Its name in keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Browser => "browser",
            Self::Address => "address",
            Self::Network => "network",
            Self::Proxy => "proxy",
        }
    }

    /// The first address of what counts as one with `address` in this scope.
    pub fn base(self, address: IpAddr) -> IpAddr {
        match (address.to_canonical(), self) {
            (IpAddr::V4(address), Self::Network) => {
                Ipv4Addr::from_bits(address.to_bits() & !0xFF).into()
            }
            (IpAddr::V4(address), _alone) => address.into(),
            (IpAddr::V6(address), Self::Network) => {
                Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 80)).into()
            }
            (IpAddr::V6(address), _alone) => {
                Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into()
            }
        }
    }
}

/// What became of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The password was right.
    Right,
    /// The password was wrong, or nobody waited for the answer.
    Wrong,
    /// The user may not be here now, whatever the password. Waits and blocks come as for a wrong one, or they would tell who is
    /// switched off (R27); to the row of a hundred it adds nothing, as nothing was learned of the password.
    NotNow,
    /// Nothing is known: an outage, or a refusal before the password was looked at. Costs nothing (R7).
    Undecided,
}

/// The wrong tries of one name, address or network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    wrong: VecDeque<Timestamp>,
    /// Tries on their way: when each was let through.
    open: VecDeque<Timestamp>,
    blocks: usize,
    blocked: Option<(Timestamp, Timestamp)>,
    /// Wrong tries since the last right one, and when the last of [`IN_A_ROW`] was.
    #[serde(default)]
    in_a_row: u32,
    #[serde(default)]
    used_up: Option<Timestamp>,
}

impl Tally {
    /// Lets one more try through, or says how long to wait.
    pub fn admit(&mut self, scope: Scope, now: Timestamp) -> Result<(), Duration> {
        self.lose(scope, now);
        if let Some((_, until)) = self.blocked
            && until > now
        {
            return Err(until.since(now));
        }
        self.forget(now);
        let counted = self.wrong.len() + self.open.len();
        let one_at_a_time = scope == Scope::Name && counted >= FREE;
        let is_full = counted >= scope.most();
        if scope == Scope::Proxy {
            self.blocked = is_full.then(|| (now, now + APART));
        } else if is_full || (one_at_a_time && !self.open.is_empty()) {
            return Err(BUSY);
        }
        self.open.push_back(now);
        Ok(())
    }

    /// Says what became of a try that was let through. One that was lost meanwhile stays wrong.
    pub fn settle(&mut self, scope: Scope, outcome: Outcome, now: Timestamp) {
        self.lose(scope, now);
        if self.open.pop_front().is_none() {
            return;
        }
        match outcome {
            Outcome::Right if matches!(scope, Scope::Name | Scope::Browser) => {
                self.wrong.clear();
                self.blocked = None;
                self.pardon();
            }
            Outcome::Undecided | Outcome::Right => {}
            Outcome::Wrong => self.fail(scope, now),
            Outcome::NotNow => self.count(scope, now),
        }
    }

    /// Whether a password alone is no longer taken for this name: a hundred were wrong in a row. It ends after 30 days, however
    /// many are tried meanwhile; sooner by a right password that another proof stands beside, by a sign-in with a second
    /// factor ([`pardon`](Self::pardon)), and where a new password is chosen.
    pub fn is_used_up(&self, now: Timestamp) -> bool {
        self.kept_until().is_some_and(|until| until > now)
    }

    /// Forgets the wrong tries in a row: the account has shown that it is in its owner's hands.
    pub const fn pardon(&mut self) {
        self.in_a_row = 0;
        self.used_up = None;
    }

    /// Until when this must be remembered, if longer than other counts.
    pub fn kept_until(&self) -> Option<Timestamp> {
        Some(self.used_up? + ALONE)
    }

    /// Lost tries count from the moment at which they were lost, however much later somebody looks.
    fn lose(&mut self, scope: Scope, now: Timestamp) {
        while let Some(since) = self.open.front().copied()
            && now.since(since) >= LOST
        {
            self.open.pop_front();
            self.fail(scope, since + LOST);
        }
    }

    /// Counts a wrong password, also in the row.
    fn fail(&mut self, scope: Scope, now: Timestamp) {
        if scope == Scope::Name {
            if self.kept_until().is_some_and(|until| until <= now) {
                self.pardon();
            }
            self.in_a_row = self.in_a_row.saturating_add(1);
            if self.in_a_row >= IN_A_ROW {
                self.used_up.get_or_insert(now);
            }
        }
        self.count(scope, now);
    }

    fn count(&mut self, scope: Scope, now: Timestamp) {
        self.forget(now);
        self.wrong.push_back(now);
        let counted = self.wrong.len();
        let span = match scope {
            Scope::Name | Scope::Browser if counted >= scope.most() => LOCK,
            Scope::Name => pause(counted),
            Scope::Address | Scope::Network if counted >= scope.most() => self.climb(now),
            Scope::Proxy if counted > scope.most() => {
                self.wrong.pop_front();
                return;
            }
            Scope::Browser | Scope::Address | Scope::Network | Scope::Proxy => return,
        };
        if counted >= scope.most() {
            self.wrong.clear();
        }
        self.blocked = Some((now, now + span));
    }

    fn climb(&mut self, now: Timestamp) -> Duration {
        if self
            .blocked
            .is_none_or(|(_, until)| now.since(until) >= FORGIVEN)
        {
            self.blocks = 0;
        }
        let step = self.blocks.min(LADDER.len() - 1);
        self.blocks += 1;
        LADDER[step]
    }

    fn forget(&mut self, now: Timestamp) {
        while self
            .wrong
            .front()
            .is_some_and(|first| now.since(*first) >= WINDOW)
        {
            self.wrong.pop_front();
        }
    }
}

/// The wait after so many wrong tries of a name: none, then 1 s, doubling.
fn pause(counted: usize) -> Duration {
    match counted.checked_sub(FREE + 1) {
        None => Duration::ZERO,
        Some(doublings) => Duration::from_secs(1 << doublings.min(6)).min(SLOWEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_000_000);

    /// Tries wrong as soon as it may; answers the waits between the tries, in seconds.
    fn waits(scope: Scope, tries: usize) -> Vec<u64> {
        let (mut tally, mut now, mut waits) = (Tally::default(), START, Vec::new());
        for _ in 0..tries {
            while let Err(wait) = tally.admit(scope, now) {
                waits.push(wait.as_secs());
                now = now + wait;
            }
            tally.settle(scope, Outcome::Wrong, now);
        }
        waits
    }

    #[test]
    fn r21_a_name_waits_longer_after_each_wrong_password_and_is_locked_after_ten() {
        assert_eq!(waits(Scope::Name, 11), [1, 2, 4, 8, 15 * 60]);
    }

    #[test]
    fn r23_an_address_climbs_the_ladder_of_blocks() {
        assert_eq!(waits(Scope::Address, 101), [60, 600, 3600, 86_400, 86_400]);
    }

    #[test]
    fn behind_an_unlisted_proxy_tries_are_five_seconds_apart_after_twenty_and_never_further() {
        assert_eq!(waits(Scope::Proxy, 20), [0; 0]);
        assert_eq!(waits(Scope::Proxy, 1000), [5; 979]);
        let mut tally = Tally::default();
        let admitted = (0..500).filter(|_| tally.admit(Scope::Proxy, START).is_ok());
        assert_eq!(admitted.count(), 21, "at the same moment, too");
        let later = START + LOST + WINDOW;
        assert_eq!(tally.admit(Scope::Proxy, later), Ok(()));
        assert_eq!(tally.admit(Scope::Proxy, later), Ok(()), "long ago");
    }

    #[test]
    fn a_hundred_wrong_passwords_in_a_row_use_a_name_up_for_a_month_unless_it_is_pardoned() {
        let (mut tally, mut now) = (Tally::default(), START);
        let mut fail = |tally: &mut Tally, tries: u32| {
            for _ in 0..tries {
                while let Err(wait) = tally.admit(Scope::Name, now) {
                    now = now + wait;
                }
                tally.settle(Scope::Name, Outcome::Wrong, now);
            }
            now
        };
        let now = fail(&mut tally, 99);
        assert_eq!((tally.is_used_up(now), tally.kept_until()), (false, None));
        let now = fail(&mut tally, 1);
        let until = now + ALONE;
        assert!(tally.is_used_up(now));
        assert_eq!(tally.kept_until(), Some(until));
        let now = fail(&mut tally, 50);
        assert_eq!(tally.kept_until(), Some(until), "it ends all the same");
        assert!(!tally.is_used_up(until));
        let mut next_month = tally.clone();
        assert_eq!(next_month.admit(Scope::Name, until), Ok(()));
        next_month.settle(Scope::Name, Outcome::Wrong, until);
        assert!(!next_month.is_used_up(until));
        tally.pardon();
        assert!(!tally.is_used_up(now));
        let now = fail(&mut tally, 99);
        assert!(!tally.is_used_up(now), "they count anew");
    }

    #[test]
    fn r27_who_may_not_be_here_now_waits_as_after_a_wrong_password_and_uses_nothing_up() {
        let (mut closed, mut wrong, mut now) = (Tally::default(), Tally::default(), START);
        for _ in 0..150 {
            let waits = closed.admit(Scope::Name, now);
            assert_eq!(waits, wrong.admit(Scope::Name, now));
            if let Err(wait) = waits {
                now = now + wait;
                continue;
            }
            closed.settle(Scope::Name, Outcome::NotNow, now);
            wrong.settle(Scope::Name, Outcome::Wrong, now);
        }
        assert_eq!((closed.in_a_row, closed.is_used_up(now)), (0, false));
        assert!(wrong.in_a_row > 0);
    }

    #[test]
    fn r19_tries_at_the_same_moment_never_exceed_the_limit() {
        for (scope, most) in [
            (Scope::Name, 5),
            (Scope::Address, 20),
            (Scope::Network, 100),
        ] {
            let mut tally = Tally::default();
            let admitted = (0..500).filter(|_| tally.admit(scope, START).is_ok());
            assert_eq!(admitted.count(), most, "{scope:?}");
        }
    }

    #[test]
    fn a_right_password_clears_the_name_but_never_the_address() {
        for (scope, admitted) in [(Scope::Name, true), (Scope::Address, false)] {
            let (mut tally, mut now) = (Tally::default(), START);
            let mut attempt = |outcome| {
                while let Err(wait) = tally.admit(scope, now) {
                    now = now + wait;
                }
                tally.settle(scope, outcome, now);
                tally.clone()
            };
            for _ in 2..scope.most() {
                attempt(Outcome::Wrong);
            }
            attempt(Outcome::Right);
            attempt(Outcome::Wrong);
            let mut tally = attempt(Outcome::Wrong);
            assert_eq!(tally.admit(scope, now).is_ok(), admitted, "{scope:?}");
        }
    }

    #[test]
    fn r7_an_outage_costs_no_try() {
        let mut tally = Tally::default();
        for _ in 0..1000 {
            assert!(tally.admit(Scope::Name, START).is_ok());
            tally.settle(Scope::Name, Outcome::Undecided, START);
        }
        assert_eq!(tally, Tally::default());
    }

    #[test]
    fn a_try_that_nobody_settles_was_wrong_after_half_a_minute() {
        let mut tally = Tally::default();
        assert!(tally.admit(Scope::Browser, START).is_ok());
        let later = START + LOST;
        assert!(tally.admit(Scope::Browser, later).is_ok());
        tally.settle(Scope::Browser, Outcome::Undecided, later);
        assert_eq!((tally.wrong.len(), tally.open.len()), (1, 0));
    }

    #[test]
    fn r25_tries_that_were_lost_at_noon_block_nobody_the_next_day() {
        for scope in [Scope::Name, Scope::Browser, Scope::Address, Scope::Network] {
            let mut tally = Tally::default();
            while tally.admit(scope, START).is_ok() {}
            let mut soon = tally.clone();
            let is_blocked = soon.admit(scope, START + LOST).is_err();
            assert_eq!(is_blocked, scope != Scope::Name, "{scope:?}: five are free");
            let next_day = START + Duration::from_hours(24);
            assert_eq!(tally.admit(scope, next_day), Ok(()), "{scope:?}");
            assert!(tally.wrong.is_empty(), "{scope:?}");
        }
    }

    #[test]
    fn r21_a_signed_in_browser_is_locked_after_five_wrong_tries_of_its_own() {
        assert_eq!(waits(Scope::Browser, 6), [15 * 60]);
    }

    #[test]
    fn r19_an_ipv6_visitor_counts_by_its_64_and_a_mapped_one_as_ipv4() {
        for (scope, address, base) in [
            (Scope::Address, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            (Scope::Network, "2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
            (Scope::Address, "::ffff:192.0.2.7", "192.0.2.7"),
            (Scope::Network, "192.0.2.7", "192.0.2.0"),
        ] {
            let (address, base): (IpAddr, IpAddr) =
                (address.parse().unwrap(), base.parse().unwrap());
            assert_eq!(scope.base(address), base);
        }
    }
}
