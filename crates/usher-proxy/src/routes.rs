//! The table of routes: what Usher does with each, readable from top to bottom.
//!
//! What stands here is everything that has to do with who somebody is, what may be asked without a token, and what a
//! film's bytes flow through. **What does not stand here needs a token that Usher knows, and passes.** The first row
//! that fits decides. Complete for Jellyfin 10.10, 10.11 and 12.0, hidden routes included: a test holds the class of
//! every route of those versions against a snapshot.
use http::Method;

use crate::path::CanonicalPath;

/// What Usher does with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Usher's own pages.
    Page,
    /// Usher answers; Jellyfin is asked by Usher, if at all. Needs a token.
    Own,
    /// As `Own`, for anybody.
    OwnPublic,
    /// Passes; Usher looks at request and answer, and may narrow either. Needs a token.
    Filter,
    /// As `Filter`, for anybody.
    FilterPublic,
    /// Nobody gets through.
    Block,
    /// Passes for anybody.
    Public,
    /// Passes with a token or a ticket, where the holder may see the item (design, 3.1).
    Media,
    /// A WebSocket: needs a token.
    Socket,
    /// Drives a session: passes for one's own, or with the right to control others.
    Session,
    /// Needs an administrator's token.
    Administrator,
    /// Passes with any known token.
    Pass,
}

/// A route that somebody must know by name; all others are [`Route::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Route {
    /// `/usher/…`.
    Page,
    /// Sign-in by name and password.
    AuthenticateByName,
    /// A Quick Connect secret is redeemed.
    AuthenticateWithQuickConnect,
    /// A screen asks for a Quick Connect code.
    QuickConnectInitiate,
    /// Is Quick Connect on?
    QuickConnectEnabled,
    /// Somebody approves a code.
    QuickConnectAuthorize,
    /// "Forgot password" in a client.
    ForgotPassword,
    /// The PIN of Jellyfin's own reset.
    ForgotPasswordPin,
    /// A password is set.
    SetPassword,
    /// The tiles of a sign-in page.
    PublicUsers,
    /// The list of users.
    Users,
    /// One user by id.
    User,
    /// One's own user.
    Me,
    /// A user's record is written: also a rename.
    UpdateUser,
    /// A user is made.
    CreateUser,
    /// A user is deleted.
    DeleteUser,
    /// A user's policy is written.
    SetPolicy,
    /// The token of the request is ended.
    Logout,
    /// API keys are listed or made.
    Keys,
    /// An API key is deleted.
    DeleteKey,
    /// Devices are listed, or one is ended for everybody.
    Devices,
    /// What may be played, and how: leaves a ticket.
    PlaybackInfo,
    /// A live stream is opened: leaves a ticket.
    OpenLiveStream,
    /// Another session is driven.
    Session,
    /// A transcoding is ended, by device id.
    ActiveEncodings,
    /// Streams, playlists, segments, subtitles, attachments, downloads.
    Media,
    /// The server's own name and address.
    SystemInfo,
    /// Texts and style of the sign-in page.
    Branding,
    /// The web client's configuration.
    WebConfig,
    /// The web client's page.
    WebIndex,
    /// Everything else.
    Other,
}

/// What is done with a request, and which named route it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// What is done with it.
    pub class: Class,
    /// Which route.
    pub route: Route,
}

/// Methods, pattern, class, route. In a pattern `*` is one segment, `**` any number of them (also none), and
/// `name.*` a segment with that beginning.
type Row = (&'static str, &'static str, Class, Route);

