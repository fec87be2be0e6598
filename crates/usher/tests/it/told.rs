//! What comes down people's sockets: profiles are named there as in Jellyfin's answers, and to nobody else.
use futures_util::{SinkExt, StreamExt};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use usher_standin::Fault;

use crate::client::{API_KEY, VERSIONS, ask_at, json_of};
use crate::profiles::Home;

/// A socket, and what came down it.
struct Ear(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Ear {
    async fn of(home: &Home, token: &str) -> Self {
        let url = format!("ws://{}/socket?api_key={token}", home.house.address);
        let (socket, _) = connect_async(url).await.unwrap();
        let mut ear = Self(socket);
        assert_eq!(ear.next().await["MessageType"], "ForceKeepAlive");
        ear
    }

    async fn next(&mut self) -> Value {
        let message = self.0.next().await.unwrap().unwrap();
        serde_json::from_str(message.to_text().unwrap()).unwrap()
    }

    /// Everything that was said so far: the reply to a word of ours comes after it.
    async fn heard(&mut self) -> Vec<Value> {
        let alive = json!({ "MessageType": "KeepAlive" }).to_string();
        self.0.send(Message::text(alive)).await.unwrap();
        let mut heard = Vec::new();
        loop {
            let message = self.next().await;
            if message["MessageType"] == "KeepAlive" {
                return heard;
            }
            heard.push(message);
        }
    }

    /// What a group said, in short.
    async fn of_group(&mut self) -> Vec<(String, Value)> {
        let heard = self.heard().await;
        let updates = heard.iter().map(|message| {
            assert_eq!(message["MessageType"], "SyncPlayGroupUpdate");
            let update = &message["Data"];
            let said = update["Data"]
                .get("Participants")
                .unwrap_or(&update["Data"]);
            (update["Type"].as_str().unwrap().to_owned(), said.clone())
        });
        updates.collect()
    }
}

fn said(kind: &str, what: &Value) -> (String, Value) {
    (kind.to_owned(), what.clone())
}

/// A group that somebody opens.
async fn open_group(home: &Home, token: &str) -> String {
    let named = json!({ "GroupName": "Friday" });
    let carrier = [("x-emby-token", token)];
    let made = json_of(&home.house.post("/SyncPlay/New", &carrier, &named).await);
    made["GroupId"].as_str().unwrap().to_owned()
}

async fn join(home: &Home, token: &str, group: &str) {
    let join = json!({ "GroupId": group });
    let status = home.posted(token, "/SyncPlay/Join", &join).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}

async fn leave(home: &Home, token: &str) {
    let status = home.posted(token, "/emby/SyncPlay/Leave", &json!({})).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
}

/// Whom a token sees in a group; `None` where neither the list nor the group itself says that there is one.
async fn people_in(home: &Home, token: &str, group: &str) -> Option<Value> {
    let list = home.told(token, "/SyncPlay/List").await;
    let mut listed = list.as_array().unwrap().iter();
    let listed = listed.find(|one| one["GroupId"] == group);
    let carrier = [("x-emby-token", token)];
    let by_id = |id: &str| format!("/SyncPlay/{id}");
    let one = home.house.get(&by_id(group), &carrier).await;
    let Some(listed) = listed else {
        let nobodys = home.house.get(&by_id(&"1".repeat(32)), &carrier).await;
        assert_eq!(one.status(), StatusCode::NOT_FOUND);
        let kind = |answer: &http::Response<bytes::Bytes>| answer.headers()["content-type"].clone();
        assert_eq!(kind(&one), kind(&nobodys));
        let (one, nobodys) = (json_of(&one), json_of(&nobodys));
        for part in ["type", "title", "status"] {
            assert_eq!(one[part], nobodys[part], "{one}");
        }
        return None;
    };
    assert_eq!(one.status(), StatusCode::OK);
    assert_eq!(json_of(&one)["Participants"], listed["Participants"]);
    Some(listed["Participants"].clone())
}

#[tokio::test]
async fn a_group_tells_of_a_profile_under_its_name_to_its_account() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let (anna, kim, root) = (
            house.token("anna").await,
            house.token("kim").await,
            house.token("root").await,
        );
        let mut ears = Vec::new();
        for token in [&anna, &kim, &home.kids, &root] {
            ears.push(Ear::of(&home, token).await);
        }
        let group = open_group(&home, &anna).await;
        join(&home, &home.kids, &group).await;
        join(&home, &root, &group).await;
        leave(&home, &home.kids).await;
        join(&home, &kim, &group).await;
        let wanted = [
            vec![
                said("GroupJoined", &json!(["anna"])),
                said("UserJoined", &json!("Kids")),
                said("UserJoined", &json!("root")),
                said("UserLeft", &json!("Kids")),
                said("UserJoined", &json!("kim")),
            ],
            vec![said("GroupJoined", &json!(["anna", "root", "kim"]))],
            vec![
                said("GroupJoined", &json!(["anna", "Kids"])),
                said("UserJoined", &json!("root")),
            ],
            vec![
                said("GroupJoined", &json!(["anna", "anna+Kids", "root"])),
                said("UserLeft", &json!("anna+Kids")),
                said("UserJoined", &json!("kim")),
            ],
        ];
        for (place, wanted) in wanted.into_iter().enumerate() {
            let mut heard = ears[place].of_group().await;
            // To whoever leaves, the group's id is said.
            heard.retain(|(kind, _)| kind != "GroupLeft");
            assert_eq!(heard, wanted, "{version:?}, {place}");
        }
    }
}

