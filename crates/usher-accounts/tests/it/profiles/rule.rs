//! Whether there may be profiles, and how many.
use std::time::Duration;

use usher_accounts::profiles::MadeProfile;
use usher_domain::profile::ProfileState;
use usher_domain::settings::{ProfilePolicy, ProfileRule};
use usher_standin::Fault;

use super::{LATER, WEEK, anna, child, delete, held, home, job, make, stored, try_to_make};
use crate::desk::Desk;

async fn set(desk: &Desk, enabled: bool, most: u16) {
    let admin = desk.administrator().await;
    let policy = ProfilePolicy { enabled, most };
    let set = desk.accounts.set_profile_policy(&admin, policy, home());
    set.await.unwrap();
}

#[tokio::test]
async fn fewer_hides_and_deletes_none_and_only_adding_is_refused() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        make(&desk, &owner, &child("More")).await;
        set(&desk, true, 1).await;
        job(&desk).await;
        assert!(stored(&desk, kids.id).await.profile.is_open());
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
        let choices = desk.accounts.profiles_for_choice(owner.account).await;
        assert_eq!(choices.unwrap().len(), 3);
        let more = try_to_make(&desk, &owner, &child("Again")).await;
        assert_eq!(more, MadeProfile::Full);
        let admin = desk.administrator().await;
        let rule = ProfileRule {
            enabled: None,
            most: Some(4),
        };
        let own = desk
            .accounts
            .set_profile_rule(&admin, owner.account, rule, home());
        assert!(own.await.unwrap());
        make(&desk, &owner, &child("Again")).await;
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        let refused = try_to_make(&desk, &kim, &child("Kids")).await;
        assert_eq!(refused, MadeProfile::Full);
    }
}

#[tokio::test]
async fn switched_off_closes_all_at_once_and_switched_on_all_are_there() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        set(&desk, false, 5).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        let choices = desk.accounts.profiles_for_choice(owner.account).await;
        assert_eq!(choices.unwrap().len(), 1);
        let more = try_to_make(&desk, &owner, &child("More")).await;
        assert_eq!(more, MadeProfile::SwitchedOff);
        job(&desk).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        set(&desk, true, 5).await;
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
        assert_eq!(stored(&desk, kids.id).await.profile, kids);
    }
}

#[tokio::test]
async fn one_account_can_be_switched_off_or_on_alone() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let admin = desk.administrator().await;
        let decide = |enabled: Option<bool>| {
            let rule = ProfileRule {
                enabled,
                most: None,
            };
            let (desk, admin, account) = (&desk, &admin, owner.account);
            async move {
                let set = desk.accounts.set_profile_rule(admin, account, rule, home());
                assert!(set.await.unwrap());
            }
        };
        decide(Some(false)).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        set(&desk, false, 5).await;
        decide(Some(true)).await;
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
        let policy = desk.accounts.profile_policy_of(owner.account).await;
        assert!(policy.unwrap().enabled);
        decide(None).await;
        assert!(held(&desk, kids.user).await.policy.is_disabled);
    }
}

#[tokio::test]
async fn made_and_deleted_again_and_again_profiles_fill_jellyfin_with_no_users() {
    for desk in Desk::open_all().await {
        set(&desk, true, 2).await;
        let mut days = Vec::new();
        for _day in 0..3 {
            let owner = anna(&desk).await;
            let mut made = 0;
            while let MadeProfile::Ready(kids) = try_to_make(&desk, &owner, &child("Kids")).await {
                delete(&desk, &owner, kids.id).await;
                made += 1;
            }
            let refused = try_to_make(&desk, &owner, &child("Kids")).await;
            assert_eq!(refused, MadeProfile::TooOften);
            days.push(made);
            desk.clock.advance(Duration::from_hours(24));
            // What was counted is remembered for as long as it counts.
            desk.accounts.forget_what_is_over().await.unwrap();
        }
        assert_eq!(days, [4, 4, 0], "four a day, eight a week");
        desk.clock.advance(WEEK);
        make(&desk, &anna(&desk).await, &child("Kids")).await;
    }
}

#[tokio::test]
async fn what_is_finished_while_profiles_are_off_is_off() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        desk.standin.faults().set("/Users/New", Fault::Status(503));
        let new = child("Kids");
        let cut_short = desk.accounts.make_profile(desk.by(&owner), &new, home());
        assert!(cut_short.await.is_err());
        let id = desk.store.all_profiles().await.unwrap()[0].profile.id;
        set(&desk, false, 5).await;
        desk.standin.faults().lift_all();
        desk.clock.advance(LATER);
        job(&desk).await;
        let kids = stored(&desk, id).await.profile;
        assert!(matches!(kids.state, ProfileState::Off(_)), "{kids:?}");
        assert!(held(&desk, kids.user).await.policy.is_disabled);
        set(&desk, true, 5).await;
        assert!(stored(&desk, id).await.profile.is_open());
        assert!(!held(&desk, kids.user).await.policy.is_disabled);
    }
}
