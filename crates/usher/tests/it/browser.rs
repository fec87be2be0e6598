//! A browser on Usher's own pages: it keeps cookies and sends forms.
use std::collections::HashMap;

use bytes::Bytes;
use http::{Method, Response};

use crate::client::ask_of;

#[derive(Default)]
pub(crate) struct Browser {
    /// Where its requests arrive.
    address: String,
    /// What stands in its address bar.
    host: String,
    cookies: HashMap<String, String>,
    /// Every value that a cookie ever had here.
    secrets: Vec<String>,
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
            host: address.to_owned(),
            ..Self::default()
        }
    }

    /// A browser that knows a site by its name: [`arrive_at`](Self::arrive_at) says who answers.
    pub(crate) fn of(host: &str) -> Self {
        Self {
            host: host.to_owned(),
            ..Self::default()
        }
    }

    /// From here on requests arrive at this address, as a load balancer decides it.
    pub(crate) fn arrive_at(&mut self, address: &str) -> &mut Self {
        address.clone_into(&mut self.address);
        self
    }

    /// Sends a form to a page directly below `/usher/`. The values need no escaping.
    pub(crate) async fn send(&mut self, page: &str, form: &[(&str, &str)]) -> Shown {
        let pairs: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        self.ask(Method::POST, page, &pairs.join("&")).await
    }

    /// Opens a page directly below `/usher/`.
    pub(crate) async fn open(&mut self, page: &str) -> Shown {
        self.ask(Method::GET, page, "").await
    }

    async fn ask(&mut self, method: Method, page: &str, body: &str) -> Shown {
        let cookies = self.cookies();
        let headers = [
            ("host", &*self.host),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", &cookies),
        ];
        let target = format!("/usher/{page}");
        let answer = ask_of(&self.address, method, &target, &headers, body).await;
        self.keep(&answer);
        let location = answer.headers().get("location");
        Shown {
            location: location.map_or_else(String::new, |to| to.to_str().unwrap().to_owned()),
            html: String::from_utf8(answer.body().to_vec()).unwrap(),
        }
    }

    /// What it sends to every page of the site.
    pub(crate) fn cookies(&self) -> String {
        let pairs = self.cookies.iter();
        let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Response<Bytes>) {
        for line in answer.headers().get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
            if !value.is_empty() {
                self.secrets.push(value.to_owned());
            }
        }
    }

    /// Sends name and password; an address that may be left out is.
    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Shown {
        let form = [("name", name), ("password", password), ("device", "")];
        let mut shown = self.send("sign-in", &form).await;
        if shown.location == "email" {
            shown = self.send("email-skip", &[]).await;
        }
        if shown.location == "profiles" {
            shown = self.send("profiles", &[("who", "owner")]).await;
        }
        shown
    }

    pub(crate) fn is_signed_in(&self) -> bool {
        let session = self.cookies.get("usher_session");
        session.is_some_and(|value| !value.is_empty())
    }

    /// Every value that a cookie ever had here.
    pub(crate) fn secrets(&self) -> &[String] {
        &self.secrets
    }
}
