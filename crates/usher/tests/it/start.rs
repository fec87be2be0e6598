//! What must be there when Usher starts, and what need not.
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use usher::application::accounts;
use usher_domain::key::MasterKey;
use usher_domain::time::{TestClock, Timestamp};
use usher_standin::Fault;

use crate::client::{House, VERSIONS, blueprint, jellyfin};

#[tokio::test]
async fn r67_a_database_of_another_master_key_is_refused_and_left_as_it_is() {
    let standin = jellyfin(VERSIONS[0]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut plan = blueprint(&standin, "127.0.0.1:1", folder.path());
    let right = plan.key.clone();
    accounts(&plan).await.unwrap();
    plan.key = MasterKey::from_bytes([8; 32]);
    let Err(refused) = accounts(&plan).await else {
        panic!("a wrong master key opened the database");
    };
    assert!(
        refused.to_string().contains("another master key"),
        "{refused}"
    );
    plan.key = right;
    accounts(&plan).await.unwrap();
}

#[tokio::test]
async fn r74_usher_starts_while_jellyfin_is_away_and_serves_when_it_is_back() {
    for version in VERSIONS {
        let standin = jellyfin(version).await;
        standin.faults().set("", Fault::Refuse);
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::before(standin, Arc::<TestClock>::clone(&clock)).await;
        let away = house.sign_in("anna", "anna-pass-1").await.status();
        assert!(away.is_server_error(), "{version:?}: {away}");
        house.standin.faults().lift_all();
        // Jellyfin is asked for unknown names every five seconds at most.
        clock.advance(Duration::from_secs(5));
        let back = house.sign_in("anna", "anna-pass-1").await.status();
        assert_eq!(back, StatusCode::OK, "{version:?}");
    }
}
