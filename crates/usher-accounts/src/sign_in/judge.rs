//! Judging a password: by Jellyfin, read together with the user's policy.
//!
//! Invariant: 403 is not a verdict. Jellyfin says it before it looks at the password (switched off, hours, network), or
//! after the right one (device list, session limit); which of the two, only the policy tells.
use usher_domain::account::Account;
use usher_domain::activity::Activity;
use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Authenticated, Session, User};
use usher_store::WebSession;

use crate::limits::{Try, Whose};
use crate::{AccountError, Accounts, PasswordlessUsers};

/// What is known of a password now.
#[derive(Debug)]
pub(crate) enum Judged {
    /// It is this user's. With a session where it was tried under the client's own identity.
    Right(Box<User>, Option<Box<Session>>),
    /// It is not.
    Wrong,
    /// Nothing is known: the user may not be here now, whatever the password.
    NotNow,
}

impl Judged {
    /// What it counts as.
    pub(crate) const fn outcome(&self) -> Outcome {
        match self {
            Self::Right(..) => Outcome::Right,
            Self::Wrong => Outcome::Wrong,
            Self::NotNow => Outcome::NotNow,
        }
    }
}

/// A password to be judged.
pub(crate) struct Tried<'a> {
    /// Whose it should be; `None` where nobody has the typed name.
    pub(crate) account: Option<&'a Account>,
    /// The name as typed.
    pub(crate) name: &'a str,
    /// The password.
    pub(crate) password: &'a SecretText,
    /// The client's own identity, where its answer can be passed on: one call. Otherwise a random device id is used, as
    /// the client's would end its present session, and signed out at once.
    pub(crate) identity: Option<&'a ClientIdentity>,
}

/// By whom tries are counted: the account where the name is known, else the name; a browser that is signed in to the
/// account has a count of its own (R19, R21), and each one at a profile's seat another.
pub(crate) fn whose<'a>(
    account: Option<&Account>,
    typed: &'a str,
    known: Option<&WebSession>,
) -> Whose<'a> {
    match (account, known) {
        (Some(account), Some(session)) if session.account == account.id => {
            if session.is_at_profile() {
                Whose::Seat(account.id, session.id)
            } else {
                Whose::KnownBrowser(account.id)
            }
        }
        (Some(account), _) => Whose::Account(account.id),
        (None, _) => Whose::Typed(typed),
    }
}

