//! "Who's watching?" and what a browser at a profile's seat finds of its account.
use std::time::Duration;

use usher_accounts::profiles::PinChecked;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, SessionId, UserId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::OpaqueToken;
use usher_domain::time::Timestamp;
use usher_store::{Seating, WebSession};

use super::html::{assert_sound, in_every_language};
use super::panel::account;
use super::{Desk, NOON, frame};
use crate::pages::account::profiles::Face;
use crate::pages::panel::Times;
use crate::pages::quick_connect::{Screen, ScreenCodePage, ScreenPage, Seat as For};
use crate::pages::watching::{Own, PasswordPage, PinPage, STILL, Said, Seat, WatchingPage, Wrong};

const PIN: &str = "2580";

fn seats() -> Vec<Seat> {
    let seat = |id: &str, name: &str, is_first: bool| Seat {
        id: id.to_owned(),
        name: name.to_owned(),
        face: Face::shown(None, name),
        is_open_now: !is_first,
        has_pin: is_first,
        is_first,
    };
    vec![seat("owner", "<anna>", false), seat("1", "\"Kids\"", true)]
}

#[test]
fn the_question_is_sound_and_points_at_one_face_first() {
    use askama::Template;
    in_every_language(|frame| {
        let notices = Said::ALL.map(|said| Some(said.notice()));
        for notice in notices.into_iter().chain([Some(STILL), None]) {
            for (action, own) in [
                ("profiles", Own::Nothing),
                ("switch", Own::Stay),
                ("switch", Own::GoOn),
            ] {
                let page = WatchingPage {
                    frame,
                    alone: "seat-alone",
                    action: action.to_owned(),
                    notice,
                    seats: seats(),
                    is_childs: notice.is_some(),
                    is_settled: false,
                    is_signed_in: own != Own::Nothing,
                    own,
                    other: "sign-in?other=yes".to_owned(),
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                assert_eq!(html.matches(" autofocus").count(), 1, "{html}");
                assert_eq!(html.matches(&frame.t("seat-locked")).count(), 1, "{html}");
            }
        }
        assert_sound(&WatchingPage {
            frame,
            alone: "seat-alone",
            action: "switch?next=%2Fhome".to_owned(),
            notice: None,
            seats: seats().split_off(1),
            is_childs: false,
            is_settled: false,
            is_signed_in: true,
            own: Own::Nothing,
            other: "sign-in?other=yes&next=%2Fhome".to_owned(),
        });
    });
}

#[test]
fn r43_a_pin_is_asked_for_on_sound_pages_and_never_sent_back_to_them() {
    use askama::Template;
    let checks = [
        PinChecked::Right,
        PinChecked::Wrong,
        PinChecked::NotAPin,
        PinChecked::Wait(Duration::from_secs(61)),
        PinChecked::PasswordNeeded,
    ];
    in_every_language(|frame| {
        for checked in checks {
            for opens in ["", "owner"] {
                let page = PinPage {
                    frame,
                    title: frame.with("seat-pin-title", "name", "<Kids>"),
                    body: "seat-pin-body",
                    face: Face::shown(None, "<Kids>"),
                    name: "<Kids>",
                    action: "switch-pin?who=1".to_owned(),
                    forgotten: "prove?to=seat&id=1".to_owned(),
                    back: ("switch".to_owned(), "seat-others"),
                    opens,
                    wrong: Wrong::of(frame, checked),
                };
                assert_sound(&page);
                let html = page.render().unwrap();
                let asks = opens.is_empty() && checked != PinChecked::PasswordNeeded;
                assert_eq!(html.contains("name=\"pin\""), asks, "{html}");
                assert!(!html.contains("name=\"pin\" value"), "{html}");
            }
        }
        for wrong in ["", "account-prove-wrong", "web-too-many", "web-busy"] {
            assert_sound(&PasswordPage {
                frame,
                name: "<Kids>",
                action: "profiles-password?who=1".to_owned(),
                wrong,
            });
        }
    });
}

#[test]
fn r58_a_screen_in_another_network_is_warned_of_and_its_code_is_not_shown() {
    use askama::Template;
    in_every_language(|frame| {
        for wrong in ["", "account-screen-unknown", "account-screen-refused"] {
            assert_sound(&ScreenCodePage { frame, wrong });
        }
        for same_network in [true, false] {
            let page = ScreenPage {
                frame,
                name: "<mia>",
                needs_code: !same_network,
                wrong: "account-screen-type-it",
                screen: Screen {
                    code: "123456".to_owned(),
                    device: "Tom's <TV>".to_owned(),
                    client: "\"app\"".to_owned(),
                    address: "192.0.…".to_owned(),
                    asked: Times::at(NOON).moment(frame, NOON),
                    same_network,
                    seats: Vec::new(),
                    is_childs: false,
                    can_be_kept: true,
                    is_to_be_kept: false,
                },
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert_eq!(
                html.contains("name=\"code\" value=\"123456\""),
                same_network
            );
            assert_eq!(html.contains(">123456<"), same_network, "{html}");
        }
    });
}

#[test]
fn the_page_of_a_screen_asks_for_whom_it_is_and_names_the_last_one_first() {
    use askama::Template;
    let seat = |id: &str, is_chosen| For {
        id: id.to_owned(),
        name: format!("<{id}>"),
        face: Face::shown(None, id),
        is_chosen,
    };
    in_every_language(|frame| {
        for (is_childs, wrong) in [
            (false, "account-screen-for-whom"),
            (false, "account-screen-no-child"),
            (true, ""),
        ] {
            let page = ScreenPage {
                frame,
                name: "mia",
                needs_code: false,
                wrong,
                screen: Screen {
                    code: "123456".to_owned(),
                    device: "TV".to_owned(),
                    client: "app".to_owned(),
                    address: "192.0.…".to_owned(),
                    asked: Times::at(NOON).moment(frame, NOON),
                    same_network: true,
                    seats: vec![seat("owner", false), seat("1", true)],
                    is_childs,
                    can_be_kept: true,
                    is_to_be_kept: false,
                },
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            assert_eq!(html.matches(" checked").count(), 1, "{html}");
            assert_eq!(html.contains("name=\"childs\""), !is_childs, "{html}");
            let is_told = html.contains("class=\"notice warn\"");
            assert_eq!(is_told, !wrong.is_empty(), "{html}");
        }
    });
}

/// A browser of an account that proved who sits there at this moment; answers the account, the session and its cookie.
async fn browser(desk: &Desk, seed: u64, proved: Timestamp) -> (WebSession, String) {
    let entropy = SeededEntropy::new(seed);
    let mut owner = account().seen;
    owner.id = AccountId::generate(NOON, &SeededEntropy::new(99));
    let cookie = OpaqueToken::generate(&entropy);
    let session = WebSession {
        id: SessionId::generate(NOON, &entropy),
        account: owner.id,
        client: "Firefox on Linux".to_owned(),
        address: "192.0.2.1".to_owned(),
        token: None,
        opened: proved,
        used: NOON,
        proved,
        level: FactorLevel::None,
        proved_level: FactorLevel::None,
        level_counts: true,
        user: owner.id.owner(),
        owner_shown: None,
    };
    let tx = desk.store.begin().await.unwrap();
    tx.see_user(&owner, NOON).await.unwrap();
    tx.add_web_session(&cookie.hash(), &session).await.unwrap();
    tx.commit().await.unwrap();
    (session, format!("__Host-usher_session={}", cookie.reveal()))
}

/// As [`browser`], at the seat of a profile.
pub(super) async fn at_profile(desk: &Desk) -> String {
    let (session, _) = browser(desk, 7, NOON).await;
    let cookie = OpaqueToken::generate(&SeededEntropy::new(8));
    let digest = cookie.hash();
    let kids: UserId = "0b5c7a1e8f7e4d239a578a3f2f1f0c11".parse().unwrap();
    let tx = desk.store.begin().await.unwrap();
    let seating = Seating {
        digest: &digest,
        user: kids,
        token: &digest,
        former: None,
        now: NOON,
    };
    let is_there = tx.seat_web_session(session.id, session.account, &seating);
    assert!(is_there.await.unwrap());
    tx.commit().await.unwrap();
    format!("__Host-usher_session={}", cookie.reveal())
}

#[tokio::test]
async fn r43_from_a_profiles_seat_no_page_of_the_account_opens_before_the_owner_shows_up() {
    let desk = Desk::open().await;
    let kids = at_profile(&desk).await;
    for (page, next) in [
        ("account", "account"),
        ("account-devices", "account-devices"),
        ("account-security", "account-security"),
        ("account-profiles", "account-profiles"),
        ("account-profile-pin", "account-profile-pin"),
        ("account-sign-ins", "account-sign-ins"),
        ("account-app-passwords", "account-app-passwords"),
        ("quick-connect", "quick-connect"),
        ("console", "console"),
        ("console-accounts", "console-accounts"),
    ] {
        let shown = desk.get(page, &kids).await;
        let to = format!("owner?next=%2Fusher%2F{next}");
        assert_eq!((shown.status, shown.location), (303, to), "{page}");
    }
    for page in [
        "account-sign-out",
        "account-others-end",
        "account-device-keep",
        "account-device-free",
        "account-password",
        "account-profile-new",
        "account-profile-pin-clear",
        "account-sign-in-approve",
        "quick-connect-approve",
        "passkey-add",
        "console-new",
    ] {
        let shown = desk.post(page, &kids, &[]).await;
        assert_eq!(shown.status, 303, "{page}");
        assert!(shown.location.starts_with("owner?next="), "{page}");
    }
    let without_pin = desk
        .get("owner?next=%2Fusher%2Faccount-devices", &kids)
        .await;
    let proof = "prove?to=own&back=%2Fusher%2Faccount-devices";
    assert_eq!(without_pin.location, proof);
    assert_eq!(desk.get(proof, &kids).await.status, 200);
}

#[tokio::test]
async fn the_script_in_the_web_client_hears_of_the_colors_of_its_own_seat_alone() {
    let desk = Desk::open().await;
    assert_eq!(desk.post("colors", "", &[]).await.status, 204);
    let kids = at_profile(&desk).await;
    let told = desk.post("colors", &kids, &[]).await.html;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let user = "0b5c7a1e8f7e4d239a578a3f2f1f0c11";
    assert_eq!(told, serde_json::json!({ "user": user, "theme": "" }));
}

#[tokio::test]
async fn r43_the_owners_pin_opens_the_account_at_a_profiles_seat_under_a_new_cookie() {
    let desk = Desk::open().await;
    let (_, owner) = browser(&desk, 1, NOON).await;
    let set = desk
        .post("account-profile-pin", &owner, &[("pin", PIN)])
        .await;
    assert_eq!(set.location, "account-profiles?said=pin_set");
    let kids = at_profile(&desk).await;
    let page = "owner?next=%2Fusher%2Faccount-activity";
    let asked = desk.get(page, &kids).await.html;
    assert!(asked.contains("name=\"pin\""), "{asked}");
    let wrong = desk.post(page, &kids, &[("pin", "0000")]).await;
    assert_eq!((wrong.status, wrong.cookies.len()), (200, 0));
    assert!(wrong.html.contains(&frame("en").t("seat-pin-wrong")));
    let right = desk.post(page, &kids, &[("pin", PIN)]).await;
    assert_eq!(right.location, "account-activity");
    let new = right.cookies[0].split(';').next().unwrap();
    let shown = desk.get("account-activity", new).await;
    assert_eq!((shown.status, shown.location.as_str()), (200, ""));
    // What changes something asks for a step-up all the same, and the old cookie is dead.
    let change = desk.get("account-profile-new", new).await;
    assert!(change.location.starts_with("prove?"), "{}", change.location);
    let old = desk.get("account-activity", &kids).await;
    assert!(old.location.starts_with("sign-in?"), "{}", old.location);
}

#[tokio::test]
async fn r43_who_showed_up_as_the_owner_has_gone_once_the_web_client_begins_at_the_childs_seat() {
    let desk = Desk::open().await;
    let (_, owner) = browser(&desk, 1, NOON).await;
    desk.post("account-profile-pin", &owner, &[("pin", PIN)])
        .await;
    let kids = at_profile(&desk).await;
    let page = "owner?next=%2Fusher%2Faccount-activity";
    let right = desk.post(page, &kids, &[("pin", PIN)]).await;
    let kids = right.cookies[0].split(';').next().unwrap();
    assert_eq!(desk.get("account-activity", kids).await.status, 200);
    // Whatever the way back, the script in the web client asks for the colors of the seat there.
    assert_eq!(desk.post("colors", kids, &[]).await.status, 200);
    assert_eq!(desk.get("account-activity", kids).await.location, page);
    // At the owner's own seat the proof stands.
    assert_eq!(desk.post("colors", &owner, &[]).await.status, 200);
    assert_eq!(desk.get("account-profile-new", &owner).await.status, 200);
}

#[tokio::test]
async fn the_question_from_the_menu_needs_a_session_and_shows_the_seats_that_there_are() {
    let desk = Desk::open().await;
    for page in ["switch", "switch-pin?who=owner", "profiles", "profiles-pin"] {
        let shown = desk.get(page, "").await;
        assert_eq!(
            (shown.status, shown.location.as_str()),
            (303, "sign-in"),
            "{page}"
        );
    }
    let (_, owner) = browser(&desk, 1, NOON).await;
    let shown = desk.get("switch", &owner).await.html;
    assert!(shown.contains(&frame("en").t("seat-alone")), "{shown}");
    for who in ["", "nobody", "0b5c7a1e8f7e4d239a578a3f2f1f0c11"] {
        let refused = desk.post("switch", &owner, &[("who", who)]).await;
        assert_eq!(refused.location, "switch?said=unknown", "{who}");
    }
}

#[tokio::test]
async fn a_browser_that_is_signed_in_and_comes_to_sign_in_is_asked_who_is_watching() {
    let desk = Desk::open().await;
    let (_, anna) = browser(&desk, 1, NOON).await;
    let question = "switch?next=%2Fdetails%3Fid%3D1&came=sign_in";
    for (page, to) in [
        ("sign-in?next=%2Fdetails%3Fid%3D1", question),
        ("sign-in?next=%2F%2Fevil.example", "switch?came=sign_in"),
        ("profiles", "sign-in"),
        ("sign-in", "switch?came=sign_in"),
    ] {
        assert_eq!(desk.get(page, &anna).await.location, to, "{page}");
    }
    let asked = desk.get(question, &anna).await.html;
    let form = "action=\"switch?next=%2Fdetails%3Fid%3D1&#38;came=sign_in&#38;whose=";
    assert!(asked.contains(form), "{asked}");
    let title = frame("en").t("seat-still-title");
    assert!(asked.contains(&title), "{asked}");
    let go_on = "name=\"who\" value=\"owner\">Go on as ";
    assert!(asked.contains(go_on), "{asked}");
    let stay = frame("en").t("seat-stay");
    assert!(!asked.contains(&stay), "{asked}");
    // From the menu the client still has its token.
    let menu = desk.get("switch", &anna).await.html;
    assert!(menu.contains(&stay) && !menu.contains(go_on), "{menu}");
    // Whoever means to sign in as somebody else, or is told something, finds the form.
    for page in ["sign-in?other=yes", "sign-in?said=signed_out"] {
        let form = desk.get(page, &anna).await.html;
        assert!(form.contains("name=\"password\""), "{page}: {form}");
    }
    let form = desk.get("sign-in", "").await.html;
    assert!(form.contains("name=\"password\""), "{form}");
}

#[tokio::test]
async fn a_page_of_the_client_and_that_it_lost_its_token_are_kept_on_the_way_through_pin_and_proof()
{
    let desk = Desk::open().await;
    let (_, owner) = browser(&desk, 1, NOON).await;
    let set = [("pin", PIN)];
    desk.post("account-profile-pin", &owner, &set).await;
    let kids = at_profile(&desk).await;
    let kept = "next=%2Fdetails%3Fid%3D1&came=sign_in";
    let whole = |html: String| html.replace("&#38;", "&");
    let question = format!("switch?{kept}");
    let pressed = desk.post(&question, &kids, &[("who", "owner")]).await;
    let pin = format!("switch-pin?who=owner&{kept}");
    assert_eq!(pressed.location, pin);
    let back = format!("href=\"{question}\"");
    let wrong = desk.post(&pin, &kids, &[("pin", "0000")]).await.html;
    for html in [desk.get(&pin, &kids).await.html, wrong] {
        let html = whole(html);
        assert!(html.contains(&format!("action=\"{pin}&whose=")), "{html}");
        assert!(html.contains(&back), "{html}");
        let proof = "prove?to=seat&id=owner&back=%2Fdetails%3Fid%3D1&came=sign_in";
        assert!(html.contains(&format!("href=\"{proof}\"")), "{html}");
        let proof = whole(desk.get(proof, &kids).await.html);
        assert!(proof.contains(&back), "{proof}");
    }
    let proved = format!("{pin}&proved=yes");
    let proved = whole(desk.get(&proved, &owner).await.html);
    let opens = format!("action=\"switch-open?{kept}&whose=");
    assert!(proved.contains(&opens), "{proved}");
    assert_eq!(
        desk.get(&format!("switch-open?{kept}"), &kids)
            .await
            .location,
        question
    );
    // Refused, it is told that, and has nothing to stay with all the same.
    for who in ["nobody", "0b5c7a1e8f7e4d239a578a3f2f1f0c12"] {
        let refused = desk.post(&question, &owner, &[("who", who)]).await;
        let again = format!("switch?said=unknown&{kept}");
        assert_eq!(refused.location, again);
        let again = desk.get(&again, &owner).await.html;
        assert!(again.contains(&frame("en").t("seat-unknown")), "{again}");
        assert!(!again.contains(&frame("en").t("seat-stay")), "{again}");
        assert!(again.contains("Go on as "), "{again}");
    }
}

#[tokio::test]
async fn whoever_means_to_be_somebody_else_finds_the_form_on_every_way_back() {
    let desk = Desk::open().await;
    let (_, anna) = browser(&desk, 1, NOON).await;
    let next = "next=%2Fdetails%3Fid%3D1";
    let form = format!("sign-in?other=yes&{next}");
    let asked = desk.get(&format!("switch?{next}"), &anna).await.html;
    let whole = |html: String| html.replace("&#38;", "&");
    assert!(whole(asked).contains(&format!("href=\"{form}\"")));
    let shown = whole(desk.get(&form, &anna).await.html);
    assert!(shown.contains(&format!("action=\"{form}\"")), "{shown}");
    let typed = [("name", "mia"), ("password", "x"), ("device", "")];
    let wrong = whole(desk.post(&form, &anna, &typed).await.html);
    let german = format!("href=\"./{form}&language=de\"");
    assert!(wrong.contains(&german), "{wrong}");
    for page in ["first-time", "forgot"] {
        let page = format!("{page}?{next}");
        assert!(shown.contains(&format!("href=\"{page}\"")), "{shown}");
        let there = whole(desk.get(&page, &anna).await.html);
        assert!(there.contains(&format!("href=\"{form}\"")), "{there}");
        assert!(there.contains(&format!("action=\"{page}\"")), "{there}");
    }
    let passkey = format!("passkey-sign-in?{next}");
    let refused = desk.post(&passkey, &anna, &[("answer", "{}")]).await.html;
    let refused = whole(refused);
    assert!(refused.contains(&format!("href=\"{form}\"")), "{refused}");
    assert_eq!(desk.get(&passkey, &anna).await.location, form);
    let flow = format!("{anna}; __Host-usher_reset={}", "A".repeat(43));
    let code = desk.get(&format!("reset-code?{next}"), &flow).await.html;
    let code = whole(code);
    assert!(code.contains(&format!("href=\"{form}\"")), "{code}");
    let again = format!("href=\"forgot?{next}\"");
    assert!(code.contains(&again), "{code}");
}

#[tokio::test]
async fn a_browser_that_was_signed_out_is_told_so_and_goes_on_where_it_wanted() {
    let desk = Desk::open().await;
    let (session, anna) = browser(&desk, 1, NOON).await;
    let tx = desk.store.begin().await.unwrap();
    let ended = tx.end_web_session(session.account, session.id);
    assert!(ended.await.unwrap());
    tx.commit().await.unwrap();
    let next = "next=%2Fdetails%3Fid%3D1";
    let told = format!("sign-in?said=ended&{next}");
    let question = format!("switch?{next}&came=sign_in");
    let pin = format!("switch-pin?who=owner&{next}");
    for page in [&question, &pin] {
        assert_eq!(desk.get(page, &anna).await.location, told, "{page}");
        let pressed = desk.post(page, &anna, &[("who", "owner")]).await;
        assert_eq!(pressed.location, told, "{page}");
    }
    let of_account = desk.get("account-devices", &anna).await.location;
    assert_eq!(
        of_account,
        "sign-in?said=ended&next=%2Fusher%2Faccount-devices"
    );
    let form = desk.get(&told, &anna).await.html;
    assert!(form.contains(&frame("en").t("web-said-ended")), "{form}");
    let action = "action=\"sign-in?other=yes&#38;next=%2Fdetails%3Fid%3D1\"";
    assert!(form.contains(action), "{form}");
    // Another request may have got it a new session meanwhile.
    let (_, anna) = browser(&desk, 2, NOON).await;
    assert_eq!(desk.get(&told, &anna).await.location, question);
}

#[tokio::test]
async fn nobody_is_asked_who_is_watching_where_there_is_nobody_else() {
    let desk = Desk::open().await;
    let (_, anna) = browser(&desk, 1, NOON).await;
    let english = frame("en");
    let came = desk.get("switch?came=sign_in", &anna).await.html;
    assert!(came.contains(&english.t("seat-still-title")), "{came}");
    assert!(!came.contains("data-seat"), "{came}");
    assert_eq!(came.matches("name=\"who\"").count(), 1, "{came}");
    assert!(came.contains("value=\"owner\""), "{came}");
    assert!(came.contains("href=\"account\""), "{came}");
    let menu = desk.get("switch", &anna).await.html;
    assert!(!menu.contains("name=\"who\""), "{menu}");
    assert!(menu.contains(&english.t("seat-stay")), "{menu}");
    // At a profile's seat the owner's is another one.
    let kids = at_profile(&desk).await;
    let asked = desk.get("switch?came=sign_in", &kids).await.html;
    assert!(asked.contains("data-seat"), "{asked}");
}
