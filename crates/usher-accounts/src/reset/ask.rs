//! "Forgot password", asked. Known or not, the same is done and answered (R27 to R29): a decoy takes the place of what a
//! known account gets. Absent on purpose: asking Jellyfin about a name that nobody here has; that would take time that a
//! known name does not.
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::address::EmailAddress;
use usher_domain::code::Purpose;
use usher_domain::id::{AccountId, ChallengeId, MailId};
use usher_domain::mail::{Mail, ResetCause, Urgency, Wish};
use usher_domain::secret::{Hash, OpaqueToken, SecretText};
use usher_domain::settings::RecoveryPolicy;
use usher_domain::visitor::Visitor;
use usher_store::{NewChallenge, NewMail, Tx};

use super::ResetAsked;
use super::mail::ResetMail;
use crate::account::Found;
use crate::address::revoke_target;
use crate::challenge::CodeFor;
use crate::limits::MailAdmitted;
use crate::{AccountError, Accounts};

/// A question for a reset, as its mail tells of it.
pub(super) struct Question<'a> {
    pub(super) flow: Hash,
    pub(super) language: &'a str,
    pub(super) visitor: &'a Visitor,
    /// Whether the mail holds a code (R23).
    with_code: bool,
}

/// An account that mail can help.
pub(super) struct Reached<'a> {
    pub(super) account: &'a Account,
    /// Where the mail goes.
    pub(super) address: &'a EmailAddress,
}

impl Accounts {
    /// Asks for a reset by name or address. `flow` is the cookie of an earlier question of this browser.
    pub async fn ask_reset(
        &self,
        typed: &str,
        flow: Option<&OpaqueToken>,
        language: &str,
        visitor: &Visitor,
    ) -> Result<ResetAsked, AccountError> {
        let typed = typed.trim();
        // What is told shows only what this visitor did: asking twice for the same text, or too often at all.
        let own = format!("{} {}", visitor.address, typed.to_uppercase());
        if let MailAdmitted::Wait(span) = self.admit_mail(&own, visitor).await? {
            return Ok(ResetAsked::Wait(span));
        }
        let found = self.find_here(typed).await?.unwrap_or(Found::Nobody);
        let policy = self.settings().await?.recovery;
        let may_mean = found.accounts().iter();
        let reached: Vec<_> = may_mean.filter_map(|it| reach(it, &policy)).collect();
        let address = reached.first().map(|first| first.address);
        let is_due = self.is_mail_due(address, typed).await?;
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let question = Question {
            flow: cookie.hash(),
            language,
            visitor,
            with_code: self.reset_codes_work().await?,
        };
        let tx = self.inner.store.begin().await?;
        if let Some(earlier) = flow {
            tx.kill_flow(&earlier.hash(), self.now()).await?;
        }
        match reached.as_slice() {
            [one] if is_due => self.send_reset_mail(&tx, one, &question).await?,
            [_, _, ..] if is_due => self.send_shared_reset(&tx, &reached, &question).await?,
            _nobody_or_not_now => self.pretend(&tx, &question).await?,
        }
        let beyond = found.account().filter(|_| reached.is_empty());
        self.ask_administrators(&tx, beyond, visitor).await?;
        tx.commit().await?;
        self.wake_mailer();
        Ok(if policy.by_mail {
            ResetAsked::Noted(cookie)
        } else {
            ResetAsked::Off
        })
    }

    /// Whether a mail may go to this address now. It is not told: others may have asked for it (R27). The visitor was
    /// counted already, so only the address is here.
    async fn is_mail_due(
        &self,
        mailed: Option<&EmailAddress>,
        typed: &str,
    ) -> Result<bool, AccountError> {
        let key = mailed.map_or_else(
            || format!("nobody {}", typed.to_uppercase()),
            |address| address.key().as_str().to_owned(),
        );
        let admitted = self.admit_mail_to(&key).await?;
        Ok(matches!(admitted, MailAdmitted::Go))
    }

    /// The mail with code and link. Older ones of the account are dead (R14).
    async fn send_reset_mail(
        &self,
        tx: &Tx,
        reached: &Reached<'_>,
        question: &Question<'_>,
    ) -> Result<(), AccountError> {
        let Reached { account, address } = reached;
        let to = CodeFor {
            flow: &question.flow,
            account: Some(account.id),
            purpose: Purpose::Reset,
            target: address.as_str(),
        };
        let Some((code, code_expires)) = self.issue_code(tx, &to).await? else {
            return Ok(());
        };
        let code = question.with_code.then(|| SecretText::new(code.reveal()));
        let mail = ResetMail {
            account,
            cause: ResetCause::Asked,
            address,
            language: account.language.as_deref().unwrap_or(question.language),
            link: self
                .issue_link(tx, account.id, Purpose::Reset, address.as_str())
                .await?,
            page: Some((question.flow, code_expires, code)),
        };
        self.queue_reset(tx, mail, question.visitor).await?;
        let what = Activity::ResetAsked;
        self.note(tx, account.id, None, what, question.visitor)
            .await
    }

