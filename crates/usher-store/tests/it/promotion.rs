//! Profiles that are to become accounts: one wish for each, approved once.
use usher_domain::address::EmailAddress;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{ProfileId, RequestId, UserId};
use usher_domain::mail::Wish;
use usher_domain::name::UserName;
use usher_store::{OpenRequest, Promotion};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};
use crate::token::account;

fn promotion(number: u64) -> Promotion {
    let entropy = SeededEntropy::new(number);
    Promotion {
        request: RequestId::generate(NOON, &entropy),
        profile: ProfileId::generate(NOON, &entropy),
        account: account(1),
        name: UserName::parse("toni").unwrap(),
        email: EmailAddress::parse("toni@example.org").unwrap(),
        language: "de".to_owned(),
        approved: None,
        by: None,
        declined: None,
    }
}

#[tokio::test]
async fn a_profile_has_one_wish_which_is_approved_once_and_goes() {
    for db in databases().await {
        let (one, other) = (promotion(1), promotion(2));
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_promotion(&one).await.unwrap());
        assert!(!tx.add_promotion(&one).await.unwrap());
        assert!(tx.add_promotion(&other).await.unwrap());
        tx.commit().await.unwrap();
        let (profile, by) = (one.profile, Some(UserId::new(Uuid::from_u128(5))));
        let winners = winners_of_64(&db.store, move |store, _| async move {
            let tx = store.begin().await.unwrap();
            let done = tx.approve_promotion(profile, by, NOON).await.unwrap();
            tx.commit().await.unwrap();
            done
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let approved = Promotion {
            approved: Some(NOON),
            by,
            ..one.clone()
        };
        let found = db.store.promotion_of(profile).await.unwrap();
        assert_eq!(found, Some(approved), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.reopen_promotion(profile).await.unwrap();
        let found = tx.promotion_asked(one.request).await.unwrap();
        assert_eq!(found.as_ref(), Some(&one), "{}", db.name);
        tx.remove_promotion(profile).await.unwrap();
        assert_eq!(tx.promotion_of(profile).await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(db.store.promotions().await.unwrap(), [other], "{}", db.name);
    }
}

#[tokio::test]
async fn a_wish_that_was_declined_waits_no_more_and_gives_way_to_another() {
    for db in databases().await {
        let one = promotion(1);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_promotion(&one).await.unwrap());
        tx.decline_promotion(one.profile, NOON).await.unwrap();
        let approved = tx.approve_promotion(one.profile, None, NOON).await.unwrap();
        assert!(!approved, "{}", db.name);
        tx.commit().await.unwrap();
        assert_eq!(db.store.promotions().await.unwrap(), [], "{}", db.name);
        let declined = Promotion {
            declined: Some(NOON),
            ..one.clone()
        };
        let found = db.store.promotion_of(one.profile).await.unwrap();
        assert_eq!(found, Some(declined), "{}", db.name);
        let again = Promotion {
            request: promotion(2).request,
            ..one.clone()
        };
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_promotion(&again).await.unwrap());
        tx.commit().await.unwrap();
        let waiting = db.store.promotions().await.unwrap();
        assert_eq!(waiting, [again], "{}", db.name);
    }
}

#[tokio::test]
async fn an_account_may_wish_it_for_several_profiles_and_a_new_password_closes_none_of_them() {
    for db in databases().await {
        let ask = |number: u64, wish| OpenRequest {
            id: RequestId::generate(NOON, &SeededEntropy::new(number)),
            account: account(1),
            wish,
            asked: NOON,
        };
        let tx = db.store.begin().await.unwrap();
        for (number, wish, is_new) in [
            (1, Wish::OwnAccount, true),
            (2, Wish::OwnAccount, true),
            (3, Wish::PasswordReset, true),
            (4, Wish::PasswordReset, false),
        ] {
            let added = tx.add_request(&ask(number, wish)).await.unwrap();
            assert_eq!(added, is_new, "{}: {number}", db.name);
        }
        tx.close_requests_of(account(1), NOON).await.unwrap();
        tx.commit().await.unwrap();
        let open = db.store.open_requests().await.unwrap();
        let wishes: Vec<Wish> = open.iter().map(|request| request.wish).collect();
        assert_eq!(wishes, [Wish::OwnAccount; 2], "{}", db.name);
    }
}
