//! The small changes to Jellyfin's own answers (design, section 3), as pure functions over whole bodies.
//!
//! A body that is not what was expected is passed on as it is: a changed Jellyfin must not break a page.
use bytes::Bytes;
use serde_json::{Value, json};

use crate::config::MenuLink;

/// `LocalAddress` in `System/Info(/Public)`: clients would talk straight to Jellyfin from their second start on.
pub fn local_address(body: Bytes, address: &str) -> Bytes {
    edit(body, |document| {
        let key = if document.get("localAddress").is_some() {
            "localAddress"
        } else {
            "LocalAddress"
        };
        document.insert(key.to_owned(), json!(address));
    })
}

/// Links in the web client's menu.
pub fn menu_links(body: Bytes, links: &[MenuLink]) -> Bytes {
    edit(body, |document| {
        let menu = document.entry("menuLinks").or_insert_with(|| json!([]));
        if let Value::Array(menu) = menu {
            menu.extend(
                links
                    .iter()
                    .map(|link| json!({"name": link.name, "icon": link.icon, "url": link.url})),
            );
        }
    })
}

/// A line under the sign-in form, which every client shows that shows anything there.
pub fn sign_in_line(body: Bytes, line: &str) -> Bytes {
    edit(body, |document| {
        let key = if document.get("loginDisclaimer").is_some() {
            "loginDisclaimer"
        } else {
            "LoginDisclaimer"
        };
        let text = match document.get(key).and_then(Value::as_str) {
            Some(text) if !text.is_empty() => format!("{text}\n\n{line}"),
            Some(_) | None => line.to_owned(),
        };
        document.insert(key.to_owned(), json!(text));
    })
}

/// One script before the end of the page's head, so that it runs before any bundle.
pub fn script(body: Bytes, source: &str) -> Bytes {
    let Some(place) = body
        .windows(7)
        .position(|part| part.eq_ignore_ascii_case(b"</head>"))
    else {
        return body;
    };
    let (head, rest) = body.split_at(place);
    let source = source
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;");
    let tag = format!("<script src=\"{source}\"></script>");
    [head, tag.as_bytes(), rest].concat().into()
}

fn edit(body: Bytes, change: impl FnOnce(&mut serde_json::Map<String, Value>)) -> Bytes {
    let Ok(Value::Object(mut document)) = serde_json::from_slice(&body) else {
        return body;
    };
    change(&mut document);
    serde_json::to_vec(&document).map_or(body, Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_told_the_public_address_only() {
        let body = Bytes::from_static(br#"{"LocalAddress":"http://10.0.0.7:8096","Id":"x"}"#);
        assert_eq!(
            local_address(body, "https://f.example"),
            r#"{"LocalAddress":"https://f.example","Id":"x"}"#
        );
    }

    #[test]
    fn the_menu_keeps_its_own_links() {
        let link = MenuLink {
            name: "Account".into(),
            icon: "person".into(),
            url: "/usher/".into(),
        };
        let body = menu_links(
            Bytes::from_static(br#"{"menuLinks":[{"name":"Wiki"}]}"#),
            &[link],
        );
        let document: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(document["menuLinks"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn the_line_joins_the_administrators_own_text() {
        let empty = sign_in_line(
            Bytes::from_static(br#"{"CustomCss":""}"#),
            "Help: https://f.example/usher",
        );
        assert_eq!(
            empty,
            r#"{"CustomCss":"","LoginDisclaimer":"Help: https://f.example/usher"}"#
        );
        let joined = sign_in_line(
            Bytes::from_static(br#"{"LoginDisclaimer":"Be kind."}"#),
            "Help",
        );
        assert_eq!(joined, r#"{"LoginDisclaimer":"Be kind.\n\nHelp"}"#);
    }

    #[test]
    fn the_script_stands_at_the_end_of_the_head_and_other_bodies_stay() {
        let page = script(
            Bytes::from_static(b"<html><head></HEAD><body>"),
            "/usher/static/door.js",
        );
        assert_eq!(
            page,
            "<html><head><script src=\"/usher/static/door.js\"></script></HEAD><body>"
        );
        assert_eq!(script(Bytes::from_static(b"plain"), "/x"), "plain");
        assert_eq!(local_address(Bytes::from_static(b"broken"), "x"), "broken");
    }
}
