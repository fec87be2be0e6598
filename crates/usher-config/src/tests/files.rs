use std::fs;

use super::*;

/// A configuration whose database is in a folder of its own, with more lines for that section.
fn in_folder(lines: &str) -> (tempfile::TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("usher.db");
    let lines = lines.replace("FOLDER", &folder.path().display().to_string());
    let text = format!(
        "{LEAST}[database]\npath = {:?}\n{lines}",
        database.display().to_string()
    );
    let config = parse(&text).unwrap();
    (folder, config)
}

#[test]
fn a_file_is_read_and_one_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usher.toml");
    let error = Config::read_with(&path, &Environment::default()).unwrap_err();
    assert!(
        error.to_string().contains("usher.toml cannot be read"),
        "{error}"
    );
    fs::write(&path, LEAST).unwrap();
    let environment = [("USHER_INJECT", "false")].into_iter().collect();
    assert!(!Config::read_with(&path, &environment).unwrap().inject);
}

#[test]
fn the_keys_are_beside_the_database() {
    let config = parse(LEAST).unwrap();
    assert_eq!(config.key_path(), Path::new("usher.key"));
    assert_eq!(config.api_key_path(), Path::new("jellyfin-api-key"));
    let (folder, config) = in_folder("");
    assert_eq!(config.key_path(), folder.path().join("usher.key"));
    assert_eq!(
        config.api_key_path(),
        folder.path().join("jellyfin-api-key")
    );
    let said = format!("key_file = \"/keys/master\"\n{LEAST}api_key_file = \"/keys/jellyfin\"\n");
    let config = parse(&said).unwrap();
    assert_eq!(config.key_path(), Path::new("/keys/master"));
    assert_eq!(config.api_key_path(), Path::new("/keys/jellyfin"));
}

#[test]
fn a_database_that_is_no_file_is_refused() {
    for path in ["", "/", ".."] {
        let error = parse(&format!("{LEAST}[database]\npath = \"{path}\"\n")).unwrap_err();
        assert!(error.contains("database.path names no file"), "{error}");
    }
}

#[test]
fn r59_the_api_key_is_read_from_its_file_and_never_shown() {
    let (folder, config) = in_folder("");
    let missing = config.api_key().unwrap_err().to_string();
    assert!(
        missing.contains("jellyfin-api-key") && missing.contains("`usher connect`"),
        "{missing}"
    );
    fs::write(folder.path().join("jellyfin-api-key"), "\n").unwrap();
    assert!(
        config
            .api_key()
            .unwrap_err()
            .to_string()
            .contains("is empty")
    );
    fs::write(folder.path().join("jellyfin-api-key"), "c0ffee\r\n").unwrap();
    assert_eq!(config.api_key().unwrap().reveal(), "c0ffee");
}

#[test]
fn r59_the_api_key_of_the_environment_is_taken_told_and_never_shown() {
    let variables = [("USHER_UPSTREAM__API_KEY", "c0ffee")];
    let config = parse_with(LEAST, &variables).unwrap();
    assert_eq!(config.api_key().unwrap().reveal(), "c0ffee");
    assert_eq!(config.warnings().len(), 1);
    assert!(!format!("{config:?}{:?}", config.warnings()).contains("c0ffee"));
    let both = format!("{LEAST}api_key_file = \"key\"\n");
    let error = parse_with(&both, &variables).unwrap_err();
    assert!(
        error.contains("upstream.api_key and upstream.api_key_file exclude"),
        "{error}"
    );
    assert!(!error.contains("c0ffee"), "{error}");
}

#[test]
fn postgres_takes_the_place_of_the_file() {
    let (_folder, config) = in_folder("");
    assert!(
        matches!(config.database().unwrap(), Storage::Sqlite(path) if path == config.database.path)
    );
    for scheme in ["postgres", "postgresql"] {
        let (_folder, config) = in_folder(&format!("url = \"{scheme}://u:hunter2@db/usher\"\n"));
        let storage = config.database().unwrap();
        assert!(!format!("{config:?}{storage:?}").contains("hunter2"));
        assert!(matches!(storage, Storage::Postgres(url) if url.reveal().contains("hunter2")));
    }
}

#[test]
fn another_database_is_refused_without_repeating_its_password() {
    let other = format!("{LEAST}[database]\nurl = \"mysql://u:hunter2@db/usher\"\n");
    let error = parse(&other).unwrap_err();
    assert!(
        error.contains("database.url takes") && !error.contains("hunter2"),
        "{error}"
    );
    let both = format!("{LEAST}[database]\nurl = \"postgres://db\"\nurl_file = \"url\"\n");
    assert!(
        parse(&both)
            .unwrap_err()
            .contains("database.url and database.url_file exclude")
    );
}

#[test]
fn the_address_of_postgres_may_be_in_a_file() {
    let (folder, config) = in_folder("url_file = \"FOLDER/url\"\n");
    let file = folder.path().join("url");
    for (content, told) in [
        (None, "cannot be used"),
        (Some(""), "is empty"),
        (Some("mysql://u:hunter2@db"), "it takes"),
    ] {
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let error = config.database().unwrap_err().to_string();
        assert!(
            error.contains("database.url_file") && error.contains(told),
            "{error}"
        );
        assert!(
            error.contains(&file.display().to_string()) && !error.contains("hunter2"),
            "{error}"
        );
    }
    fs::write(&file, "postgres://u:hunter2@db/usher\n").unwrap();
    let storage = config.database().unwrap();
    assert!(
        matches!(storage, Storage::Postgres(url) if url.reveal() == "postgres://u:hunter2@db/usher")
    );
}
