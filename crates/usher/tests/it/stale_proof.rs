//! A form on the pages of an account that is sent after the proof of who sits there grew old (R38): nothing is saved, and after a
//! new proof the form's page says so.
use std::sync::Arc;
use std::time::Duration;

use usher_domain::sign_in::LIFE;
use usher_domain::time::{Clock, SystemClock, TestClock};

use crate::browser::{Browser, Shown};
use crate::client::{House, VERSIONS};
use crate::profile_policy::{id_of, make, signed_in};

pub(crate) const TOO_LONG: Duration = Duration::from_mins(11);

pub(crate) const NOTHING_SAVED: &str = "Nothing of what you sent was saved";

/// An owner with a profile for a child, at a clock of their own.
pub(crate) async fn family() -> (House, Arc<TestClock>, Browser) {
    let clock = Arc::new(TestClock::at(SystemClock.now()));
    let house = House::open_by(VERSIONS[1], Arc::<TestClock>::clone(&clock)).await;
    let mut anna = signed_in(&house, "anna").await;
    make(&mut anna, "Kids", "child").await;
    (house, clock, anna)
}

/// Sends a form with a proof that is too old, and proves anew; answers the page that this leads to.
pub(crate) async fn refused_and_proved(
    anna: &mut Browser,
    page: &str,
    form: &[(&str, &str)],
) -> Shown {
    let refused = anna.send(page, form).await;
    assert!(refused.location.starts_with("prove?"), "{page}");
    let password = [("password", "anna-pass-1")];
    let proved = anna.send(&refused.location, &password).await;
    let shown = anna.open(&proved.location).await;
    assert!(shown.html.contains(NOTHING_SAVED), "{page}: {}", shown.html);
    Shown {
        location: proved.location,
        ..shown
    }
}

#[tokio::test]
async fn r38_hours_and_what_is_brought_back_wait_for_the_proof_and_are_to_be_sent_again() {
    let (_house, clock, mut anna) = family().await;
    let id = id_of(&mut anna, 0).await;
    let hours = format!("account-profile-hours?id={id}");
    let form: Vec<(String, &str)> = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .flat_map(|day| {
            let fields = [("open", "span"), ("from", "09:00"), ("until", "11:30")];
            fields.map(|(field, value)| (format!("{day}-{field}"), value))
        })
        .collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (&**name, *value)).collect();
    clock.advance(TOO_LONG);
    let again = refused_and_proved(&mut anna, &hours, &form).await;
    assert_eq!(again.location, format!("{hours}&unsaved=yes"));
    assert!(!again.html.contains("09:00"), "{}", again.html);
    let saved = anna.send(&hours, &form).await;
    assert_eq!(
        saved.location,
        format!("account-profile?id={id}&said=saved")
    );
    let shown = anna.open(&hours).await.html;
    assert_eq!(shown.matches("value=\"09:00\"").count(), 7, "{shown}");
    assert!(!shown.contains(NOTHING_SAVED), "{shown}");

    let delete = format!("account-profile-delete?id={id}");
    clock.advance(TOO_LONG);
    let again = refused_and_proved(&mut anna, &delete, &[("delete_sure", "yes")]).await;
    assert_eq!(again.location, format!("{delete}&unsaved=yes"));
    let deleted = anna.send(&delete, &[("delete_sure", "yes")]).await;
    assert_eq!(deleted.location, "account-profiles?said=deleted");

    clock.advance(TOO_LONG);
    let which = [("id", id.as_str())];
    let again = refused_and_proved(&mut anna, "account-profile-restore", &which).await;
    assert_eq!(again.location, "account-profiles?unsaved=yes");
    assert!(
        again.html.contains("account-profile-restore"),
        "{}",
        again.html
    );
    let back = anna.send("account-profile-restore", &which).await;
    assert_eq!(back.location, "account-profiles?said=restored");
    assert_eq!(id_of(&mut anna, 0).await, id);
}

#[tokio::test]
async fn a_sign_in_that_took_too_long_begins_anew_and_leads_to_where_it_would_have() {
    let (house, clock, _anna) = family().await;
    let mut browser = Browser::at(&house.address);
    let form = [
        ("name", "anna"),
        ("password", "anna-pass-1"),
        ("device", ""),
    ];
    let asked = browser.send("sign-in?next=%2Fhome", &form).await;
    assert_eq!(asked.location, "profiles");
    clock.advance(LIFE + Duration::from_secs(1));
    let over = "sign-in?said=over&next=%2Fhome";
    assert_eq!(browser.open("profiles").await.location, over);
    let chosen = browser.send("profiles", &[("who", "owner")]).await;
    assert_eq!(chosen.location, over);
    assert!(!browser.is_signed_in());
}

