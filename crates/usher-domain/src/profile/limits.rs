//! What the owner allows a profile.
use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::id::ItemId;
use crate::name::NameKey;
use crate::profile::AgePreset;
use crate::profile::hours::{DAY, Hours};

/// The longest tag, in characters.
pub const TAG_MAX: usize = 64;

/// The limits of a profile. What its owner may not do, it may not do either, whatever stands here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The highest rating; `None` for the owner's.
    pub rating: Option<RatingLimit>,
    /// Which sorts of items are hidden while they have no rating.
    pub blocked_unrated: BTreeSet<UnratedKind>,
    /// Items with one of these tags are hidden.
    pub blocked_tags: BTreeSet<Tag>,
    /// Only items with one of these tags are shown; `None` for any. An empty set shows nothing.
    pub allowed_tags: Option<BTreeSet<Tag>>,
    /// Which libraries and channels are seen.
    pub libraries: Libraries,
    /// Whether live television may be watched, where the owner may.
    pub live_television: bool,
    /// When it may be used, in the configured time zone.
    pub hours: Hours,
    /// How long a day.
    pub screen_time: DailyMinutes,
}

impl Default for Limits {
    /// As much as the owner.
    fn default() -> Self {
        Self {
            rating: None,
            blocked_unrated: BTreeSet::new(),
            blocked_tags: BTreeSet::new(),
            allowed_tags: None,
            libraries: Libraries::All,
            live_television: true,
            hours: Hours::always(),
            screen_time: DailyMinutes::UNLIMITED,
        }
    }
}

impl Limits {
    /// The limits that a profile begins with.
    pub fn of_preset(preset: AgePreset) -> Self {
        match preset {
            AgePreset::Adult => Self::default(),
            AgePreset::Teen => Self {
                rating: Some(RatingLimit::up_to(14)),
                ..Self::default()
            },
            AgePreset::Child => Self {
                rating: Some(RatingLimit::up_to(7)),
                blocked_unrated: UnratedKind::ALL.into_iter().collect(),
                live_television: false,
                ..Self::default()
            },
        }
    }

    /// The limits for another age: what may be watched is that age's, and what no preset decides (hours, minutes, libraries,
    /// tags) stays.
    #[must_use]
    pub fn at_age(&self, preset: AgePreset) -> Self {
        let Self {
            rating,
            blocked_unrated,
            live_television,
            ..
        } = Self::of_preset(preset);
        Self {
            rating,
            blocked_unrated,
            live_television,
            ..self.clone()
        }
    }

    /// Whether anything is less than the owner's. The first profile of this kind asks for a PIN on the owner's.
    pub fn are_any(&self) -> bool {
        *self != Self::default()
    }
}

/// The highest rating that is shown, as Jellyfin's scores: roughly an age, and for the same age how harsh it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RatingLimit {
    /// Ratings over this score are hidden (`G` 0, `PG` 10, `PG-13` 13, `R` 17).
    pub score: i64,
    /// Of those with this very score, the ones over this second score are hidden too; `None` for none of them.
    pub sub_score: Option<i64>,
}

impl RatingLimit {
    /// Everything up to a score.
    pub const fn up_to(score: i64) -> Self {
        Self {
            score,
            sub_score: None,
        }
    }

    /// The tighter of the two.
    #[must_use]
    pub fn tighter(self, other: Self) -> Self {
        let place = |limit: Self| (limit.score, limit.sub_score.unwrap_or(i64::MAX));
        if place(other) < place(self) {
            other
        } else {
            self
        }
    }
}

/// A sort of items that Jellyfin can hide while they have no rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UnratedKind {
    /// Films.
    Movie,
    /// Trailers.
    Trailer,
    /// Series.
    Series,
    /// Music.
    Music,
    /// Books.
    Book,
    /// Channels of live television.
    LiveTvChannel,
    /// Programs of live television.
    LiveTvProgram,
    /// What a plugin's channel offers.
    ChannelContent,
    /// All else, extras among them.
    Other,
}

impl UnratedKind {
    /// Every sort.
    pub const ALL: [Self; 9] = [
        Self::Movie,
        Self::Trailer,
        Self::Series,
        Self::Music,
        Self::Book,
        Self::LiveTvChannel,
        Self::LiveTvProgram,
        Self::ChannelContent,
        Self::Other,
    ];
}

/// A tag of Jellyfin's. Tags that differ in letter case alone are one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tag(String);

/// A text is no tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tag has 1 to 64 characters, none of them , or |")]
pub struct TagError;

impl Tag {
    /// Reads a tag. Jellyfin keeps a list of tags as one text with separators: a tag with a separator in it would be read
    /// back as two, and allow more.
    ///
    /// # Errors
    ///
    /// [`TagError`] when it is empty, over [`TAG_MAX`], or holds a separator or a control character.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        let text = text.trim();
        let separates = |letter: char| matches!(letter, ',' | '|') || letter.is_control();
        if text.is_empty() || text.chars().count() > TAG_MAX || text.contains(separates) {
            return Err(TagError);
        }
        Ok(Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is compared by.
    pub fn key(&self) -> NameKey {
        NameKey::of(&self.0)
    }
}

impl TryFrom<String> for Tag {
    type Error = TagError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

/// Which libraries and channels of plugins are seen, by item id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Libraries {
    /// All that the owner sees.
    All,
    /// These, where the owner sees them. An empty set is none.
    Only(BTreeSet<ItemId>),
}

/// How many minutes a day may be watched, by weekday from Monday; `None` for no limit on that day. The minutes of a whole day
/// limit nothing, and are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[Option<u16>; 7]", into = "[Option<u16>; 7]")]
pub struct DailyMinutes([Option<u16>; 7]);

impl DailyMinutes {
    /// No limit on any day.
    pub const UNLIMITED: Self = Self([None; 7]);

