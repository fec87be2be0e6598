//! The mail about a sign-in on a device that was not seen before (R39): whoever reads it can take the sign-in back.
use std::time::Duration;

use usher_domain::activity::Door;
use usher_domain::code::Purpose;
use usher_domain::mail::{Mail, NewSignIn};
use usher_domain::sign_in::LIFE;
use usher_domain::visitor::Visitor;
use usher_store::{DeviceSeen, Tx};

use super::finish::Granted;
use crate::activity::profile_called;
use crate::address::link_to;
use crate::{AccountError, Accounts};

/// A device that was not used for so long is a new one again.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);

impl Accounts {
    /// Queues the mail, where it is due. To be called before the token of the sign-in has its row: a device is known by the
    /// tokens that it had.
    ///
    /// The first sign-in of an account is no news to its person, and neither is the one that chose the first password.
    pub(super) async fn tell_new_sign_in(
        &self,
        tx: &Tx,
        granted: &Granted<'_>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let id = granted.grant.account();
        let since = now - REMEMBERED;
        let seen = tx.device_seen(id, granted.identity, since).await?;
        if seen != DeviceSeen::New || tx.was_set_up_since(id, now - LIFE).await? {
            return Ok(());
        }
        let Some(account) = tx.account(id).await? else {
            return Ok(());
        };
        let Some(address) = account.proven_address() else {
            return Ok(());
        };
        let (link, not_me_expires) = self
            .issue_link(tx, id, Purpose::NotMe, address.as_str())
            .await?;
        let device = match granted.grant.door() {
            Door::Web => String::new(),
            Door::App | Door::QuickConnect | Door::AppPassword => granted.identity.device.clone(),
        };
        let profile = profile_called(tx, granted.grant.user()).await?;
        let mail = Mail::NewSignIn(NewSignIn {
            user_name: account.seen.name.clone(),
            profile: profile.unwrap_or_default(),
            device,
            origin: visitor.origin(now),
            not_me: link_to("not-me", &link),
            not_me_expires,
        });
        self.tell(tx, &account, &mail).await
    }
}