#[tokio::test]
async fn r38_a_new_address_and_its_removal_wait_for_the_proof_and_are_to_be_sent_again() {
    let (_house, clock, mut anna) = family().await;
    let new = [("email", "anna@new.example.org")];
    for (page, form) in [
        ("account-address", new.as_slice()),
        ("account-address-remove", &[]),
    ] {
        clock.advance(TOO_LONG);
        let to = anna.send(page, form).await.location;
        let proof = format!("prove?to=security&page={page}&refused=yes");
        assert_eq!(to, proof);
        let password = [("password", "anna-pass-1")];
        let proved = anna.send(&to, &password).await.location;
        assert_eq!(proved, format!("{page}?unsaved=yes"));
    }
    let again = anna.open("account-address?unsaved=yes").await;
    assert!(again.html.contains(NOTHING_SAVED), "{}", again.html);
}

/// Where a form of a page goes.
fn action(page: &str, form: &str) -> String {
    let (_, rest) = page.split_once(&format!("action=\"{form}")).unwrap();
    let (rest, _) = rest.split_once('"').unwrap();
    format!("{form}{}", rest.replace("&#38;", "&"))
}

#[tokio::test]
async fn a_form_of_a_page_that_was_made_for_another_account_changes_nothing() {
    let (house, _clock, mut browser) = family().await;
    let id = id_of(&mut browser, 0).await;
    let devices = browser.open("account-devices").await.html;
    let new = browser.open("account-profile-new").await.html;
    let edit = format!("account-profile-hours?id={id}");
    let hours = browser.open(&edit).await.html;
    let mut elsewhere = signed_in(&house, "kim").await;
    // Another window of the same browser.
    let came = browser.sign_in("kim", "kim-pass-1").await;
    assert!(came.html.contains("data-token"), "{}", came.html);
    let kids = [("name", "Kids"), ("preset", "child"), ("picture", "")];
    let whole = [("name", "Kids")];
    for (page, form, sent) in [
        (&devices, "account-sign-out", &[] as &[(&str, &str)]),
        (&new, "account-profile-new", &kids),
        (&hours, "account-profile-hours", &whole),
    ] {
        let to = action(page, form);
        let refused = browser.send(&to, sent).await.location;
        assert_eq!(refused, "account?said=somebody_else", "{to}");
    }
    let told = browser.open("account?said=somebody_else").await.html;
    assert!(told.contains("nothing was changed"), "{told}");
    assert!(elsewhere.open("account").await.location.is_empty());
    let list = browser.open("account-profiles").await.html;
    assert!(!list.contains("Kids"), "{list}");
    // From a page of its own it does what it says.
    let devices = browser.open("account-devices").await.html;
    let to = action(&devices, "account-others-end");
    let ended = browser.send(&to, &[]).await.location;
    assert_eq!(ended, "account-devices?said=others_ended");
    let there = elsewhere.open("account").await.location;
    assert!(there.starts_with("sign-in"), "{there}");
}

#[tokio::test]
async fn r43_what_is_sent_from_a_childs_seat_is_said_not_to_be_saved_until_the_owner_has_shown_up()
{
    let (house, clock, mut anna) = family().await;
    let mut child = signed_in(&house, "anna").await;
    anna.send("account-profile-pin", &[("pin", "2580")]).await;
    let id = id_of(&mut anna, 0).await;
    let kids = child.send("switch", &[("who", &id)]).await;
    assert!(kids.html.contains("data-token"), "{}", kids.html);
    clock.advance(TOO_LONG);
    let page = format!("account-profile?id={id}");
    let form = [("name", "Tots"), ("preset", "child"), ("picture", "")];
    let to = child.send(&page, &form).await.location;
    assert!(
        to.starts_with("owner?next=") && to.ends_with("&refused=yes"),
        "{to}"
    );
    let asked = child.open(&to).await.html;
    assert!(asked.contains("is saved yet"), "{asked}");
    let shown = child.send(&to, &[("pin", "2580")]).await.location;
    assert_eq!(shown, format!("{page}&unsaved=yes"));
    // What changes something asks for the password, too, and knows still that something was sent.
    let proof = child.open(&shown).await.location;
    assert!(proof.ends_with("&refused=yes"), "{proof}");
    let password = [("password", "anna-pass-1")];
    let back = child.send(&proof, &password).await.location;
    assert_eq!(back, format!("{page}&unsaved=yes"));
    let told = child.open(&back).await.html;
    assert!(told.contains(NOTHING_SAVED), "{told}");
    assert!(told.contains("value=\"Kids\""), "{told}");
}
