//! Who may watch what: by the holder's policy, by the film of an extra, and by what an answer named.
use std::time::Duration;

use serde_json::{Value, json};
use usher_accounts::gate::{Play, Purpose, Watch};
use usher_domain::id::ItemId;
use usher_domain::secret::SecretText;
use usher_standin::Fault;

use crate::desk::{Desk, at_home};

const NOTHING: Play<'static> = Play {
    item: None,
    media_source: None,
    live_stream: None,
    recording: None,
    user: None,
    purpose: Purpose::Watch,
};

/// A film above Kim's rating, and one that Kim sees.
async fn films(desk: &Desk) -> (ItemId, ItemId) {
    let anna = desk.signed_in("anna", "anna-pass-1", "books").await.token;
    let credential = usher_jellyfin::Credential {
        identity: None,
        token: Some(&anna),
    };
    let path = "/Items?recursive=true&includeItemTypes=Movie";
    let answer = desk.jellyfin.get(path, &credential).await.unwrap();
    let all: Value = answer.json().unwrap();
    let id = |name: &str| {
        let all = all["Items"].as_array().unwrap();
        let film = all.iter().find(|film| film["Name"] == name).unwrap();
        film["Id"].as_str().unwrap().parse().unwrap()
    };
    (id("The Long Wire"), id("The Paper Boat"))
}

async fn watch(desk: &Desk, token: &SecretText, play: &Play<'_>) -> Watch {
    let seat = (at_home().address, true);
    let verdict = desk.accounts.may_watch(token, seat, play).await;
    verdict.unwrap()
}

/// An answer that spoke of an item names this to the holder of a token.
async fn note(desk: &Desk, token: &SecretText, names: &[String], item: Option<ItemId>) {
    let viewer = desk.accounts.viewer(token, None).await.unwrap().unwrap();
    let noted = desk.accounts.note_named(&viewer, names, item).await;
    noted.unwrap();
}

fn change(desk: &Desk, name: &str, policy: &Value) {
    let mut state = desk.standin.state();
    let user = state.user_named(name).unwrap().id;
    let change = policy.as_object().unwrap().clone();
    state.user_mut(user).unwrap().policy.extend(change);
}

#[tokio::test]
async fn live_television_plays_for_whom_an_answer_named_it_and_for_nobody_else() {
    for desk in Desk::open_all().await {
        let (_, film) = films(&desk).await;
        let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
        let phone = desk.signed_in("kim", "kim-pass-1", "phone").await.token;
        let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.token;
        let by_source = Play {
            item: Some(film),
            media_source: Some("tuner-1"),
            ..NOTHING
        };
        let by_stream = Play {
            live_stream: Some("open-1"),
            ..NOTHING
        };
        for play in [&by_source, &by_stream] {
            assert_eq!(watch(&desk, &kim, play).await, Watch::Hidden);
        }
        let names = ["tuner-1", "open-1"].map(str::to_owned);
        note(&desk, &kim, &names, Some(film)).await;
        for play in [&by_source, &by_stream] {
            for own in [&kim, &phone] {
                assert_eq!(watch(&desk, own, play).await, Watch::Open);
            }
            assert_eq!(watch(&desk, &anna, play).await, Watch::Hidden);
        }
        // It stands as long as it is used, and six hours after that.
        for _ in 0..3 {
            desk.clock.advance(Duration::from_hours(5));
            assert_eq!(watch(&desk, &kim, &by_stream).await, Watch::Open);
        }
        desk.clock.advance(Duration::from_hours(7));
        assert_eq!(watch(&desk, &kim, &by_stream).await, Watch::Hidden);
    }
}

/// The id of a channel's stream is the same each time, and one for all who watch it.
#[tokio::test]
async fn what_was_named_is_judged_by_what_the_answer_spoke_of_for_as_long_as_it_plays() {
    for desk in Desk::open_all().await {
        let (above, shown) = films(&desk).await;
        let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
        let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.token;
        let play = Play {
            live_stream: Some("open-1"),
            ..NOTHING
        };
        let names = ["open-1".to_owned()];
        for (item, kims) in [
            (Some(shown), Watch::Open),
            (Some(above), Watch::Hidden),
            (None, Watch::Hidden),
        ] {
            note(&desk, &kim, &names, item).await;
            note(&desk, &anna, &names, item).await;
            for _process in 0..2 {
                assert_eq!(watch(&desk, &kim, &play).await, kims, "{item:?}");
                assert_eq!(watch(&desk, &anna, &play).await, Watch::Open, "{item:?}");
                // What was remembered of it stands no longer.
                desk.clock.advance(Duration::from_mins(2));
            }
        }
        note(&desk, &kim, &names, Some(shown)).await;
        assert_eq!(watch(&desk, &kim, &play).await, Watch::Open);
        change(&desk, "kim", &json!({ "BlockedTags": ["kids"] }));
        desk.clock.advance(Duration::from_secs(5));
        assert_eq!(watch(&desk, &kim, &play).await, Watch::Hidden);
    }
}

