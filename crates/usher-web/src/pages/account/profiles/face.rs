//! The faces of profiles: our own drawings, or the first letter of the name.
use usher_domain::profile::{Picture, PictureKey, Profile};

/// One of our own drawings.
#[derive(Clone, Copy, Debug)]
pub(in crate::pages) struct Drawing {
    /// What is stored of it.
    pub(in crate::pages) key: &'static str,
    pub(in crate::pages) file: &'static str,
    /// The key of what is seen on it.
    pub(in crate::pages) name: &'static str,
}

/// Every drawing.
pub(in crate::pages) const DRAWINGS: [Drawing; 8] = [
    drawing("fox", "face-fox.svg", "profile-face-fox"),
    drawing("cat", "face-cat.svg", "profile-face-cat"),
    drawing("owl", "face-owl.svg", "profile-face-owl"),
    drawing("whale", "face-whale.svg", "profile-face-whale"),
    drawing("bear", "face-bear.svg", "profile-face-bear"),
    drawing("robot", "face-robot.svg", "profile-face-robot"),
    drawing("rocket", "face-rocket.svg", "profile-face-rocket"),
    drawing("moon", "face-moon.svg", "profile-face-moon"),
];

const fn drawing(key: &'static str, file: &'static str, name: &'static str) -> Drawing {
    Drawing { key, file, name }
}

/// How a profile looks in a list.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Face {
    /// The file of its drawing; empty for the letter.
    pub(in crate::pages) file: &'static str,
    pub(in crate::pages) letter: String,
}

impl Face {
    pub(in crate::pages) fn of(profile: &Profile) -> Self {
        Self::shown(profile.picture.as_ref(), profile.name.as_str())
    }

    /// The face of whoever has this picture and this name.
    pub(in crate::pages) fn shown(picture: Option<&Picture>, name: &str) -> Self {
        let key = drawing_of(picture);
        let drawing = DRAWINGS.iter().find(|drawing| drawing.key == key);
        Self {
            file: drawing.map_or("", |drawing| drawing.file),
            ..Self::letter(name)
        }
    }

    /// The first letter of a name.
    pub(in crate::pages) fn letter(name: &str) -> Self {
        let first = name.chars().next();
        Self {
            file: "",
            letter: first
                .map(|letter| letter.to_uppercase().to_string())
                .unwrap_or_default(),
        }
    }
}

/// What a form sends for a profile's drawing; empty for the letter.
pub(super) fn key_of(profile: &Profile) -> &str {
    drawing_of(profile.picture.as_ref())
}

fn drawing_of(picture: Option<&Picture>) -> &str {
    match picture {
        Some(Picture::Drawing(key)) => key.as_str(),
        Some(Picture::Upload(_)) | None => "",
    }
}

/// A form names a drawing that there is not.
pub(super) struct NoDrawing;

/// The drawing that a form names; none for the letter.
pub(super) fn chosen(key: &str) -> Result<Option<Picture>, NoDrawing> {
    if key.is_empty() {
        return Ok(None);
    }
    let known = DRAWINGS.iter().find(|drawing| drawing.key == key);
    let key = known.and_then(|drawing| PictureKey::parse(drawing.key).ok());
    key.map(|key| Some(Picture::Drawing(key))).ok_or(NoDrawing)
}
