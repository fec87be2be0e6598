# Two-step sign-in: asked for, set up, looked after. $server is the server's name, in every text.
factor-title = Second step
factor-show-passkey = Confirm with your passkey, as you unlock this device or your security key.
factor-show-totp = Type the six digits that your authenticator app shows for { $server }.
factor-show-email-before = A code of six digits is sent to { $address }.
factor-show-email = Type the six digits that were sent to { $address }.
factor-show-recovery = Type one of the recovery codes that you kept. Each is good once.
factor-totp-code = Code from the app
factor-recovery-code = Recovery code
factor-recovery-hint = Twenty letters and digits; hyphens do not matter.
factor-trust = Trust this browser for 30 days
factor-go-on = Go on
factor-send = Send code
factor-sent = A code is on its way.
factor-other = Use another way
factor-other-passkey = Passkey
factor-other-totp = Authenticator app
factor-other-email = Code by mail
factor-other-recovery = Recovery code
factor-mail-dead = Mail does not leave { $server } at present, so no code can be sent. A recovery code helps.
factor-mail-dead-no-codes = Mail does not leave { $server } at present, so no code can be sent. Ask the person who runs { $server }.
factor-no-mail = No code can be sent at present. Use another way, or ask the person who runs { $server }.
factor-totp-wrong = That is not the code. Wait for the next one, and type that.
factor-recovery-wrong = That is none of your unused recovery codes. Look at it again.
factor-recovery-not-a-code = A recovery code has twenty letters and digits.
factor-wait = Too many wrong answers. Try again in { $span }, or use a recovery code.
factor-recovery-wait = Too many wrong answers. Try again in { $span }.
factor-closed = Too many wrong answers in a row. A recovery code helps, or the person who runs { $server }.
factor-recovery-closed = Too many wrong answers in a row. Ask the person who runs { $server }.

# Setting one up.
factor-enroll-title = Set up a second step
factor-enroll-required = { $server } asks for a second step after the password. Choose which.
factor-enroll-may-skip = From { $date } your account needs a second step after the password: { $span } from now. Choose which, now or later.
factor-enroll-account = Besides your password, something that only you have. A stolen password alone then opens nothing.
factor-enroll-none = Nothing more can be added at present.
factor-kind-passkey = Passkey
factor-kind-passkey-means = Your fingerprint, face or PIN on this device, or a security key. The safest way.
factor-kind-totp = Authenticator app
factor-kind-totp-means = An app on your phone shows a new code every half minute.
factor-kind-email = Code by mail
factor-kind-email-means = A code is sent to { $address } whenever you sign in.
factor-skip = Not now
factor-back = Back
factor-enroll-refused = That cannot be added now: it is not allowed here, or there is one already.
factor-enroll-late = That took too long. Begin again.
factor-totp-title = Your authenticator app
factor-totp-scan = Scan this picture with the app, then type the six digits that it shows.
factor-totp-picture = Picture for an authenticator app
factor-totp-key = Cannot scan it?
factor-totp-key-body = Type this key into the app:
factor-totp-open = Open the app on this device
factor-totp-not-yet = That is not the code. Does your phone show the right time? Type the code that the app shows now.
factor-passkey-title = Your passkey
factor-passkey-body = Your browser asks for your fingerprint, face, PIN or security key.
factor-passkey-name-hint = Where it is: My phone, Blue key.

# Recovery codes.
factor-codes-title = Your recovery codes
factor-codes-body = If you lose your phone or your mail, each of these lets you in once in place of the second step. They are shown only now.
factor-codes-download = Save as a file
factor-codes-print = Print
factor-codes-file = Recovery codes for { $server }. Each is good once.
factor-codes-tick = I have kept them
factor-codes-go-on = Go on
factor-codes-done = I have kept them
factor-codes-tick-missing = Keep the codes first, then tick the box.
factor-codes-again-body = Your recovery codes were shown already. If you did not keep them, have new ones shown: the old ones are then worthless.
factor-codes-again = Show new codes
factor-codes-renew-title = New recovery codes?
factor-codes-renew-body = You get ten new ones. Those that you have kept so far are then worthless.
factor-codes-renew = Make new codes

