use std::path::Path;

use super::*;

mod environment;
mod explained;
mod files;
mod mail;

const LEAST: &str =
    "public_url = \"https://media.example.org\"\n[upstream]\nurl = \"http://127.0.0.1:8096\"\n";

fn parse(text: &str) -> Result<Config, String> {
    parse_with(text, &[])
}

fn parse_with(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let environment = variables.iter().copied().collect();
    Config::parse_with(text, Path::new("usher.toml"), &environment)
        .map_err(|error| error.to_string())
}

/// The keys of a section (`""`: the top), as the types know them: they are told when a key is unknown.
fn keys_of(section: &str) -> Vec<String> {
    let least = if section == "upstream" {
        "public_url = \"\"\n"
    } else {
        ""
    };
    let header = if section.is_empty() {
        String::new()
    } else {
        format!("[{section}]\n")
    };
    let told = parse(&format!("{least}{header}no_such_key = 1\n")).unwrap_err();
    let (_, expected) = told.split_once("expected").unwrap();
    let keys: Vec<String> = expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    assert!(keys.len() > 1, "{told}");
    keys
}

const SECTIONS: [&str; 5] = ["", "upstream", "tls", "database", "mail"];

#[test]
fn the_least_file_is_secure() {
    let config = parse(LEAST).unwrap();
    assert!(config.warnings().is_empty());
    assert!(config.trusted_proxies.is_empty());
    assert_eq!(config.media_gate, MediaGate::On);
    assert_eq!(config.passwordless_users, PasswordlessUsers::Refuse);
    assert!(!config.shared_addresses);
    assert_eq!(config.adopt_tokens_days, 30);
    assert_eq!(config.public_users, PublicUsers::Jellyfin);
    assert!(config.inject);
    assert!(config.guard_dashboard);
    assert!(config.smtp().unwrap().is_none());
}

#[test]
fn an_unknown_key_is_named_with_its_file() {
    for section in SECTIONS {
        let header = if section.is_empty() {
            String::new()
        } else {
            format!("[{section}]\n")
        };
        let error = parse(&format!("{header}publik = 1\n")).unwrap_err();
        assert!(
            error.starts_with("usher.toml: ")
                && error.contains("publik")
                && error.contains(section),
            "{error}"
        );
    }
}

#[test]
fn every_loosening_is_told() {
    for line in [
        "media_gate = \"compat\"",
        "passwordless_users = \"local\"",
        "shared_addresses = true",
        "guard_dashboard = false",
        "adopt_tokens_days = 31",
        "trusted_proxies = [\"10.0.0.0/8\", \"0.0.0.0/0\"]",
        "trusted_proxies = [\"::/0\"]",
    ] {
        let warnings = parse(&format!("{line}\n{LEAST}")).unwrap().warnings();
        let key = line.split(' ').next().unwrap();
        assert!(
            warnings.len() == 1 && warnings[0].contains(key),
            "{line}: {warnings:?}"
        );
    }
    let plain = LEAST.replace("https://", "http://");
    assert!(parse(&plain).unwrap().warnings()[0].contains("public_url"));
    for line in [
        "adopt_tokens_days = 0",
        "public_users = \"nobody\"",
        "inject = false",
        "trusted_proxies = [\"10.0.0.0/8\"]",
    ] {
        assert!(
            parse(&format!("{line}\n{LEAST}"))
                .unwrap()
                .warnings()
                .is_empty(),
            "{line}"
        );
    }
}

#[test]
fn r59_plain_http_to_another_machine_is_refused_unless_it_is_said() {
    let elsewhere = LEAST.replace("127.0.0.1", "192.168.1.9");
    assert!(parse(&elsewhere).unwrap_err().contains("upstream.insecure"));
    let said = parse(&format!("{elsewhere}insecure = true\n")).unwrap();
    assert_eq!(said.warnings().len(), 1);
}

