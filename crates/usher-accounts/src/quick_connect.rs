//! Quick Connect: asked for by a screen, approved by a person, redeemed once.
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use usher_domain::activity::{Activity, Door};
use usher_domain::device::ClientIdentity;
use usher_domain::id::{AccountId, UserId};
use usher_domain::secret::SecretText;
use usher_domain::throttle::Scope;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_jellyfin::Session;
use usher_store::{QuickConnectAsked, WebSession};

use crate::{AccountError, Accounts};

/// A screen that waits for approval, as the page shows it.
#[derive(Clone, Debug)]
pub struct WaitingScreen {
    /// The code on the screen.
    pub code: String,
    /// The device, as it names itself.
    pub device: String,
    /// The program, as it names itself.
    pub client: String,
    /// From which address it asked, its end hidden.
    pub masked_address: String,
    /// Whether it asked from the network that the approving browser is in. If not, the code must be typed, not linked.
    pub same_network: bool,
    /// When it asked.
    pub asked: Timestamp,
}

/// What became of an approval.
#[derive(Debug, PartialEq, Eq)]
pub enum Approval {
    /// The screen signs in by itself in a few seconds.
    Done,
    /// There is no such code, or it ran out, or was approved already.
    Unknown,
    /// Too many wrong codes (R58).
    Wait(Duration),
    /// The user may not sign in on that device, or at present.
    Refused,
}

/// How long Jellyfin keeps a code.
const CODE_LIFE: Duration = Duration::from_mins(10);

/// Jellyfin's answer to a screen that asks for a code.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Initiated {
    secret: SecretText,
    code: String,
    #[serde(default)]
    app_name: String,
    #[serde(default)]
    device_name: String,
}

/// Jellyfin's answer to a redeemed secret, as far as it is read here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SessionInfo {
    #[serde(default)]
    client: String,
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    device_id: String,
    #[serde(default)]
    application_version: String,
}

impl Accounts {
    /// Whether a screen may ask for a code: Quick Connect is on here, and not too many were asked for from this address.
    pub async fn may_ask_for_code(&self, visitor: &Visitor) -> Result<bool, AccountError> {
        Ok(self.settings().await?.quick_connect.enabled && self.admit_screen(visitor).await?)
    }

    /// The screen of a code, for the page that asks for approval. Too many codes that are none are not looked up (R58).
    pub async fn waiting_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<WaitingScreen>, AccountError> {
        let Some(asked) = self.waiting(code).await? else {
            self.note_wrong_screen(session.account).await?;
            return Ok(None);
        };
        let network = |address: IpAddr| Scope::Network.base(address);
        let same_network = asked
            .address
            .parse()
            .is_ok_and(|address| network(address) == network(visitor.address));
        let masked_address = asked.address.parse().map_or_else(
            |_unreadable| String::new(),
            |address| Visitor::new(address, true, "").masked_address(),
        );
        Ok(Some(WaitingScreen {
            code: asked.code,
            device: asked.device,
            client: asked.client,
            masked_address,
            same_network,
            asked: asked.asked,
        }))
    }

