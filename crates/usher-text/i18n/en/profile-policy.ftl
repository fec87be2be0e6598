# What administrators decide about profiles: for everybody, and for one account. $server is the server's name, in every text.
profile-policy-body = Several people can share one account, each with a place of their own. Whoever owns the account makes the profiles.
profile-policy-switch = May accounts have profiles?
profile-policy-on = Yes
profile-policy-on-means = Everybody makes profiles on the page of their own account.
profile-policy-off = No
profile-policy-off-means = Profiles are closed at once, on every device. None is deleted: switch them on again, and all are there.
profile-policy-most = How many an account may have
profile-policy-most-hint = The owner's own counts. A lower number deletes nobody's: whoever has more keeps them and cannot add another.
profile-policy-most-wrong = Nothing was saved: the number has to be from 1 to 100.

# On the page of an account. $count is how many it has, $most how many it may have.
profile-account-count = Has { $count } of { $most }, the owner's own included.
profile-account-count-off = Has { $count }, the owner's own included. Further ones are switched off.
profile-account-rule = What holds for this account
profile-account-inherit = As for everybody
profile-account-off = None
profile-account-most = A number of its own
profile-account-most-number = The number of its own
profile-account-hint = Counts with "A number of its own" only; then the account may have profiles even where they are switched off for everybody.
profile-account-said-rule = Saved.
