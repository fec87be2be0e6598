//! Judging a password: by Jellyfin, read together with the user's policy.
