//! The library as its users ask it: through requests.
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use super::*;

const ANNA: Uuid = Uuid::from_u128(1);
const KID: Uuid = Uuid::from_u128(2);
const ROOT: Uuid = Uuid::from_u128(3);

fn limits_of(user: Uuid) -> Option<Limits> {
    let policy = match user {
        ANNA => json!({"EnableAllFolders": true}),
        KID => {
            json!({"MaxParentalRating": 7, "BlockUnratedItems": ["Movie", "Series"], "EnableContentDownloading": false})
        }
        ROOT => json!({"IsAdministrator": true}),
        _ => return None,
    };
    Some(Limits::of_policy(&policy))
}

async fn ask(library: &Library, user: Option<Uuid>, line: &str, body: &Value) -> (u16, Value) {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (method, headers) = (method.parse::<Method>().unwrap(), HeaderMap::new());
    let body = Bytes::from(body.to_string());
    let mut call = Call {
        method: &method,
        path: path
            .trim_start_matches('/')
            .split('/')
            .map(str::to_lowercase)
            .collect(),
        query: Query::parse(query),
        headers: &headers,
        body: &body,
        caller: user.map(|user| Caller {
            user: Some(user),
            token: "token".into(),
            device_id: "tv".into(),
        }),
        limits_of: &limits_of,
        now: Timestamp::from_millis(1_795_000_000_000),
    };
    let response = library
        .answer(&mut call)
        .or_else(|| library.answer_media(&call))
        .unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

async fn get(library: &Library, user: Uuid, target: &str) -> (u16, Value) {
    ask(library, Some(user), &format!("GET {target}"), &Value::Null).await
}

fn names(list: &Value) -> Vec<&str> {
    let items = list.as_array().or(list["Items"].as_array()).unwrap();
    items
        .iter()
        .map(|item| item["Name"].as_str().unwrap())
        .collect()
}

fn id(library: &Library, name: &str) -> String {
    plain(
        library
            .catalog
            .items()
            .find(|item| item.name == name)
            .unwrap()
            .id,
    )
}

#[tokio::test]
async fn each_user_sees_what_the_policy_lets_through() {
    let library = Library::demo("s");
    let films = "/Items?recursive=true&includeItemTypes=Movie";
    assert_eq!(names(&get(&library, ANNA, films).await.1).len(), 6);
    assert_eq!(
        names(&get(&library, KID, films).await.1),
        ["The Paper Boat"]
    );
    assert_eq!(names(&get(&library, KID, "/UserViews").await.1), ["Movies"]);
    assert_eq!(
        names(&get(&library, KID, "/Items/Suggestions").await.1),
        ["The Paper Boat"]
    );
    assert_eq!(
        get(&library, KID, "/Search/Hints?searchTerm=wire").await.1["TotalRecordCount"],
        0
    );
    let series = "/Items?recursive=true&includeItemTypes=Series,Episode";
    assert!(names(&get(&library, KID, series).await.1).is_empty());
    assert_eq!(names(&get(&library, ANNA, series).await.1).len(), 4);
}

#[tokio::test]
async fn a_film_above_the_rating_is_404_and_another_users_is_403() {
    let library = Library::demo("s");
    let film = id(&library, "The Long Wire");
    assert_eq!(get(&library, ANNA, &format!("/Items/{film}")).await.0, 200);
    assert_eq!(
        get(&library, KID, &format!("/Users/{KID}/Items/{film}"))
            .await
            .0,
        404
    );
    assert_eq!(
        get(&library, KID, &format!("/Items/{film}/PlaybackInfo"))
            .await
            .0,
        404
    );
    assert_eq!(
        get(&library, KID, &format!("/Items/{film}?userId={ANNA}"))
            .await
            .0,
        403
    );
    assert_eq!(
        get(&library, ROOT, &format!("/Items/{film}?userId={KID}"))
            .await
            .0,
        404
    );
    assert_eq!(get(&library, ANNA, "/Items/no-id").await.0, 400);
    assert_eq!(
        ask(&library, None, &format!("GET /Items/{film}"), &Value::Null)
            .await
            .0,
        401
    );
}

#[tokio::test]
async fn listings_by_id_leak_as_on_a_real_server() {
    let library = Library::demo("s");
    let film = id(&library, "The Long Wire");
    assert_eq!(
        names(&get(&library, KID, &format!("/Items?ids={film}")).await.1),
        ["The Long Wire"]
    );
}

#[tokio::test]
async fn what_one_watches_is_in_ones_own_history_only() {
    let library = Library::demo("s");
    let film = id(&library, "The Paper Boat");
    for (stage, ticks) in [("", 0), ("/Progress", 15_000_000), ("/Stopped", 15_000_000)] {
        let body = json!({"ItemId": film, "PositionTicks": ticks});
        assert_eq!(
            ask(
                &library,
                Some(ANNA),
                &format!("POST /Sessions/Playing{stage}"),
                &body
            )
            .await
            .0,
            204
        );
    }
    let resume = get(&library, ANNA, "/UserItems/Resume").await.1;
    assert_eq!(names(&resume), ["The Paper Boat"]);
    assert_eq!(resume["Items"][0]["UserData"]["PlayedPercentage"], 15.0);
    assert!(names(&get(&library, KID, "/UserItems/Resume").await.1).is_empty());
    let body = json!({"ItemId": film, "PositionTicks": 95_000_000});
    ask(
        &library,
        Some(ANNA),
        "POST /Sessions/Playing/Stopped",
        &body,
    )
    .await;
    assert!(names(&get(&library, ANNA, "/UserItems/Resume").await.1).is_empty());
    assert_eq!(
        names(
            &get(&library, ANNA, "/Items?recursive=true&filters=IsPlayed")
                .await
                .1
        ),
        ["The Paper Boat"]
    );
}

#[tokio::test]
async fn a_folder_is_played_when_all_that_its_user_sees_in_it_is() {
    let library = Library::demo("s");
    let film = id(&library, "The Paper Boat");
    let (status, data) = ask(
        &library,
        Some(KID),
        &format!("POST /UserPlayedItems/{film}"),
        &Value::Null,
    )
    .await;
    assert_eq!(
        (status, &data["Played"], &data["PlayCount"]),
        (200, &json!(true), &json!(1))
    );
    let played = get(
        &library,
        KID,
        "/Items?recursive=true&filters=IsPlayed&sortBy=DatePlayed&sortOrder=Descending",
    )
    .await
    .1;
    assert_eq!(names(&played), ["The Paper Boat", "movies"]);
}

#[tokio::test]
async fn the_next_episode_comes_up_after_one_was_watched() {
    let library = Library::demo("s");
    assert!(names(&get(&library, ANNA, "/Shows/NextUp").await.1).is_empty());
    let first = id(&library, "First Crossing");
    ask(
        &library,
        Some(ANNA),
        &format!("POST /Users/{ANNA}/PlayedItems/{first}"),
        &Value::Null,
    )
    .await;
    assert_eq!(
        names(&get(&library, ANNA, "/Shows/NextUp").await.1),
        ["Fog on the Line"]
    );
}

#[tokio::test]
async fn user_data_keeps_what_a_change_does_not_name() {
    let library = Library::demo("s");
    let film = id(&library, "Northbound");
    ask(
        &library,
        Some(ANNA),
        &format!("POST /UserFavoriteItems/{film}"),
        &Value::Null,
    )
    .await;
    let target = format!("/UserItems/{film}/UserData");
    ask(
        &library,
        Some(ANNA),
        &format!("POST {target}"),
        &json!({"PlayCount": 3}),
    )
    .await;
    let data = get(&library, ANNA, &target).await.1;
    assert_eq!(
        (&data["PlayCount"], &data["IsFavorite"]),
        (&json!(3), &json!(true))
    );
}
