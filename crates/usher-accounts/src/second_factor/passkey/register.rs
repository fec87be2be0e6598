//! A new passkey: at the end of a sign-in that owes a factor, or from the pages of the account after a step-up.
use usher_domain::account::Account;
use usher_domain::id::FactorId;
use usher_domain::second_factor::FactorKind;
use usher_domain::visitor::Visitor;
use usher_store::{CeremonyKind, Factor};
use webauthn_rs::prelude::{Passkey, RegisterPublicKeyCredential};

use crate::second_factor::totp::NAME_MAX;
use crate::second_factor::{Enrollment, Flow};
use crate::{AccountError, Accounts};

const KIND: CeremonyKind = CeremonyKind::EnrollPasskey;

impl Accounts {
    /// What the browser of this flow is asked for to register a passkey, in JSON. `None`: not here, or none can be added.
    pub async fn begin_passkey(&self, flow: Flow<'_>) -> Result<Option<String>, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(None);
        };
        let Some(party) = &self.inner.passkeys else {
            return Ok(None);
        };
        if !self.can_enroll(&account, FactorKind::Passkey).await? {
            return Ok(None);
        }
        let known = self.credentials_of(account.id).await?;
        let server = self.server().await?.name;
        let (asked, state) = party.ask_for_new(&account, &server, known)?;
        self.keep_challenge(&flow.key(), KIND, Some(account.id), &state)
            .await?;
        Ok(Some(asked))
    }

    /// Enrolls the passkey that the browser of this flow registered. `answer`: what it said, in JSON.
    pub async fn finish_passkey(
        &self,
        flow: Flow<'_>,
        answer: &str,
        name: &str,
        visitor: &Visitor,
    ) -> Result<Enrollment, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(Enrollment::Gone);
        };
        let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else {
            return Ok(Enrollment::NotACode);
        };
        let state = self
            .take_challenge(&flow.key(), KIND, Some(account.id))
            .await?;
        let (Some(party), Some(state)) = (&self.inner.passkeys, state) else {
            return Ok(Enrollment::Gone);
        };
        // The policy may have changed, and others may have been added, while the device was asked.
        if !self.can_enroll(&account, FactorKind::Passkey).await? {
            return Ok(Enrollment::Refused);
        }
        let Some(passkey) = party.registered(&answer, &state) else {
            return Ok(Enrollment::Wrong);
        };
        let factor = self.passkey_factor(&account, name, &passkey)?;
        self.enroll(flow, &account, factor, None, visitor).await
    }

    fn passkey_factor(
        &self,
        account: &Account,
        name: &str,
        passkey: &Passkey,
    ) -> Result<Factor, AccountError> {
        let now = self.now();
        let id = FactorId::generate(now, &*self.inner.entropy);
        let letters = name.trim().chars().filter(|letter| !letter.is_control());
        Ok(Factor {
            id,
            account: account.id,
            kind: FactorKind::Passkey,
            name: letters.take(NAME_MAX).collect(),
            secret: self.seal_passkey(id, passkey)?,
            credential: Some(passkey.cred_id().clone()),
            last_step: None,
            added: now,
            used: None,
        })
    }
}
