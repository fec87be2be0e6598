//! A browser on Usher's own pages: it keeps cookies and sends forms.
use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, Response};

use crate::client::ask_of;

#[derive(Default)]
pub(crate) struct Browser {
    address: String,
    cookies: HashMap<String, String>,
}

/// What a page answered.
pub(crate) struct Shown {
    /// Where the browser is sent; empty where it stays.
    pub(crate) location: String,
    pub(crate) html: String,
}

impl Browser {
    pub(crate) fn at(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            ..Self::default()
        }
    }

    /// Sends a form to a page directly below `/usher/`. The values need no escaping.
    pub(crate) async fn send(&mut self, page: &str, form: &[(&str, &str)]) -> Shown {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = [
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", &cookies.join("; ")),
        ];
        let target = format!("/usher/{page}");
        let body = pairs.join("&");
        let answer = ask_of(&self.address, Method::POST, &target, &headers, &body).await;
        self.keep(&answer);
        let location = answer.headers().get("location");
        Shown {
            location: location.map_or_else(String::new, |to| to.to_str().unwrap().to_owned()),
            html: String::from_utf8(answer.body().to_vec()).unwrap(),
        }
    }

    fn keep(&mut self, answer: &Response<Bytes>) {
        for line in answer.headers().get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Sends name and password; an address that may be left out is.
    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Shown {
        let form = [("name", name), ("password", password), ("device", "")];
        let shown = self.send("sign-in", &form).await;
        if shown.location == "email" {
            return self.send("email-skip", &[]).await;
        }
        shown
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        let session = self.cookies.get("usher_session");
        session.is_some_and(|value| !value.is_empty())
    }
}
