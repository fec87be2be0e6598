//! Watched marks of one seat for another: what is missing, and nothing else; over every crash and outage.
use serde_json::json;
use usher_accounts::profiles::{DeletedProfile, MarksCopied};
use usher_domain::profile::Profile;
use usher_domain::profile::pin::Watcher;
use usher_domain::time::Timestamp;
use usher_standin::Fault;
use usher_store::WebSession;

use super::cut_short::cut_short_after;
use super::watched::{DAY, HOUR, seat, tell, title, titles, watch};
use super::{LATER, anna, child, home, make};
use crate::desk::{Desk, NOON};

const FILMS: [&str; 4] = [
    "The Paper Boat",
    "Northbound",
    "The Long Wire",
    "Quiet Harbour",
];

async fn copy(desk: &Desk, owner: &WebSession, to: Watcher) -> MarksCopied {
    let accounts = &desk.accounts;
    let copied = accounts.copy_marks(desk.by(owner), Watcher::Owner, to, home());
    copied.await.unwrap()
}

/// An account whose owner has watched every film, and a profile.
async fn household(desk: &Desk, name: &str) -> (WebSession, Profile) {
    let owner = anna(desk).await;
    let own = desk.id("anna").owner();
    let mut new = child(name);
    new.limits = usher_domain::profile::limits::Limits::default();
    let profile = make(desk, &owner, &new).await;
    for (days, film) in (1..).zip(FILMS) {
        watch(desk, own, title(desk, film).await, NOON - days * DAY).await;
    }
    (owner, profile)
}

async fn history(
    desk: &Desk,
    owner: &WebSession,
    of: &Profile,
) -> Vec<(String, Option<Timestamp>)> {
    let lists = titles(desk, owner, seat(of)).await;
    let history = lists.history.into_iter();
    history.map(|title| (title.name, title.watched)).collect()
}

fn all() -> Vec<(String, Option<Timestamp>)> {
    let film = |(days, film): (u32, &str)| (film.to_owned(), Some(NOON - days * DAY));
    (1..).zip(FILMS).map(film).collect()
}

#[tokio::test]
async fn marks_come_with_their_days_and_a_repeat_changes_nothing() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        assert_eq!(copy(&desk, &owner, seat(&toni)).await, MarksCopied::Done(4));
        assert_eq!(history(&desk, &owner, &toni).await, all());
        desk.clock.advance(DAY);
        let told = desk
            .standin
            .faults()
            .asked("POST /UserPlayedItems/{itemId}");
        assert_eq!(copy(&desk, &owner, seat(&toni)).await, MarksCopied::Done(0));
        assert_eq!(history(&desk, &owner, &toni).await, all());
        let again = desk
            .standin
            .faults()
            .asked("POST /UserPlayedItems/{itemId}");
        assert_eq!(again, told);
        assert_eq!(desk.store.mark_copies().await.unwrap(), []);
    }
}

#[tokio::test]
async fn what_the_target_watched_began_or_loves_stays_and_what_it_may_not_see_is_left_out() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let user = toni.user.unwrap();
        let [boat, north] = [title(&desk, FILMS[0]).await, title(&desk, FILMS[1]).await];
        watch(&desk, user, boat, NOON - HOUR).await;
        let begun = json!({ "PlaybackPositionTicks": 40_000_000, "IsFavorite": true });
        tell(&desk, user, north, begun).await;
        assert_eq!(copy(&desk, &owner, seat(&toni)).await, MarksCopied::Done(2));
        let lists = titles(&desk, &owner, seat(&toni)).await;
        assert_eq!(lists.history[0].watched, Some(NOON - HOUR));
        assert_eq!(lists.history.len(), 3);
        assert_eq!((lists.begun[0].id, lists.favorites[0].id), (north, north));
        assert_eq!(copy(&desk, &owner, seat(&kids)).await, MarksCopied::Done(1));
        assert_eq!(history(&desk, &owner, &kids).await, all()[..1]);
        // Nobody else's marks: the owner's own are as they were.
        let own = titles(&desk, &owner, Watcher::Owner).await;
        assert_eq!((own.history.len(), own.begun.len()), (4, 0));
    }
}

