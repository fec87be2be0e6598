use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use usher_domain::time::TestClock;

use super::clock;
use crate::browser::Browser;
use crate::client::{House, VERSIONS, identity, json_of};
use crate::factors::{STEP, with_app};
use crate::profiles::make_kids;

/// A screen that shows a code.
struct Screen {
    identity: String,
    secret: String,
    code: String,
    /// Whether it names itself while it waits: Streamyfin does not.
    names_itself: bool,
}

impl Screen {
    /// Finamp asks by GET, the others by POST.
    async fn ask(house: &House, device: &str, method: Method, names_itself: bool) -> Self {
        let identity = identity(device);
        let headers = [("authorization", &*identity)];
        let asked = house.ask(method, "/QuickConnect/Initiate", &headers, "");
        let asked = json_of(&asked.await);
        Self {
            secret: asked["Secret"].as_str().unwrap().to_owned(),
            code: asked["Code"].as_str().unwrap().to_owned(),
            identity,
            names_itself,
        }
    }

    /// Whether somebody has let it in.
    async fn poll(&self, house: &House) -> bool {
        let target = format!("/QuickConnect/Connect?secret={}", self.secret);
        let headers = [("authorization", &*self.identity)];
        let headers: &[_] = if self.names_itself { &headers } else { &[] };
        let answer = house.get(&target, headers).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", self.identity);
        json_of(&answer)["Authenticated"].as_bool().unwrap()
    }

    async fn redeem(&self, house: &House) -> StatusCode {
        let headers = [("authorization", &*self.identity)];
        let body = json!({ "secret": self.secret });
        let target = "/Users/AuthenticateWithQuickConnect";
        house.post(target, &headers, &body).await.status()
    }
}

#[tokio::test]
async fn r58_screens_that_ask_every_second_are_not_limited_away_and_each_is_let_in_once() {
    for version in VERSIONS {
        let clock = clock();
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        let app = with_app(&house, "anna").await;
        clock.advance(STEP);
        let finamp = Screen::ask(&house, "finamp", Method::GET, true).await;
        let streamyfin = Screen::ask(&house, "streamyfin", Method::POST, false).await;
        for _ in 0..300 {
            clock.advance(Duration::from_secs(1));
            for screen in [&finamp, &streamyfin] {
                assert!(!screen.poll(&house).await, "{version:?}");
            }
        }
        let mut browser = Browser::at(&house.address);
        let asked = browser.sign_in("anna", "anna-pass-1").await;
        assert_eq!(asked.location, "second-factor", "{version:?}");
        for screen in [&finamp, &streamyfin] {
            browser
                .send("quick-connect-approve", &[("screen", &screen.code)])
                .await;
            assert!(!screen.poll(&house).await, "before the factor was shown");
        }
        let code = app.code(&house);
        let shown = [("way", "totp"), ("code", code.as_str())];
        browser.send("second-factor", &shown).await;
        assert!(browser.is_signed_in(), "{version:?}");
        for screen in [&finamp, &streamyfin] {
            let form = [("screen", screen.code.as_str())];
            let approved = browser.send("quick-connect-approve", &form).await;
            let done = "quick-connect?said=approved";
            assert_eq!(approved.location, done, "{}", approved.html);
            assert!(screen.poll(&house).await, "{version:?}");
            let redeemed = [screen.redeem(&house).await, screen.redeem(&house).await];
            let expected = [StatusCode::OK, StatusCode::FORBIDDEN];
            assert_eq!(redeemed, expected, "{version:?}");
        }
    }
}

/// What the form of a screen's page sends for the seat of this name.
fn seat_of(page: &str, name: &str) -> String {
    let named = format!("<span>{name}</span>");
    let mut seats = page.split("name=\"who\" value=\"").skip(1);
    let seat = seats.find(|seat| seat.contains(&named)).unwrap();
    seat.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn whom_a_screen_was_chosen_for_is_chosen_still_when_a_proof_came_between() {
    for version in VERSIONS {
        let clock = clock();
        let house = House::open_by(version, Arc::<TestClock>::clone(&clock)).await;
        make_kids(&house).await;
        let mut browser = Browser::at(&house.address);
        browser.sign_in("anna", "anna-pass-1").await;
        clock.advance(Duration::from_mins(11));
        let screen = Screen::ask(&house, "nursery", Method::POST, true).await;
        let page = format!("quick-connect?code={}", screen.code);
        let shown = browser.open(&page).await.html;
        let kids = seat_of(&shown, "Kids");
        let form = [
            ("screen", &*screen.code),
            ("who", &*kids),
            ("childs", "yes"),
        ];
        let asked = browser.send("quick-connect-approve", &form).await;
        assert!(
            asked.location.starts_with("prove?"),
            "{version:?}: {}",
            asked.location
        );
        let password = [("password", "anna-pass-1")];
        let proved = browser.send(&asked.location, &password).await;
        let shown = browser.open(&proved.location).await.html;
        let chosen = format!("value=\"{kids}\" required checked");
        assert!(shown.contains(&chosen), "{version:?}: {shown}");
        let ticked = "name=\"childs\" value=\"yes\" checked";
        assert!(shown.contains(ticked), "{version:?}: {shown}");
        assert!(
            !screen.poll(&house).await,
            "nothing follows from an address"
        );
        let approved = browser.send("quick-connect-approve", &form).await;
        assert_eq!(approved.location, "quick-connect?said=approved");
        assert_eq!(screen.redeem(&house).await, StatusCode::OK);
        let list = browser.open("account-devices").await.html;
        assert!(list.contains("Profile: Kids"), "{version:?}: {list}");
        assert!(list.contains("Kids alone"), "{version:?}: {list}");
    }
}
