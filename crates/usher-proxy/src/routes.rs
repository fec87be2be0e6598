//! What Usher does with each route: the words of the [table](table), and how a request finds its row.
mod index;
mod table;

use http::Method;

use crate::path::CanonicalPath;
use crate::routes::index::INDEX;

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
    /// Passes as a stream; Usher notes with which status it was answered. Needs a token.
    Observe,
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
    /// A device is ended, for everybody who signed in on it.
    Devices,
    /// The server's configuration, with the tick box of Quick Connect: it drives Usher's own switch.
    ServerConfiguration,
    /// Any other part of the configuration is written.
    Configuration,
    /// What may be played, and how: leaves a ticket.
    PlaybackInfo,
    /// A live stream is opened: leaves a ticket.
    OpenLiveStream,
    /// A live stream is closed.
    CloseLiveStream,
    /// The guide of live television, in the form that names in its body for whom it is.
    Guide,
    /// What is to be recorded, by anybody.
    Timers,
    /// What a screen says that it plays.
    Playing,
    /// Extras and further parts of a film.
    Extras,
    /// A playlist is made, changed or read.
    Playlist,
    /// Who is on which screen.
    Sessions,
    /// Groups that watch together, with the names of who is in them.
    Groups,
    /// Somebody joins a group.
    JoinGroup,
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

/// Which limit a route falls under (R26): all that send mail, have a password judged or compute a slow hash name one.
/// Who answers the route counts; pages below `/usher/` have limits of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Limiter {
    /// None is needed.
    #[default]
    None,
    /// A password is judged or set.
    Password,
    /// Mail may be sent.
    Mail,
    /// Quick Connect is started, approved or redeemed.
    QuickConnect,
}

/// Whether an administrator with a second factor must have proven it a moment ago (design, section 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Danger {
    /// No.
    #[default]
    None,
    /// Yes. On users and passwords only where it is somebody else's: the row cannot tell.
    Administrator,
}

/// What is done with a request, and which named route it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Matched {
    /// What is done with it.
    pub class: Class,
    /// Which route.
    pub route: Route,
    /// Under which limit it falls.
    pub limiter: Limiter,
    /// Whether it is one of the dangerous ones of administrators.
    pub danger: Danger,
}

/// What is in no row: a known token is needed, and it passes.
const UNLISTED: Matched = Matched {
    class: Class::Pass,
    route: Route::Other,
    limiter: Limiter::None,
    danger: Danger::None,
};

/// The first row that fits. A HEAD is matched as itself.
pub fn classify(method: &Method, path: &CanonicalPath) -> Matched {
    INDEX.find(method, path.folded()).unwrap_or(UNLISTED)
}

#[cfg(test)]
mod tests;
