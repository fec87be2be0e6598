# What people see and change of their own account, and how they let a screen in.
account-title = Your account
account-here-since = here since { $date }
account-back = Back to your account

account-nav-overview = Overview
account-nav-devices = Devices
account-nav-activity = Activity
account-nav-screen = Let a screen in
account-nav-console = Console
account-nav-back = Back to { $server }
account-sign-out = Sign out

# What has just happened.
account-said-password = Your password is changed. You were signed out everywhere else.
account-said-address = Your new e-mail address is confirmed. If there was another before, a mail to it says so.
account-said-removed = Your e-mail address is removed. If you forget your password, only the person who runs { $server } can help you now.
account-said-required = An e-mail address is required on { $server }, so yours stays. You can change it.
account-said-not-mine = Nothing was let in. The code runs out by itself.
account-said-somebody-else = Meanwhile this account was signed in in this browser. What you sent was meant for another one: nothing was changed.
account-said-ended = Signed out there.
account-said-others-ended = Signed out everywhere else.
account-said-no-place = That place was signed out before. Nothing was changed.
account-said-kept = On that device only this profile watches now. The device stands below.
account-said-freed = Everybody of your account may watch on that device again.

account-address = E-mail address
account-address-proven = Confirmed
account-address-unproven = Not confirmed
account-address-none = None
account-address-why = With it you can choose a new password yourself, should you forget yours.
account-recovery-off = Passwords are not reset by mail for your account; the person who runs { $server } can help.
account-address-owed = An e-mail address is required on { $server }. Add yours now; apps stop signing you in otherwise.
account-mail-off = Mail does not work on { $server } at present, so no address can be confirmed.
account-address-add = Add an address
account-address-change = Change address
account-address-remove = Remove
account-password-why = A new password signs you out everywhere else.
account-password-change = Change password

account-address-title = Your new e-mail address
account-address-body = A code is sent to it. Until you type that code, nothing changes.
account-address-new = New e-mail address
account-address-other = Take another address
account-address-later = Too many wrong codes were typed. Sign out, sign in, and try again.
account-remove-title = Remove your address?
account-remove-body = Without { $address } you cannot reset your password by mail.
account-remove-action = Remove address
account-keep = Keep it

account-password-title = Change your password
account-password-body = Afterwards you stay signed in here, and are signed out everywhere else.
account-present = Present password
account-present-wrong = That is not your present password. Try again.

account-prove-title = Is it you?
account-prove-body = You are signed in as { $name }. Type your password again before you go on.
account-prove-wrong = That is not your password. Try again.
account-prove-closed = Too many wrong answers. Use a recovery code, or ask the person who runs the server.
account-prove-unsaved = Nothing of what you sent is saved yet. Show who you are, and send it once more then.
account-unsaved = Nothing of what you sent was saved: you had to show first who you are. Send it once more.

account-places = Where you are signed in
account-places-all = { $n ->
    [one] One device
   *[other] All { $n } devices
}
account-devices-title = Your devices
account-devices-back = Back to your devices
account-devices-body = Every app and browser that is signed in to your account. Sign out whatever you do not know, and change your password then.
account-kept-title = Children's devices
account-kept-body = Each of them is for one profile alone. While that profile can be used, nobody else of your account can be signed in there.
account-kept-whose = { $profile } alone
account-kept-not-now = For { $profile } alone, but that profile cannot be used at present: now anybody of your account can be signed in there
account-kept-free = Let everybody watch
account-keep-only = Only for { $profile }
account-keep-title = Only for { $profile }?
account-keep-body = On { $device } nobody else of your account can be signed in any more, in this app. Under "Devices" you can let everybody watch there again.
account-keep-by-name = This app calls a device otherwise for everybody who signs in, so every device named like this one counts as the same.
account-keep-others = Signed in there now, and signed out at once: { $names }.
account-keep-nobody = Nobody else of your account is signed in there now.
account-keep-back = Leave it as it is
account-keep-hint = Does somebody watch alone somewhere? "Only for …" keeps everybody else of your account off that device, in that app.
account-sign-out-others = Sign out everywhere else
account-this-browser = This browser
account-device-unnamed = A device without a name
account-place-beside = On the same device
account-place-profile = Profile: { $profile }
account-place-asks = Last profile: { $profile }. Asks who is watching next time
account-since = since { $date }
account-network-home = home network
account-network-outside = internet
account-network-unknown = network not known
account-level-none = Signed in with the password only
account-level-trusted = Signed in with the password, in a trusted browser
account-level-mail = Signed in with the password and a code by mail
account-level-recovery = Signed in with a recovery code
account-level-strong = Signed in with an authenticator app or a passkey
account-level-approved = Approved from another device
account-level-app-password = Signed in with a password for one program
account-level-before = Was signed in before this sign-in page was there
account-used = Last used { $ago }

