//! Passkeys (`WebAuthn`): registered, shown as a second factor, and as the whole of a sign-in (R33).
//!
//! Invariant: a challenge is taken away before its answer is looked at: it is good once, for the flow and the account that
//! it was made for, within [`LIFE`].
//! Invariant: nothing of a passkey is written before its signature is found good.
//! Invariant: of many answers by one passkey one counts: its sealed state is replaced by one conditional update.
//! Invariant: a passkey whose counter went back lets nobody in, and its person is told: there may be a copy of it.
mod copied;
mod prove;
mod register;
mod relying_party;
mod reset;
mod show;
mod sign_in;

pub use relying_party::RelyingParty;
pub use sign_in::{PasskeyBegun, PasskeyForm};

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use usher_domain::id::{AccountId, FactorId};
use usher_domain::second_factor::{Demand, FactorKind};
use usher_domain::secret::Hash;
use usher_domain::visitor::Visitor;
use usher_store::{Ceremony, CeremonyKind, Factor, Tx};
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential};

use self::relying_party::Signature;
use super::budget::{Budget, Payer};
use super::place;
use crate::{AccountError, Accounts};

/// A challenge waits so long for its answer.
const LIFE: Duration = Duration::from_mins(5);

/// Longest id of a credential, in bytes.
const ID_MAX: usize = 1023;

/// A passkey whose signature is good, and that is not used up yet.
#[derive(Debug)]
pub(super) struct Shown {
    /// As it was read.
    factor: Factor,
    /// Its state with the new counter, sealed.
    secret: Vec<u8>,
}

/// What is known of a signature by the passkey that it names.
#[derive(Debug)]
enum Signed {
    Right(Box<Shown>),
    /// It is good, but there may be a copy of the passkey.
    Copied(Box<Factor>),
    /// It is not good, or not of whose the passkey is.
    Wrong,
}

/// What is known of a passkey that was shown.
type Judged = super::Judged<Box<Shown>>;

/// The answer of a passkey that is not right.
const WRONG: Judged = Judged::Wrong { tries_left: None };

/// Where a challenge is sealed to: its flow and whom it is for.
fn challenge_place(flow: &Hash, account: Option<AccountId>) -> String {
    let flow = URL_SAFE_NO_PAD.encode(flow.as_bytes());
    let whose = account.map_or_else(|| "nobody".to_owned(), |id| id.to_string());
    format!("usher:ceremony:state:passkey:{flow}:{whose}")
}

impl Accounts {
    /// Whether somebody could sign in with a passkey: the public address allows them, and second factors count.
    pub async fn passkeys_work(&self) -> Result<bool, AccountError> {
        let demand = self.settings().await?.second_factor.demand;
        Ok(self.inner.passkeys.is_some() && demand != Demand::Off)
    }

    /// Keeps a challenge until its answer comes. What the flow began before is gone.
    async fn keep_challenge(
        &self,
        flow: &Hash,
        kind: CeremonyKind,
        account: Option<AccountId>,
        state: &impl Serialize,
    ) -> Result<(), AccountError> {
        let state = serde_json::to_vec(state).map_err(|error| unreadable(&error))?;
        let place = challenge_place(flow, account);
        let ceremony = Ceremony {
            flow: *flow,
            kind,
            account,
            state: self.inner.key.seal(&place, &state, &*self.inner.entropy),
            expires: self.now() + LIFE,
        };
        let tx = self.inner.store.begin().await?;
        tx.put_ceremony(&ceremony).await?;
        Ok(tx.commit().await?)
    }

    /// Takes a challenge away, for one answer. `None`: there is none for this flow and account, or it has run out.
    async fn take_challenge<State: DeserializeOwned>(
        &self,
        flow: &Hash,
        kind: CeremonyKind,
        account: Option<AccountId>,
    ) -> Result<Option<State>, AccountError> {
        let tx = self.inner.store.begin().await?;
        let taken = tx.take_ceremony(flow, kind, self.now()).await?;
        tx.commit().await?;
        let Some(taken) = taken.filter(|taken| taken.account == account) else {
            return Ok(None);
        };
        let place = challenge_place(flow, account);
        let state = self.inner.key.open(&place, &taken.state)?;
        serde_json::from_slice(&state)
            .map(Some)
            .map_err(|error| unreadable(&error))
    }

