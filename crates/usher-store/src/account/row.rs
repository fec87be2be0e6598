//! From a row to an account.
use usher_domain::account::{Account, Address, AddressProof, Epoch, SeenUser, SetUp, SetUpWay};
use usher_domain::address::EmailAddress;
use usher_domain::id::AccountId;
use usher_domain::time::Timestamp;

use crate::StoreError;
use crate::entity::account::Model;

pub(super) fn account(row: Model) -> Result<Account, StoreError> {
    let id = AccountId::new(row.id);
    let address = match (&row.email, &row.proof) {
        (None, None) => None,
        (Some(email), Some(proof)) => Some(Address {
            email: EmailAddress::parse(email).map_err(unreadable)?,
            proof: proof_of(proof)?,
        }),
        (Some(_), None) | (None, Some(_)) => return Err(unreadable("half an address")),
    };
    let set_up = match &row.set_up_way {
        None => None,
        Some(way) => Some(SetUp {
            way: set_up_way("account", way)?,
            until: Timestamp::from_millis(row.set_up_until),
            anywhere: row.set_up_anywhere,
        }),
    };
    Ok(Account {
        id,
        seen: SeenUser {
            id,
            name: row.name,
            administrator: row.administrator,
            disabled: row.disabled,
            elsewhere: row.elsewhere,
            passwordless: row.passwordless,
        },
        address,
        address_skipped: row.address_skipped_at.map(Timestamp::from_millis),
        set_up,
        recovery_off: row.recovery_off,
        language: row.language,
        first_seen: Timestamp::from_millis(row.first_seen_at),
        signed_in: row.signed_in_at.map(Timestamp::from_millis),
        gone: row.gone_at.map(Timestamp::from_millis),
        epoch: Epoch::new(row.epoch),
    })
}

/// Also read from the rows of users that are being created.
pub(crate) fn set_up_way(table: &'static str, name: &str) -> Result<SetUpWay, StoreError> {
    [SetUpWay::Code, SetUpWay::Mail, SetUpWay::Open]
        .into_iter()
        .find(|way| way.name() == name)
        .ok_or_else(|| StoreError::unreadable(table, format!("unknown way of set-up {name}")))
}

fn proof_of(name: &str) -> Result<AddressProof, StoreError> {
    [
        AddressProof::Entered,
        AddressProof::Proven,
        AddressProof::Vouched,
    ]
    .into_iter()
    .find(|proof| proof.name() == name)
    .ok_or_else(|| unreadable(format!("unknown proof {name}")))
}

fn unreadable(reason: impl std::fmt::Display) -> StoreError {
    StoreError::unreadable("account", reason)
}
