//! What an administrator does to one account: each a form of its own on the account's page.
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::admin::{Edited, MailedReset};
use usher_domain::account::{Account, SetUpWay};
use usher_domain::address::EmailAddress;

use super::account::{OneAccount, Said, nobody, to};
use super::new::{NotMade, Tick, outcome, tell};
use crate::pages::page::{Answer, Page, Typed};

/// The form of an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AddressForm {
    email: String,
    /// Ticked: as if it were proven.
    vouched: Option<Tick>,
}

/// The form that clears an address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClearForm {
    /// Ticked: it may be cleared.
    clear_sure: Option<Tick>,
}

/// The form of a way to the first password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetUpForm {
    way: SetUpWay,
    /// Ticked: an open account can be claimed from any network.
    anywhere: Option<Tick>,
    /// Ticked: the present password may be replaced.
    replace: Option<Tick>,
    /// Ticked: the first comer may have the account, whatever its present password.
    open_sure: Option<Tick>,
}

impl SetUpForm {
    /// Whether the tick that this way needs is there.
    const fn is_sure(&self, has_password: bool) -> bool {
        match self.way {
            SetUpWay::Code | SetUpWay::Mail => !has_password || self.replace.is_some(),
            SetUpWay::Open => self.open_sure.is_some(),
        }
    }
}

/// The form that switches an account off or on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessForm {
    to: Position,
    /// Ticked: it may be switched off.
    off_sure: Option<Tick>,
}

/// The form that ends every session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EndForm {
    /// Ticked: they may end.
    end_sure: Option<Tick>,
}

/// The form that switches recovery by mail off or on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecoveryForm {
    to: Position,
    /// Ticked: it may be switched off.
    recovery_sure: Option<Tick>,
}

/// Where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Position {
    On,
    Off,
}

/// `POST /usher/console-account-address`: writes an address down.
pub(super) async fn address(of: OneAccount, Typed(typed): Typed<AddressForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    let Ok(email) = EmailAddress::parse(typed.email.trim()) else {
        return Ok(to(page, account.id, Said::NotAnAddress));
    };
    let vouched = typed.vouched.is_some();
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .enter_address(&admin, account.id, Some(&email), vouched, &page.visitor)
        .await?;
    Ok(told(page, &account, edited, Said::Address))
}

/// `POST /usher/console-account-clear`: clears the address.
pub(super) async fn clear(of: OneAccount, Typed(typed): Typed<ClearForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if typed.clear_sure.is_none() {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .enter_address(&admin, account.id, None, false, &page.visitor)
        .await?;
    Ok(told(page, &account, edited, Said::Cleared))
}

/// `POST /usher/console-account-set-up`: lets the person choose the first password (again).
pub(super) async fn set_up(of: OneAccount, Typed(typed): Typed<SetUpForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if !typed.is_sure(account.set_up.is_none()) {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let anywhere = typed.anywhere.is_some();
    let accounts = page.services.accounts.clone();
    let created = accounts
        .await_set_up(&admin, account.id, typed.way, anywhere, &page.visitor)
        .await?;
    Ok(match outcome(created) {
        Ok(waiting) => tell(page, &account.seen.name, waiting),
        Err(refused) => {
            let said = match refused {
                NotMade::AddressMissing => Said::AddressMissing,
                NotMade::NoMail => Said::NoMail,
                NotMade::Name | NotMade::Impossible => Said::Impossible,
            };
            to(page, account.id, said)
        }
    })
}

/// `POST /usher/console-account-reset`: sends a reset link to the proven address.
pub(super) async fn reset(of: OneAccount) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    let accounts = page.services.accounts.clone();
    let sent = accounts
        .send_reset(&admin, account.id, &page.visitor)
        .await?;
    Ok(match sent {
        MailedReset::Sent => to(page, account.id, Said::ResetSent),
        MailedReset::NoAccount => nobody(page),
        MailedReset::NoAddress => to(page, account.id, Said::ResetNoAddress),
        MailedReset::Impossible => to(page, account.id, Said::ResetImpossible),
        MailedReset::NoMail => to(page, account.id, Said::NoMail),
    })
}

/// `POST /usher/console-account-recovery`: recovery by mail, for this account.
pub(super) async fn recovery(of: OneAccount, Typed(typed): Typed<RecoveryForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if typed.to == Position::Off && typed.recovery_sure.is_none() {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let (off, said) = match typed.to {
        Position::Off => (true, Said::RecoveryOff),
        Position::On => (false, Said::RecoveryOn),
    };
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .set_recovery_off(&admin, account.id, off, &page.visitor)
        .await?;
    Ok(told(page, &account, edited, said))
}

/// `POST /usher/console-account-end`: ends every session.
pub(super) async fn end(of: OneAccount, Typed(typed): Typed<EndForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if typed.end_sure.is_none() {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .end_all_places(&admin, account.id, &page.visitor)
        .await?;
    Ok(told(page, &account, edited, Said::Ended))
}

/// `POST /usher/console-account-switch`: switches the account off or on.
pub(super) async fn switch(of: OneAccount, Typed(typed): Typed<AccessForm>) -> Answer {
    let OneAccount {
        page,
        admin,
        account,
    } = of;
    if typed.to == Position::Off && typed.off_sure.is_none() {
        return Ok(to(page, account.id, Said::TickMissing));
    }
    let (off, said) = match typed.to {
        Position::Off => (true, Said::Off),
        Position::On => (false, Said::On),
    };
    let accounts = page.services.accounts.clone();
    let edited = accounts
        .set_disabled(&admin, account.id, off, &page.visitor)
        .await?;
    Ok(told(page, &account, edited, said))
}

fn told(page: Page, account: &Account, edited: Edited, done: Said) -> Response {
    let said = match edited {
        Edited::Done => done,
        Edited::NoAccount => return nobody(page),
        Edited::AddressTaken => Said::Taken,
        Edited::AddressIsAName => Said::IsAName,
        Edited::LastAdministrator => Said::LastAdministrator,
        Edited::Administrator => Said::Administrator,
    };
    to(page, account.id, said)
}
