//! The console's page of API keys.
use usher_domain::secret::Hash;

use super::html::assert_sound;
use super::{Desk, NOON, frame};
use crate::pages::console::{KeyRow, KeysPage, KeysSaid};
use crate::pages::panel::Times;

#[test]
fn the_page_of_keys_is_sound_with_every_kind_of_key_and_shows_none_itself() {
    for language in ["en", "de"] {
        let frame = frame(language);
        let row = |seen: bool| {
            let moment = || Times::at(NOON).moment(&frame, NOON);
            KeyRow {
                id: Hash::of("key-secret").name(),
                name: "<Seerr> & \"co\"".to_owned(),
                made: seen.then(moment),
                seen: seen.then(moment),
                address: "192.0.2.7".to_owned(),
                networks: if seen {
                    "192.168.0.0/16".to_owned()
                } else {
                    String::new()
                },
            }
        };
        for said in KeysSaid::ALL.map(Some).into_iter().chain([None]) {
            for rows in [vec![row(true), row(false)], Vec::new()] {
                let page = KeysPage {
                    frame: &frame,
                    said,
                    rows,
                };
                assert_sound(&page);
            }
        }
    }
}

#[tokio::test]
async fn nobody_binds_a_key_without_a_session() {
    let desk = Desk::open().await;
    let form = [("key", "x"), ("networks", "10.0.0.0/8")];
    let shown = desk.post("console-keys", "", &form).await;
    assert_eq!(shown.status, 303);
    assert!(
        shown.location.starts_with("sign-in?next="),
        "{}",
        shown.location
    );
}
