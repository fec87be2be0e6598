//! Live television through the gate: Jellyfin asks for the right to watch it in its guide alone, opens the channel that a token
//! names, whoever asks, and gives a stream to whoever knows its number (design, 3.1).
mod open;

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher_domain::profile::Profile;
use usher_domain::profile::limits::{Limits, RatingLimit, UnratedKind};
use usher_domain::time::{TestClock, Timestamp};
use usher_standin::{Scene, Television, Version};

use crate::client::{API_KEY, House, VERSIONS, json_of};
use crate::media::spellings;
use crate::time::child;

/// The recording of the stand-in that is still being made, of what is on the last channel.
const RECORDING: &str = "6a1f0c5e8b7d4e2f9c3b5a7d1e0f2c4b";

/// Anna's house with a tuner, and a child's profile.
struct Home {
    house: House,
    clock: Arc<TestClock>,
    kids: Profile,
    anna: String,
    kid: String,
    /// Rated G, not at all, and R.
    channels: Vec<String>,
    /// Where they are listed.
    view: String,
}

/// An open channel, as the answer names it.
struct Opened {
    channel: String,
    source: String,
    token: String,
    stream: String,
    file: String,
}

impl Opened {
    /// Every address that gives its bytes, or leads to them.
    fn ways(&self, channel: &str) -> Vec<String> {
        let Self {
            source,
            stream,
            file,
            ..
        } = self;
        let by = |path: &str| format!("/Videos/{channel}/{path}LiveStreamId={stream}");
        vec![
            format!("/LiveTv/LiveStreamFiles/{file}/stream.ts?x=1"),
            by("stream?static=true&"),
            by(&format!("stream.ts?mediaSourceId={source}&")),
            by("master.m3u8?"),
            by("live.m3u8?"),
            by("hls1/main/0.ts?"),
        ]
    }
}

impl Home {
    async fn open(version: Version, limits: Limits) -> Self {
        // A Thursday, just after midnight.
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let mut scene = Scene::living_room(version);
        scene.api_keys = vec![(API_KEY.to_owned(), "Usher".to_owned())];
        scene.television = Television::Tuner;
        scene.clock = clock.clone();
        let standin = usher_standin::start(scene).await.unwrap();
        let house = House::on_watch(standin, clock.clone()).await;
        let kids = child(&house, limits).await;
        let anna = house.token("anna").await;
        let answer = house.sign_in("anna/Kids", "anna-pass-1").await;
        let kid = json_of(&answer)["AccessToken"].as_str().unwrap().to_owned();
        let carrier = [("x-emby-token", &*anna)];
        let list =
            async |target: &str| json_of(&house.get(target, &carrier).await)["Items"].clone();
        let id = |item: &Value| item["Id"].as_str().unwrap().to_owned();
        let channels = list("/LiveTv/Channels").await;
        let channels = channels.as_array().unwrap().iter().map(id).collect();
        let views = list("/UserViews").await;
        let views = views.as_array().unwrap().iter();
        let view = views
            .filter(|view| view["CollectionType"] == "livetv")
            .map(id);
        let view = view.collect::<Vec<_>>().remove(0);
        Self {
            house,
            clock,
            kids,
            anna,
            kid,
            channels,
            view,
        }
    }

    async fn status(&self, token: &str, target: &str) -> StatusCode {
        let carrier = [("x-emby-token", token)];
        self.house.get(target, &carrier).await.status()
    }

    async fn items(&self, token: &str, target: &str) -> Vec<Value> {
        let answer = self.house.get(target, &[("x-emby-token", token)]).await;
        assert_eq!(answer.status(), StatusCode::OK, "{target}");
        json_of(&answer)["Items"].as_array().unwrap().clone()
    }

