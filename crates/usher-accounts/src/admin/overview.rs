//! The first page of the console.
use usher_domain::settings::Settings;
use usher_store::{AccountCounts, ActivityLine, OutboxCounts};

use super::Admin;
use crate::{AccountError, Accounts};

/// What the first page of the console shows.
#[derive(Clone, Debug)]
pub struct ConsoleOverview {
    /// How many accounts, by state.
    pub counts: AccountCounts,
    /// Sign-ins and refusals of the last 14 days, oldest first.
    pub days: Vec<(u64, u64)>,
    /// The newest activity of everybody, with the account's name.
    pub activity: Vec<(ActivityLine, String)>,
    /// Mails that wait and that died.
    pub mail: OutboxCounts,
    /// Policies and mail health.
    pub settings: Settings,
    /// What an administrator should look at: keys of texts.
    pub warnings: Vec<&'static str>,
}

impl Accounts {
    /// What the first page of the console shows.
    pub async fn console_overview(&self, by: &Admin) -> Result<ConsoleOverview, AccountError> {
        todo!()
    }
}
