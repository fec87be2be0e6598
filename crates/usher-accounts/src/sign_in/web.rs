//! The web door: Usher's pages, step by step.
use usher_domain::account::{Account, Epoch};
use usher_domain::activity::{Activity, Door};
use usher_domain::code::{Code, Purpose};
use usher_domain::id::{AccountId, ChallengeId};
use usher_domain::second_factor::Show;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::sign_in::{AddressOwed, Answer, AttemptContext, Owed, Step};
use usher_domain::throttle::Outcome;
use usher_domain::visitor::Visitor;
use usher_jellyfin::{Session, User};
use usher_store::WebSession;

use super::WebSignIn;
use super::judge::{Judged, Tried, whose};
use crate::account::epoch_before;
use crate::challenge::{self, set_up_flow};
use crate::limits::{Admitted, Try};
use crate::second_factor::Trust;
use crate::{AccountError, Accounts};

/// The form of the sign-in page.
#[derive(Clone, Debug)]
pub struct PasswordForm<'a> {
    /// User name or proven address.
    pub name: &'a str,
    /// The password; empty where somebody opens an account that stands open.
    pub password: &'a SecretText,
    /// The id under which this browser is known to Jellyfin.
    pub device_id: &'a str,
    /// The page of the web client that was asked for.
    pub next: &'a str,
    /// The language of the page.
    pub language: &'a str,
    /// The cookie by which this browser is trusted.
    pub trust: Option<&'a OpaqueToken>,
}

/// "First time here?"
#[derive(Clone, Debug)]
pub struct FirstTimeForm<'a> {
    /// User name.
    pub name: &'a str,
    /// The set-up code, as typed.
    pub code: &'a str,
    /// The id under which this browser is known to Jellyfin.
    pub device_id: &'a str,
    /// The page of the web client that was asked for.
    pub next: &'a str,
    /// The language of the page.
    pub language: &'a str,
}

/// What a browser brings to the first step.
pub(crate) struct Arrival<'a> {
    pub(crate) device_id: &'a str,
    pub(crate) next: &'a str,
    pub(crate) language: &'a str,
    pub(crate) visitor: &'a Visitor,
}

impl Arrival<'_> {
    fn context(&self) -> AttemptContext {
        AttemptContext {
            device_id: self.device_id.to_owned(),
            next: self.next.to_owned(),
            ..AttemptContext::default()
        }
    }
}

impl Accounts {
    /// Name and password. `known` is the live session of this browser, where it has one of the same account: strangers'
    /// failures do not lock it out (R21).
    pub async fn web_password(
        &self,
        form: &PasswordForm<'_>,
        known: Option<&WebSession>,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        let arrival = Arrival {
            device_id: form.device_id,
            next: form.next,
            language: form.language,
            visitor,
        };
        let found = self.find(form.name).await?;
        let direct = self.owes_nothing(found.account(), Door::Web).await?;
        let identity = self.web_identity(form.device_id, visitor).await?;
        let whose = whose(found.account(), form.name, known);
        let tried = match self.admit(whose, visitor).await? {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(WebSignIn::Wait(span)),
            Admitted::Busy => return Ok(WebSignIn::Busy),
        };
        if form.password.reveal().is_empty() {
            return self.open_account(found.account(), tried, &arrival).await;
        }
        let asked = Tried {
            account: found.account(),
            name: form.name,
            password: form.password,
            identity: direct.then_some(&identity),
        };
        let judged = self.judge_admitted(tried, &asked, visitor).await?;
        match judged {
            Judged::Right(user, session) => {
                let epoch = epoch_before(found.account(), user.id);
                self.password_right(&user, epoch, session, form.trust, &arrival)
                    .await
            }
            Judged::Wrong | Judged::NotNow => {
                let what = Activity::SignInRefused { door: Door::Web };
                self.note_refusal(found.account(), what, visitor).await?;
                Ok(WebSignIn::Wrong)
            }
        }
    }

