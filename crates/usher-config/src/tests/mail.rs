use std::fs;

use super::*;

fn with_mail(lines: &str) -> Result<Config, String> {
    parse(&format!("{LEAST}[mail]\n{lines}"))
}

const SERVER: &str = "host = \"smtp.example.org\"\nfrom = \"usher@example.org\"\n";

#[test]
fn r60_mail_is_protected_unless_it_stays_on_this_machine() {
    let smtp = with_mail(SERVER).unwrap().smtp().unwrap().unwrap();
    assert_eq!(smtp.security, SmtpSecurity::StartTls);
    let plain = format!("{SERVER}security = \"loopback_plain\"\n");
    for host in [
        "smtp.example.org",
        "192.168.1.5",
        "localhost.example.org",
        "127.example.org",
    ] {
        let error = with_mail(&plain.replace("smtp.example.org", host)).unwrap_err();
        assert!(error.contains("mail.security"), "{host}: {error}");
    }
    for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
        assert!(
            with_mail(&plain.replace("smtp.example.org", host)).is_ok(),
            "{host}"
        );
    }
    for other in ["none", "opportunistic", ""] {
        let error = with_mail(&format!("{SERVER}security = \"{other}\"\n")).unwrap_err();
        assert!(error.contains("mail.security"), "{error}");
    }
}

#[test]
fn the_port_follows_the_security_unless_it_is_said() {
    let port = |lines: &str| {
        let text = format!("{SERVER}{lines}").replace("smtp.example.org", "localhost");
        with_mail(&text).unwrap().smtp().unwrap().unwrap().port
    };
    assert_eq!(port(""), 587);
    assert_eq!(port("security = \"start_tls\"\n"), 587);
    assert_eq!(port("security = \"implicit\"\n"), 465);
    assert_eq!(port("security = \"loopback_plain\"\n"), 25);
    assert_eq!(port("security = \"implicit\"\nport = 2465\n"), 2465);
}

#[test]
fn half_a_section_is_refused_by_name() {
    for (lines, told) in [
        ("", "`host`"),
        ("host = \"smtp.example.org\"\n", "`from`"),
        ("from = \"usher@example.org\"\n", "`host`"),
        (
            &format!("{SERVER}user = \"usher\"\n"),
            "mail.user needs a password",
        ),
        (
            &format!("{SERVER}password_file = \"p\"\n"),
            "mail.password_file needs mail.user",
        ),
        (
            &format!("{SERVER}user = \"\"\npassword_file = \"p\"\n"),
            "mail.user is empty",
        ),
        (&format!("{SERVER}port = 0\n"), "mail.port"),
        (&format!("{SERVER}port = 65536\n"), "mail.port"),
        (&SERVER.replace("smtp.example.org", ""), "mail.host"),
        (
            &SERVER.replace("smtp.example.org", "smtp.example.org\\r\\nX"),
            "mail.host",
        ),
        (
            &SERVER.replace("smtp.example.org", "smtp://example.org"),
            "mail.host",
        ),
        (&SERVER.replace("usher@example.org", "usher"), "mail.from"),
        (&SERVER.replace("usher@", "Usher\\r\\nBcc: x@"), "mail.from"),
    ] {
        let error = with_mail(lines).unwrap_err();
        assert!(
            error.starts_with("usher.toml: mail") && error.contains(told),
            "{lines}: {error}"
        );
    }
}

#[test]
fn the_password_comes_from_a_file_or_the_environment_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    let login = format!("{LEAST}[mail]\n{SERVER}user = \"usher\"\n");
    let from_file = format!("{login}password_file = {:?}\n", file.display().to_string());

    let config = parse(&from_file).unwrap();
    let missing = config.smtp().unwrap_err().to_string();
    assert!(
        missing.contains("mail.password_file") && missing.contains(&file.display().to_string())
    );
    fs::write(&file, " hunter2 \n").unwrap();
    let smtp = config.smtp().unwrap().unwrap();
    assert_eq!(smtp.password.as_ref().unwrap().reveal(), " hunter2 ");
    assert_eq!(smtp.user.as_deref(), Some("usher"));
    assert_eq!(smtp.from, "usher@example.org");

    let variables = [("USHER_MAIL__PASSWORD", "12345")];
    let config = parse_with(&login, &variables).unwrap();
    let smtp = config.smtp().unwrap().unwrap();
    assert_eq!(smtp.password.as_ref().unwrap().reveal(), "12345");
    assert!(!format!("{config:?}{smtp:?}").contains("12345"));

    let error = parse_with(&from_file, &variables).unwrap_err();
    assert!(
        error.contains("mail.password and mail.password_file exclude"),
        "{error}"
    );
    let no_user = parse_with(&format!("{LEAST}[mail]\n{SERVER}"), &variables).unwrap_err();
    assert!(
        no_user.contains("mail.password needs mail.user"),
        "{no_user}"
    );
    let alone = parse_with(LEAST, &variables).unwrap_err();
    assert!(
        alone.contains("`host`") && !alone.contains("12345"),
        "{alone}"
    );
}

#[test]
fn a_certificate_of_an_authority_of_ones_own_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    let line = format!(
        "{SERVER}trusted_certificate = {:?}\n",
        file.display().to_string()
    );
    let config = with_mail(&line).unwrap();
    let error = config.mail_certificate().unwrap_err().to_string();
    assert!(
        error.contains("mail.trusted_certificate") && error.contains("authority.pem"),
        "{error}"
    );
    fs::write(&file, "pem").unwrap();
    assert_eq!(config.mail_certificate().unwrap().unwrap(), b"pem");
    assert!(
        with_mail(SERVER)
            .unwrap()
            .mail_certificate()
            .unwrap()
            .is_none()
    );
}
