//! "Who's watching?": asked at the end of a sign-in on the web, and again from the menu of Jellyfin's web client.
//!
//! Invariant: a PIN counts only in a sign-in whose every other step is done, or in a browser that is signed in (R43).
//! Invariant: a browser that goes over to another seat gets a new cookie (R44), and the token of its former seat ends.
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::activity::{Door, ProfileDeed};
use usher_domain::id::AccountId;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{Answer, Step};
use usher_domain::visitor::Visitor;
use usher_store::{KnownToken, Seating, StoredAttempt, WebSession};

use super::{Choice, PinChecked};
use crate::me::Again;
use crate::sign_in::{Granted, Moved, SignedIn};
use crate::{AccountError, Accounts};

/// Who chooses.
#[derive(Clone, Copy, Debug)]
pub enum Chooser<'a> {
    /// Whoever signs in, by the cookie of the attempt.
    SignIn(&'a OpaqueToken),
    /// A browser that is signed in.
    Browser(&'a WebSession),
}

/// What opens a seat.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// Nothing: good where no PIN stands before it.
    None,
    /// What was typed for its PIN.
    Pin(&'a str),
    /// The account's password in place of a forgotten PIN, at sign-in.
    Password(&'a SecretText),
    /// In a browser that is signed in: its person has just proved to be the owner.
    Proof,
}

/// What the question shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watching {
    /// Who can watch on this device, the owner first.
    pub choices: Vec<Choice>,
    /// Who watched last on it.
    pub last: Option<Watcher>,
    /// It is a child's device: its profile alone may watch here.
    pub is_childs: bool,
}

/// What became of a choice.
#[derive(Debug)]
pub enum Seated {
    /// The sign-in went on.
    Moved(Moved),
    /// The browser is at the seat.
    Done(Box<SignedIn>),
    /// A PIN stands before it.
    PinAsked,
    /// What was typed for the PIN was not taken.
    PinRefused(PinChecked),
    /// The password was wrong.
    PasswordWrong,
    /// Too many passwords were wrong.
    Wait(Duration),
    /// Too many people sign in at this moment.
    Busy,
    /// The person must prove first to be the owner.
    ProveFirst,
    /// There is no such seat, or it is not for this device.
    Unknown,
    /// Its hours are over, or have not begun.
    OutsideHours,
    /// The sign-in, or the session, is over.
    Gone,
    /// Jellyfin does not let this user in on this device, or at present.
    Refused,
}

/// An attempt that is at the question, and whose it is.
struct Asked {
    stored: StoredAttempt,
    account: AccountId,
}

impl Accounts {
    /// What the question shows. `None`: it is not, or no longer, asked of this browser.
    pub async fn who_is_watching(
        &self,
        chooser: Chooser<'_>,
    ) -> Result<Option<Watching>, AccountError> {
        Ok(match chooser {
            Chooser::SignIn(cookie) => match self.asked(cookie).await? {
                Some(asked) => {
                    let device_id = &asked.stored.context.device_id;
                    Some(self.watching(asked.account, device_id).await?)
                }
                None => None,
            },
            Chooser::Browser(session) => {
                let device_id = self.device_of(session).await?;
                let mut watching = self.watching(session.account, &device_id).await?;
                let here = watching.choices.iter().find(|one| one.user == session.user);
                watching.last = here.map(|one| one.watcher).or(watching.last);
                Some(watching)
            }
        })
    }

    /// Takes a seat.
    pub async fn take_seat(
        &self,
        chooser: Chooser<'_>,
        watcher: Watcher,
        key: Key<'_>,
        visitor: &Visitor,
    ) -> Result<Seated, AccountError> {
        match chooser {
            Chooser::SignIn(cookie) => self.sit_at_sign_in(cookie, watcher, key, visitor).await,
            Chooser::Browser(session) => self.go_over(session, watcher, key, visitor).await,
        }
    }

    /// Who of an account can watch on a device.
    pub(crate) async fn watching(
        &self,
        account: AccountId,
        device_key: &str,
    ) -> Result<Watching, AccountError> {
        let mut choices = self.profiles_for_choice(account).await?;
        let store = &self.inner.store;
        let child = store.child_device(account, device_key).await?;
        let only = child.map(|child| Watcher::Profile(child.profile));
        let is_childs = choices.iter().any(|one| Some(one.watcher) == only);
        if is_childs {
            choices.retain(|one| Some(one.watcher) == only);
        }
        Ok(Watching {
            choices,
            last: store.last_watcher(account, device_key).await?,
            is_childs,
        })
    }

    async fn asked(&self, cookie: &OpaqueToken) -> Result<Option<Asked>, AccountError> {
        let stored = self.stored_attempt(cookie).await?;
        let stored = stored.filter(|stored| stored.state.step() == Step::ChooseProfile);
        Ok(stored.and_then(|stored| {
            let account = stored.state.account()?;
            Some(Asked { stored, account })
        }))
    }

    async fn sit_at_sign_in(
        &self,
        cookie: &OpaqueToken,
        watcher: Watcher,
        key: Key<'_>,
        visitor: &Visitor,
    ) -> Result<Seated, AccountError> {
        let Some(Asked { stored, account }) = self.asked(cookie).await? else {
            return Ok(Seated::Gone);
        };
        let Some(account) = self.account(account).await? else {
            return Ok(Seated::Gone);
        };
        let device_id = stored.context.device_id.clone();
        let watching = self.watching(account.id, &device_id).await?;
        let Some(choice) = seat(&watching, watcher) else {
            return Ok(Seated::Unknown);
        };
        let refused = self.unlock(&account, None, choice, key, visitor).await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        let tx = self.inner.store.begin().await?;
        tx.note_watcher(account.id, &device_id, watcher, self.now())
            .await?;
        let chosen = Answer::ProfileChosen(choice.user);
        let advance = self.advance(&tx, stored, chosen).await?;
        tx.commit().await?;
        Ok(Seated::Moved(self.moved(advance, visitor).await?))
    }

    async fn go_over(
        &self,
        session: &WebSession,
        watcher: Watcher,
        key: Key<'_>,
        visitor: &Visitor,
    ) -> Result<Seated, AccountError> {
        let account = self.account(session.account).await?;
        let Some(account) = account.filter(|account| !account.is_kept_out()) else {
            return Ok(Seated::Gone);
        };
        let device_id = self.device_of(session).await?;
        let watching = self.watching(account.id, &device_id).await?;
        let Some(choice) = seat(&watching, watcher) else {
            return Ok(Seated::Unknown);
        };
        let refused = self
            .unlock(&account, Some(session), choice, key, visitor)
            .await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        let sitting = Sitting {
            session,
            account: &account,
            choice,
        };
        self.move_over(sitting, &device_id, visitor).await
    }

    /// Whether a seat opens; `None`: it does.
    async fn unlock(
        &self,
        account: &Account,
        session: Option<&WebSession>,
        choice: &Choice,
        key: Key<'_>,
        visitor: &Visitor,
    ) -> Result<Option<Seated>, AccountError> {
        if !choice.is_open_now {
            return Ok(Some(Seated::OutsideHours));
        }
        // Whoever is at a seat has come past its PIN.
        let is_there = session.is_some_and(|session| session.user == choice.user);
        if !choice.has_pin || is_there {
            return Ok(None);
        }
        let (id, watcher) = (account.id, choice.watcher);
        let refused = match (key, session) {
            (Key::None, _) => Some(Seated::PinAsked),
            (Key::Pin(typed), _) => match self.judge_pin(id, watcher, typed, visitor).await? {
                PinChecked::Right => None,
                PinChecked::Unknown => Some(Seated::Unknown),
                refused @ (PinChecked::Wrong
                | PinChecked::NotAPin
                | PinChecked::Wait(_)
                | PinChecked::PasswordNeeded) => Some(Seated::PinRefused(refused)),
            },
            (Key::Password(password), None) => {
                match self.judge_again(None, account, password, visitor).await? {
                    Again::Right(_) => None,
                    Again::Wrong => Some(Seated::PasswordWrong),
                    Again::Wait(span) => Some(Seated::Wait(span)),
                    Again::Busy => Some(Seated::Busy),
                }
            }
            (Key::Proof, Some(session)) if self.is_fresh(session) => None,
            (Key::Password(_) | Key::Proof, _) => Some(Seated::ProveFirst),
        };
        if refused.is_none() && matches!(key, Key::Password(_) | Key::Proof) {
            self.forget_wrong_pins(id, watcher).await?;
        }
        Ok(refused)
    }

    async fn move_over(
        &self,
        sitting: Sitting<'_>,
        device_id: &str,
        visitor: &Visitor,
    ) -> Result<Seated, AccountError> {
        let (account, user) = (sitting.account, sitting.choice.user);
        let taken = Answer::SeatTaken(account.id, sitting.session.level, user);
        let attempt = self.begin_attempt(Door::Web, taken);
        let Some(grant) = attempt.finish(self.now()) else {
            return Ok(Seated::Gone);
        };
        let identity = self.web_identity(device_id, visitor).await?;
        let theme = self.theme_of(user).await?;
        let minted = self.session_for(&grant, None, &identity, visitor).await?;
        let Some(minted) = minted else {
            return Ok(Seated::Refused);
        };
        let granted = Granted {
            grant: &grant,
            session: &minted,
            identity: &identity,
            epoch: account.epoch,
            app_password: None,
            screen: None,
        };
        let sat = self.sit(&sitting, &granted, visitor).await;
        if !matches!(sat, Ok(Some(_))) {
            self.sign_out_unregistered(&minted.token).await;
        }
        let Some(sat) = sat? else {
            return Ok(Seated::Gone);
        };
        self.forget_tokens(&sat.former);
        self.sign_out_after_all(&sat.former).await;
        Ok(Seated::Done(Box::new(SignedIn {
            cookie: sat.cookie,
            trusted: None,
            token: minted.token.clone(),
            user,
            server_id: minted.server_id.clone(),
            next: String::new(),
            device_id: identity.device_id,
            theme,
        })))
    }

    /// Writes down that the browser is at its new seat. `None`: it may not be there any more, or was faster elsewhere.
    async fn sit(
        &self,
        sitting: &Sitting<'_>,
        granted: &Granted<'_>,
        visitor: &Visitor,
    ) -> Result<Option<Sat>, AccountError> {
        let (session, now) = (sitting.session, self.now());
        let cookie = OpaqueToken::generate(&*self.inner.entropy);
        let tx = self.inner.store.begin().await?;
        if !self.admits(&tx, granted).await? {
            return Ok(None);
        }
        self.know_token(&tx, granted, visitor).await?;
        // Before its session, as a sign-out does.
        let ended = match &session.token {
            Some(former) => tx.end_token_first(former, now).await?,
            None => Vec::new(),
        };
        let seating = Seating {
            digest: &cookie.hash(),
            user: sitting.choice.user,
            token: &granted.session.token.hash(),
            former: session.token.as_ref(),
            now,
        };
        if !tx
            .seat_web_session(session.id, session.account, &seating)
            .await?
        {
            return Ok(None);
        }
        let (account, watcher) = (session.account, sitting.choice.watcher);
        let device_key = granted.identity.device_key();
        tx.note_watcher(account, &device_key, watcher, now).await?;
        let user = sitting.choice.user;
        // Who goes to and fro would drive everything else out of the log.
        if session.user != user
            && self
                .admit_notice(&tx, account, &format!("seat {} {user}", session.id))
                .await?
        {
            self.note_deed(&tx, account, ProfileDeed::SeatTaken, watcher, visitor)
                .await?;
        }
        tx.commit().await?;
        Ok(Some(Sat {
            cookie,
            former: ended,
        }))
    }
}

/// A browser on its way to a seat.
struct Sitting<'a> {
    session: &'a WebSession,
    account: &'a Account,
    choice: &'a Choice,
}

/// A browser at its new seat.
struct Sat {
    cookie: OpaqueToken,
    /// The token of the seat before; none where Jellyfin ended it itself.
    former: Vec<KnownToken>,
}

fn seat(watching: &Watching, watcher: Watcher) -> Option<&Choice> {
    let mut choices = watching.choices.iter();
    choices.find(|one| one.watcher == watcher)
}
