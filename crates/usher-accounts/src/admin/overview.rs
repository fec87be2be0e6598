//! The first page of the console.
use usher_domain::settings::{Requirement, Settings};
use usher_domain::time::Timestamp;
use usher_store::{AccountCounts, OutboxCounts};

use super::Admin;
use crate::activity::NamedLine;
use crate::{AccountError, Accounts};

/// Lines of activity on the page.
const LINES: u64 = 20;

/// Days in the chart.
const DAYS: i64 = 14;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

const MAIL_UNPROVEN: &str = "console-warning-mail-unproven";
const NO_MAIL: &str = "console-warning-no-mail";
const DEAD_MAILS: &str = "console-warning-dead-mails";
const PASSWORDLESS: &str = "console-warning-passwordless";
const OVERDUE: &str = "console-warning-overdue";
const REQUESTS: &str = "console-warning-requests";
const QUICK_CONNECT_OFF: &str = "console-warning-quick-connect-off";
const KNOWN_PROXIES: &str = "console-warning-known-proxies";
const GUESSED_AT: &str = "console-warning-guessed-at";
const JELLYFIN_AWAY: &str = "console-warning-jellyfin-away";

/// Every key that [`ConsoleOverview::warnings`] can hold: each needs a text.
pub const WARNINGS: [&str; 10] = [
    JELLYFIN_AWAY,
    GUESSED_AT,
    QUICK_CONNECT_OFF,
    KNOWN_PROXIES,
    NO_MAIL,
    MAIL_UNPROVEN,
    DEAD_MAILS,
    REQUESTS,
    OVERDUE,
    PASSWORDLESS,
];

/// What the first page of the console shows.
#[derive(Clone, Debug)]
pub struct ConsoleOverview {
    /// How many accounts, by state.
    pub counts: AccountCounts,
    /// Sign-ins and refusals of the last 14 days, oldest first.
    pub days: Vec<(u64, u64)>,
    /// The newest activity of everybody.
    pub activity: Vec<NamedLine>,
    /// Mails that wait and that died.
    pub mail: OutboxCounts,
    /// Policies and mail health.
    pub settings: Settings,
    /// What an administrator should look at: keys of texts.
    pub warnings: Vec<&'static str>,
}

impl Accounts {
    /// What the first page of the console shows.
    pub async fn console_overview(&self, _by: &Admin) -> Result<ConsoleOverview, AccountError> {
        let counts = self.inner.store.account_counts(self.now()).await?;
        let mail = self.mail_counts().await?;
        let settings = self.settings().await?;
        let mut warnings = self.warnings_of_jellyfin().await;
        let is_proven =
            settings.mail_health.confirmed_at.is_some() || self.inner.options.mail_proven;
        let needs_mail = settings.email.requirement != Requirement::Off;
        let found = [
            (GUESSED_AT, self.is_guessed_at().await?),
            (NO_MAIL, !self.has_mail().await?),
            (MAIL_UNPROVEN, needs_mail && !is_proven),
            (DEAD_MAILS, mail.dead > 0),
            (REQUESTS, !self.open_requests().await?.is_empty()),
            (OVERDUE, counts.overdue > 0),
            (PASSWORDLESS, counts.passwordless > 0),
        ];
        warnings.extend(found.into_iter().filter_map(|(key, is)| is.then_some(key)));
        let lines = self.activities(LINES).await?;
        Ok(ConsoleOverview {
            counts,
            days: self.days().await?,
            activity: self.name_lines(lines).await?,
            mail,
            settings,
            warnings,
        })
    }

    /// An outage is itself something to look at.
    async fn warnings_of_jellyfin(&self) -> Vec<&'static str> {
        match self.inner.jellyfin.server_settings().await {
            Ok(server) => {
                let found = [
                    (QUICK_CONNECT_OFF, !server.quick_connect),
                    (KNOWN_PROXIES, server.known_proxies.is_empty()),
                ];
                let found = found.into_iter();
                found.filter_map(|(key, is)| is.then_some(key)).collect()
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "Jellyfin's settings cannot be read"
                );
                vec![JELLYFIN_AWAY]
            }
        }
    }

    /// Today (UTC) and the thirteen days before it.
    async fn days(&self) -> Result<Vec<(u64, u64)>, AccountError> {
        let first = self.now().as_millis() / DAY - (DAYS - 1);
        let since = Timestamp::from_millis(first * DAY);
        let counted = self.inner.store.sign_ins_by_day(since).await?;
        let of = |day: i64| {
            let found = counted.iter().find(|(counted, _, _)| *counted == day);
            found.map_or((0, 0), |(_, right, refused)| (*right, *refused))
        };
        Ok((first..first + DAYS).map(of).collect())
    }
}
