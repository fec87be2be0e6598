use std::time::Duration;

use super::{CLIENTS, NEXT_DAY, PASSWORD, assert_plain_401, clock, impatient};
use crate::client::VERSIONS;
use crate::factors::{STEP, another, with_app};

#[tokio::test]
async fn the_code_of_the_mail_behind_the_password_lets_each_client_in_once() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            assert_plain_401(&client.press(&house, PASSWORD).await);
            let code = client.letter(&mut mail).await.code().to_owned();
            let wrong = format!("{PASSWORD} {}", another(&code));
            assert_plain_401(&client.press(&house, wrong).await);
            let right = format!("{PASSWORD} {code}");
            let answer = client.press(&house, right.as_str()).await;
            client.assert_in(&house, &answer).await;
            assert_plain_401(&client.press(&house, right).await);
        }
    }
}

#[tokio::test]
async fn r3_the_code_of_the_mail_is_good_for_ten_minutes_and_for_the_press_that_it_was_sent_for() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        for (at, client) in CLIENTS.iter().enumerate() {
            clock.advance(NEXT_DAY);
            assert_plain_401(&client.press(&house, PASSWORD).await);
            let code = client.letter(&mut mail).await.code().to_owned();
            let typed = format!("{PASSWORD} {code}");
            let other = &CLIENTS[(at + 1) % CLIENTS.len()];
            assert_plain_401(&other.press(&house, typed.as_str()).await);
            clock.advance(Duration::from_mins(10));
            assert_plain_401(&client.press(&house, typed).await);
        }
    }
}

#[tokio::test]
async fn r32_the_code_of_an_authenticator_app_behind_the_password_lets_each_client_in_once() {
    for version in VERSIONS {
        let clock = clock();
        let (house, _mail) = impatient(version, &clock).await;
        let app = with_app(&house, "root").await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            let press = async |code: &str| {
                let typed = format!("root-pass-1 {code}");
                client.press_as(&house, "root", typed, &[]).await
            };
            let code = app.code(&house);
            assert_plain_401(&press(&another(&code)).await);
            let answer = press(&code).await;
            assert_eq!(answer.status(), 200, "{}", client.identity);
            assert_plain_401(&press(&code).await);
            clock.advance(STEP * 3);
            assert_plain_401(&press(&code).await);
            let fresh = press(&app.code(&house)).await;
            assert_eq!(fresh.status(), 200, "{}", client.identity);
        }
    }
}
