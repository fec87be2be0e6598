//! Jellyfin's activity log and its API keys.
use usher_domain::id::UserId;
use usher_domain::secret::SecretText;
use usher_jellyfin::LogKind;

use crate::house::{KEY, VERSIONS, house};

#[tokio::test]
async fn the_log_tells_who_was_made_and_whose_password_was_set_in_their_order() {
    for version in VERSIONS {
        let house = house(version).await;
        assert_eq!(house.jellyfin.newest_log_entry().await.unwrap(), None);
        house.sign_in("anna", "anna-pass-1").await;
        let before = house.jellyfin.newest_log_entry().await.unwrap().unwrap();
        let password = SecretText::new("plover lantern");
        house.jellyfin.create_user("mia", &password).await.unwrap();
        let anna = house.id("anna");
        house.jellyfin.set_password(anna, &password).await.unwrap();
        let mia = house.id("mia");
        house.jellyfin.delete_user(mia).await.unwrap();
        let news = house.jellyfin.log_after(before.id).await.unwrap();
        let told: Vec<_> = news
            .iter()
            .map(|entry| (entry.kind, entry.user_id))
            .collect();
        let expected = [
            (LogKind::UserCreated, mia),
            (LogKind::UserPasswordChanged, mia),
            (LogKind::UserPasswordChanged, anna),
            (LogKind::Other, UserId::NOBODY),
        ];
        assert_eq!(told, expected, "{version:?}");
        let newest = house.jellyfin.newest_log_entry().await.unwrap();
        assert_eq!(newest.as_ref(), news.last(), "{version:?}");
        assert!(newest.unwrap().date >= before.date, "{version:?}");
    }
}

#[tokio::test]
async fn r59_every_key_is_listed_but_ushers_own() {
    for version in VERSIONS {
        let house = house(version).await;
        let root = house.sign_in("root", "root-pass-1").await;
        let made = house.jellyfin.make_key(&root.token, "Seerr").await.unwrap();
        let keys = house.jellyfin.api_keys().await.unwrap();
        assert_eq!(keys.len(), 1, "{version:?}");
        assert_eq!(keys[0].app_name, "Seerr", "{version:?}");
        assert_eq!(keys[0].access_token.reveal(), made.reveal(), "{version:?}");
        assert!(keys[0].made().is_some(), "{version:?}");
        assert_ne!(keys[0].access_token.reveal(), KEY, "{version:?}");
    }
}
