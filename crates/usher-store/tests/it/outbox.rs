//! The outbox: queued with what it reports, leased, tried, given up, wiped.
use std::time::Duration;

use usher_domain::entropy::SeededEntropy;
use usher_domain::id::MailId;
use usher_domain::mail::Urgency;
use usher_domain::time::Timestamp;
use usher_store::{MailState, NewMail, Store};

use crate::databases::{NOON, databases};

const LEASE: Duration = Duration::from_mins(2);

fn mail(entropy: &SeededEntropy, urgency: Urgency, queued: Timestamp) -> NewMail {
    NewMail {
        id: MailId::generate(queued, entropy),
        recipient: "mia@example.org".to_owned(),
        language: "en".to_owned(),
        kind: "test",
        urgency,
        sealed: b"sealed".to_vec(),
        queued,
        worthless_from: queued + Duration::from_mins(10),
    }
}

async fn queue(store: &Store, mails: Vec<NewMail>) -> Vec<MailId> {
    let tx = store.begin().await.unwrap();
    let mut ids = Vec::new();
    for mail in mails {
        ids.push(mail.id);
        assert!(tx.enqueue_mail(mail).await.unwrap());
    }
    tx.commit().await.unwrap();
    ids
}

#[tokio::test]
async fn r61_a_mail_of_a_transaction_that_was_undone_is_not_there() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(1);
        let tx = store.begin().await.unwrap();
        tx.enqueue_mail(mail(&entropy, Urgency::Code, NOON))
            .await
            .unwrap();
        drop(tx);
        assert_eq!(store.outbox_counts().await.unwrap().waiting, 0);
    }
}

#[tokio::test]
async fn r62_each_of_many_mails_is_leased_by_one_of_many_workers() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(2);
        let mut queued = queue(
            store,
            (0..40)
                .map(|_| mail(&entropy, Urgency::Code, NOON))
                .collect(),
        )
        .await;
        let workers: Vec<_> = (0..4)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        let tx = store.begin().await.unwrap();
                        let leased = tx.lease_mails(NOON, NOON + LEASE, 3).await.unwrap();
                        tx.commit().await.unwrap();
                        if leased.is_empty() {
                            return mine;
                        }
                        mine.extend(leased.into_iter().map(|mail| mail.id));
                    }
                })
            })
            .collect();
        let mut leased = Vec::new();
        for worker in workers {
            leased.extend(worker.await.unwrap());
        }
        queued.sort();
        leased.sort();
        assert_eq!(leased, queued);
    }
}

#[tokio::test]
async fn r62_a_worker_whose_lease_ran_out_changes_nothing() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(3);
        queue(store, vec![mail(&entropy, Urgency::Code, NOON)]).await;
        let tx = store.begin().await.unwrap();
        let slow = tx
            .lease_mails(NOON, NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert!(
            tx.lease_mails(NOON, NOON + LEASE, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let later = NOON + LEASE;
        let quick = tx
            .lease_mails(later, later + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert_eq!((slow.tries, quick.tries), (1, 2));
        assert!(!tx.mark_sent(&slow, later).await.unwrap());
        assert!(!tx.retry_later(&slow, later, "late").await.unwrap());
        assert!(tx.mark_sent(&quick, later).await.unwrap());
        assert!(!tx.mark_sent(&quick, later).await.unwrap());
    }
}

#[tokio::test]
async fn r63_a_fault_of_the_transport_costs_no_try() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(4);
        queue(store, vec![mail(&entropy, Urgency::Code, NOON)]).await;
        let tx = store.begin().await.unwrap();
        let first = tx
            .lease_mails(NOON, NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert!(
            tx.release_mail(&first, NOON, Some("login refused"))
                .await
                .unwrap()
        );
        let second = tx
            .lease_mails(NOON, NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(second.tries, 1);
        assert!(
            tx.retry_later(&second, NOON + Duration::from_secs(5), "451")
                .await
                .unwrap()
        );
        assert!(
            tx.lease_mails(NOON, NOON + LEASE, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let third = tx
            .lease_mails(NOON + Duration::from_secs(5), NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(third.tries, 2);
        tx.mark_sent(&third, NOON).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn r64_codes_leave_before_links_before_notices() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(5);
        let later = NOON + Duration::from_secs(1);
        let mails = [
            (Urgency::Notice, NOON),
            (Urgency::Link, NOON),
            (Urgency::Code, later),
            (Urgency::Code, NOON),
        ];
        let ids = queue(
            store,
            mails
                .into_iter()
                .map(|(urgency, at)| mail(&entropy, urgency, at))
                .collect(),
        )
        .await;
        let tx = store.begin().await.unwrap();
        let leased: Vec<_> = tx
            .lease_mails(later, later + LEASE, 9)
            .await
            .unwrap()
            .iter()
            .map(|mail| mail.id)
            .collect();
        assert_eq!(leased, [ids[3], ids[2], ids[1], ids[0]]);
    }
}

#[tokio::test]
async fn r65_a_dead_letter_can_be_sent_again_until_it_is_worthless_and_then_holds_nothing() {
    for db in databases().await {
        let store = &db.store;
        let entropy = SeededEntropy::new(6);
        let id = queue(store, vec![mail(&entropy, Urgency::Code, NOON)])
            .await
            .remove(0);
        let tx = store.begin().await.unwrap();
        let leased = tx
            .lease_mails(NOON, NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert!(!tx.drop_mail(id, NOON).await.unwrap(), "a worker holds it");
        assert!(
            tx.mark_dead(&leased, "550 no such user", NOON)
                .await
                .unwrap()
        );
        assert!(tx.retry_mail(id, NOON).await.unwrap());
        assert!(!tx.retry_mail(id, NOON).await.unwrap(), "it waits already");
        let again = tx
            .lease_mails(NOON, NOON + LEASE, 9)
            .await
            .unwrap()
            .remove(0);
        assert_eq!(
            (again.tries, again.sealed.as_slice()),
            (1, b"sealed".as_slice())
        );
        assert!(
            tx.mark_dead(&again, "550 no such user", NOON)
                .await
                .unwrap()
        );
        let late = NOON + Duration::from_mins(10);
        assert_eq!(tx.sweep_outbox(late, NOON).await.unwrap(), 1);
        assert!(!tx.retry_mail(id, late).await.unwrap());
        tx.commit().await.unwrap();
        let listed = store.outbox(Some(MailState::Expired), 9).await.unwrap();
        assert_eq!(listed[0].reason.as_deref(), Some("550 no such user"));
    }
}
