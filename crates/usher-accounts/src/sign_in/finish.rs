//! The end of a sign-in: a grant becomes a token, a session and a line in the activity log.
