//! Beyond its screen time or outside its hours a profile gets no film through Usher, by whatever way (design, section 7).
use std::sync::Arc;
use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use usher_accounts::profiles::{MadeProfile, NewProfile};
use usher_accounts::sign_in::{PasswordForm, WebSignIn};
use usher_domain::profile::limits::{DailyMinutes, Limits};
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::preferences::Preferences;
use usher_domain::profile::{AgePreset, Profile};
use usher_domain::secret::SecretText;
use usher_domain::time::{TestClock, Timestamp};
use usher_domain::visitor::Visitor;
use usher_proxy::config::Limits as GatewayLimits;
use usher_standin::{Fault, Version};

use crate::client::{House, VERSIONS, jellyfin, json_of};
use crate::media::{media_routes, spellings, stream};

/// Until then at the latest an open film is cut when the time is used up (design, section 7). Two things make it up: how old
/// what is remembered of a screen may be, by the clock, and how often the gateway looks.
const CUT_WITHIN: Duration = Duration::from_secs(10);

/// Anna's house, where her child may watch one minute a day. The gateway looks every few milliseconds, so that no test waits.
struct Home {
    house: House,
    clock: Arc<TestClock>,
    kids: Profile,
    token: String,
    film: String,
}

impl Home {
    async fn open(version: Version) -> Self {
        // A Thursday, just after midnight.
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(0)));
        let house = House::on_watch(jellyfin(version).await, clock.clone()).await;
        let limits = Limits {
            screen_time: DailyMinutes::every_day(1),
            ..Limits::default()
        };
        let kids = child(&house, limits).await;
        let answer = house.sign_in("anna/Kids", "anna-pass-1").await;
        let token = json_of(&answer)["AccessToken"].as_str().unwrap().to_owned();
        let film = house.films(&token).await.remove(0);
        Self {
            house,
            clock,
            kids,
            token,
            film,
        }
    }

    async fn status(&self, target: &str) -> StatusCode {
        let carrier = [("x-emby-token", &*self.token)];
        self.house.get(target, &carrier).await.status()
    }

    async fn posted(&self, target: &str) -> StatusCode {
        let (carrier, body) = (
            [("x-emby-token", &*self.token)],
            json!({ "ItemId": self.film }),
        );
        self.house.post(target, &carrier, &body).await.status()
    }

    /// The child's screen reports that it plays, for so long.
    async fn play(&self, length: Duration) {
        self.report("/Sessions/Playing/Progress", length).await;
    }

    /// The same by this route.
    async fn report(&self, target: &str, length: Duration) {
        for _ in 0..length.as_secs() / 10 {
            let playing = self.posted(target).await;
            assert_eq!(playing, StatusCode::NO_CONTENT);
            self.clock.advance(Duration::from_secs(10));
        }
        self.posted(target).await;
        // What was remembered of it stands no longer.
        self.clock
            .advance(CUT_WITHIN.saturating_sub(GatewayLimits::default().recheck));
    }

    /// Reads an open film to where it is cut. As much time has passed by the clock as is left of ten seconds when the gateway
    /// looks as late as it may.
    async fn assert_cut(&self, mut film: TcpStream) {
        let mut rest = Vec::new();
        let cut_or_reset = film.read_to_end(&mut rest);
        let is_over = tokio::time::timeout(Duration::from_secs(20), cut_or_reset).await;
        assert!(is_over.is_ok(), "the film still flows");
        assert!(
            !rest.ends_with(b"0\r\n\r\n"),
            "a cut film must not look like a finished one"
        );
    }

    /// Waits until a minute was noted: the end of a body is told by whoever drops it, a moment after the client has read it.
    async fn until_used_up(&self, ways: &[String]) {
        let noted = async {
            while self.used().await < Duration::from_mins(1) {
                tokio::task::yield_now().await;
            }
        };
        let limit = Duration::from_secs(20);
        let is_noted = tokio::time::timeout(limit, noted).await.is_ok();
        assert!(is_noted, "{ways:?}: {:?}", self.used().await);
    }

    async fn used(&self) -> Duration {
        let today = self.house.accounts.watched_today(&self.kids).await;
        today.unwrap().used
    }

    fn info(&self) -> String {
        format!("/Items/{}/PlaybackInfo", self.film)
    }
}

