//! The gateway on real sockets, before an origin that plays Jellyfin.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests")]
mod origin;
mod rules;
mod stage;

mod cut;
mod flowing;
mod framing;
mod gate;
mod pages;
mod passing;
mod proxy_protocol;
mod socket;
mod tls;
