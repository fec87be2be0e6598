//! What the address of any page may carry beside what the page is asked for itself: for whom the page of a form was made, and
//! that a form was refused on the way here. One layer takes both out, so that a page knows only its own questions.
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method, Uri, header};

use super::signed_in::is_of_area;

/// The account that a page was made for, in the addresses of its forms. Meanwhile the browser may be another's.
const WHOSE: &str = "whose=";

/// What was sent to a page before a proof was not saved (R38).
const UNSAVED: &str = "unsaved=yes";

/// What an address carried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    /// The account that the page was made for from which a form is sent. Nothing where a page is only asked for.
    pub(super) made_for: Option<String>,
    /// A form was refused before the proofs that led here.
    pub(super) is_unsaved: bool,
}

/// Behind the address to which a form goes, where its query begins or goes on with this letter; nothing where nobody is signed in.
pub(super) fn whose(account: &str, letter: &str) -> String {
    if account.is_empty() {
        String::new()
    } else {
        format!("{letter}{WHOSE}{account}")
    }
}

/// A page of ours, which says that nothing was saved where a form was sent to it.
pub(super) fn after_sending(page: &str, is_unsaved: bool) -> String {
    let letter = if page.contains('?') { '&' } else { '?' };
    if is_unsaved {
        format!("{page}{letter}{UNSAVED}")
    } else {
        page.to_owned()
    }
}

/// Takes what is carried out of the address, for the pages to find. Where only a form stands at that address, the page that it
/// leads to is told the same.
pub(super) async fn take(mut request: Request, next: Next) -> Response {
    let is_asked_for = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut carried = taken(request.uri_mut());
    if is_asked_for {
        carried.made_for = None;
    }
    let is_carried_on = is_asked_for && carried.is_unsaved;
    request.extensions_mut().insert(carried);
    let mut response = next.run(request).await;
    let to = response.headers().get(header::LOCATION);
    let to = to.and_then(|to| to.to_str().ok());
    if let Some(to) = to.filter(|to| is_carried_on && is_of_area(to))
        && let Ok(to) = HeaderValue::from_str(&after_sending(to, true))
    {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

fn taken(uri: &mut Uri) -> Carried {
    let mut carried = Carried::default();
    let Some((page, query)) = uri.path_and_query().and_then(|asked| {
        let query = asked.query()?.to_owned();
        Some((asked.path().to_owned(), query))
    }) else {
        return carried;
    };
    let rest = query.split('&').filter(|pair| {
        if let Some(account) = pair.strip_prefix(WHOSE) {
            carried.made_for = Some(account.to_owned());
            return false;
        }
        carried.is_unsaved |= *pair == UNSAVED;
        *pair != UNSAVED
    });
    let rest = rest.collect::<Vec<_>>().join("&");
    let left = if rest.is_empty() {
        page
    } else {
        format!("{page}?{rest}")
    };
    match left.parse() {
        Ok(left) => {
            *uri = left;
            carried
        }
        Err(_unlike_before) => Carried::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_is_taken_out_of_an_address_wherever_it_stands() {
        for (asked, left, whose, is_unsaved) in [
            ("/usher/a?id=1&whose=7", "/usher/a?id=1", Some("7"), false),
            (
                "/usher/a?whose=7&id=1&unsaved=yes",
                "/usher/a?id=1",
                Some("7"),
                true,
            ),
            ("/usher/a?unsaved=yes", "/usher/a", None, true),
            (
                "/usher/a?unsaved=no&id=1",
                "/usher/a?unsaved=no&id=1",
                None,
                false,
            ),
            ("/usher/a", "/usher/a", None, false),
        ] {
            let mut uri: Uri = asked.parse().unwrap();
            let carried = taken(&mut uri);
            assert_eq!(uri, left, "{asked}");
            assert_eq!(carried.made_for.as_deref(), whose, "{asked}");
            assert_eq!(carried.is_unsaved, is_unsaved, "{asked}");
        }
    }
}
