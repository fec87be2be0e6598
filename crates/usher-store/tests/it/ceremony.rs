//! Exchanges about a second factor: begun by a flow, finished once by the same.
use std::time::Duration;

use usher_domain::id::AccountId;
use usher_domain::secret::Hash;
use usher_store::{Ceremony, CeremonyKind, Store};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

fn account(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

fn begun(flow: &str, kind: CeremonyKind) -> Ceremony {
    Ceremony {
        flow: Hash::of(flow),
        kind,
        account: Some(account(1)),
        state: vec![1, 2, 3],
        expires: NOON + 5 * MINUTE,
    }
}

async fn put(store: &Store, all: &[Ceremony]) {
    let tx = store.begin().await.unwrap();
    for one in all {
        tx.put_ceremony(one).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn r33_what_was_begun_is_finished_by_its_own_flow_once_and_in_time() {
    for db in databases().await {
        let passkey = begun("flow", CeremonyKind::ShowPasskey);
        let totp = Ceremony {
            account: None,
            ..begun("flow", CeremonyKind::EnrollTotp)
        };
        put(&db.store, &[passkey.clone(), totp.clone()]).await;
        let (flow, kind) = (passkey.flow, passkey.kind);
        let last = passkey.expires - Duration::from_millis(1);
        let shown = db.store.ceremony(&flow, kind, last).await.unwrap();
        assert_eq!(shown.as_ref(), Some(&passkey), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        for (flow, kind, now) in [
            (flow, kind, passkey.expires),
            (flow, CeremonyKind::EnrollPasskey, NOON),
            (Hash::of("other"), kind, NOON),
        ] {
            let taken = tx.take_ceremony(&flow, kind, now).await.unwrap();
            assert_eq!(taken, None, "{}: {kind:?}", db.name);
        }
        let taken = tx.take_ceremony(&flow, kind, last).await.unwrap();
        assert_eq!(taken, Some(passkey), "{}", db.name);
        let again = tx.take_ceremony(&flow, kind, last).await.unwrap();
        assert_eq!(again, None, "{}", db.name);
        tx.commit().await.unwrap();
        let other = db.store.ceremony(&flow, totp.kind, NOON).await.unwrap();
        assert_eq!(other, Some(totp), "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_begun_anew_takes_the_place_of_the_former() {
    for db in databases().await {
        let first = begun("flow", CeremonyKind::EnrollTotp);
        let second = Ceremony {
            account: Some(account(2)),
            state: vec![4],
            expires: NOON + 9 * MINUTE,
            ..first.clone()
        };
        put(&db.store, &[first.clone(), second.clone()]).await;
        let found = db.store.ceremony(&first.flow, first.kind, NOON).await;
        assert_eq!(found.unwrap(), Some(second), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r33_of_64_that_finish_one_exchange_at_once_one_does() {
    for db in databases().await {
        let one = begun("flow", CeremonyKind::ShowPasskey);
        put(&db.store, std::slice::from_ref(&one)).await;
        let (flow, kind) = (one.flow, one.kind);
        let winners = winners_of_64(&db.store, move |store, _| async move {
            let tx = store.begin().await.unwrap();
            let taken = tx.take_ceremony(&flow, kind, NOON).await.unwrap();
            tx.commit().await.unwrap();
            taken.is_some()
        });
        assert_eq!(winners.await, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_begun_ends_with_its_account_and_with_time() {
    for db in databases().await {
        let kind = CeremonyKind::ShowPasskey;
        let (mine, other) = (begun("mine", kind), begun("other", kind));
        let other = Ceremony {
            account: Some(account(2)),
            ..other
        };
        put(&db.store, &[mine.clone(), other.clone()]).await;
        let tx = db.store.begin().await.unwrap();
        tx.end_ceremonies_of(account(1), None).await.unwrap();
        tx.forget_ceremonies(other.expires).await.unwrap();
        tx.commit().await.unwrap();
        for (one, lives) in [(&mine, false), (&other, true)] {
            let found = db.store.ceremony(&one.flow, kind, NOON).await.unwrap();
            assert_eq!(found.is_some(), lives, "{}", db.name);
        }
        let tx = db.store.begin().await.unwrap();
        tx.forget_ceremonies(other.expires + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let found = db.store.ceremony(&other.flow, kind, NOON).await.unwrap();
        assert_eq!(found, None, "{}", db.name);
    }
}
