//! What is written for the hidden user of a profile.
use serde_json::{Value, json};
use usher_domain::id::UserId;
use usher_jellyfin::{ImageKind, JellyfinError, Renamed};

use crate::house::{VERSIONS, house};

#[tokio::test]
async fn a_user_is_renamed_with_everything_else_left_as_it_was() {
    for version in VERSIONS {
        let house = house(version).await;
        let kim = house.id("kim");
        let mut own = house.jellyfin.configuration(kim).await.unwrap();
        own.insert("SubtitleMode".to_owned(), json!("Always"));
        own.insert("AudioLanguagePreference".to_owned(), json!("deu"));
        house.jellyfin.set_configuration(kim, &own).await.unwrap();
        for (name, became) in [
            ("anna", Renamed::Refused),
            ("anna/Kids", Renamed::Refused),
            ("anna+Kids", Renamed::Done),
            ("anna+Kids", Renamed::Done),
        ] {
            let renamed = house.jellyfin.rename_user(kim, name).await.unwrap();
            assert_eq!(renamed, became, "{name}");
        }
        assert_eq!(house.id("anna+Kids"), kim);
        let read = house.jellyfin.configuration(kim).await.unwrap();
        assert_eq!(read, own);
    }
}

#[tokio::test]
async fn web_settings_are_written_beside_those_that_are_there() {
    for version in VERSIONS {
        let house = house(version).await;
        let kim = house.id("kim");
        let kept = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for settings in [
            vec![kept("homesection0", "resume"), kept("homesection1", "none")],
            vec![kept("homesection1", "nextup")],
        ] {
            let set = house.jellyfin.set_web_settings(kim, &settings).await;
            set.unwrap();
        }
        let path = format!("/DisplayPreferences/usersettings?userId={kim}&client=emby");
        let token = usher_domain::secret::SecretText::new(crate::house::KEY);
        let credential = usher_jellyfin::Credential {
            identity: None,
            token: Some(&token),
        };
        let answer = house.jellyfin.get(&path, &credential).await.unwrap();
        let read: Value = answer.json().unwrap();
        assert_eq!(read["CustomPrefs"]["homesection0"], "resume");
        assert_eq!(read["CustomPrefs"]["homesection1"], "nextup");
    }
}

#[tokio::test]
async fn a_picture_comes_and_goes() {
    for version in VERSIONS {
        let house = house(version).await;
        let kim = house.id("kim");
        let bytes = [1, 2, 3, 255];
        let set = house.jellyfin.set_image(kim, ImageKind::Png, &bytes).await;
        set.unwrap();
        let image = || {
            let state = house.standin.state();
            state.user(kim.as_uuid()).unwrap().image.clone()
        };
        assert_eq!(image(), Some(("image/png".to_owned(), bytes.to_vec())));
        for _again in 0..2 {
            house.jellyfin.remove_image(kim).await.unwrap();
            assert_eq!(image(), None);
        }
    }
}

#[tokio::test]
async fn a_user_that_is_not_there_is_no_user_to_write_for() {
    let house = house(VERSIONS[0]).await;
    let nobody: UserId = "00000000000000000000000000000005".parse().unwrap();
    let read = house.jellyfin.configuration(nobody).await;
    assert!(matches!(read, Err(JellyfinError::Status(status)) if status == 404));
    let named = house.jellyfin.rename_user(nobody, "anna+Kids").await;
    assert!(named.is_err());
}