#[test]
fn r59_a_name_that_only_looks_like_this_machine_is_another_one() {
    for host in [
        "127.example.org",
        "localhost.example.org",
        "127.0.0.1@example.org",
    ] {
        let file = LEAST.replace("127.0.0.1", host);
        assert!(
            parse(&file).unwrap_err().contains("upstream.insecure"),
            "{host}"
        );
    }
    for host in ["localhost", "127.0.0.2", "[::1]"] {
        assert!(parse(&LEAST.replace("127.0.0.1", host)).is_ok(), "{host}");
    }
}

#[test]
fn a_value_that_cannot_be_meant_is_named_with_its_key() {
    let no_scheme = LEAST.replace("https://media", "media");
    assert!(parse(&no_scheme).unwrap_err().contains("public_url takes"));
    let other_scheme = LEAST.replace("http://127", "ftp://127");
    assert!(
        parse(&other_scheme)
            .unwrap_err()
            .contains("upstream.url takes")
    );
    for line in [
        "listen = \"8097\"",
        "other_addresses = [\"192.168.1.5\"]",
        "trusted_proxies = [\"10.0.0.0/40\"]",
        "media_gate = \"off\"",
        "proxy_protocol = 1",
        "adopt_tokens_days = -1",
        "passwordless_users = \"allow\"",
        "shared_addresses = \"yes\"",
        "public_users = \"all\"",
        "inject = 0",
        "key_file = 1",
        "time_zone = \"Europe/Atlantis\"",
        "server_time_zone = \"\"",
    ] {
        let key = line.split(' ').next().unwrap();
        let error = parse(&format!("{line}\n{LEAST}")).unwrap_err();
        assert!(
            error.starts_with("usher.toml: ") && error.contains(key),
            "{error}"
        );
    }
}

#[test]
fn what_is_missing_is_named() {
    assert!(parse("").unwrap_err().contains("public_url"));
    assert!(
        parse("public_url = \"https://media.example.org\"")
            .unwrap_err()
            .contains("upstream")
    );
    let half = format!("{LEAST}[tls]\ncertificate = \"chain.pem\"\n");
    let error = parse(&half).unwrap_err();
    assert!(error.contains("tls") && error.contains("`key`"), "{error}");
}

#[test]
fn what_is_not_toml_is_named_with_its_line_and_not_repeated() {
    let error = parse("inject = true\nkey_file = \"hunter2\nlisten = 1\n").unwrap_err();
    assert!(error.starts_with("usher.toml, line 2: "), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[test]
fn r59_secrets_are_refused_in_the_file_and_not_repeated() {
    for (text, key, twin) in [
        (
            format!("{LEAST}api_key = \"hunter2\"\n"),
            "upstream.api_key",
            "USHER_UPSTREAM__API_KEY",
        ),
        (
            format!("{LEAST}[mail]\npassword = \"hunter2\"\n"),
            "mail.password",
            "USHER_MAIL__PASSWORD",
        ),
        (
            format!("{LEAST}[mail]\npasword = \"hunter2\"\n"),
            "pasword",
            "password_file",
        ),
    ] {
        let error = parse(&text).unwrap_err();
        assert!(error.contains(key) && error.contains(twin), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn people_and_the_server_have_a_time_zone_each() {
    let zone = |name| TimeZone::get(name).unwrap();
    let config = parse(&format!("time_zone = \"Europe/Berlin\"\n{LEAST}")).unwrap();
    assert_eq!(config.people_zone(), zone("Europe/Berlin"));
    assert_eq!(config.server_zone(), zone("Europe/Berlin"));
    let both = format!("time_zone = \"Europe/Berlin\"\nserver_time_zone = \"Etc/UTC\"\n{LEAST}");
    assert_eq!(parse(&both).unwrap().server_zone(), zone("Etc/UTC"));
    let neither = parse(LEAST).unwrap();
    assert_eq!(neither.people_zone(), TimeZone::system());
}

#[test]
fn tokens_are_adopted_for_days() {
    let day = std::time::Duration::from_hours(24);
    assert_eq!(parse(LEAST).unwrap().adopt_tokens(), day * 30);
    let never = parse(&format!("adopt_tokens_days = 0\n{LEAST}")).unwrap();
    assert!(never.adopt_tokens().is_zero());
}
