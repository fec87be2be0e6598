//! Who is hidden: read once in a while, however often lists of sessions and groups are asked for.
use std::time::Duration;

use super::{anna, child, make};
use crate::desk::Desk;

#[tokio::test]
async fn who_is_hidden_is_read_once_in_five_seconds_and_at_once_when_a_profile_is_made() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        make(&desk, &owner, &child("Kids")).await;
        let named = async || {
            let users = desk.accounts.users_by_name().await.unwrap();
            let profiles = users.values().filter_map(|one| one.profile.clone());
            let mut names: Vec<String> = profiles.collect();
            names.sort();
            names
        };
        let asked = || desk.standin.faults().asked("GET /Users");
        assert_eq!(named().await, ["Kids"]);
        let before = asked();
        for _ in 0..5 {
            assert_eq!(named().await, ["Kids"]);
            assert_eq!(desk.accounts.profile_users().await.unwrap().len(), 1);
        }
        assert_eq!(asked(), before);
        make(&desk, &owner, &child("Teen")).await;
        assert_eq!(named().await, ["Kids", "Teen"]);
        assert_eq!(desk.accounts.profile_users().await.unwrap().len(), 2);
        let before = asked();
        desk.clock.advance(Duration::from_secs(5));
        assert_eq!(named().await, ["Kids", "Teen"]);
        assert_eq!(asked(), before + 1);
    }
}