#[tokio::test]
async fn recordings_play_for_those_with_live_television_and_with_limits_where_an_answer_named_them()
{
    let desk = Desk::open().await;
    let (above, shown) = films(&desk).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
    let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.token;
    let recording = Play {
        recording: Some("timer-1"),
        ..NOTHING
    };
    assert_eq!(watch(&desk, &anna, &recording).await, Watch::Open);
    let names = ["timer-1".to_owned()];
    assert_eq!(watch(&desk, &kim, &recording).await, Watch::Hidden);
    note(&desk, &kim, &names, Some(above)).await;
    assert_eq!(watch(&desk, &kim, &recording).await, Watch::Hidden);
    note(&desk, &kim, &names, Some(shown)).await;
    assert_eq!(watch(&desk, &kim, &recording).await, Watch::Open);
    for name in ["anna", "kim"] {
        change(&desk, name, &json!({ "EnableLiveTvAccess": false }));
    }
    desk.clock.advance(Duration::from_secs(5));
    for token in [&anna, &kim] {
        assert_eq!(watch(&desk, token, &recording).await, Watch::Closed);
    }
}

/// Jellyfin shows the extras of a hidden film, and hides unrated ones of a film that it shows.
#[tokio::test]
async fn extras_are_judged_by_their_film() {
    let desk = Desk::open().await;
    let (above, shown) = films(&desk).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
    let trailer: ItemId = "0123456789abcdef0123456789abcdef".parse().unwrap();
    let play = |item| Play {
        item: Some(item),
        ..NOTHING
    };
    assert_eq!(watch(&desk, &kim, &play(trailer)).await, Watch::Hidden);
    desk.accounts.note_extras(shown, &[trailer]);
    assert_eq!(watch(&desk, &kim, &play(trailer)).await, Watch::Open);
    desk.accounts.note_extras(above, &[trailer]);
    assert_eq!(watch(&desk, &kim, &play(trailer)).await, Watch::Hidden);
}

#[tokio::test]
async fn an_extra_is_noted_however_many_were_noted_before() {
    let desk = Desk::open().await;
    let (above, shown) = films(&desk).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
    let others = (1..=100_000_u32).map(|number| format!("{number:032x}").parse().unwrap());
    let others: Vec<ItemId> = others.collect();
    desk.accounts.note_extras(above, &others);
    let trailer: ItemId = "0123456789abcdef0123456789abcdef".parse().unwrap();
    desk.accounts.note_extras(shown, &[trailer]);
    let play = Play {
        item: Some(trailer),
        ..NOTHING
    };
    assert_eq!(watch(&desk, &kim, &play).await, Watch::Open);
}

#[tokio::test]
async fn a_verdict_ends_when_the_policy_is_another_seen_by_route_by_poll_or_by_use() {
    let desk = Desk::open().await;
    let (above, shown) = films(&desk).await;
    let kim = desk.signed_in("kim", "kim-pass-1", "tv").await.token;
    let play = |item| Play {
        item: Some(item),
        ..NOTHING
    };
    assert_eq!(watch(&desk, &kim, &play(above)).await, Watch::Hidden);
    change(&desk, "kim", &json!({ "MaxParentalRating": 17 }));
    assert_eq!(
        watch(&desk, &kim, &play(above)).await,
        Watch::Hidden,
        "nobody knows yet"
    );
    let id = desk.id("kim").owner();
    desk.accounts.user_was_changed(id).await.unwrap();
    assert_eq!(watch(&desk, &kim, &play(above)).await, Watch::Open);
    change(&desk, "kim", &json!({ "MaxParentalRating": 7 }));
    desk.accounts.look_at_users().await.unwrap();
    assert_eq!(watch(&desk, &kim, &play(above)).await, Watch::Hidden);
    change(&desk, "kim", &json!({ "MaxParentalRating": 17 }));
    desk.clock.advance(Duration::from_secs(5));
    assert_eq!(watch(&desk, &kim, &play(above)).await, Watch::Open);
    // What stands needs nobody; what is asked for anew does.
    desk.standin.faults().set("/items/", Fault::Status(500));
    assert_eq!(watch(&desk, &kim, &play(above)).await, Watch::Open);
    let seat = (at_home().address, true);
    let unknown = desk.accounts.may_watch(&kim, seat, &play(shown)).await;
    assert!(unknown.is_err(), "{unknown:?}");
}
