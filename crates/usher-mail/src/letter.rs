//! What a mail says, sorted into the parts of the one layout.
mod factor;
mod time;

mod address;

use usher_domain::mail::{Actor, Mail, Origin, ResetCause, ResetLink, Wish};
use usher_domain::secret::SecretText;
use usher_domain::time::Timestamp;
use usher_text::Tongue;

use self::address::Moved;
use crate::render::{Look, RenderError};
use crate::shown::shown;

/// Where somebody asks for a new password.
const RECOVER: &str = "/usher/recover";

/// Where administrators look after accounts.
const CONSOLE: &str = "/usher/console";

/// The parts of a mail, in the order in which they stand.
#[derive(Default)]
pub(crate) struct Letter {
    pub(crate) subject: String,
    pub(crate) title: String,
    pub(crate) greeting: Option<String>,
    pub(crate) body: String,
    pub(crate) code: Option<SecretText>,
    pub(crate) code_until: Option<String>,
    pub(crate) action: Option<Action>,
    /// Several things, of which one is to be done.
    pub(crate) choices: Vec<Action>,
    pub(crate) action_until: Option<String>,
    pub(crate) origin: Vec<Fact>,
    pub(crate) aside: Option<Aside>,
    pub(crate) why: String,
}

/// The one thing to do.
pub(crate) struct Action {
    pub(crate) label: String,
    pub(crate) link: String,
}

/// A line of "where this came from".
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// What to do if one did not expect the mail.
pub(crate) struct Aside {
    pub(crate) text: String,
    pub(crate) link: Option<String>,
}

/// Writes letters in one look and one language.
pub(crate) struct Writer<'a> {
    pub(crate) look: &'a Look,
    pub(crate) tongue: Tongue,
}

