//! API keys: listed, seen, and bound to networks.
use std::time::Duration;

use usher_accounts::admin::{Key, KeyBound};
use usher_accounts::gate::{Holder, Standing};
use usher_domain::activity::Activity;
use usher_domain::network::Networks;
use usher_domain::secret::SecretText;
use usher_domain::visitor::Visitor;

use crate::desk::{Desk, at_home, from};

/// A program's key, made in Jellyfin.
async fn program(desk: &Desk) -> SecretText {
    let identity = usher_domain::device::ClientIdentity {
        client: "Jellyfin Web".to_owned(),
        device: "Firefox".to_owned(),
        device_id: "dashboard".to_owned(),
        version: "10.11.11".to_owned(),
    };
    let password = SecretText::new("root-pass-1");
    let signed_in = desk
        .jellyfin
        .authenticate("root", &password, &identity)
        .await;
    let usher_jellyfin::Authenticated::Right(session) = signed_in.unwrap() else {
        panic!("root is not signed in");
    };
    let made = desk.jellyfin.make_key(&session.token, "Seerr").await;
    made.unwrap()
}

async fn only_key(desk: &Desk) -> Key {
    let mut keys = desk.accounts.api_keys().await.unwrap();
    assert_eq!(keys.len(), 1, "Usher's own is not listed");
    keys.remove(0)
}

async fn holder(desk: &Desk, key: &SecretText, visitor: &Visitor) -> Option<Holder> {
    let known = desk
        .accounts
        .remembered(&key.hash(), visitor.address, visitor.address_is_exact);
    match known {
        Some(remembered) => remembered,
        None => desk.accounts.holder(key, None, visitor).await.unwrap(),
    }
}

#[tokio::test]
async fn a_key_is_listed_with_its_name_and_when_and_from_where_it_last_came() {
    for desk in Desk::open_all().await {
        let key = program(&desk).await;
        let listed = only_key(&desk).await;
        assert_eq!((listed.name.as_str(), listed.seen), ("Seerr", None));
        assert_eq!(listed.made, Some(desk.accounts.now()));
        desk.clock.advance(Duration::from_mins(5));
        assert_eq!(
            holder(&desk, &key, &from("192.0.2.7")).await,
            Some(Holder::ApiKey)
        );
        let listed = only_key(&desk).await;
        assert_eq!(listed.seen, Some(desk.accounts.now()));
        assert_eq!(listed.address, "192.0.2.7");
    }
}

#[tokio::test]
async fn a_bound_key_is_nobodys_from_elsewhere_at_once_and_a_line_tells_who_bound_it() {
    for desk in Desk::open_all().await {
        let admin = desk.administrator().await;
        let key = program(&desk).await;
        let away = from("203.0.113.9");
        assert_eq!(holder(&desk, &key, &away).await, Some(Holder::ApiKey));
        let home = Networks::parse("192.168.0.0/16").unwrap();
        let name = only_key(&desk).await.digest.name();
        for _again in 0..2 {
            let bound = desk
                .accounts
                .bind_api_key(&admin, &name, &home, &at_home())
                .await;
            assert_eq!(bound.unwrap(), KeyBound::Done);
        }
        for _remembered in 0..2 {
            assert_eq!(holder(&desk, &key, &away).await, None);
            assert_eq!(holder(&desk, &key, &at_home()).await, Some(Holder::ApiKey));
        }
        let unlisted = Visitor::new("192.168.0.2".parse().unwrap(), false, "");
        assert_eq!(holder(&desk, &key, &unlisted).await, None);
        let standing = |visitor: Visitor| {
            let accounts = desk.accounts.clone();
            let key = key.clone();
            async move {
                accounts
                    .standing(&key, visitor.address, true)
                    .await
                    .unwrap()
            }
        };
        assert_eq!(standing(away).await, None, "an open stream is cut");
        assert_eq!(standing(at_home()).await, Some(Standing::Welcome));
        let lines = desk.accounts.activities(99).await.unwrap();
        let bound = lines.iter().filter(|line| line.what == Activity::KeyBound);
        let actors: Vec<_> = bound.map(|line| line.actor).collect();
        assert_eq!(actors, [admin.actor()]);
    }
}

#[tokio::test]
async fn what_another_replica_binds_holds_here_within_five_seconds() {
    for desk in Desk::open_all().await {
        let key = program(&desk).await;
        let away = from("203.0.113.9");
        let home = Networks::parse("192.168.0.0/16").unwrap();
        for (networks, expected) in [(home, None), (Networks::default(), Some(Holder::ApiKey))] {
            holder(&desk, &key, &away).await;
            let tx = desk.store.begin().await.unwrap();
            tx.bind_api_key(&key.hash(), &networks).await.unwrap();
            tx.commit().await.unwrap();
            desk.clock.advance(Duration::from_secs(5));
            assert_eq!(holder(&desk, &key, &away).await, expected, "{networks}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_gone_cannot_be_bound_and_ushers_own_is_not_among_them() {
    let desk = Desk::open().await;
    let admin = desk.administrator().await;
    let own = SecretText::new("0123456789abcdef0123456789abcdef");
    for name in [own.hash().name(), "x".to_owned(), String::new()] {
        let home = Networks::parse("192.168.0.0/16").unwrap();
        let bound = desk
            .accounts
            .bind_api_key(&admin, &name, &home, &at_home())
            .await;
        assert_eq!(bound.unwrap(), KeyBound::Gone, "{name}");
    }
    assert!(desk.store.api_keys().await.unwrap().is_empty());
}
