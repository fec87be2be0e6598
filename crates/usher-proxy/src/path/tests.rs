use super::*;

fn read(raw: &str) -> Result<String, RefusedPath> {
    CanonicalPath::parse(raw, "").map(|path| path.upstream())
}

#[test]
fn r55_a_path_has_one_reading() {
    for (raw, expected) in [
        ("/Users/AuthenticateByName", "/Users/AuthenticateByName"),
        ("/Users/Authenticate%42yName/", "/Users/AuthenticateByName"),
        (
            "/x/../Users/./AuthenticateByName/.",
            "/Users/AuthenticateByName",
        ),
        ("/emby/Users/Me", "/Users/Me"),
        ("/MediaBrowser/Users/Me", "/Users/Me"),
        (
            "/Genres/a%2fb/Images/Primary",
            "/Genres/a%2Fb/Images/Primary",
        ),
        ("/Genres/S%C3%BCd%20See", "/Genres/S%C3%BCd%20See"),
        ("/", "/"),
        ("/web/", "/web/"),
        ("/web", "/web"),
        ("/%75sher/account/", "/usher/account/"),
        ("/usher", "/usher"),
    ] {
        assert_eq!(read(raw).as_deref(), Ok(expected), "{raw}");
    }
}

#[test]
fn r55_what_could_be_read_twice_is_refused() {
    for raw in [
        "http://server/Users/Me",
        "*",
        "/Users/%2e/Me",
        "/Users/%2541uthenticateByName",
        "/Users//Me",
        "/x/..//Users/Me",
        "/Users%5CMe",
        "/Users\\Me",
        "/Users/Me%00",
        "/Users/Me%09",
        "/Users/Me%",
        "/Users/Me%4",
        "/Users/%ff",
        "/U%C5%BFers/Me",
        "/emby/emby/Users/Me",
        "/embyUsers/Me",
    ] {
        assert!(read(raw).is_err(), "{raw}");
    }
}

#[test]
fn the_base_url_is_stripped_in_any_letter_case_and_nothing_outside_is_taken() {
    let read = |raw: &str| CanonicalPath::parse(raw, "/jellyfin").map(|path| path.upstream());
    assert_eq!(read("/Jellyfin/emby/Users/Me").as_deref(), Ok("/Users/Me"));
    assert_eq!(read("/jellyfin").as_deref(), Ok("/"));
    assert_eq!(read("/jellyfinUsers/Me"), Err(RefusedPath::OutsideBase));
    assert_eq!(read("/Users/Me"), Err(RefusedPath::OutsideBase));
}

/// Every spelling that a real server took for `/System/Info/Public` is seen as that path or refused, and nothing else
/// is taken for it (contract, `paths.jsonl`).
#[test]
fn r55_every_recorded_spelling_is_seen_as_its_route_or_refused() {
    for version in ["10.11", "12.0"] {
        let file = format!(
            "{}/../../contract/{version}/paths.jsonl",
            env!("CARGO_MANIFEST_DIR")
        );
        let mut taken = 0;
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let target = record["path"].as_str().unwrap();
            let raw = target.split('?').next().unwrap();
            let Ok(path) = CanonicalPath::parse(raw, "") else {
                continue;
            };
            let ours = path.folded() == "/system/info/public";
            if record["routed"] == true {
                assert!(
                    ours,
                    "{version}: the server routed {target}, Usher reads {path:?}"
                );
                taken += 1;
            } else if ours {
                // Version 12.0 has dropped the legacy prefixes; Usher brings them back on purpose.
                let plain = percent_encoding::percent_decode_str(raw)
                    .decode_utf8()
                    .unwrap()
                    .to_lowercase();
                let legacy = plain.contains("/emby") || plain.contains("/mediabrowser");
                assert!(
                    legacy || record["status"] == 400,
                    "{version}: the server did not route {target}"
                );
            }
        }
        assert!(taken > 300, "{version}: only {taken} spellings are taken");
    }
}
