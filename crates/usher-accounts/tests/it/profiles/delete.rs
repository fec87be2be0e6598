//! Deleted at once, back within seven days, gone after them.
use std::time::Duration;

use usher_accounts::profiles::{Applied, DeletedProfile, RestoredProfile};
use usher_domain::profile::ProfileState;
use usher_domain::settings::ProfilePolicy;
use usher_domain::time::Clock;
use usher_standin::Fault;

use super::{LATER, anna, child, delete, held, home, job, make, stored, users_like};
use crate::desk::Desk;

const SECOND: Duration = Duration::from_secs(1);
const ALMOST_A_WEEK: Duration = Duration::from_secs(7 * 24 * 3600 - 1);

#[tokio::test]
async fn a_deleted_profile_is_disabled_at_once_and_gone_after_seven_days() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let delete = || async {
            let deleted = desk
                .accounts
                .delete_profile(desk.by(&owner), kids.id, home());
            deleted.await.unwrap()
        };
        assert_eq!(delete().await, DeletedProfile::Done(Applied::Now));
        assert_eq!(delete().await, DeletedProfile::Unknown);
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        desk.clock.advance(ALMOST_A_WEEK);
        job(&desk).await;
        assert_eq!(users_like(&desk, "+Kids"), ["anna+Kids"]);
        desk.clock.advance(SECOND);
        job(&desk).await;
        assert_eq!(users_like(&desk, "+Kids"), [""; 0]);
        assert_eq!(desk.store.all_profiles().await.unwrap(), []);
        let restored = desk
            .accounts
            .restore_profile(desk.by(&owner), kids.id, home());
        assert_eq!(restored.await.unwrap(), RestoredProfile::Unknown);
    }
}

#[tokio::test]
async fn a_deletion_holds_for_usher_while_jellyfin_is_away() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        desk.standin.faults().set("", Fault::Refuse);
        let deleted = desk
            .accounts
            .delete_profile(desk.by(&owner), kids.id, home());
        let expected = DeletedProfile::Done(Applied::Later);
        assert_eq!(deleted.await.unwrap(), expected);
        let known = desk.accounts.profile_of_user(kids.user.unwrap()).await;
        assert!(!known.unwrap().unwrap().1.is_open());
        desk.standin.faults().lift_all();
        job(&desk).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
    }
}

#[tokio::test]
async fn a_deleted_profile_does_not_come_back_while_its_owner_is_called_so() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let by = desk.by(&owner);
        let deleted = desk.accounts.delete_profile(by, kids.id, home());
        deleted.await.unwrap();
        for (called, expected) in [
            ("kids", RestoredProfile::OwnersName),
            ("anna", RestoredProfile::Done(Applied::Now)),
        ] {
            let user = owner.account.owner();
            desk.jellyfin.rename_user(user, called).await.unwrap();
            desk.accounts.look_at_users().await.unwrap();
            let restored = desk.accounts.restore_profile(by, kids.id, home());
            assert_eq!(restored.await.unwrap(), expected, "{called}");
        }
    }
}

#[tokio::test]
async fn a_deleted_profile_comes_back_where_name_and_room_are_free() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        delete(&desk, &owner, kids.id).await;
        let other = make(&desk, &owner, &child("kids")).await;
        let restore = || async {
            let restored = desk
                .accounts
                .restore_profile(desk.by(&owner), kids.id, home());
            restored.await.unwrap()
        };
        assert_eq!(restore().await, RestoredProfile::NameTaken);
        let admin = desk.administrator().await;
        let most = |most| ProfilePolicy {
            enabled: true,
            most,
        };
        let set = desk.accounts.set_profile_policy(&admin, most(2), home());
        set.await.unwrap();
        assert_eq!(restore().await, RestoredProfile::Full);
        let gone = desk
            .accounts
            .delete_profile(desk.by(&owner), other.id, home());
        gone.await.unwrap();
        assert_eq!(restore().await, RestoredProfile::Done(Applied::Now));
        assert_eq!(restore().await, RestoredProfile::Unknown);
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
        let state = stored(&desk, kids.id).await.profile.state;
        assert_eq!(state, ProfileState::Ready);
    }
}

#[tokio::test]
async fn what_has_begun_to_go_is_not_brought_back_by_a_process_whose_clock_is_behind() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        delete(&desk, &owner, kids.id).await;
        let since = desk.clock.now();
        desk.clock.advance(ALMOST_A_WEEK + SECOND);
        let path = format!("/Users/{}", kids.user.unwrap());
        desk.standin.faults().set(&path, Fault::Status(503));
        assert!(desk.accounts.keep_profiles().await.is_err());
        let state = stored(&desk, kids.id).await.profile.state;
        assert!(state.is_due_to_go(since), "by any clock");
        desk.standin.faults().lift_all();
        desk.clock.advance(LATER);
        job(&desk).await;
        assert_eq!(desk.store.all_profiles().await.unwrap(), []);
        assert_eq!(users_like(&desk, "+Kids"), [""; 0]);
    }
}
