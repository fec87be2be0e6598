//! The devices of an account on its owner's page: those of one device together, and what is said of a child's.
use http::StatusCode;
use serde_json::json;
use std::time::Duration;

use crate::browser::Browser;
use crate::client::{House, identity, json_of};
use crate::profile_policy::{decide, signed_in};
use crate::stale_proof::{NOTHING_SAVED, TOO_LONG, family, refused_and_proved};

/// Signs in at an app's form, on the tablet.
async fn on_tablet(house: &House, name: &str) -> String {
    let body = json!({ "Username": name, "Pw": "anna-pass-1" });
    let headers = [("authorization", &*identity("tablet"))];
    let answer = house.post("/Users/AuthenticateByName", &headers, &body);
    json_of(&answer.await)["AccessToken"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn lives(house: &House, token: &str) -> bool {
    let me = house.get("/Users/Me", &[("x-emby-token", token)]).await;
    me.status() == StatusCode::OK
}

/// What stands between two words of a page.
fn between<'a>(html: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = html.split_once(before).unwrap();
    rest.split(after).next().unwrap()
}

/// The way to the question whether the tablet becomes the child's.
async fn question(anna: &mut Browser) -> String {
    let list = anna.open("account-devices").await.html;
    let link = between(&list, "href=\"account-device-keep", "\"");
    format!("account-device-keep{link}")
}

fn place(asked: &str) -> [(&'static str, &str); 1] {
    [("place", between(asked, "name=\"place\" value=\"", "\""))]
}

#[tokio::test]
async fn r38_a_device_becomes_a_childs_only_when_the_question_is_answered_after_the_proof() {
    let (house, clock, mut anna) = family().await;
    let childs = on_tablet(&house, "anna/Kids").await;
    let parents = on_tablet(&house, "anna").await;
    let link = question(&mut anna).await;
    let asked = anna.open(&link).await.html;
    let form = place(&asked);

    clock.advance(TOO_LONG);
    let again = refused_and_proved(&mut anna, "account-device-keep", &form).await;
    assert_eq!(again.location, format!("{link}&unsaved=yes"));
    assert!(again.html.contains("Only for Kids?"), "{}", again.html);
    assert_eq!(place(&again.html), form);
    assert!(lives(&house, &parents).await, "a proof alone does nothing");

    let kept = anna.send("account-device-keep", &form).await;
    assert_eq!(kept.location, "account-devices?said=kept");
    assert!(!lives(&house, &parents).await);
    assert!(lives(&house, &childs).await);

    // Whoever proved nothing lately is asked for a proof before the question.
    clock.advance(TOO_LONG);
    let first = anna.open(&link).await.location;
    let to = format!("prove?to=security&page={}", link.replace('?', "&"));
    assert_eq!(first, to);
    let proved = anna.send(&first, &[("password", "anna-pass-1")]).await;
    assert_eq!(proved.location, link);
    let asked = anna.open(&link).await.html;
    assert!(!asked.contains(NOTHING_SAVED), "{asked}");
}

#[tokio::test]
async fn the_page_of_devices_says_who_can_be_signed_in_on_a_childs_while_its_profile_cannot_be_used()
 {
    let (house, _clock, mut anna) = family().await;
    on_tablet(&house, "anna/Kids").await;
    let link = question(&mut anna).await;
    let asked = anna.open(&link).await.html;
    anna.send("account-device-keep", &place(&asked)).await;
    let rule =
        "While that profile can be used, nobody else of your account can be signed in there.";
    let now = "now anybody of your account can be signed in there";
    let list = anna.open("account-devices").await.html;
    assert!(list.contains(rule) && !list.contains(now), "{list}");
    let mut root = signed_in(&house, "root").await;
    decide(&mut root, "off", "5").await;
    let list = anna.open("account-devices").await.html;
    assert!(list.contains(rule) && list.contains(now), "{list}");
    assert!(lives(&house, &on_tablet(&house, "anna").await).await);
}

#[tokio::test]
async fn seats_on_one_device_stand_together_whatever_was_used_in_between() {
    let (house, clock, mut anna) = family().await;
    on_tablet(&house, "anna").await;
    clock.advance(Duration::from_mins(1));
    signed_in(&house, "anna").await;
    clock.advance(Duration::from_mins(1));
    on_tablet(&house, "anna/Kids").await;
    let list = anna.open("account-devices").await.html;
    let beside = list.matches("On the same device").count();
    assert_eq!(beside, 1, "{list}");
    let (_, below) = list.split_once("<b>tablet</b>").unwrap();
    let entry = between(below, "<li", "</li>");
    assert!(entry.contains("<b>tablet</b>"), "{entry}");
    assert!(entry.contains("On the same device"), "{entry}");
}
