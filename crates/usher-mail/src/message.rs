//! From a rendered mail to the message that is sent. Built anew for each try: nothing stored is sent as it is (R60).
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{
    ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue,
};
use lettre::message::{Body, Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, error::Error};
use usher_domain::id::MailId;
use usher_domain::time::Timestamp;

use crate::Rendered;

/// A mail on its way out.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// Its identifier in the outbox: the `Message-ID` is made from it, so that a mail that arrives twice shows once.
    pub id: MailId,
    /// To whom.
    pub recipient: &'a str,
    /// The present moment, for `Date`.
    pub now: Timestamp,
    /// What it says.
    pub mail: &'a Rendered,
}

/// `Auto-Submitted: auto-generated`: out-of-office programs do not answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Outgoing<'_> {
    /// The message, from one sender to one address.
    pub(crate) fn message(&self, from: &Mailbox, to: &Address) -> Result<Message, Error> {
        let since_1970 = Duration::from_millis(u64::try_from(self.now.as_millis()).unwrap_or(0));
        let parts = MultiPart::alternative()
            .singlepart(part(ContentType::TEXT_PLAIN, &self.mail.text))
            .singlepart(part(ContentType::TEXT_HTML, &self.mail.html));
        Message::builder()
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .date(UNIX_EPOCH + since_1970)
            .from(from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(self.mail.subject.clone())
            .header(AutoSubmitted)
            .multipart(parts)
    }
}

/// Quoted-printable always: no line is long, none begins with a dot, every line ends in CRLF.
fn part(kind: ContentType, text: &str) -> SinglePart {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    // Refused only where a text does not fit into 7 or 8 bits as it is; quoted-printable holds every text.
    let body = Body::new_with_encoding(text.to_owned(), encoding).unwrap_or_else(Body::new);
    SinglePart::builder().header(kind).body(body)
}
