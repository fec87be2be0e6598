//! The highest rating, and what is hidden while it has none.
use std::collections::BTreeSet;

use askama::Template;
use usher_domain::profile::limits::{Limits, RatingLimit, UnratedKind};
use usher_domain::profile::rating::{RatingChoice, is_choice};

use super::sent::Sent;
use super::setting::{Head, save_limits};
use super::{Opened, Query, open};
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Fault, Typed};
use crate::pages::signed_in::SignedIn;

const HERE: &str = "account-profile-ratings";

/// What the form sends for a limit that is none of the choices, and stays.
const KEPT: &str = "kept";

#[derive(Template)]
#[template(path = "account/profile_ratings.html")]
pub(in crate::pages) struct RatingsPage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) head: Head<'a>,
    pub(in crate::pages) choices: Vec<RatingChoice>,
    pub(in crate::pages) limits: &'a Limits,
}

impl RatingsPage<'_> {
    fn told(&self, choice: &RatingChoice) -> String {
        let names = choice.names.join(", ");
        let variables = [("n", choice.score.into()), ("names", names.as_str().into())];
        self.frame.texts("profile-rating-choice", &variables)
    }

    fn is(&self, choice: &RatingChoice) -> bool {
        self.limits.rating == Some(RatingLimit::up_to(choice.score))
    }

    /// A limit that is none of the choices.
    fn kept(&self) -> Option<String> {
        let limit = self.limits.rating?;
        let told = || self.frame.count("profile-rating-kept", "n", limit.score);
        (!is_choice(&self.choices, limit)).then(told)
    }

    fn kinds(&self) -> [(&'static str, &'static str, bool); 9] {
        UnratedKind::ALL.map(|kind| {
            let (field, name) = named(kind);
            (field, name, self.limits.blocked_unrated.contains(&kind))
        })
    }
}

/// The key of the name of a sort of items.
pub(super) const fn name_of(kind: UnratedKind) -> &'static str {
    named(kind).1
}

/// What the form sends for a sort of items, and the key of its name.
const fn named(kind: UnratedKind) -> (&'static str, &'static str) {
    match kind {
        UnratedKind::Movie => ("movies", "profile-unrated-movies"),
        UnratedKind::Series => ("series", "profile-unrated-series"),
        UnratedKind::Trailer => ("trailers", "profile-unrated-trailers"),
        UnratedKind::Music => ("music", "profile-unrated-music"),
        UnratedKind::Book => ("books", "profile-unrated-books"),
        UnratedKind::LiveTvChannel => ("tv-channels", "profile-unrated-tv-channels"),
        UnratedKind::LiveTvProgram => ("tv-programs", "profile-unrated-tv-programs"),
        UnratedKind::ChannelContent => ("channels", "profile-unrated-channels"),
        UnratedKind::Other => ("other", "profile-unrated-other"),
    }
}

/// `GET /usher/account-profile-ratings`.
pub(super) async fn show(signed_in: SignedIn, Asked(query): Asked<Query>) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let SignedIn {
        page,
        session,
        account,
    } = signed_in;
    let choices = page.services.accounts.rating_choices(&session).await?;
    let frame = page.frame.clone();
    Ok(page.show(&RatingsPage {
        frame: &frame,
        head: Head::of(
            &account,
            &entry,
            HERE,
            ("profile-ratings", "profile-ratings-body"),
        ),
        choices,
        limits: &entry.profile.limits,
    }))
}

/// `POST /usher/account-profile-ratings`.
pub(super) async fn submit(
    signed_in: SignedIn,
    Asked(query): Asked<Query>,
    Typed(mut sent): Typed<Sent>,
) -> Answer {
    let entry = match open(&signed_in, HERE, &query.id).await? {
        Opened::Here(entry) => entry,
        Opened::Elsewhere(to) => return Ok(signed_in.page.go(&to)),
    };
    let before = &entry.profile.limits;
    let rating = match sent.one("rating")?.as_str() {
        "" => None,
        KEPT => before.rating,
        score => Some(RatingLimit::up_to(
            score.parse().map_err(|_no_number| Fault::Form)?,
        )),
    };
    let kinds = sent.all("unrated").into_iter().map(|field| {
        let known = UnratedKind::ALL.into_iter();
        let mut known = known.filter(|kind| named(*kind).0 == field);
        known.next().ok_or(Fault::Form)
    });
    let blocked_unrated: BTreeSet<UnratedKind> = kinds.collect::<Result<_, _>>()?;
    sent.end()?;
    let limits = Limits {
        rating,
        blocked_unrated,
        ..before.clone()
    };
    save_limits(signed_in, &entry, limits).await
}
