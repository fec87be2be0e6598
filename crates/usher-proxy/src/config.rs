//! What the gateway must be told before it starts. Built by `usher` from the configuration file.
use std::time::Duration;

use http::Uri;
use http::uri::PathAndQuery;
use ipnet::IpNet;

/// Everything the gateway is told.
#[derive(Clone, Debug)]
pub struct Config {
    /// Jellyfin's address, `http` or `https`, with its base URL where it has one.
    pub upstream: Uri,
    /// Usher's public address with its base URL, without a trailing slash.
    pub public_url: String,
    /// Further addresses under which people reach Usher, such as `http://192.168.1.5`, without a trailing slash.
    pub other_addresses: Vec<String>,
    /// Proxies whose forwarding headers and PROXY protocol are believed (R53). Empty by default.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether streams need a holder and a verdict (design, 3.1).
    pub media_gate: MediaGate,
    /// Address of the script for `/web/`; `None` leaves the page as it is (`inject = false`).
    pub script: Option<String>,
    /// A line for the sign-in pages of clients: plain text, because Findroid shows it raw.
    pub sign_in_line: Option<String>,
    /// Sizes and times.
    pub limits: Limits,
}

/// A link in the web client's menu (`menuLinks` of `config.json`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLink {
    /// What the person reads.
    pub name: String,
    /// A Material icon's name.
    pub icon: String,
    /// Where it leads.
    pub url: String,
}

/// Whether streams need a holder and a verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaGate {
    /// Yes.
    #[default]
    On,
    /// No: whoever knows an id gets the film, as Jellyfin does it.
    Compat,
}

/// Sizes and times (R74, R76).
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest body of a request that Usher reads itself, in bytes.
    pub own_body_max: usize,
    /// Largest body of a request that Usher looks at on its way (`PlaybackInfo` with a device profile), in bytes.
    pub seen_body_max: usize,
    /// Largest answer that Usher looks at, in bytes.
    pub seen_answer_max: usize,
    /// How long the body of a request that Usher reads itself may take.
    pub own_body_time: Duration,
    /// At how many bytes in a second more time is given to what is sent to a page: a photo may take a while.
    pub own_body_rate: u64,
    /// How long the body of a request that Usher looks at on its way may take.
    pub seen_body_time: Duration,
    /// Levels of JSON in a body that Usher reads itself.
    pub own_json_depth: usize,
    /// Headers of a request, in bytes.
    pub header_bytes_max: usize,
    /// Lines of headers.
    pub headers_max: usize,
    /// How long the headers of a request may take. A kept connection waits as long for its next request.
    pub header_time: Duration,
    /// Open connections that wait for a request: of more, those that have waited longest are closed.
    pub connections_waiting: usize,
    /// Open connections of one address (IPv6: of one /64). Trusted proxies are not counted.
    pub connections_per_address: usize,
    /// How long a connection to Jellyfin may take.
    pub connect_time: Duration,
    /// How long Jellyfin may take to begin an answer.
    pub answer_time: Duration,
    /// The same where a film may have to be transcoded first.
    pub media_answer_time: Duration,
    /// The same where somebody signs in.
    pub sign_in_answer_time: Duration,
    /// How often open streams and sockets are judged again (R47: they are cut within 10 s).
    pub recheck: Duration,
    /// How long open answers may go on after Usher was told to stop.
    pub stop_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            own_body_max: 64 * 1024,
            seen_body_max: 1024 * 1024,
            seen_answer_max: 16 * 1024 * 1024,
            own_body_time: Duration::from_secs(10),
            own_body_rate: 64 * 1024,
            seen_body_time: Duration::from_secs(30),
            own_json_depth: 16,
            header_bytes_max: 32 * 1024,
            headers_max: 100,
            header_time: Duration::from_secs(10),
            connections_waiting: 1000,
            connections_per_address: 100,
            connect_time: Duration::from_secs(2),
            answer_time: Duration::from_mins(2),
            media_answer_time: Duration::from_mins(5),
            sign_in_answer_time: Duration::from_secs(10),
            recheck: Duration::from_secs(5),
            stop_time: Duration::from_secs(30),
        }
    }
}

/// Why an address in the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Not an address at all.
    #[error("{0:?} is not an address such as http://127.0.0.1:8096")]
    Malformed(String),
    /// Neither `http` nor `https`, or no host.
    #[error("{0:?} must begin with http:// or https:// and name a host")]
    Incomplete(String),
}

impl Config {
    /// Defaults for everything but the two addresses.
    pub fn new(upstream: &str, public_url: &str) -> Result<Self, AddressError> {
        Ok(Self {
            upstream: absolute(upstream)?,
            public_url: absolute(public_url)?
                .to_string()
                .trim_end_matches('/')
                .to_owned(),
            other_addresses: Vec::new(),
            trusted_proxies: Vec::new(),
            media_gate: MediaGate::On,
            script: None,
            sign_in_line: None,
            limits: Limits::default(),
        })
    }

    /// The base URL below which people reach Usher: the path of the public address, `""` or such as `/jellyfin`.
    pub fn base_path(&self) -> String {
        let parsed = self.public_url.parse::<Uri>();
        parsed.map_or_else(
            |_not_an_address| String::new(),
            |uri| base_of(&uri).to_owned(),
        )
    }
}

/// The path of an address without its trailing slash.
pub(crate) fn base_of(address: &Uri) -> &str {
    address
        .path_and_query()
        .map_or("", PathAndQuery::path)
        .trim_end_matches('/')
}

fn absolute(text: &str) -> Result<Uri, AddressError> {
    let uri: Uri = text
        .parse()
        .ok()
        .ok_or_else(|| AddressError::Malformed(text.to_owned()))?;
    let known = matches!(uri.scheme_str(), Some("http" | "https"));
    if known && uri.host().is_some() {
        Ok(uri)
    } else {
        Err(AddressError::Incomplete(text.to_owned()))
    }
}
