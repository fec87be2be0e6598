# What a seat of the account watches, on the owner's pages. $server is the server's name, in every text.
watched-link = Watched
watched-link-long = What it watches
watched-title = What { $name } watches
watched-back = Back to the profiles
watched-away = Jellyfin does not answer at present, so its lists cannot be shown. Try again in a moment.
watched-no-user = This profile is being made, or Jellyfin has lost it. There is nothing to show yet.

# Time by day.
watched-days = Time watched
watched-days-sum = { $time } in 14 days
watched-days-by-jellyfin = Reckoned from Jellyfin's lists: each film and each episode counts once, on the day it was last watched, with its whole length or as far as it was watched.
watched-days-by-usher = Counted while something plays, as the daily time is. Nothing was counted before { $date }.
watched-days-table = As a table
watched-days-day = Day
watched-days-time = Time
watched-today = Today
watched-hours = { $hours } h { $minutes } min

# The lists.
watched-begun = Continue watching
watched-begun-none = Nothing is begun.
watched-history = History
watched-history-none = Nothing was watched yet.
watched-recommended = Recommended
watched-recommended-none = Jellyfin suggests nothing at present.
watched-favorites = Favorites
watched-favorites-none = Nothing has a heart yet.
watched-episode = S{ $season } E{ $number } · { $title }
watched-newer = Newer
watched-older = Older
watched-remove = Remove
watched-remove-hint = What is removed counts as not watched, here and in every app.

# Marks of another.
watched-copy = Take over what somebody else has watched
watched-copy-body = Marks as watched what the other one has watched, as far as it may be seen here. Favorites, and what is begun, stay as they are.
watched-copy-from = From whom
watched-copy-action = Take over
watched-copy-underway = What { $name } has watched is being taken over. That goes on by itself; you need not wait.

# What has just happened.
watched-said-removed = Removed.
watched-said-not-there = There is no such title here any more.
watched-said-away = Jellyfin does not answer at present. Nothing was changed.
watched-said-copied = { $n ->
    [one] One watched mark was missing here, and is taken over.
   *[other] { $n } watched marks were missing here, and are taken over.
}
watched-said-nothing-copied = There was nothing to take over: no mark of what may be seen here is missing.
watched-said-copying = It is being taken over. You need not wait.
watched-said-impossible = That cannot be done at present.