    async fn post(&self, token: &str, target: &str, body: &Value) -> (StatusCode, Value) {
        let carrier = [("x-emby-token", token)];
        let answer = self.house.post(target, &carrier, body).await;
        let told = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status(), told)
    }

    /// Opens a channel in the two steps of most clients.
    async fn tune(&self, token: &str, channel: &str) -> Opened {
        let info = format!("/Items/{channel}/PlaybackInfo");
        let (status, told) = self.post(token, &info, &json!({})).await;
        assert_eq!(status, StatusCode::OK);
        let source = &told["MediaSources"][0];
        let body = json!({ "ItemId": channel, "OpenToken": source["OpenToken"] });
        let (status, opened) = self.post(token, "/LiveStreams/Open", &body).await;
        assert_eq!(status, StatusCode::OK);
        Self::opened(channel, source, &opened["MediaSource"])
    }

    fn opened(channel: &str, closed: &Value, open: &Value) -> Opened {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let path = text(&open["Path"]);
        Opened {
            channel: channel.to_owned(),
            source: text(&open["Id"]),
            token: text(&closed["OpenToken"]),
            stream: text(&open["LiveStreamId"]),
            file: path.split('/').nth_back(1).unwrap().to_owned(),
        }
    }

    /// Asks for what may flow on and on: its status, and the connection on which it goes on.
    async fn begin(&self, token: Option<&str>, target: &str) -> (u16, TcpStream) {
        let mut open = TcpStream::connect(&self.house.address).await.unwrap();
        let carrier = token.map_or_else(String::new, |token| format!("X-Emby-Token: {token}\r\n"));
        let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n{carrier}\r\n");
        open.write_all(request.as_bytes()).await.unwrap();
        let mut heard = [0; 12];
        open.read_exact(&mut heard).await.unwrap();
        let status = std::str::from_utf8(&heard[9..]).unwrap().parse().unwrap();
        (status, open)
    }

    /// Every way to a channel is refused to the child, in every spelling, by header, by query and with nothing.
    async fn assert_closed(&self, ways: &[String], said: &[u16]) {
        for way in ways {
            let (path, query) = way.split_once('?').unwrap_or((way, ""));
            let id = path.split('/').nth(2).unwrap();
            let id = if id.len() == 32 {
                id
            } else {
                path.split('/').nth(3).unwrap()
            };
            for path in spellings(path, id) {
                let target = format!("{path}?{query}");
                let (by_header, _) = self.begin(Some(&self.kid), &target).await;
                let with_key = format!("{target}&api_key={}", self.kid);
                let (by_query, _) = self.begin(None, &with_key).await;
                for status in [by_header, by_query] {
                    assert!(said.contains(&status), "{target}: {status}");
                }
            }
        }
    }

    /// Waits until an open stream is cut.
    async fn until_cut(mut open: TcpStream) {
        let mut rest = Vec::new();
        let _cut_or_reset = open.read_to_end(&mut rest).await;
        assert!(!rest.ends_with(b"0\r\n\r\n"), "it must not look finished");
    }

    /// Nobody has ended an open stream.
    fn assert_flows(open: &TcpStream) {
        let mut heard = [0; 4096];
        loop {
            match open.try_read(&mut heard) {
                Ok(0) => panic!("the stream was cut"),
                Ok(_piece) => {}
                Err(error) => {
                    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
                    return;
                }
            }
        }
    }
}

fn names(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .filter_map(|item| item["Name"].as_str())
        .collect()
}

/// As a child begins: no live television.
fn without_television() -> Limits {
    Limits {
        live_television: false,
        ..Limits::default()
    }
}

/// Live television up to G, and nothing that is not rated.
fn up_to_g() -> Limits {
    Limits {
        rating: Some(RatingLimit::up_to(7)),
        blocked_unrated: UnratedKind::ALL.into_iter().collect(),
        ..Limits::default()
    }
}

