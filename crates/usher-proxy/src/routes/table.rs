//! The table of routes, readable from top to bottom.
//!
//! What stands here is everything that has to do with who somebody is, what may be asked without a token, and what a
//! film's bytes flow through. **What does not stand here needs a token that Usher knows, and passes.** The first row
//! that fits decides. Complete for Jellyfin 10.10, 10.11 and 12.0, hidden routes included: a test holds every route of
//! those versions against a snapshot.
use super::{Class, Danger, Limiter, Matched, Route};

/// One row. In a pattern `*` is one segment, `**` any number of them (also none), and `name.*` a segment with that
/// beginning. Methods stand between blanks, `*` is every method.
pub(super) struct Row {
    pub(super) methods: &'static str,
    pub(super) pattern: &'static str,
    pub(super) matched: Matched,
}

const fn row(methods: &'static str, pattern: &'static str, class: Class, route: Route) -> Row {
    let (limiter, danger) = (Limiter::None, Danger::None);
    let matched = Matched {
        class,
        route,
        limiter,
        danger,
    };
    Row {
        methods,
        pattern,
        matched,
    }
}

impl Row {
    const fn limited(mut self, limiter: Limiter) -> Self {
        self.matched.limiter = limiter;
        self
    }

    const fn dangerous(mut self) -> Self {
        self.matched.danger = Danger::Administrator;
        self
    }
}

