//! What of a film passes is told, by whatever route and under whatever name.
use std::collections::BTreeSet;
use std::time::Duration;

use http::Method;
use usher_proxy::path::CanonicalPath;
use usher_proxy::routes::{Class, classify};
use usher_proxy::rules::Carries;

use crate::stage::{Stage, status};

const FILM: &str = "fedcba9876543210fedcba9876543210";

/// The media routes whose answers hold nothing of a film.
const BESIDE: [&str; 10] = [
    "/Audio/{itemId}/main.m3u8",
    "/Audio/{itemId}/master.m3u8",
    "/Videos/{itemId}/hls/{playlistId}/stream.m3u8",
    "/Videos/{itemId}/live.m3u8",
    "/Videos/{itemId}/main.m3u8",
    "/Videos/{itemId}/master.m3u8",
    "/Videos/{itemId}/Trickplay/{width}/",
    "/Videos/{itemId}/{mediaSourceId}/Subtitles/",
    "/Videos/{routeItemId}/{routeMediaSourceId}/Subtitles/",
    "/Videos/{videoId}/{mediaSourceId}/Attachments/",
];

/// Every route of a film's bytes that is read, of every version.
fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for version in ["10.10", "10.11", "12.0"] {
        let folder = env!("CARGO_MANIFEST_DIR");
        let file = format!("{folder}/../../contract/routes-{version}.tsv");
        for line in std::fs::read_to_string(file).unwrap().lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let path = CanonicalPath::parse(&filled(cells[1], "0", "ts"), "").unwrap();
            let is_media = classify(&Method::GET, &path).class == Class::Media;
            if cells[0] == "GET" && is_media {
                routes.insert(cells[1].to_owned());
            }
        }
    }
    routes
}

/// A route with an item's id, and with these words where any word may stand.
fn filled(route: &str, word: &str, ending: &str) -> String {
    let parts = route.split('/').map(|part| match part.split_once(".{") {
        Some((name, _)) if name.starts_with('{') => format!("7.{ending}"),
        Some((name, _)) => format!("{name}.{ending}"),
        None if part.to_lowercase().ends_with("itemid}") || part == "{videoId}" => FILM.to_owned(),
        None if part.to_lowercase().ends_with("mediasourceid}") => FILM.to_owned(),
        None if part.starts_with('{') => word.to_owned(),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn what_a_media_route_lets_through_is_told_whatever_a_client_calls_it() {
    let stage = Stage::start().await;
    let routes = routes();
    assert!(routes.len() > 20, "{routes:?}");
    let mut told = 0;
    for route in &routes {
        let is_beside = BESIDE.iter().any(|beside| route.starts_with(beside));
        for word in [
            "main",
            "subtitles",
            "attachments",
            "trickplay",
            "hls1",
            "-1.ts",
        ] {
            for ending in ["ts", "m3u8"] {
                let path = filled(route, word, ending);
                for target in [path.clone(), path.to_uppercase(), format!("/emby{path}/")] {
                    let lines = "X-Emby-Token: good\r\n";
                    let answer = stage.ask("GET", &target, lines, "").await;
                    assert_eq!(status(&answer), 200, "{target}: {answer}");
                    let flowed = std::mem::take(&mut *stage.known.flowed.lock().unwrap());
                    assert_eq!(flowed.is_empty(), is_beside, "{target}: {flowed:?}");
                    told += flowed.len();
                }
            }
        }
    }
    assert!(told > 300, "{told}");
}

#[tokio::test]
async fn a_segment_counts_by_its_length_and_none_is_made_that_the_wall_clock_could_miss() {
    let stage = Stage::start().await;
    let segment = format!("/Videos/{FILM}/hls1/main/7.ts");
    let seconds = Duration::from_secs;
    for (query, length) in [
        ("actualSegmentLengthTicks=100000000", seconds(10)),
        ("actualSegmentLengthTicks=4000000", seconds(3)),
        ("ACTUALSEGMENTLENGTHTICKS=99000000000", seconds(60)),
        ("actualSegmentLengthTicks=0", seconds(6)),
        ("actualSegmentLengthTicks=short", seconds(6)),
        ("SegmentLength=20", seconds(6)),
    ] {
        let target = format!("{segment}?{query}");
        let answer = stage
            .ask("GET", &target, "X-Emby-Token: good\r\n", "")
            .await;
        assert_eq!(status(&answer), 200, "{target}");
        let flowed = std::mem::take(&mut *stage.known.flowed.lock().unwrap());
        let [(_, carries)] = flowed.try_into().unwrap();
        assert_eq!(carries, Carries::Segment(length), "{target}");
    }
    for length in [
        "21",
        "3600",
        "0x3C",
        "%2B20",
        "+20",
        "1e9",
        "99999999999999999999",
    ] {
        for path in [
            "hls1/main/7.ts",
            "hls1/main/-1.mp4",
            "main.m3u8",
            "live.m3u8",
        ] {
            let target = format!("/Videos/{FILM}/{path}?segmentlength={length}");
            let answer = stage
                .ask("GET", &target, "X-Emby-Token: good\r\n", "")
                .await;
            assert_eq!(status(&answer), 400, "{target}");
        }
    }
}