#[tokio::test]
async fn without_live_television_a_profile_gets_no_channel_listed() {
    for version in VERSIONS {
        let home = Home::open(version, without_television()).await;
        let (view, first) = (&home.view, &home.channels[0]);
        for guide in [
            "Info".to_owned(),
            "GuideInfo".to_owned(),
            "Channels".to_owned(),
            format!("Channels/{first}"),
            "Programs".to_owned(),
            "Programs/Recommended".to_owned(),
            "Recordings".to_owned(),
            "Timers".to_owned(),
        ] {
            for target in [format!("/LiveTv/{guide}"), format!("/emby/livetv/{guide}/")] {
                let refused = home.status(&home.kid, &target).await;
                let by_query = format!("{target}?api_key={}", home.kid);
                let by_query = home.house.get(&by_query, &[]).await.status();
                for status in [refused, by_query] {
                    assert!(status.is_client_error(), "{version:?}: {target}: {status}");
                }
                let bare = home.house.get(&target, &[]).await.status();
                assert_eq!(bare, StatusCode::UNAUTHORIZED, "{version:?}: {target}");
            }
        }
        for list in [
            format!("/Items?parentId={view}"),
            format!("/Items?recursive=true&includeItemTypes=LiveTvChannel&PARENTID={view}"),
            format!("/Items?recursive=true&channelIds={first}"),
        ] {
            assert!(!home.items(&home.anna, &list).await.is_empty(), "{list}");
            let hidden = home.status(&home.kid, &list).await;
            assert_eq!(hidden, StatusCode::NOT_FOUND, "{version:?}: {list}");
        }
        let anna = home.house.standin.state().user_named("anna").unwrap().id;
        let kids = home.kids.user.unwrap();
        for (item, user) in [
            (format!("/Items/{first}"), None),
            (format!("/emby/items/{first}/"), None),
            ("/Users".to_owned(), Some((anna, kids))),
        ] {
            let (annas, kids) = match user {
                Some((anna, kids)) => (
                    format!("{item}/{anna}/Items/{first}"),
                    format!("{item}/{kids}/Items/{first}"),
                ),
                None => (item.clone(), item),
            };
            let shown = home.status(&home.anna, &annas).await;
            assert_eq!(shown, StatusCode::OK, "{version:?}: {annas}");
            let hidden = home.status(&home.kid, &kids).await;
            assert_eq!(hidden, StatusCode::NOT_FOUND, "{version:?}: {kids}");
        }
        let film = home.house.films(&home.kid).await.remove(0);
        let shown = home.status(&home.kid, &format!("/Items/{film}")).await;
        assert_eq!(shown, StatusCode::OK, "{version:?}");
        let by_id = format!("/Items?ids={first}");
        assert!(
            home.items(&home.kid, &by_id).await.is_empty(),
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn without_live_television_a_profile_gets_no_channel_opened_or_streamed() {
    for version in VERSIONS {
        let home = Home::open(version, without_television()).await;
        let first = &home.channels[0];
        let opened = home.tune(&home.anna, first).await;
        let faults = home.house.standin.faults();
        faults.forget_counts();
        let info = format!("/Items/{first}/PlaybackInfo");
        for (target, body) in [
            (info.clone(), json!({})),
            (info.clone(), json!({ "AutoOpenLiveStream": true })),
            (format!("{info}?autoOpenLiveStream=true"), json!({})),
            (info, json!({ "LiveStreamId": opened.stream })),
            (
                "/LiveStreams/Open".to_owned(),
                json!({ "OpenToken": opened.token }),
            ),
            (
                format!("/LiveStreams/Open?openToken={}", opened.token),
                json!({}),
            ),
            ("/Sessions/Playing".to_owned(), json!({ "ItemId": first })),
        ] {
            let (refused, _) = home.post(&home.kid, &target, &body).await;
            assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {target}");
        }
        for route in [
            "POST /LiveStreams/Open",
            "POST /Items/{itemId}/PlaybackInfo",
        ] {
            assert_eq!(faults.asked(route), 0, "{version:?}: {route}");
        }
        let mut ways = opened.ways(first);
        ways.push(format!("/Videos/{first}/stream?static=true"));
        ways.push(format!("/Videos/{first}/master.m3u8?mediaSourceId={first}"));
        ways.push(format!("/Items/{first}/Download"));
        home.assert_closed(&ways, &[404]).await;
        let recording = [format!("/LiveTv/LiveRecordings/{RECORDING}/stream")];
        home.assert_closed(&recording, &[403]).await;
        let closed = format!("/LiveStreams/Close?liveStreamId={}", opened.stream);
        let (closed, _) = home.post(&home.kid, &closed, &Value::Null).await;
        assert_eq!(closed, StatusCode::NOT_FOUND, "{version:?}");
        let (status, _) = home.begin(Some(&home.anna), &opened.ways(first)[0]).await;
        assert_eq!(status, 200, "{version:?}: the owner's goes on");
    }
}

#[tokio::test]
async fn a_profile_plays_the_channel_that_it_sees() {
    for version in VERSIONS {
        let home = Home::open(version, up_to_g()).await;
        let shown = &home.channels[0];
        let listed = home.items(&home.kid, "/LiveTv/Channels").await;
        assert_eq!(names(&listed), ["Meadow One"], "{version:?}");
        let own = home.tune(&home.kid, shown).await;
        let info = format!("/Items/{shown}/PlaybackInfo");
        let at_once = json!({ "AutoOpenLiveStream": true });
        let (_, told) = home.post(&home.kid, &info, &at_once).await;
        let source = &told["MediaSources"][0];
        assert_eq!(Home::opened(shown, source, source).stream, own.stream);
        for way in own.ways(shown) {
            let (status, _) = home.begin(Some(&home.kid), &way).await;
            assert_eq!(status, 200, "{version:?}: {way}");
        }
        // As Android TV plays: with nothing but the address of who got the answer.
        let (status, _) = home.begin(None, &own.ways(shown)[0]).await;
        assert_eq!(status, 200, "{version:?}");
        let closed = format!("/LiveStreams/Close?liveStreamId={}", own.stream);
        let (closed, _) = home.post(&home.kid, &closed, &Value::Null).await;
        assert_eq!(
            closed,
            StatusCode::NO_CONTENT,
            "{version:?}: the own one is closed"
        );
    }
}

#[tokio::test]
async fn a_channel_above_the_rating_plays_by_no_way() {
    for version in VERSIONS {
        let home = Home::open(version, up_to_g()).await;
        let (shown, above) = (&home.channels[0], &home.channels[2]);
        let own = home.tune(&home.kid, shown).await;
        let others = home.tune(&home.anna, above).await;
        let (status, owners) = home.begin(Some(&home.anna), &others.ways(above)[0]).await;
        assert_eq!(status, 200, "{version:?}");
        let mut ways = others.ways(above);
        ways.extend(others.ways(shown));
        ways.push(format!("/Videos/{above}/stream?static=true"));
        ways.push(format!(
            "/Videos/{shown}/stream?mediaSourceId={}",
            others.source
        ));
        ways.push(format!("/Videos/{shown}/stream?mediaSourceId={above}"));
        ways.push(format!("/LiveTv/LiveRecordings/{RECORDING}/stream"));
        home.assert_closed(&ways, &[404]).await;
        let info = |channel: &str| format!("/Items/{channel}/PlaybackInfo");
        let open = "/LiveStreams/Open".to_owned();
        let forged = own.token.replace(&own.source, &others.source);
        for (target, body) in [
            (info(above), json!({ "AutoOpenLiveStream": true })),
            (info(shown), json!({ "LiveStreamId": others.stream })),
            (
                open.clone(),
                json!({ "ItemId": shown, "OpenToken": others.token }),
            ),
            (open, json!({ "ItemId": shown, "OpenToken": forged })),
            (
                "/Sessions/Playing".to_owned(),
                json!({ "ItemId": shown, "LiveStreamId": others.stream }),
            ),
            (
                format!("/PlayingItems/{shown}?liveStreamId={}", others.stream),
                Value::Null,
            ),
            (
                format!("/LiveStreams/Close?LIVESTREAMID={}", others.stream),
                Value::Null,
            ),
        ] {
            let (refused, _) = home.post(&home.kid, &target, &body).await;
            assert_eq!(
                refused,
                StatusCode::NOT_FOUND,
                "{version:?}: {target} {body}"
            );
        }
        Home::assert_flows(&owners);
    }
}

/// Jellyfin gives the posted guide as whomever its body names, shows any program by its id, and everybody's timers to all.
#[tokio::test]
async fn the_guide_and_what_is_recorded_tell_nothing_above_the_rating() {
    for version in VERSIONS {
        let home = Home::open(version, up_to_g()).await;
        let anna = home.house.standin.state().user_named("anna").unwrap().id;
        let all = home.items(&home.anna, "/LiveTv/Programs").await;
        let above = all.last().unwrap();
        assert_eq!(above["Name"], "The Last Witness");
        let above = above["Id"].as_str().unwrap();
        for body in [
            json!({}),
            json!({ "UserId": anna }),
            json!({ "userid": anna, "ChannelIds": home.channels }),
            json!({ "UserId": null }),
        ] {
            let (status, told) = home.post(&home.kid, "/LiveTv/Programs", &body).await;
            assert_eq!(status, StatusCode::OK, "{version:?}: {body}");
            let told = told["Items"].as_array().unwrap();
            assert_eq!(
                names(told),
                ["Songs for a Small Boat"],
                "{version:?}: {body}"
            );
        }
        let (_, told) = home.post(&home.anna, "/LiveTv/Programs", &json!({})).await;
        assert_eq!(told["Items"].as_array().unwrap().len(), 3, "{version:?}");
        let listed = home.items(&home.kid, "/LiveTv/Programs").await;
        assert_eq!(names(&listed), ["Songs for a Small Boat"], "{version:?}");
        let shown = listed[0]["Id"].as_str().unwrap();
        assert_eq!(
            home.items(&home.kid, "/LiveTv/Programs/Recommended")
                .await
                .len(),
            1
        );

        let film = home.house.films(&home.anna).await;
        let seen = home.house.films(&home.kid).await;
        let hidden = film.iter().find(|film| !seen.contains(film)).unwrap();
        let timers = home.items(&home.anna, "/LiveTv/Timers").await;
        let timer = timers[0]["Id"].as_str().unwrap();
        assert!(
            home.items(&home.kid, "/LiveTv/Timers").await.is_empty(),
            "{version:?}"
        );
        for target in [
            format!("/LiveTv/Programs/{above}"),
            format!("/LiveTv/Programs/{hidden}"),
            format!("/LiveTv/Timers/{timer}"),
            format!("/LiveTv/Timers/Defaults?programId={above}"),
        ] {
            let told = home.status(&home.anna, &target).await;
            assert_eq!(told, StatusCode::OK, "{version:?}: {target}");
            for target in [target.clone(), format!("/emby{}", target.to_uppercase())] {
                let refused = home.status(&home.kid, &target).await;
                assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {target}");
            }
        }
        let own = format!("/LiveTv/Programs/{shown}");
        assert_eq!(
            home.status(&home.kid, &own).await,
            StatusCode::OK,
            "{version:?}"
        );
    }
}

#[tokio::test]
async fn whoever_sees_less_opens_no_channel_by_a_token_that_no_answer_named() {
    for version in VERSIONS {
        let home = Home::open(version, up_to_g()).await;
        let (shown, above) = (&home.channels[0], &home.channels[2]);
        let own = home.tune(&home.kid, shown).await.token;
        let forged = own.replace(&**shown, above);
        let opened = || home.house.standin.faults().asked("POST /LiveStreams/Open");
        let before = opened();
        for (query, body) in [
            (
                String::new(),
                json!({ "ItemId": shown, "OpenToken": forged }),
            ),
            (
                String::new(),
                json!({ "opentoken": own, "OPENTOKEN": forged }),
            ),
            (format!("?itemId={shown}&openToken={forged}"), json!({})),
            (format!("?OPENTOKEN={forged}"), json!({ "ItemId": shown })),
        ] {
            let target = format!("/LiveStreams/Open{query}");
            let (refused, _) = home.post(&home.kid, &target, &body).await;
            assert_eq!(refused, StatusCode::NOT_FOUND, "{version:?}: {query}");
        }
        let twice = format!("/LiveStreams/Open?openToken={own}&openToken={forged}");
        let (refused, _) = home
            .post(&home.kid, &twice, &json!({ "ItemId": shown }))
            .await;
        assert_eq!(refused, StatusCode::BAD_REQUEST, "{version:?}");
        assert_eq!(opened(), before, "{version:?}");
        let body = json!({ "ItemId": shown, "OpenToken": own });
        home.post(&home.kid, "/LiveStreams/Open", &body).await;
        assert_eq!(opened(), before + 1, "{version:?}: what an answer named");
        let body = json!({ "ItemId": shown, "OpenToken": forged });
        home.post(&home.anna, "/LiveStreams/Open", &body).await;
        assert_eq!(
            opened(),
            before + 2,
            "{version:?}: from Anna nothing is kept"
        );
    }
}
