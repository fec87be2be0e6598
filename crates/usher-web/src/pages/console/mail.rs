//! How mail leaves: SMTP, its test, and what waits.
//!
//! Invariant: the password of the mail server goes in and never comes out (R70).
use std::net::IpAddr;

use askama::Template;
use serde::Deserialize;
use usher_accounts::admin::{MailTest, SmtpForm};
use usher_accounts::mailer::MailRoute;
use usher_domain::address::EmailAddress;
use usher_domain::secret::SecretText;
use usher_domain::settings::{SmtpSecurity, SmtpSettings};

use super::guard::Console;
use super::queue::{self, Queued};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed as Body};
use crate::pages::panel::Times;

/// What the page is asked for with.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::pages) struct Query {
    preset: Option<Preset>,
    said: Option<Said>,
}

/// A provider whose server, port and protection are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Preset {
    Gmail,
    Outlook,
    Fastmail,
    MailboxOrg,
    Proton,
}

impl Preset {
    pub(in crate::pages) const ALL: [Self; 5] = [
        Self::Gmail,
        Self::Outlook,
        Self::Fastmail,
        Self::MailboxOrg,
        Self::Proton,
    ];

    /// Its name in the address, and the one that people know.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Gmail => ("gmail", "Gmail"),
            Self::Outlook => ("outlook", "Outlook"),
            Self::Fastmail => ("fastmail", "Fastmail"),
            Self::MailboxOrg => ("mailbox_org", "mailbox.org"),
            Self::Proton => ("proton", "Proton Mail Bridge"),
        }
    }

    /// Server, port and protection.
    const fn server(self) -> (&'static str, u16, SmtpSecurity) {
        match self {
            Self::Gmail => ("smtp.gmail.com", 587, SmtpSecurity::StartTls),
            Self::Outlook => ("smtp-mail.outlook.com", 587, SmtpSecurity::StartTls),
            Self::Fastmail => ("smtp.fastmail.com", 465, SmtpSecurity::Implicit),
            Self::MailboxOrg => ("smtp.mailbox.org", 465, SmtpSecurity::Implicit),
            // It runs on this machine, and its certificate is its own.
            Self::Proton => ("127.0.0.1", 1025, SmtpSecurity::LoopbackPlain),
        }
    }
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::pages) enum Said {
    Saved,
    Confirmed,
    NotTheCode,
    Again,
    NotAgain,
    Dropped,
    NotDropped,
}

impl Said {
    #[cfg(test)]
    pub(in crate::pages) const ALL: [Self; 7] = [
        Self::Saved,
        Self::Confirmed,
        Self::NotTheCode,
        Self::Again,
        Self::NotAgain,
        Self::Dropped,
        Self::NotDropped,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Saved => "console-said-smtp-saved",
            Self::Confirmed => "console-said-mail-confirmed",
            Self::NotTheCode => "console-said-not-the-code",
            Self::Again => "console-said-mail-again",
            Self::NotAgain => "console-said-mail-not-again",
            Self::Dropped => "console-said-mail-dropped",
            Self::NotDropped => "console-said-mail-not-dropped",
        }
    }

    const fn mood(self) -> &'static str {
        match self {
            Self::Saved | Self::Confirmed | Self::Again | Self::Dropped => "ok",
            Self::NotTheCode | Self::NotAgain | Self::NotDropped => "warn",
        }
    }
}

/// The SMTP form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    host: String,
    port: String,
    security: SmtpSecurity,
    user: String,
    password: SecretText,
    from: String,
}

/// The form of a test mail.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestForm {
    to: String,
}

/// The form of its code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CodeForm {
    code: String,
}

/// What stands in the SMTP form.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Typed {
    pub(in crate::pages) host: String,
    pub(in crate::pages) port: String,
    pub(in crate::pages) security: SmtpSecurity,
    pub(in crate::pages) user: String,
    pub(in crate::pages) from: String,
    /// A password is stored, which a left out one keeps.
    pub(in crate::pages) has_password: bool,
    /// Keys of what is wrong, by field.
    pub(in crate::pages) wrong: Wrong,
}

/// What is wrong in the SMTP form.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Wrong {
    pub(in crate::pages) host: &'static str,
    pub(in crate::pages) port: &'static str,
    pub(in crate::pages) from: &'static str,
}

