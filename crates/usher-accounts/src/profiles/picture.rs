//! The picture of a profile: one of our own drawings, or an upload that is decoded, cut to a square and encoded again.
//!
//! Invariant: no byte of an upload is kept. What a camera wrote into it besides the picture, such as the place, is gone.
use std::io::Cursor;
use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgba, RgbaImage,
    imageops,
};
use usher_domain::activity::{ProfileDeed, ProfileLine, ProfilePart};
use usher_domain::id::{ProfileId, UserId};
use usher_domain::profile::pin::Watcher;
use usher_domain::profile::{Picture, PictureKey, Profile};
use usher_domain::visitor::Visitor;
use usher_jellyfin::{ImageKind, JellyfinError};
use usher_store::StoredProfile;

use super::{Applied, is_ending, own_profile};
use crate::web_session::ProvenOwner;
use crate::{AccountError, Accounts};

/// The largest upload, in bytes.
pub const PICTURE_MAX: usize = 5 * 1024 * 1024;

/// The most pixels of an upload: what the phones of today take.
const PIXELS_MAX: u64 = 50_000_000;

/// The most memory for the pixels of an upload, in bytes: those of a photo of [`PIXELS_MAX`]. Nothing of that size is held
/// twice; a decoder may need as much again for itself.
const MEMORY_MAX: u64 = 3 * PIXELS_MAX;

/// Uploads that wait, each held in memory, until the one before them is decoded.
pub(crate) const WAITING: usize = 4;

/// Width and height of what is kept, in pixels.
const SIDE: u32 = 400;

/// How well the JPEG is, of 100.
const QUALITY: u8 = 85;

/// Behind what a picture leaves see-through: the ground of our pages.
const GROUND: Rgba<u8> = Rgba([27, 28, 34, 255]);

/// Our own drawings, as the apps that show Jellyfin's users take them. The key of each is its file's name in the pages.
const DRAWINGS: [(&str, &[u8]); 12] = [
    ("bear", include_bytes!("../../pictures/bear.png")),
    ("cat", include_bytes!("../../pictures/cat.png")),
    ("fox", include_bytes!("../../pictures/fox.png")),
    ("frog", include_bytes!("../../pictures/frog.png")),
    ("moon", include_bytes!("../../pictures/moon.png")),
    ("owl", include_bytes!("../../pictures/owl.png")),
    ("panda", include_bytes!("../../pictures/panda.png")),
    ("penguin", include_bytes!("../../pictures/penguin.png")),
    ("robot", include_bytes!("../../pictures/robot.png")),
    ("rocket", include_bytes!("../../pictures/rocket.png")),
    ("star", include_bytes!("../../pictures/star.png")),
    ("whale", include_bytes!("../../pictures/whale.png")),
];

/// The PNG of one of our own drawings.
pub fn drawing(key: &str) -> Option<&'static [u8]> {
    let mut drawings = DRAWINGS.into_iter();
    drawings
        .find(|(known, _)| *known == key)
        .map(|(_, png)| png)
}

/// What became of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadedPicture {
    /// It is the profile's picture.
    Done(Applied),
    /// Over [`PICTURE_MAX`], or more pixels than are decoded.
    TooLarge,
    /// No PNG, JPEG or WebP, or a broken one.
    NotAPicture,
    /// Too many other pictures are being looked at.
    Busy,
    /// The account has no such profile, or it is deleted.
    Unknown,
}

/// Why an upload is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    TooLarge,
    NotAPicture,
    Busy,
}

impl Accounts {
    /// Gives a profile a picture of its owner's. One at a time is decoded in each process, and a few wait for it.
    pub async fn upload_picture(
        &self,
        by: ProvenOwner,
        id: ProfileId,
        upload: Vec<u8>,
        visitor: &Visitor,
    ) -> Result<UploadedPicture, AccountError> {
        let jpeg = match self.decoded(upload).await? {
            Ok(jpeg) => jpeg,
            Err(Refused::TooLarge) => return Ok(UploadedPicture::TooLarge),
            Err(Refused::NotAPicture) => return Ok(UploadedPicture::NotAPicture),
            Err(Refused::Busy) => return Ok(UploadedPicture::Busy),
        };
        let key = self.new_picture_key()?;
        let tx = self.inner.store.begin().await?;
        let stored = own_profile(&tx, by.account, id).await?;
        let Some(stored) = stored.filter(|stored| !is_ending(stored.profile.state)) else {
            return Ok(UploadedPicture::Unknown);
        };
        tx.put_picture(id, &key, jpeg).await?;
        tx.edit_profile(&Profile {
            picture: Some(Picture::Upload(key)),
            ..stored.profile
        })
        .await?;
        tx.revise_profile(id).await?;
        let line = ProfileLine {
            parts: vec![ProfilePart::Picture],
            ..ProfileDeed::Changed.into()
        };
        let about = Watcher::Profile(id);
        self.note_deed(&tx, by.account, line, about, visitor)
            .await?;
        tx.commit().await?;
        Ok(UploadedPicture::Done(self.apply_profile(id).await))
    }

