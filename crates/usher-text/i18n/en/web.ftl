# Usher's own pages. $server is the server's name.
web-language = English
web-name = User name
web-password = Password
web-show-password = Show password
web-sign-in-title = Sign in
web-sign-in-where = to watch on { $server }
web-sign-in-action = Sign in
web-sign-in-wrong = That name and password do not fit, or you may not sign in now. Try again.
web-sign-in-unavailable = The media server cannot be reached now. Your password was not judged. Try again in a moment.
web-sign-in-too-many = Too many attempts. Wait a while, then try again.
web-sign-in-needs-script = The player needs JavaScript. Switch it on for this site, then load this page again.
web-hand-over-title = You are signed in
web-hand-over-body = The library opens in a moment.