/// What became of a test mail.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Tried {
    /// To whom; what was typed.
    pub(in crate::pages) to: String,
    /// What is wrong with that address.
    pub(in crate::pages) wrong: String,
    /// It was handed over: its code is asked for.
    pub(in crate::pages) is_sent: bool,
    /// Why it was not.
    pub(in crate::pages) failed: String,
    /// The conversation.
    pub(in crate::pages) lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "console/mail.html")]
pub(in crate::pages) struct MailPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) said: Option<Said>,
    pub(in crate::pages) route: &'a MailRoute,
    /// When mail was last known to arrive; empty: it is not known.
    pub(in crate::pages) confirmed: String,
    pub(in crate::pages) smtp: Typed,
    pub(in crate::pages) tried: Tried,
    pub(in crate::pages) queued: Vec<Queued>,
}

impl MailPage<'_> {
    fn is(&self, security: SmtpSecurity) -> bool {
        self.smtp.security == security
    }

    /// A demo keeps its mails, so no test has to show that they arrive.
    const fn keeps_mails(&self) -> bool {
        matches!(self.route, MailRoute::Mailbox)
    }
}

/// `GET /usher/console-mail`.
pub(super) async fn show(console: Console, Asked(query): Asked<Query>) -> Answer {
    let Console { page, own, .. } = console;
    let mut smtp = present(&page).await?;
    if let Some(preset) = query.preset {
        let (host, port, security) = preset.server();
        host.clone_into(&mut smtp.host);
        smtp.port = port.to_string();
        smtp.security = security;
    }
    let tried = Tried {
        to: own_address(&own),
        ..Tried::default()
    };
    of(page, query.said, smtp, tried).await
}

/// `POST /usher/console-mail`.
pub(super) async fn submit(console: Console, Body(form): Body<Form>) -> Answer {
    let Console { page, admin, own } = console;
    if !matches!(page.services.mailer.route(), MailRoute::Console) {
        return Ok(page.go("console-mail"));
    }
    let (typed, read) = read(form);
    let Some(read) = read else {
        let has_password = present(&page).await?.has_password;
        let smtp = Typed {
            has_password,
            ..typed
        };
        let tried = Tried {
            to: own_address(&own),
            ..Tried::default()
        };
        return of(page, None, smtp, tried).await;
    };
    let accounts = page.services.accounts.clone();
    accounts.set_smtp_form(&admin, &read, &page.visitor).await?;
    Ok(page.go("console-mail?said=saved"))
}

/// `POST /usher/console-mail-test`: sends a test mail at once and shows the conversation.
pub(super) async fn test(console: Console, Body(form): Body<TestForm>) -> Answer {
    let Console { page, admin, .. } = console;
    let mut tried = Tried {
        to: form.to.trim().to_owned(),
        ..Tried::default()
    };
    if EmailAddress::parse(&tried.to).is_err() {
        tried.wrong = page.frame.t("web-email-not-an-address");
    } else {
        let services = page.services.clone();
        let (accounts, mailer) = (&services.accounts, &services.mailer);
        let language = page.frame.tongue.code();
        let tested = accounts
            .test_mail(&admin, mailer, &tried.to, language, &page.visitor)
            .await?;
        match tested {
            MailTest::Sent(lines) => (tried.is_sent, tried.lines) = (true, lines),
            MailTest::Failed(why, lines) => (tried.failed, tried.lines) = (why, lines),
            MailTest::NoMail => tried.failed = page.frame.t("console-mail-none"),
        }
    }
    let smtp = present(&page).await?;
    of(page, None, smtp, tried).await
}

/// `POST /usher/console-mail-confirm`: the code of the test mail.
pub(super) async fn confirm(console: Console, Body(form): Body<CodeForm>) -> Answer {
    let Console { page, admin, .. } = console;
    let accounts = &page.services.accounts;
    let is_right = accounts.confirm_test_mail(&admin, &form.code).await?;
    Ok(page.go(if is_right {
        "console-mail?said=confirmed"
    } else {
        "console-mail?said=not_the_code"
    }))
}

async fn of(page: Page, said: Option<Said>, smtp: Typed, tried: Tried) -> Answer {
    let services = page.services.clone();
    let health = services.accounts.settings().await?.mail_health;
    let frame = page.frame.clone();
    let times = Times::of(&page);
    let queued = queue::list(&page, &times).await?;
    let confirmed = health.confirmed_at.map(|at| times.exact(&frame, at));
    Ok(page.show(&MailPage {
        frame: &frame,
        said,
        route: services.mailer.route(),
        confirmed: confirmed.unwrap_or_default(),
        smtp,
        tried,
        queued,
    }))
}

