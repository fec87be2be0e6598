//! How often something may be asked for: mails, codes of screens, challenges of passkeys; and how often a code may be wrong.
use std::time::Duration;

use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, ProfileId};
use usher_domain::throttle::Quota;
use usher_domain::visitor::Visitor;
use usher_store::{Tx, WebSession};

use super::{DAY, Key, base_of, read, write, write_kept};
use crate::{AccountError, Accounts};

/// Between two mails to one address.
pub(crate) const MAILS_APART: Duration = Duration::from_mins(1);

const HOUR: Duration = Duration::from_hours(1);
const WEEK: Duration = Duration::from_hours(7 * 24);

/// How often within which span.
type Limits = &'static [(usize, Duration)];

/// Mails to one address, and of one kind to one account.
const TO_ONE: Limits = &[(1, MAILS_APART), (5, HOUR), (10, DAY)];

/// Notices of one kind to one account, and lines of its log that an app leaves which comes again and again by itself: whoever
/// was told so often knows.
const NOTICES: Limits = &[(10, HOUR), (20, DAY)];

/// What leaves something behind that is gone, or forgotten, much later, for each profile that an account may have.
const OF_EACH: Limits = &[(2, DAY), (4, WEEK)];

/// Mails that are asked for, and codes of screens that are typed, from one address of the network.
const FROM_ONE: Limits = &[(20, HOUR)];

/// Quick Connect codes, and challenges for passkeys, that are asked for from one address: Android TV asks on every sign-in
/// screen (design, 14).
const CODES_FROM_ONE: Limits = &[(60, HOUR)];

/// Messages of one kind to one screen: every process looks at it within a few seconds, and each has seen a few seconds more
/// or less of what was watched.
const LAST_WORDS: Limits = &[(1, Duration::from_mins(1))];

/// What is asked for by everybody behind a proxy that is not listed: nobody waits longer than a moment there.
const FROM_PROXY: Limits = &[(10, Duration::from_secs(10))];

/// Wrong Quick Connect codes of one session (R58).
const SCREENS: Limits = &[(5, Duration::from_mins(10))];

/// Wrong reset codes of everybody together; beyond it only links work (R23).
const RESET_CODES: usize = 50;
const RESET_SPAN: Duration = Duration::from_mins(10);

/// Whether a mail may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailAdmitted {
    /// Yes.
    Go,
    /// After this time.
    Wait(Duration),
}

impl Accounts {
    /// Lets a mail to this target be asked for, where anybody can: who forgot a password, or says that an address is theirs.
    /// What it spends is missing nowhere else: see [`admit_mail_of`](Self::admit_mail_of).
    pub async fn admit_mail(
        &self,
        target: &str,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        self.take(self.mail_to(target, visitor)).await
    }

