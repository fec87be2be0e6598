//! Reading parameters of a query as Jellyfin does: names in any letter case, encoded or not.
//!
//! Only what Usher judges is read. A judged parameter that is there twice with different values is refused: nobody
//! could say which one Jellyfin takes.
use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// A judged parameter stands in the query twice, with different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a parameter is there twice with different values")]
pub struct Twice;

/// The value of a parameter; `None` where it is missing or empty.
pub fn value(query: Option<&str>, name: &str) -> Result<Option<String>, Twice> {
    let mut found: Option<String> = None;
    for pair in query.unwrap_or_default().split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if value.is_empty() || !form_decoded(key).eq_ignore_ascii_case(name) {
            continue;
        }
        let value = form_decode(value);
        match &found {
            Some(first) if *first != value => {
                return Err(Twice);
            }
            Some(_) => {}
            None => found = Some(value),
        }
    }
    Ok(found)
}

/// All values of a parameter that may stand several times and hold several values, as Jellyfin splits them.
pub fn list(query: Option<&str>, name: &str) -> Vec<String> {
    let pairs = query.unwrap_or_default().split('&');
    let values = pairs.filter_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        form_decoded(key)
            .eq_ignore_ascii_case(name)
            .then(|| form_decode(value))
    });
    let values: Vec<String> = values.collect();
    let parts = values.iter().flat_map(|value| value.split(','));
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Decodes `application/x-www-form-urlencoded` text.
pub fn form_decode(text: &str) -> String {
    form_decoded(text).into_owned()
}

/// The same; most texts are not encoded, and are left where they are.
pub(crate) fn form_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains(['+', '%']) {
        return Cow::Borrowed(text);
    }
    let spaced = text.replace('+', " ");
    Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for query in [
            "a=1&deviceId=x%20y",
            "DEVICEID=x+y",
            "device%49d=x%20y&deviceid=x+y",
        ] {
            assert_eq!(
                value(Some(query), "deviceId").unwrap().as_deref(),
                Some("x y"),
                "{query}"
            );
        }
        assert_eq!(
            list(Some("Ids=1,%202&i%64s=3&id=4&ids="), "ids"),
            ["1", "2", "3"]
        );
        assert_eq!(value(Some("deviceId="), "deviceId").unwrap(), None);
        assert!(value(Some("deviceId=1&DeviceId=2"), "deviceId").is_err());
    }
}