    /// Approves a code for the own account (after a step-up).
    pub async fn approve_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        self.approve(session.account, code, visitor).await
    }

    /// A client approves a code with its token: for its own user alone.
    pub async fn approve_by_client(
        &self,
        user: UserId,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        self.approve(AccountId::of_owner(user), code, visitor).await
    }

    /// The row is taken first: of two approvals one goes on to Jellyfin. An outage there leaves the code approved here and
    /// open in Jellyfin; the screen asks for another one.
    async fn approve(
        &self,
        account: AccountId,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        let Some(asked) = self.waiting(code).await? else {
            let wait = self.note_wrong_screen(account).await?;
            return Ok(wait.map_or(Approval::Unknown, Approval::Wait));
        };
        let user = self.inner.jellyfin.user(account.owner()).await?;
        let kept_out = self.account(account).await?.is_none_or(|one| one.is_kept_out());
        if kept_out || user.is_none_or(|user| self.is_closed_to(&user.policy, visitor)) {
            return Ok(Approval::Refused);
        }
        let now = self.now();
        let tx = self.inner.store.begin().await?;
        if !tx.approve_quick_connect(&asked.secret, account, now).await? {
            return Ok(Approval::Unknown);
        }
        let what = Activity::QuickConnectApproved;
        self.note(&tx, account, None, what, visitor).await?;
        tx.commit().await?;
        let answered = self
            .inner
            .jellyfin
            .authorize(&asked.code, account.owner())
            .await?;
        Ok(match answered {
            usher_jellyfin::Approval::Approved => Approval::Done,
            usher_jellyfin::Approval::Refused => Approval::Refused,
            usher_jellyfin::Approval::UnknownCode | usher_jellyfin::Approval::AlreadyUsed => {
                Approval::Unknown
            }
        })
    }

    /// A screen that asked through Usher and waits still.
    async fn waiting(&self, code: &str) -> Result<Option<QuickConnectAsked>, AccountError> {
        if !self.settings().await?.quick_connect.enabled {
            return Ok(None);
        }
        let code: String = code.chars().filter(char::is_ascii_digit).take(12).collect();
        let since = self.now() - CODE_LIFE;
        let asked = self.inner.store.quick_connect(&code, since).await?;
        Ok(asked.filter(|asked| asked.approved.is_none() && asked.used.is_none()))
    }

    /// A screen was given a code: kept for the approval page. `answer` is Jellyfin's.
    pub async fn quick_connect_asked(
        &self,
        answer: &Bytes,
        identity: Option<&ClientIdentity>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let Ok(given) = serde_json::from_slice::<Initiated>(answer) else {
            return Err(AccountError::Unreadable { what: "Quick Connect code" });
        };
        let identity = identity.cloned().unwrap_or_default();
        let first = |told: String, own: String| if told.is_empty() { own } else { told };
        let tx = self.inner.store.begin().await?;
        tx.add_quick_connect(&QuickConnectAsked {
            secret: given.secret.hash(),
            code: given.code,
            client: first(given.app_name, identity.client),
            device: first(given.device_name, identity.device),
            address: visitor.address.to_string(),
            asked: self.now(),
            approved: None,
            used: None,
        })
        .await?;
        Ok(tx.commit().await?)
    }

    /// Uses a secret. `false`: it was used before (contract, 105 to 109).
    pub async fn use_secret(&self, secret: &SecretText) -> Result<bool, AccountError> {
        let tx = self.inner.store.begin().await?;
        let is_first = tx.use_secret(&secret.hash(), self.now()).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    /// Gives a secret back that Jellyfin did not take yet: its code is not approved.
    pub async fn give_secret_back(&self, secret: &SecretText) -> Result<(), AccountError> {
        let tx = self.inner.store.begin().await?;
        tx.give_secret_back(&secret.hash()).await?;
        Ok(tx.commit().await?)
    }

    /// A secret was redeemed: the token in Jellyfin's answer is known from now on. `false`: its user may not come in, and
    /// the token is signed out again.
    pub async fn screen_signed_in(
        &self,
        answer: &Bytes,
        visitor: &Visitor,
    ) -> Result<bool, AccountError> {
        let session = Session::from_body(answer)?;
        let told: SessionInfo = serde_json::from_slice::<serde_json::Value>(answer)
            .ok()
            .and_then(|whole| serde_json::from_value(whole.get("SessionInfo")?.clone()).ok())
            .ok_or(AccountError::Unreadable { what: "session" })?;
        let account = self.account_of(&session.user).await?;
        if account.is_kept_out() {
            self.inner.jellyfin.sign_out(&session.token).await?;
            return Ok(false);
        }
        let identity = ClientIdentity {
            client: told.client,
            device: told.device_name,
            device_id: told.device_id,
            version: told.application_version,
        };
        let door = Door::QuickConnect;
        let tx = self.inner.store.begin().await?;
        self.know_token(&tx, &session, door, &identity, visitor)
            .await?;
        tx.note_sign_in(account.id, self.now()).await?;
        self.note(&tx, account.id, None, Activity::SignedIn { door }, visitor)
            .await?;
        tx.commit().await?;
        self.memory.known.forget(&session.token.hash());
        Ok(true)
    }
}
