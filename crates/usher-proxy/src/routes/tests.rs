use std::fmt::Write;

use super::*;

fn class_of(method: &str, path: &str) -> Matched {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    classify(&method, &CanonicalPath::parse(path, "").unwrap())
}

/// Every route of every version, hidden ones included, has its class (`contract/routes-*.tsv`).
#[test]
fn every_route_of_every_version_has_its_class() {
    let mut table = std::collections::BTreeMap::new();
    for version in ["10.10", "10.11", "12.0"] {
        let file = format!(
            "{}/../../contract/routes-{version}.tsv",
            env!("CARGO_MANIFEST_DIR")
        );
        for line in std::fs::read_to_string(file).unwrap().lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let path: String = cells[1]
                .split('/')
                .map(example)
                .collect::<Vec<_>>()
                .join("/");
            let matched = class_of(cells[0], &path);
            let needs = cells[2];
            let open = matches!(
                matched.class,
                Class::Public
                    | Class::FilterPublic
                    | Class::OwnPublic
                    | Class::Block
                    | Class::Media
            );
            assert!(
                needs != "anonymous" || open || cells[1].ends_with("ConfigurationPage"),
                "{line}: {matched:?}"
            );
            let passes_anybody = matches!(matched.class, Class::Public | Class::FilterPublic);
            assert!(
                needs == "anonymous" || !passes_anybody,
                "{line}: open though Jellyfin asks for {needs}"
            );
            table.insert(format!("{} {}", cells[1], cells[0]), matched);
        }
    }
    let text = table
        .iter()
        .fold(String::new(), |mut text, (route, matched)| {
            write!(text, "{route}: {:?} {:?}", matched.class, matched.route).unwrap();
            if matched.limiter != Limiter::None {
                write!(text, ", limited: {:?}", matched.limiter).unwrap();
            }
            if matched.danger != Danger::None {
                write!(text, ", dangerous: {:?}", matched.danger).unwrap();
            }
            text + "\n"
        });
    insta::assert_snapshot!(text);
}

/// A segment as a client would send it: `{itemId}` becomes an id, `stream.{container}` a file name.
fn example(segment: &str) -> String {
    let mut filled = String::new();
    let mut rest = segment;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push('x');
        rest = after.split_once('}').map_or("", |(_, behind)| behind);
    }
    filled + rest
}

#[test]
fn sockets_are_let_in_by_two_doors_only() {
    assert_eq!(class_of("GET", "/socket").class, Class::Socket);
    assert_eq!(class_of("GET", "/EmbyWebSocket").class, Class::Socket);
    assert_eq!(class_of("GET", "/foo").class, Class::Pass);
}

#[test]
fn an_encoded_slash_makes_no_other_route() {
    assert_eq!(
        class_of("POST", "/Users%2FAuthenticateByName").class,
        Class::Pass
    );
    assert_eq!(
        class_of("POST", "/Users/x%2Fauthenticate").route,
        Route::UpdateUser
    );
}

