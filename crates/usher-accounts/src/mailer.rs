//! Mail: queued in the transaction of what it reports, sent by a worker afterwards.
//!
//! Invariant: a mail is taken by a lease, and its fate is written under the same lease: with any number of workers each
//! mail leaves once, but for a crash between the server's yes and our commit (R62).
//! Invariant: a server that refuses us costs no mail a try; nothing is tried for five minutes then (R63).
//! Absent on purpose: sending inside a request.
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use usher_domain::activity::Activity;
use usher_domain::id::MailId;
use usher_domain::mail::Mail;
use usher_domain::outbox::{LEASE, Next, after_failure, jitter, worthless_from};
use usher_domain::settings::SmtpSettings;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_mail::{Look, Outgoing, Rendered, Smtp, SmtpError, SmtpUnusable, Transport, render};
use usher_store::{KeptMail, LeasedMail, MailState, NewMail, OutboxCounts, OutboxMail, Tx};
use usher_text::Tongue;

use crate::admin::Admin;
use crate::{AccountError, Accounts};

/// Mails that are sent side by side.
const AT_ONCE: u64 = 4;

/// How often the worker looks without being woken: for retries and for what a crashed worker left behind (R62).
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How long a mail waits for Jellyfin to tell its name.
const NAME_WAITS: Duration = Duration::from_secs(2);

/// How long the console lists what was sent or became worthless.
const REMEMBER: Duration = Duration::from_hours(7 * 24);

impl Accounts {
    /// Queues a mail in the transaction of what it reports. `false` when the queue is full (R65): the caller's answer to
    /// the visitor stays the same. Call [`wake_mailer`](Self::wake_mailer) after the commit.
    pub async fn queue_mail(
        &self,
        tx: &Tx,
        to: &str,
        language: &str,
        mail: &Mail,
    ) -> Result<bool, AccountError> {
        let now = self.now();
        let entropy = &*self.inner.entropy;
        let id = MailId::generate(now, entropy);
        let plain = serde_json::to_vec(mail)
            .map_err(|_unwritable| AccountError::Unreadable { what: "mail" })?;
        let new = NewMail {
            id,
            recipient: to.to_owned(),
            language: language.to_owned(),
            kind: mail.kind(),
            urgency: mail.urgency(),
            sealed: self.inner.key.seal(&place(id), &plain, entropy),
            queued: now,
            worthless_from: worthless_from(mail, now),
        };
        Ok(tx.enqueue_mail(new).await?)
    }

    /// Lets the worker look at the queue at once.
    pub(crate) fn wake_mailer(&self) {
        self.inner.mail_waiting.notify_one();
    }

    /// The newest mails for the console: all, or those of one state.
    pub async fn queued_mails(
        &self,
        state: Option<MailState>,
        limit: u64,
    ) -> Result<Vec<OutboxMail>, AccountError> {
        Ok(self.inner.store.outbox(state, limit).await?)
    }

    /// How many mails wait and how many are dead.
    pub async fn mail_counts(&self) -> Result<OutboxCounts, AccountError> {
        Ok(self.inner.store.outbox_counts().await?)
    }

    /// An administrator sends a dead letter again. `false` when it is not dead, or worthless by now.
    pub async fn retry_mail(
        &self,
        by: &Admin,
        id: MailId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !tx.retry_mail(id, self.now()).await? {
            return Ok(false);
        }
        self.note_general(&tx, by.actor(), Activity::MailSentAgain, visitor)
            .await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(true)
    }

