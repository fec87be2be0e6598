//! The console's list of accounts, and how many there are of each kind.
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use usher_domain::account::Account;
use usher_domain::name::NameKey;
use usher_domain::time::Timestamp;

use super::PROVEN;
use crate::entity::account::{Column, Entity};
use crate::error::failed;
use crate::{Store, StoreError};

/// Which accounts to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountSearch {
    /// A part of the name or of the address, in any case. Empty: all.
    pub text: String,
    /// Only those in this state. `None`: all that Jellyfin knows.
    pub state: Option<AccountState>,
    /// How many to leave out first.
    pub offset: u64,
    /// How many at most.
    pub limit: u64,
}

/// A state that the console lists accounts by. All but [`Gone`](Self::Gone) leave out those that are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountState {
    /// Neither switched off nor waiting for its first password.
    Ready,
    /// Waits for its first password.
    AwaitsSetUp,
    /// Switched off in Jellyfin.
    Disabled,
    /// Jellyfin no longer knows the user.
    Gone,
    /// Has no proven address.
    OwesAddress,
    /// Stands open in Jellyfin.
    Passwordless,
}

/// How many accounts there are of each kind. All but `gone` leave out those that are gone; one account may count in
/// several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountCounts {
    /// Known to Jellyfin.
    pub all: u64,
    /// Waiting for the first password.
    pub awaiting: u64,
    /// Of those, the ones whose code, link or time has run out: an administrator must renew them.
    pub overdue: u64,
    /// Switched off.
    pub disabled: u64,
    /// With a proven address.
    pub proven: u64,
    /// Standing open in Jellyfin.
    pub passwordless: u64,
    /// No longer known to Jellyfin.
    pub gone: u64,
}

impl Store {
    /// Accounts by name, then identifier.
    pub async fn accounts(&self, search: &AccountSearch) -> Result<Vec<Account>, StoreError> {
        let query = Entity::find()
            .filter(in_state(search.state))
            .filter(holding(&search.text))
            .order_by_asc(Column::NameKey)
            .order_by_asc(Column::Id)
            .offset(search.offset)
            .limit(search.limit);
        super::all(&self.db, query).await
    }

    /// How many accounts there are of each kind at this moment.
    pub async fn account_counts(&self, now: Timestamp) -> Result<AccountCounts, StoreError> {
        let count = async |of: Condition| {
            let query = Entity::find().filter(of);
            query.count(&self.db).await.map_err(failed)
        };
        let awaiting = in_state(Some(AccountState::AwaitsSetUp));
        Ok(AccountCounts {
            all: count(in_state(None)).await?,
            overdue: count(
                awaiting
                    .clone()
                    .add(Column::SetUpUntil.lte(now.as_millis())),
            )
            .await?,
            awaiting: count(awaiting).await?,
            disabled: count(in_state(Some(AccountState::Disabled))).await?,
            proven: count(in_state(None).add(Column::Proof.is_in(PROVEN))).await?,
            passwordless: count(in_state(Some(AccountState::Passwordless))).await?,
            gone: count(in_state(Some(AccountState::Gone))).await?,
        })
    }
}

fn in_state(state: Option<AccountState>) -> Condition {
    let known = Condition::all().add(Column::GoneAt.is_null());
    match state {
        None => known,
        Some(AccountState::Ready) => known
            .add(Column::Disabled.eq(false))
            .add(Column::SetUpWay.is_null()),
        Some(AccountState::AwaitsSetUp) => known.add(Column::SetUpWay.is_not_null()),
        Some(AccountState::Disabled) => known.add(Column::Disabled.eq(true)),
        Some(AccountState::Gone) => Condition::all().add(Column::GoneAt.is_not_null()),
        Some(AccountState::OwesAddress) => known.add(
            Condition::any()
                .add(Column::Proof.is_null())
                .add(Column::Proof.is_not_in(PROVEN)),
        ),
        Some(AccountState::Passwordless) => known.add(Column::Passwordless.eq(true)),
    }
}

/// Both keys have one case each, so that `LIKE` finds the same on both databases.
fn holding(text: &str) -> Condition {
    if text.is_empty() {
        return Condition::all();
    }
    Condition::any()
        .add(Expr::col(Column::NameKey).like(part(NameKey::of(text).as_str())))
        .add(Expr::col(Column::EmailKey).like(part(&text.to_ascii_lowercase())))
}

/// What `LIKE` gives a meaning to is taken for itself.
fn part(text: &str) -> LikeExpr {
    const ESCAPE: char = '!';
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(letter);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape(ESCAPE)
}
