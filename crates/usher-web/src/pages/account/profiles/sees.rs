//! What a profile may see, in words that a family understands.
use usher_domain::profile::limits::{Libraries, Limits, UnratedKind};

use crate::pages::frame::Frame;

/// A sentence for each limit, or one for none.
pub(in crate::pages) fn sees(frame: &Frame, limits: &Limits) -> Vec<String> {
    if !limits.are_any() {
        return vec![frame.t("profile-sees-all")];
    }
    let mut told = vec![match limits.rating {
        None => frame.t("profile-sees-any-rating"),
        Some(rating) => frame.count("profile-sees-rating", "n", rating.score),
    }];
    let mut tell = |holds: bool, key: &str| {
        if holds {
            told.push(frame.t(key));
        }
    };
    let hidden = limits.blocked_unrated.len();
    tell(hidden == UnratedKind::ALL.len(), "profile-sees-no-unrated");
    tell(
        (1..UnratedKind::ALL.len()).contains(&hidden),
        "profile-sees-some-unrated",
    );
    tell(!limits.live_television, "profile-sees-no-live");
    tell(limits.libraries != Libraries::All, "profile-sees-libraries");
    let has_tags = limits.allowed_tags.is_some() || !limits.blocked_tags.is_empty();
    tell(has_tags, "profile-sees-tags");
    tell(!limits.hours.is_always(), "profile-sees-hours");
    match limits.screen_time.same_every_day() {
        Some(None) => {}
        Some(Some(minutes)) => {
            let minutes = i64::from(minutes);
            told.push(frame.count("profile-sees-minutes", "n", minutes));
        }
        None => told.push(frame.t("profile-sees-minutes-by-day")),
    }
    told
}
