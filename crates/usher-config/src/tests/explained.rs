use super::*;

/// The explained file with its examples as keys; `other` takes the second of two that exclude each other.
fn examples(other: bool) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in EXPLAINED.lines() {
        match line.strip_prefix("#| ") {
            Some(instead) if other => {
                lines.pop();
                lines.push(instead);
            }
            Some(_) => {}
            None => lines.push(line.strip_prefix("#: ").unwrap_or(line)),
        }
    }
    lines.join("\n")
}

fn said(text: &str) -> String {
    format!("{:?}", parse(text).unwrap())
}

#[test]
fn the_explained_file_is_the_least_one() {
    assert_eq!(said(EXPLAINED), said(LEAST));
}

#[test]
fn its_examples_are_keys_and_its_loosenings_are_told() {
    for other in [false, true] {
        let config = parse(&examples(other)).unwrap();
        // media_gate, insecure, passwordless_users, shared_addresses and guard_dashboard; the other two loosenings are not
        // examples.
        assert_eq!(config.warnings().len(), 5);
    }
    assert_eq!(
        EXPLAINED.matches("oosens").count(),
        7,
        "each loosening says so"
    );
}

#[test]
fn every_key_is_explained() {
    let tables: Vec<toml::Table> = [false, true]
        .iter()
        .map(|other| toml::from_str(&examples(*other)).unwrap())
        .collect();
    for section in SECTIONS {
        for key in keys_of(section) {
            let is_example = tables.iter().any(|table| {
                let part = if section.is_empty() {
                    Some(table)
                } else {
                    table[section].as_table()
                };
                part.is_some_and(|part| part.contains_key(&key))
            });
            let variable = format!("USHER_{section}__{key}").to_ascii_uppercase();
            assert!(
                is_example || EXPLAINED.contains(&format!("{variable} takes it")),
                "{section}.{key}"
            );
        }
    }
}

#[test]
fn every_example_can_be_said_by_the_environment() {
    for other in [false, true] {
        let text = examples(other);
        let table: toml::Table = toml::from_str(&text).unwrap();
        let mut variables = Vec::new();
        for (key, value) in &table {
            match value.as_table() {
                Some(part) => {
                    variables.extend(
                        part.iter()
                            .map(|(last, value)| (format!("{key}__{last}"), value)),
                    );
                }
                None => variables.push((key.clone(), value)),
            }
        }
        let environment = variables
            .into_iter()
            .map(|(key, value)| {
                (
                    format!("USHER_{}", key.to_ascii_uppercase()),
                    in_words(value),
                )
            })
            .collect();
        let config = Config::parse_with("", Path::new("usher.toml"), &environment).unwrap();
        assert_eq!(format!("{config:?}"), said(&text));
    }
}

fn in_words(value: &toml::Value) -> String {
    match (value.as_str(), value.as_array()) {
        (Some(text), _) => text.to_owned(),
        (_, Some(list)) => list.iter().map(in_words).collect::<Vec<_>>().join(","),
        _ => value.to_string(),
    }
}