    /// The JPEG of a picture that was uploaded. Whoever knows its key may see it: 128 random bits, new with each picture.
    pub async fn picture(&self, key: &PictureKey) -> Result<Option<Vec<u8>>, AccountError> {
        Ok(self.inner.store.picture(key).await?)
    }

    /// Gives Jellyfin the picture of a profile, where it was given another one, or none. What somebody chose in Jellyfin
    /// itself stays until another one is chosen here.
    pub(super) async fn give_picture(
        &self,
        stored: &StoredProfile,
        user: UserId,
    ) -> Result<(), AccountError> {
        let (picture, jellyfin) = (&stored.profile.picture, &self.inner.jellyfin);
        if *picture == stored.picture_held {
            return Ok(());
        }
        match picture {
            None => jellyfin.remove_image(user).await?,
            Some(Picture::Drawing(key)) => match drawing(key.as_str()) {
                Some(png) => jellyfin.set_image(user, ImageKind::Png, png).await?,
                None => jellyfin.remove_image(user).await?,
            },
            // One that was taken away meanwhile: the next revision says so.
            Some(Picture::Upload(key)) => {
                if let Some(jpeg) = self.inner.store.picture(key).await? {
                    jellyfin.set_image(user, ImageKind::Jpeg, &jpeg).await?;
                }
            }
        }
        Ok(())
    }

    fn new_picture_key(&self) -> Result<PictureKey, AccountError> {
        let mut random = [0; 16];
        self.inner.entropy.fill(&mut random);
        let key = format!("{:032x}", u128::from_be_bytes(random));
        PictureKey::parse(&key).map_err(|_not_a_key| {
            JellyfinError::Inconsistent("a new key of a picture is refused").into()
        })
    }

    async fn decoded(&self, upload: Vec<u8>) -> Result<Result<Vec<u8>, Refused>, AccountError> {
        let Ok(_place) = Arc::clone(self.memory.pictures_waiting()).try_acquire_owned() else {
            return Ok(Err(Refused::Busy));
        };
        let seat = Arc::clone(self.memory.pictures()).acquire_owned().await;
        let decoded = tokio::task::spawn_blocking(move || {
            let _seat = seat;
            square(&upload)
        });
        match decoded.await {
            Ok(decoded) => Ok(decoded),
            // A decoder that gives up in this way was fed something that is no picture.
            Err(stopped) if stopped.is_panic() => Ok(Err(Refused::NotAPicture)),
            Err(_stopped) => Err(AccountError::Stopping),
        }
    }
}

/// The middle of a picture as a square JPEG.
fn square(upload: &[u8]) -> Result<Vec<u8>, Refused> {
    if upload.len() > PICTURE_MAX {
        return Err(Refused::TooLarge);
    }
    let (whole, turned) = decode(upload)?;
    let side = whole.width().min(whole.height());
    let (left, top) = ((whole.width() - side) / 2, (whole.height() - side) / 2);
    // A view, and turned only once it is small: the middle is the middle however a picture is turned.
    let middle = imageops::crop_imm(&whole, left, top, side, side);
    let mut small = DynamicImage::ImageRgba8(imageops::thumbnail(&*middle, SIDE, SIDE));
    drop(whole);
    small.apply_orientation(turned);
    let mut ground = RgbaImage::from_pixel(SIDE, SIDE, GROUND);
    imageops::overlay(&mut ground, &small, 0, 0);
    let opaque = DynamicImage::ImageRgba8(ground).to_rgb8();
    let mut jpeg = Vec::new();
    let written = JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&opaque);
    written.map(|()| jpeg).map_err(|error| refused(&error))
}

