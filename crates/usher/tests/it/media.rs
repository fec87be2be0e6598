//! Whoever may not see a film gets it through Usher in no way (design, 3.1).
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher_domain::time::{TestClock, Timestamp};
use usher_proxy::path::CanonicalPath;
use usher_proxy::routes::{Class, classify};
use usher_standin::{Fault, Version};

use crate::client::{House, VERSIONS, jellyfin, json_of};

/// A house with two people: Anna, who sees everything, and Kim, who sees films up to score 13, no series and no television.
struct Home {
    house: House,
    clock: Arc<TestClock>,
    anna: String,
    kim: String,
    /// Kim's own.
    shown: String,
    /// Above Kim's rating.
    above: String,
    /// In a library that Kim may not open.
    outside: String,
    /// That library, and its folder on disk.
    closed: [String; 2],
}

impl Home {
    async fn open(version: Version) -> Self {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::on_watch(jellyfin(version).await, clock.clone()).await;
        let (anna, kim) = (house.token("anna").await, house.token("kim").await);
        let all = "/Items?recursive=true&sortBy=SortName";
        let all = items(&house, &anna, all).await;
        let id = |name: &str, kind: &str| {
            let found = all
                .iter()
                .find(|item| item["Name"] == name && item["Type"] == kind);
            found.unwrap()["Id"].as_str().unwrap().to_owned()
        };
        let views = items(&house, &anna, "/UserViews").await;
        let library = |name: &str| {
            let found = views.iter().find(|view| view["Name"] == name);
            found.unwrap()["Id"].as_str().unwrap().to_owned()
        };
        let home = Self {
            shown: id("The Paper Boat", "Movie"),
            above: id("The Long Wire", "Movie"),
            outside: id("First Crossing", "Episode"),
            closed: [library("Shows"), id("shows", "Folder")],
            house,
            clock,
            anna,
            kim,
        };
        home.narrow(&json!({
            "MaxParentalRating": 13, "EnableAllFolders": false, "EnabledFolders": [library("Movies")],
            "EnableLiveTvAccess": false,
        }));
        home
    }

    /// Changes Kim's policy in Jellyfin; Usher notices it within five seconds.
    fn narrow(&self, change: &Value) {
        let mut state = self.house.standin.state();
        let kim = state.user_named("kim").unwrap().id;
        let policy = &mut state.user_mut(kim).unwrap().policy;
        policy.extend(change.as_object().unwrap().clone());
        drop(state);
        self.clock.advance(Duration::from_secs(5));
    }

    async fn status(&self, token: &str, target: &str) -> StatusCode {
        let answer = self.house.get(target, &[("x-emby-token", token)]).await;
        answer.status()
    }

    async fn posted(&self, token: &str, target: &str, body: &Value) -> StatusCode {
        let answer = self
            .house
            .post(target, &[("x-emby-token", token)], body)
            .await;
        answer.status()
    }

    fn hidden(&self) -> [&str; 2] {
        [&self.above, &self.outside]
    }
}

async fn items(house: &House, token: &str, target: &str) -> Vec<Value> {
    let answer = house.get(target, &[("x-emby-token", token)]).await;
    assert_eq!(answer.status(), StatusCode::OK, "{target}");
    json_of(&answer)["Items"].as_array().unwrap().clone()
}

pub(crate) fn stream(item: &str) -> String {
    format!("/Videos/{item}/stream?static=true")
}

/// Every media route of every version for this item.
pub(crate) fn media_routes(item: &str) -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for version in ["10.10", "10.11", "12.0"] {
        let folder = env!("CARGO_MANIFEST_DIR");
        let file = format!("{folder}/../../contract/routes-{version}.tsv");
        for line in std::fs::read_to_string(file).unwrap().lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let path = cells[1].split('/').map(|segment| filled(segment, item));
            let path = path.collect::<Vec<_>>().join("/");
            let method: Method = cells[0].parse().unwrap();
            let read = CanonicalPath::parse(&path, "").unwrap();
            if classify(&method, &read).class == Class::Media {
                routes.insert(path);
            }
        }
    }
    routes
}

