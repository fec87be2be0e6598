//! Pictures of profiles, as Jellyfin and so every app gets them.
use std::io::Cursor;

use futures_util::future::join_all;
use image::{DynamicImage, ImageFormat, RgbImage};
use usher_accounts::profiles::{
    Applied, EditedProfile, PICTURE_MAX, ProfileChange, UploadedPicture, drawing,
};
use usher_domain::id::ProfileId;
use usher_domain::profile::{Picture, PictureKey};
use usher_standin::Fault;
use usher_store::WebSession;

use super::{anna, child, home, job, make, name, stored};
use crate::desk::Desk;

/// A picture of one color.
fn png(color: [u8; 3]) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let plain = RgbImage::from_pixel(60, 40, image::Rgb(color));
    let plain = DynamicImage::ImageRgb8(plain);
    plain.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(desk: &Desk, owner: &WebSession, id: ProfileId, file: Vec<u8>) -> UploadedPicture {
    let uploaded = desk
        .accounts
        .upload_picture(desk.by(owner), id, file, home());
    uploaded.await.unwrap()
}

async fn choose(
    desk: &Desk,
    owner: &WebSession,
    id: ProfileId,
    key: Option<&str>,
) -> EditedProfile {
    let drawing = key.map(|key| Picture::Drawing(PictureKey::parse(key).unwrap()));
    let change = ProfileChange {
        picture: Some(drawing),
        ..ProfileChange::default()
    };
    let edited = desk
        .accounts
        .edit_profile(desk.by(owner), id, &change, home());
    edited.await.unwrap()
}

/// The picture of a hidden user in Jellyfin: its kind, and its bytes.
fn held(desk: &Desk, name: &str) -> Option<(String, Vec<u8>)> {
    let state = desk.standin.state();
    let user = state.users.iter().find(|user| user.name == name);
    user.unwrap().image.clone()
}

/// The key of the upload that is a profile's picture.
async fn key(desk: &Desk, id: ProfileId) -> PictureKey {
    match stored(desk, id).await.profile.picture {
        Some(Picture::Upload(key)) => key,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_upload_and_a_drawing_are_given_to_jellyfin_and_the_letter_takes_them_away() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        assert_eq!(held(&desk, "anna+Kids"), None);
        let done = UploadedPicture::Done(Applied::Now);
        assert_eq!(upload(&desk, &owner, kids.id, png([200, 0, 0])).await, done);
        let first = key(&desk, kids.id).await;
        let kept = desk.accounts.picture(&first).await.unwrap().unwrap();
        assert_eq!(
            held(&desk, "anna+Kids"),
            Some(("image/jpeg".to_owned(), kept.clone()))
        );
        let red = image::load_from_memory(&kept).unwrap().to_rgb8();
        assert_eq!(red.dimensions(), (400, 400));
        assert!(red.get_pixel(200, 200).0[0] > 180);

        assert_eq!(upload(&desk, &owner, kids.id, png([0, 0, 200])).await, done);
        let second = key(&desk, kids.id).await;
        assert_ne!(second, first);
        assert_eq!(desk.accounts.picture(&first).await.unwrap(), None);

        let edited = EditedProfile::Done(Applied::Now);
        assert_eq!(choose(&desk, &owner, kids.id, Some("owl")).await, edited);
        let owl = drawing("owl").unwrap().to_vec();
        assert_eq!(
            held(&desk, "anna+Kids"),
            Some(("image/png".to_owned(), owl))
        );
        assert_eq!(desk.accounts.picture(&second).await.unwrap(), None);
        assert_eq!(choose(&desk, &owner, kids.id, None).await, edited);
        assert_eq!(held(&desk, "anna+Kids"), None);
    }
}

#[tokio::test]
async fn what_is_no_picture_changes_nothing() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    choose(&desk, &owner, kids.id, Some("fox")).await;
    let before = (stored(&desk, kids.id).await, held(&desk, "anna+Kids"));
    let mut broken = png([1, 2, 3]);
    broken.truncate(60);
    for (file, refused) in [
        (broken, UploadedPicture::NotAPicture),
        (
            b"<svg onload=alert(1)>".to_vec(),
            UploadedPicture::NotAPicture,
        ),
        (vec![0; PICTURE_MAX + 1], UploadedPicture::TooLarge),
    ] {
        assert_eq!(upload(&desk, &owner, kids.id, file).await, refused);
    }
    let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
    let kim = desk.session(&kim.cookie).await;
    let unknown = upload(&desk, &kim, kids.id, png([1, 2, 3])).await;
    assert_eq!(unknown, UploadedPicture::Unknown);
    let after = (stored(&desk, kids.id).await, held(&desk, "anna+Kids"));
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_picture_that_was_chosen_in_jellyfin_itself_stays_when_something_else_is_changed() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let own = ("image/png".to_owned(), vec![1, 2, 3]);
    {
        let mut state = desk.standin.state();
        let mut users = state.users.iter_mut();
        let user = users.find(|user| user.name == "anna+Kids").unwrap();
        user.image = Some(own.clone());
    }
    let change = ProfileChange {
        name: Some(name("Toni")),
        ..ProfileChange::default()
    };
    let edited = desk
        .accounts
        .edit_profile(desk.by(&owner), kids.id, &change, home());
    assert_eq!(edited.await.unwrap(), EditedProfile::Done(Applied::Now));
    assert_eq!(held(&desk, "anna+Toni"), Some(own));
}

#[tokio::test]
async fn a_picture_that_jellyfin_could_not_take_is_given_by_the_job() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.standin.faults().set("", Fault::Refuse);
        let later = UploadedPicture::Done(Applied::Later);
        assert_eq!(
            upload(&desk, &owner, kids.id, png([0, 200, 0])).await,
            later
        );
        desk.standin.faults().lift_all();
        job(&desk).await;
        assert!(held(&desk, "anna+Kids").is_some());
        assert!(!stored(&desk, kids.id).await.is_unsettled());
    }
}

#[tokio::test]
async fn of_many_pictures_at_once_a_few_wait_and_the_others_are_sent_away() {
    let desk = Desk::open().await;
    let owner = anna(&desk).await;
    let kids = make(&desk, &owner, &child("Kids")).await;
    let files = (0..12).map(|shade| upload(&desk, &owner, kids.id, png([shade, 0, 0])));
    let uploaded = join_all(files).await;
    let is = |became| uploaded.iter().filter(|one| **one == became).count();
    assert_eq!(is(UploadedPicture::Busy), 7, "{uploaded:?}");
    assert_eq!(is(UploadedPicture::Done(Applied::Now)), 5, "{uploaded:?}");
    let later = upload(&desk, &owner, kids.id, png([0, 9, 0])).await;
    assert_eq!(later, UploadedPicture::Done(Applied::Now));
}