#[tokio::test]
async fn a_group_with_a_profile_is_joined_by_its_account_and_is_not_there_for_others() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let (anna, kim) = (house.token("anna").await, house.token("kim").await);
        let group = open_group(&home, &home.kids).await;
        let mut ear = Ear::of(&home, &anna).await;
        let mut other = Ear::of(&home, &kim).await;
        for others in [json!(["Kids"]), json!(["Kids", "anna"])] {
            assert_eq!(people_in(&home, &anna, &group).await, Some(others.clone()));
            assert_eq!(people_in(&home, &home.kids, &group).await, Some(others));
            assert_eq!(people_in(&home, &kim, &group).await, None);
            is_kept_out(&home, &kim, &mut other, &group).await;
            join(&home, &anna, &group).await;
        }
        let joined = said("GroupJoined", &json!(["Kids", "anna"]));
        assert_eq!(ear.of_group().await, [joined.clone(), joined]);
        leave(&home, &home.kids).await;
        join(&home, &kim, &group).await;
        let joined = said("GroupJoined", &json!(["anna", "kim"]));
        assert_eq!(other.of_group().await, [joined]);
    }
}

/// However a group is named, it has ended for this token.
async fn is_kept_out(home: &Home, token: &str, ear: &mut Ear, group: &str) {
    let dashed = format!("{}-{}", &group[..8], &group[8..12])
        + &format!("-{}-{}-{}", &group[12..16], &group[16..20], &group[20..]);
    for (target, join) in [
        ("/SyncPlay/Join", json!({ "GroupId": group })),
        (
            "/emby/syncplay/join/",
            json!({ "groupid": group.to_uppercase() }),
        ),
        ("/SyncPlay/JOIN", json!({ "GROUPID": dashed })),
    ] {
        let status = home.posted(token, target, &join).await;
        assert_eq!(status, StatusCode::NO_CONTENT, "{target}");
        let heard = ear.of_group().await;
        assert_eq!(heard, [said("GroupDoesNotExist", &json!(""))], "{target}");
    }
    let unread = json!({ "GroupId": format!("{{{group}}}") });
    let status = home.posted(token, "/SyncPlay/Join", &unread).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_profile_joins_no_group_in_which_somebody_of_another_account_is_and_sees_none() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let (anna, kim) = (house.token("anna").await, house.token("kim").await);
        let group = open_group(&home, &anna).await;
        join(&home, &kim, &group).await;
        let everybody = Some(json!(["anna", "kim"]));
        assert_eq!(people_in(&home, &anna, &group).await, everybody);
        assert_eq!(people_in(&home, &kim, &group).await, everybody);
        assert_eq!(people_in(&home, &home.kids, &group).await, None);
        let mut ear = Ear::of(&home, &home.kids).await;
        is_kept_out(&home, &home.kids, &mut ear, &group).await;
        leave(&home, &kim).await;
        join(&home, &home.kids, &group).await;
        let joined = said("GroupJoined", &json!(["anna", "Kids"]));
        assert_eq!(ear.of_group().await, [joined]);
    }
}

#[tokio::test]
async fn of_a_profile_and_somebody_else_who_join_at_one_moment_not_both_stay() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let [anna, kim, root] = ["anna", "kim", "root"].map(|name| house.token(name));
        let (anna, kim, root) = (anna.await, kim.await, root.await);
        let group = open_group(&home, &anna).await;
        let faults = house.standin.faults();
        // Both are told that anna is alone there before either joins.
        faults.forget_counts();
        faults.set("/syncplay/list", Fault::Held);
        let let_go = async {
            while faults.asked("GET /SyncPlay/List") < 2 {
                tokio::task::yield_now().await;
            }
            faults.lift_all();
        };
        tokio::join!(
            join(&home, &kim, &group),
            join(&home, &home.kids, &group),
            let_go
        );
        let people = people_in(&home, &root, &group).await.unwrap();
        let people: Vec<&str> = people
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        assert!(people.contains(&"anna"), "{people:?}");
        let strangers = people.contains(&"kim") && people.contains(&"anna+Kids");
        assert!(!strangers, "{version:?}: {people:?}");
    }
}

#[tokio::test]
async fn whoever_has_joined_leaves_where_nobody_can_say_who_else_did() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let (anna, root) = (house.token("anna").await, house.token("root").await);
        let group = open_group(&home, &anna).await;
        let faults = house.standin.faults();
        faults.forget_counts();
        faults.set("/syncplay/join", Fault::Held);
        let let_go = async {
            while faults.asked("POST /SyncPlay/Join") == 0 {
                tokio::task::yield_now().await;
            }
            faults.set("/syncplay/list", Fault::BrokenJson);
            faults.lift("/syncplay/join");
        };
        tokio::join!(join(&home, &home.kids, &group), let_go);
        faults.lift_all();
        let left = people_in(&home, &root, &group).await;
        assert_eq!(left, Some(json!(["anna"])), "{version:?}");
    }
}