impl Writer<'_> {
    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each kind of mail, each a plain list"
    )]
    pub(crate) fn write(&self, mail: &Mail) -> Result<Letter, RenderError> {
        match mail {
            Mail::ConfirmAddress {
                user_name,
                code,
                expires,
                origin,
                revoke,
            } => Ok(Letter {
                code: Some(code.clone()),
                code_until: Some(self.until("mail-code-until", *expires)),
                origin: self.origin(origin),
                aside: Some(self.aside("mail-confirm-not-me", Some(revoke))?),
                ..self.personal("mail-confirm", user_name)
            }),
            Mail::SetUpInvitation {
                user_name,
                link,
                expires,
            } => Ok(Letter {
                action: Some(self.action("mail-set-up-action", link.reveal())?),
                action_until: Some(self.until("mail-link-until", *expires)),
                ..self.personal("mail-set-up", user_name)
            }),
            Mail::Reset {
                user_name,
                cause,
                code,
                code_expires,
                link,
                link_expires,
                origin,
                revoke,
            } => Ok(Letter {
                body: self.named(
                    match (cause, code) {
                        (ResetCause::Disowned, _) => "mail-reset-body-disowned",
                        (ResetCause::Administrator, _) => "mail-reset-body-administrator",
                        (ResetCause::Asked, Some(_)) => "mail-reset-body-code",
                        (ResetCause::Asked, None) => "mail-reset-body-link",
                    },
                    user_name,
                ),
                code_until: code
                    .as_ref()
                    .map(|_| self.until("mail-code-until", *code_expires)),
                code: code.clone(),
                action: Some(self.action("mail-reset-action", link.reveal())?),
                action_until: Some(self.until("mail-link-until", *link_expires)),
                origin: self.origin(origin),
                aside: match cause {
                    ResetCause::Disowned => None,
                    ResetCause::Asked | ResetCause::Administrator => {
                        Some(self.aside("mail-reset-not-me", Some(revoke))?)
                    }
                },
                ..self.personal("mail-reset", user_name)
            }),
            Mail::ResetShared {
                accounts,
                link_expires,
                origin,
                revoke,
            } => Ok(Letter {
                body: self.of_server("mail-reset-shared-body"),
                choices: self.choices(accounts)?,
                action_until: Some(self.until("mail-links-until", *link_expires)),
                origin: self.origin(origin),
                aside: Some(self.aside("mail-reset-shared-not-me", Some(revoke))?),
                why: self.of_server("mail-why"),
                ..self.headed("mail-reset")
            }),
            Mail::PasswordChanged {
                user_name,
                origin,
                by,
            } => Ok(Letter {
                body: self.acted("mail-password-changed-body", user_name, *by, ""),
                action: Some(self.action("mail-password-changed-action", RECOVER)?),
                origin: self.origin(origin),
                aside: Some(self.aside("mail-password-changed-not-me", None)?),
                ..self.personal("mail-password-changed", user_name)
            }),
            Mail::AddressChanged {
                user_name,
                new_address,
                remedy,
                origin,
                by,
            } => self.address_changed(&Moved {
                user_name,
                new_address: new_address.as_deref(),
                remedy,
                origin,
                by: *by,
            }),
            Mail::AddressUndone {
                user_name,
                address,
                origin,
            } => self.address_undone(user_name, address, origin),
            Mail::AccountClaimed { user_name, origin } => Ok(Letter {
                body: self.named("mail-claimed-body", user_name),
                action: Some(self.action("mail-claimed-action", CONSOLE)?),
                origin: self.origin(origin),
                ..self.official("mail-claimed")
            }),
            Mail::AdministratorAsked {
                user_name,
                wish,
                origin,
            } => Ok(Letter {
                body: self.asked(user_name, *wish),
                action: Some(self.action("mail-asked-action", CONSOLE)?),
                origin: self.origin(origin),
                ..self.official("mail-asked")
            }),
            Mail::ProfileOwnAccount {
                user_name,
                profile,
                account,
            } => {
                let kind = "mail-own-account";
                Ok(self.of_own_account(kind, user_name, profile, account))
            }
            Mail::OwnAccountDeclined {
                user_name,
                profile,
                account,
            } => {
                let kind = "mail-own-account-declined";
                Ok(self.of_own_account(kind, user_name, profile, account))
            }
            Mail::SignInCode(mail) => self.sign_in_code(mail),
            Mail::StepUpCode(mail) => self.step_up_code(mail),
            Mail::NewSignIn(mail) => self.new_sign_in(mail),
            Mail::SecondFactorUnfinished(mail) => self.unfinished(mail),
            Mail::FactorChanged(mail) => self.factor_changed(mail),
            Mail::RecoveryCodeUsed(mail) => self.recovery_code_used(mail),
            Mail::AppPasswordMade(mail) => self.app_password_made(mail),
            Mail::TrustEnded(mail) => self.trust_ended(mail),
            Mail::MoreTimeAsked(mail) => self.more_time_asked(mail),
            Mail::PasskeyCopied(mail) => self.passkey_copied(mail),
            Mail::Test { code } => Ok(Letter {
                body: self.tongue.t("mail-test-body"),
                code: Some(code.clone()),
                ..self.official("mail-test")
            }),
        }
    }

    /// What every mail to the person of an account has. The body is that of the kind, where it takes the name alone.
    fn personal(&self, kind: &str, user_name: &str) -> Letter {
        Letter {
            greeting: Some(self.named("mail-greeting", user_name)),
            body: self.named(&format!("{kind}-body"), user_name),
            why: self.of_server("mail-why"),
            ..self.headed(kind)
        }
    }

    /// What every mail to an administrator has.
    fn official(&self, kind: &str) -> Letter {
        Letter {
            why: self.of_server("mail-why-administrator"),
            ..self.headed(kind)
        }
    }

    fn headed(&self, kind: &str) -> Letter {
        Letter {
            subject: self.of_server(&format!("{kind}-subject")),
            title: self.of_server(&format!("{kind}-title")),
            ..Letter::default()
        }
    }

    fn of_server(&self, key: &str) -> String {
        self.tongue
            .with(key, &[("server", shown(&self.look.server_name).into())])
    }

    fn named(&self, key: &str, user_name: &str) -> String {
        let server = shown(&self.look.server_name);
        self.tongue.with(
            key,
            &[("name", shown(user_name).into()), ("server", server.into())],
        )
    }

    fn acted(&self, key: &str, user_name: &str, by: Actor, address: &str) -> String {
        let actor = match by {
            Actor::Person => "person",
            Actor::Administrator => "administrator",
            Actor::Jellyfin => "jellyfin",
        };
        let address = shown(address);
        self.tongue.with(
            key,
            &[
                ("name", shown(user_name).into()),
                ("actor", actor.into()),
                ("address", address.into()),
            ],
        )
    }

    fn asked(&self, user_name: &str, wish: Wish) -> String {
        let wish = match wish {
            Wish::PasswordReset => "password_reset",
            Wish::SetUpCode => "set_up_code",
            Wish::OwnAccount => "own_account",
        };
        self.tongue.with(
            "mail-asked-body",
            &[("name", shown(user_name).into()), ("wish", wish.into())],
        )
    }

    fn of_own_account(&self, kind: &str, user_name: &str, profile: &str, account: &str) -> Letter {
        let variables = [
            ("profile", shown(profile).into()),
            ("account", shown(account).into()),
        ];
        Letter {
            body: self.tongue.with(&format!("{kind}-body"), &variables),
            ..self.personal(kind, user_name)
        }
    }

    fn until(&self, key: &str, moment: Timestamp) -> String {
        let moment = self.tongue.moment(moment, &self.look.zone);
        self.tongue.with(key, &[("moment", moment.into())])
    }

    fn action(&self, label: &str, path: &str) -> Result<Action, RenderError> {
        Ok(Action {
            label: self.tongue.t(label),
            link: self.look.link(path)?,
        })
    }

    /// A link for each account of a shared address.
    fn choices(&self, accounts: &[ResetLink]) -> Result<Vec<Action>, RenderError> {
        let choice = |account: &ResetLink| {
            Ok(Action {
                label: self.named("mail-reset-shared-action", &account.user_name),
                link: self.look.link(account.link.reveal())?,
            })
        };
        accounts.iter().map(choice).collect()
    }

    fn aside(&self, text: &str, link: Option<&SecretText>) -> Result<Aside, RenderError> {
        let link = link.map(|path| self.look.link(path.reveal())).transpose()?;
        Ok(Aside {
            text: self.tongue.t(text),
            link,
        })
    }

    fn origin(&self, origin: &Origin) -> Vec<Fact> {
        let facts = [
            (
                "mail-origin-at",
                self.tongue.moment(origin.at, &self.look.zone),
            ),
            ("mail-origin-client", shown(&origin.client)),
            ("mail-origin-address", shown(&origin.masked_address)),
        ];
        // Of what is done in Jellyfin itself, neither client nor address is known.
        facts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| Fact {
                label: self.tongue.t(label),
                value,
            })
            .collect()
    }
}
