//! The people of the demo who have a second factor: enrolled as they would do it on their own page.
use anyhow::{Context, Result, bail};
use totp_rs::{Algorithm, Builder, Secret};
use usher_accounts::second_factor::{Enrollment, Flow};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_accounts::{Accounts, WebSession};
use usher_domain::second_factor::FactorKind;
use usher_domain::second_factor::recovery::RecoveryCode;
use usher_domain::secret::SecretText;

use super::people::{Person, here};

/// Name and password of those who get one.
pub(super) const PEOPLE: [(&str, &str); 2] = [("eva", "eva-pass-1"), ("tom", "tom-pass-1")];

/// The step of an authenticator app, in seconds.
const STEP: u64 = 30;

/// Enrolls the factor of somebody who is to have one.
pub(super) async fn enroll(accounts: &Accounts, person: &mut Person) -> Result<()> {
    let Some(password) = person.password.clone() else {
        return Ok(());
    };
    let kind = match person.name.as_str() {
        "eva" => FactorKind::Email,
        "tom" => FactorKind::Totp,
        _ => return Ok(()),
    };
    let session = sign_in(accounts, &person.name, &SecretText::new(password)).await?;
    let (flow, visitor) = (Flow::Account(&session), here());
    let enrolled = if kind == FactorKind::Totp {
        let seed = accounts
            .begin_totp(flow)
            .await?
            .context("a seed for the authenticator app")?;
        let code = earlier_code(accounts, seed.text.reveal())?;
        person.seed = Some(seed.text.reveal().to_owned());
        accounts
            .confirm_totp(flow, &code, "Phone", &visitor)
            .await?
    } else {
        accounts.enroll_mail(flow, &visitor).await?
    };
    let Enrollment::Done { codes, .. } = enrolled else {
        bail!("{} could not be given a second factor", person.name);
    };
    person.factor = Some(kind);
    person.recovery_codes = codes.iter().map(RecoveryCode::grouped).collect();
    accounts.sign_out(&session, &visitor).await?;
    Ok(())
}

/// Somebody's browser, signed in by the password alone.
pub(super) async fn sign_in(
    accounts: &Accounts,
    name: &str,
    password: &SecretText,
) -> Result<WebSession> {
    let device = accounts.new_device_id();
    let form = PasswordForm {
        name,
        password,
        device_id: &device,
        next: "",
        language: "en",
        trust: None,
    };
    let WebSignIn::Done(signed_in) = accounts.web_password(&form, None, &here()).await? else {
        bail!("{name} could not sign in");
    };
    let session = accounts.web_session(&signed_in.cookie).await?;
    session.context("a session")
}

/// The code of the step before this one, so that the present one is still good for a sign-in.
fn earlier_code(accounts: &Accounts, seed: &str) -> Result<String> {
    let secret = Secret::try_from_base32(seed)
        .ok()
        .context("a seed in base 32")?;
    let app = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(STEP)
        .with_secret(secret)
        .build_noncompliant();
    let now = u64::try_from(accounts.now().as_millis() / 1000)?;
    Ok(app.generate(now.saturating_sub(STEP)).to_string())
}
