//! One conversation with a mail server.
use std::time::Duration;

use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use lettre::{Address, Message};
use tokio::net::lookup_host;

use super::error::{Cause, SmtpError, Step};
use super::{Security, Smtp};
use crate::Outgoing;

/// How long the server may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(5);

/// What came of a conversation.
#[derive(Clone, Debug)]
pub struct Conversation {
    /// The steps that succeeded, in their order.
    pub passed: Vec<Step>,
    /// How it ended.
    pub outcome: Result<(), SmtpError>,
}

/// How far a conversation has come, known also when it is broken off.
struct Progress {
    passed: Vec<Step>,
    at: Step,
}

impl Progress {
    fn begin(&mut self, step: Step) {
        if step > self.at {
            self.passed.push(self.at);
            self.at = step;
        }
    }

    /// What an error of lettre means at this step.
    fn fault(&self, error: &lettre::transport::smtp::Error) -> SmtpError {
        SmtpError::of(self.at, error)
    }
}

impl Smtp {
    pub(super) async fn converse(&self, outgoing: &Outgoing<'_>) -> Conversation {
        let mut progress = Progress {
            passed: Vec::new(),
            at: Step::Name,
        };
        let talk = tokio::time::timeout(self.time_out, self.talk(outgoing, &mut progress));
        let outcome = match talk.await {
            Ok(Ok(mut connection)) => {
                // The server has the mail; what becomes of the farewell changes nothing.
                drop(tokio::time::timeout(FAREWELL, connection.quit()).await);
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_elapsed) => {
                let answer = format!("{} s", self.time_out.as_secs());
                Err(SmtpError::new(progress.at, Cause::TimedOut, answer))
            }
        };
        if outcome.is_ok() {
            progress.passed.push(progress.at);
        }
        Conversation {
            passed: progress.passed,
            outcome,
        }
    }

    async fn talk(
        &self,
        outgoing: &Outgoing<'_>,
        progress: &mut Progress,
    ) -> Result<AsyncSmtpConnection, SmtpError> {
        let no_address =
            |error: &dyn std::fmt::Display| SmtpError::new(Step::Recipient, Cause::Address, error);
        let to: Address = outgoing
            .recipient
            .parse()
            .map_err(|error: lettre::address::AddressError| no_address(&error))?;
        let message = outgoing
            .message(&self.from, &to)
            .map_err(|error| no_address(&error))?;
        let mut connection = self.connect(progress).await?;
        self.hand_over(&mut connection, to, message, progress)
            .await?;
        Ok(connection)
    }

    async fn connect(&self, progress: &mut Progress) -> Result<AsyncSmtpConnection, SmtpError> {
        let unknown =
            |answer: &dyn std::fmt::Display| SmtpError::new(Step::Name, Cause::NameUnknown, answer);
        let addresses = lookup_host((self.host.as_str(), self.port))
            .await
            .map_err(|error| unknown(&error))?;
        let addresses: Vec<_> = addresses.collect();
        progress.begin(Step::Connect);
        let hello = ClientId::default();
        let tls = if let Security::Implicit(tls) = &self.security {
            Some(tls.clone())
        } else {
            None
        };
        let connected = AsyncSmtpConnection::connect_tokio1(
            &addresses[..],
            Some(self.time_out),
            &hello,
            tls,
            None,
        )
        .await;
        let mut connection = connected.map_err(|error| progress.fault(&error))?;
        if let Security::StartTls(tls) = &self.security {
            progress.begin(Step::Tls);
            connection
                .starttls(tls.clone(), &hello)
                .await
                .map_err(|error| progress.fault(&error))?;
        }
        Ok(connection)
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        to: Address,
        message: Message,
        progress: &mut Progress,
    ) -> Result<(), SmtpError> {
        if let Some(login) = &self.login {
            progress.begin(Step::Login);
            let known = [Mechanism::Plain, Mechanism::Login];
            connection
                .auth(&known, login)
                .await
                .map_err(|error| progress.fault(&error))?;
        }
        progress.begin(Step::Sender);
        let from = self.from.email.clone();
        let wide = [&from, &to]
            .into_iter()
            .any(|address| !AsRef::<str>::as_ref(address).is_ascii());
        if wide
            && !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
        {
            return Err(SmtpError::new(Step::Recipient, Cause::Address, "SMTPUTF8"));
        }
        let parameters = if wide {
            vec![MailParameter::SmtpUtfEight]
        } else {
            Vec::new()
        };
        connection
            .command(Mail::new(Some(from), parameters))
            .await
            .map_err(|error| progress.fault(&error))?;
        progress.begin(Step::Recipient);
        connection
            .command(Rcpt::new(to, Vec::new()))
            .await
            .map_err(|error| progress.fault(&error))?;
        progress.begin(Step::Message);
        connection
            .command(Data)
            .await
            .map_err(|error| progress.fault(&error))?;
        connection
            .message(&message.formatted())
            .await
            .map_err(|error| progress.fault(&error))?;
        Ok(())
    }
}