impl Accounts {
    /// Judges a password that was let through. The same calls are made for known and unknown names (R28).
    pub(crate) async fn judge(
        &self,
        admitted: &Try,
        tried: &Tried<'_>,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        if tried.name.trim().is_empty() {
            return Ok(Judged::Wrong);
        }
        let id = tried.account.map_or_else(
            || UserId::generate(self.now(), &*self.inner.entropy),
            |account| account.id.owner(),
        );
        let user = self.inner.jellyfin.user(id).await?;
        if let Some(user) = &user {
            self.keep_from_lockout(user).await?;
        }
        let name = user.as_ref().map_or(tried.name, |user| &user.name);
        let nobodys = self.nobodys_password();
        let is_taken = !admitted.is_used_up() || self.will_show_factor(tried.account).await?;
        let password = if is_taken { tried.password } else { &nobodys };
        let trial = self.trial_identity();
        let identity = tried.identity.unwrap_or(&trial);
        let answered = self
            .inner
            .jellyfin
            .authenticate(name, password, identity)
            .await?;
        match (answered, user) {
            (Authenticated::Right(session), user) => {
                let expected = user.map(|user| user.id);
                self.take_right(session, expected, tried.identity.is_some(), visitor)
                    .await
            }
            (Authenticated::Wrong, Some(user)) if self.is_closed_to(&user.policy, visitor) => {
                Ok(Judged::NotNow)
            }
            (Authenticated::Wrong, _) => Ok(Judged::Wrong),
            (Authenticated::Forbidden, Some(before)) => {
                self.read_forbidden(&before, identity, visitor).await
            }
            (Authenticated::Forbidden, None) => Ok(Judged::NotNow),
        }
    }

    /// A right password of whom the answer names, which must be whom it was asked for.
    async fn take_right(
        &self,
        session: Box<Session>,
        expected: Option<UserId>,
        is_passed_on: bool,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        let user = session.user.clone();
        if expected.is_none() && self.profile_of_user(user.id).await?.is_some() {
            // Nobody is to know a password of a profile's user: one that an administrator gave it opens nothing.
            self.inner.jellyfin.sign_out(&session.token).await?;
            return Ok(Judged::Wrong);
        }
        let is_meant = expected.is_none_or(|expected| expected == user.id);
        let is_welcome = is_meant && !self.is_closed_to(&user.policy, visitor);
        if !is_welcome || !is_passed_on {
            self.inner.jellyfin.sign_out(&session.token).await?;
        }
        Ok(match (is_welcome, is_passed_on) {
            (false, _) => Judged::NotNow,
            (true, true) => Judged::Right(Box::new(user), Some(session)),
            (true, false) => Judged::Right(Box::new(user), None),
        })
    }

    /// 403 says that the password was right only where nothing can have been said before it was looked at: by the policy
    /// of before and of now, and by Jellyfin itself, which says 401 to a random password on the same device then (contract).
    async fn read_forbidden(
        &self,
        before: &User,
        identity: &ClientIdentity,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        let jellyfin = &self.inner.jellyfin;
        let Some(user) = jellyfin.user(before.id).await? else {
            return Ok(Judged::NotNow);
        };
        let said_before = [&before.policy, &user.policy].into_iter().any(|policy| {
            self.is_closed_to(policy, visitor)
                || !policy.enable_remote_access
                || !policy.access_schedules.is_empty()
        });
        let policy = &user.policy;
        let said_after = policy.max_active_sessions > 0 || !policy.enable_all_devices;
        if said_before || !said_after {
            return Ok(Judged::NotNow);
        }
        let random = self.nobodys_password();
        let answered = jellyfin.authenticate(&user.name, &random, identity).await?;
        Ok(match answered {
            Authenticated::Wrong => Judged::Right(Box::new(user), None),
            Authenticated::Forbidden => Judged::NotNow,
            // A server that takes any password proves nothing by taking one.
            Authenticated::Right(session) => {
                jellyfin.sign_out(&session.token).await?;
                Judged::NotNow
            }
        })
    }

    /// Judges a password that was let through, and says what became of the try; an outage costs none (R7).
    pub(crate) async fn judge_admitted(
        &self,
        admitted: Try,
        tried: &Tried<'_>,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        let judged = self.judge(&admitted, tried, visitor).await;
        let outcome = judged.as_ref().map_or(Outcome::Undecided, Judged::outcome);
        let settled = self.settle(admitted, outcome).await;
        let judged = self.unless_awaiting(judged?, tried.account).await?;
        settled?;
        Ok(judged)
    }

    /// An account that waits for its set-up has a password that nobody knows: no door takes one.
    pub(super) async fn unless_awaiting(
        &self,
        judged: Judged,
        account: Option<&Account>,
    ) -> Result<Judged, AccountError> {
        if account.is_none_or(|account| account.set_up.is_none()) {
            return Ok(judged);
        }
        if let Judged::Right(_, Some(session)) = &judged {
            self.inner.jellyfin.sign_out(&session.token).await?;
        }
        Ok(Judged::Wrong)
    }

    /// Whether a user without a password is let in here (`passwordless_users = "local"`).
    pub(crate) fn is_let_in_without(&self, account: &Account, visitor: &Visitor) -> bool {
        self.inner.options.passwordless_users == PasswordlessUsers::Local
            && account.seen.passwordless == Some(true)
            && account.set_up.is_none()
            && visitor.is_private()
    }

    /// The user of an account that is let in without a password, as long as Jellyfin itself takes an empty one now.
    pub(crate) async fn open_user(&self, account: &Account) -> Result<Option<User>, AccountError> {
        let device = OpaqueToken::generate(&*self.inner.entropy);
        let jellyfin = &self.inner.jellyfin;
        let Some(user) = jellyfin.user(account.id.owner()).await? else {
            return Ok(None);
        };
        self.keep_from_lockout(&user).await?;
        let is_open = jellyfin.stands_open(&user.name, device.reveal()).await?;
        Ok(is_open.then_some(user))
    }

    /// A refused sign-in or proof, for the owner to see. For a name that nobody has as much is written and committed, where nobody
    /// reads it (R28).
    pub(crate) async fn note_refusal(
        &self,
        account: Option<&Account>,
        what: Activity,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        match account {
            Some(account) => self.note(&tx, account.id, None, what, visitor).await?,
            None => self.note_nothing(&tx, visitor).await?,
        }
        Ok(tx.commit().await?)
    }

    /// Whether this account is asked for a second factor, or for the trust of a browser that showed one, after its password.
    /// The same is read for a name that nobody has.
    async fn will_show_factor(&self, account: Option<&Account>) -> Result<bool, AccountError> {
        let nobody = self.nobodys_account();
        self.asks_for_factor(account.unwrap_or(&nobody)).await
    }

    /// A password that is certainly wrong. It takes the place of one that is not taken: so the answer, and the time that it
    /// takes, tell nobody which names that is true of (R24, R31).
    fn nobodys_password(&self) -> SecretText {
        SecretText::new(OpaqueToken::generate(&*self.inner.entropy).reveal())
    }

    fn trial_identity(&self) -> ClientIdentity {
        let device = OpaqueToken::generate(&*self.inner.entropy);
        ClientIdentity {
            client: "Usher".to_owned(),
            device: "Usher".to_owned(),
            device_id: device.reveal().to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The account of a user who has just signed in; seen now if never before.
    pub(crate) async fn account_of(&self, user: &User) -> Result<Account, AccountError> {
        let tx = self.inner.store.begin().await?;
        self.see(&tx, user).await?;
        let account = tx.account(AccountId::of_owner(user.id)).await?;
        tx.commit().await?;
        account.ok_or(AccountError::Unreadable { what: "account" })
    }
}
