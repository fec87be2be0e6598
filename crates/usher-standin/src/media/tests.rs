//! Films, playlists and pictures as players ask for them.
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderValue, Method};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use usher_domain::time::Timestamp;
use uuid::Uuid;

use crate::library::{Call, Caller, Library, Limits, Query};

const BOAT: &str = "The Paper Boat";

enum Door {
    Open,
    Token,
}

fn ask(library: &Library, door: &Door, line: &str, body: &Value) -> Response {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let method = method.parse::<Method>().unwrap();
    let headers = HeaderMap::from_iter([(RANGE, HeaderValue::from_static("bytes=0-9"))]);
    let (bytes, none) = (Bytes::from(body.to_string()), HeaderMap::new());
    let caller = Caller {
        user: Some(Uuid::nil()),
        token: "t0ken".into(),
        device_id: "tv".into(),
    };
    let call = Call {
        method: &method,
        path: path
            .trim_start_matches('/')
            .split('/')
            .map(str::to_lowercase)
            .collect(),
        query: Query::parse(query),
        headers: if query.contains("whole") {
            &none
        } else {
            &headers
        },
        body: &bytes,
        caller: matches!(door, Door::Token).then_some(caller),
        limits_of: &|_| {
            Some(Limits::of_policy(
                &json!({"MaxParentalRating": 7, "EnableContentDownloading": false}),
            ))
        },
        now: Timestamp::from_millis(0),
    };
    library.answer_media(&call).unwrap()
}

async fn text(response: Response) -> String {
    String::from_utf8(
        response
            .into_body()
            .collect()
            .await
            .unwrap()
            .to_bytes()
            .to_vec(),
    )
    .unwrap()
}

fn id(library: &Library, name: &str) -> String {
    library
        .catalog
        .items()
        .find(|item| item.name == name)
        .unwrap()
        .id
        .to_string()
}

#[test]
fn a_film_streams_to_anybody_also_above_the_rating() {
    let library = Library::demo("s");
    let film = id(&library, "The Long Wire");
    for name in ["stream", "stream.mp4"] {
        let answer = ask(
            &library,
            &Door::Open,
            &format!("GET /Videos/{film}/{name}?static=true"),
            &Value::Null,
        );
        assert_eq!(answer.status(), 206);
        assert_eq!(answer.headers()[CONTENT_TYPE], "video/mp4");
        assert!(
            answer.headers()[CONTENT_RANGE]
                .to_str()
                .unwrap()
                .starts_with("bytes 0-9/")
        );
    }
}

#[test]
fn playlists_segments_and_files_want_a_token() {
    let library = Library::demo("s");
    let film = id(&library, BOAT);
    for path in [
        "Videos/{}/master.m3u8",
        "Videos/{}/main.m3u8",
        "Videos/{}/hls1/main/0.ts",
        "Items/{}/Download",
        "Items/{}/File",
    ] {
        let path = path.replace("{}", &film);
        assert_eq!(
            ask(&library, &Door::Open, &format!("GET /{path}"), &Value::Null).status(),
            401,
            "{path}"
        );
    }
    assert_eq!(
        ask(
            &library,
            &Door::Token,
            &format!("GET /Items/{film}/Download"),
            &Value::Null
        )
        .status(),
        403
    );
    assert_eq!(
        ask(
            &library,
            &Door::Token,
            &format!("GET /Items/{film}/File"),
            &Value::Null
        )
        .status(),
        206
    );
}

#[tokio::test]
async fn every_segment_of_the_playlist_exists_and_carries_the_query() {
    let library = Library::demo("s");
    let film = id(&library, BOAT);
    let list = text(ask(
        &library,
        &Door::Token,
        &format!("GET /Videos/{film}/main.m3u8?ApiKey=t0ken"),
        &Value::Null,
    ))
    .await;
    let segments: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with("hls1/"))
        .collect();
    assert_eq!(segments.len(), 4);
    for segment in segments {
        assert!(segment.contains("ApiKey=t0ken"));
        assert_eq!(
            ask(
                &library,
                &Door::Token,
                &format!("GET /Videos/{film}/{segment}&whole"),
                &Value::Null
            )
            .status(),
            200
        );
    }
    assert_eq!(
        ask(
            &library,
            &Door::Token,
            &format!("GET /Videos/{film}/hls1/main/9.ts"),
            &Value::Null
        )
        .status(),
        404
    );
}

#[test]
fn another_films_source_is_refused() {
    let library = Library::demo("s");
    let (film, other) = (id(&library, BOAT), id(&library, "The Long Wire"));
    let line = format!("GET /Videos/{film}/stream?mediaSourceId={other}");
    assert_eq!(
        ask(&library, &Door::Open, &line, &Value::Null).status(),
        400
    );
}

#[tokio::test]
async fn playback_follows_what_the_device_plays() {
    let library = Library::demo("s");
    let line = format!("POST /Items/{}/PlaybackInfo", id(&library, BOAT));
    let profile = json!({"DeviceProfile": {"TranscodingProfiles": [{"Container": "ts"}], "SubtitleProfiles": [{"Format": "vtt", "Method": "External"}]}, "EnableDirectPlay": false});
    let info: Value =
        serde_json::from_str(&text(ask(&library, &Door::Token, &line, &profile)).await).unwrap();
    let source = &info["MediaSources"][0];
    assert_eq!(source["SupportsDirectPlay"], false);
    assert!(
        source["TranscodingUrl"]
            .as_str()
            .unwrap()
            .contains("&ApiKey=t0ken")
    );
    assert!(
        source["MediaStreams"][0]["DeliveryUrl"]
            .as_str()
            .unwrap()
            .ends_with("Stream.vtt?ApiKey=t0ken")
    );
    let none: Value = serde_json::from_str(
        &text(ask(
            &library,
            &Door::Token,
            &line,
            &json!({"DeviceProfile": {}}),
        ))
        .await,
    )
    .unwrap();
    assert_eq!(none["MediaSources"][0]["SupportsTranscoding"], false);
}

#[test]
fn pictures_and_subtitles_need_no_token() {
    let library = Library::demo("s");
    for item in library
        .catalog
        .items()
        .filter(|item| item.art.is_some() && item.library != Some(item.id))
    {
        if item.name == "movies" || item.name == "shows" {
            continue;
        }
        let answer = ask(
            &library,
            &Door::Open,
            &format!("GET /Items/{}/Images/Primary", item.id),
            &Value::Null,
        );
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()[CONTENT_TYPE].to_str().unwrap()
            ),
            (200, "image/jpeg"),
            "{}",
            item.name
        );
    }
    let film = id(&library, BOAT);
    assert_eq!(
        ask(
            &library,
            &Door::Open,
            &format!("GET /Videos/{film}/{film}/Subtitles/0/0/Stream.vtt"),
            &Value::Null
        )
        .status(),
        200
    );
    assert_eq!(
        ask(
            &library,
            &Door::Open,
            &format!("GET /Videos/{film}/{film}/Subtitles/3/0/Stream.srt"),
            &Value::Null
        )
        .status(),
        500
    );
}