/// The picture as it was written, and how it has to be turned: phones write down how they were held.
fn decode(upload: &[u8]) -> Result<(DynamicImage, Orientation), Refused> {
    let mut reader = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()
        .map_err(|_unreadable| Refused::NotAPicture)?;
    let is_known = |format| {
        matches!(
            format,
            ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP
        )
    };
    if !reader.format().is_some_and(is_known) {
        return Err(Refused::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX || decoder.total_bytes() > MEMORY_MAX {
        return Err(Refused::TooLarge);
    }
    if width == 0 || height == 0 {
        return Err(Refused::NotAPicture);
    }
    let turned = decoder.orientation().map_err(|error| refused(&error))?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((picture, turned))
}

fn refused(error: &ImageError) -> Refused {
    tracing::debug!(
        error = error as &dyn std::error::Error,
        "An uploaded picture was refused"
    );
    if matches!(error, ImageError::Limits(_)) {
        Refused::TooLarge
    } else {
        Refused::NotAPicture
    }
}

#[cfg(test)]
mod tests {
    use image::{GenericImageView, RgbImage};

    use super::*;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Three stripes side by side: red, green, blue.
    fn stripes(width: u32, height: u32) -> DynamicImage {
        let stripe = |x, _y| match x * 3 / width {
            0 => image::Rgb([255, 0, 0]),
            1 => image::Rgb([0, 255, 0]),
            _right => image::Rgb([0, 0, 255]),
        };
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, stripe))
    }

    #[test]
    fn the_middle_of_a_picture_is_kept_as_a_square_jpeg_whatever_it_was() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let kept = square(&encoded(&stripes(300, 100), format)).unwrap();
            assert_eq!(image::guess_format(&kept).unwrap(), ImageFormat::Jpeg);
            let kept = image::load_from_memory(&kept).unwrap();
            assert_eq!(kept.dimensions(), (SIDE, SIDE));
            let [red, green, blue, _] = kept.get_pixel(SIDE / 2, SIDE / 2).0;
            assert!(green > 200 && red < 60 && blue < 60, "{format:?}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let png = encoded(&stripes(30, 30), ImageFormat::Png);
        let mut broken = png.clone();
        broken.truncate(png.len() / 2);
        let other: [&[u8]; 5] = [
            b"",
            b"<svg></svg>",
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n",
            &broken,
        ];
        for bytes in other {
            assert_eq!(square(bytes), Err(Refused::NotAPicture), "{bytes:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_decoded() {
        assert_eq!(square(&vec![0; PICTURE_MAX + 1]), Err(Refused::TooLarge));
        // A PNG of a few bytes that says it has 40,000 by 40,000 pixels.
        let mut bomb = encoded(&stripes(30, 30), ImageFormat::Png);
        for at in [16, 20] {
            bomb[at..at + 4].copy_from_slice(&40_000_u32.to_be_bytes());
        }
        let check = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&check.to_be_bytes());
        assert_eq!(square(&bomb), Err(Refused::TooLarge));
    }

    #[test]
    fn what_takes_too_much_memory_is_refused_before_it_is_decoded_however_small_it_is() {
        // 40,000,000 pixels are few enough, the eight bytes of each are not.
        let mut deep = encoded(
            &DynamicImage::ImageRgba16(image::ImageBuffer::new(30, 30)),
            ImageFormat::Png,
        );
        for (at, side) in [(16, 8_000_u32), (20, 5_000)] {
            deep[at..at + 4].copy_from_slice(&side.to_be_bytes());
        }
        let check = crc(&deep[12..29]);
        deep[29..33].copy_from_slice(&check.to_be_bytes());
        assert_eq!(square(&deep), Err(Refused::TooLarge));
    }

    /// The check sum of a part of a PNG.
    fn crc(bytes: &[u8]) -> u32 {
        let next = |crc: u32, byte: &u8| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _bit| {
                (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
            })
        };
        !bytes.iter().fold(u32::MAX, next)
    }

    #[test]
    fn every_drawing_is_a_square_png() {
        for (key, png) in DRAWINGS {
            assert!(PictureKey::parse(key).is_ok());
            assert_eq!(image::guess_format(png).unwrap(), ImageFormat::Png, "{key}");
            let drawn = image::load_from_memory(png).unwrap();
            assert_eq!(drawn.dimensions(), (SIDE, SIDE), "{key}");
        }
    }
}