    /// What a browser is asked for to show a passkey of this account. `None`: it has none, or there are none here.
    async fn ask_for_passkey(
        &self,
        flow: &Hash,
        account: AccountId,
    ) -> Result<Option<String>, AccountError> {
        let Some(party) = &self.inner.passkeys else {
            return Ok(None);
        };
        let known = self.credentials_of(account).await?;
        if known.is_empty() {
            return Ok(None);
        }
        let (asked, state) = party.ask(known)?;
        self.keep_challenge(flow, CeremonyKind::ShowPasskey, Some(account), &state)
            .await?;
        Ok(Some(asked))
    }

    /// The ids of the credentials of an account.
    async fn credentials_of(&self, account: AccountId) -> Result<Vec<Vec<u8>>, AccountError> {
        let factors = self.inner.store.factors_of(account).await?;
        Ok(factors
            .into_iter()
            .filter_map(|factor| factor.credential)
            .collect())
    }

    /// Judges a passkey that an account shows in a flow. The answer is counted for its payer before it is compared (R4, R20).
    async fn judge_passkey(
        &self,
        flow: &Hash,
        payer: impl Into<Payer>,
        answer: &str,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else {
            return Ok(Judged::NotACode);
        };
        let payer = payer.into();
        let comparing = self.compare_passkey(flow, payer.account(), &answer, visitor);
        self.judge_within(payer, Budget::Factor, comparing).await
    }

    async fn compare_passkey(
        &self,
        flow: &Hash,
        account: AccountId,
        answer: &PublicKeyCredential,
        visitor: &Visitor,
    ) -> Result<Judged, AccountError> {
        let kind = CeremonyKind::ShowPasskey;
        let Some(state) = self.take_challenge(flow, kind, Some(account)).await? else {
            return Ok(Judged::Dead);
        };
        let store = &self.inner.store;
        let factor = store.factor_by_credential(&answer.raw_id).await?;
        let Some(factor) = factor.filter(|factor| factor.account == account) else {
            return Ok(WRONG);
        };
        Ok(match self.judge_signature(factor, state, answer)? {
            Signed::Right(shown) => Judged::Right(shown),
            Signed::Copied(factor) => {
                self.tell_passkey_copied(&factor, visitor).await?;
                WRONG
            }
            Signed::Wrong => WRONG,
        })
    }

    /// Judges a signature by the passkey that it names.
    fn judge_signature(
        &self,
        factor: Factor,
        state: DiscoverableAuthentication,
        answer: &PublicKeyCredential,
    ) -> Result<Signed, AccountError> {
        let Some(party) = &self.inner.passkeys else {
            return Ok(Signed::Wrong);
        };
        let whose = answer.get_user_unique_id();
        let is_owner = whose.is_none_or(|whose| whose == factor.account.as_uuid().as_bytes());
        if !is_owner || factor.kind != FactorKind::Passkey {
            return Ok(Signed::Wrong);
        }
        let stored = self.inner.key.open(&place(factor.id), &factor.secret)?;
        let passkey = serde_json::from_slice(&stored).map_err(|error| unreadable(&error))?;
        Ok(match party.judge(answer, state, passkey) {
            Signature::Good(passkey) => Signed::Right(Box::new(Shown {
                secret: self.seal_passkey(factor.id, &passkey)?,
                factor,
            })),
            Signature::Copied => Signed::Copied(Box::new(factor)),
            Signature::Bad => Signed::Wrong,
        })
    }

    /// Uses a passkey in the transaction of its effect. `false`: another answer by it was faster, or it was taken away.
    async fn use_passkey(&self, tx: &Tx, shown: Shown) -> Result<bool, AccountError> {
        let Shown { factor, secret } = shown;
        Ok(tx.use_passkey(&factor, secret, self.now()).await?)
    }

    fn seal_passkey(&self, id: FactorId, passkey: &Passkey) -> Result<Vec<u8>, AccountError> {
        let state = serde_json::to_vec(passkey).map_err(|error| unreadable(&error))?;
        Ok(self
            .inner
            .key
            .seal(&place(id), &state, &*self.inner.entropy))
    }
}

fn unreadable(error: &serde_json::Error) -> AccountError {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "The state of a passkey cannot be read or written"
    );
    AccountError::Unreadable { what: "passkey" }
}
