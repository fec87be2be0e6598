//! The first page of an account.
use usher_domain::settings::Requirement;
use usher_store::WebSession;

use super::Overview;
use crate::{AccountError, Accounts};

/// Lines of activity on the page.
const LINES: u64 = 20;

impl Accounts {
    /// What the first page of an account shows. `None`: the account is gone or switched off, its session is ended.
    pub async fn overview(&self, session: &WebSession) -> Result<Option<Overview>, AccountError> {
        let account = self.account(session.account).await?;
        let account = account.filter(|account| !account.is_kept_out() && !account.seen.disabled);
        let Some(account) = account else {
            let tx = self.inner.store.begin().await?;
            tx.end_web_session(session.account, session.id).await?;
            tx.commit().await?;
            return Ok(None);
        };
        let requirement = self.settings().await?.email.requirement;
        Ok(Some(Overview {
            places: self.places(session).await?,
            activity: self.activities_of(account.id, LINES).await?,
            mail_works: self.mail_works().await?,
            address_required: requirement == Requirement::Required,
            account,
        }))
    }
}
