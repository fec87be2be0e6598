//! What an address is told that an account no longer has (R40).
use usher_domain::mail::{Actor, Origin, Remedy};

use super::{Aside, Letter, Writer};
use crate::render::RenderError;
use crate::shown::shown;

/// A change of address, as its mail tells of it.
pub(super) struct Moved<'a> {
    pub(super) user_name: &'a str,
    /// The new address, masked; none when it was cleared.
    pub(super) new_address: Option<&'a str>,
    pub(super) remedy: &'a Remedy,
    pub(super) origin: &'a Origin,
    pub(super) by: Actor,
}

impl Writer<'_> {
    pub(super) fn address_changed(&self, moved: &Moved<'_>) -> Result<Letter, RenderError> {
        let (body, address) = match moved.new_address {
            Some(address) => ("mail-address-changed-body", address),
            None => ("mail-address-cleared-body", ""),
        };
        let letter = Letter {
            body: self.acted(body, moved.user_name, moved.by, address),
            origin: self.origin(moved.origin),
            ..self.personal("mail-address-changed", moved.user_name)
        };
        Ok(match moved.remedy {
            Remedy::Undo { link, until } => Letter {
                action: Some(self.action("mail-address-changed-action", link.reveal())?),
                action_until: Some(self.until("mail-address-changed-until", *until)),
                ..letter
            },
            Remedy::EarlierLink { address, until } => {
                let moment = self.tongue.moment(*until, &self.look.zone);
                let address = shown(address);
                let told = [("address", address.into()), ("moment", moment.into())];
                Letter {
                    aside: Some(Aside {
                        text: self.tongue.with("mail-address-changed-earlier", &told),
                        link: None,
                    }),
                    ..letter
                }
            }
            Remedy::AskAdministrator => Letter {
                aside: Some(self.aside("mail-address-changed-ask", None)?),
                ..letter
            },
        })
    }

    pub(super) fn address_undone(
        &self,
        user_name: &str,
        address: &str,
        origin: &Origin,
    ) -> Result<Letter, RenderError> {
        let names = [
            ("name", shown(user_name).into()),
            ("address", shown(address).into()),
        ];
        Ok(Letter {
            body: self.tongue.with("mail-address-undone-body", &names),
            origin: self.origin(origin),
            aside: Some(self.aside("mail-address-changed-ask", None)?),
            ..self.personal("mail-address-undone", user_name)
        })
    }
}
