//! A second factor at an app's form, which cannot ask for one: approved elsewhere, or typed behind the password.
//!
//! Invariant: a press is let through once, by one conditional update, and only for a retry as the same user from the same
//! program, device and address whose password was judged again.
use std::sync::Arc;
use std::time::Duration;

use usher_domain::account::{Account, Epoch};
use usher_domain::activity::{Activity, Door};
use usher_domain::code::Code;
use usher_domain::id::PressId;
use usher_domain::second_factor::FactorLevel;
use usher_domain::sign_in::{Answer, Attempt, LIFE, Step};
use usher_store::{Press, PressSource, Tx, Unfinished, UnfinishedId};

use super::handed::Received;
use super::hold::{Hold, Look, patience_of};
use super::{AppSignIn, Ended, Pressed, to_its_end};
use crate::press::{flow_of, shown};
use crate::second_factor::{Judged, Right};
use crate::{AccountError, Accounts};

/// How long an approval waits for the retry that it lets through.
pub(super) const APPROVED: Duration = Duration::from_mins(10);

/// Whom an approval lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lets {
    /// The press that it was given for, whose answer was held.
    Held,
    /// A retry.
    Retry,
}

/// A right password whose second factor is due.
#[derive(Clone, Debug)]
pub(super) struct Owing {
    pub(super) account: Account,
    pub(super) attempt: Attempt,
    pub(super) epoch: Epoch,
}

/// An answer that can be held.
#[derive(Debug)]
pub struct Waiting {
    press: PressId,
    owing: Owing,
    pressed: Pressed,
}

impl Accounts {
    /// What follows on a right password whose second factor is due. `code`: what was typed behind it.
    pub(super) async fn ask_for_factor(
        &self,
        owing: Owing,
        pressed: &Pressed,
        code: Option<Code>,
    ) -> Result<AppSignIn, AccountError> {
        let refused = Ok(AppSignIn::Refused);
        let Some(press) = self.open_press(&owing, pressed).await? else {
            return refused;
        };
        if let Step::Refused(_) = press.state.step() {
            return refused;
        }
        if let Some(code) = code
            && let Some(answer) = self.show_behind(&owing, &press, &code, pressed).await?
        {
            return Ok(answer);
        }
        if let Some(level) = self.approval_of(&press) {
            return self
                .let_approved_in(Lets::Retry, owing, &press, level, pressed)
                .await;
        }
        let is_told = self
            .mail_press(&owing.account, &press, &pressed.visitor)
            .await?;
        if !is_told {
            return refused;
        }
        Ok(AppSignIn::Waits(Box::new(Waiting {
            press: press.id,
            owing,
            pressed: pressed.clone(),
        })))
    }

    /// Holds an answer until somebody approves, here or in another process, or for as long as this client waits.
    pub async fn hold_answer(&self, waiting: Waiting) -> Result<AppSignIn, AccountError> {
        let Ok(_seat) = Arc::clone(self.memory.held()).try_acquire_owned() else {
            return Ok(AppSignIn::Refused);
        };
        let pressed = &waiting.pressed;
        let longest = patience_of(&pressed.identity.client).min(self.inner.options.longest_hold);
        let hold = Hold {
            clock: &*self.inner.clock,
            until: pressed.at + longest,
            news: self.memory.pressed(),
        };
        let found = hold
            .or_until(|| self.look_at_waiting(waiting.press))
            .await?;
        let Some(Some((press, level))) = found else {
            return Ok(AppSignIn::Refused);
        };
        let accounts = self.clone();
        to_its_end(async move {
            let Waiting { owing, pressed, .. } = waiting;
            accounts
                .let_approved_in(Lets::Held, owing, &press, level, &pressed)
                .await
        })
        .await
    }

    async fn look_at_waiting(
        &self,
        id: PressId,
    ) -> Result<Look<Option<(Press, FactorLevel)>>, AccountError> {
        let Some(press) = self.inner.store.press(id, self.now()).await? else {
            return Ok(Look::Over(None));
        };
        Ok(match self.approval_of(&press) {
            Some(level) => Look::Over(Some((press, level))),
            None => Look::Waits,
        })
    }

    /// How an approval stands that still counts.
    fn approval_of(&self, press: &Press) -> Option<FactorLevel> {
        let (level, at) = press.approved?;
        (self.now().since(at) < APPROVED).then_some(level)
    }

