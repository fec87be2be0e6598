use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use super::{CLIENTS, NEXT_DAY, PASSWORD, approve, assert_plain_401, clock, impatient};
use crate::client::{House, VERSIONS, json_of};

#[tokio::test]
async fn empty_and_null_passwords_of_every_tile_are_refused_at_once_and_nobody_is_told() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            for name in ["anna", "bob", "kim", "nobody"] {
                for empty in [json!(""), Value::Null, json!(" ")] {
                    let answer = client.press_as(&house, name, empty, &[]).await;
                    assert_plain_401(&answer);
                }
            }
            // No try was counted, and the first mail of the day is that of the right password.
            assert_plain_401(&client.press(&house, PASSWORD).await);
            let letter = client.letter(&mut mail).await;
            approve(&house, &letter).await;
            // An approval is not used up by it either.
            assert_plain_401(&client.press(&house, Value::Null).await);
            let answer = client.press(&house, PASSWORD).await;
            client.assert_in(&house, &answer).await;
        }
    }
}

/// A token of anna's, on a client that was approved.
async fn token(house: &House, answer: &http::Response<bytes::Bytes>) -> String {
    let token = json_of(answer)["AccessToken"].as_str().unwrap().to_owned();
    assert_eq!(standing(house, &token).await, StatusCode::OK);
    token
}

async fn standing(house: &House, token: &str) -> StatusCode {
    let me = house.get("/Users/Me", &[("x-emby-token", token)]).await;
    me.status()
}

#[tokio::test]
async fn signing_out_twice_in_the_web_client_ends_its_own_token_and_nothing_else() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        let [tv, .., web] = &CLIENTS;
        let mut tokens = Vec::new();
        for client in [tv, web] {
            clock.advance(NEXT_DAY);
            client.press(&house, PASSWORD).await;
            approve(&house, &client.letter(&mut mail).await).await;
            let answer = client.press(&house, PASSWORD).await;
            tokens.push(token(&house, &answer).await);
        }
        // Kim has no factor, and sits at the same browser.
        let kim = web.press_as(&house, "kim", "kim-pass-1", &[]).await;
        let kim = json_of(&kim)["AccessToken"].as_str().unwrap().to_owned();
        let headers = [("x-emby-token", &*tokens[1])];
        let mut ended = Vec::new();
        for _ in 0..2 {
            let out = house.ask(Method::POST, "/Sessions/Logout", &headers, "");
            ended.push(out.await.status());
        }
        let expected = [StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED];
        assert_eq!(ended, expected, "{version:?}");
        let left = [
            standing(&house, &tokens[1]).await,
            standing(&house, &tokens[0]).await,
            standing(&house, &kim).await,
        ];
        let expected = [StatusCode::UNAUTHORIZED, StatusCode::OK, StatusCode::OK];
        assert_eq!(left, expected, "{version:?}");
    }
}

#[tokio::test]
async fn the_sockets_without_a_token_of_a_sign_in_page_cost_nothing() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        let [.., web] = &CLIENTS;
        for _ in 0..60 {
            let bare = format!("ws://{}/socket", house.address);
            let refused = tokio_tungstenite::connect_async(bare).await;
            let Err(Error::Http(answer)) = refused else {
                panic!("{version:?}: {refused:?}");
            };
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{version:?}");
        }
        assert_plain_401(&web.press(&house, PASSWORD).await);
        approve(&house, &web.letter(&mut mail).await).await;
        let answer = web.press(&house, PASSWORD).await;
        web.assert_in(&house, &answer).await;
    }
}