fn own_address(own: &usher_domain::account::Account) -> String {
    let address = own.address.as_ref();
    address.map_or_else(String::new, |address| address.email.as_str().to_owned())
}

/// The settings that hold at present.
async fn present(page: &Page) -> Result<Typed, crate::pages::page::Fault> {
    let stored = match page.services.mailer.route() {
        MailRoute::Fixed(settings) => Some(settings.clone()),
        MailRoute::Console => page.services.accounts.smtp_settings().await?,
        MailRoute::Mailbox => None,
    };
    Ok(stored.map_or_else(Typed::empty, Typed::of))
}

impl Typed {
    fn empty() -> Self {
        Self {
            host: String::new(),
            port: "587".to_owned(),
            security: SmtpSecurity::StartTls,
            user: String::new(),
            from: String::new(),
            has_password: false,
            wrong: Wrong::default(),
        }
    }

    /// The settings, but for the password.
    pub(in crate::pages) fn of(settings: SmtpSettings) -> Self {
        Self {
            has_password: settings.password.is_some(),
            host: settings.host,
            port: settings.port.to_string(),
            security: settings.security,
            user: settings.user.unwrap_or_default(),
            from: settings.from,
            wrong: Wrong::default(),
        }
    }
}

/// What was typed, and the same read, where nothing is wrong with it.
fn read(form: Form) -> (Typed, Option<SmtpForm>) {
    let text = |text: &str| text.trim().to_owned();
    let (host, user, from) = (text(&form.host), text(&form.user), text(&form.from));
    let port = form.port.trim().parse().ok().filter(|port| *port > 0);
    let is_far = form.security == SmtpSecurity::LoopbackPlain && !is_loopback(&host);
    let is_host = !host.is_empty()
        && !host.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    let wrong = Wrong {
        host: match (is_host, is_far) {
            (false, _) => "console-smtp-host-wrong",
            (true, true) => "console-smtp-plain-elsewhere",
            (true, false) => "",
        },
        port: if port.is_none() {
            "console-smtp-port-wrong"
        } else {
            ""
        },
        from: if EmailAddress::parse(&from).is_err() {
            "web-email-not-an-address"
        } else {
            ""
        },
    };
    let is_right = is_host && !is_far && wrong.from.is_empty();
    let read = port.filter(|_port| is_right).map(|port| SmtpForm {
        host: host.clone(),
        port,
        security: form.security,
        user: (!user.is_empty()).then(|| user.clone()),
        password: (!form.password.reveal().is_empty()).then_some(form.password),
        from: from.clone(),
    });
    let typed = Typed {
        host,
        port: form.port,
        security: form.security,
        user,
        from,
        has_password: false,
        wrong,
    };
    (typed, read)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(host: &str, port: &str, security: SmtpSecurity, from: &str) -> Form {
        Form {
            host: host.to_owned(),
            port: port.to_owned(),
            security,
            user: String::new(),
            password: SecretText::new(""),
            from: from.to_owned(),
        }
    }

    #[test]
    fn smtp_settings_that_cannot_work_are_refused_by_field() {
        let tls = SmtpSecurity::StartTls;
        let plain = SmtpSecurity::LoopbackPlain;
        for (typed, host, port, from) in [
            (form(" ", "587", tls, "a@b.example"), true, false, false),
            (
                form("mail.example", "0", tls, "a@b.example"),
                false,
                true,
                false,
            ),
            (
                form("mail.example", "70000", tls, "a@b.example"),
                false,
                true,
                false,
            ),
            (
                form("mail.example", "587", tls, "nobody"),
                false,
                false,
                true,
            ),
            (
                form("mail.example", "25", plain, "a@b.example"),
                true,
                false,
                false,
            ),
        ] {
            let (shown, read) = read(typed);
            assert!(read.is_none());
            let told = [shown.wrong.host, shown.wrong.port, shown.wrong.from];
            assert_eq!(told.map(|key| !key.is_empty()), [host, port, from]);
        }
        let (_, read) = read(form("localhost", "25", plain, "a@b.example"));
        let read = read.unwrap();
        assert!(read.user.is_none() && read.password.is_none());
    }
}
