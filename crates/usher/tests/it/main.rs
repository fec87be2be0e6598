//! The program before the stand-in Jellyfin, as clients use it: real sockets, both versions.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test helper that fails is a failing test"
)]
mod apps;
mod browser;
mod canary;
mod childs_device;
mod client;
mod commands;
mod console;
mod dangerous;
mod dead_mail;
mod doors;
mod drive;
mod everyone;
mod factors;
mod hours;
mod keys;
mod kill;
mod limits;
mod mail_server;
mod media;
mod menu;
mod outage;
mod own_account;
mod places;
mod playing;
mod processes;
mod profile_limits;
mod profile_policy;
mod profile_settings;
mod profiles;
mod program;
mod recovery;
mod replicas;
mod restart;
mod sagas;
mod set_up;
mod side_doors;
mod stale_proof;
mod start;
mod television;
mod time;
mod told;
