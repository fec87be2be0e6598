//! What passes while Usher looks: before and after, at the answer's status only, or to change a line of it.
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Response, StatusCode};

use super::{Gateway, collected, exchange, rebuilt, to_its_end};
use crate::arrival::Arrival;
use crate::body::{Body, empty, full};
use crate::config::MenuLink;
use crate::headers::{self, Answer};
use crate::refusal::Refusal;
use crate::rewrite;
use crate::routes::Route;
use crate::rules::{Before, Caller, Scheme, Visit};

impl Gateway {
    /// Asks those who know before and after. Once it was sent on, it is brought to its end even if the visitor hangs up:
    /// what Jellyfin has done must not stay unseen.
    pub(super) async fn filter(
        &self,
        mut arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        let limits = &self.config.limits;
        let body = std::mem::replace(&mut arrival.body, empty());
        let mut sent = collected(body, limits.seen_body_max, limits.seen_body_time).await?;
        let request = rebuilt(&visit, arrival.headers.clone(), sent.clone())?;
        match self.rules.before(&visit, caller.as_ref(), &request).await {
            Before::Pass => {}
            Before::PassBody(body) => sent = body,
            Before::Answer(answer) => return Ok(answer),
        }
        arrival.headers.remove(CONTENT_LENGTH);
        arrival.body = full(sent.clone());
        let request = self.prepare(&mut arrival, caller.as_ref(), Answer::Read)?;
        let answer = self.upstream.send(request, self.patience(&visit));
        let (rules, bytes_max) = (Arc::clone(&self.rules), limits.seen_answer_max);
        to_its_end(async move {
            let answer = answer.await?;
            exchange::notice_refusal(&rules, &visit, caller.as_ref(), answer.status());
            let answer = exchange::read(answer, &visit, bytes_max).await?;
            let mut answer = rules.after(&visit, caller.as_ref(), &sent, answer).await;
            headers::body_changed(answer.headers_mut());
            Ok(answer.map(full))
        })
        .await
    }

    /// Streams both ways, and tells with which status it was answered.
    pub(super) async fn observe(
        &self,
        mut arrival: Arrival,
        caller: Arc<Caller>,
    ) -> Result<Response<Body>, Refusal> {
        let visit = Arc::clone(&arrival.visit);
        let request = self.prepare(&mut arrival, Some(&caller), Answer::Streamed)?;
        let answer = self.upstream.send(request, self.patience(&visit));
        let rules = Arc::clone(&self.rules);
        to_its_end(async move {
            let answer = answer.await?;
            exchange::notice_refusal(&rules, &visit, Some(&caller), answer.status());
            rules.observed(&visit, &caller, answer.status()).await;
            Ok(exchange::passed_on(answer, &visit))
        })
        .await
    }

    /// Whether there is anything to change in the answer.
    fn has_changes(&self, route: Route) -> bool {
        route == Route::SystemInfo
            || (route == Route::Branding && self.config.sign_in_line.is_some())
            || route == Route::WebConfig
            || (route == Route::WebIndex && self.config.script.is_some())
    }

    pub(super) async fn rewritten(
        &self,
        mut arrival: Arrival,
        caller: Option<Arc<Caller>>,
    ) -> Result<Response<Body>, Refusal> {
        if !self.has_changes(arrival.visit.route) {
            return self.pass(arrival, caller, None).await;
        }
        let visit = Arc::clone(&arrival.visit);
        let menu = if visit.route == Route::WebConfig {
            self.rules.menu(&visit, &arrival.headers).await
        } else {
            Vec::new()
        };
        let answer = self
            .ask(&mut arrival, caller.as_ref(), Answer::Read)
            .await?;
        exchange::notice_refusal(&self.rules, &visit, caller.as_ref(), answer.status());
        let mut answer = exchange::read(answer, &visit, self.config.limits.seen_answer_max).await?;
        if answer.status() == StatusCode::OK {
            headers::body_changed(answer.headers_mut());
            if visit.route == Route::WebConfig {
                headers::for_one_browser(answer.headers_mut());
            }
            answer = answer.map(|body| self.rewrite(&visit, body, &menu));
        }
        Ok(answer.map(full))
    }

    fn rewrite(&self, visit: &Visit, body: Bytes, menu: &[MenuLink]) -> Bytes {
        let config = &self.config;
        match (visit.route, &config.sign_in_line, &config.script) {
            (Route::SystemInfo, ..) => rewrite::local_address(body, &self.address_for(visit)),
            (Route::WebConfig, ..) => rewrite::menu_links(body, menu),
            (Route::Branding, Some(line), _) => rewrite::sign_in_line(body, line),
            (Route::WebIndex, _, Some(source)) => rewrite::script(body, source),
            _unchanged => body,
        }
    }

    /// The address that a client is told: the one it came by where that is a listed one, else the public one.
    fn address_for(&self, visit: &Visit) -> String {
        let scheme = match visit.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        let typed = format!("{scheme}://{}{}", visit.host, self.base);
        if self.config.other_addresses.contains(&typed) {
            typed
        } else {
            self.config.public_url.clone()
        }
    }
}
