//! From a mail's data to subject, text and HTML.
use askama::Template;
use url::Url;
use usher_domain::mail::Mail;
use usher_domain::secret::SecretText;
use usher_text::{TimeZone, Tongue};

use crate::letter::{Letter, Writer};
use crate::shown::shown;

#[cfg(test)]
mod tests;

/// The colour of Jellyfin's own buttons.
const ACCENT: &str = "#00a4dc";

/// How mails of this server look, and where their links lead.
#[derive(Clone, Debug)]
pub struct Look {
    /// The configured public address; what every link begins with (R12).
    pub public_url: Url,
    /// The server's name.
    pub server_name: String,
    /// Colour of the button as `#rrggbb`; anything else is taken for Jellyfin's blue.
    pub accent: String,
    /// The zone in which times are written.
    pub zone: TimeZone,
}

impl Look {
    /// A link: the public address, then the path.
    pub(crate) fn link(&self, path: &str) -> Result<String, RenderError> {
        let fit = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\');
        if !path.starts_with('/') || !path.bytes().all(fit) {
            return Err(RenderError::Path);
        }
        Ok(format!(
            "{}{path}",
            self.public_url.as_str().trim_end_matches('/')
        ))
    }

    fn accent(&self) -> &str {
        let digits = self.accent.strip_prefix('#').unwrap_or_default();
        let is_color = digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_color { &self.accent } else { ACCENT }
    }

    /// Black or white, whichever is easier to read on the accent: the two are alike on a gray of 117.
    fn on_accent(&self) -> &'static str {
        let channel = |at: usize| {
            u32::from_str_radix(self.accent().get(at..at + 2).unwrap_or_default(), 16).unwrap_or(0)
        };
        let brightness = channel(1) * 299 + channel(3) * 587 + channel(5) * 114;
        if brightness > 117_000 {
            "#000000"
        } else {
            "#ffffff"
        }
    }
}

/// A mail that can be sent.
#[derive(Clone)]
pub struct Rendered {
    /// Subject: never holds a secret.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML. Loads nothing from anywhere.
    pub html: String,
    /// The code in it, for a demo's mailbox.
    pub code: Option<SecretText>,
    /// The address behind its button, or its first one, for a demo's mailbox.
    pub link: Option<SecretText>,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rendered")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// A mail could not be rendered: it never will be.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A link in it is not a path on Usher's pages.
    #[error("a link of the mail is not a path")]
    Path,
    /// A template failed.
    #[error("a template failed")]
    Template(#[from] askama::Error),
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    tongue: Tongue,
    letter: &'a Letter,
    server: &'a str,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    tongue: Tongue,
    letter: &'a Letter,
    server: &'a str,
    accent: &'a str,
    on_accent: &'a str,
}

/// Renders a mail for a reader.
pub fn render(mail: &Mail, look: &Look, tongue: Tongue) -> Result<Rendered, RenderError> {
    let letter = Writer { look, tongue }.write(mail)?;
    let server = &shown(&look.server_name);
    let text = Text {
        tongue,
        letter: &letter,
        server,
    }
    .render()?;
    let (accent, on_accent) = (look.accent(), look.on_accent());
    let html = Html {
        tongue,
        letter: &letter,
        server,
        accent,
        on_accent,
    }
    .render()?;
    Ok(Rendered {
        subject: letter.subject,
        text,
        html,
        code: letter.code,
        link: letter
            .action
            .or_else(|| letter.choices.into_iter().next())
            .map(|action| SecretText::new(action.link)),
    })
}
