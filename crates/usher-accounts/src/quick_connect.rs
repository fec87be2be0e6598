//! Quick Connect: asked for by a screen, approved by a person, redeemed once.
use bytes::Bytes;
use usher_domain::device::ClientIdentity;
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_domain::visitor::Visitor;
use usher_store::WebSession;

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
    Wait(std::time::Duration),
    /// The user may not sign in on that device, or at present.
    Refused,
}

impl Accounts {
    /// The screen of a code, for the page that asks for approval.
    pub async fn waiting_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Option<WaitingScreen>, AccountError> {
        todo!()
    }

    /// Approves a code for the own account (after a step-up).
    pub async fn approve_screen(
        &self,
        session: &WebSession,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        todo!()
    }

    /// A client approves a code with its token: for its own user alone.
    pub async fn approve_by_client(
        &self,
        user: UserId,
        code: &str,
        visitor: &Visitor,
    ) -> Result<Approval, AccountError> {
        todo!()
    }

    /// A screen was given a code: kept for the approval page. `answer` is Jellyfin's.
    pub async fn quick_connect_asked(
        &self,
        answer: &Bytes,
        identity: Option<&ClientIdentity>,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        todo!()
    }

    /// Uses a secret. `false`: it was used before (contract, 105 to 109).
    pub async fn use_secret(&self, secret: &SecretText) -> Result<bool, AccountError> {
        todo!()
    }

    /// Gives a secret back that Jellyfin did not take yet: its code is not approved.
    pub async fn give_secret_back(&self, secret: &SecretText) -> Result<(), AccountError> {
        todo!()
    }

    /// A secret was redeemed: the token in Jellyfin's answer is known from now on.
    pub async fn screen_signed_in(
        &self,
        answer: &Bytes,
        visitor: &Visitor,
    ) -> Result<(), AccountError> {
        todo!()
    }
}
