use serde_json::json;

use super::*;

fn policy(changes: &Value) -> Policy {
    let mut whole = json!({
        "IsAdministrator": false, "IsDisabled": false, "EnableRemoteAccess": true, "EnableAllDevices": true,
        "AccessSchedules": [], "AuthenticationProviderId": DEFAULT_PROVIDER,
        "PasswordResetProviderId": "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider",
        "SyncPlayAccess": "CreateAndJoinGroups",
    });
    for (name, value) in changes.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

fn hours(day: &str, start: f64, end: f64) -> Policy {
    policy(
        &json!({ "AccessSchedules": [{ "DayOfWeek": day, "StartHour": start, "EndHour": end }] }),
    )
}

#[test]
fn no_hours_at_all_are_no_limit() {
    assert!(policy(&json!({})).hours_allow(Weekday::Monday, 3.5));
}

#[test]
fn hours_are_open_from_their_start_to_their_end() {
    let policy = hours("Everyday", 8.0, 20.5);
    for (hour, is_open) in [
        (7.99, false),
        (8.0, true),
        (12.0, true),
        (20.5, true),
        (20.51, false),
    ] {
        assert_eq!(
            policy.hours_allow(Weekday::Wednesday, hour),
            is_open,
            "{hour}"
        );
    }
}

#[test]
fn hours_from_0_to_0_are_never_open() {
    assert!(!hours("Everyday", 0.0, 0.0).hours_allow(Weekday::Monday, 0.0));
}

#[test]
fn a_day_is_a_name_or_one_of_three_groups() {
    for (day, open) in [
        ("Everyday", "Mo Tu We Th Fr Sa Su"),
        ("Weekday", "Mo Tu We Th Fr"),
        ("Weekend", "Sa Su"),
        ("Tuesday", "Tu"),
        ("Sunday", "Su"),
        ("Someday", ""),
    ] {
        let policy = hours(day, 0.0, 24.0);
        let week = Weekday::Monday.cycle_forward().take(7);
        let found: Vec<&str> = week
            .filter(|weekday| policy.hours_allow(*weekday, 12.0))
            .map(|weekday| &name_of(weekday)[..2])
            .collect();
        assert_eq!(found.join(" "), open, "{day}");
    }
}

#[test]
fn a_password_lives_elsewhere_only_with_another_provider() {
    for (provider, is_elsewhere) in [
        (DEFAULT_PROVIDER.to_owned(), false),
        (DEFAULT_PROVIDER.to_uppercase(), false),
        (String::new(), false),
        (
            "Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin".to_owned(),
            true,
        ),
    ] {
        let policy = policy(&json!({ "AuthenticationProviderId": provider }));
        assert_eq!(policy.lives_elsewhere(), is_elsewhere, "{provider}");
    }
}

#[test]
fn a_changed_policy_keeps_every_field_that_usher_does_not_know() {
    let changed = policy(&json!({})).with("IsDisabled", true).unwrap();
    assert!(changed.is_disabled);
    assert_eq!(changed.whole["IsDisabled"], json!(true));
    assert_eq!(
        changed.whole["SyncPlayAccess"],
        json!("CreateAndJoinGroups")
    );
    assert!(changed.whole.contains_key("PasswordResetProviderId"));
}

#[test]
fn a_field_cannot_be_given_another_form() {
    let refused = policy(&json!({})).with("IsDisabled", "yes");
    assert!(matches!(refused, Err(JellyfinError::Unreadable(_))));
}

#[test]
fn a_policy_that_does_not_say_who_gets_in_is_not_guessed() {
    for needed in [
        "IsAdministrator",
        "IsDisabled",
        "EnableRemoteAccess",
        "EnableAllDevices",
    ] {
        let mut whole = policy(&json!({})).whole;
        whole.remove(needed);
        assert!(Policy::try_from(whole).is_err(), "{needed}");
    }
}
