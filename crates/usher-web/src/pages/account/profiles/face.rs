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
pub(in crate::pages) const DRAWINGS: [Drawing; 12] = [
    drawing("fox", "face-fox.svg", "profile-face-fox"),
    drawing("cat", "face-cat.svg", "profile-face-cat"),
    drawing("owl", "face-owl.svg", "profile-face-owl"),
    drawing("whale", "face-whale.svg", "profile-face-whale"),
    drawing("bear", "face-bear.svg", "profile-face-bear"),
    drawing("robot", "face-robot.svg", "profile-face-robot"),
    drawing("rocket", "face-rocket.svg", "profile-face-rocket"),
    drawing("moon", "face-moon.svg", "profile-face-moon"),
    drawing("frog", "face-frog.svg", "profile-face-frog"),
    drawing("panda", "face-panda.svg", "profile-face-panda"),
    drawing("penguin", "face-penguin.svg", "profile-face-penguin"),
    drawing("star", "face-star.svg", "profile-face-star"),
];

const fn drawing(key: &'static str, file: &'static str, name: &'static str) -> Drawing {
    Drawing { key, file, name }
}

/// How a profile looks in a list.
#[derive(Clone, Debug)]
pub(in crate::pages) struct Face {
    /// The file of its drawing; empty for an upload, and for the letter.
    pub(in crate::pages) file: &'static str,
    /// The address of an upload; empty for anything else.
    pub(in crate::pages) upload: String,
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
            upload: match picture {
                Some(Picture::Upload(key)) => format!("picture?key={}", key.as_str()),
                Some(Picture::Drawing(_)) | None => String::new(),
            },
            ..Self::letter(name)
        }
    }

    /// The first letter of a name.
    pub(in crate::pages) fn letter(name: &str) -> Self {
        let first = name.chars().next();
        Self {
            file: "",
            upload: String::new(),
            letter: first
                .map(|letter| letter.to_uppercase().to_string())
                .unwrap_or_default(),
        }
    }
}

/// What a form sends for an upload that stays. No drawing is called so.
const KEPT: &str = "kept";

/// What a form sends for a profile's picture; empty for the letter.
pub(super) fn key_of(profile: &Profile) -> &str {
    drawing_of(profile.picture.as_ref())
}

fn drawing_of(picture: Option<&Picture>) -> &str {
    match picture {
        Some(Picture::Drawing(key)) => key.as_str(),
        Some(Picture::Upload(_)) => KEPT,
        None => "",
    }
}

/// A form names a drawing that there is not.
pub(super) struct NoDrawing;

/// What a form does to a picture.
#[derive(Clone, Debug)]
pub(super) enum Chosen {
    /// The upload stays.
    Kept,
    /// This one takes its place; none for the letter.
    New(Option<Picture>),
}

/// The picture that a form names.
pub(super) fn chosen(key: &str) -> Result<Chosen, NoDrawing> {
    match key {
        "" => return Ok(Chosen::New(None)),
        KEPT => return Ok(Chosen::Kept),
        _drawing => {}
    }
    let known = DRAWINGS.iter().find(|drawing| drawing.key == key);
    let key = known.and_then(|drawing| PictureKey::parse(drawing.key).ok());
    let picture = key.map(Picture::Drawing).ok_or(NoDrawing)?;
    Ok(Chosen::New(Some(picture)))
}
