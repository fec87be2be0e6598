//! Who can be chosen, and whose a user is.
use std::time::Duration;

use usher_domain::profile::ProfileState;
use usher_domain::profile::pin::Watcher;

use super::{anna, child, delete, home, make};
use crate::desk::Desk;

#[tokio::test]
async fn the_owner_comes_first_and_only_open_profiles_follow() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let gone = make(&desk, &owner, &child("Gone")).await;
        delete(&desk, &owner, gone.id).await;
        let accounts = &desk.accounts;
        let choices = accounts.profiles_for_choice(owner.account).await.unwrap();
        let shown: Vec<_> = choices
            .iter()
            .map(|choice| (choice.watcher, choice.user, choice.name.as_str()))
            .collect();
        let expected = [
            (Watcher::Owner, owner.account.owner(), "anna"),
            (Watcher::Profile(kids.id), kids.user.unwrap(), "Kids"),
        ];
        assert_eq!(shown, expected);
        for (typed, is_there) in [(" KIDS ", true), ("Gone", false), ("anna", false)] {
            let found = accounts.profile_named(owner.account, typed).await.unwrap();
            assert_eq!(found.is_some(), is_there, "{typed}");
        }
        let kim = desk.id("kim");
        assert_eq!(accounts.profile_named(kim, "Kids").await.unwrap(), None);
    }
}

#[tokio::test]
async fn whose_a_user_is_stands_for_five_seconds_and_changes_here_count_at_once() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let user = kids.user.unwrap();
        let accounts = &desk.accounts;
        let known = accounts.profile_of_user(user).await.unwrap();
        assert_eq!(known, Some((owner.account, kids.clone())));
        let own = accounts.profile_of_user(owner.account.owner()).await;
        assert_eq!(own.unwrap(), None, "an owner is no profile");
        // Another process deletes it.
        let tx = desk.store.begin().await.unwrap();
        let deleting = ProfileState::Deleting(accounts.now());
        assert!(tx.move_profile(&kids, kids.state, deleting).await.unwrap());
        tx.commit().await.unwrap();
        let is_open = || async {
            let known = accounts.profile_of_user(user).await.unwrap();
            known.unwrap().1.is_open()
        };
        assert!(is_open().await);
        desk.clock.advance(Duration::from_secs(5));
        assert!(!is_open().await);
        // This one brings it back.
        let restored = accounts.restore_profile(desk.by(&owner), kids.id, home());
        restored.await.unwrap();
        assert!(is_open().await);
    }
}
