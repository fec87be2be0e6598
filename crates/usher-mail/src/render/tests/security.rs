//! The mails about sign-ins, second factors, and what stands in for them: one of each kind.
use std::time::Duration;

use usher_domain::mail::{
    Actor, AppPasswordMade, FactorChange, FactorChanged, Mail, NewSignIn, Origin, PasskeyCopied,
    RecoveryCodeUsed, SecondFactorUnfinished, SignInCode, StepUpCode, TrustEnded,
};
use usher_domain::second_factor::FactorKind;
use usher_domain::secret::SecretText;

use super::NOON;

pub(super) fn mails(name: &str, origin: &Origin) -> Vec<(&'static str, Mail)> {
    let mut all = sign_ins(name, origin);
    all.extend(changes(name, origin));
    let user_name = name.to_owned();
    all.extend([
        (
            "recovery_code_used",
            Mail::RecoveryCodeUsed(RecoveryCodeUsed {
                user_name: user_name.clone(),
                left: 9,
                origin: origin.clone(),
            }),
        ),
        (
            "recovery_code_used_the_last",
            Mail::RecoveryCodeUsed(RecoveryCodeUsed {
                user_name: user_name.clone(),
                left: 0,
                origin: origin.clone(),
            }),
        ),
        (
            "app_password_made",
            Mail::AppPasswordMade(AppPasswordMade {
                user_name: user_name.clone(),
                name: "Kitchen radio".to_owned(),
                origin: origin.clone(),
            }),
        ),
        (
            "trust_ended",
            Mail::TrustEnded(TrustEnded {
                user_name: user_name.clone(),
                origin: origin.clone(),
            }),
        ),
        (
            "passkey_copied",
            Mail::PasskeyCopied(PasskeyCopied {
                user_name,
                passkey: "Key ring".to_owned(),
                origin: origin.clone(),
            }),
        ),
    ]);
    all
}

fn sign_ins(name: &str, origin: &Origin) -> Vec<(&'static str, Mail)> {
    let user_name = name.to_owned();
    let path = |page: &str| SecretText::new(format!("/usher/{page}#t0ken"));
    let code = || SecretText::new("012345");
    let expires = NOON + Duration::from_mins(10);
    let on_tv = |code| {
        Mail::SignInCode(SignInCode {
            user_name: user_name.clone(),
            code,
            expires,
            approve: Some(path("approve")),
            device: "Living room".to_owned(),
            profile: "Kids".to_owned(),
            origin: origin.clone(),
            revoke: path("approve"),
        })
    };
    let on_the_web = SignInCode {
        user_name: user_name.clone(),
        code: Some(code()),
        expires,
        approve: None,
        device: String::new(),
        profile: String::new(),
        origin: origin.clone(),
        revoke: path("revoke"),
    };
    let unfinished = |device: &str| {
        Mail::SecondFactorUnfinished(SecondFactorUnfinished {
            user_name: user_name.clone(),
            device: device.to_owned(),
            origin: origin.clone(),
        })
    };
    let step_up = StepUpCode {
        user_name: user_name.clone(),
        code: code(),
        expires,
        origin: origin.clone(),
    };
    let new_sign_in = |profile: &str| {
        let mail = NewSignIn {
            user_name: user_name.clone(),
            profile: profile.to_owned(),
            device: "Living room".to_owned(),
            origin: origin.clone(),
            not_me: path("not-me"),
            not_me_expires: NOON + Duration::from_hours(168),
        };
        Mail::NewSignIn(mail)
    };
    vec![
        ("sign_in_code", Mail::SignInCode(on_the_web)),
        ("sign_in_code_of_an_app", on_tv(Some(code()))),
        ("sign_in_to_approve", on_tv(None)),
        ("step_up_code", Mail::StepUpCode(step_up)),
        ("new_sign_in", new_sign_in("")),
        ("new_sign_in_as_a_profile", new_sign_in("Kids")),
        ("second_factor_unfinished", unfinished("")),
        (
            "second_factor_unfinished_in_an_app",
            unfinished("Living room"),
        ),
    ]
}

fn changes(name: &str, origin: &Origin) -> Vec<(&'static str, Mail)> {
    let changed = |change, by, reason: &str| {
        Mail::FactorChanged(FactorChanged {
            user_name: name.to_owned(),
            change,
            by,
            reason: reason.to_owned(),
            origin: origin.clone(),
        })
    };
    let own = |change| changed(change, Actor::Person, "");
    let cleared = changed(
        FactorChange::Cleared,
        Actor::Administrator,
        "The phone is lost",
    );
    vec![
        (
            "factor_added_email",
            own(FactorChange::Added(FactorKind::Email)),
        ),
        (
            "factor_added_totp",
            own(FactorChange::Added(FactorKind::Totp)),
        ),
        (
            "factor_added_passkey",
            own(FactorChange::Added(FactorKind::Passkey)),
        ),
        (
            "factor_removed_email",
            own(FactorChange::Removed(FactorKind::Email)),
        ),
        (
            "factor_removed_totp",
            own(FactorChange::Removed(FactorKind::Totp)),
        ),
        (
            "factor_removed_passkey",
            own(FactorChange::Removed(FactorKind::Passkey)),
        ),
        ("factors_cleared", cleared),
        ("recovery_codes_renewed", own(FactorChange::CodesRenewed)),
    ]
}