account-latest = Latest activity
account-activity-all = All activity
account-activity-title = Activity
account-activity-body = What happened to your account, newest first. If something was not you, change your password.
account-activity-none = Nothing has happened yet.

account-ago-now = just now
account-ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
account-ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
account-ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}

account-did-signed-in-web = Signed in with a browser
account-did-signed-in-app = Signed in with an app
account-did-signed-in-quick-connect = A screen signed in by Quick Connect
account-did-signed-in-app-password = A program signed in by its own password
account-did-refused = A sign-in was refused
account-did-proof-refused = A wrong password was typed in a browser that is signed in
account-did-signed-out = Signed out
account-did-signed-out-everywhere = Signed out everywhere
account-did-password-changed = Password changed
account-did-password-changed-by-administrator = Password changed by an administrator
account-did-password-changed-in-jellyfin = Password changed in Jellyfin
account-did-set-up = First password chosen
account-did-set-up-unproven = First password chosen, by whoever came first
account-did-reset-asked = A new password was asked for
account-did-address-proven = E-mail address confirmed
account-did-address-changed = E-mail address changed
account-did-address-changed-by-administrator = E-mail address changed by an administrator
account-did-address-undone = Change of address taken back
account-did-attempt-revoked = “That was not me” ended a sign-in
account-did-awaits-set-up = Waits for its first password
account-did-stands-open = Stands open: whoever comes first may choose the password
account-did-disabled = Switched off
account-did-enabled = Switched on
account-did-asked-reset = Asked an administrator for a new password
account-did-asked-own-account = Asked that a profile become an account of its own
account-did-asked-set-up-code = Asked an administrator for a new set-up code
account-did-quick-connect = Let a screen in by Quick Connect
account-did-policy-changed = Settings changed
account-did-factor-added-email = Sign-in codes by mail switched on
account-did-factor-added-totp = Authenticator app added
account-did-factor-added-passkey = Passkey added
account-did-factor-removed-email = Sign-in codes by mail switched off
account-did-factor-removed-totp = Authenticator app removed
account-did-factor-removed-passkey = Passkey removed
account-did-factors-cleared = Every second step removed by an administrator
account-did-factor-rule = Whether a second step is required was changed
account-did-factor-refused = A second step was wrong
account-did-factor-unfinished = The right password was typed, but the second step was not done
account-did-codes-renewed = New recovery codes made
account-did-code-used = A recovery code was used
account-did-app-password = App password made
account-did-app-password-ended = App password ended
account-did-trusted = A browser is trusted for 30 days
account-did-trust-ended = No browser is trusted any more: an old sign of trust turned up
account-did-passkey-copied = A passkey was refused: there may be a copy of it
account-did-app-approved = A sign-in in an app was approved
account-did-app-approved-of = A sign-in in an app as { $profile } was approved
account-did-disowned = “This was not me” ended a session
account-did-time-asked = More screen time was asked for
account-did-time-asked-of = { $profile } asked for more screen time
account-did-time-given = More screen time was given
account-did-time-given-of = { $profile } was given more screen time
account-did-time-given-minutes = { $n ->
    [one] { $profile } was given one minute more
   *[other] { $profile } was given { $n } minutes more
}
account-did-time-refused = More screen time was refused
account-did-time-refused-of = { $profile } was refused more screen time
account-did-profile-made = A profile was added
account-did-profile-made-of = The profile { $profile } was added
account-did-profile-changed = A profile was changed
account-did-profile-changed-of = The profile { $profile } was changed
account-did-profile-changed-parts = The profile { $profile } was changed: { $parts }
account-did-profile-renamed = The profile { $was } is called { $profile } now
account-did-profile-renamed-parts = The profile { $was } is called { $profile } now; changed: { $parts }
account-part-name = name
account-part-picture = picture
account-part-age = age
account-part-ratings = ratings
account-part-tags = tags
account-part-libraries = libraries
account-part-live-television = live television
account-part-hours = hours
account-part-screen-time = screen time
account-part-languages = languages
account-part-autoplay = next episode by itself
account-part-theme = colors
account-part-home = home page
account-did-profile-deleted = A profile was deleted
account-did-profile-deleted-of = The profile { $profile } was deleted
account-did-profile-restored = A deleted profile was brought back
account-did-profile-restored-of = The deleted profile { $profile } was brought back
account-did-profile-repaired = A profile was set up anew in Jellyfin
account-did-profile-repaired-of = The profile { $profile } was set up anew in Jellyfin
account-did-profile-pin = The PIN of a profile was set
account-did-profile-pin-of = The PIN of the profile { $profile } was set
account-did-profile-pin-removed = The PIN of a profile was removed
account-did-profile-pin-removed-of = The PIN of the profile { $profile } was removed
account-did-profile-pin-removed-own = The PIN of the owner’s own profile was removed
account-did-profile-account = A profile became an account of its own
account-did-profile-account-of = The profile { $profile } became an account of its own
account-did-profile-marks = Asked that watched marks of one profile be taken over for another
account-did-profile-marks-of = Asked that watched marks be taken over for the profile { $profile }
account-did-profile-rule = The administrator decided how many profiles you may have
account-did-profile-rule-off = The administrator switched your profiles off
account-did-profile-rule-on = The administrator switched your profiles on
account-did-profile-rule-most = { $n ->
    [one] The administrator decided: one profile at most, your own
   *[other] The administrator decided: { $n } profiles at most, with your own
}
account-did-profile-rule-none = The administrator decided: for your profiles the same holds as for everybody
account-did-profile-device-kept = A device was made a child's
account-did-profile-device-kept-of = A device was kept for { $profile } alone
account-did-profile-device-freed = A child's device was made everybody's again
account-did-profile-device-freed-of = A device of { $profile } was made everybody's again
account-did-signed-in-web-of = Signed in with a browser as { $profile }
account-did-signed-in-app-of = Signed in with an app as { $profile }
account-did-signed-in-quick-connect-of = A screen signed in by Quick Connect as { $profile }
account-did-signed-in-app-password-of = A program signed in by its own password as { $profile }
account-did-quick-connect-of = Let a screen in by Quick Connect as { $profile }
account-did-asked-own-account-of = Asked that the profile { $profile } become an account of its own
account-did-own-account-granted = The administrator approved that a profile become an account of its own
account-did-own-account-granted-of = The administrator approved that the profile { $profile } become an account of its own
account-did-own-account-declined = The administrator declined that a profile become an account of its own
account-did-own-account-declined-of = The administrator declined that the profile { $profile } become an account of its own
account-did-own-account-withdrawn = Took back the wish that a profile become an account of its own
account-did-own-account-withdrawn-of = Took back the wish that the profile { $profile } become an account of its own
account-did-profile-pin-own = The PIN of the owner’s own profile was set
account-did-profile-pin-refused = A wrong PIN was typed
account-did-profile-pin-refused-of = A wrong PIN was typed for the profile { $profile }
account-did-profile-pin-refused-own = A wrong PIN was typed for the owner’s own profile
account-did-profile-marks-own = Asked that watched marks be taken over for the owner’s own profile
account-did-profile-refused-hours = A profile was not let in: outside its hours
account-did-profile-refused-hours-of = { $profile } was not let in: outside its hours
account-did-profile-refused-device = Somebody was not let in on a child’s device
account-did-profile-refused-device-of = { $profile } was not let in on a child’s device
account-did-profile-refused-device-named = { $profile } was not let in on { $device }, a child’s device
account-did-profile-refused-device-own = The owner’s own profile was not let in on { $device }, a child’s device
account-did-profile-refused-closed = A profile was not let in: it cannot be used at present
account-did-profile-refused-closed-of = { $profile } was not let in: this profile cannot be used at present
account-did-profile-refused-unknown = An app was not let in, though the password was right: there is no profile of the name that was typed
account-did-profile-seat = Another profile was chosen in a browser
account-did-profile-seat-of = { $profile } was chosen in a browser
account-did-profile-seat-own = The owner’s own profile was chosen in a browser
account-did-profile-device-kept-named = { $device } was kept for { $profile } alone
account-did-profile-device-freed-named = { $device }, a device of { $profile }, was made everybody’s again
account-did-policy-changed-to = Settings changed: { $settings }
account-setting-address = e-mail address at sign-in { $to ->
    [off] not asked for
    [optional] asked for
   *[required] required
}
account-setting-recovery = recovery by mail { $to ->
    [on] switched on
   *[off] switched off
}
account-setting-elsewhere = what people are told whose password lives elsewhere
account-setting-quick-connect = sign-in of screens by Quick Connect { $to ->
    [on] allowed
   *[off] not allowed
}
account-setting-second-factor = two-step sign-in { $to ->
    [off] switched off
    [optional] for whoever wants it
    [administrators] required of administrators
   *[everyone] required of everyone
}
account-setting-second-factor-from = from when two-step sign-in is required
account-setting-second-factor-kinds = which second steps there are
account-setting-profiles = profiles switched on, at most { $most } in an account
account-setting-profiles-off = profiles switched off
account-setting-mail = how mail is sent
account-did-by = by { $name }
account-did-request-closed = The administrator is done with a request
account-did-mail-sent-again = A mail that was given up was sent again
account-did-mail-dropped = A mail was dropped
account-did-key-bound = An API key was bound to other networks

