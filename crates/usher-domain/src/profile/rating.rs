//! The ratings that a limit can be chosen from, by names that people know.
use std::collections::BTreeMap;

use crate::profile::limits::RatingLimit;

/// What films carry that nobody is let see, whatever their age (`XXX`, `Banned`): no limit to choose.
const BANNED: i64 = 1000;

/// How many names tell a choice.
const NAMES_MAX: usize = 4;

/// A limit to choose, with what is still seen under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingChoice {
    /// Everything up to this score is seen, whatever its second score.
    pub score: i64,
    /// Ratings of this very score, in the server's order, without the shades of another one (`TV-14-DL` of `TV-14`).
    pub names: Vec<String>,
}

/// The choices below what the owner may see, from the lowest. `ratings`: the server's, each with its score.
pub fn choices<'a>(
    ratings: impl IntoIterator<Item = (&'a str, i64)>,
    owner: Option<i64>,
) -> Vec<RatingChoice> {
    let mut by_score: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (name, score) in ratings {
        if (0..BANNED).contains(&score) && owner.is_none_or(|owner| score <= owner) {
            by_score.entry(score).or_default().push(name);
        }
    }
    let choice = |(score, names): (i64, Vec<&str>)| RatingChoice {
        score,
        names: plain(&names),
    };
    by_score.into_iter().map(choice).collect()
}

/// Whether a choice is this very limit.
pub fn is_choice(choices: &[RatingChoice], limit: RatingLimit) -> bool {
    let has_score = choices.iter().any(|choice| choice.score == limit.score);
    has_score && limit.sub_score.is_none()
}

fn plain(names: &[&str]) -> Vec<String> {
    let is_shade = |name: &str| {
        let mut others = names.iter().filter(|other| **other != name);
        others.any(|other| {
            let rest = name.strip_prefix(other);
            rest.is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let plain = names.iter().filter(|name| !is_shade(name));
    plain
        .take(NAMES_MAX)
        .map(|name| (*name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATINGS: [(&str, i64); 9] = [
        ("R", 17),
        ("G", 0),
        ("TV-G", 0),
        ("TV-14", 14),
        ("TV-14-DL", 14),
        ("PG-13", 13),
        ("PG", 10),
        ("XXX", 1000),
        ("Banned", 1001),
    ];

    fn told(owner: Option<i64>) -> Vec<(i64, String)> {
        let choices = choices(RATINGS, owner);
        let told = choices.into_iter();
        told.map(|choice| (choice.score, choice.names.join(" ")))
            .collect()
    }

    #[test]
    fn ratings_of_one_score_are_one_choice_without_shades_and_bans() {
        let all = [
            (0, "G TV-G"),
            (10, "PG"),
            (13, "PG-13"),
            (14, "TV-14"),
            (17, "R"),
        ];
        assert_eq!(told(None), all.map(|(score, names)| (score, names.into())));
    }

    #[test]
    fn nothing_over_what_the_owner_may_see_is_offered() {
        let scores: Vec<i64> = told(Some(13)).into_iter().map(|(score, _)| score).collect();
        assert_eq!(scores, [0, 10, 13]);
    }

    #[test]
    fn a_limit_with_a_second_score_is_none_of_the_choices() {
        let choices = choices(RATINGS, None);
        assert!(is_choice(&choices, RatingLimit::up_to(10)));
        assert!(!is_choice(&choices, RatingLimit::up_to(7)));
        let harsh = RatingLimit {
            score: 10,
            sub_score: Some(0),
        };
        assert!(!is_choice(&choices, harsh));
    }
}
