//! When a mail is tried again, and when it is given up: pure, so that every branch is a unit test.
//!
//! Invariant: a fault of the transport costs a mail none of its tries (R63), and nothing is sent that is no longer
//! good when it arrives (R64).
use std::time::Duration;

use crate::entropy::Entropy;
use crate::mail::Mail;
use crate::time::Timestamp;

/// Tries that one mail gets (R63).
pub const TRIES: i64 = 10;

/// How long a worker holds a mail that it sends: longer than an SMTP conversation may take (R62).
pub const LEASE: Duration = Duration::from_mins(2);

/// How long nothing is sent after the transport itself failed (R63).
pub const PROBE_AFTER: Duration = Duration::from_mins(5);

/// How long a notice is worth sending (R64).
pub const NOTICE_LIFE: Duration = Duration::from_hours(72);

/// A code or link is not sent in the last minute of its life (R64).
pub const LAST_MINUTE: Duration = Duration::from_mins(1);

/// Mails that may wait at a time (R65).
pub const QUEUE_CAP: u64 = 10_000;

const FIRST_WAIT: Duration = Duration::from_secs(5);
const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// Why a mail did not leave, as far as it decides what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// May pass: time-out, connection refused, TLS error, any 4xx.
    Transient,
    /// The server will never take a mail to this recipient, or this mail: 5xx.
    Recipient,
    /// The server takes no mail from us at all: login or sender refused.
    Transport,
}

/// What happens to a mail after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is tried again; the try counts.
    TryAt(Timestamp),
    /// It waits for the transport to work again; the try does not count, and no other mail is tried before.
    WaitForTransport(Timestamp),
    /// It goes to the list of dead letters.
    GiveUp,
}

/// What happens after the try number `tries` (the first is 1) failed. `jitter` spreads retries: 0 is 20 % early, 255 is
/// 20 % late.
pub fn after_failure(tries: i64, failure: Failure, now: Timestamp, jitter: u8) -> Next {
    match failure {
        Failure::Recipient => Next::GiveUp,
        Failure::Transport => Next::WaitForTransport(now + PROBE_AFTER),
        Failure::Transient if tries >= TRIES => Next::GiveUp,
        Failure::Transient => Next::TryAt(now + wait(tries, jitter)),
    }
}

/// One byte of randomness for [`after_failure`].
pub fn jitter(entropy: &dyn Entropy) -> u8 {
    let mut byte = [0];
    entropy.fill(&mut byte);
    byte[0]
}

fn wait(tries: i64, jitter: u8) -> Duration {
    let doublings = u32::try_from(tries.clamp(1, 16) - 1).unwrap_or(0);
    let planned = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    let percent = 80 + u32::from(jitter) * 40 / 255;
    planned * percent / 100
}

/// The moment from which a mail is no longer sent: the end of what it carries, less a minute; for a notice, three days
/// after it was queued.
pub fn worthless_from(mail: &Mail, queued: Timestamp) -> Timestamp {
    match mail {
        Mail::ConfirmAddress { expires, .. } | Mail::SetUpInvitation { expires, .. } => {
            *expires - LAST_MINUTE
        }
        Mail::Reset {
            code: Some(_),
            code_expires,
            ..
        } => *code_expires - LAST_MINUTE,
        Mail::Reset {
            code: None,
            link_expires,
            ..
        }
        | Mail::ResetShared { link_expires, .. } => *link_expires - LAST_MINUTE,
        Mail::SignInCode(mail) => mail.expires - LAST_MINUTE,
        Mail::StepUpCode(mail) => mail.expires - LAST_MINUTE,
        Mail::MoreTimeAsked(mail) => mail.expires - LAST_MINUTE,
        Mail::Test { .. } => queued + crate::code::Purpose::MailTest.code_life() - LAST_MINUTE,
        Mail::PasswordChanged { .. }
        | Mail::AddressChanged { .. }
        | Mail::AddressUndone { .. }
        | Mail::NewSignIn(_)
        | Mail::SecondFactorUnfinished(_)
        | Mail::FactorChanged(_)
        | Mail::RecoveryCodeUsed(_)
        | Mail::AppPasswordMade(_)
        | Mail::TrustEnded(_)
        | Mail::PasskeyCopied(_)
        | Mail::AccountClaimed { .. }
        | Mail::AdministratorAsked { .. }
        | Mail::ProfileOwnAccount { .. }
        | Mail::OwnAccountDeclined { .. } => queued + NOTICE_LIFE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretText;

    const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

    fn seconds(tries: i64, jitter: u8) -> f64 {
        match after_failure(tries, Failure::Transient, NOON, jitter) {
            Next::TryAt(at) => at.since(NOON).as_secs_f64(),
            Next::WaitForTransport(_) | Next::GiveUp => f64::NAN,
        }
    }

    #[expect(clippy::float_cmp, reason = "powers of two: exact")]
    #[test]
    fn r63_waits_double_from_five_seconds_to_half_an_hour_and_are_spread() {
        assert_eq!([seconds(1, 0), seconds(1, 255)], [4.0, 6.0]);
        assert_eq!([seconds(2, 0), seconds(2, 255)], [8.0, 12.0]);
        assert_eq!([seconds(9, 0), seconds(9, 255)], [1024.0, 1536.0]);
        assert_eq!(wait(10, 255), LONGEST_WAIT * 120 / 100);
        assert_eq!(wait(i64::MAX, 255), LONGEST_WAIT * 120 / 100);
        assert!((0..=255).all(|jitter| (4.0..=6.0).contains(&seconds(1, jitter))));
    }

    #[test]
    fn r63_ten_tries_then_no_more_and_a_refused_recipient_gets_none() {
        assert_eq!(
            after_failure(TRIES, Failure::Transient, NOON, 0),
            Next::GiveUp
        );
        assert_eq!(after_failure(1, Failure::Recipient, NOON, 0), Next::GiveUp);
        assert_eq!(
            after_failure(TRIES, Failure::Transport, NOON, 0),
            Next::WaitForTransport(NOON + PROBE_AFTER)
        );
    }

    #[test]
    fn r64_codes_are_not_sent_in_their_last_minute_and_notices_live_three_days() {
        let invitation = Mail::SetUpInvitation {
            user_name: "mia".to_owned(),
            link: SecretText::new("/usher/set-up#x"),
            expires: NOON + Duration::from_hours(1),
        };
        assert_eq!(
            worthless_from(&invitation, NOON),
            NOON + Duration::from_mins(59)
        );
        let test = Mail::Test {
            code: SecretText::new("123456"),
        };
        assert_eq!(worthless_from(&test, NOON), NOON + Duration::from_mins(9));
    }
}
