//! Authenticator apps (RFC 6238): SHA-1, six digits, thirty seconds, one step to either side (R32).
use std::time::Duration;

use totp_rs::{Algorithm, Builder, Totp};
use usher_domain::account::Account;
use usher_domain::code::Code;
use usher_domain::id::{AccountId, FactorId};
use usher_domain::second_factor::FactorKind;
use usher_domain::second_factor::budget::Spent;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;
use usher_store::{Ceremony, CeremonyKind, Factor};

use super::budget::{Budget, Judged};
use super::{Enrollment, Flow, Seed, place};
use crate::{AccountError, Accounts};

/// A seed that was shown waits so long for its first code.
const PENDING: Duration = Duration::from_mins(10);

/// Bytes of a seed: 160 bits.
const SEED: usize = 20;

/// Longest name that somebody gives a factor.
pub(super) const NAME_MAX: usize = 64;

/// Where a seed is sealed to that is not confirmed yet.
fn pending_place(account: AccountId) -> String {
    format!("usher:ceremony:state:enroll_totp:{account}")
}

impl Accounts {
    /// Makes a seed for the authenticator app of this flow; it counts only after a first right code. `None`: not here.
    pub async fn begin_totp(&self, flow: Flow<'_>) -> Result<Option<Seed>, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(None);
        };
        if !self.can_enroll(&account, FactorKind::Totp).await? {
            return Ok(None);
        }
        let mut seed = [0; SEED];
        self.inner.entropy.fill(&mut seed);
        let now = self.now();
        let ceremony = Ceremony {
            flow: flow.key(),
            kind: CeremonyKind::EnrollTotp,
            account: Some(account.id),
            state: self
                .inner
                .key
                .seal(&pending_place(account.id), &seed, &*self.inner.entropy),
            expires: now + PENDING,
        };
        let tx = self.inner.store.begin().await?;
        tx.put_ceremony(&ceremony).await?;
        tx.commit().await?;
        self.shown_seed(&account, &seed).await.map(Some)
    }

    /// The seed that waits in this flow, shown again. `None`: there is none.
    pub async fn pending_totp(&self, flow: Flow<'_>) -> Result<Option<Seed>, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(None);
        };
        let store = &self.inner.store;
        let kind = CeremonyKind::EnrollTotp;
        let pending = store.ceremony(&flow.key(), kind, self.now()).await?;
        match pending.filter(|pending| pending.account == Some(account.id)) {
            Some(pending) => {
                let seed = self
                    .inner
                    .key
                    .open(&pending_place(account.id), &pending.state)?;
                self.shown_seed(&account, &seed).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// Confirms the seed of this flow by a first code.
    pub async fn confirm_totp(
        &self,
        flow: Flow<'_>,
        typed: &str,
        name: &str,
        visitor: &Visitor,
    ) -> Result<Enrollment, AccountError> {
        let Some(account) = self.enrolling(flow).await? else {
            return Ok(Enrollment::Gone);
        };
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(Enrollment::NotACode);
        };
        let comparing = self.compare_pending(flow, account.id, &code);
        let judged = self.judge_within(account.id, Budget::Factor, comparing);
        let (seed, step) = match judged.await? {
            Judged::Right(found) => found,
            Judged::Wrong { .. } => return Ok(Enrollment::Wrong),
            Judged::NotACode => return Ok(Enrollment::NotACode),
            Judged::Dead => return Ok(Enrollment::Gone),
            Judged::Spent(Spent::Wait(span)) => return Ok(Enrollment::Wait(span)),
            Judged::Spent(Spent::Closed) => return Ok(Enrollment::Refused),
        };
        let factor = self.totp_factor(account.id, name, &seed, step);
        let kind = Some(CeremonyKind::EnrollTotp);
        self.enroll(flow, &account, factor, kind, visitor).await
    }

    /// Compares a first code with the seed that was shown in this flow. Right: the seed, and the step of the code.
    async fn compare_pending(
        &self,
        flow: Flow<'_>,
        account: AccountId,
        code: &Code,
    ) -> Result<Judged<(Vec<u8>, i64)>, AccountError> {
        let (store, kind) = (&self.inner.store, CeremonyKind::EnrollTotp);
        let pending = store.ceremony(&flow.key(), kind, self.now()).await?;
        let Some(pending) = pending.filter(|pending| pending.account == Some(account)) else {
            return Ok(Judged::Dead);
        };
        let seed = self
            .inner
            .key
            .open(&pending_place(account), &pending.state)?;
        Ok(match self.matches(&seed, code) {
            Some(step) => Judged::Right((seed, step)),
            None => Judged::Wrong { tries_left: None },
        })
    }

    /// Which factor and step of the account this code is. `None`: of none.
    pub(super) async fn find_totp(
        &self,
        account: AccountId,
        code: &Code,
    ) -> Result<Option<(FactorId, i64)>, AccountError> {
        for factor in self.inner.store.factors_of(account).await? {
            if factor.kind != FactorKind::Totp {
                continue;
            }
            let seed = self.inner.key.open(&place(factor.id), &factor.secret)?;
            if let Some(step) = self.matches(&seed, code) {
                return Ok(Some((factor.id, step)));
            }
        }
        Ok(None)
    }

    fn totp_factor(&self, account: AccountId, name: &str, seed: &[u8], step: i64) -> Factor {
        let now = self.now();
        let id = FactorId::generate(now, &*self.inner.entropy);
        Factor {
            id,
            account,
            kind: FactorKind::Totp,
            name: name.trim().chars().take(NAME_MAX).collect(),
            secret: self.inner.key.seal(&place(id), seed, &*self.inner.entropy),
            credential: None,
            last_step: Some(step),
            added: now,
            used: None,
        }
    }

    async fn shown_seed(&self, account: &Account, seed: &[u8]) -> Result<Seed, AccountError> {
        let server = self.server().await?.name;
        let text = totp(seed).secret().to_base32();
        let label: String = [&server, ":", &account.seen.name].concat();
        let mut address = url::Url::parse("otpauth://totp/")
            .map_err(|_constant| AccountError::Unreadable { what: "seed" })?;
        if let Ok(mut path) = address.path_segments_mut() {
            path.clear().push(&label);
        }
        address
            .query_pairs_mut()
            .append_pair("secret", &text)
            .append_pair("issuer", &server);
        Ok(Seed {
            text: SecretText::new(text),
            address: SecretText::new(address),
        })
    }

    /// The step of a code, where it is one of this seed's now.
    fn matches(&self, seed: &[u8], code: &Code) -> Option<i64> {
        let seconds = u64::try_from(self.now().as_millis() / 1000).ok()?;
        let step = totp(seed).check(code.reveal(), seconds)?;
        i64::try_from(step).ok()
    }
}

fn totp(seed: &[u8]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(seed.to_vec())
        .build_noncompliant()
}