# The page of one's own account.
factor-nav = Two-step sign-in
factor-security-title = Two-step sign-in
factor-security-off = { $server } asks nobody for a second step at present. What you set up rests until that changes.
factor-security-owed = From { $date } your account needs a second step: { $span } from now. Set one up before.
factor-security-owed-now = Your account needs a second step. You are asked to set one up at the next sign-in.
factor-security-demanded = Required here
factor-yours = Your second steps
factor-none = Your password alone opens your account. With a second step, a stolen password is worth nothing.
factor-added = Added { $date }
factor-used = last used { $ago }
factor-unused = not used yet
factor-change = Change
factor-add = Add a second step
factor-codes = Recovery codes
factor-codes-why = They let you in when your second step is lost.
factor-codes-left = { $n ->
    [0] None left
    [one] One left
   *[other] { $n } left
}
factor-codes-few = { $n ->
    [0] You have no recovery codes left. Make new ones now: without, a lost phone locks you out.
    [one] You have only one recovery code left. Make new ones in time.
   *[other] You have only { $n } recovery codes left. Make new ones in time.
}
factor-browsers = Trusted browsers
factor-browsers-why = They are not asked for the second step when you sign in.
factor-browsers-none = No browser is trusted.
factor-browser-until = Trusted until { $date }
factor-browser-end = Trust no longer
factor-edit-title = Your second step
factor-name = Name for it
factor-name-hint = So that you know it again in the list.
factor-rename = Save name
factor-remove = Remove
factor-remove-body = Removed, it can no longer be used to sign in, and no browser is trusted any more. If it is the last one, your recovery codes go with it.
factor-remove-sure = It shall be removed
factor-keep = Keep it
factor-said-added = Your second step is set up.
factor-said-renamed = The name is saved.
factor-said-removed = Removed. A mail about it is on its way, if your address is confirmed.
factor-said-demanded = { $server } asks you for a second step, so the last one stays. Add another one first.
factor-said-no-factor = That is not there any more. Nothing was changed.
factor-said-tick-missing = Tick the box above the button first. Nothing was changed.
factor-said-untrusted = That browser is asked for the second step again.
factor-said-no-browser = That browser was not trusted any more. Nothing was changed.
factor-said-no-codes = There is no second step that recovery codes could stand in for.
factor-overview-on = On
factor-overview-off = Off
factor-overview-why = A second step keeps others out, even with your password.
factor-overview-set-up = Set up
factor-overview-manage = Manage

# Proving who sits there.
factor-prove-passkey = You are signed in as { $name }. Confirm with your passkey before you go on.
factor-prove-totp = You are signed in as { $name }. Type the code that your authenticator app shows before you go on.
factor-prove-email = You are signed in as { $name }. A code is sent to { $address }; type it before you go on.
factor-prove-recovery = You are signed in as { $name }. Type one of your recovery codes before you go on.

# The console.
factor-policy-title = Two-step sign-in
factor-policy-body = After the password, something that only the person has: a passkey, an authenticator app, or a code by mail.
factor-policy-demand = Who needs one
factor-policy-off = Nobody may
factor-policy-off-means = Nothing can be set up, and what is there is not asked for.
factor-policy-optional = Whoever wants one
factor-policy-optional-means = Everybody may set one up. It is asked for where it is set up.
factor-policy-administrators = Administrators
factor-policy-administrators-means = Whoever administers the server must have one. Everybody else may.
factor-policy-everyone = Everybody
factor-policy-everyone-means = Nobody gets in on the web without.
factor-policy-methods = What may be set up
factor-policy-methods-hint = What is set up already goes on, but what is not allowed does not count where one is required.
factor-policy-passkey = Passkeys
factor-policy-totp = Authenticator apps
factor-policy-email = Codes by mail
factor-policy-no-passkeys = Passkeys need https and a host name; at the present address no browser can make one.
factor-policy-from = Required from
factor-policy-from-hint = Until then people are told at each sign-in and may go on without. Apps go on for 14 days more. Empty: from now.
factor-policy-from-wrong = That is not a day.
factor-policy-saved = Saved.
factor-policy-only-mail = Nothing was changed: where a second step is required, passkeys or authenticator apps must be allowed. With codes by mail alone, an outage of the mail server would lock people out.
factor-policy-end-title = Sessions without a second step
factor-policy-end-body = Whoever must have a second step and signed in without one is signed out everywhere, and is asked at the next sign-in. This browser stays.
factor-policy-end-sure = Sign all of them out
factor-policy-end = End these sessions
factor-policy-ended = { $n ->
    [0] No session was without a second step.
    [one] The sessions of one account have ended.
   *[other] The sessions of { $n } accounts have ended.
}
factor-policy-tick-missing = Tick the box above the button first. Nothing was changed.
factor-account-title = Two-step sign-in
factor-account-none = Nothing is set up.
factor-account-passkeys = { $n ->
    [one] One passkey
   *[other] { $n } passkeys
}
factor-account-codes = { $n ->
    [one] One recovery code
   *[other] { $n } recovery codes
}
factor-account-rule = For this account
factor-account-inherit = As for all
factor-account-required = Required
factor-account-exempt = Not required
factor-account-rule-hint = One that is set up is asked for all the same.
factor-account-clear-body = Should the person have lost everything: they sign in with the password alone, and are told by mail.
factor-account-clear-reason = Reason
factor-account-clear-reason-hint = The person reads it.
factor-account-clear-sure = I know that it is this person who asks
factor-account-clear = Remove every second step
factor-account-said-rule = Saved.
factor-account-said-cleared = Every second step of this account is removed. If an address is proven, a mail to it says so.
factor-account-said-no-reason = Give a reason: the person is told. Nothing was changed.