/// Anna makes a profile with these limits.
pub(crate) async fn child(house: &House, limits: Limits) -> Profile {
    let visitor = Visitor::new("127.0.0.1".parse().unwrap(), true, "Firefox");
    let form = PasswordForm {
        name: "anna",
        password: &SecretText::new("anna-pass-1"),
        device_id: "browser",
        next: "",
        language: "en",
        trust: None,
    };
    let accounts = &house.accounts;
    let became = accounts.web_password(&form, None, &visitor).await.unwrap();
    let WebSignIn::Done(signed_in) = became else {
        panic!("Anna is not signed in: {became:?}");
    };
    let session = accounts.web_session(&signed_in.cookie).await.unwrap();
    let new = NewProfile {
        name: ProfileName::parse("Kids").unwrap(),
        picture: None,
        preset: AgePreset::Child,
        limits,
        preferences: Preferences::default(),
    };
    let session = session.unwrap();
    let made = accounts
        .make_profile(accounts.proven(&session).unwrap(), &new, &visitor)
        .await;
    let MadeProfile::Ready(profile) = made.unwrap() else {
        panic!("no profile");
    };
    *profile
}

#[tokio::test]
async fn beyond_the_screen_time_a_film_flows_by_no_media_route_in_no_spelling_with_a_token_or_a_ticket()
 {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (film, routes) = (&home.film, media_routes(&home.film));
        assert_eq!(home.posted(&home.info()).await, StatusCode::OK);
        let by_ticket = stream(film);
        let ticket = home.house.get(&by_ticket, &[]).await;
        assert_eq!(ticket.status(), StatusCode::OK, "{version:?}");
        home.play(Duration::from_mins(1)).await;
        let mut tried = 0;
        for path in &routes {
            for target in spellings(path, film) {
                let refused = home.status(&target).await;
                let by_query = format!("{target}?api_key={}&static=true", home.token);
                let in_query = home.house.get(&by_query, &[]).await.status();
                for status in [refused, in_query] {
                    assert_eq!(status, StatusCode::FORBIDDEN, "{version:?}: {target}");
                }
                let bare = home.house.get(&target, &[]).await.status();
                assert!(
                    matches!(bare, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN),
                    "{version:?}: {target}: {bare}"
                );
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
        let with_key = format!("{by_ticket}&userId={}", home.kids.user.unwrap());
        let key = ("x-emby-token", crate::client::API_KEY);
        let in_its_name = home.house.get(&with_key, &[key]).await.status();
        assert_eq!(in_its_name, StatusCode::FORBIDDEN, "{version:?}");
        for begun in [&home.info(), "/LiveStreams/Open", "/Sessions/Playing"] {
            let refused = home.posted(begun).await;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}: {begun}");
        }
        // By this the script in the web client leads to where more time is asked for.
        let carrier = [("x-emby-token", &*home.token)];
        let info = home.info();
        let refused = home.house.ask(Method::POST, &info, &carrier, "").await;
        assert_eq!(refused.headers()["x-usher-watching"], "over", "{version:?}");
        let older = format!("/PlayingItems/{film}");
        let in_older_form = home.posted(&older).await;
        assert_eq!(in_older_form, StatusCode::FORBIDDEN, "{version:?}");
        let ended = home.house.ask(Method::DELETE, &older, &carrier, "");
        assert_eq!(ended.await.status(), StatusCode::NO_CONTENT, "{version:?}");
        // Where it was left is still told, and so is what lies in the library.
        let stopped = home.posted("/Sessions/Playing/Stopped").await;
        assert_eq!(stopped, StatusCode::NO_CONTENT, "{version:?}");
        assert!(!home.house.films(&home.token).await.is_empty());
        home.clock.advance(Duration::from_hours(24));
        let flowing = home.status(&by_ticket).await;
        assert_eq!(flowing, StatusCode::OK, "{version:?}: another day");
    }
}

