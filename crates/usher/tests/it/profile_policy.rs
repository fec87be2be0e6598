//! What administrators decide about profiles, as their browser and the owner's meet it.
use crate::browser::Browser;
use crate::client::{House, VERSIONS};

/// Somebody who is signed in at Usher's pages.
pub(crate) async fn signed_in(house: &House, name: &str) -> Browser {
    let mut browser = Browser::at(&house.address);
    browser.sign_in(name, &format!("{name}-pass-1")).await;
    assert!(browser.is_signed_in());
    browser
}

/// Makes a profile on the owner's pages; answers where that leads.
pub(crate) async fn make(owner: &mut Browser, name: &str, preset: &str) -> String {
    let form = [("name", name), ("preset", preset), ("picture", "owl")];
    owner.send("account-profile-new", &form).await.location
}

/// The id of a profile, by its place in the owner's list.
pub(crate) async fn id_of(owner: &mut Browser, place: usize) -> String {
    let html = owner.open("account-profiles").await.html;
    let link = html.split("account-profile?id=").nth(place + 1).unwrap();
    link.split('"').next().unwrap().to_owned()
}

/// Whether Jellyfin lets a hidden user in.
fn is_disabled(house: &House, name: &str) -> bool {
    let state = house.standin.state();
    let user = state.users.iter().find(|user| user.name == name).unwrap();
    user.policy["IsDisabled"] == true
}

pub(crate) async fn decide(root: &mut Browser, profiles: &str, most: &str) {
    let form = [("profiles", profiles), ("most", most)];
    let saved = root.send("console-profiles", &form).await;
    assert_eq!(saved.location, "console-profiles?said=saved");
}

#[tokio::test]
async fn switched_off_in_the_console_profiles_are_closed_and_switched_on_all_are_there() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let mut anna = signed_in(&house, "anna").await;
        let made = make(&mut anna, "Kids", "child").await;
        assert_eq!(made, "account-profiles?said=made");
        let mut screen = signed_in(&house, "anna").await;
        let kids = id_of(&mut screen, 0).await;
        screen.send("switch", &[("who", &kids)]).await;
        let mut root = signed_in(&house, "root").await;
        let page = root.open("console-profiles").await.html;
        assert!(page.contains("value=\"5\""), "{page}");
        let time = format!("account-profile-time?id={kids}");
        let closed = "more screen time helps only once it can";
        assert!(!anna.open(&time).await.html.contains(closed));
        decide(&mut root, "off", "5").await;
        assert!(is_disabled(&house, "anna+Kids"));
        assert!(anna.open(&time).await.html.contains(closed));
        let list = anna.open("account-profiles").await.html;
        assert!(list.contains("Nothing of them is lost."), "{list}");
        let more = make(&mut anna, "More", "adult").await;
        assert_eq!(more, "account-profiles?said=switched_off");
        let to = screen.open("sign-in").await.location;
        let asked = screen.open(&to).await.html;
        assert!(asked.contains("Nothing of them is lost."), "{asked}");
        assert!(!asked.contains("Stay as it is"), "{asked}");
        decide(&mut root, "on", "5").await;
        assert!(!is_disabled(&house, "anna+Kids"));
        let list = anna.open("account-profiles").await.html;
        assert!(list.contains("<b>Kids</b>"), "{list}");
    }
}

#[tokio::test]
async fn a_lower_number_hides_nobody_and_an_account_can_have_a_number_of_its_own() {
    let house = House::open(VERSIONS[1]).await;
    let mut anna = signed_in(&house, "anna").await;
    make(&mut anna, "Kids", "child").await;
    make(&mut anna, "More", "adult").await;
    let mut root = signed_in(&house, "root").await;
    decide(&mut root, "on", "2").await;
    let list = anna.open("account-profiles").await.html;
    assert!(
        list.contains("<b>Kids</b>") && list.contains("<b>More</b>"),
        "{list}"
    );
    assert!(!is_disabled(&house, "anna+More"));
    let full = make(&mut anna, "Third", "adult").await;
    assert_eq!(full, "account-profiles?said=full");

    let id = house.accounts.account_named("anna").await.unwrap();
    let id = id.unwrap().id;
    let rule = format!("console-account-profile-rule?id={id}");
    let said = |what: &str| format!("console-account?id={id}&said={what}");
    let form = |own, most| [("own", own), ("own_most", most)];
    for wrong in ["0", "101", "many", ""] {
        let refused = root.send(&rule, &form("most", wrong)).await;
        assert_eq!(refused.location, said("profile_most"), "{wrong}");
    }
    let own = root.send(&rule, &form("most", "4")).await;
    assert_eq!(own.location, said("profile_rule"));
    let page = root.open(&format!("console-account?id={id}")).await.html;
    let told = page.contains("Has 3 of 4, the owner&#39;s own included.");
    assert!(told, "{page}");
    let made = make(&mut anna, "Third", "adult").await;
    assert_eq!(made, "account-profiles?said=made");

    root.send(&rule, &form("off", "4")).await;
    assert!(is_disabled(&house, "anna+Kids"));
    root.send(&rule, &form("inherit", "4")).await;
    assert!(!is_disabled(&house, "anna+Kids"));
}

#[tokio::test]
async fn a_number_that_is_none_is_named_and_changes_nothing() {
    let house = House::open(VERSIONS[1]).await;
    let mut root = signed_in(&house, "root").await;
    for wrong in ["0", "101", "five", ""] {
        let form = [("profiles", "off"), ("most", wrong)];
        let shown = root.send("console-profiles", &form).await;
        assert!(shown.html.contains("from 1 to 100."), "{}", shown.html);
        let policy = house.accounts.settings().await.unwrap().profiles;
        assert!(policy.enabled && policy.most == 5);
    }
}
