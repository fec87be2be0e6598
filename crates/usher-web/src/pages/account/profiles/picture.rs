//! A picture of one's own for a profile: sent, shown.
use askama::Template;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde::Deserialize;
use usher_accounts::profiles::{
    Applied, EditedProfile, PICTURE_MAX, ProfileEntry, UploadedPicture,
};
use usher_domain::profile::PictureKey;

use super::edit::after;
use super::setting::Head;
use super::{Opened, Query, Said, open};
use crate::pages::Services;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-picture";

/// The most that is read of a form with a picture, in bytes. Far more than what is kept, so that a browser which sends too
/// much is told so, and not cut off.
pub(super) const BODY_MAX: usize = 64 * 1024 * 1024;

/// The address of a picture says another one when the picture changes.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

#[derive(Template)]
#[template(path = "account/profile_picture.html")]
pub(in crate::pages) struct PicturePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    /// The key of what is wrong.
    pub(in crate::pages) wrong: &'static str,
}

/// A form with one file in it.
pub(super) struct Upload(Multipart);

impl FromRequest<Services> for Upload {
    type Rejection = Fault;

    async fn from_request(request: Request, services: &Services) -> Result<Self, Fault> {
        match Multipart::from_request(request, services).await {
            Ok(form) => Ok(Self(form)),
            Err(_another_kind_of_form) => Err(Fault::Form),
        }
    }
}

/// `GET /usher/account-profile-picture`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    Ok(match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => ask(signed_in, &entry, ""),
        Opened::Elsewhere(to) => signed_in.page.go(&to),
    })
}

/// `POST /usher/account-profile-picture`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Upload(form): Upload,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let file = match read(form).await? {
        File::Whole(file) if file.is_empty() => {
            return Ok(ask(signed_in, &entry, "profile-upload-none"));
        }
        File::Whole(file) => file,
        File::TooLarge => return Ok(ask(signed_in, &entry, "profile-upload-large")),
    };
    let page = &signed_in.page;
    let uploaded = page
        .services
        .accounts
        .upload_picture(entry.by, entry.profile.id, file, &page.visitor)
        .await?;
    let wrong = match uploaded {
        UploadedPicture::Done(applied) => {
            return Ok(signed_in.page.go(&saved(applied, &query.id)));
        }
        UploadedPicture::Unknown => return Ok(signed_in.page.go(&Said::NoProfile.on_list())),
        UploadedPicture::TooLarge => "profile-upload-large",
        UploadedPicture::NotAPicture => "profile-upload-wrong",
        UploadedPicture::Busy => "profile-upload-busy",
    };
    Ok(ask(signed_in, &entry, wrong))
}

fn saved(applied: Applied, id: &str) -> String {
    after(EditedProfile::Done(applied), id)
}

/// What was sent.
enum File {
    Whole(Vec<u8>),
    TooLarge,
}

/// Reads the one file of the form.
async fn read(mut form: Multipart) -> Result<File, Fault> {
    let first = form.next_field().await.map_err(|_broken| Fault::Form)?;
    let field = first.filter(|field| field.name() == Some("picture"));
    let file = whole(field.ok_or(Fault::Form)?).await?;
    match form.next_field().await {
        Ok(None) => Ok(file),
        Ok(Some(_another)) => Err(Fault::Form),
        Err(_broken) => Err(Fault::Form),
    }
}

/// Of what is too large nothing is kept, but all of it is read.
async fn whole(mut field: Field<'_>) -> Result<File, Fault> {
    let mut file = File::Whole(Vec::new());
    while let Some(part) = field.chunk().await.map_err(|_broken| Fault::Form)? {
        if let File::Whole(bytes) = &mut file {
            if bytes.len() + part.len() > PICTURE_MAX {
                file = File::TooLarge;
            } else {
                bytes.extend_from_slice(&part);
            }
        }
    }
    Ok(file)
}

fn ask(signed_in: SignedIn, entry: &ProfileEntry, wrong: &'static str) -> Response {
    let SignedIn { page, account, .. } = signed_in;
    let frame = page.frame.clone();
    let texts = ("profile-upload", "profile-upload-body");
    page.show(&PicturePage {
        frame: &frame,
        head: Head::of(&account, entry, HERE, texts),
        wrong,
    })
}

/// Which picture.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    key: String,
}

/// `GET /usher/picture`: what was uploaded. Its key is the proof, as with Jellyfin's own pictures of users.
pub(super) async fn file(
    axum::extract::State(services): axum::extract::State<Services>,
    Asked(which): Asked<Which>,
) -> Answer {
    let found = match PictureKey::parse(&which.key) {
        Ok(key) => services.accounts.picture(&key).await?,
        Err(_not_a_key) => None,
    };
    let Some(jpeg) = found else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    Ok((headers, jpeg).into_response())
}
