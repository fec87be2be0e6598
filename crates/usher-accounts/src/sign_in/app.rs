//! The app door: a client's own form, which can show nothing of ours.
//!
//! Invariant: what is tried and minted upstream goes on to its end when the client hangs up: no token is left that nobody
//! knows of (R45).
mod factor;
mod handed;
mod hold;
mod program;
mod split;

pub use factor::Waiting;
pub(crate) use hold::HELD_AT_ONCE;
pub use hold::LONGEST_HOLD;

use std::time::Duration;

use bytes::Bytes;
use tracing::Instrument;
use usher_domain::account::{APPS_GRACE, Account, Epoch};
use usher_domain::activity::{Activity, Door};
use usher_domain::code::Code;
use usher_domain::device::ClientIdentity;
use usher_domain::id::AppPasswordId;
use usher_domain::second_factor::Show;
use usher_domain::secret::SecretText;
use usher_domain::sign_in::{AddressOwed, Answer, Grant, Owed, Seat, Step};
use usher_domain::throttle::Outcome;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Session, User};
use usher_text::Tongue;

use self::factor::Owing;
use self::program::Typed;
use self::split::split;
use super::finish::{Granted, Registered};
use super::judge::{Judged, Tried, whose};
use crate::account::epoch_before;
use crate::limits::{Admitted, Try};
use crate::{AccountError, Accounts, PasswordlessUsers};

/// How long a message stands on a screen.
const SHOWN_MS: u32 = 20_000;

/// `AuthenticateByName`, read.
#[derive(Clone, Debug)]
pub struct AppForm<'a> {
    /// User name or proven address; the name of a profile may stand behind it after a slash.
    pub name: &'a str,
    /// The password; a code of six digits may stand behind it after a blank.
    pub password: &'a SecretText,
    /// The client, as it names itself.
    pub identity: &'a ClientIdentity,
}

/// What an app is answered.
#[derive(Debug)]
pub enum AppSignIn {
    /// Jellyfin's own answer, with a token that is known here.
    Answer(Bytes),
    /// 401, always the same: now, or when [`Accounts::hold_answer`] says so. Somebody was told of it, and may approve in a
    /// moment.
    Waits(Box<Waiting>),
    /// 401, always the same.
    Refused,
    /// Too many tries.
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
}

/// Somebody pressed "sign in".
#[derive(Clone, Debug)]
pub(super) struct Pressed {
    name: String,
    /// The profile that was named behind the account: `anna/Kids`. No user name has a slash.
    profile: Option<String>,
    password: SecretText,
    identity: ClientIdentity,
    visitor: Visitor,
    /// When: from here on the client counts how long it waits.
    at: Timestamp,
}

/// Whose the password was, judged in which epoch; with a session where it was tried under the client's own identity.
struct Proven<'a> {
    user: &'a User,
    epoch: Epoch,
    session: Option<Box<Session>>,
    /// The code that stood behind the password.
    code: Option<Code>,
}

/// A sign-in whose every step is done.
struct Ended {
    grant: Grant,
    epoch: Epoch,
    session: Option<Box<Session>>,
    app_password: Option<AppPasswordId>,
}

impl Accounts {
    /// Name and password at an app's form. An empty password is refused at once, without a try being counted: Roku tries
    /// one on every tile, Kodi sends a null.
    pub async fn app_password(
        &self,
        form: &AppForm<'_>,
        visitor: &Visitor,
    ) -> Result<AppSignIn, AccountError> {
        let (name, profile) = match form.name.split_once('/') {
            Some((name, profile)) => (name, Some(profile.trim().to_owned())),
            None => (form.name, None),
        };
        let pressed = Pressed {
            name: name.to_owned(),
            profile,
            password: form.password.clone(),
            identity: form.identity.clone(),
            visitor: visitor.clone(),
            at: self.now(),
        };
        let accounts = self.clone();
        to_its_end(async move { accounts.decide(&pressed).await }).await
    }