#[tokio::test]
async fn what_a_screen_reports_in_the_older_forms_counts_as_well_and_its_pauses_do_not() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let kids = home.kids.user.unwrap();
        let progress = format!("/Users/{kids}/PlayingItems/{}/Progress", home.film);
        let paused = format!("{progress}?positionTicks=1&isPaused=true");
        home.report(&paused, Duration::from_mins(1)).await;
        let used = || async {
            let today = home.house.accounts.watched_today(&home.kids).await;
            today.unwrap().used
        };
        assert_eq!(used().await, Duration::ZERO, "{version:?}");
        home.report(&progress, Duration::from_secs(30)).await;
        let counted = used().await;
        assert!(
            counted >= Duration::from_secs(30),
            "{version:?}: {counted:?}"
        );
    }
}

#[tokio::test]
async fn what_was_delivered_counts_by_its_length_whoever_reports_nothing() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let (film, token) = (&home.film, &home.token);
        // The stand-in's films last ten seconds, and its segments three: 6 × 9 s + 2 × 10 s.
        let segment = "runtimeTicks=0&actualSegmentLengthTicks=30000000";
        for number in 0..18 {
            let number = number % 3;
            let target = format!("/Videos/{film}/hls1/main/{number}.ts?ApiKey={token}&{segment}");
            let piece = home.house.get(&target, &[]).await;
            assert_eq!(piece.status(), StatusCode::OK, "{version:?}");
        }
        home.clock.advance(Duration::from_secs(5));
        assert_eq!(home.status(&stream(film)).await, StatusCode::OK);
        let download = format!("/Items/{film}/Download");
        home.until_used_up(&[stream(film)]).await;
        for target in [&stream(film), &download] {
            let refused = home.status(target).await;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}: {target}");
        }
    }
}

/// Jellyfin ignores the name of a playlist and the container of a film that is sent as it is, and makes segments as long as
/// whoever asks first wants them.
#[tokio::test]
async fn what_passes_counts_in_full_under_every_name_that_a_child_may_give_it() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let film = &home.film;
        let by = |path: &str| format!("/Videos/{film}/{path}&ApiKey={}", home.token);
        let short = "actualSegmentLengthTicks=30000000";
        let nothing = "runtimeTicks=0&actualSegmentLengthTicks=0";
        let long = format!("hls1/main/0.ts?{short}&SegmentLength=20&PlaySessionId=one");
        let rest = format!("hls1/main/1.ts?{short}&playSessionId=one");
        // A minute of film each: the stand-in's films last ten seconds.
        for (ways, times) in [
            (vec!["stream.m3u8?static=true".to_owned()], 6),
            // Packed anew on its way, it leaves without a word on its length, in no time.
            (
                vec!["stream.mkv?videoCodec=copy&audioCodec=copy".to_owned()],
                6,
            ),
            (vec![format!("hls1/trickplay/0.ts?{short}")], 20),
            (vec![format!("hls1/subtitles/0.ts?{short}")], 20),
            (vec![format!("hls1/main/0.ts?{nothing}")], 10),
            (
                vec![format!("hls1/main/0.ts?{nothing}&segmentLength=20")],
                3,
            ),
            (vec![long, rest.clone(), rest], 1),
        ] {
            for way in (0..times).flat_map(|_| &ways) {
                let passed = home.house.get(&by(way), &[]).await.status();
                assert_eq!(passed, StatusCode::OK, "{version:?}: {way}");
            }
            home.until_used_up(&ways).await;
            home.clock.advance(Duration::from_secs(5));
            let refused = home.status(&stream(film)).await;
            assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}: {ways:?}");
            // Another day.
            home.clock.advance(Duration::from_hours(24));
        }
        let endless = by(&format!("main.m3u8?segmentLength=3600&{nothing}"));
        let refused = home.house.get(&endless, &[]).await.status();
        assert_eq!(refused, StatusCode::BAD_REQUEST, "{version:?}");
    }
}