#[rustfmt::skip] // One row, one line.
const TABLE: &[Row] = &[
    // Usher's own.
    ("*", "usher/**", Class::Page, Route::Page),
    // Sign-in.
    ("POST", "users/authenticatebyname", Class::OwnPublic, Route::AuthenticateByName),
    ("*", "users/*/authenticate", Class::Block, Route::Other),
    ("POST", "users/authenticatewithquickconnect", Class::FilterPublic, Route::AuthenticateWithQuickConnect),
    ("POST GET", "quickconnect/initiate", Class::FilterPublic, Route::QuickConnectInitiate),
    ("GET", "quickconnect/connect", Class::Public, Route::Other),
    ("GET", "quickconnect/enabled", Class::OwnPublic, Route::QuickConnectEnabled),
    ("POST", "quickconnect/authorize", Class::Own, Route::QuickConnectAuthorize),
    ("POST", "sessions/logout", Class::Filter, Route::Logout),
    // Passwords.
    ("POST", "users/forgotpassword", Class::OwnPublic, Route::ForgotPassword),
    ("POST", "users/forgotpassword/pin", Class::OwnPublic, Route::ForgotPasswordPin),
    ("POST", "users/password", Class::Own, Route::SetPassword),
    ("POST", "users/*/password", Class::Own, Route::SetPassword),
    ("*", "users/*/easypassword", Class::Block, Route::Other),
    // The first-run wizard and the start-up log are never for the outside.
    ("*", "startup/**", Class::Block, Route::Other),
    // Users.
    ("GET", "users/public", Class::FilterPublic, Route::PublicUsers),
    ("GET", "users/me", Class::Filter, Route::Me),
    ("POST", "users/new", Class::Filter, Route::CreateUser),
    ("POST", "users/configuration", Class::Pass, Route::Other),
    ("GET", "users", Class::Filter, Route::Users),
    ("POST", "users", Class::Filter, Route::UpdateUser),
    ("POST", "users/*/policy", Class::Filter, Route::SetPolicy),
    ("GET", "users/*", Class::Filter, Route::User),
    ("POST", "users/*", Class::Filter, Route::UpdateUser),
    ("DELETE", "users/*", Class::Filter, Route::DeleteUser),
    // Pictures are loaded without a token by every client.
    ("GET HEAD", "users/*/images/**", Class::Public, Route::Other),
    ("GET HEAD", "userimage", Class::Public, Route::Other),
    ("GET HEAD", "items/*/images/*/**", Class::Public, Route::Other),
    ("GET HEAD", "artists/*/images/**", Class::Public, Route::Other),
    ("GET HEAD", "genres/*/images/**", Class::Public, Route::Other),
    ("GET HEAD", "musicgenres/*/images/**", Class::Public, Route::Other),
    ("GET HEAD", "persons/*/images/**", Class::Public, Route::Other),
    ("GET HEAD", "studios/*/images/**", Class::Public, Route::Other),
    ("GET", "plugins/*/*/image", Class::Public, Route::Other),
    // Keys and devices.
    ("GET POST", "auth/keys", Class::Filter, Route::Keys),
    ("DELETE", "auth/keys/*", Class::Filter, Route::DeleteKey),
    ("GET DELETE", "devices", Class::Filter, Route::Devices),
    ("POST", "system/restart", Class::Administrator, Route::Other),
    ("POST", "system/shutdown", Class::Administrator, Route::Other),
    // Other people's screens.
    ("POST", "sessions/playing", Class::Pass, Route::Other),
    ("POST", "sessions/playing/progress", Class::Pass, Route::Other),
    ("POST", "sessions/playing/ping", Class::Pass, Route::Other),
    ("POST", "sessions/playing/stopped", Class::Pass, Route::Other),
    ("POST DELETE", "sessions/*/**", Class::Session, Route::Session),
    ("DELETE", "videos/activeencodings", Class::Session, Route::ActiveEncodings),
    // What leaves a ticket.
    ("GET POST", "items/*/playbackinfo", Class::Filter, Route::PlaybackInfo),
    ("POST", "livestreams/open", Class::Filter, Route::OpenLiveStream),
    // A film's bytes.
    ("GET HEAD", "videos/*/stream", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/stream.*", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/master.m3u8", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/main.m3u8", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/live.m3u8", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/hls/**", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/hls1/**", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/trickplay/**", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/*/subtitles/**", Class::Media, Route::Media),
    ("GET HEAD", "videos/*/*/attachments/**", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/stream", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/stream.*", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/universal", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/master.m3u8", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/main.m3u8", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/hls/**", Class::Media, Route::Media),
    ("GET HEAD", "audio/*/hls1/**", Class::Media, Route::Media),
    ("GET HEAD", "items/*/download", Class::Media, Route::Media),
    ("GET HEAD", "items/*/file", Class::Media, Route::Media),
    ("GET HEAD", "livetv/liverecordings/**", Class::Media, Route::Media),
    ("GET HEAD", "livetv/livestreamfiles/**", Class::Media, Route::Media),
    // Sockets: Jellyfin opens one on any path, Usher on these.
    ("GET", "socket", Class::Socket, Route::Other),
    ("GET", "embywebsocket", Class::Socket, Route::Other),
    // What a client asks before anybody has signed in.
    ("GET", "system/info/public", Class::FilterPublic, Route::SystemInfo),
    ("GET", "system/info", Class::Filter, Route::SystemInfo),
    ("GET POST HEAD", "system/ping", Class::Public, Route::Other),
    ("GET", "branding/configuration", Class::FilterPublic, Route::Branding),
    ("GET", "branding/css", Class::Public, Route::Other),
    ("GET", "branding/css.css", Class::Public, Route::Other),
    ("GET", "branding/splashscreen", Class::Public, Route::Other),
    ("GET", "getutctime", Class::Public, Route::Other),
    ("GET HEAD", "health", Class::Public, Route::Other),
    ("GET HEAD", "robots.txt", Class::Public, Route::Other),
    ("GET HEAD", "favicon.ico", Class::Public, Route::Other),
    // The web client.
    ("GET HEAD", "", Class::Public, Route::Other),
    ("GET", "web/config.json", Class::FilterPublic, Route::WebConfig),
    ("GET", "web/", Class::FilterPublic, Route::WebIndex),
    ("GET", "web/index.html", Class::FilterPublic, Route::WebIndex),
    ("*", "web/configurationpages", Class::Administrator, Route::Other),
    ("GET HEAD", "web/**", Class::Public, Route::Other),
    // A browser of another origin asks first.
    ("OPTIONS", "**", Class::Public, Route::Other),
];

/// The first row that fits. A HEAD is matched as itself.
pub fn classify(method: &Method, path: &CanonicalPath) -> Matched {
    let found = TABLE
        .iter()
        .find(|(methods, pattern, ..)| takes(methods, method) && fits(pattern, path.folded()));
    match found {
        Some(&(_, _, class, route)) => Matched { class, route },
        None => Matched {
            class: Class::Pass,
            route: Route::Other,
        },
    }
}

fn takes(methods: &str, method: &Method) -> bool {
    methods == "*" || methods.split(' ').any(|one| one == method.as_str())
}

fn fits(pattern: &str, path: &str) -> bool {
    let path = path.strip_prefix('/').unwrap_or(path);
    let mut given = path.split('/');
    for wanted in pattern.split('/') {
        if wanted == "**" {
            return true;
        }
        match given.next() {
            None => return false,
            Some(segment) => {
                let fits = match wanted.strip_suffix('*') {
                    Some("") => !segment.is_empty(),
                    Some(beginning) => {
                        segment.len() > beginning.len() && segment.starts_with(beginning)
                    }
                    None => segment == wanted,
                };
                if !fits {
                    return false;
                }
            }
        }
    }
    given.next().is_none()
}

#[cfg(test)]
mod tests;