    async fn decide(&self, pressed: &Pressed) -> Result<AppSignIn, AccountError> {
        let is_empty = pressed.password.reveal().trim().is_empty();
        if is_empty && self.inner.options.passwordless_users == PasswordlessUsers::Refuse {
            return Ok(AppSignIn::Refused);
        }
        let found = self.find(&pressed.name).await?;
        let account = found.account();
        if is_empty {
            return self.without_password(account, pressed).await;
        }
        let (whose, visitor) = (whose(account, &pressed.name, None), &pressed.visitor);
        // A program comes in however many passwords were wrong, and proves nothing about them.
        let admitted = match self.read_typed(account, pressed).await? {
            Typed::AppPassword(account, program) => {
                return self.let_program_in(account, &program, pressed).await;
            }
            Typed::LikeAppPassword => self.admit_app_password(whose, visitor).await?,
            Typed::Password => self.admit(whose, visitor).await?,
        };
        let tried = match admitted {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(AppSignIn::Wait(span)),
            Admitted::Busy => return Ok(AppSignIn::Busy),
        };
        let (judged, code) = self.judge_typed(tried, account, pressed).await?;
        match judged {
            Judged::Right(user, session) => {
                let proven = Proven {
                    epoch: epoch_before(account, user.id),
                    user: &user,
                    session,
                    code,
                };
                self.let_app_in(proven, pressed).await
            }
            Judged::Wrong | Judged::NotNow => {
                let what = Activity::SignInRefused { door: Door::App };
                self.note_refusal(account, what, visitor).await?;
                Ok(AppSignIn::Refused)
            }
        }
    }

    /// Judges what was typed, and says what became of the try: one, however often Jellyfin is asked.
    async fn judge_typed(
        &self,
        tried: Try,
        account: Option<&Account>,
        pressed: &Pressed,
    ) -> Result<(Judged, Option<Code>), AccountError> {
        let judged = self.judge_both(&tried, account, pressed).await;
        let outcome = judged
            .as_ref()
            .map_or(Outcome::Undecided, |(judged, _)| judged.outcome());
        let settled = self.settle(tried, outcome).await;
        let (judged, code) = judged?;
        let judged = self.unless_awaiting(judged, account).await?;
        settled?;
        Ok((judged, code))
    }

    /// What stands before a blank and six digits first, then the whole: for every name alike (R28). That the part is the
    /// password counts only where a second factor is due; nobody else's password gets shorter by it.
    async fn judge_both(
        &self,
        admitted: &Try,
        account: Option<&Account>,
        pressed: &Pressed,
    ) -> Result<(Judged, Option<Code>), AccountError> {
        let whole = Tried {
            account,
            name: &pressed.name,
            password: &pressed.password,
            identity: None,
        };
        if let Some(parts) = split(&pressed.password) {
            let part = Tried {
                password: &parts.password,
                ..whole
            };
            let judged = self.judge(admitted, &part, &pressed.visitor).await?;
            if let Judged::Right(user, _) = &judged
                && self.owes_factor(user).await?
            {
                return Ok((judged, Some(parts.code)));
            }
        }
        let is_direct = self.owes_nothing(account, Door::App).await? && pressed.profile.is_none();
        let whole = Tried {
            identity: is_direct.then_some(&pressed.identity),
            ..whole
        };
        let judged = self.judge(admitted, &whole, &pressed.visitor).await?;
        Ok((judged, None))
    }

    async fn owes_factor(&self, user: &User) -> Result<bool, AccountError> {
        let account = self.account_of(user).await?;
        let owed = self.owed(&account, Door::App).await?;
        Ok(owed.factor.show == Show::Yes)
    }

    /// A user without a password, at home, where the administrator allows it. No mail is sent for an empty password.
    async fn without_password(
        &self,
        account: Option<&Account>,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let refused = Ok(AppSignIn::Refused);
        let Some(account) =
            account.filter(|account| self.is_let_in_without(account, &pressed.visitor))
        else {
            return refused;
        };
        match self.open_user(account).await? {
            Some(user) if !self.owes_factor(&user).await? => {
                let proven = Proven {
                    epoch: account.epoch,
                    user: &user,
                    session: None,
                    code: None,
                };
                self.let_app_in(proven, pressed).await
            }
            Some(_) | None => refused,
        }
    }

