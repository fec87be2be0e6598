//! Settings, web sessions, the activity log, requests, and the schema itself.
use std::time::Duration;

use usher_domain::activity::{
    Activity, Door, ProfileDeed, ProfileLine, ProfilePart, SettingChanged,
};
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, ActivityId, RequestId, SessionId, UserId};
use usher_domain::mail::Wish;
use usher_domain::second_factor::FactorLevel;
use usher_domain::secret::Hash;
use usher_domain::settings::Requirement;
use usher_domain::time::Timestamp;
use usher_store::{ActivityLine, OpenRequest, Seating, Store, WebSession};
use uuid::Uuid;

use crate::databases::{NOON, databases};

fn anna() -> AccountId {
    AccountId::new(Uuid::from_u128(1))
}

#[tokio::test]
async fn a_setting_is_written_over_and_undone_with_its_transaction() {
    for db in databases().await {
        for value in [b"one", b"two"] {
            let tx = db.store.begin().await.unwrap();
            tx.put_setting("email", value.to_vec()).await.unwrap();
            tx.commit().await.unwrap();
        }
        let tx = db.store.begin().await.unwrap();
        tx.put_setting("email", b"three".to_vec()).await.unwrap();
        drop(tx);
        assert_eq!(
            db.store.setting("email").await.unwrap().unwrap(),
            b"two",
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn r77_an_open_database_is_opened_again_as_it_was() {
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        tx.put_setting("email", b"kept".to_vec()).await.unwrap();
        tx.commit().await.unwrap();
        let again = Store::open(&db.options).await.unwrap();
        assert_eq!(
            again.setting("email").await.unwrap().unwrap(),
            b"kept",
            "{}",
            db.name
        );
    }
}

fn session(seed: u64) -> WebSession {
    WebSession {
        id: SessionId::generate(NOON, &SeededEntropy::new(seed)),
        account: anna(),
        client: "Firefox on Linux".to_owned(),
        address: "192.0.2.1".to_owned(),
        token: Some(Hash::of("token")),
        opened: NOON,
        used: NOON,
        proved: NOON,
        level: FactorLevel::Trusted,
        proved_level: FactorLevel::None,
        level_counts: true,
        user: anna().owner(),
        owner_shown: None,
    }
}

#[tokio::test]
async fn r44_a_renewed_session_is_found_under_its_new_cookie_only() {
    for db in databases().await {
        let (old, new) = (Hash::of("old cookie"), Hash::of("new cookie"));
        let later = NOON + Duration::from_mins(1);
        let opened = session(1);
        let tx = db.store.begin().await.unwrap();
        tx.add_web_session(&old, &opened).await.unwrap();
        assert!(
            tx.renew_web_session(opened.id, &new, FactorLevel::Strong, later)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        assert!(
            db.store.web_session(&old).await.unwrap().is_none(),
            "{}",
            db.name
        );
        let found = db.store.web_session(&new).await.unwrap().unwrap();
        assert_eq!(
            found,
            WebSession {
                used: later,
                proved: later,
                proved_level: FactorLevel::Strong,
                ..opened
            },
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn r43_at_a_profiles_seat_nothing_of_what_was_proved_before_counts() {
    for db in databases().await {
        let kids = UserId::new(Uuid::from_u128(9));
        let opened = WebSession {
            proved_level: FactorLevel::Strong,
            ..session(1)
        };
        let tx = db.store.begin().await.unwrap();
        tx.add_web_session(&Hash::of("0"), &opened).await.unwrap();
        let held = Hash::of("token");
        let seating = |digest, user, former| Seating {
            digest,
            user,
            token: digest,
            former: Some(former),
            now: NOON,
        };
        let (first, second, third) = (Hash::of("1"), Hash::of("2"), Hash::of("3"));
        let stranger = AccountId::new(Uuid::from_u128(2));
        let to = seating(&first, kids, &held);
        let moved = tx.seat_web_session(opened.id, stranger, &to).await;
        assert!(!moved.unwrap(), "{}", db.name);
        assert!(
            tx.seat_web_session(opened.id, anna(), &to).await.unwrap(),
            "{}",
            db.name
        );
        let late = tx.seat_web_session(opened.id, anna(), &to).await;
        assert!(!late.unwrap(), "another was faster");
        assert!(tx.show_owner(opened.id, &second, NOON).await.unwrap());
        tx.commit().await.unwrap();
        let shown = db.store.web_session(&second).await.unwrap().unwrap();
        let at_kids = WebSession {
            token: Some(first),
            proved: Timestamp::from_millis(0),
            proved_level: FactorLevel::None,
            level_counts: false,
            user: kids,
            owner_shown: Some(NOON),
            ..opened.clone()
        };
        assert_eq!(shown, at_kids, "{}", db.name);
        assert!(shown.is_at_profile());
        let tx = db.store.begin().await.unwrap();
        let back = seating(&third, anna().owner(), &first);
        assert!(tx.seat_web_session(opened.id, anna(), &back).await.unwrap());
        tx.commit().await.unwrap();
        let left = db.store.web_session(&third).await.unwrap().unwrap();
        assert!(!left.is_at_profile() && left.owner_shown.is_none());
        assert_eq!(left.proved, Timestamp::from_millis(0), "{}", db.name);
    }
}

#[tokio::test]
async fn r71_a_session_is_ended_by_its_own_account_only() {
    for db in databases().await {
        let (first, second) = (session(1), session(2));
        let tx = db.store.begin().await.unwrap();
        tx.add_web_session(&Hash::of("1"), &first).await.unwrap();
        tx.add_web_session(&Hash::of("2"), &second).await.unwrap();
        let stranger = AccountId::new(Uuid::from_u128(2));
        assert!(
            !tx.end_web_session(stranger, first.id).await.unwrap(),
            "{}",
            db.name
        );
        tx.end_web_sessions(anna(), Some(second.id)).await.unwrap();
        tx.commit().await.unwrap();
        let left: Vec<SessionId> = db
            .store
            .web_sessions(anna())
            .await
            .unwrap()
            .iter()
            .map(|one| one.id)
            .collect();
        assert_eq!(left, [second.id], "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.end_web_sessions_of_token(&Hash::of("token"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            db.store.web_sessions(anna()).await.unwrap().is_empty(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn the_activity_log_answers_the_newest_first() {
    for db in databases().await {
        let entropy = SeededEntropy::new(1);
        let line = |seconds: u64, account, what| {
            let at = NOON + Duration::from_secs(seconds);
            let (client, address) = ("Kodi".to_owned(), "192.0.2.1".to_owned());
            ActivityLine {
                id: ActivityId::generate(at, &entropy),
                account,
                actor: None,
                at,
                what,
                client,
                address,
            }
        };
        let signed_in = Activity::SignedIn {
            door: Door::App,
            profile: Some("Kids".to_owned()),
        };
        let changed = Activity::PolicyChanged {
            settings: vec![SettingChanged::Profiles { most: Some(4) }],
        };
        let lines = [
            line(0, Some(anna()), signed_in),
            line(1, Some(anna()), Activity::SignedOut),
            line(2, None, changed),
        ];
        let tx = db.store.begin().await.unwrap();
        for line in &lines {
            tx.add_activity(line).await.unwrap();
        }
        tx.commit().await.unwrap();
        let of_anna = db.store.activities(Some(anna()), 10).await.unwrap();
        assert_eq!(of_anna, [lines[1].clone(), lines[0].clone()], "{}", db.name);
        assert_eq!(
            db.store.activities(None, 1).await.unwrap(),
            [lines[2].clone()],
            "{}",
            db.name
        );
    }
}

#[test]
fn a_line_reads_the_same_with_names_and_as_older_versions_wrote_it() {
    let profile = |name: Option<&str>| {
        Activity::Profile(ProfileLine {
            name: name.map(str::to_owned),
            ..ProfileDeed::Changed.into()
        })
    };
    let of_owner = Activity::Profile(ProfileLine {
        is_own: true,
        ..ProfileDeed::PinChanged.into()
    });
    let given = Activity::Profile(ProfileLine {
        minutes: Some(30),
        parts: vec![ProfilePart::ScreenTime],
        ..ProfileDeed::TimeGiven.into()
    });
    let signed_in = |profile: Option<&str>| Activity::SignedIn {
        door: Door::App,
        profile: profile.map(str::to_owned),
    };
    let asked = Activity::Asked {
        wish: Wish::OwnAccount,
        profile: None,
    };
    let policy = |settings| Activity::PolicyChanged { settings };
    let address = SettingChanged::Address {
        to: Requirement::Off,
    };
    for (line, text) in [
        (profile(None), r#"{"what":"profile","did":"changed"}"#),
        (
            given,
            r#"{"what":"profile","did":"time_given","minutes":30,"parts":["screen_time"]}"#,
        ),
        (
            profile(Some("Kids")),
            r#"{"what":"profile","did":"changed","name":"Kids"}"#,
        ),
        (
            of_owner,
            r#"{"what":"profile","did":"pin_changed","is_own":true}"#,
        ),
        (signed_in(None), r#"{"what":"signed_in","door":"app"}"#),
        (
            signed_in(Some("Kids")),
            r#"{"what":"signed_in","door":"app","profile":"Kids"}"#,
        ),
        (asked, r#"{"what":"asked","wish":"own_account"}"#),
        (
            Activity::QuickConnectApproved { profile: None },
            r#"{"what":"quick_connect_approved"}"#,
        ),
        (
            Activity::AppApproved { profile: None },
            r#"{"what":"app_approved"}"#,
        ),
        (policy(Vec::new()), r#"{"what":"policy_changed"}"#),
        (
            policy(vec![address]),
            r#"{"what":"policy_changed","settings":[{"setting":"address","to":"off"}]}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&line).unwrap(), text);
        let read: Activity = serde_json::from_str(text).unwrap();
        assert_eq!(read, line);
    }
}

#[tokio::test]
async fn an_account_keeps_its_newest_lines_and_nobodys_stay() {
    for db in databases().await {
        let entropy = SeededEntropy::new(1);
        let other = AccountId::new(Uuid::from_u128(2));
        let tx = db.store.begin().await.unwrap();
        for (account, lines) in [(Some(anna()), 5), (Some(other), 3), (None, 5)] {
            for seconds in 0..lines {
                let at = NOON + Duration::from_secs(seconds);
                let line = ActivityLine {
                    id: ActivityId::generate(at, &entropy),
                    account,
                    actor: None,
                    at,
                    what: Activity::SignedOut,
                    client: String::new(),
                    address: String::new(),
                };
                tx.add_activity(&line).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        let left = async || {
            let lines = db.store.activities(None, 99).await.unwrap();
            let of = |account| {
                let lines = lines.iter().filter(move |line| line.account == account);
                let ages = lines.map(|line| line.at.since(NOON).as_secs());
                ages.collect::<Vec<_>>()
            };
            [of(Some(anna())), of(Some(other)), of(None)]
        };
        for (most, annas, others) in [
            (5, vec![4, 3, 2, 1, 0], vec![2, 1, 0]),
            (3, vec![4, 3, 2], vec![2, 1, 0]),
            (1, vec![4], vec![2]),
        ] {
            let tx = db.store.begin().await.unwrap();
            tx.forget_surplus_activities(most).await.unwrap();
            tx.commit().await.unwrap();
            let wanted = [annas, others, vec![4, 3, 2, 1, 0]];
            assert_eq!(left().await, wanted, "{}: {most}", db.name);
        }
    }
}

#[tokio::test]
async fn who_asks_twice_waits_once() {
    for db in databases().await {
        let request = |seed| OpenRequest {
            id: RequestId::generate(NOON, &SeededEntropy::new(seed)),
            account: anna(),
            wish: Wish::PasswordReset,
            asked: NOON,
        };
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_request(&request(1)).await.unwrap(), "{}", db.name);
        assert!(!tx.add_request(&request(2)).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        assert_eq!(
            db.store.open_requests().await.unwrap(),
            [request(1)],
            "{}",
            db.name
        );
        let tx = db.store.begin().await.unwrap();
        tx.close_requests_of(anna(), NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert!(
            db.store.open_requests().await.unwrap().is_empty(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_request_that_is_done_is_forgotten_when_it_is_old_and_one_that_waits_never() {
    for db in databases().await {
        let request = |seed, wish| OpenRequest {
            id: RequestId::generate(NOON, &SeededEntropy::new(seed)),
            account: anna(),
            wish,
            asked: NOON,
        };
        let done = request(1, Wish::PasswordReset);
        let waits = request(2, Wish::SetUpCode);
        let tx = db.store.begin().await.unwrap();
        for request in [&done, &waits] {
            assert!(tx.add_request(request).await.unwrap(), "{}", db.name);
        }
        tx.close_request(done.id, NOON).await.unwrap();
        tx.forget_requests(NOON).await.unwrap();
        tx.commit().await.unwrap();
        let later = NOON + Duration::from_mins(1);
        for (moment, is_gone) in [(NOON, false), (later, true)] {
            let tx = db.store.begin().await.unwrap();
            tx.forget_requests(moment).await.unwrap();
            tx.commit().await.unwrap();
            let tx = db.store.begin().await.unwrap();
            // Its identifier is free once its row is gone.
            let again = tx.add_request(&done).await;
            assert_eq!(again.is_ok(), is_gone, "{}", db.name);
        }
        let open = db.store.open_requests().await.unwrap();
        assert_eq!(open, [waits], "{}", db.name);
    }
}