    /// An administrator drops a mail that waits or is dead. `false` when it is gone, or being sent.
    pub async fn drop_mail(
        &self,
        by: &Admin,
        id: MailId,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        if !tx.drop_mail(id, self.now()).await? {
            return Ok(false);
        }
        self.note_general(&tx, by.actor(), Activity::MailDropped, visitor)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The mails that a demo kept, newest first.
    pub async fn mailbox(&self, limit: u64) -> Result<Vec<KeptMail>, AccountError> {
        Ok(self.inner.store.kept_mails(limit).await?)
    }
}

fn place(id: MailId) -> String {
    format!("usher:outbox:payload:{id}")
}

/// Where the way of mail is written down.
#[derive(Clone, Debug)]
pub enum MailRoute {
    /// Mails are kept readable in the database: a demo, or tests.
    Mailbox,
    /// In the configuration file: the console cannot change it.
    Fixed(SmtpSettings),
    /// In the console; until it is set there, mails wait.
    Console,
}

/// Sends what is queued. Any number of them may run, in any number of processes.
pub struct Mailer {
    accounts: Accounts,
    route: MailRoute,
    /// How mails look. The server's name in it stands in while Jellyfin has never told its own.
    look: Look,
    /// A certificate in PEM that is trusted besides the public ones.
    trusted: Option<Vec<u8>>,
    /// Nothing is tried before this moment: the server refused us.
    paused_until: Mutex<Option<Timestamp>>,
    /// Nothing more is taken from the queue.
    stopping: AtomicBool,
}

/// What became of a mail that was tried.
enum Fate {
    Sent,
    Kept(Rendered),
    Failed(SmtpError),
    /// Its data cannot be read or rendered: no try will help.
    Spoiled(&'static str),
    Worthless,
}

impl Mailer {
    /// A worker.
    pub fn new(accounts: Accounts, route: MailRoute, look: Look, trusted: Option<Vec<u8>>) -> Self {
        Self {
            accounts,
            route,
            look,
            trusted,
            paused_until: Mutex::new(None),
            stopping: AtomicBool::new(false),
        }
    }

    /// Where the way of mail is written down.
    pub const fn route(&self) -> &MailRoute {
        &self.route
    }

    /// Works until it is [stopped](Self::stop). Should the task be dropped instead, what it holds is taken up by another
    /// worker when the lease ends, and may arrive twice.
    pub async fn run(&self) {
        while !self.is_stopping() {
            if let Err(error) = self.work().await {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "Mail cannot be sent"
                );
            }
            if self.is_stopping() {
                break;
            }
            // Woken or not: both lead to the next look.
            drop(
                tokio::time::timeout(LOOK_AGAIN, self.accounts.inner.mail_waiting.notified()).await,
            );
        }
    }

    /// Takes nothing more from the queue: what is being sent ends, as far as the mail server ends it, and so does
    /// [`run`](Self::run). No conversation with a mail server is longer than 30 s.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.accounts.wake_mailer();
    }

    /// Sends everything that is due. Answers how many mails were tried.
    pub async fn work(&self) -> Result<usize, AccountError> {
        self.sweep().await?;
        let look = self.look().await;
        let transport = self.transport(&look).await?;
        if matches!(transport, Transport::Off) {
            return Ok(0);
        }
        let mut tried = 0;
        while !self.is_paused() && !self.is_stopping() {
            let leased = self.lease().await?;
            if leased.is_empty() {
                break;
            }
            tried += leased.len();
            let sending = leased
                .iter()
                .map(|mail| self.attempt(&transport, &look, mail));
            let fates = join_all(sending).await;
            for (mail, fate) in leased.iter().zip(fates) {
                self.record(mail, fate).await?;
            }
        }
        Ok(tried)
    }