    async fn let_app_in(
        &self,
        proven: Proven<'_>,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let Proven {
            user,
            epoch,
            session,
            code,
        } = proven;
        let account = self.account_of(user).await?;
        let Some(seat) = self.seat(&account, pressed).await? else {
            return Ok(AppSignIn::Refused);
        };
        let owed = Owed {
            seat,
            ..self.owed(&account, Door::App).await?
        };
        let attempt = self.begin_attempt(Door::App, Answer::PasswordRight(account.id, owed));
        let step = attempt.step();
        if let (Step::Done, Some(grant)) = (step, attempt.clone().finish(self.now())) {
            let ended = Ended {
                grant,
                epoch,
                session,
                app_password: None,
            };
            return self.give_token(ended, &account, pressed).await;
        }
        if let Some(session) = session {
            self.inner.jellyfin.sign_out(&session.token).await?;
        }
        if step != Step::SecondFactor {
            return Ok(AppSignIn::Refused);
        }
        let owing = Owing {
            account,
            attempt,
            epoch,
        };
        self.ask_for_factor(owing, pressed, code).await
    }

    /// As which Jellyfin user the person goes in. `None`: the account has no such profile, or it is not open, as is noted then.
    async fn seat(
        &self,
        account: &Account,
        pressed: &Pressed,
    ) -> Result<Option<Seat>, AccountError> {
        let Some(name) = &pressed.profile else {
            return Ok(Some(Seat::Owner));
        };
        let profile = self.profile_named(account.id, name).await?;
        let seat = profile.and_then(|profile| profile.user).map(Seat::Profile);
        if seat.is_none() {
            self.note_profile_refused(account, name, &pressed.visitor)
                .await?;
        }
        Ok(seat)
    }

    /// A token for a sign-in whose every step is done: Jellyfin's own answer, or one that is minted.
    async fn give_token(
        &self,
        ended: Ended,
        account: &Account,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let (identity, visitor) = (&pressed.identity, &pressed.visitor);
        let session = self.session_for(&ended.grant, ended.session, identity, visitor);
        let Some(session) = session.await? else {
            self.note_seat_refused(&ended.grant, identity, visitor)
                .await?;
            return Ok(AppSignIn::Refused);
        };
        let granted = Granted {
            grant: &ended.grant,
            session: &session,
            identity,
            epoch: ended.epoch,
            app_password: ended.app_password,
            screen: None,
        };
        if let Registered::TooLate = self.register(&granted, visitor).await? {
            self.note_seat_refused(&ended.grant, identity, visitor)
                .await?;
            return Ok(AppSignIn::Refused);
        }
        if ended.app_password.is_none() {
            self.remind(account, &session).await?;
        }
        Ok(AppSignIn::Answer(session.whole))
    }

    /// Says on the screen until when an app lets this person in without an address (design, section 4). Nobody waits for
    /// it, and a client that shows no messages shows none.
    async fn remind(&self, account: &Account, session: &Session) -> Result<(), AccountError> {
        let owed = self.address_owed(account, Door::Web).await?;
        let policy = self.email_policy().await?;
        let (AddressOwed::Required, Some(since), Some(id)) =
            (owed, policy.since, session.session_id.clone())
        else {
            return Ok(());
        };
        let tongue = Tongue::of(account.language());
        let until = tongue.moment(since + APPS_GRACE, &self.inner.options.server_zone);
        let text = tongue.with("app-address-owed", &[("until", until.into())]);
        let jellyfin = self.inner.jellyfin.clone();
        tokio::spawn(async move {
            if let Err(error) = jellyfin.message(&id, &text, SHOWN_MS).await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "A screen could not be told what is owed"
                );
            }
        });
        Ok(())
    }
}

/// Does something whether or not the client is still there when it ends.
async fn to_its_end<Done: Send + 'static>(
    work: impl Future<Output = Result<Done, AccountError>> + Send + 'static,
) -> Result<Done, AccountError> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(done) => done,
        Err(_stopped) => Err(AccountError::Stopping),
    }
}