/// A segment of a route with its parameters filled in.
fn filled(segment: &str, item: &str) -> String {
    let (mut text, mut rest) = (String::new(), segment);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap();
        text += before;
        text += match name.split(':').next().unwrap() {
            name if name.ends_with("temId") || name.ends_with("ourceId") || name == "videoId" => {
                item
            }
            "recordingId" | "streamId" => item,
            "container" | "segmentContainer" => "ts",
            "routeFormat" => "vtt",
            "playlistId" => "main",
            _number => "0",
        };
        rest = behind;
    }
    text + rest
}

/// The spellings that Jellyfin reads as the same route.
pub(crate) fn spellings(path: &str, item: &str) -> [String; 5] {
    let dashed = format!(
        "{}-{}-{}-{}-{}",
        &item[..8],
        &item[8..12],
        &item[12..16],
        &item[16..20],
        &item[20..]
    );
    [
        path.to_owned(),
        path.to_uppercase(),
        format!("/emby{path}/"),
        format!("/MediaBrowser/x/..{path}"),
        path.replace(item, &dashed),
    ]
}

#[tokio::test]
async fn a_hidden_film_flows_by_no_media_route_in_no_spelling_with_a_token_or_none() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (mut tried, mut flowed) = (0, BTreeSet::new());
        for item in home.hidden() {
            let routes = media_routes(item);
            assert!(routes.len() > 20, "{routes:?}");
            for path in routes {
                for target in spellings(&path, item) {
                    let refused = home.status(&home.kim, &target).await;
                    let by_query = format!("{target}?api_key={}&static=true", home.kim);
                    let in_query = home.house.get(&by_query, &[]).await.status();
                    // A recording is no item: it is for those who have live television.
                    let expected = if target.to_lowercase().contains("/liverecordings/") {
                        StatusCode::FORBIDDEN
                    } else {
                        StatusCode::NOT_FOUND
                    };
                    for status in [refused, in_query] {
                        assert_eq!(status, expected, "{version:?}: {target}");
                    }
                    let bare = home.house.get(&target, &[]).await.status();
                    assert_eq!(bare, StatusCode::UNAUTHORIZED, "{version:?}: {target}");
                    tried += 1;
                }
                if home.status(&home.anna, &path).await.is_success() {
                    flowed.insert(path);
                }
            }
        }
        assert!(tried > 200, "{tried}");
        assert!(
            flowed.len() > 10,
            "everybody else's playing goes on: {flowed:?}"
        );
    }
}

#[tokio::test]
async fn a_hidden_film_is_no_media_source_and_no_ticket_of_another() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let own = stream(&home.shown);
        assert_eq!(home.status(&home.kim, &own).await, StatusCode::OK);
        let swapped = format!("{own}&mediaSourceId={}", home.above);
        assert_eq!(
            home.status(&home.kim, &swapped).await,
            StatusCode::NOT_FOUND
        );
        let text = format!(
            "/Videos/{}/{}/Subtitles/0/Stream.vtt",
            home.shown, home.above
        );
        assert_eq!(home.status(&home.kim, &text).await, StatusCode::NOT_FOUND);
        let live = format!("{own}&liveStreamId=of-somebody-else");
        assert_eq!(home.status(&home.kim, &live).await, StatusCode::NOT_FOUND);
        // Kim's answer leaves a ticket, which shows what Kim sees and nothing else.
        let info = format!("/Items/{}/PlaybackInfo", home.shown);
        assert_eq!(
            home.posted(&home.kim, &info, &json!({})).await,
            StatusCode::OK
        );
        assert_eq!(home.house.get(&own, &[]).await.status(), StatusCode::OK);
        home.narrow(&json!({ "MaxParentalRating": 13, "BlockedTags": ["kids"] }));
        assert_eq!(
            home.house.get(&own, &[]).await.status(),
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn what_is_hidden_is_not_listed() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        for parent in &home.closed {
            for target in [
                format!("/Items?parentId={parent}"),
                format!("/Items?recursive=true&PARENTID={parent}"),
                format!("/Items/Latest?%70arentId={parent}"),
                format!("/emby/items/latest?parentid={parent}"),
                format!("/Search/Hints?searchTerm=a&parentId={parent}"),
                format!("/Items?parentId=({parent})"),
            ] {
                let status = home.status(&home.kim, &target).await;
                assert_eq!(status, StatusCode::NOT_FOUND, "{version:?}: {target}");
            }
            let open = format!("/Items/Latest?parentId={parent}");
            assert_eq!(home.status(&home.anna, &open).await, StatusCode::OK);
        }
        let [above, outside] = home.hidden();
        for (ids, expected) in [
            (format!("ids={above},{}", home.shown), vec![&home.shown]),
            (
                format!("Ids={outside}&i%64s={}", home.shown),
                vec![&home.shown],
            ),
            (format!("ids={above}"), vec![]),
            (format!("ids={{{above}}},({above})"), vec![]),
        ] {
            let found = items(&home.house, &home.kim, &format!("/Items?{ids}")).await;
            let found: Vec<&str> = found
                .iter()
                .filter_map(|item| item["Id"].as_str())
                .collect();
            assert_eq!(found, expected, "{version:?}: {ids}");
        }
        let both = format!("/Items?ids={above},{outside}");
        assert_eq!(items(&home.house, &home.anna, &both).await.len(), 2);
    }
}

