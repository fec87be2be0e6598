//! Mail settings of the console, and proof that mail arrives.
use usher_domain::secret::SecretText;
use usher_domain::settings::SmtpSecurity;
use usher_domain::visitor::Visitor;

use super::Admin;
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

impl Accounts {
    /// Stores the SMTP settings. Policies that need mail wait for a confirmed test mail again.
    pub async fn set_smtp_form(
        &self,
        by: &Admin,
        form: &SmtpForm,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        todo!()
    }

    /// Sends a test mail at once, not through the outbox, so that the conversation can be shown.
    pub async fn test_mail(
        &self,
        by: &Admin,
        mailer: &Mailer,
        to: &str,
        language: &str,
        visitor: &Visitor,
    ) -> Result<MailTest, AccountError> {
        todo!()
    }

    /// Types the code of the test mail. `false`: it is not the code, or too old.
    pub async fn confirm_test_mail(&self, by: &Admin, typed: &str) -> Result<bool, AccountError> {
        todo!()
    }
}