    /// The press of this user, program, device and address that waits, or a new one. `None`: everything of the account was ended
    /// since its password was judged, its person said of this source that it was not theirs, or an answer that was held for
    /// it is still on its way.
    async fn open_press(
        &self,
        owing: &Owing,
        pressed: &Pressed,
    ) -> Result<Option<Press>, AccountError> {
        let (now, account) = (self.now(), owing.account.id);
        let identity = &pressed.identity;
        let source = PressSource {
            account,
            user: owing.attempt.owed().seat.user_in(account),
            client: identity.client.clone(),
            device_id: identity.device_id.clone(),
            address: pressed.visitor.address.to_string(),
        };
        let tx = self.inner.store.begin().await?;
        // Locks the account's row: one press after the other.
        if !self.still_counts(&tx, account, owing.epoch).await?
            || self.is_disowned(&tx, &source).await?
        {
            return Ok(None);
        }
        if let Some(press) = tx.press_of(&source, now).await? {
            return Ok(Some(press));
        }
        match self.received(&tx, &source).await? {
            Received::Yes => {}
            Received::NotYet => return Ok(None),
            Received::Never(press) => {
                tx.commit().await?;
                return Ok(Some(*press));
            }
        }
        let press = Press {
            id: PressId::generate(now, &*self.inner.entropy),
            device: identity.device.clone(),
            state: owing.attempt.clone(),
            version: 1,
            asked: now,
            expires: now + LIFE,
            approved: None,
            mailed: None,
            source,
        };
        if !tx.add_press(&press).await? {
            return Ok(tx.press_of(&press.source, now).await?);
        }
        tx.note_unfinished(&Unfinished {
            id: UnfinishedId::App(press.id),
            account,
            device: shown(&press.device),
            address: press.source.address.clone(),
            since: now,
        })
        .await?;
        tx.commit().await?;
        Ok(Some(press))
    }

    /// Lets a press through that was approved.
    async fn let_approved_in(
        &self,
        lets: Lets,
        owing: Owing,
        press: &Press,
        level: FactorLevel,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let enrolled = self.inner.store.enrolled(owing.account.id).await?;
        if level == FactorLevel::Mail && !enrolled.email {
            return Ok(AppSignIn::Refused);
        }
        let tx = self.inner.store.begin().await?;
        if !tx.use_press(press.id, press.version, self.now()).await? {
            return Ok(AppSignIn::Refused);
        }
        if lets == Lets::Held {
            self.note_handed(&tx, press).await?;
        }
        self.end_with_factor(tx, owing, press, level, pressed).await
    }

    /// Judges the code behind a password. `None`: no code could be judged, so it is as if none had been typed.
    async fn show_behind(
        &self,
        owing: &Owing,
        press: &Press,
        code: &Code,
        pressed: &Pressed,
    ) -> Result<Option<AppSignIn>, AccountError> {
        let flow = flow_of(press.id);
        let judged = self.judge_behind(owing.account.id, &flow, code).await?;
        match judged {
            Judged::Right(right) => {
                let done = self.take_behind(owing, press, &right, pressed).await;
                self.unless_factor_fault(&right, done).await.map(Some)
            }
            Judged::Wrong { .. } => {
                self.count_wrong_behind(press, pressed).await?;
                Ok(Some(AppSignIn::Refused))
            }
            Judged::Spent(_) => Ok(Some(AppSignIn::Refused)),
            Judged::Dead | Judged::NotACode => Ok(None),
        }
    }

    async fn take_behind(
        &self,
        owing: &Owing,
        press: &Press,
        right: &Right,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let (now, level) = (self.now(), right.level());
        let tx = self.inner.store.begin().await?;
        if !self
            .use_factor(&tx, &owing.account, right, &pressed.visitor)
            .await?
        {
            return Ok(AppSignIn::Refused);
        }
        let is_approved_now = tx.approve_press(press.id, level, now).await?;
        let version = press.version + i64::from(is_approved_now);
        if !tx.use_press(press.id, version, now).await? {
            return Ok(AppSignIn::Refused);
        }
        self.end_with_factor(tx, owing.clone(), press, level, pressed)
            .await
    }

    /// The factor was shown, and the press is used in this transaction: a token follows. Should a fault of ours come between,
    /// the press can be let through again.
    async fn end_with_factor(
        &self,
        tx: Tx,
        owing: Owing,
        press: &Press,
        level: FactorLevel,
        pressed: &Pressed,
    ) -> Result<AppSignIn, AccountError> {
        let (mut attempt, now) = (owing.attempt, self.now());
        let is_done = attempt.submit(Answer::FactorRight(level), now) == Ok(Step::Done);
        let Some(grant) = attempt.finish(now).filter(|_| is_done) else {
            return Ok(AppSignIn::Refused);
        };
        tx.settle_unfinished(UnfinishedId::App(press.id)).await?;
        tx.commit().await?;
        self.wake_mailer();
        self.memory.pressed().notify_waiters();
        let ended = Ended {
            grant,
            epoch: owing.epoch,
            session: None,
            app_password: None,
        };
        let given = self.give_token(ended, &owing.account, pressed).await;
        if given.is_err() {
            self.give_press_back(press).await;
        }
        given
    }

    async fn give_press_back(&self, press: &Press) {
        let given_back = async {
            let tx = self.inner.store.begin().await?;
            tx.give_press_back(press.id, &press.source).await?;
            self.forget_handed(&tx, &press.source).await?;
            Ok::<(), AccountError>(tx.commit().await?)
        };
        if let Err(error) = given_back.await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "An approval was used for nothing and could not be given back"
            );
        }
    }

    async fn count_wrong_behind(
        &self,
        press: &Press,
        pressed: &Pressed,
    ) -> Result<(), AccountError> {
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        let what = Activity::FactorRefused { door: Door::App };
        let account = press.source.account;
        self.note(&tx, account, None, what, &pressed.visitor)
            .await?;
        if let Some(mut present) = tx.press(press.id, now).await?
            && present.state.submit(Answer::Wrong, now).is_ok()
        {
            tx.update_press(&present, now).await?;
        }
        Ok(tx.commit().await?)
    }
}