    /// Whether [`admit_mail`](Self::admit_mail) would let it, at this moment. Nothing is counted.
    pub(crate) async fn may_ask_for_mail(
        &self,
        target: &str,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        for (key, limits) in self.mail_to(target, visitor) {
            let mut quota: Quota = self.look(&key).await?;
            if quota.take(limits, now).is_err() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn mail_to(&self, target: &str, visitor: &Visitor) -> Vec<(Key, Limits)> {
        let to = self.limit_key("mail_to", target.as_bytes());
        vec![(to, TO_ONE), self.mails_from(visitor)]
    }

    /// As [`admit_mail`](Self::admit_mail), where the visitor was counted already.
    pub(crate) async fn admit_mail_to(&self, target: &str) -> Result<MailAdmitted, AccountError> {
        let to = self.limit_key("mail_to", target.as_bytes());
        self.take(vec![(to, TO_ONE)]).await
    }

    /// Lets a mail to an account be asked for after its right password, or in its session. Each purpose has a count of its own,
    /// so that no stranger who knows the name or the address takes the owner's second factor away (R21).
    pub(crate) async fn admit_mail_of(
        &self,
        account: AccountId,
        purpose: Purpose,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let whose = [account.as_uuid().as_bytes(), purpose.name().as_bytes()].concat();
        let to = self.limit_key("mail_of", &whose);
        self.take(vec![(to, TO_ONE), self.mails_from(visitor)])
            .await
    }

    /// As [`admit_mail_of`](Self::admit_mail_of), in a session. What is asked for from a profile's seat, where anybody may sit,
    /// is counted for that browser alone.
    pub(crate) async fn admit_mail_in(
        &self,
        session: &WebSession,
        purpose: Purpose,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        if !session.is_at_profile() {
            return self.admit_mail_of(session.account, purpose, visitor).await;
        }
        let whose = [session.id.as_uuid().as_bytes(), purpose.name().as_bytes()].concat();
        let to = self.limit_key("mail_at_seat", &whose);
        self.take(vec![(to, TO_ONE), self.mails_from(visitor)])
            .await
    }

    fn mails_from(&self, visitor: &Visitor) -> (Key, Limits) {
        self.asked_from("mail_from", FROM_ONE, visitor)
    }

    /// Lets a screen ask for a Quick Connect code.
    pub(crate) async fn admit_screen(&self, visitor: &Visitor) -> Result<bool, AccountError> {
        let from = self.asked_from("screens", CODES_FROM_ONE, visitor);
        Ok(self.take(vec![from]).await? == MailAdmitted::Go)
    }

    /// Lets a code be typed that a screen shows for who wants more time: nobody need be signed in for it.
    pub(crate) async fn admit_screen_code(
        &self,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let from = self.asked_from("screen_code", FROM_ONE, visitor);
        self.take(vec![from]).await
    }

    /// Takes the last count of [`admit_screen_code`](Self::admit_screen_code) back: a screen shows that code.
    pub(crate) async fn forgive_screen_code(&self, visitor: &Visitor) -> Result<(), AccountError> {
        let (key, _) = self.asked_from("screen_code", FROM_ONE, visitor);
        self.give_back(&key).await
    }

    /// Lets one more notice of a kind be sent to an account, in the transaction that queues it. Each kind is counted by
    /// itself, so that many harmless ones keep no grave one back.
    pub(crate) async fn admit_notice(
        &self,
        tx: &Tx,
        account: AccountId,
        kind: &str,
    ) -> Result<bool, AccountError> {
        let key = self.limit_key("notice", format!("{account} {kind}").as_bytes());
        let mut lately: Quota = read(tx, &key, self).await?;
        let is_admitted = lately.take(NOTICES, self.now()).is_ok();
        if is_admitted {
            write(tx, &key, &lately, self).await?;
        }
        Ok(is_admitted)
    }

    /// Lets one process of several say something of its end to a screen: whoever comes first.
    pub(crate) async fn admit_last_words(
        &self,
        profile: ProfileId,
        session: &str,
        kind: &str,
    ) -> Result<bool, AccountError> {
        let whose = format!("{profile} {session} {kind}");
        let key = self.limit_key("last_words", whose.as_bytes());
        Ok(self.take(vec![(key, LAST_WORDS)]).await? == MailAdmitted::Go)
    }

    /// Lets an account that may have so many profiles do something with one of them that leaves more behind than it takes back:
    /// twice a day and four times a week for each of them. In the transaction that does it.
    pub(crate) async fn admit_deed(
        &self,
        tx: &Tx,
        account: AccountId,
        deed: &str,
        profiles: u16,
    ) -> Result<bool, AccountError> {
        let key = self.limit_key("deed", format!("{account} {deed}").as_bytes());
        let profiles = usize::from(profiles);
        let limits: Vec<_> = OF_EACH
            .iter()
            .map(|(most, span)| (most * profiles, *span))
            .collect();
        let (mut lately, now): (Quota, _) = (read(tx, &key, self).await?, self.now());
        let is_admitted = lately.take(&limits, now).is_ok();
        if is_admitted {
            write_kept(tx, &key, &lately, Some(now + WEEK), self).await?;
        }
        Ok(is_admitted)
    }

    /// Lets somebody ask for the challenge of a passkey, whoever it will be.
    pub(crate) async fn admit_passkey(
        &self,
        visitor: &Visitor,
    ) -> Result<MailAdmitted, AccountError> {
        let from = self.asked_from("passkeys", CODES_FROM_ONE, visitor);
        self.take(vec![from]).await
    }

    /// By what a visitor is counted who asks for something. Where the address is everybody's, nobody is kept waiting for long.
    fn asked_from(&self, kind: &str, limits: Limits, visitor: &Visitor) -> (Key, Limits) {
        let limits = if visitor.address_is_exact {
            limits
        } else {
            FROM_PROXY
        };
        (self.limit_key(kind, base_of(visitor).as_bytes()), limits)
    }

    /// Counts a code that a session looks up, as one that is none. `Some`: too many; wait so long.
    pub(crate) async fn note_wrong_screen(
        &self,
        account: AccountId,
    ) -> Result<Option<Duration>, AccountError> {
        let key = self.limit_key("wrong_screen", account.as_uuid().as_bytes());
        Ok(match self.take(vec![(key, SCREENS)]).await? {
            MailAdmitted::Go => None,
            MailAdmitted::Wait(span) => Some(span),
        })
    }

    /// Takes the last count of [`note_wrong_screen`](Self::note_wrong_screen) back: the code was right.
    pub(crate) async fn forgive_screen(&self, account: AccountId) -> Result<(), AccountError> {
        let key = self.limit_key("wrong_screen", account.as_uuid().as_bytes());
        self.give_back(&key).await
    }

    async fn give_back(&self, key: &Key) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        let mut counted: Quota = read(&tx, key, self).await?;
        counted.give_back();
        write(&tx, key, &counted, self).await?;
        Ok(tx.commit().await?)
    }

    /// Counts a wrong reset code, for everybody together.
    pub async fn note_wrong_reset_code(&self) -> Result<(), AccountError> {
        let key = self.limit_key("reset_codes", &[]);
        let tx = self.inner.store.begin().await?;
        let mut wrong: Quota = read(&tx, &key, self).await?;
        wrong.note(&[(RESET_CODES + 1, RESET_SPAN)], self.now());
        write(&tx, &key, &wrong, self).await?;
        Ok(tx.commit().await?)
    }

    /// Whether reset codes are taken at present: not while too many of them, or too many passwords, were wrong (R23).
    /// Links always work.
    pub async fn reset_codes_work(&self) -> Result<bool, AccountError> {
        let (now, key) = (self.now(), self.limit_key("reset_codes", &[]));
        let wrong: Quota = self.look(&key).await?;
        Ok(wrong.within(RESET_SPAN, now) <= RESET_CODES && !self.surge().await?.lasts(now))
    }

    async fn take(&self, mut quotas: Vec<(Key, Limits)>) -> Result<MailAdmitted, AccountError> {
        quotas.sort_unstable();
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        for (key, limits) in &quotas {
            let mut quota: Quota = read(&tx, key, self).await?;
            if let Err(wait) = quota.take(limits, now) {
                return Ok(MailAdmitted::Wait(wait));
            }
            write(&tx, key, &quota, self).await?;
        }
        tx.commit().await?;
        Ok(MailAdmitted::Go)
    }
}
