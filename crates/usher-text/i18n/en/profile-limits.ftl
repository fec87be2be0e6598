# What a profile may see, and when: one page for each question. $server is the server's name, in every text.
profile-ratings = Ratings
profile-ratings-body = What is rated higher is not shown, not found and not played.
profile-rating = Highest rating
profile-rating-any = All that you may see
profile-rating-kept = As it is: up to { $n }
profile-rating-choice = { $n ->
    [0] For everybody: { $names }
   *[other] Up to { $n }: { $names }
}
profile-unrated = Hide while it has no rating
profile-unrated-hint = Nobody has said how old one should be for it.
profile-unrated-movies = Films
profile-unrated-series = Series
profile-unrated-trailers = Trailers
profile-unrated-music = Music
profile-unrated-books = Books
profile-unrated-tv-channels = Television channels
profile-unrated-tv-programs = Television programs
profile-unrated-channels = What channels of plugins offer
profile-unrated-other = All else, such as extras

profile-libraries = Libraries
profile-libraries-body = Whole libraries that are shown or hidden.
profile-libraries-which = Which libraries?
profile-libraries-all = All
profile-libraries-all-means = Every library that you see, also those that come later.
profile-libraries-only = Only some
profile-libraries-only-means = Those that are ticked below, and no later ones.
profile-libraries-these = These
profile-libraries-wrong = Nothing was saved: tick at least one, or choose "All".
profile-live = Live television
profile-live-tick = May watch live television
profile-live-none = You may not watch live television yourself.

profile-tags = Tags
profile-tags-body = Whoever looks after { $server } can give films and series tags, such as "kids" or "scary". Write one tag on each line.
profile-tags-blocked = Hide what has one of these tags
profile-tags-blocked-hint = Leave it empty to hide nothing.
profile-tags-shown = What else is shown?
profile-tags-any = Everything
profile-tags-any-means = Whatever its tags are.
profile-tags-only = Only chosen tags
profile-tags-only-means = What has none of the tags below is hidden.
profile-tags-allowed = Show only what has one of these tags
profile-tags-allowed-hint = Counts with "Only chosen tags".
profile-tags-wrong = Nothing was saved: a tag has 64 letters at most, and no | in it.
profile-tags-none = Nothing was saved: write at least one tag, or choose "Everything".

profile-hours = Hours
profile-hours-body = When the profile can be used. What plays is stopped when the time is over. For a day that ends at midnight, let it end at 00:00.
profile-hours-all = All day
profile-hours-never = Not at all
profile-hours-span = From … to …
profile-hours-from = From
profile-hours-until = to
profile-hours-wrong = Nothing was saved: it has to end after it begins, on the same day.
profile-day-mon = Monday
profile-day-tue = Tuesday
profile-day-wed = Wednesday
profile-day-thu = Thursday
profile-day-fri = Friday
profile-day-sat = Saturday
profile-day-sun = Sunday
profile-day-short-mon = Mon
profile-day-short-tue = Tue
profile-day-short-wed = Wed
profile-day-short-thu = Thu
profile-day-short-fri = Fri
profile-day-short-sat = Sat
profile-day-short-sun = Sun

profile-minutes = Screen time
profile-minutes-body = How many minutes a day may be watched. Leave a day empty for no limit, which is also what the 1440 minutes of a whole day are; 0 means not at all. Pauses do not count, and two devices at once count once.
profile-minutes-none = No limit
profile-minutes-wrong = Nothing was saved: from 0 to 1440 minutes.

# The list of these pages on the page of a profile.
profile-more-limits = Change what it may see, and when
profile-more-likes = Looks and languages
