//! The form of a new profile, and of one that is changed: name, age, picture.
use serde::Deserialize;
use usher_domain::profile::name::{ProfileName, ProfileNameError};
use usher_domain::profile::{AgePreset, Profile};

use super::face::{self, Chosen, Face};
use crate::pages::page::Fault;

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    name: String,
    preset: AgePreset,
    picture: String,
}

/// What was filled in, where it is right.
pub(super) struct Filled {
    pub(super) name: ProfileName,
    pub(super) preset: AgePreset,
    pub(super) picture: Chosen,
    /// As the form sent it.
    key: String,
}

/// What stands in the form.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Values {
    pub(in crate::pages) name: String,
    pub(in crate::pages) preset: AgePreset,
    pub(in crate::pages) picture: String,
    /// The address of the upload that is its picture; empty where none is.
    pub(in crate::pages) upload: String,
    /// The key of what is wrong with the name.
    pub(in crate::pages) wrong: &'static str,
}

impl Values {
    pub(super) fn of(profile: &Profile) -> Self {
        Self {
            name: profile.name.as_str().to_owned(),
            preset: profile.preset,
            picture: face::key_of(profile).to_owned(),
            upload: Face::of(profile).upload,
            wrong: "",
        }
    }

    pub(super) fn is_adult(&self) -> bool {
        self.preset == AgePreset::Adult
    }

    pub(super) fn is_teen(&self) -> bool {
        self.preset == AgePreset::Teen
    }

    pub(super) fn is_child(&self) -> bool {
        self.preset == AgePreset::Child
    }

    pub(super) fn shows(&self, drawing: &str) -> bool {
        self.picture == drawing
    }
}

/// Reads the form: what it says, or the form again with what is wrong with its name.
pub(super) fn read(form: Form) -> Result<Result<Filled, Values>, Fault> {
    let Ok(picture) = face::chosen(&form.picture) else {
        return Err(Fault::Form);
    };
    let wrong = match ProfileName::parse(&form.name) {
        Ok(name) => {
            return Ok(Ok(Filled {
                name,
                preset: form.preset,
                picture,
                key: form.picture,
            }));
        }
        Err(ProfileNameError::Empty) => "profile-name-empty",
        Err(ProfileNameError::TooLong) => "profile-name-long",
        Err(ProfileNameError::Forbidden) => "profile-name-forbidden",
    };
    Ok(Err(Values {
        name: form.name,
        preset: form.preset,
        picture: form.picture,
        upload: String::new(),
        wrong,
    }))
}

impl Filled {
    /// The form again, with what is wrong.
    pub(super) fn again(&self, wrong: &'static str) -> Values {
        Values {
            name: self.name.as_str().to_owned(),
            preset: self.preset,
            picture: self.key.clone(),
            upload: String::new(),
            wrong,
        }
    }
}
