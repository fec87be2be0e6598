//! Where a person goes after signing in (R50): a page of the web client, never another site.
use url::{Position, Url};

use super::page::with_query;

/// Longest page address that is kept, in bytes.
const LENGTH_MAX: usize = 1024;

/// A route of the web client such as `/details?id=…`; empty: its start page.
pub(super) fn parse(text: &str) -> String {
    rewritten(text)
        .filter(|route| is_own(route))
        .unwrap_or_default()
}

/// The query that carries a page of the web client from one of our pages to the next; empty for its start page.
pub(super) fn query(next: &str) -> String {
    with_query("", &[("next", &parse(next))])
}

/// Written anew by the same rules by which a browser reads it.
fn rewritten(text: &str) -> Option<String> {
    if !is_own(text) {
        return None;
    }
    let here = Url::parse("http://here.invalid").ok()?;
    let there = here.join(text).ok()?;
    let stays = there.origin() == here.origin();
    stays.then(|| there[Position::BeforePath..].to_owned())
}

fn is_own(text: &str) -> bool {
    let mut letters = text.chars();
    let begins_well = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    begins_well && text.len() <= LENGTH_MAX && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::{parse, query};

    #[test]
    fn r50_only_a_page_of_the_client_is_returned_to() {
        assert_eq!(parse("/details?id=1&x=ü"), "/details?id=1&x=%C3%BC");
        let strange = [
            "",
            "details",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "/\t/evil.example",
        ];
        for text in strange {
            assert_eq!(parse(text), "", "{text:?}");
        }
        assert_eq!(parse(&format!("/{}", "a".repeat(2000))), "");
    }

    #[test]
    fn r50_links_between_pages_carry_only_what_can_be_returned_to() {
        assert_eq!(
            query("/details?id=1&x=2"),
            "?next=%2Fdetails%3Fid%3D1%26x%3D2"
        );
        assert_eq!(query("//evil.example"), "");
    }

    #[test]
    fn r50_dot_segments_cannot_become_another_host() {
        for text in ["/.//evil.example", "/a/..//evil.example"] {
            assert!(!parse(text).starts_with("//"), "{text:?}");
        }
    }
}
