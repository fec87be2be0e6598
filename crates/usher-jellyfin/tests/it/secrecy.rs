use usher_domain::secret::SecretText;
use usher_standin::{Fault, Version};

use crate::house::{KEY, house};

/// An error with all its causes, as a log would have it.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let shown: Vec<String> = causes.map(|error| format!("{error} {error:?}")).collect();
    shown.join(" ")
}

#[tokio::test]
async fn r59_neither_key_nor_password_is_in_an_error() {
    let house = house(Version::V12_0).await;
    for fault in [
        Fault::Status(500),
        Fault::Refuse,
        Fault::Cut,
        Fault::BrokenJson,
    ] {
        house.standin.faults().set("", fault);
        let password = SecretText::new("secret-pass-1");
        let id = house.id("anna");
        let errors = [
            house.jellyfin.users().await.err(),
            house.jellyfin.create_user("lea", &password).await.err(),
            house
                .jellyfin
                .mint(id, &crate::house::television())
                .await
                .err(),
        ];
        for error in errors.into_iter().flatten() {
            let text = in_full(&error);
            assert!(
                !text.contains(KEY) && !text.contains("secret-pass-1"),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn r59_neither_key_nor_token_is_shown_by_debug() {
    let house = house(Version::V12_0).await;
    let session = house.sign_in("anna", "anna-pass-1").await;
    let client = format!("{:?}", house.jellyfin);
    assert!(!client.contains(KEY), "{client}");
    let credential = usher_jellyfin::Credential {
        identity: None,
        token: Some(&session.token),
    };
    let answer = house.jellyfin.get("/Users/Me", &credential).await.unwrap();
    for text in [
        format!("{session:?}"),
        format!("{credential:?}"),
        format!("{answer:?}"),
    ] {
        assert!(!text.contains(session.token.reveal()), "{text}");
    }
    assert!(!format!("{session:?}").contains("AccessToken"));
}