account-screen-code-title = Let a screen in
account-screen-code-body = Open Quick Connect on the television or in the app, and type the code that it shows.
account-screen-code = Code on the screen
account-screen-unknown = There is no such code, or it has run out, or it was used already. Ask the screen for a new one.
account-screen-refused = You may not sign in on that device, or not now. Ask the person who runs { $server }.
account-screen-title = Let this screen in?
account-screen-body = It is then signed in as { $name }. Approve only what stands in front of you.
account-screen-body-choice = Approve only what stands in front of you.
account-screen-who = Who is this screen for?
account-screen-childs = This is a child's device: nobody else of your account is signed in on it any more
account-screen-is-childs = This is a child's device. Under Devices you can make it everybody's again.
account-screen-for-whom = Say who this screen is for.
account-screen-no-child = A child's device is for a profile, not for your own seat. Choose a profile, or leave the tick out.
account-screen-device = Device
account-screen-client = App
account-screen-address = Network
account-screen-asked = Asked
account-screen-code-hidden = type it below
account-screen-elsewhere = This screen is in another network than you. Approve it only if you see it.
account-screen-type-it = Type the code that the screen in front of you shows.
account-screen-approve = Approve
account-screen-not-mine = That is not my screen
account-screen-done-title = The screen is let in
account-screen-done-body = It signs in by itself in a few seconds.