#[rustfmt::skip] // One row, one line.
pub(super) const TABLE: &[Row] = &[
    // Usher's own.
    row("*", "usher/**", Class::Page, Route::Page),
    // Sign-in.
    row("POST", "users/authenticatebyname", Class::OwnPublic, Route::AuthenticateByName).limited(Limiter::Password),
    row("*", "users/*/authenticate", Class::Block, Route::Other),
    row("POST", "users/authenticatewithquickconnect", Class::FilterPublic, Route::AuthenticateWithQuickConnect).limited(Limiter::QuickConnect),
    row("POST GET", "quickconnect/initiate", Class::FilterPublic, Route::QuickConnectInitiate).limited(Limiter::QuickConnect),
    row("GET", "quickconnect/connect", Class::Public, Route::Other),
    row("GET", "quickconnect/enabled", Class::OwnPublic, Route::QuickConnectEnabled),
    row("POST", "quickconnect/authorize", Class::Own, Route::QuickConnectAuthorize).limited(Limiter::QuickConnect),
    row("POST", "sessions/logout", Class::Filter, Route::Logout),
    // Passwords.
    row("POST", "users/forgotpassword", Class::OwnPublic, Route::ForgotPassword).limited(Limiter::Mail),
    row("POST", "users/forgotpassword/pin", Class::OwnPublic, Route::ForgotPasswordPin).limited(Limiter::Password),
    row("POST", "users/password", Class::Own, Route::SetPassword).limited(Limiter::Password).dangerous(),
    row("POST", "users/*/password", Class::Own, Route::SetPassword).limited(Limiter::Password).dangerous(),
    row("*", "users/*/easypassword", Class::Block, Route::Other),
    // The first-run wizard and the start-up log are never for the outside.
    row("*", "startup/**", Class::Block, Route::Other),
    // Users.
    row("GET", "users/public", Class::FilterPublic, Route::PublicUsers),
    row("GET", "users/me", Class::Filter, Route::Me),
    row("POST", "users/new", Class::Filter, Route::CreateUser).limited(Limiter::Mail).dangerous(),
    row("POST", "users/configuration", Class::Pass, Route::Other),
    row("GET", "users", Class::Filter, Route::Users),
    row("POST", "users", Class::Filter, Route::UpdateUser).dangerous(),
    row("POST", "users/*/policy", Class::Observe, Route::SetPolicy).dangerous(),
    row("GET", "users/*", Class::Filter, Route::User),
    row("POST", "users/*", Class::Filter, Route::UpdateUser).dangerous(),
    row("DELETE", "users/*", Class::Observe, Route::DeleteUser).dangerous(),
    // Pictures are loaded without a token by every client.
    row("GET HEAD", "users/*/images/**", Class::Public, Route::Other),
    row("GET HEAD", "userimage", Class::Public, Route::Other),
    row("GET HEAD", "items/*/images/*/**", Class::Public, Route::Other),
    row("GET HEAD", "artists/*/images/**", Class::Public, Route::Other),
    row("GET HEAD", "genres/*/images/**", Class::Public, Route::Other),
    row("GET HEAD", "musicgenres/*/images/**", Class::Public, Route::Other),
    row("GET HEAD", "persons/*/images/**", Class::Public, Route::Other),
    row("GET HEAD", "studios/*/images/**", Class::Public, Route::Other),
    row("GET", "plugins/*/*/image", Class::Public, Route::Other),
    // Keys and devices.
    row("GET POST", "auth/keys", Class::Filter, Route::Keys).dangerous(),
    row("DELETE", "auth/keys/*", Class::Filter, Route::DeleteKey).dangerous(),
    row("DELETE", "devices", Class::Observe, Route::Devices),
    // The server itself.
    row("GET", "system/configuration", Class::Filter, Route::ServerConfiguration),
    row("POST", "system/configuration", Class::Filter, Route::ServerConfiguration).dangerous(),
    row("POST", "system/configuration/**", Class::Observe, Route::Configuration).dangerous(),
    row("POST", "system/mediaencoder/path", Class::Observe, Route::Configuration).dangerous(),
    row("POST DELETE", "plugins/**", Class::Pass, Route::Other).dangerous(),
    row("POST DELETE", "packages/**", Class::Pass, Route::Other).dangerous(),
    row("POST", "repositories", Class::Pass, Route::Other).dangerous(),
    row("*", "backup/**", Class::Pass, Route::Other).dangerous(),
    row("POST", "system/restart", Class::Administrator, Route::Other),
    row("POST", "system/shutdown", Class::Administrator, Route::Other),
    // Other people's screens.
    row("GET", "sessions", Class::Filter, Route::Sessions),
    row("GET", "syncplay/*", Class::Filter, Route::Groups),
    row("POST", "syncplay/new", Class::Filter, Route::Groups),
    row("POST", "syncplay/join", Class::Filter, Route::JoinGroup),
    row("POST", "sessions/playing", Class::Filter, Route::Playing),
    row("POST", "sessions/playing/progress", Class::Filter, Route::Playing),
    row("POST", "sessions/playing/ping", Class::Pass, Route::Other),
    row("POST", "sessions/playing/stopped", Class::Filter, Route::Playing),
    row("POST DELETE", "playingitems/*", Class::Filter, Route::Playing),
    row("POST", "playingitems/*/progress", Class::Filter, Route::Playing),
    row("POST DELETE", "users/*/playingitems/*", Class::Filter, Route::Playing),
    row("POST", "users/*/playingitems/*/progress", Class::Filter, Route::Playing),
    row("POST DELETE", "sessions/*/**", Class::Session, Route::Session),
    row("DELETE", "videos/activeencodings", Class::Session, Route::ActiveEncodings),
    // What belongs to a film is judged by it.
    row("GET", "items/*/specialfeatures", Class::Filter, Route::Extras),
    row("GET", "items/*/localtrailers", Class::Filter, Route::Extras),
    row("GET", "items/*/thememedia", Class::Filter, Route::Extras),
    row("GET", "items/*/themesongs", Class::Filter, Route::Extras),
    row("GET", "items/*/themevideos", Class::Filter, Route::Extras),
    row("GET", "videos/*/additionalparts", Class::Filter, Route::Extras),
    row("GET", "users/*/items/*/specialfeatures", Class::Filter, Route::Extras),
    row("GET", "users/*/items/*/localtrailers", Class::Filter, Route::Extras),
    // Playlists of others hold what one may not see.
    row("POST", "playlists", Class::Filter, Route::Playlist),
    row("GET POST", "playlists/*", Class::Filter, Route::Playlist),
    // What leaves a ticket.
    row("GET POST", "items/*/playbackinfo", Class::Filter, Route::PlaybackInfo),
    row("POST", "livestreams/open", Class::Filter, Route::OpenLiveStream),
    // Live television tells and closes what is others'.
    row("POST", "livestreams/close", Class::Filter, Route::CloseLiveStream),
    row("POST", "livetv/programs", Class::Filter, Route::Guide),
    row("GET", "livetv/timers/defaults", Class::Pass, Route::Other),
    row("GET", "livetv/timers/**", Class::Filter, Route::Timers),
    row("GET", "livetv/seriestimers/**", Class::Filter, Route::Timers),
    // A film's bytes.
    row("GET HEAD", "videos/*/stream", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/stream.*", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/master.m3u8", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/main.m3u8", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/live.m3u8", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/hls/**", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/hls1/**", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/trickplay/**", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/*/subtitles/**", Class::Media, Route::Media),
    row("GET HEAD", "videos/*/*/attachments/**", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/stream", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/stream.*", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/universal", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/master.m3u8", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/main.m3u8", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/hls/**", Class::Media, Route::Media),
    row("GET HEAD", "audio/*/hls1/**", Class::Media, Route::Media),
    row("GET HEAD", "items/*/download", Class::Media, Route::Media),
    row("GET HEAD", "items/*/file", Class::Media, Route::Media),
    row("GET HEAD", "livetv/liverecordings/**", Class::Media, Route::Media),
    row("GET HEAD", "livetv/livestreamfiles/**", Class::Media, Route::Media),
    // Sockets: Jellyfin opens one on any path, Usher on these.
    row("GET", "socket", Class::Socket, Route::Other),
    row("GET", "embywebsocket", Class::Socket, Route::Other),
    // What a client asks before anybody has signed in.
    row("GET", "system/info/public", Class::FilterPublic, Route::SystemInfo),
    row("GET", "system/info", Class::Filter, Route::SystemInfo),
    row("GET POST HEAD", "system/ping", Class::Public, Route::Other),
    row("GET", "branding/configuration", Class::FilterPublic, Route::Branding),
    row("GET", "branding/css", Class::Public, Route::Other),
    row("GET", "branding/css.css", Class::Public, Route::Other),
    row("GET", "branding/splashscreen", Class::Public, Route::Other),
    row("GET", "getutctime", Class::Public, Route::Other),
    row("GET HEAD", "health", Class::Public, Route::Other),
    row("GET HEAD", "robots.txt", Class::Public, Route::Other),
    row("GET HEAD", "favicon.ico", Class::Public, Route::Other),
    // The web client.
    row("GET HEAD", "", Class::Public, Route::Other),
    row("GET", "web/config.json", Class::FilterPublic, Route::WebConfig),
    row("GET", "web/", Class::FilterPublic, Route::WebIndex),
    row("GET", "web/index.html", Class::FilterPublic, Route::WebIndex),
    row("*", "web/configurationpages", Class::Administrator, Route::Other),
    row("GET HEAD", "web/**", Class::Public, Route::Other),
    // A browser of another origin asks first.
    row("OPTIONS", "**", Class::Public, Route::Other),
];