/// Each door of `side-doors.json` that issued a token is the sign-in route for Usher too, or refused.
#[test]
fn no_spelling_of_the_sign_in_route_is_another_route() {
    for version in ["10.11", "12.0"] {
        let file = format!(
            "{}/../../contract/{version}/side-doors.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let record: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mut taken = 0;
        for door in record["doors"].as_array().unwrap() {
            let target = door["path"].as_str().unwrap();
            if door["token"] != true || target.starts_with("via ") {
                continue;
            }
            let raw = target.split('?').next().unwrap();
            let Ok(path) = CanonicalPath::parse(raw, "") else {
                continue;
            };
            let method = Method::from_bytes(door["method"].as_str().unwrap().as_bytes()).unwrap();
            assert_eq!(
                classify(&method, &path).route,
                Route::AuthenticateByName,
                "{version}: {target}"
            );
            taken += 1;
        }
        assert!(taken > 5, "{version}: only {taken} doors are taken");
    }
}

/// What the real web client asks for on a tour passes: nothing of it is blocked.
#[test]
fn every_request_of_the_web_client_passes() {
    for version in ["10.11", "12.0"] {
        let file = format!(
            "{}/../../contract/{version}/web-client.json",
            env!("CARGO_MANIFEST_DIR")
        );
        let record: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for request in record.as_array().unwrap() {
            let method = request["method"]
                .as_str()
                .unwrap()
                .replace("WEBSOCKET", "GET");
            let path = request["path"].as_str().unwrap();
            let matched = class_of(&method, path);
            assert_ne!(matched.class, Class::Block, "{version}: {method} {path}");
            let anonymous = request["credential"] == "none"
                && request["status"]
                    .as_u64()
                    .is_some_and(|status| status < 400);
            let open = matches!(
                matched.class,
                Class::Public | Class::FilterPublic | Class::OwnPublic | Class::Socket
            );
            assert!(
                !anonymous || open,
                "{version}: {method} {path} was asked without a credential: {matched:?}"
            );
        }
    }
}

/// Whether whoever calls the route makes Usher or Jellyfin judge or set a password, send mail, or sign somebody in.
const fn is_costly(route: Route) -> bool {
    match route {
        Route::AuthenticateByName
        | Route::AuthenticateWithQuickConnect
        | Route::QuickConnectInitiate
        | Route::QuickConnectAuthorize
        | Route::ForgotPassword
        | Route::ForgotPasswordPin
        | Route::SetPassword
        | Route::CreateUser => true,
        Route::Page
        | Route::QuickConnectEnabled
        | Route::PublicUsers
        | Route::Users
        | Route::User
        | Route::Me
        | Route::UpdateUser
        | Route::DeleteUser
        | Route::SetPolicy
        | Route::Logout
        | Route::Keys
        | Route::DeleteKey
        | Route::Devices
        | Route::ServerConfiguration
        | Route::Configuration
        | Route::PlaybackInfo
        | Route::OpenLiveStream
        | Route::CloseLiveStream
        | Route::Guide
        | Route::Timers
        | Route::Session
        | Route::ActiveEncodings
        | Route::Media
        | Route::SystemInfo
        | Route::Branding
        | Route::WebConfig
        | Route::WebIndex
        | Route::Playing
        | Route::Extras
        | Route::Playlist
        | Route::Sessions
        | Route::Groups
        | Route::JoinGroup
        | Route::Other => false,
    }
}

#[test]
fn r26_what_signs_in_sets_passwords_or_sends_mail_has_a_limiter() {
    for row in table::TABLE {
        let Matched { route, limiter, .. } = row.matched;
        assert!(
            !is_costly(route) || limiter != Limiter::None,
            "{} {}",
            row.methods,
            row.pattern
        );
    }
}

#[test]
fn dangerous_routes_of_administrators_are_told() {
    for (method, path, dangerous) in [
        ("POST", "/Auth/Keys", true),
        ("DELETE", "/Auth/Keys/x", true),
        ("POST", "/Users/New", true),
        ("POST", "/Users/x/Policy", true),
        ("POST", "/Users/Password", true),
        ("POST", "/Users/x/Password", true),
        ("POST", "/Plugins/x/Configuration", true),
        ("POST", "/Packages/Installed/x", true),
        ("POST", "/Repositories", true),
        ("POST", "/System/Configuration", true),
        ("POST", "/System/Configuration/network", true),
        ("POST", "/Backup/Restore", true),
        ("GET", "/Backup", true),
        ("GET", "/System/Configuration", false),
        ("GET", "/Plugins", false),
        ("POST", "/Users/Configuration", false),
    ] {
        let danger = class_of(method, path).danger;
        assert_eq!(
            danger == Danger::Administrator,
            dangerous,
            "{method} {path}"
        );
    }
}

/// Rows that begin with a wildcard are looked at last, whatever their place.
#[test]
fn the_first_row_that_fits_decides_in_the_index_too() {
    let wild = |row: &table::Row| row.pattern.starts_with('*');
    let first = table::TABLE.iter().position(wild).unwrap();
    assert!(table::TABLE[first..].iter().all(wild));
}
