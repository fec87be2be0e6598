use std::time::Duration;

use super::{CLIENTS, NEXT_DAY, PASSWORD, approve, assert_plain_401, clock, house, impatient};
use crate::browser::Browser;
use crate::client::{House, VERSIONS};

/// What Jellyfin keeps of people who are signed in: tokens, with their devices, and sessions.
fn kept(house: &House) -> (usize, usize) {
    let state = house.standin.state();
    (state.tokens.len(), state.sessions.len())
}

#[tokio::test]
async fn an_answer_that_is_held_goes_on_by_itself_when_the_link_of_the_mail_is_approved() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = house(version, &clock).await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            let approved = async {
                let letter = client.letter(&mut mail).await;
                clock.advance(client.patience.saturating_sub(Duration::from_secs(1)));
                approve(&house, &letter).await;
            };
            let (answer, ()) = tokio::join!(client.press(&house, PASSWORD), approved);
            client.assert_in(&house, &answer).await;
        }
    }
}

#[tokio::test]
async fn r45_nobody_approves_so_that_the_answer_comes_in_time_and_jellyfin_keeps_nothing() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = house(version, &clock).await;
        let before = kept(&house);
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            let passes = async {
                client.letter(&mut mail).await;
                clock.advance(client.patience);
            };
            let (answer, ()) = tokio::join!(client.press(&house, PASSWORD), passes);
            assert_plain_401(&answer);
            assert_eq!(kept(&house), before, "{}", client.identity);
        }
        let mut browser = Browser::at(&house.address);
        let asked = browser.sign_in("anna", PASSWORD).await;
        assert_eq!(asked.location, "second-factor", "{}", asked.html);
        assert!(!browser.is_signed_in());
        assert_eq!(kept(&house), before, "{version:?}");
    }
}

#[tokio::test]
async fn a_client_that_gave_up_is_let_in_at_the_next_press_once_and_by_the_one_mail() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = house(version, &clock).await;
        for client in &CLIENTS {
            clock.advance(NEXT_DAY);
            let letter = client.give_up(&house, &mut mail).await;
            let before = kept(&house);
            let again = client.press(&house, PASSWORD);
            let (answer, ()) = tokio::join!(again, approve(&house, &letter));
            client.assert_in(&house, &answer).await;
            let (tokens, _) = kept(&house);
            assert_eq!(tokens, before.0 + 1, "{}", client.identity);
            // No further mail leaves in this minute, so nobody could approve: the answer comes at once.
            assert_plain_401(&client.press(&house, PASSWORD).await);
            let link = [("link", letter.links()[0])];
            let used = Browser::at(&house.address).send("approve-yes", &link).await;
            assert!(used.html.contains("aria-invalid"), "{}", used.html);
        }
    }
}

#[tokio::test]
async fn an_approval_counts_with_the_right_password_for_ten_minutes_and_not_for_another_device() {
    for version in VERSIONS {
        let clock = clock();
        let (house, mut mail) = impatient(version, &clock).await;
        for (at, client) in CLIENTS.iter().enumerate() {
            clock.advance(NEXT_DAY);
            assert_plain_401(&client.press(&house, PASSWORD).await);
            let letter = client.letter(&mut mail).await;
            approve(&house, &letter).await;
            let other = &CLIENTS[(at + 1) % CLIENTS.len()];
            assert_plain_401(&client.press(&house, "wrong").await);
            assert_plain_401(&other.press(&house, PASSWORD).await);
            clock.advance(Duration::from_mins(10));
            assert_plain_401(&client.press(&house, PASSWORD).await);
        }
    }
}