#[tokio::test]
async fn an_outage_is_told_as_under_way_and_the_job_goes_on_where_it_stood() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        desk.standin
            .faults()
            .set("/UserPlayedItems", Fault::Status(503));
        assert_eq!(
            copy(&desk, &owner, seat(&toni)).await,
            MarksCopied::Underway
        );
        assert_eq!(
            copy(&desk, &owner, seat(&toni)).await,
            MarksCopied::Underway
        );
        let page = desk.accounts.watched_page(&owner, seat(&toni)).await;
        assert_eq!(page.unwrap().unwrap().copying, ["anna"]);
        assert!(desk.accounts.copy_marks_on().await.is_err());
        desk.standin.faults().lift_all();
        desk.accounts.copy_marks_on().await.unwrap();
        assert_eq!(history(&desk, &owner, &toni).await, all());
        let page = desk.accounts.watched_page(&owner, seat(&toni)).await;
        assert_eq!(page.unwrap().unwrap().copying, [""; 0]);
    }
}

#[tokio::test]
async fn a_copy_that_is_cut_short_anywhere_is_finished() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        let own = titles(&desk, &owner, Watcher::Owner).await.history;
        for polls in 1.. {
            let accounts = &desk.accounts;
            let copying = accounts.copy_marks(desk.by(&owner), Watcher::Owner, seat(&toni), home());
            let is_done = cut_short_after(polls, copying).await;
            desk.clock.advance(2 * LATER);
            let waits = !desk.store.mark_copies().await.unwrap().is_empty();
            accounts.copy_marks_on().await.unwrap();
            assert_eq!(desk.store.mark_copies().await.unwrap(), []);
            let there = history(&desk, &owner, &toni).await;
            // Cut short before it was written down that they are wanted, or finished.
            assert!(there == all() || (!waits && there.is_empty()), "{polls}");
            for film in &own {
                let unmarked = desk.jellyfin.unmark_watched(toni.user.unwrap(), film.id);
                unmarked.await.unwrap();
            }
            if is_done {
                assert!(polls > 9, "nothing was cut short");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_seat_that_is_gone_takes_nothing_over_and_leaves_no_row() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        desk.standin.faults().set("/UserPlayedItems", Fault::Refuse);
        assert_eq!(
            copy(&desk, &owner, seat(&toni)).await,
            MarksCopied::Underway
        );
        desk.standin.faults().lift_all();
        let deleted = desk
            .accounts
            .delete_profile(desk.by(&owner), toni.id, home())
            .await;
        assert!(matches!(deleted, Ok(DeletedProfile::Done(_))));
        desk.accounts.copy_marks_on().await.unwrap();
        assert_eq!(desk.store.mark_copies().await.unwrap(), []);
        let user = toni.user.unwrap();
        assert_eq!(desk.jellyfin.watched(user, 0, 9).await.unwrap(), []);
        let unknown = MarksCopied::Unknown;
        assert_eq!(copy(&desk, &owner, seat(&toni)).await, unknown);
        assert_eq!(copy(&desk, &owner, Watcher::Owner).await, unknown);
    }
}

#[tokio::test]
async fn the_many_copies_of_one_account_go_on_one_after_the_other() {
    for desk in Desk::open_all().await {
        let (owner, toni) = household(&desk, "Toni").await;
        let mut new = child("Lu");
        new.limits = usher_domain::profile::limits::Limits::default();
        let lu = make(&desk, &owner, &new).await;
        desk.standin
            .faults()
            .set("/UserPlayedItems", Fault::Status(503));
        for to in [&toni, &lu] {
            assert_eq!(copy(&desk, &owner, seat(to)).await, MarksCopied::Underway);
            desk.clock.advance(HOUR);
        }
        desk.standin.faults().lift_all();
        for (round, expected) in [(1, [4, 0]), (2, [4, 4])] {
            desk.accounts.copy_marks_on().await.unwrap();
            let mut there = Vec::new();
            for profile in [&toni, &lu] {
                there.push(history(&desk, &owner, profile).await.len());
            }
            assert_eq!(there, expected, "round {round}");
        }
    }
}
