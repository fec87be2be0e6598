use std::ffi::OsString;

use super::*;

#[test]
fn a_variable_overrides_its_key_of_the_file() {
    let file = format!("inject = true\nlisten = \"0.0.0.0:1\"\n{LEAST}");
    let config = parse_with(
        &file,
        &[
            ("USHER_LISTEN", "127.0.0.1:9000"),
            ("USHER_INJECT", "false"),
            ("USHER_ADOPT_TOKENS_DAYS", "7"),
            ("USHER_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.0.0/16,"),
            ("USHER_UPSTREAM__URL", "https://jellyfin.example.org"),
            ("USHER_DATABASE__PATH", "/data/usher.db"),
        ],
    )
    .unwrap();
    assert_eq!(config.listen.port(), 9000);
    assert!(!config.inject);
    assert_eq!(config.adopt_tokens_days, 7);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.upstream.url, "https://jellyfin.example.org");
    assert_eq!(config.database.path, Path::new("/data/usher.db"));
}

#[test]
fn variables_alone_are_enough() {
    let variables = [
        ("USHER_PUBLIC_URL", "https://media.example.org"),
        ("USHER_UPSTREAM__URL", "http://[::1]:8096"),
    ];
    assert!(parse_with("", &variables).is_ok());
}

#[test]
fn what_is_wrong_in_a_variable_is_named_with_it() {
    for (name, value) in [
        ("USHER_LISTEN", "8097"),
        ("USHER_INJECT", "yes"),
        ("USHER_ADOPT_TOKENS_DAYS", "a month"),
        ("USHER_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("USHER_PUBLIC_URL", "media.example.org"),
        ("USHER_UPSTREAM__URL", "http://192.168.1.9"),
        ("USHER_DATABASE__URL", "mysql://127.0.0.1"),
        ("USHER_TIME_ZONE", "Europe/Atlantis"),
        // Unknown ones, as a slip makes them.
        ("USHER_PUBLIK_URL", "https://media.example.org"),
        ("USHER_UPSTREAM_URL", "http://127.0.0.1:8096"),
        ("USHER_MAIL__HOST__NAME", "smtp.example.org"),
        ("USHER___", "x"),
    ] {
        let error = parse_with(LEAST, &[(name, value)]).unwrap_err();
        assert!(
            error.starts_with(&format!("environment variable {name}: ")),
            "{name}: {error}"
        );
    }
}

#[test]
fn an_empty_variable_and_one_of_somebody_else_count_as_absent() {
    let variables = [
        ("USHER_LISTEN", ""),
        ("USHER_UPSTREAM__API_KEY", ""),
        ("USHER_LOG", "usher=debug"),
        ("USHER_PORT", "tcp://10.0.0.1:8097"),
        ("USHER_SERVICE_HOST", "10.0.0.1"),
        ("USHER_WEB_SERVICE_PORT_HTTP", "8097"),
        ("USHER_PORT_8097_TCP_ADDR", "10.0.0.1"),
        ("LISTEN", "nowhere"),
        ("usher_listen", "nowhere"),
    ];
    let config = parse_with(LEAST, &variables).unwrap();
    assert_eq!(config.listen, everywhere());
    assert!(config.upstream.api_key.is_none());
}

#[test]
fn no_key_has_the_name_of_a_service_link() {
    for section in SECTIONS {
        for key in keys_of(section) {
            let dot = if section.is_empty() { "" } else { "__" };
            let name = format!("USHER_{section}{dot}{key}").to_ascii_uppercase();
            // Flags, numbers, lists and choices refuse this value; plain text takes it, and is then set.
            let is_seen = match parse_with(LEAST, &[(&name, "\u{1}")]) {
                Err(error) => {
                    error.contains(&name) || (!section.is_empty() && error.contains(section))
                }
                Ok(config) => format!("{config:?}") != format!("{:?}", parse(LEAST).unwrap()),
            };
            assert!(is_seen, "{name}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_named() {
    use std::os::unix::ffi::OsStringExt;
    let environment: Environment = [("USHER_KEY_FILE", OsString::from_vec(vec![0xff]))]
        .into_iter()
        .collect();
    let error = Config::parse_with(LEAST, Path::new("usher.toml"), &environment).unwrap_err();
    assert!(error.to_string().contains("USHER_KEY_FILE"), "{error}");
}

#[test]
fn a_variable_does_not_hide_that_the_file_is_wrong() {
    let error = parse_with(
        "upstream = 1",
        &[("USHER_UPSTREAM__URL", "http://127.0.0.1")],
    );
    assert!(error.unwrap_err().starts_with("usher.toml: upstream"));
}