    /// The way that mail takes at present.
    async fn transport(&self, look: &Look) -> Result<Transport, AccountError> {
        self.way(look).await.map(|way| {
            way.unwrap_or_else(|error| {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "The SMTP settings cannot be used; mail waits"
                );
                Transport::Off
            })
        })
    }

    /// The way that mail takes at present, or why settings that are there cannot be used.
    pub(crate) async fn way(
        &self,
        look: &Look,
    ) -> Result<Result<Transport, SmtpUnusable>, AccountError> {
        let settings = match &self.route {
            MailRoute::Mailbox => return Ok(Ok(Transport::Mailbox)),
            MailRoute::Fixed(settings) => Some(settings.clone()),
            MailRoute::Console => self.accounts.smtp_settings().await?,
        };
        let Some(settings) = settings else {
            return Ok(Ok(Transport::Off));
        };
        let smtp = Smtp::new(&settings, &look.server_name, self.trusted.as_deref());
        Ok(smtp.map(|smtp| Transport::Smtp(Box::new(smtp))))
    }

    /// How mails look at present: with the name that Jellyfin tells, or, while it is away, told last.
    pub(crate) async fn look(&self) -> Look {
        let asked = tokio::time::timeout(NAME_WAITS, self.accounts.server()).await;
        let name = match asked {
            Ok(Ok(server)) => Some(server.name),
            Ok(Err(_)) | Err(_) => self.accounts.server_known().map(|server| server.name),
        };
        let named = name.filter(|name| !name.is_empty());
        Look {
            server_name: named.unwrap_or_else(|| self.look.server_name.clone()),
            ..self.look.clone()
        }
    }

    async fn sweep(&self) -> Result<(), AccountError> {
        let now = self.accounts.now();
        let tx = self.accounts.inner.store.begin().await?;
        tx.sweep_outbox(now, now - REMEMBER).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the next mails: one alone while it is not known whether the server takes our mail again.
    async fn lease(&self) -> Result<Vec<LeasedMail>, AccountError> {
        let now = self.accounts.now();
        let count = if self.paused().is_some() { 1 } else { AT_ONCE };
        let tx = self.accounts.inner.store.begin().await?;
        let leased = tx.lease_mails(now, now + LEASE, count).await?;
        tx.commit().await?;
        Ok(leased)
    }

    async fn attempt(&self, transport: &Transport, look: &Look, leased: &LeasedMail) -> Fate {
        let now = self.accounts.now();
        if leased.worthless_from <= now {
            return Fate::Worthless;
        }
        let Ok(plain) = self
            .accounts
            .inner
            .key
            .open(&place(leased.id), &leased.sealed)
        else {
            return Fate::Spoiled("sealed with another key");
        };
        let Ok(mail) = serde_json::from_slice::<Mail>(&plain) else {
            return Fate::Spoiled("its data cannot be read");
        };
        let Ok(rendered) = render(&mail, look, Tongue::of(&leased.language)) else {
            return Fate::Spoiled("its text cannot be made");
        };
        match transport {
            Transport::Off => Fate::Spoiled("there is no way for it"),
            Transport::Mailbox => Fate::Kept(rendered),
            Transport::Smtp(smtp) => {
                let outgoing = Outgoing {
                    id: leased.id,
                    recipient: &leased.recipient,
                    now,
                    mail: &rendered,
                };
                smtp.send(&outgoing)
                    .await
                    .map_or_else(Fate::Failed, |()| Fate::Sent)
            }
        }
    }

    async fn record(&self, mail: &LeasedMail, fate: Fate) -> Result<(), AccountError> {
        let now = self.accounts.now();
        let tx = self.accounts.inner.store.begin().await?;
        let held = match fate {
            Fate::Sent => {
                self.set_pause(None);
                tx.mark_sent(mail, now).await?
            }
            Fate::Kept(rendered) => {
                let held = tx.mark_sent(mail, now).await?;
                if held {
                    tx.keep_mail(kept(mail, rendered, now)).await?;
                }
                held
            }
            Fate::Worthless => tx.mark_expired(mail, now).await?,
            Fate::Spoiled(reason) => tx.mark_dead(mail, reason, now).await?,
            Fate::Failed(error) => self.record_failure(&tx, mail, &error, now).await?,
        };
        tx.commit().await?;
        if !held {
            tracing::warn!(mail = %mail.id, "A mail was sent for longer than its lease; it may arrive twice");
        }
        Ok(())
    }

    async fn record_failure(
        &self,
        tx: &Tx,
        mail: &LeasedMail,
        error: &SmtpError,
        now: Timestamp,
    ) -> Result<bool, AccountError> {
        let reason = error.to_string();
        tracing::warn!(mail = %mail.id, tries = mail.tries, reason, "A mail was not taken");
        let random = jitter(&*self.accounts.inner.entropy);
        Ok(
            match after_failure(mail.tries, error.failure(), now, random) {
                Next::TryAt(due) => tx.retry_later(mail, due, &reason).await?,
                Next::GiveUp => tx.mark_dead(mail, &reason, now).await?,
                Next::WaitForTransport(until) => {
                    self.set_pause(Some(until));
                    tx.release_mail(mail, until, Some(&reason)).await?
                }
            },
        )
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    fn is_paused(&self) -> bool {
        self.paused()
            .is_some_and(|until| until > self.accounts.now())
    }

    fn paused(&self) -> Option<Timestamp> {
        *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn set_pause(&self, until: Option<Timestamp>) {
        *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = until;
    }
}

fn kept(mail: &LeasedMail, rendered: Rendered, at: Timestamp) -> KeptMail {
    KeptMail {
        id: mail.id,
        recipient: mail.recipient.clone(),
        kind: mail.kind.clone(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        code: rendered.code.map(|code| code.reveal().to_owned()),
        link: rendered.link.map(|link| link.reveal().to_owned()),
        at,
    }
}
