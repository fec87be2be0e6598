//! JSON as the server reads and writes it: names in any letter case in, one of two cases out.
use serde_json::{Map, Value};

/// An object that was sent; names are matched in any letter case.
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// A text; `None` when it is missing or null.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// As [`fill`](Self::fill), for what the server takes whole: an optional field that was not sent is gone.
    pub(crate) fn replace(&self, target: &mut Map<String, Value>, optional: &[&str]) {
        target.retain(|name, _| !optional.contains(&name.as_str()) || self.get(name).is_some());
        self.fill(target, optional);
    }

    /// Takes over every field that `target` knows; a null leaves the field out, as the server writes no nulls.
    pub(crate) fn fill(&self, target: &mut Map<String, Value>, optional: &[&str]) {
        let known: Vec<String> = target
            .keys()
            .cloned()
            .chain(optional.iter().map(|name| (*name).to_owned()))
            .collect();
        for name in known {
            match self.get(&name) {
                Some(Value::Null) => {
                    target.shift_remove(&name);
                }
                Some(value) => {
                    target.insert(name, value.clone());
                }
                None => {}
            }
        }
    }
}

/// Rewrites all names to begin in lower case.
pub(crate) fn camel_case(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .map(|(name, value)| (lower_first(&name), camel_case(value)))
            .collect(),
        Value::Array(list) => list.into_iter().map(camel_case).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + letters.as_str()
    })
}
