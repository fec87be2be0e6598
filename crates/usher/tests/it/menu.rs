//! The links to Usher's pages in the menu of Jellyfin's web client.
use usher_accounts::admin::Admin;
use usher_domain::id::AccountId;
use usher_domain::settings::{ProfilePolicy, ProfileRule};

use crate::browser::Browser;
use crate::client::{House, VERSIONS, json_of};
use crate::factors::here;

/// The names of the links that end at pages of Usher's.
async fn menu(house: &House, language: &str, cookies: &str) -> Vec<String> {
    let headers = [("accept-language", language), ("cookie", cookies)];
    let answer = house.get("/web/config.json", &headers).await;
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["vary"], "Accept-Language, Cookie");
    let links = json_of(&answer)["menuLinks"].clone();
    let links = links.as_array().unwrap().iter().filter(|link| {
        let url = link["url"].as_str().unwrap();
        url.starts_with(&format!("http://{}/usher/", house.address))
    });
    links
        .map(|link| link["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_menu_speaks_the_language_of_its_browser() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let (english, german) = (
            ["Switch profile", "Account & security"],
            ["Profil wechseln", "Konto & Sicherheit"],
        );
        assert_eq!(menu(&house, "en-GB,en;q=0.9", "").await, english);
        assert_eq!(menu(&house, "de-AT,de;q=0.9,en;q=0.5", "").await, german);
        assert_eq!(menu(&house, "fi", "").await, english);
        // Chosen on a page of Usher's before.
        assert_eq!(menu(&house, "en", "usher_language=de").await, german);
    }
}

#[tokio::test]
async fn nobody_is_led_to_profiles_who_may_have_none() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let (mut anna, mut kim) = (Browser::at(&house.address), Browser::at(&house.address));
        anna.sign_in("anna", "anna-pass-1").await;
        kim.sign_in("kim", "kim-pass-1").await;
        let account = "Account & security";
        let both = ["Switch profile", account];
        let (by, visitor) = (Admin::on_the_server(), here());
        let rule = async |name: &str, rule: ProfileRule| {
            let id = house.standin.state().user_named(name).unwrap().id;
            let id = AccountId::new(id);
            let set = house.accounts.set_profile_rule(&by, id, rule, &visitor);
            assert!(set.await.unwrap());
        };
        let off = ProfileRule {
            enabled: Some(false),
            most: None,
        };
        rule("anna", off).await;
        assert_eq!(menu(&house, "en", &anna.cookies()).await, [account]);
        assert_eq!(menu(&house, "en", &kim.cookies()).await, both);
        let none_beside_the_owner = ProfileRule {
            enabled: None,
            most: Some(1),
        };
        rule("kim", none_beside_the_owner).await;
        assert_eq!(menu(&house, "en", &kim.cookies()).await, [account]);
        assert_eq!(menu(&house, "en", "").await, both);
        let policy = ProfilePolicy {
            enabled: false,
            ..ProfilePolicy::default()
        };
        let set = house.accounts.set_profile_policy(&by, policy, &visitor);
        set.await.unwrap();
        assert_eq!(menu(&house, "en", "").await, [account]);
        let on = ProfileRule {
            enabled: Some(true),
            most: None,
        };
        rule("anna", on).await;
        assert_eq!(menu(&house, "en", &anna.cookies()).await, both);
    }
}