    /// The same for every day.
    pub fn every_day(minutes: u16) -> Self {
        Self::by_day([Some(minutes); 7])
    }

    /// By weekday from Monday.
    pub fn by_day(minutes: [Option<u16>; 7]) -> Self {
        Self(minutes.map(|day| day.filter(|minutes| *minutes < DAY)))
    }

    /// The minutes of each day from Monday.
    pub const fn days(self) -> [Option<u16>; 7] {
        self.0
    }

    /// The one value of all days, where they have one.
    pub fn same_every_day(self) -> Option<Option<u16>> {
        let [monday, rest @ ..] = self.0;
        rest.iter().all(|day| *day == monday).then_some(monday)
    }

    /// How long may be watched on a day; `None` for no limit.
    pub fn on(self, day: Weekday) -> Option<Duration> {
        let number = usize::from(day.to_monday_zero_offset().unsigned_abs());
        let minutes = self.0.get(number).copied().flatten()?;
        Some(Duration::from_secs(u64::from(minutes) * 60))
    }
}

impl From<[Option<u16>; 7]> for DailyMinutes {
    fn from(minutes: [Option<u16>; 7]) -> Self {
        Self::by_day(minutes)
    }
}

impl From<DailyMinutes> for [Option<u16>; 7] {
    fn from(limit: DailyMinutes) -> Self {
        limit.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_begins_without_what_has_no_rating_and_an_adult_without_limits() {
        let child = Limits::of_preset(AgePreset::Child);
        assert_eq!(child.blocked_unrated.len(), UnratedKind::ALL.len());
        assert_eq!(child.rating, Some(RatingLimit::up_to(7)));
        assert!(!child.live_television);
        assert!(child.are_any() && Limits::of_preset(AgePreset::Teen).are_any());
        assert!(!Limits::of_preset(AgePreset::Adult).are_any());
    }

    #[test]
    fn another_age_changes_what_may_be_watched_and_leaves_hours_minutes_libraries_and_tags() {
        let tag = |text| [Tag::parse(text).unwrap()].into();
        let child = Limits {
            blocked_tags: tag("scary"),
            allowed_tags: Some(tag("kids")),
            libraries: Libraries::Only(BTreeSet::new()),
            hours: Hours::never(),
            screen_time: DailyMinutes::every_day(60),
            ..Limits::of_preset(AgePreset::Child)
        };
        for preset in [AgePreset::Adult, AgePreset::Teen, AgePreset::Child] {
            let begun = Limits::of_preset(preset);
            let expected = Limits {
                rating: begun.rating,
                blocked_unrated: begun.blocked_unrated,
                live_television: begun.live_television,
                ..child.clone()
            };
            assert_eq!(child.at_age(preset), expected);
        }
        // Nothing that a preset begins with is left behind.
        for (from, to) in [
            (AgePreset::Child, AgePreset::Teen),
            (AgePreset::Teen, AgePreset::Child),
        ] {
            assert_eq!(Limits::of_preset(from).at_age(to), Limits::of_preset(to));
        }
    }

    #[test]
    fn the_tighter_rating_is_the_lower_score_and_then_the_lower_second_score() {
        let limit = |score, sub_score| RatingLimit { score, sub_score };
        for (left, right, tighter) in [
            (limit(7, None), limit(10, Some(0)), limit(7, None)),
            (limit(10, None), limit(10, Some(1)), limit(10, Some(1))),
            (limit(10, Some(0)), limit(10, Some(1)), limit(10, Some(0))),
        ] {
            assert_eq!(left.tighter(right), tighter);
            assert_eq!(right.tighter(left), tighter);
        }
    }

    #[test]
    fn a_tag_cannot_be_read_back_as_two() {
        assert_eq!(Tag::parse(" Kids ").map(String::from), Ok("Kids".into()));
        for text in ["", " ", "a,b", "a|b", "a\nb", &"a".repeat(65)] {
            assert_eq!(Tag::parse(text), Err(TagError), "{text:?}");
        }
    }

    #[test]
    fn screen_time_is_looked_up_by_weekday() {
        let mut days = [Some(60); 7];
        days[5] = Some(DAY - 1);
        days[6] = None;
        let limit = DailyMinutes::by_day(days);
        assert_eq!(limit.on(Weekday::Monday), Some(Duration::from_hours(1)));
        let all_but_one = Duration::from_mins(u64::from(DAY) - 1);
        assert_eq!(limit.on(Weekday::Saturday), Some(all_but_one));
        assert_eq!(limit.on(Weekday::Sunday), None);
        assert_eq!(limit.same_every_day(), None);
        assert_eq!(DailyMinutes::every_day(30).same_every_day(), Some(Some(30)));
    }

    #[test]
    fn the_minutes_of_a_whole_day_limit_nothing_also_where_they_were_kept_before() {
        for minutes in [DAY, u16::MAX] {
            assert_eq!(DailyMinutes::every_day(minutes), DailyMinutes::UNLIMITED);
        }
        let (whole, hour) = (Some(DAY), Some(60));
        let kept = [whole, whole, hour, Some(0), None, whole, whole];
        let held = [None, None, hour, Some(0), None, None, None];
        assert_eq!(DailyMinutes::from(kept).days(), held);
    }
}