#[tokio::test]
async fn what_is_hidden_is_not_shown_to_others_as_playing() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        for item in home.hidden() {
            for (target, body) in [
                ("/Sessions/Playing".to_owned(), json!({ "ItemId": item })),
                (
                    "/Sessions/Playing/Progress".to_owned(),
                    json!({ "itemid": item }),
                ),
                (
                    "/Sessions/Playing/Stopped".to_owned(),
                    json!({ "ItemId": item }),
                ),
                (format!("/Sessions/Viewing?ITEMID={item}"), json!({})),
            ] {
                let refused = home.posted(&home.kim, &target, &body).await;
                assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {target}");
                let passed = home.posted(&home.anna, &target, &body).await;
                assert_ne!(passed, StatusCode::NOT_FOUND, "{version:?}: {target}");
            }
        }
        let own = json!({ "ItemId": home.shown });
        let playing = home.posted(&home.kim, "/Sessions/Playing", &own).await;
        assert_eq!(playing, StatusCode::NO_CONTENT, "{version:?}");
    }
}

/// The forms of before 10.9, which old clients still send: the film stands in the path.
#[tokio::test]
async fn what_is_hidden_is_not_shown_to_others_as_playing_by_the_older_forms_either() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let kim = home.house.standin.state().user_named("kim").unwrap().id;
        let ask = async |token: &str, method: Method, target: &str| {
            let carrier = [("x-emby-token", token)];
            let answer = home.house.ask(method, target, &carrier, "").await;
            answer.status()
        };
        let told = |item: &str| {
            let mut told = Vec::new();
            for begin in [
                "/PlayingItems".to_owned(),
                format!("/Users/{kim}/PlayingItems"),
            ] {
                let progress = format!("{begin}/{item}/Progress");
                for target in spellings(&progress, item) {
                    told.push((Method::POST, format!("{target}?positionTicks=1")));
                }
                for target in spellings(&format!("{begin}/{item}"), item) {
                    told.push((Method::POST, target.clone()));
                    told.push((Method::DELETE, target));
                }
            }
            told
        };
        for item in home.hidden() {
            for (method, target) in told(item) {
                let refused = ask(&home.kim, method.clone(), &target).await;
                assert_eq!(refused, StatusCode::NOT_FOUND, "{method} {target}");
            }
        }
        let shown = |token: &str| {
            let state = home.house.standin.state();
            let token = state.tokens.iter().find(|one| one.secret == token).unwrap();
            let session = state.sessions.iter().find(|one| one.user == token.user);
            session.unwrap().now_playing.clone()
        };
        assert_eq!(shown(&home.kim), None);
        for (method, target) in told(&home.shown) {
            let passed = ask(&home.kim, method.clone(), &target).await;
            assert_eq!(passed, StatusCode::NO_CONTENT, "{method} {target}");
        }
        let others = format!("/PlayingItems/{}", home.above);
        let passed = ask(&home.anna, Method::POST, &others).await;
        assert_eq!(passed, StatusCode::NO_CONTENT, "{version:?}");
        assert_eq!(shown(&home.anna).unwrap()["Name"], "The Long Wire");
    }
}

