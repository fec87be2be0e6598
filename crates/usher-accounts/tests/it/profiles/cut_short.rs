//! `kill -9` at any moment: a use case is dropped after each number of steps, and the job goes on from what is left.
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use usher_accounts::profiles::NewProfile;
use usher_domain::id::ProfileId;
use usher_domain::profile::ProfileState;
use usher_domain::profile::preferences::HomeSection;
use usher_standin::Fault;

use super::{LATER, WEEK, anna, child, home, job, make, stored, users_like};
use crate::desk::Desk;

/// A child's profile with wishes, so that none of the calls to Jellyfin is left out.
fn choosy(text: &str) -> NewProfile {
    let mut new = child(text);
    new.preferences.autoplay_next = false;
    new.preferences.home_sections = vec![HomeSection::Resume];
    new
}

/// Polls a future so many times, and drops it then. Whether it was done by then.
pub(super) async fn cut_short_after(polls: usize, whole: impl Future) -> bool {
    let mut whole = pin!(whole);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        whole.as_mut().poll(context).map(|_done| true)
    })
    .await
}

async fn only_profile(desk: &Desk) -> Option<ProfileId> {
    let all = desk.store.all_profiles().await.unwrap();
    assert!(all.len() <= 1, "{all:?}");
    all.first().map(|stored| stored.profile.id)
}

/// Deletes what there is, for good.
async fn clean(desk: &Desk) {
    let owner = anna(desk).await;
    if let Some(id) = only_profile(desk).await {
        let deleted = desk
            .accounts
            .delete_profile(desk.by(&owner), id, home())
            .await;
        deleted.unwrap();
    }
    desk.clock.advance(WEEK);
    job(desk).await;
    assert_eq!(only_profile(desk).await, None);
    assert_eq!(users_like(desk, "+Kids"), [""; 0]);
    assert_eq!(users_like(desk, "usher-"), [""; 0]);
}

#[tokio::test]
async fn a_creation_that_is_cut_short_anywhere_is_finished_and_leaves_nobody_behind() {
    for desk in Desk::open_all().await {
        for polls in 1.. {
            let owner = anna(&desk).await;
            let new = choosy("Kids");
            let (visitor, accounts) = (home(), &desk.accounts);
            let making = accounts.make_profile(desk.by(&owner), &new, visitor);
            let is_done = cut_short_after(polls, making).await;
            accounts.look_at_users().await.unwrap();
            desk.clock.advance(LATER);
            job(&desk).await;
            job(&desk).await;
            assert_eq!(users_like(&desk, "usher-"), [""; 0], "after {polls}");
            let named = accounts.account_named("anna+Kids").await.unwrap();
            assert_eq!(named, None, "after {polls}");
            if let Some(id) = only_profile(&desk).await {
                let kids = stored(&desk, id).await;
                assert!(kids.profile.is_open(), "after {polls}: {kids:?}");
                assert_eq!(users_like(&desk, "+Kids"), ["anna+Kids"]);
                let user = super::held(&desk, kids.hidden).await;
                assert!(!user.policy.is_disabled, "after {polls}");
                assert_eq!(user.policy.max_parental_rating, Some(7));
            } else {
                assert_eq!(users_like(&desk, "+Kids"), [""; 0], "after {polls}");
            }
            clean(&desk).await;
            if is_done {
                assert!(polls > 9, "nothing was cut short");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_removal_that_is_cut_short_anywhere_is_finished() {
    for desk in Desk::open_all().await {
        for polls in 1.. {
            let owner = anna(&desk).await;
            let kids = make(&desk, &owner, &child("Kids")).await;
            let (visitor, accounts) = (home(), &desk.accounts);
            let deleting = accounts.delete_profile(desk.by(&owner), kids.id, visitor);
            let was_deleted = cut_short_after(polls, deleting).await;
            job(&desk).await;
            let state = stored(&desk, kids.id).await.profile.state;
            let user = super::held(&desk, kids.user).await;
            let is_deleted = matches!(state, ProfileState::Deleting(_));
            assert_eq!(user.policy.is_disabled, is_deleted, "after {polls}");
            if !is_deleted {
                let deleting = accounts.delete_profile(desk.by(&owner), kids.id, visitor);
                deleting.await.unwrap();
            }
            desk.clock.advance(WEEK);
            let was_removed = cut_short_after(polls, accounts.keep_profiles()).await;
            desk.clock.advance(LATER);
            clean(&desk).await;
            if was_deleted && was_removed {
                break;
            }
        }
    }
}

#[tokio::test]
async fn an_outage_at_any_call_leaves_a_profile_that_the_job_finishes() {
    for desk in Desk::open_all().await {
        for (path, fault) in [
            ("/Users/New", Fault::Refuse),
            ("/Users/New", Fault::BrokenJson),
            ("/Users/New", Fault::Status(500)),
            ("/Users/Configuration", Fault::Refuse),
            ("/DisplayPreferences", Fault::Status(503)),
            ("/Users", Fault::Refuse),
        ] {
            let owner = anna(&desk).await;
            desk.standin.faults().set(path, fault.clone());
            let new = choosy("Kids");
            let made = desk
                .accounts
                .make_profile(desk.by(&owner), &new, home())
                .await;
            assert!(made.is_err(), "{path} {fault:?}");
            let id = only_profile(&desk).await.unwrap();
            assert!(!stored(&desk, id).await.profile.is_open());
            desk.clock.advance(LATER);
            let is_still_away = fault != Fault::BrokenJson;
            let kept = desk.accounts.keep_profiles().await;
            assert_eq!(kept.is_err(), is_still_away, "{path} {fault:?}");
            desk.standin.faults().lift_all();
            desk.clock.advance(LATER);
            job(&desk).await;
            assert!(stored(&desk, id).await.profile.is_open(), "{path}");
            assert_eq!(users_like(&desk, "+Kids"), ["anna+Kids"]);
            clean(&desk).await;
        }
    }
}

#[tokio::test]
async fn a_user_that_is_being_made_never_becomes_an_account() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        desk.standin.faults().set("/Users/New", Fault::BrokenJson);
        let new = child("Kids");
        let made = desk
            .accounts
            .make_profile(desk.by(&owner), &new, home())
            .await;
        assert!(made.is_err());
        desk.standin.faults().lift_all();
        let first = users_like(&desk, "usher-");
        assert_eq!(first.len(), 1);
        desk.accounts.look_at_users().await.unwrap();
        let named = desk.accounts.account_named(&first[0]).await.unwrap();
        assert_eq!(named, None);
        desk.accounts.keep_profiles().await.unwrap();
        assert_eq!(users_like(&desk, "usher-"), first, "it is held");
        desk.clock.advance(LATER);
        job(&desk).await;
        assert_eq!(users_like(&desk, "usher-"), [""; 0]);
        let named = desk.accounts.account_named("anna+Kids").await.unwrap();
        assert_eq!(named, None);
    }
}