/// Of a film that is asked for in small parts, hardly anything is delivered, so the wall clock counts.
#[tokio::test]
async fn what_flows_counts_whatever_the_screen_says_of_a_pause() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        home.house.standin.faults().set("/videos/", Fault::Endless);
        let target = format!("{}&ApiKey={}", stream(&home.film), home.token);
        let part = "Range: bytes=0-99";
        let request = format!("GET {target} HTTP/1.1\r\nHost: h\r\n{part}\r\n\r\n");
        let carrier = [("x-emby-token", &*home.token)];
        let pause = json!({ "ItemId": home.film, "IsPaused": true });
        let mut parts = Vec::new();
        for part in 0..=12 {
            let mut open = TcpStream::connect(&home.house.address).await.unwrap();
            open.write_all(request.as_bytes()).await.unwrap();
            let mut heard = [0; 12];
            open.read_exact(&mut heard).await.unwrap();
            // By then the minute may be over already: what flows is told every few milliseconds, too.
            let is_last = part == 12;
            assert!(is_last || heard == *b"HTTP/1.1 206", "{version:?}: {part}");
            parts.push(open);
            let paused = "/Sessions/Playing/Progress";
            let told = home.house.post(paused, &carrier, &pause).await;
            assert_eq!(told.status(), StatusCode::NO_CONTENT, "{version:?}");
            home.clock.advance(Duration::from_secs(5));
        }
        let refused = home.status(&stream(&home.film)).await;
        assert_eq!(refused, StatusCode::FORBIDDEN, "{version:?}");
    }
}

/// The stream is open and silent: nothing but the gate can end it.
#[tokio::test]
async fn a_film_that_is_open_is_cut_when_the_time_is_used_up() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        home.house.standin.faults().set("/videos/", Fault::Endless);
        let mut open = TcpStream::connect(&home.house.address).await.unwrap();
        let (target, token) = (stream(&home.film), &home.token);
        let request = format!("GET {target}&ApiKey={token} HTTP/1.1\r\nHost: h\r\n\r\n");
        open.write_all(request.as_bytes()).await.unwrap();
        let mut heard = [0; 16];
        open.read_exact(&mut heard).await.unwrap();
        assert!(heard.starts_with(b"HTTP/1.1 200"), "{version:?}");
        home.play(Duration::from_secs(40)).await;
        assert_eq!(home.posted(&home.info()).await, StatusCode::OK);
        home.play(Duration::from_secs(20)).await;
        home.assert_cut(open).await;
    }
}

/// A film on one device, its like as segments on another, and on a third without any credential.
#[tokio::test]
async fn films_that_are_open_on_several_devices_are_all_cut_and_no_further_segment_is_given_out() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let body = json!({ "Username": "anna/Kids", "Pw": "anna-pass-1" });
        let phone = crate::client::identity("phone");
        let headers = [("authorization", &*phone)];
        let signed_in = home
            .house
            .post("/Users/AuthenticateByName", &headers, &body);
        let phone = json_of(&signed_in.await)["AccessToken"].clone();
        let phone = phone.as_str().unwrap();
        assert_eq!(home.posted(&home.info()).await, StatusCode::OK);
        let target = stream(&home.film);
        let segment = format!("/Videos/{}/hls1/main/0.ts?ApiKey={phone}", home.film);
        let first = home.house.get(&segment, &[]).await;
        assert_eq!(first.status(), StatusCode::OK, "{version:?}");
        home.house.standin.faults().set("/videos/", Fault::Endless);
        let mut open = Vec::new();
        for credential in [
            format!("&ApiKey={}", home.token),
            format!("&ApiKey={phone}"),
            String::new(),
        ] {
            let mut film = TcpStream::connect(&home.house.address).await.unwrap();
            let request = format!("GET {target}{credential} HTTP/1.1\r\nHost: h\r\n\r\n");
            film.write_all(request.as_bytes()).await.unwrap();
            let mut heard = [0; 16];
            film.read_exact(&mut heard).await.unwrap();
            assert!(heard.starts_with(b"HTTP/1.1 200"), "{version:?}");
            open.push(film);
        }
        home.play(Duration::from_mins(1)).await;
        for film in open {
            home.assert_cut(film).await;
        }
        home.house.standin.faults().lift_all();
        let next = home.house.get(&segment, &[]).await;
        assert_eq!(next.status(), StatusCode::FORBIDDEN, "{version:?}");
    }
}
