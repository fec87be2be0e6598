//! Trusted browsers: each use changes the cookie, and a spent one is recognized.
use std::time::Duration;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, TrustedBrowserId};
use usher_domain::second_factor::TRUSTED;
use usher_domain::secret::Hash;
use usher_store::{Store, TrustedBrowser};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

/// Browser number `number`, last used that many minutes after noon.
fn browser(number: u32) -> TrustedBrowser {
    TrustedBrowser {
        id: TrustedBrowserId::generate(NOON, &SeededEntropy::new(number.into())),
        digest: Hash::of(&number.to_string()),
        account: account(1),
        client: "Firefox on Linux".to_owned(),
        address: "192.0.2.1".to_owned(),
        since: NOON,
        used: NOON + number * MINUTE,
        expires: NOON + TRUSTED,
    }
}

async fn trust(store: &Store, browsers: &[TrustedBrowser]) {
    let tx = store.begin().await.unwrap();
    for browser in browsers {
        tx.add_trusted_browser(browser).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn r36_a_browser_is_known_by_its_present_cookie_and_a_spent_one_tells_whose_it_was() {
    for db in databases().await {
        let read = browser(1);
        trust(&db.store, std::slice::from_ref(&read)).await;
        let fresh = db.store.spent_trust(&read.digest).await.unwrap();
        assert_eq!(fresh, None, "{}: not spent yet", db.name);
        let (next, later) = (Hash::of("next"), NOON + MINUTE);
        let tx = db.store.begin().await.unwrap();
        let done = tx.rotate_trusted_browser(&read, &next, later).await;
        assert!(done.unwrap(), "{}", db.name);
        let again = tx
            .rotate_trusted_browser(&read, &Hash::of("x"), later)
            .await;
        assert!(!again.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let old = db.store.trusted_browser(&read.digest, later).await.unwrap();
        assert_eq!(old, None, "{}", db.name);
        let spent = db.store.spent_trust(&read.digest).await.unwrap();
        assert_eq!(spent, Some((read.id, account(1), later)), "{}", db.name);
        let expected = TrustedBrowser {
            digest: next,
            used: later,
            ..read.clone()
        };
        let last = read.expires - Duration::from_millis(1);
        let found = db.store.trusted_browser(&next, last).await.unwrap();
        assert_eq!(found, Some(expected), "{}", db.name);
        let over = db.store.trusted_browser(&next, read.expires).await;
        assert_eq!(over.unwrap(), None, "{}", db.name);
    }
}

#[tokio::test]
async fn a_browser_whose_trust_ran_out_gets_no_new_cookie() {
    for db in databases().await {
        let read = browser(1);
        trust(&db.store, std::slice::from_ref(&read)).await;
        let tx = db.store.begin().await.unwrap();
        let done = tx
            .rotate_trusted_browser(&read, &Hash::of("next"), read.expires)
            .await;
        assert!(!done.unwrap(), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r36_of_64_that_show_one_cookie_at_once_one_gets_the_next() {
    for db in databases().await {
        trust(&db.store, &[browser(1)]).await;
        let winners = winners_of_64(&db.store, |store, number| async move {
            let tx = store.begin().await.unwrap();
            let next = Hash::of(&format!("next {number}"));
            let done = tx.rotate_trusted_browser(&browser(1), &next, NOON).await;
            tx.commit().await.unwrap();
            done.unwrap()
        });
        assert_eq!(winners.await, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn r71_browsers_are_listed_last_used_first_and_ended_by_their_own_account_only() {
    for db in databases().await {
        trust(&db.store, &[browser(1), browser(2), browser(3)]).await;
        let (mine, stranger) = (account(1), account(2));
        let all = db.store.trusted_browsers_of(mine).await.unwrap();
        assert_eq!(all, [browser(3), browser(2), browser(1)], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let moved = tx
            .rotate_trusted_browser(&browser(1), &Hash::of("next"), NOON)
            .await;
        assert!(moved.unwrap(), "{}", db.name);
        let first = browser(1).id;
        assert!(!tx.end_trusted_browser(stranger, first).await.unwrap());
        assert_eq!(tx.end_trusted_browsers(stranger).await.unwrap(), 0);
        tx.commit().await.unwrap();
        let spent = db.store.spent_trust(&browser(1).digest).await.unwrap();
        assert!(spent.is_some(), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.end_trusted_browser(mine, first).await.unwrap());
        assert!(!tx.end_trusted_browser(mine, first).await.unwrap());
        tx.commit().await.unwrap();
        let spent = db.store.spent_trust(&browser(1).digest).await.unwrap();
        assert_eq!(spent, None, "{}: ended is no theft", db.name);
        let tx = db.store.begin().await.unwrap();
        let moved = tx
            .rotate_trusted_browser(&browser(2), &Hash::of("n"), NOON)
            .await;
        assert!(moved.unwrap(), "{}", db.name);
        assert_eq!(tx.end_trusted_browsers(mine).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let left = db.store.trusted_browsers_of(mine).await.unwrap();
        assert_eq!(left, [], "{}", db.name);
        let spent = db.store.spent_trust(&browser(2).digest).await.unwrap();
        assert_eq!(spent, None, "{}", db.name);
    }
}

#[tokio::test]
async fn what_ran_out_is_forgotten_with_its_spent_cookies() {
    for db in databases().await {
        let read = browser(1);
        trust(&db.store, std::slice::from_ref(&read)).await;
        let tx = db.store.begin().await.unwrap();
        let next = Hash::of("next");
        let moved = tx.rotate_trusted_browser(&read, &next, NOON).await;
        assert!(moved.unwrap(), "{}", db.name);
        tx.forget_trusted_browsers(read.expires).await.unwrap();
        tx.commit().await.unwrap();
        let spent = db.store.spent_trust(&read.digest).await.unwrap();
        assert!(spent.is_some(), "{}: trusted to the last moment", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.forget_trusted_browsers(read.expires + MINUTE)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let spent = db.store.spent_trust(&read.digest).await.unwrap();
        assert_eq!(spent, None, "{}", db.name);
        let left = db.store.trusted_browsers_of(account(1)).await.unwrap();
        assert_eq!(left, [], "{}", db.name);
    }
}