#[tokio::test]
async fn what_jellyfin_says_of_users_names_no_profile_to_others_and_the_own_name_to_itself() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let house = &home.house;
        let (kim, root) = (house.token("kim").await, house.token("root").await);
        let mut at_kim = Ear::of(&home, &kim).await;
        let mut at_root = Ear::of(&home, &root).await;
        let mut at_kids = Ear::of(&home, &home.kids).await;
        let kids = &home.user;
        // Renamed in Jellyfin itself: its own screens are told.
        let target = format!("/Users?userId={kids}");
        let key = format!("MediaBrowser Token=\"{API_KEY}\"");
        let headers = [
            ("authorization", &*key),
            ("content-type", "application/json"),
        ];
        let jellyfin = house.standin.address().to_string();
        let renamed = json!({ "Name": "anna+Kids7" }).to_string();
        ask_at(&jellyfin, &target, &headers, &renamed).await;
        let heard = at_kids.heard().await;
        assert_eq!(heard[0]["MessageType"], "UserUpdated");
        assert_eq!(heard[0]["Data"]["Name"], "anna/Kids", "{version:?}");
        assert_eq!(heard[0]["Data"]["Id"], kids.as_str());
        // What Jellyfin of today tells administrators alone, told to everybody.
        let session = |user: &str, name: &str| json!({ "Id": "x", "UserId": user, "UserName": name, "AdditionalUsers": [] });
        let me = home.told(&kim, "/Users/Me").await["Id"].clone();
        let me = me.as_str().unwrap();
        let sessions = json!([session(kids, "anna+Kids7"), session(me, "kim")]);
        let entry = json!([{ "Name": "anna+Kids7 has disconnected", "UserId": kids }]);
        let user = json!({ "Name": "anna+Kids7", "Id": kids });
        let everything = [
            ("Sessions", &sessions),
            ("ActivityLogEntry", &entry),
            ("UserUpdated", &user),
            ("UserDeleted", &json!(kids)),
            ("UserDeleted", &json!("1".repeat(32))),
            ("LibraryChanged", &json!({ "ItemsAdded": [] })),
        ];
        for device in ["kim-1", "root-1"] {
            for (kind, data) in everything {
                house.standin.say(device, kind, data);
            }
        }
        let heard = at_kim.heard().await;
        let types: Vec<&Value> = heard.iter().map(|one| &one["MessageType"]).collect();
        assert_eq!(types, ["Sessions", "UserDeleted", "LibraryChanged"]);
        assert_eq!(heard[0]["Data"], json!([session(me, "kim")]));
        assert_eq!(heard[1]["Data"], "1".repeat(32));
        let heard = at_root.heard().await;
        let data: Vec<&Value> = heard.iter().map(|one| &one["Data"]).collect();
        assert_eq!(data, everything.map(|(_, data)| data));
        let subscribed = json!({ "MessageType": "SessionsStart", "Data": "0,1000" });
        let subscribed = Message::text(subscribed.to_string());
        at_root.0.send(subscribed).await.unwrap();
        let told = at_root.next().await;
        assert_eq!(told["MessageType"], "Sessions");
        assert!(told.to_string().contains("anna+Kids7"), "{told}");
        // Nobody goes on hearing as an administrator who is none.
        home.change("root", &json!({ "IsAdministrator": false }));
        home.clock.advance(std::time::Duration::from_secs(5));
        house.standin.say("root-1", "UserUpdated", &user);
        assert_eq!(at_root.heard().await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn whoever_asks_for_camel_case_gets_the_usual_spelling_and_hears_of_no_profile() {
    for version in VERSIONS {
        let home = Home::open(version).await;
        let kim = home.house.token("kim").await;
        let accept = ("accept", "application/json; profile=\"CamelCase\"");
        let told = async |token: &str, target: &str| {
            let headers = [("x-emby-token", token), accept];
            json_of(&home.house.get(target, &headers).await)
        };
        let users = told(&kim, "/Users").await;
        assert!(users[0]["Name"].is_string(), "{users}");
        assert!(!users.to_string().contains("Kids"), "{users}");
        let me = told(&home.kids, "/Users/Me").await;
        assert_eq!(me["Name"], "anna/Kids");
        let sessions = told(&home.kids, "/Sessions").await;
        assert_eq!(sessions[0]["UserName"], "anna/Kids");
        let tiles = told(&kim, "/Users/Public").await;
        assert!(!tiles.as_array().unwrap().is_empty());
        assert!(tiles[0]["Name"].is_string(), "{tiles}");
        let root = home.house.token("root").await;
        let keys = told(&root, "/Auth/Keys").await;
        assert!(keys["Items"].is_array() && !keys.to_string().contains(API_KEY));
    }
}