    /// The decoy of [`send_reset_mail`](Self::send_reset_mail): as many statements, and rows that no answer opens. The
    /// mail is taken back before anybody sees it.
    async fn pretend(&self, tx: &Tx, question: &Question<'_>) -> Result<(), AccountError> {
        let (now, entropy) = (self.now(), &*self.inner.entropy);
        let nobody = AccountId::generate(now, entropy);
        tx.kill_challenges(nobody, Purpose::Reset, now).await?;
        self.issue_decoy(tx, question).await?;
        for purpose in [Purpose::Reset, Purpose::Revoke] {
            tx.add_challenge(NewChallenge {
                id: ChallengeId::generate(now, entropy),
                digest: *OpaqueToken::generate(entropy).hash().as_bytes(),
                flow: None,
                account: None,
                purpose,
                target: revoke_target(&question.flow),
                issued: now,
                expires: now + purpose.link_life(),
            })
            .await?;
        }
        self.pretend_to_mail(tx, 1).await
    }

    /// Queues so many mails to nobody, and takes them back before anybody sees them.
    async fn pretend_to_mail(&self, tx: &Tx, mails: usize) -> Result<(), AccountError> {
        let (now, entropy) = (self.now(), &*self.inner.entropy);
        let mut decoys = Vec::with_capacity(mails);
        for _ in 0..mails {
            let id = MailId::generate(now, entropy);
            tx.enqueue_mail(NewMail {
                id,
                recipient: String::new(),
                language: String::new(),
                kind: "reset",
                // It makes no other mail give way.
                urgency: Urgency::Notice,
                sealed: self.inner.key.seal("usher:decoy", &[0; 512], entropy),
                queued: now,
                worthless_from: now,
            })
            .await?;
            decoys.push(id);
        }
        Ok(tx.take_back_mails(&decoys).await?)
    }

    /// A code that no answer opens: the page asks for one whatever was typed.
    pub(super) async fn issue_decoy(
        &self,
        tx: &Tx,
        question: &Question<'_>,
    ) -> Result<(), AccountError> {
        let to = CodeFor {
            flow: &question.flow,
            account: None,
            purpose: Purpose::Reset,
            target: "",
        };
        self.issue_code(tx, &to).await?;
        Ok(())
    }

    /// Starts a reset for whoever disowned a sign-in, by a link in a mail: older ones of the account are dead (R14). Where mail cannot
    /// help, or `policy` is absent since it must not, the administrators are asked, and the answer is `false`.
    pub(crate) async fn start_reset(
        &self,
        tx: &Tx,
        account: &Account,
        policy: Option<&RecoveryPolicy>,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let (id, now) = (account.id, self.now());
        tx.kill_challenges(id, Purpose::Reset, now).await?;
        let Some(reached) = policy.and_then(|policy| reach(account, policy)) else {
            self.ask_administrators(tx, Some(account), visitor).await?;
            return Ok(false);
        };
        let target = reached.address.as_str();
        let mail = ResetMail {
            account,
            cause: ResetCause::Disowned,
            address: reached.address,
            language: account.language(),
            link: self.issue_link(tx, id, Purpose::Reset, target).await?,
            page: None,
        };
        let is_queued = self.queue_reset(tx, mail, visitor).await?;
        if !is_queued {
            self.ask_administrators(tx, Some(account), visitor).await?;
        }
        self.note(tx, id, None, Activity::ResetAsked, visitor)
            .await?;
        Ok(is_queued)
    }

    /// Mail cannot help this account: an administrator can. They are told once for each request. Where there is nobody to ask
    /// for, or they were told before, as many statements are made, which change nothing (R28).
    async fn ask_administrators(
        &self,
        tx: &Tx,
        account: Option<&Account>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let can_be_helped = |account: &&Account| {
            !account.seen.elsewhere && !account.seen.disabled && account.gone.is_none()
        };
        let Some(account) = account.filter(can_be_helped) else {
            let nobody = AccountId::generate(self.now(), &*self.inner.entropy);
            tx.has_request(nobody, Wish::PasswordReset).await?;
            return self.pretend_to_ask(tx, visitor).await;
        };
        let wish = if account.set_up.is_some() {
            Wish::SetUpCode
        } else {
            Wish::PasswordReset
        };
        if !self.leave_request(tx, account.id, wish, visitor).await? {
            return self.pretend_to_ask(tx, visitor).await;
        }
        let mail = Mail::AdministratorAsked {
            user_name: account.seen.name.clone(),
            wish,
            origin: visitor.origin(self.now()),
        };
        self.queue_to_administrators(tx, &mail).await
    }

    /// The decoy of a request with its line in the activity log and its mails: a row that nobody reads stands for the request,
    /// and taking the mails back for the line.
    async fn pretend_to_ask(&self, tx: &Tx, visitor: &Visitor) -> Result<(), AccountError> {
        self.note_nothing(tx, visitor).await?;
        let administrators = tx.administrators().await?;
        let told = administrators
            .iter()
            .filter(|administrator| administrator.proven_address().is_some());
        self.pretend_to_mail(tx, told.count()).await
    }
}

/// An account, where mail can help it, and where that mail goes.
fn reach<'a>(account: &'a Account, policy: &RecoveryPolicy) -> Option<Reached<'a>> {
    let can_be_helped = policy.by_mail
        && !account.recovery_off
        && account.set_up.is_none()
        && !account.seen.elsewhere
        && !account.seen.disabled
        && account.gone.is_none();
    let address = account.proven_address().filter(|_| can_be_helped)?;
    Some(Reached { account, address })
}
