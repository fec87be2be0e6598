//! Usher as browsers know it: one host and one origin, both from the configuration (R33).
use url::{Host, Url};
use usher_domain::account::Account;
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::{AllowCredentials, AuthenticatorSelectionCriteria, ResidentKeyRequirement};

use super::ID_MAX;

/// Whom passkeys are made for. A person is verified by the device, every time.
#[derive(Clone, Debug)]
pub struct RelyingParty {
    webauthn: Webauthn,
}

/// What is known of an answer to a challenge.
#[derive(Debug)]
pub(super) enum Signature {
    /// It is good; the passkey with its new counter.
    Good(Box<Passkey>),
    /// It is good, but its counter went back: there may be a copy of the passkey.
    Copied,
    /// It is not.
    Bad,
}

impl RelyingParty {
    /// For the public address of the instance. `None` where browsers make no passkeys: an IP address, or plain http to
    /// anything but this very machine.
    pub fn of(public_url: &Url) -> Option<Self> {
        let Host::Domain(domain) = public_url.host()? else {
            return None;
        };
        let is_local = domain == "localhost" || domain.ends_with(".localhost");
        match public_url.scheme() {
            "https" => {}
            "http" if is_local => {}
            _other => return None,
        }
        let origin = Url::parse(&public_url.origin().ascii_serialization()).ok()?;
        let builder = WebauthnBuilder::new(domain, &origin).ok()?;
        let webauthn = builder.timeout(super::LIFE).build().ok()?;
        Some(Self { webauthn })
    }

    /// What a browser is asked for to register a passkey, and what its answer is judged by.
    pub(super) fn ask_for_new(
        &self,
        account: &Account,
        server: &str,
        known: Vec<CredentialID>,
    ) -> Result<(String, PasskeyRegistration), Unaskable> {
        let name = &account.seen.name;
        let id = account.id.as_uuid();
        let (mut asked, state) =
            self.webauthn
                .start_passkey_registration(id, name, name, Some(known))?;
        let options = &mut asked.public_key;
        server.clone_into(&mut options.rp.name);
        // Kept on the device together with whose it is, so that it signs in without a name.
        if let Some(selection) = &mut options.authenticator_selection {
            *selection = AuthenticatorSelectionCriteria {
                resident_key: Some(ResidentKeyRequirement::Required),
                require_resident_key: true,
                ..selection.clone()
            };
        }
        Ok((serde_json::to_string(&asked)?, state))
    }

    /// The passkey that a browser registered. `None`: its answer does not fit the question.
    pub(super) fn registered(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Option<Passkey> {
        let judged = self.webauthn.finish_passkey_registration(answer, state);
        match judged {
            Ok(passkey) if passkey.cred_id().len() <= ID_MAX => Some(passkey),
            Ok(_too_long) => None,
            Err(error) => {
                tracing::debug!(?error, "A new passkey was refused");
                None
            }
        }
    }

    /// What a browser is asked for to show one of these passkeys; where there are none, any that the person chooses.
    pub(super) fn ask(
        &self,
        among: Vec<Vec<u8>>,
    ) -> Result<(String, DiscoverableAuthentication), Unaskable> {
        let (mut asked, state) = self.webauthn.start_discoverable_authentication()?;
        // A button was pressed: the browser is to ask now, not when a field is filled in.
        asked.mediation = None;
        asked.public_key.allow_credentials = among
            .into_iter()
            .map(|id| AllowCredentials {
                type_: "public-key".to_owned(),
                id,
                transports: None,
            })
            .collect();
        Ok((serde_json::to_string(&asked)?, state))
    }

    /// Judges an answer by the passkey as it was stored.
    pub(super) fn judge(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        mut passkey: Passkey,
    ) -> Signature {
        let judged = self
            .webauthn
            .finish_discoverable_authentication_v2(answer, state, &passkey);
        match judged {
            Ok(result) => {
                passkey.update_credential(&result);
                Signature::Good(Box::new(passkey))
            }
            Err(WebauthnError::CredentialPossibleCompromise) => Signature::Copied,
            Err(error) => {
                tracing::debug!(?error, "A passkey was refused");
                Signature::Bad
            }
        }
    }
}

/// A question could not be put together.
#[derive(Debug)]
pub(super) struct Unaskable;

impl From<WebauthnError> for Unaskable {
    fn from(error: WebauthnError) -> Self {
        tracing::error!(?error, "A passkey could not be asked for");
        Self
    }
}

impl From<serde_json::Error> for Unaskable {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(?error, "A passkey could not be asked for");
        Self
    }
}

impl From<Unaskable> for crate::AccountError {
    fn from(_logged: Unaskable) -> Self {
        Self::Unreadable { what: "passkey" }
    }
}

#[cfg(test)]
mod tests {
    use super::RelyingParty;

    #[test]
    fn r33_passkeys_are_for_a_domain_by_https_and_for_this_machine() {
        for (url, are_there) in [
            ("https://films.example.org", true),
            ("https://films.example.org:8443/films", true),
            ("http://localhost:8096", true),
            ("http://usher.localhost", true),
            ("http://films.example.org", false),
            ("https://192.0.2.7", false),
            ("https://[2001:db8::7]", false),
            ("http://127.0.0.1:8096", false),
        ] {
            let party = RelyingParty::of(&url.parse().unwrap());
            assert_eq!(party.is_some(), are_there, "{url}");
        }
    }
}
