//! What the mails about second factors and new sign-ins say.
use usher_domain::mail::{
    Actor, AppPasswordMade, FactorChange, FactorChanged, NewSignIn, Origin, PasskeyCopied,
    RecoveryCodeUsed, SecondFactorUnfinished, SignInCode, StepUpCode, TrustEnded,
};
use usher_domain::second_factor::FactorKind;

use super::{Fact, Letter, RECOVER, Writer};
use crate::render::RenderError;
use crate::shown::shown;

/// Where a person sees what is enrolled.
const SECURITY: &str = "/usher/account-security";

impl Writer<'_> {
    pub(super) fn sign_in_code(&self, mail: &SignInCode) -> Result<Letter, RenderError> {
        let action = mail
            .approve
            .as_ref()
            .map(|path| self.action("mail-sign-in-code-action", path.reveal()))
            .transpose()?;
        let mut origin = self.on_device(&mail.device, &mail.origin);
        if !mail.profile.is_empty() {
            origin.insert(0, self.as_profile(&mail.profile));
        }
        let Some(code) = &mail.code else {
            return Ok(Letter {
                action,
                action_until: Some(self.until("mail-link-until", mail.expires)),
                origin,
                aside: Some(self.aside("mail-sign-in-approve-not-me", Some(&mail.revoke))?),
                ..self.personal("mail-sign-in-approve", &mail.user_name)
            });
        };
        let body = if action.is_some() {
            "mail-sign-in-code-body-app"
        } else {
            "mail-sign-in-code-body"
        };
        Ok(Letter {
            body: self.named(body, &mail.user_name),
            code: Some(code.clone()),
            code_until: Some(self.until("mail-code-until", mail.expires)),
            action,
            origin,
            aside: Some(self.aside("mail-sign-in-code-not-me", Some(&mail.revoke))?),
            ..self.personal("mail-sign-in-code", &mail.user_name)
        })
    }

    pub(super) fn step_up_code(&self, mail: &StepUpCode) -> Result<Letter, RenderError> {
        Ok(Letter {
            code: Some(mail.code.clone()),
            code_until: Some(self.until("mail-code-until", mail.expires)),
            origin: self.origin(&mail.origin),
            aside: Some(self.aside("mail-step-up-code-not-me", None)?),
            ..self.personal("mail-step-up-code", &mail.user_name)
        })
    }

    pub(super) fn new_sign_in(&self, mail: &NewSignIn) -> Result<Letter, RenderError> {
        let mut origin = self.on_device(&mail.device, &mail.origin);
        let body = if mail.profile.is_empty() {
            self.named("mail-new-sign-in-body", &mail.user_name)
        } else {
            origin.insert(0, self.as_profile(&mail.profile));
            let variables = [
                ("name", shown(&mail.user_name).into()),
                ("profile", shown(&mail.profile).into()),
            ];
            self.tongue
                .with("mail-new-sign-in-body-profile", &variables)
        };
        Ok(Letter {
            body,
            action: Some(self.action("mail-new-sign-in-action", mail.not_me.reveal())?),
            action_until: Some(self.until("mail-link-until", mail.not_me_expires)),
            origin,
            ..self.personal("mail-new-sign-in", &mail.user_name)
        })
    }

    /// As which profile of an account.
    fn as_profile(&self, profile: &str) -> Fact {
        Fact {
            label: self.tongue.t("mail-origin-profile"),
            value: shown(profile),
        }
    }

    pub(super) fn unfinished(&self, mail: &SecondFactorUnfinished) -> Result<Letter, RenderError> {
        Ok(Letter {
            action: Some(self.action("mail-unfinished-action", RECOVER)?),
            origin: self.on_device(&mail.device, &mail.origin),
            ..self.personal("mail-unfinished", &mail.user_name)
        })
    }

    pub(super) fn factor_changed(&self, mail: &FactorChanged) -> Result<Letter, RenderError> {
        Ok(Letter {
            body: self.changed(mail),
            ..self.of_security("mail-factor", &mail.user_name, &mail.origin)?
        })
    }

    pub(super) fn recovery_code_used(
        &self,
        mail: &RecoveryCodeUsed,
    ) -> Result<Letter, RenderError> {
        let variables = [
            ("name", shown(&mail.user_name).into()),
            ("count", mail.left.into()),
        ];
        Ok(Letter {
            body: self.tongue.with("mail-recovery-code-body", &variables),
            ..self.of_security("mail-recovery-code", &mail.user_name, &mail.origin)?
        })
    }

    pub(super) fn app_password_made(&self, mail: &AppPasswordMade) -> Result<Letter, RenderError> {
        let variables = [
            ("name", shown(&mail.user_name).into()),
            ("program", shown(&mail.name).into()),
        ];
        Ok(Letter {
            body: self.tongue.with("mail-app-password-body", &variables),
            ..self.of_security("mail-app-password", &mail.user_name, &mail.origin)?
        })
    }

    pub(super) fn trust_ended(&self, mail: &TrustEnded) -> Result<Letter, RenderError> {
        Ok(Letter {
            action: Some(self.action("mail-trust-ended-action", RECOVER)?),
            origin: self.origin(&mail.origin),
            ..self.personal("mail-trust-ended", &mail.user_name)
        })
    }

    pub(super) fn passkey_copied(&self, mail: &PasskeyCopied) -> Result<Letter, RenderError> {
        let body = if mail.passkey.is_empty() {
            "mail-passkey-copied-body"
        } else {
            "mail-passkey-copied-body-named"
        };
        let variables = [
            ("name", shown(&mail.user_name).into()),
            ("passkey", shown(&mail.passkey).into()),
        ];
        Ok(Letter {
            body: self.tongue.with(body, &variables),
            action: Some(self.action("mail-factor-action", SECURITY)?),
            origin: self.origin(&mail.origin),
            ..self.personal("mail-passkey-copied", &mail.user_name)
        })
    }

    /// A notice about what is enrolled, with the way to see it.
    fn of_security(
        &self,
        kind: &str,
        user_name: &str,
        origin: &Origin,
    ) -> Result<Letter, RenderError> {
        Ok(Letter {
            action: Some(self.action("mail-factor-action", SECURITY)?),
            origin: self.origin(origin),
            aside: Some(self.aside("mail-factor-not-me", None)?),
            ..self.personal(kind, user_name)
        })
    }

    fn changed(&self, mail: &FactorChanged) -> String {
        let added = |kind| match kind {
            FactorKind::Email => "added_email",
            FactorKind::Totp => "added_totp",
            FactorKind::Passkey => "added_passkey",
        };
        let removed = |kind| match kind {
            FactorKind::Email => "removed_email",
            FactorKind::Totp => "removed_totp",
            FactorKind::Passkey => "removed_passkey",
        };
        let change = match mail.change {
            FactorChange::Added(kind) => added(kind),
            FactorChange::Removed(kind) => removed(kind),
            FactorChange::Cleared => "cleared",
            FactorChange::CodesRenewed => "codes_renewed",
        };
        let name = shown(&mail.user_name);
        let body = self.tongue.with(
            "mail-factor-body",
            &[("name", name.into()), ("change", change.into())],
        );
        let by = match mail.by {
            Actor::Person | Actor::Jellyfin => String::new(),
            Actor::Administrator => self.tongue.t("mail-factor-by-administrator"),
        };
        let reason = if mail.reason.is_empty() {
            String::new()
        } else {
            let reason = shown(&mail.reason);
            self.tongue
                .with("mail-factor-reason", &[("reason", reason.into())])
        };
        let parts = [body, by, reason];
        let told: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        told.join(" ")
    }

    /// Where it came from, the device first; a browser names none.
    fn on_device(&self, device: &str, origin: &Origin) -> Vec<Fact> {
        let mut facts = self.origin(origin);
        if !device.is_empty() {
            facts.insert(
                0,
                Fact {
                    label: self.tongue.t("mail-origin-device"),
                    value: shown(device),
                },
            );
        }
        facts
    }
}
