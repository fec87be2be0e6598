//! What holds for every page: who may send a form (R49), and what browsers are told (R51). As layers, so that no page can
//! forget them.
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use usher_proxy::rules::{Scheme, Visit};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The referrer stays on our own pages. `no-referrer` would make browsers send `Origin: null` with our forms, and on plain
/// http that is all we have.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Refuses a request that changes something unless it comes from one of our own pages.
pub(super) async fn own_forms_only(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let visit = request.extensions().get::<Visit>();
    if is_safe || visit.is_some_and(|visit| is_our_own(request.headers(), visit)) {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// Browsers say where a request comes from; those that are too old for `Sec-Fetch-Site` still send `Origin`.
fn is_our_own(headers: &HeaderMap, visit: &Visit) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let scheme = match visit.scheme {
        Scheme::Http => "http",
        Scheme::Https => "https",
    };
    let own = format!("{scheme}://{}", visit.host);
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()))
}

/// Says what a page may load and who may frame it. Nothing is kept unless its handler says so.
pub(super) async fn tell_browsers(request: Request, next: Next) -> Response {
    let scheme = request
        .extensions()
        .get::<Visit>()
        .map(|visit| visit.scheme);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        // The mailbox of a demo has a policy of its own.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if scheme == Some(Scheme::Https) {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::pages::tests::visit;

    async fn answer(method: Method, sent: &[(&str, &str)]) -> Response {
        let visit = visit();
        let mut request = Request::builder().method(method).uri("/x");
        for (name, value) in sent {
            request = request.header(*name, *value);
        }
        let request = request.extension(visit).body(Body::empty()).unwrap();
        let pages: Router = Router::new()
            .route("/x", get(|| async {}).post(|| async {}))
            .layer(from_fn(own_forms_only))
            .layer(from_fn(tell_browsers));
        pages.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn r49_only_our_own_pages_may_send_a_form() {
        let ours: [&[(&str, &str)]; 3] = [
            &[("sec-fetch-site", "same-origin")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://f.example")],
        ];
        for sent in ours {
            let status = answer(Method::POST, sent).await.status();
            assert_eq!(status, StatusCode::OK, "{sent:?}");
        }
        let others: [&[(&str, &str)]; 5] = [
            &[],
            &[("origin", "null")],
            &[("origin", "http://f.example")],
            &[("origin", "https://evil.example")],
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://f.example"),
            ],
        ];
        for sent in others {
            let status = answer(Method::POST, sent).await.status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{sent:?}");
        }
        assert_eq!(answer(Method::GET, &[]).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn r51_every_answer_tells_browsers_what_a_page_may_do() {
        for method in [Method::GET, Method::POST] {
            let response = answer(method, &[]).await;
            let headers = response.headers();
            assert_eq!(headers[header::CONTENT_SECURITY_POLICY], POLICY);
            assert_eq!(headers[header::CACHE_CONTROL], "no-store");
            assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        }
    }
}
