//! The console as an administrator's browser meets it.
use std::sync::Arc;
use std::time::Duration;

use usher_domain::account::Account;
use usher_domain::time::{TestClock, Timestamp};

use crate::browser::Browser;
use crate::client::{House, VERSIONS};

const NOON: Timestamp = Timestamp::from_millis(1_795_521_600_000);

/// Longer than a proof lets an administrator change something.
const TOO_LONG: Duration = Duration::from_mins(11);

async fn house(clock: &Arc<TestClock>) -> House {
    House::open_by(VERSIONS[1], Arc::<TestClock>::clone(clock)).await
}

/// The administrator, signed in.
async fn root(house: &House) -> Browser {
    let mut browser = Browser::at(&house.address);
    browser.sign_in("root", "root-pass-1").await;
    assert!(browser.is_signed_in());
    browser
}

async fn anna(house: &House) -> Account {
    house.accounts.look_at_users().await.unwrap();
    let found = house.accounts.account_named("anna").await.unwrap();
    found.unwrap()
}

#[tokio::test]
async fn an_address_is_cleared_and_recovery_switched_off_by_whoever_ticks_the_box() {
    let clock = Arc::new(TestClock::at(NOON));
    let house = house(&clock).await;
    let mut root = root(&house).await;
    let id = anna(&house).await.id;
    let page = |name: &str| format!("console-account{name}?id={id}");
    let said = |what: &str| format!("console-account?id={id}&said={what}");
    let vouched = [("email", "anna%40example.org"), ("vouched", "yes")];
    let kept = root.send(&page("-address"), &vouched).await;
    assert_eq!(kept.location, said("address"));

    let unsure = root.send(&page("-clear"), &[]).await;
    assert_eq!(unsure.location, said("tick_missing"));
    assert!(anna(&house).await.proven_address().is_some());
    let sure = root.send(&page("-clear"), &[("clear_sure", "yes")]).await;
    assert_eq!(sure.location, said("cleared"));
    assert!(anna(&house).await.address.is_none());

    let unsure = root.send(&page("-recovery"), &[("to", "off")]).await;
    assert_eq!(unsure.location, said("tick_missing"));
    assert!(!anna(&house).await.recovery_off);
    let sure = [("to", "off"), ("recovery_sure", "yes")];
    let sure = root.send(&page("-recovery"), &sure).await;
    assert_eq!(sure.location, said("recovery_off"));
    assert!(anna(&house).await.recovery_off);
    // Nothing is lost by switching it on.
    let on = root.send(&page("-recovery"), &[("to", "on")]).await;
    assert_eq!(on.location, said("recovery_on"));
    assert!(!anna(&house).await.recovery_off);
}

#[tokio::test]
async fn r38_a_form_that_a_proof_was_too_old_for_saves_nothing_and_its_page_says_so() {
    const NOTHING_SAVED: &str = "Nothing of what you sent was saved";
    let clock = Arc::new(TestClock::at(NOON));
    let house = house(&clock).await;
    let mut root = root(&house).await;
    let id = anna(&house).await.id;
    let of_anna = format!("console-account?id={id}");
    let address = format!("console-account-address?id={id}");
    let policy = [("requirement", "off"), ("elsewhere", "Ask+the+library")];
    let vouched = [("email", "anna%40example.org"), ("vouched", "yes")];
    let name = [("name", "ida")];
    for (form, page, typed) in [
        (address.as_str(), of_anna.as_str(), &vouched[..]),
        ("console-email", "console-email", &policy[..]),
        ("console-new", "console-new", &name[..]),
    ] {
        clock.advance(TOO_LONG);
        let refused = root.send(form, typed).await;
        let prove = refused.location;
        assert!(prove.starts_with("prove?to=console&page="), "{prove}");
        assert!(!prove.contains("example.org") && !prove.contains("library"));
        let back = root.send(&prove, &[("password", "root-pass-1")]).await;
        let sign = if page.contains('?') { '&' } else { '?' };
        assert_eq!(back.location, format!("{page}{sign}unsaved=yes"));
        let shown = root.open(&back.location).await;
        assert!(shown.html.contains(NOTHING_SAVED), "{}", shown.html);
        assert!(!shown.html.contains("unsaved=yes"), "{}", shown.html);
        assert!(!root.open(page).await.html.contains(NOTHING_SAVED));
    }
    assert!(anna(&house).await.address.is_none());
    let settings = house.accounts.settings().await.unwrap();
    assert!(settings.recovery.elsewhere.is_empty());

    // Who only looked lost nothing, and is told nothing.
    clock.advance(Duration::from_mins(31));
    let prove = root.open(&of_anna).await.location;
    let back = root.send(&prove, &[("password", "root-pass-1")]).await;
    assert_eq!(back.location, of_anna);
    // What is sent again is saved.
    let saved = root.send(&address, &vouched).await;
    assert_eq!(saved.location, format!("{of_anna}&said=address"));
    assert!(anna(&house).await.proven_address().is_some());
}
