//! Pictures that a phone reads: drawn into the page itself, so that nothing of what they hold is loaded from anywhere.
use std::fmt::Write;

use qrcode::{Color, QrCode};

/// Light modules around the picture, which readers need.
const MARGIN: usize = 4;

/// A picture: the side of its square, and the outline of its dark parts.
pub(super) struct Picture {
    pub(super) side: usize,
    pub(super) path: String,
}

/// Draws a text. `None`: it is too long for a picture.
pub(super) fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::new(text.as_bytes())
        .inspect_err(|error| tracing::warn!(%error, "A text does not fit into a picture"))
        .ok()?;
    let side = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(side).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                let (left, top, length) = (x + MARGIN, y + MARGIN, run.len());
                // Writing to a String cannot fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    Some(Picture {
        side: side + 2 * MARGIN,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_holds_every_dark_module_once_inside_of_its_margin() {
        let text = "otpauth://totp/Lantern:mia?secret=JBSWY3DPEHPK3PXP&issuer=Lantern";
        let drawn = picture(text).unwrap();
        let code = QrCode::new(text).unwrap();
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == Color::Dark)
            .count();
        let runs = drawn.path.split('M').skip(1);
        let lengths = runs.map(|run| {
            let (place, rest) = run.split_once('h').unwrap();
            let (x, y) = place.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            assert!(x >= MARGIN && y >= MARGIN);
            assert!(x + length <= drawn.side - MARGIN && y < drawn.side - MARGIN);
            length
        });
        assert_eq!(lengths.sum::<usize>(), dark);
        assert!(picture(&"x".repeat(5_000)).is_none());
    }
}
