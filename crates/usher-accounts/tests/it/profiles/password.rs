//! A profile's user has a password that nobody knows, whatever somebody sets in Jellyfin itself.
use usher_accounts::profiles::ProfileChange;
use usher_domain::id::UserId;
use usher_standin::Fault;

use super::{LATER, anna, child, home, make, name, stored};
use crate::desk::Desk;

const PASSWORDS_SET: &str = "POST /Users/Password";

/// What the jobs of every half minute do with it.
async fn look(desk: &Desk) {
    desk.accounts.look_at_log().await.unwrap();
    desk.accounts.keep_profiles().await.unwrap();
}

/// Somebody sets a password in Jellyfin's dashboard; an empty one is its reset.
fn set_beside(desk: &Desk, user: UserId, password: &str) {
    let mut state = desk.standin.state();
    let number = state.activity.len() + 1;
    let hidden = state.user_mut(user.as_uuid()).unwrap();
    hidden.set_password(password);
    state.activity.push(serde_json::json!({
        "Id": number, "Name": "Password has been changed", "Type": "UserPasswordChanged",
        "UserId": user.to_string(), "Date": "2026-11-24T12:00:00.0000000Z",
        "Severity": "Information",
    }));
}

fn opens_with(desk: &Desk, user: UserId, password: &str) -> bool {
    let state = desk.standin.state();
    state.user(user.as_uuid()).unwrap().is_password(password)
}

#[tokio::test]
async fn a_password_that_somebody_sets_for_a_profiles_user_is_set_again_to_one_that_nobody_knows() {
    for desk in Desk::open_all().await {
        let (accounts, faults) = (&desk.accounts, desk.standin.faults());
        accounts.look_at_log().await.unwrap();
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let user = kids.user.unwrap();
        faults.forget_counts();
        look(&desk).await;
        assert_eq!(faults.asked(PASSWORDS_SET), 0, "its own is no news");
        for (known, other) in [("known to a guest", "Children"), ("", "Little ones")] {
            set_beside(&desk, user, known);
            assert!(opens_with(&desk, user, known));
            // Whatever comes between, and whoever goes on with it: it is owed.
            accounts.look_at_log().await.unwrap();
            let change = ProfileChange {
                name: Some(name(other)),
                ..ProfileChange::default()
            };
            let edited = accounts.edit_profile(desk.by(&owner), kids.id, &change, home());
            edited.await.unwrap();
            faults.set("/users/password", Fault::Status(500));
            accounts.keep_profiles().await.unwrap_err();
            faults.lift_all();
            assert!(stored(&desk, kids.id).await.has_known_password());
            look(&desk).await;
            for guess in [known, ""] {
                assert!(!opens_with(&desk, user, guess), "{guess:?}");
            }
            assert!(!stored(&desk, kids.id).await.is_unsettled());
            // What was tried in vain is no longer waited for.
            desk.clock.advance(LATER);
            faults.forget_counts();
            for _again in 0..3 {
                look(&desk).await;
            }
            assert_eq!(faults.asked(PASSWORDS_SET), 0, "set once");
        }
    }
}
