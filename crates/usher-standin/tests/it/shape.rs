//! Comparing JSON by shape, and translating the ids and secrets of a recording to those of a running server.
use std::collections::BTreeSet;

use serde_json::Value;

/// What the recording calls things, and what they are called here.
pub(crate) struct Names {
    address: String,
    pairs: Vec<(String, String)>,
}

impl Names {
    pub(crate) fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            pairs: Vec::new(),
        }
    }

    pub(crate) fn learn(&mut self, recorded: &str, live: &str) {
        if recorded == live || recorded.is_empty() || live.is_empty() {
            return;
        }
        self.pairs.retain(|(known, _)| known != recorded);
        self.pairs.push((recorded.to_owned(), live.to_owned()));
        if let (Some(recorded), Some(live)) = (dashed(recorded), dashed(live)) {
            self.pairs.push((recorded, live));
        }
    }

    /// Learns from a recorded body and the one that came instead.
    pub(crate) fn learn_from(&mut self, recorded: &Value, live: &Value) {
        match (recorded, live) {
            (Value::Object(recorded), Value::Object(live)) => {
                for (key, value) in recorded {
                    match (value.as_str(), live.get(key)) {
                        (Some(text), Some(Value::String(other)))
                            if key == "Code" || is_id(text) =>
                        {
                            self.learn(text, other);
                        }
                        (_, Some(other)) => self.learn_from(value, other),
                        (_, None) => {}
                    }
                }
            }
            (Value::Array(recorded), Value::Array(live)) => {
                for (place, value) in recorded.iter().enumerate() {
                    if let Some(other) = partner(value, place, live) {
                        self.learn_from(value, other);
                    }
                }
            }
            _ => {}
        }
    }

    /// A text of the recording with the names of the running server.
    pub(crate) fn live(&self, text: &str) -> String {
        self.pairs
            .iter()
            .rev()
            .fold(text.to_owned(), |text, (recorded, live)| {
                text.replace(recorded, live)
            })
    }

    /// An address of the recording as the running server writes it.
    pub(crate) fn address(&self, text: &str) -> String {
        text.replace("http://127.0.0.1:8096", &self.address)
    }
}

fn is_id(text: &str) -> bool {
    matches!(text.len(), 32 | 64)
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte != b'0')
}

fn dashed(text: &str) -> Option<String> {
    let is_guid = text.len() == 32 && is_id(text);
    is_guid.then(|| {
        format!(
            "{}-{}-{}-{}-{}",
            &text[..8],
            &text[8..12],
            &text[12..16],
            &text[16..20],
            &text[20..]
        )
    })
}

/// The element of a list that stands for a recorded one: of the same name, device or key, else at the same place.
fn partner<'a>(recorded: &Value, place: usize, live: &'a [Value]) -> Option<&'a Value> {
    for key in ["DeviceId", "Id", "Name"] {
        if let Some(name) = recorded.get(key).filter(|name| {
            name.as_str()
                .is_some_and(|name| !name.is_empty() && !is_id(name))
        }) {
            return live.iter().find(|other| other.get(key) == Some(name));
        }
    }
    live.get(place)
}

/// Names what is missing, new, or of another type. Lists are compared element by element, whatever their length.
pub(crate) fn compare(at: &str, recorded: &Value, live: &Value, found: &mut BTreeSet<String>) {
    match (recorded, live) {
        (Value::Object(recorded), Value::Object(live)) => {
            for (key, value) in recorded.iter().filter(|(key, _)| !is_id(key)) {
                match live.get(key) {
                    Some(other) => compare(&format!("{at}.{key}"), value, other, found),
                    None => drop(found.insert(format!("{at}.{key} is missing"))),
                }
            }
            for key in live
                .keys()
                .filter(|key| !recorded.contains_key(*key) && !is_id(key))
            {
                found.insert(format!("{at}.{key} is new"));
            }
        }
        (Value::Array(recorded), Value::Array(live)) => {
            if recorded.is_empty() != live.is_empty() {
                found.insert(format!(
                    "{at}[] has {} elements instead of {}",
                    live.len(),
                    recorded.len()
                ));
            }
            for (place, value) in recorded.iter().enumerate() {
                if let Some(other) = partner(value, place, live) {
                    compare(&format!("{at}[]"), value, other, found);
                }
            }
        }
        (Value::String(recorded), Value::String(live)) if at == "body" => {
            if recorded != live {
                found.insert(format!("{at} says {live:?} instead of {recorded:?}"));
            }
        }
        (Value::Bool(recorded), Value::Bool(live)) => {
            if recorded != live {
                found.insert(format!("{at} is {live} instead of {recorded}"));
            }
        }
        _ => {
            if std::mem::discriminant(recorded) != std::mem::discriminant(live) {
                found.insert(format!("{at} is of another type"));
            }
        }
    }
}

/// Whether a text is like a pattern, in which `*` stands for anything.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|text| {
            (0..=text.len())
                .filter(|end| text.is_char_boundary(*end))
                .any(|end| is_like(rest, &text[end..]))
        }),
    }
}
