//! Mail settings of the console, and proof that mail arrives.
use usher_domain::activity::SettingChanged;
use usher_domain::code::{Code, Purpose};
use usher_domain::id::{AccountId, MailId, UserId};
use usher_domain::mail::Mail;
use usher_domain::secret::{Hash, SecretText};
use usher_domain::settings::{SmtpSecurity, SmtpSettings};
use usher_domain::visitor::Visitor;
use usher_mail::{Conversation, Outgoing, Rendered, Smtp, Transport, render};
use usher_store::Tx;
use usher_text::Tongue;

use super::Admin;
use crate::challenge::{Answer, CodeFor};
use crate::mailer::Mailer;
use crate::{AccountError, Accounts};

/// The SMTP form of the console, read.
#[derive(Clone, Debug)]
pub struct SmtpForm {
    /// Name of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// User name, where the server wants a login.
    pub user: Option<String>,
    /// A new password; `None` keeps the one that is stored, as long as host and user stay the same (R70: write-only).
    pub password: Option<SecretText>,
    /// The address that mails come from.
    pub from: String,
}

/// What became of a test mail.
#[derive(Clone, Debug)]
pub enum MailTest {
    /// Handed over; the code in it confirms that it arrived. The conversation, line by line, without secrets.
    Sent(Vec<String>),
    /// Not handed over: why, in a sentence for administrators, and the conversation as far as it went.
    Failed(String, Vec<String>),
    /// No way for mail is set up.
    NoMail,
}

/// Whose test it is. The server's own command is nobody's, which is as good as an account here: its code is bound to it.
fn tester(by: &Admin) -> (AccountId, Hash) {
    let actor = by.actor().unwrap_or(UserId::NOBODY);
    (
        AccountId::of_owner(actor),
        Hash::of(&format!("mail_test:{actor}")),
    )
}

impl Accounts {
    /// Stores the SMTP settings. Policies that need mail wait for a confirmed test mail again; the same settings again
    /// change nothing.
    pub async fn set_smtp_form(
        &self,
        by: &Admin,
        form: &SmtpForm,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let stored = self.smtp_settings().await?;
        let kept = stored
            .as_ref()
            .filter(|stored| stored.host == form.host && stored.user == form.user)
            .and_then(|stored| stored.password.clone());
        // Without a user nobody signs in, and a password is of no use.
        let password = form.password.clone().or(kept);
        let settings = SmtpSettings {
            host: form.host.clone(),
            port: form.port,
            security: form.security,
            user: form.user.clone(),
            password: password.filter(|_| form.user.is_some()),
            from: form.from.clone(),
        };
        if stored.as_ref() == Some(&settings) {
            return Ok(());
        }
        let tx = self.inner.store.begin().await?;
        self.put_smtp(&tx, &settings).await?;
        let changed = vec![SettingChanged::Mail];
        self.note_policy(&tx, by.actor(), changed, visitor).await?;
        Ok(tx.commit().await?)
    }

    /// Sends a test mail at once, not through the outbox, so that the conversation can be shown. The mailbox of a demo
    /// keeps it as any other.
    pub async fn test_mail(
        &self,
        by: &Admin,
        mailer: &Mailer,
        to: &str,
        language: &str,
        _visitor: &Visitor,
    ) -> Result<MailTest, AccountError> {
        let tongue = Tongue::of(language);
        let look = mailer.look().await;
        let transport = match mailer.way(&look).await? {
            Ok(transport) => transport,
            Err(unusable) => {
                let reason = unusable.to_string();
                let told = tongue.with("mail-test-settings", &[("reason", reason.into())]);
                return Ok(MailTest::Failed(told, Vec::new()));
            }
        };
        if matches!(transport, Transport::Off) {
            return Ok(MailTest::NoMail);
        }
        let tx = self.inner.store.begin().await?;
        let Some(mail) = self.make_test(&tx, by, to).await? else {
            let told = tongue.t("mail-test-spent");
            return Ok(MailTest::Failed(told, Vec::new()));
        };
        let smtp = match transport {
            Transport::Smtp(smtp) => smtp,
            Transport::Mailbox | Transport::Off => {
                self.queue_mail(&tx, to, language, &mail).await?;
                tx.commit().await?;
                self.wake_mailer();
                return Ok(MailTest::Sent(Vec::new()));
            }
        };
        tx.commit().await?;
        let rendered = render(&mail, &look, tongue)
            .map_err(|_unwritable| AccountError::Unreadable { what: "mail" })?;
        let conversation = self.converse(&smtp, to, &rendered).await;
        Ok(told(&conversation, tongue))
    }

    /// Types the code of the test mail. `false`: it is not the code, or too old.
    pub async fn confirm_test_mail(&self, by: &Admin, typed: &str) -> Result<bool, AccountError> {
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(false);
        };
        let (_, flow) = tester(by);
        let answer = self.answer_code(&flow, Purpose::MailTest, &code).await?;
        let Answer::Right(proof) = answer else {
            return Ok(false);
        };
        let confirmed = async {
            let tx = self.inner.store.begin().await?;
            if !self.use_up(&tx, &proof).await? {
                return Ok(false);
            }
            self.put_mail_confirmed(&tx).await?;
            tx.commit().await?;
            Ok(true)
        };
        let confirmed = confirmed.await;
        self.unless_fault(&proof, confirmed).await
    }

    /// `None`: too many wrong codes were typed.
    async fn make_test(&self, tx: &Tx, by: &Admin, to: &str) -> Result<Option<Mail>, AccountError> {
        let (account, flow) = tester(by);
        let code_for = CodeFor {
            flow: &flow,
            account: Some(account),
            purpose: Purpose::MailTest,
            target: to,
        };
        let issued = self.issue_code(tx, &code_for).await?;
        Ok(issued.map(|(code, _)| Mail::Test {
            code: SecretText::new(code.reveal()),
        }))
    }

    async fn converse(&self, smtp: &Smtp, to: &str, mail: &Rendered) -> Conversation {
        let now = self.now();
        let outgoing = Outgoing {
            id: MailId::generate(now, &*self.inner.entropy),
            recipient: to,
            now,
            mail,
        };
        smtp.send_and_tell(&outgoing).await
    }
}

/// What an administrator reads of a conversation.
fn told(conversation: &Conversation, tongue: Tongue) -> MailTest {
    let passed = conversation.passed.iter();
    let lines = passed.map(|step| tongue.t(step.text_key())).collect();
    match &conversation.outcome {
        Ok(()) => MailTest::Sent(lines),
        Err(error) => {
            let what = tongue.t(error.text_key());
            MailTest::Failed(format!("{what} ({})", error.answer), lines)
        }
    }
}
