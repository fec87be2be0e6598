//! What the mail about screen time says.
use usher_domain::mail::MoreTimeAsked;

use super::{Letter, Writer};
use crate::render::RenderError;
use crate::shown::shown;

impl Writer<'_> {
    pub(super) fn more_time_asked(&self, mail: &MoreTimeAsked) -> Result<Letter, RenderError> {
        let used = self.tongue.minutes(mail.used_minutes);
        let variables = [
            ("profile", shown(&mail.profile).into()),
            ("used", used.into()),
        ];
        Ok(Letter {
            subject: self.tongue.with("mail-more-time-subject", &variables),
            body: self.tongue.with("mail-more-time-body", &variables),
            action: Some(self.action("mail-more-time-action", mail.link.reveal())?),
            action_until: Some(self.until("mail-link-until", mail.expires)),
            origin: self.origin(&mail.origin),
            ..self.personal("mail-more-time", &mail.user_name)
        })
    }
}
