//! Codes and links: tried a few times, used once, by whoever comes first.
use std::time::Duration;

use usher_domain::code::{Purpose, TRIES_PER_CODE};
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, ChallengeId};
use usher_domain::secret::Hash;
use usher_domain::time::Timestamp;
use usher_store::{NewChallenge, Store};
use uuid::Uuid;

use crate::databases::{NOON, databases};

const MINUTE: Duration = Duration::from_mins(1);

async fn add(
    store: &Store,
    flow: Option<Hash>,
    purpose: Purpose,
    expires: Timestamp,
) -> ChallengeId {
    let id = ChallengeId::generate(NOON, &SeededEntropy::new(7));
    let tx = store.begin().await.unwrap();
    let new = NewChallenge {
        id,
        digest: *Hash::of("link").as_bytes(),
        flow,
        account: Some(AccountId::new(Uuid::from_u128(1))),
        purpose,
        target: "anna@example.org".to_owned(),
        issued: NOON,
        expires,
    };
    tx.add_challenge(new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn r4_a_code_stands_five_tries_and_no_more() {
    let flow = Hash::of("flow");
    for db in databases().await {
        add(&db.store, Some(flow), Purpose::Reset, NOON + MINUTE).await;
        for spent in 1..=TRIES_PER_CODE {
            let tx = db.store.begin().await.unwrap();
            assert_eq!(
                tx.spend_try(&flow, Purpose::Reset, NOON)
                    .await
                    .unwrap()
                    .unwrap()
                    .tries,
                spent,
                "{}",
                db.name
            );
            tx.commit().await.unwrap();
        }
        let tx = db.store.begin().await.unwrap();
        assert!(
            tx.spend_try(&flow, Purpose::Reset, NOON)
                .await
                .unwrap()
                .is_none(),
            "{}",
            db.name
        );
        assert_eq!(
            tx.tries_of_flow(&flow, Purpose::Reset).await.unwrap(),
            TRIES_PER_CODE,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_set_up_code_is_not_burnt_by_a_few_wrong_guesses() {
    let flow = Hash::of("flow");
    for db in databases().await {
        add(&db.store, Some(flow), Purpose::SetUp, NOON + MINUTE).await;
        let tx = db.store.begin().await.unwrap();
        for spent in 1..=Purpose::SetUp.tries() {
            let live = tx.spend_try(&flow, Purpose::SetUp, NOON).await.unwrap();
            assert_eq!(live.unwrap().tries, spent, "{}", db.name);
        }
        let live = tx.spend_try(&flow, Purpose::SetUp, NOON).await.unwrap();
        assert!(live.is_none(), "{}", db.name);
    }
}

#[tokio::test]
async fn r2_r3_a_code_serves_its_own_flow_and_purpose_until_it_runs_out() {
    let flow = Hash::of("flow");
    for db in databases().await {
        add(
            &db.store,
            Some(flow),
            Purpose::ConfirmAddress,
            NOON + MINUTE,
        )
        .await;
        let tx = db.store.begin().await.unwrap();
        for (flow, purpose, now) in [
            (Hash::of("another"), Purpose::ConfirmAddress, NOON),
            (flow, Purpose::Reset, NOON),
            (flow, Purpose::ConfirmAddress, NOON + MINUTE),
        ] {
            assert!(
                tx.spend_try(&flow, purpose, now).await.unwrap().is_none(),
                "{} {purpose:?} {now:?}",
                db.name
            );
        }
    }
}

#[tokio::test]
async fn r7_a_try_that_an_outage_cost_is_given_back() {
    let flow = Hash::of("flow");
    for db in databases().await {
        let id = add(&db.store, Some(flow), Purpose::Reset, NOON + MINUTE).await;
        let tx = db.store.begin().await.unwrap();
        tx.spend_try(&flow, Purpose::Reset, NOON).await.unwrap();
        tx.give_try_back(id).await.unwrap();
        assert_eq!(
            tx.tries_of_flow(&flow, Purpose::Reset).await.unwrap(),
            0,
            "{}",
            db.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_of_64_that_use_a_code_at_once_one_wins() {
    for db in databases().await {
        let id = add(
            &db.store,
            Some(Hash::of("flow")),
            Purpose::Reset,
            NOON + MINUTE,
        )
        .await;
        let racers: Vec<_> = (0..64)
            .map(|_| {
                let store = db.store.clone();
                tokio::spawn(async move {
                    let tx = store.begin().await.unwrap();
                    let won = tx.consume_challenge(id, NOON).await.unwrap();
                    tx.commit().await.unwrap();
                    won
                })
            })
            .collect();
        let mut winners = 0;
        for racer in racers {
            winners += u32::from(racer.await.unwrap());
        }
        assert_eq!(winners, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn r13_r15_a_link_is_looked_at_freely_leased_by_one_and_used_once() {
    for db in databases().await {
        let id = add(&db.store, None, Purpose::Reset, NOON + 30 * MINUTE).await;
        let tx = db.store.begin().await.unwrap();
        for _ in 0..20 {
            assert!(
                tx.link(&Hash::of("link"), Purpose::Reset, NOON)
                    .await
                    .unwrap()
                    .is_some(),
                "{}",
                db.name
            );
        }
        assert!(
            tx.lease_challenge(id, NOON, NOON + MINUTE).await.unwrap(),
            "{}",
            db.name
        );
        assert!(
            !tx.lease_challenge(id, NOON, NOON + MINUTE).await.unwrap(),
            "{}: leased twice",
            db.name
        );
        assert!(
            tx.lease_challenge(id, NOON + MINUTE, NOON + 2 * MINUTE)
                .await
                .unwrap(),
            "{}: lease over",
            db.name
        );
        tx.release_challenge(id).await.unwrap();
        assert!(
            tx.lease_challenge(id, NOON, NOON + MINUTE).await.unwrap(),
            "{}: let go",
            db.name
        );
        assert!(tx.consume_challenge(id, NOON).await.unwrap(), "{}", db.name);
        assert!(
            !tx.consume_challenge(id, NOON).await.unwrap(),
            "{}: used twice",
            db.name
        );
        assert!(
            tx.link(&Hash::of("link"), Purpose::Reset, NOON)
                .await
                .unwrap()
                .is_none(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn r6_r14_a_newer_request_ends_the_older_ones() {
    let flow = Hash::of("flow");
    for db in databases().await {
        add(&db.store, Some(flow), Purpose::Reset, NOON + MINUTE).await;
        let tx = db.store.begin().await.unwrap();
        tx.kill_challenges(AccountId::new(Uuid::from_u128(2)), Purpose::Reset, NOON)
            .await
            .unwrap();
        assert!(
            tx.spend_try(&flow, Purpose::Reset, NOON)
                .await
                .unwrap()
                .is_some(),
            "{}: another's",
            db.name
        );
        tx.kill_challenges(AccountId::new(Uuid::from_u128(1)), Purpose::Reset, NOON)
            .await
            .unwrap();
        assert!(
            tx.spend_try(&flow, Purpose::Reset, NOON)
                .await
                .unwrap()
                .is_none(),
            "{}",
            db.name
        );
    }
}
