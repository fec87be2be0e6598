//! The pages of apps that know nothing of a second factor, in every language and for everything that they can show.
use usher_accounts::press::Asks;
use usher_domain::account::{Account, Epoch, SeenUser};
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, UserId};
use usher_domain::profile::ProfileState;

use super::html::assert_sound;
use super::profiles::{KIDS, only_profile, signed_in};
use super::{Desk, NOON, frame};
use crate::pages::account::{
    AppPasswordLine, AppPasswordPage, AppPasswordSaid, AppPasswordSeat, AppPasswordsPage,
};
use crate::pages::approve::{ApprovePage, ArrivePage, ListPage, Said, ToldPage, Waiting, Way};
use crate::pages::panel::Times;

fn account(administrator: bool) -> Account {
    let id = AccountId::generate(NOON, &SeededEntropy::new(3));
    Account {
        id,
        seen: SeenUser {
            id,
            name: "m\"ia <b>".to_owned(),
            administrator,
            disabled: false,
            elsewhere: false,
            passwordless: Some(false),
        },
        address: None,
        address_skipped: None,
        set_up: None,
        recovery_off: false,
        epoch: Epoch::FIRST,
        language: None,
        first_seen: NOON,
        signed_in: Some(NOON),
        gone: None,
    }
}

fn waiting(language: &str) -> Waiting {
    Waiting {
        id: "0b5c7a1e8f7e4d239a578a3f2f1f0c11".to_owned(),
        name: "m\"ia <b>".to_owned(),
        profile: Some("Kids <u>".to_owned()),
        device: "Tom's \"TV\" <i>".to_owned(),
        client: "Find<b>roid".to_owned(),
        address: "192.0.…".to_owned(),
        asked: Times::at(NOON).moment(&frame(language), NOON),
    }
}

#[test]
fn the_page_of_a_mails_link_is_sound_whatever_it_asks_for() {
    let mut asks = vec![Asks::Nothing];
    for totp in [true, false] {
        for passkey in [true, false] {
            for recovery in [true, false] {
                asks.push(Asks::Factor {
                    totp,
                    passkey,
                    recovery,
                });
            }
        }
    }
    for language in ["en", "de"] {
        let frame = &frame(language);
        for wrong in ["", "apps-link-spent"] {
            assert_sound(&ArrivePage { frame, wrong });
        }
        for asks in asks.iter().copied() {
            for way in [Way::Totp, Way::Recovery] {
                for wrong in ["", "apps-factor-wrong"] {
                    assert_sound(&ApprovePage {
                        frame,
                        link: "link",
                        waiting: waiting(language),
                        asks,
                        way,
                        wrong,
                    });
                }
            }
        }
        for (title, body) in [
            ("apps-approved-title", "apps-approved-body"),
            ("apps-refused-title", "apps-refused-mailed"),
            ("apps-refused-title", "apps-refused-asked"),
        ] {
            assert_sound(&ToldPage { frame, title, body });
        }
    }
}

#[test]
fn the_lists_of_an_account_are_sound_whatever_stands_in_them() {
    for language in ["en", "de"] {
        let frame = &frame(language);
        let account = &account(false);
        for said in Said::ALL.map(Some).into_iter().chain([None]) {
            for waiting in [Vec::new(), vec![waiting(language), waiting(language)]] {
                assert_sound(&ListPage {
                    frame,
                    account,
                    said,
                    waiting,
                });
            }
        }
        for said in AppPasswordSaid::ALL.map(Some).into_iter().chain([None]) {
            let lines = ["<Radio>", "Seerr"].map(|name| AppPasswordLine {
                id: format!("0b5c-{}", name.len()),
                name: name.to_owned(),
                about: "since".to_owned(),
                used: "never".to_owned(),
            });
            assert_sound(&AppPasswordsPage {
                frame,
                account,
                said,
                lines: lines.into(),
                seats: ["owner", "Kids <u>"]
                    .map(|name| AppPasswordSeat {
                        value: name.len().to_string(),
                        name: name.to_owned(),
                    })
                    .into(),
                wrong: "apps-password-no-name",
            });
        }
        assert_sound(&AppPasswordsPage {
            frame,
            account: &self::account(true),
            said: None,
            lines: Vec::new(),
            seats: Vec::new(),
            wrong: "",
        });
        assert_sound(&AppPasswordPage {
            frame,
            name: "<Radio>",
            text: "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01".to_owned(),
        });
    }
}

#[tokio::test]
async fn r13_the_link_of_a_mail_opens_and_changes_nothing_and_a_strange_one_is_spent() {
    let desk = Desk::open().await;
    let shown = desk.get("approve?fbclid=x", "").await;
    assert_eq!(shown.status, 200);
    let link = [("link", "https://f.example/")];
    for page in ["approve", "approve-yes", "approve-no"] {
        let shown = desk.post(page, "", &link).await;
        assert_eq!(shown.status, 200, "{page}");
        assert!(shown.html.contains("aria-invalid"), "{page}");
    }
    for page in ["approve-yes", "approve-no"] {
        assert_eq!(desk.get(page, "").await.location, "approve", "{page}");
    }
    for page in ["account-sign-ins", "account-app-passwords"] {
        let next = format!("sign-in?next=%2Fusher%2F{page}");
        assert_eq!(desk.get(page, "").await.location, next);
    }
}

#[tokio::test]
async fn the_form_of_an_app_password_asks_for_which_profile_it_is_where_there_are_some() {
    let desk = Desk::open().await;
    let cookie = signed_in(&desk, 11, NOON).await;
    let page = "account-app-passwords";
    let form = [("program", "Radio"), ("good_for", "ever")];
    let alone = desk.get(page, &cookie).await.html;
    assert!(!alone.contains("name=\"seat\""), "{alone}");
    let made = desk.post(page, &cookie, &form).await;
    assert!(made.html.contains("Your new app password"), "{}", made.html);
    desk.post("account-profile-new", &cookie, &KIDS).await;
    let id = only_profile(&desk, &cookie).await;
    let kids = id.parse().unwrap();
    let user = UserId::generate(NOON, &SeededEntropy::new(12));
    let tx = desk.store.begin().await.unwrap();
    assert!(tx.set_hidden_user(kids, user).await.unwrap());
    let profile = tx.profile(kids).await.unwrap().unwrap().profile;
    let ready = tx.move_profile(&profile, profile.state, ProfileState::Ready);
    assert!(ready.await.unwrap());
    tx.commit().await.unwrap();
    let asked = desk.get(page, &cookie).await.html;
    assert!(
        asked.contains(&format!("name=\"seat\" value=\"{id}\"")),
        "{asked}"
    );
    for (seat, is_made) in [("owner", true), (id.as_str(), true), ("Kids", false)] {
        let form = [form[0], ("seat", seat), form[1]];
        let made = desk.post(page, &cookie, &form).await;
        assert_eq!(
            made.html.contains("Your new app password"),
            is_made,
            "{seat}"
        );
        assert_eq!(
            made.location.contains("said=no_profile"),
            !is_made,
            "{seat}"
        );
    }
    let list = desk.get(page, &cookie).await.html;
    assert_eq!(list.matches("as Kids").count(), 1, "{list}");
}
