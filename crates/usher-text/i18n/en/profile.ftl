# Profiles: further seats in an account, on their owner's pages. $server is the server's name, in every text.
profile-nav = Profiles
profile-title = Profiles
profile-body = Everyone in your household can have a place of their own, with their own favorites and their own history. In an app, sign in with your user name, a slash and the name of the profile (anna/Toni), and with your own password.
profile-list = Who is here
profile-list-most = { $n ->
    [one] One at most
   *[other] { $n } at most, with you
}
profile-owner = You
profile-add = Add a profile
profile-change = Change
profile-up = Up
profile-down = Down
profile-has-pin = PIN
profile-back = Back
profile-save = Save
profile-full = You have as many profiles as you may.
profile-off = The person who runs { $server } has switched profiles off. Nothing of them is lost.
profile-state-creating = Being made
profile-state-off = Switched off
profile-state-leaving = Becomes an account of its own
profile-state-broken = Lost in Jellyfin
profile-repair = Make anew, without its history
profile-gone = Deleted
profile-gone-until = Deleted on { $deleted }; can be brought back until { $until }
profile-restore = Bring back
profile-gone-no-room = None of them can be brought back while there is no room for one more.
profile-gone-off = None of them can be brought back while profiles are switched off.

# A new one, or one that is changed.
profile-new-title = A new profile
profile-new-body = It can never see more than you may see yourself.
profile-make = Make profile
profile-edit-title = Name, age and picture
profile-name = Name
profile-name-hint = Up to 32 letters, digits, blanks and - ' . _ @ +
profile-name-empty = A profile needs a name.
profile-name-long = That is too long: 32 characters at most.
profile-name-forbidden = Use letters, digits, blanks and - ' . _ @ + only.
profile-age = For whom
profile-age-adult = Adult
profile-age-adult-means = Sees all that you see.
profile-age-teen = Teenager
profile-age-teen-means = Sees films and series rated up to 14.
profile-age-child = Child
profile-age-child-means = Sees only what is rated, and up to 7. No live television.
profile-age-hint = If you choose another age, its rating and its rule for live television hold. Libraries, tags, hours and screen time stay as they are.
profile-picture = Picture
profile-face-letter = The first letter of the name
profile-face-fox = Fox
profile-face-cat = Cat
profile-face-owl = Owl
profile-face-whale = Whale
profile-face-bear = Bear
profile-face-robot = Robot
profile-face-rocket = Rocket
profile-face-moon = Moon
profile-face-frog = Frog
profile-face-panda = Panda
profile-face-penguin = Penguin
profile-face-star = Star
profile-face-own = The uploaded picture

# What it may see.
profile-sees-title = What may be watched
profile-sees-never-more = Never more than you may see yourself, whatever stands here.
profile-sees-all = All that you may see, at any time.
profile-sees-any-rating = Films and series of every rating that you may see.
profile-sees-rating = Films and series rated up to { $n }.
profile-sees-no-unrated = Nothing that has no rating.
profile-sees-some-unrated = Only where they have a rating: { $kinds }.
profile-sees-no-live = No live television.
profile-sees-libraries = Not every library.
profile-sees-no-libraries = No library that you see now.
profile-sees-libraries-now = Every library that you see now, and no later one.
profile-sees-libraries-only = Of the libraries only: { $names }.
profile-sees-libraries-count = { $n } of { $all } libraries.
profile-sees-blocked-tags = Nothing with one of these tags: { $tags }.
profile-sees-allowed-tags = Only what has one of these tags: { $tags }.
profile-sees-hours = Hours: { $hours }.
profile-sees-hours-count = { $n ->
    [one] Hours: on one day of the week; today { $today }.
   *[other] Hours: on { $n } days of the week, at different times; today { $today }.
}
profile-sees-hours-all = all day
profile-sees-hours-never = not at all
profile-sees-minutes = { $n ->
    [0] Nothing on any day.
    [one] One minute a day.
   *[other] { $n } minutes a day.
}
profile-sees-minutes-by-day = Screen time: { $days }.
profile-sees-minutes-today = Screen time: differs from day to day; today { $today }.
profile-sees-no-limit = no limit
profile-days-every = every day { $said }
profile-days-said = { $days } { $said }

# The PIN before a profile.
profile-pin = PIN
profile-pin-title = A PIN before this profile
profile-pin-body = So that nobody else takes this place. If you forget it, the password of your account helps.
profile-pin-field = New PIN
profile-pin-hint = Four to eight digits
profile-pin-show = Show PIN
profile-pin-wrong = A PIN has four to eight digits, and nothing else.
profile-pin-set = Set a PIN
profile-pin-change = Change PIN
profile-pin-clear = Remove PIN
profile-ask-pin-title = A PIN before your own profile?
profile-ask-pin-body = There is a profile with limits. A PIN before yours will be asked for where profiles are changed in a browser. Apps ask for the password of your account.
profile-ask-pin-no = I want no PIN

# Deleting.
profile-delete = Delete profile
profile-delete-title = Delete this profile?
profile-delete-body = It is closed at once, on every device. For seven days you can bring it back with its history and favorites; then all of it is gone.
profile-delete-wish = You asked that it become an account of its own. That wish goes with it.
profile-delete-sure = Yes, delete it
profile-keep = Keep it

# What has just happened.
profile-said-made = The profile is there.
profile-said-underway = The profile is being made. That takes until Jellyfin answers; you need not do anything.
profile-said-saved = Saved.
profile-said-saved-later = Saved. Jellyfin does not answer at present; it takes the change over as soon as it does.
profile-said-deleted = The profile is deleted. You can bring it back for seven days.
profile-said-restored = The profile is back.
profile-said-name-taken = You have another profile of this name. Choose another name, or add something to it.
profile-said-owners-name = You are called so yourself, and two of one name could not be told apart. Choose another name.
profile-said-restore-taken = Another profile has this name now. Give that one another name first; then this one can come back.
profile-said-restore-owners = You are called so yourself by now, and two of one name could not be told apart. While that is so, this profile cannot come back.
profile-said-too-often = You did that very often lately. Nothing was changed. Try again tomorrow.
profile-said-full = You have as many profiles as you may. Delete one first.
profile-said-switched-off = Profiles are switched off.
profile-said-impossible = That cannot be done at present.
profile-said-no-profile = There is no such profile any more.
profile-said-pin-set = The PIN is set.
profile-said-pin-cleared = No PIN stands before that profile.
profile-said-tick-missing = Nothing was deleted: tick the box to say that you are sure.