#[tokio::test]
async fn the_file_of_a_film_follows_the_right_to_download() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let targets = ["File", "Download"].map(|word| format!("/Items/{}/{word}", home.shown));
        for target in &targets {
            assert_eq!(
                home.status(&home.kim, target).await,
                StatusCode::OK,
                "{target}"
            );
        }
        home.narrow(&json!({ "EnableContentDownloading": false }));
        for target in &targets {
            let refused = home.status(&home.kim, target).await;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}: {target}");
        }
        assert_eq!(
            home.status(&home.kim, &stream(&home.shown)).await,
            StatusCode::OK
        );
        home.narrow(&json!({ "EnableMediaPlayback": false }));
        let stopped = home.status(&home.kim, &stream(&home.shown)).await;
        assert_eq!(stopped, StatusCode::FORBIDDEN, "{version:?}");
    }
}

#[tokio::test]
async fn r74_an_item_that_cannot_be_judged_is_an_outage_and_is_asked_for_again_while_a_verdict_lasts_a_minute()
 {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (film, faults) = (stream(&home.shown), home.house.standin.faults());
        let item = format!("/items/{}", home.shown);
        for fault in [Fault::Status(500), Fault::Status(401), Fault::Refuse] {
            faults.set(&item, fault);
            let told = home.status(&home.kim, &film).await;
            assert_eq!(told, StatusCode::SERVICE_UNAVAILABLE, "{version:?}");
        }
        faults.lift_all();
        faults.forget_counts();
        for _segment in 0..5 {
            assert_eq!(
                home.status(&home.kim, &film).await,
                StatusCode::OK,
                "{version:?}"
            );
        }
        assert_eq!(faults.asked("GET /Items/{itemId}"), 1, "{version:?}");
        faults.set(&item, Fault::Status(500));
        assert_eq!(
            home.status(&home.kim, &film).await,
            StatusCode::OK,
            "{version:?}"
        );
        home.clock.advance(Duration::from_mins(1));
        let told = home.status(&home.kim, &film).await;
        assert_eq!(told, StatusCode::SERVICE_UNAVAILABLE, "{version:?}");
    }
}

#[tokio::test]
async fn an_api_key_sees_everything_but_for_the_user_whom_it_names() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let kim = home.house.standin.state().user_named("kim").unwrap().id;
        let key = crate::client::API_KEY;
        let film = stream(&home.above);
        assert_eq!(home.status(key, &film).await, StatusCode::OK, "{version:?}");
        let for_kim = format!("{film}&userId={kim}");
        let hidden = home.status(key, &for_kim).await;
        assert_eq!(hidden, StatusCode::NOT_FOUND, "{version:?}");
        let for_nobody = format!("{film}&userId=0123456789abcdef0123456789abcdef");
        let closed = home.status(key, &for_nobody).await;
        assert_eq!(closed, StatusCode::FORBIDDEN, "{version:?}");
    }
}

/// The stream is open and silent: nothing but the gate can end it. It looks again every few milliseconds here, and by the
/// clock of this test within ten seconds.
#[tokio::test]
async fn r47_an_open_film_is_cut_when_the_policy_narrows_and_goes_on_through_an_outage() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        home.house.standin.faults().set("/videos/", Fault::Endless);
        let mut open = TcpStream::connect(&home.house.address).await.unwrap();
        let target = stream(&home.shown);
        let token = &home.kim;
        let request = format!("GET {target}&ApiKey={token} HTTP/1.1\r\nHost: h\r\n\r\n");
        open.write_all(request.as_bytes()).await.unwrap();
        let mut heard = [0; 16];
        open.read_exact(&mut heard).await.unwrap();
        assert!(heard.starts_with(b"HTTP/1.1 200"), "{version:?}");
        let faults = home.house.standin.faults();
        faults.set("/items/", Fault::Status(503));
        home.clock.advance(Duration::from_mins(1));
        home.narrow(&json!({ "MaxParentalRating": 12 }));
        // The policy is another one, and nobody can say what it hides: the film goes on.
        assert_eq!(
            home.status(&home.kim, &stream(&home.above)).await,
            StatusCode::SERVICE_UNAVAILABLE,
            "{version:?}"
        );
        home.narrow(&json!({ "BlockedTags": ["kids"] }));
        faults.lift("/items/");
        let mut rest = Vec::new();
        let _cut_or_reset = open.read_to_end(&mut rest).await;
        assert!(
            !rest.ends_with(b"0\r\n\r\n"),
            "{version:?}: a cut film must not look like a finished one"
        );
    }
}
