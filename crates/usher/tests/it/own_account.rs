//! A profile that is to become an account of its own, and deleted ones, as the owner's and the administrator's pages tell it.
use std::time::Duration;

use crate::profile_policy::{id_of, make, signed_in};
use crate::stale_proof::family;

const WISH: [(&str, &str); 2] = [("leave_name", "toni"), ("leave_email", "toni@example.org")];

const ASKED: &str = "An account of its own is asked for";

#[tokio::test]
async fn a_wish_that_waits_stands_on_the_list_and_its_end_is_said_and_written_down() {
    let (house, _clock, mut anna) = family().await;
    let id = id_of(&mut anna, 0).await;
    let leave = format!("account-profile-leave?id={id}");
    anna.send(&leave, &WISH).await;
    let list = anna.open("account-profiles").await.html;
    assert!(list.contains(ASKED), "{list}");

    let withdraw = format!("account-profile-leave-withdraw?id={id}");
    let withdrawn = anna.send(&withdraw, &[]).await.location;
    assert_eq!(withdrawn, format!("{leave}&said=withdrawn"));
    let shown = anna.open(&withdrawn).await.html;
    assert!(shown.contains("Taken back."), "{shown}");
    assert!(shown.contains("name=\"leave_name\""), "{shown}");
    let twice = anna.send(&withdraw, &[]).await.location;
    assert_eq!(twice, leave, "nothing waits");
    let list = anna.open("account-profiles").await.html;
    assert!(!list.contains(ASKED), "{list}");
    let log = anna.open("account-activity").await.html;
    let line = "Took back the wish that the profile Kids become an account of its own";
    assert_eq!(log.matches(line).count(), 1, "{log}");

    anna.send(&leave, &WISH).await;
    let mut root = signed_in(&house, "root").await;
    let requests = root.open("console-requests").await.html;
    let (_, request) = requests.split_once("name=\"request\" value=\"").unwrap();
    let form = [("request", request.split('"').next().unwrap())];
    let declined = root.send("console-requests-close", &form).await.location;
    assert_eq!(declined, "console-requests?said=declined");
    let shown = root.open(&declined).await.html;
    assert!(shown.contains("Declined. The profile stays"), "{shown}");
    let list = anna.open("account-profiles").await.html;
    assert!(!list.contains(ASKED), "{list}");
}

#[tokio::test]
async fn two_deleted_profiles_of_one_name_are_told_apart_by_when_they_were_deleted() {
    let (_house, clock, mut anna) = family().await;
    for again in [true, false] {
        let id = id_of(&mut anna, 0).await;
        let delete = format!("account-profile-delete?id={id}");
        anna.send(&delete, &[("delete_sure", "yes")]).await;
        clock.advance(Duration::from_mins(1));
        if again {
            make(&mut anna, "Kids", "child").await;
        }
    }
    let list = anna.open("account-profiles").await.html;
    let told: Vec<&str> = list
        .split(">Deleted on ")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .collect();
    assert_eq!(told.len(), 2, "{list}");
    assert_ne!(told[0], told[1]);
    assert!(told[0].contains("can be brought back until"), "{list}");
}
