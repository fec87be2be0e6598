//! Quick Connect: asked for by a screen, approved by a person, redeemed once.
//!
//! Invariant: one code is approved for one user of one account, before Jellyfin is asked; a token that a screen gets is known
//! here before the screen has it, and a child's device is marked with it.
mod approve;
mod redeem;

pub use redeem::Admitted;

use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use usher_domain::code::Code;
use usher_domain::device::{ClientIdentity, DeviceUse};
use usher_domain::id::AccountId;
use usher_domain::profile::pin::Watcher;
use usher_domain::secret::SecretText;
use usher_domain::throttle::Scope;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::{QuickConnectAsked, StoreError, WebSession};

use crate::press::shown;
use crate::profiles::Watching;
use crate::{AccountError, Accounts};

/// How long Jellyfin keeps a code.
const CODE_LIFE: Duration = Duration::from_mins(10);

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
    /// For whom it can be let in, and who watched last on it.
    pub watching: Watching,
    /// The screen named a device, so that it can be made a child's.
    pub can_be_kept: bool,
}

/// For whom a screen is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenFor {
    /// Who watches on it.
    pub watcher: Watcher,
    /// Whose device it is from now on.
    pub device: DeviceUse,
}

impl ScreenFor {
    /// For the owner of the account, as everybody's device.
    pub const OWNER: Self = Self {
        watcher: Watcher::Owner,
        device: DeviceUse::Everybodys,
    };
}

/// What became of an approval.
#[derive(Debug, PartialEq, Eq)]
pub enum Approval {
    /// The screen signs in by itself in a few seconds.
    Done,
    /// There is no such code, or it ran out, or was approved by or for somebody else.
    Unknown,
    /// Too many wrong codes (R58).
    Wait(Duration),
    /// A factor is enrolled, and was not shown in this browser within 12 hours.
    Prove,
    /// The user may not sign in on that device, or at present.
    Refused,
    /// There is no such profile, or the device is another child's.
    NoSeat,
}

/// Jellyfin's answer to a screen that asks.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    secret: SecretText,
    code: String,
    #[serde(default)]
    app_name: String,
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    device_id: String,
}

/// What a code leads to.
enum Looked {
    Found(Box<QuickConnectAsked>),
    Unknown,
    Wait(Duration),
}

impl Accounts {
    /// Whether a screen may ask for a code: Quick Connect is on here, and not too many were asked for from this address.
    pub async fn may_ask_for_code(&self, visitor: &Visitor) -> Result<bool, AccountError> {
        Ok(self.settings().await?.quick_connect.enabled && self.admit_screen(visitor).await?)
    }

    /// A screen was given a code: kept for the approval page. `answer` is Jellyfin's; one without a code is a refusal.
    pub async fn quick_connect_asked(
        &self,
        answer: &Bytes,
        identity: Option<&ClientIdentity>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        let Ok(asked) = serde_json::from_slice::<Asked>(answer) else {
            return Ok(());
        };
        let said = |own: String, in_header: fn(&ClientIdentity) -> &String| {
            if own.is_empty() {
                identity.map(in_header).cloned().unwrap_or_default()
            } else {
                own
            }
        };
        let new = QuickConnectAsked {
            secret: asked.secret.hash(),
            code: asked.code,
            client: shown(&said(asked.app_name, |identity| &identity.client)),
            device: shown(&said(asked.device_name, |identity| &identity.device)),
            device_id: said(asked.device_id, |identity| &identity.device_id),
            address: visitor.address.to_string(),
            asked: self.now(),
            approved: None,
            used: None,
            ended: None,
        };
        let tx = self.inner.store.begin().await?;
        match tx.add_quick_connect(&new).await {
            Ok(()) => Ok(tx.commit().await?),
            // The same answer twice.
            Err(StoreError::Taken) => Ok(()),
            Err(fault) => Err(fault.into()),
        }
    }

    /// The screen of a code, for the page that asks for approval. `None` also after too many wrong codes (R58): the
    /// approval then says how long to wait.
    pub async fn waiting_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<WaitingScreen>, AccountError> {
        let looked = self.look_at_code(session.account, code).await?;
        let Looked::Found(asked) = looked else {
            return Ok(None);
        };
        let screen = screen_of(&asked);
        let same_network = screen.as_ref().is_some_and(|screen| {
            let network = |address| Scope::Network.base(address);
            visitor.address_is_exact && network(screen.address) == network(visitor.address)
        });
        let named = identity_of(&asked);
        let watching = self.watching(session.account, &named.device_key()).await?;
        Ok(Some(WaitingScreen {
            watching,
            can_be_kept: !named.device_key().is_empty(),
            masked_address: screen
                .map(|screen| screen.masked_address())
                .unwrap_or_default(),
            code: asked.code,
            device: asked.device,
            client: asked.client,
            same_network,
            asked: asked.asked,
        }))
    }

    /// Finds the screen that shows a code. A look counts as wrong before its outcome is known, so that many at the same
    /// moment find out no more than one after the other (R58); a right code, and a fault of ours, cost nothing.
    async fn look_at_code(&self, account: AccountId, typed: &str) -> Result<Looked, AccountError> {
        let Ok(code) = Code::parse_digits(typed) else {
            return Ok(Looked::Unknown);
        };
        if !self.settings().await?.quick_connect.enabled {
            return Ok(Looked::Unknown);
        }
        if let Some(span) = self.note_wrong_screen(account).await? {
            return Ok(Looked::Wait(span));
        }
        let since = self.now() - CODE_LIFE;
        let found = self.inner.store.quick_connect(code.reveal(), since).await;
        // Whoever has approved it can do so again, should Jellyfin not have heard of it.
        let waits = |asked: &QuickConnectAsked| {
            asked.used.is_none() && asked.approved.is_none_or(|approval| approval.by == account)
        };
        let found = found.map(|found| found.filter(waits));
        if !matches!(found, Ok(None)) {
            self.forgive_screen(account).await?;
        }
        Ok(found?.map_or(Looked::Unknown, |asked| Looked::Found(Box::new(asked))))
    }
}

/// How the screen names itself. Its version was not kept.
fn identity_of(asked: &QuickConnectAsked) -> ClientIdentity {
    ClientIdentity {
        client: asked.client.clone(),
        device: asked.device.clone(),
        device_id: asked.device_id.clone(),
        version: String::new(),
    }
}

/// The screen as a visitor of its own.
fn screen_of(asked: &QuickConnectAsked) -> Option<Visitor> {
    let address: IpAddr = asked.address.parse().ok()?;
    Some(Visitor::new(address, true, ""))
}
