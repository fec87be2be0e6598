//! The mailbox of a demo: mails that were kept, readable, instead of being sent.
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, QuerySelect, Set};
use usher_domain::id::MailId;
use usher_domain::time::Timestamp;

use crate::entity::mailbox::{ActiveModel, Column, Entity, Model};
use crate::error::failed;
use crate::{Store, StoreError, Tx};

/// A kept mail. Holds a code and a link in clear: only a demo and tests keep mails.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptMail {
    /// The mail's identifier.
    pub id: MailId,
    /// To whom.
    pub recipient: String,
    /// Its kind's name.
    pub kind: String,
    /// Its subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The code in it.
    pub code: Option<String>,
    /// The address behind its button.
    pub link: Option<String>,
    /// When it "left".
    pub at: Timestamp,
}

impl std::fmt::Debug for KeptMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptMail")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl From<Model> for KeptMail {
    fn from(row: Model) -> Self {
        Self {
            id: MailId::new(row.id),
            recipient: row.recipient,
            kind: row.kind,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            code: row.code,
            link: row.link,
            at: Timestamp::from_millis(row.kept_at),
        }
    }
}

impl Store {
    /// The newest kept mails, newest first.
    pub async fn kept_mails(&self, limit: u64) -> Result<Vec<KeptMail>, StoreError> {
        let query = Entity::find()
            .order_by_desc(Column::KeptAt)
            .order_by_desc(Column::Id)
            .limit(limit);
        Ok(query
            .all(&self.db)
            .await
            .map_err(failed)?
            .into_iter()
            .map(KeptMail::from)
            .collect())
    }
}

impl Tx {
    /// Keeps a mail. Fails with [`StoreError::Taken`] for one that is kept already.
    pub async fn keep_mail(&self, mail: KeptMail) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(mail.id.as_uuid()),
            recipient: Set(mail.recipient),
            kind: Set(mail.kind),
            subject: Set(mail.subject),
            body_text: Set(mail.text),
            body_html: Set(mail.html),
            code: Set(mail.code),
            link: Set(mail.link),
            kept_at: Set(mail.at.as_millis()),
        };
        row.insert(&self.inner).await.map_err(failed)?;
        Ok(())
    }
}
