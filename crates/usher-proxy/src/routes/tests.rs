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
            writeln!(text, "{route}: {:?} {:?}", matched.class, matched.route).unwrap();
            text
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