    /// Name and set-up code.
    pub async fn first_time(
        &self,
        form: &FirstTimeForm<'_>,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        let Ok(code) = Code::parse_letters(form.code) else {
            return Ok(WebSignIn::Wrong);
        };
        let found = self.find(form.name).await?;
        let tried = match self
            .admit(whose(found.account(), form.name, None), visitor)
            .await?
        {
            Admitted::Go(tried) => tried,
            Admitted::Wait(span) => return Ok(WebSignIn::Wait(span)),
            Admitted::Busy => return Ok(WebSignIn::Busy),
        };
        let id = found.account().map(|account| account.id);
        let flow = set_up_flow(
            id.unwrap_or_else(|| AccountId::generate(self.now(), &*self.inner.entropy)),
        );
        let answer = match self.answer_code(&flow, Purpose::SetUp, &code).await {
            Ok(answer) => answer,
            Err(fault) => {
                self.settle(tried, Outcome::Undecided).await?;
                return Err(fault);
            }
        };
        let account = found.account().filter(|account| account.can_set_up());
        let (challenge::Answer::Right(proof), Some(account)) = (answer, account) else {
            self.settle(tried, Outcome::Wrong).await?;
            return Ok(WebSignIn::Wrong);
        };
        self.settle(tried, Outcome::Right).await?;
        self.give_try_back(&proof).await;
        let arrival = Arrival {
            device_id: form.device_id,
            next: form.next,
            language: form.language,
            visitor,
        };
        let owed = self.owed(account, Door::Web).await?;
        self.claimed(account, Some(proof.challenge), owed, &arrival)
            .await
    }

    /// The link of an invitation, posted by its page. Not used up before the password is set.
    pub async fn open_set_up_link(
        &self,
        link: &OpaqueToken,
        device_id: &str,
        visitor: &Visitor,
    ) -> Result<WebSignIn, AccountError> {
        let Some(found) = self.look_at_link(link, Purpose::SetUp).await? else {
            return Ok(WebSignIn::Wrong);
        };
        let account = match found.account {
            Some(id) => self.account(id).await?,
            None => None,
        };
        let Some(account) = account.filter(Account::can_set_up) else {
            return Ok(WebSignIn::Wrong);
        };
        // Whoever opens a link that was mailed to an address reads mail there: nothing more to prove.
        let is_mailed = account
            .address
            .as_ref()
            .is_some_and(|address| address.email.as_str() == found.target);
        let mut owed = self.owed(&account, Door::Web).await?;
        if is_mailed {
            owed.address = AddressOwed::No;
        }
        let arrival = Arrival {
            device_id,
            next: "",
            language: "",
            visitor,
        };
        self.claimed(&account, Some(found.id), owed, &arrival).await
    }

    /// An empty password: good for an account that stands open to this visitor, and for nothing else.
    async fn open_account(
        &self,
        account: Option<&Account>,
        tried: Try,
        arrival: &Arrival<'_>,
    ) -> Result<WebSignIn, AccountError> {
        let private = arrival.visitor.is_private();
        let open = account.filter(|account| account.is_open_to(private, self.now()));
        if let Some(account) = open {
            self.settle(tried, Outcome::Undecided).await?;
            let owed = self.owed(account, Door::Web).await?;
            return self.claimed(account, None, owed, arrival).await;
        }
        let local = account.filter(|account| self.is_let_in_without(account, arrival.visitor));
        let Some(account) = local else {
            self.settle(tried, Outcome::Wrong).await?;
            return Ok(WebSignIn::Wrong);
        };
        self.settle(tried, Outcome::Undecided).await?;
        match self.open_user(account).await? {
            Some(user) => {
                self.password_right(&user, account.epoch, None, None, arrival)
                    .await
            }
            None => Ok(WebSignIn::Wrong),
        }
    }

    async fn claimed(
        &self,
        account: &Account,
        by: Option<ChallengeId>,
        owed: Owed,
        arrival: &Arrival<'_>,
    ) -> Result<WebSignIn, AccountError> {
        let attempt = self.begin_attempt(Door::Web, Answer::Claimed(account.id, owed));
        let context = AttemptContext {
            claimed_by: by,
            epoch: account.epoch,
            ..arrival.context()
        };
        let step = attempt.step();
        let cookie = self.keep_attempt(attempt, context, arrival.visitor).await?;
        self.note_language(account.id, arrival.language).await?;
        Ok(WebSignIn::Next(cookie, step))
    }

    async fn password_right(
        &self,
        user: &User,
        epoch: Epoch,
        mut session: Option<Box<Session>>,
        cookie: Option<&OpaqueToken>,
        arrival: &Arrival<'_>,
    ) -> Result<WebSignIn, AccountError> {
        let account = self.account_of(user).await?;
        let owed = self.owed(&account, Door::Web).await?;
        let context = AttemptContext {
            epoch,
            ..arrival.context()
        };
        if owed.factor.show == Show::Yes
            && let Trust::Yes(browser) = self.trust_of(&account, cookie, arrival.visitor).await?
        {
            let mut trusted = owed;
            trusted.factor.show = Show::Trusted;
            let right = Answer::PasswordRight(account.id, trusted);
            let context = AttemptContext {
                trusted_by: Some(browser.digest),
                ..context.clone()
            };
            let became = self
                .begin_right(&account, right, context, session.take(), arrival)
                .await?;
            // Another tab, or a thief, signed in with the same cookie at the same moment: here the factor is asked for.
            if !matches!(became, WebSignIn::Wrong) {
                return Ok(became);
            }
        }
        let right = Answer::PasswordRight(account.id, owed);
        self.begin_right(&account, right, context, session, arrival)
            .await
    }

    /// As after the password, where a passkey said who comes.
    pub(crate) async fn passkey_right(
        &self,
        user: &User,
        epoch: Epoch,
        arrival: &Arrival<'_>,
    ) -> Result<WebSignIn, AccountError> {
        let account = self.account_of(user).await?;
        let owed = self.owed(&account, Door::Web).await?;
        let right = Answer::PasskeyRight(account.id, owed);
        let context = AttemptContext {
            epoch,
            ..arrival.context()
        };
        self.begin_right(&account, right, context, None, arrival)
            .await
    }

    /// What follows when it is proven who comes.
    async fn begin_right(
        &self,
        account: &Account,
        right: Answer,
        context: AttemptContext,
        session: Option<Box<Session>>,
        arrival: &Arrival<'_>,
    ) -> Result<WebSignIn, AccountError> {
        let attempt = self.begin_attempt(Door::Web, right);
        self.note_language(account.id, arrival.language).await?;
        let step = attempt.step();
        if step != Step::Done {
            if let Some(session) = session {
                self.inner.jellyfin.sign_out(&session.token).await?;
            }
            let cookie = self.keep_attempt(attempt, context, arrival.visitor).await?;
            if step == Step::SecondFactor {
                self.send_first_factor_code(&cookie, account, arrival.visitor)
                    .await?;
            }
            return Ok(WebSignIn::Next(cookie, step));
        }
        let Some(grant) = attempt.finish(self.now()) else {
            return Ok(WebSignIn::Wrong);
        };
        let signed_in = self
            .sign_in_web(&grant, &context, session, arrival.visitor)
            .await?;
        Ok(signed_in.map_or(WebSignIn::Wrong, |signed_in| {
            WebSignIn::Done(Box::new(signed_in))
        }))
    }

    /// Mails are written in the language that the person last used here.
    async fn note_language(&self, id: AccountId, language: &str) -> Result<(), AccountError> {
        if language.is_empty() {
            return Ok(());
        }
        let tx = self.inner.store.begin().await?;
        tx.set_language(id, language).await?;
        Ok(tx.commit().await?)
    }
}
