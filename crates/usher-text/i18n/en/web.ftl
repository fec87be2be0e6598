# Usher's own pages on the way in. $server is the server's name, in every text.
web-language = English
menu-switch = Switch profile
menu-account = Account & security
web-name = Name or e-mail address
web-user-name = User name
web-password = Password
web-new-password = New password
web-show-password = Show password
web-go-on = Go on
web-back-to-sign-in = Back to sign-in
web-ways-out = Other ways
web-too-many = Too many attempts. Wait a while, then try again.
web-busy = Many people sign in at this moment. Try again in a few seconds.
web-step-one = Step 1 of 3
web-step-two = Step 2 of 3
web-step-three = Step 3 of 3

web-sign-in-title = Sign in
web-sign-in-where = to watch on { $server }
web-sign-in-action = Sign in
web-sign-in-wrong = That name and password do not fit, or you may not sign in now. Try again.
web-sign-in-unavailable = The media server cannot be reached now. Your password was not judged. Try again in a moment.
web-forgot-link = Forgot password?
web-first-time-link = First time here?

# What has just happened, above the sign-in form.
web-said-reset = Your new password is set. You were signed out everywhere; sign in with it now.
web-said-undone = The change of address was undone. If you did not make it, choose a new password, too.
web-said-revoked = Done. The code and the link in that mail are worthless now.
web-said-over = That took too long, or was finished elsewhere. Sign in again.
web-said-too-many = Those were too many wrong answers. Sign in again.
web-said-refused = You may not sign in here now. Ask the person who runs { $server }.
web-said-set-up-gone = This account no longer waits for its first password. If it was not you who chose one, tell the person who runs { $server }.
web-said-signed-out = You are signed out.
web-said-ended = You are not signed in here any more. Sign in to go on.
web-said-disowned = You are signed out everywhere. A mail with a link for a new password is on its way to you: choose one now.
web-said-disowned-unmailed = You are signed out everywhere. We cannot mail you a link for a new password; the person who runs { $server } was told. Until then, whoever knows the old password can still sign in.
web-said-reset-dead = That link or code is used, or too old. Ask for a new mail.

web-first-time-title = First time here?
web-first-time-body = Type your name and the code that the person who runs { $server } gave you.
web-set-up-code = Set-up code
web-set-up-code-hint = Eight letters and digits.
web-first-time-wrong = That name and code do not fit, or the code is too old. Check both, or ask for a new code.

# Pages that links in mails lead to.
web-link = End of the link
web-link-hint = Copy the link from the mail, and paste it here.
web-set-up-title = Welcome to { $server }
web-set-up-body = You were invited. Go on, and choose your password.
web-set-up-spent = This link is used, too old, or not complete. Ask the person who runs { $server } for a new one.
web-reset-title = Reset your password
web-reset-body = Go on, and choose a new password.
web-reset-spent = This link is used, too old, or not complete. Ask for a new mail.
web-reset-anew = Ask for a new mail
web-undo-title = Undo the change of address
web-undo-body = An account can get its former e-mail address back. Go on, and see which.
web-undo-show-body = The account { $name } gets its former e-mail address back. Afterwards it is signed out everywhere.
web-undo-back = Comes back
web-undo-instead = Instead of
web-undo-instead-none = No address at present
web-undo-until = Can be undone until
web-undo-action = Undo the change
web-undo-spent = This link is used, too old, or not complete. Nothing was changed.
web-revoke-title = That was not you?
web-revoke-body = The code and the link in that mail become worthless. Nothing else changes.
web-revoke-action = That was not me
web-revoke-spent = There is nothing left to end: the code is used, or too old.
web-not-me-title = That sign-in was not you?
web-not-me-body = You are signed out everywhere, on every device. Your password is taken away, and we mail you a link with which you choose a new one.
web-not-me-action = End it all
web-not-me-spent = This link is used, too old, or not complete. Nothing was changed.

web-set-password-title = Choose your password
web-set-password-body = It is for { $name } on { $server }.
web-new-password-title = Choose a new password
web-new-password-body = It is for { $name } on { $server }. Afterwards you are signed out everywhere.
web-password-rules = At least 8 characters. Several words make a good one.
web-choose-action = Set password
web-strength-weak = Weak
web-strength-fair = Fair
web-strength-good = Good
web-strength-strong = Strong
web-password-too-short = That is too short. It needs at least 8 characters.
web-password-too-long = That is too long. Take a shorter one.
web-password-blank-end = A password cannot begin or end with a blank.
web-password-looks-like-code = A password cannot end in a blank and six digits. Some apps read that as a code.
web-password-common = That one is too easy to guess. Take another.
web-password-busy = Your password is just being set in another window. Try again in a moment.
web-password-other = Another window began this for somebody else. Look at the name above, and choose once more.

web-email-title = Your e-mail address
web-email-why = With it you can choose a new password yourself, should you forget yours. It is used for nothing else than your account on { $server }.
web-email = E-mail address
web-email-action = Send code
web-email-skip = Not now
web-email-not-an-address = That is not an e-mail address. Check its spelling.
web-email-unusable = That address cannot be used here. Take another.
web-email-taken = That address belongs to another account. Take another.
web-mail-wait = Mails were sent a moment ago. The next one can be sent in { $span }.

web-code-title = Type the code
web-code-body = It was sent to { $address }. It may take a minute to arrive.
web-code = Code from the mail
web-code-action = Confirm
web-code-again = Send another code
web-code-again-in = Another code in { $n }
web-code-mistaken = That is not my address
web-code-sent-again = Another code is on its way. The former one is worthless now.
web-code-wrong = That is not the code. { $left ->
    [one] One try is left.
   *[other] { $left } tries are left.
}
web-code-not-a-code = The code has six digits.
web-code-dead = This code is too old, or used up. Ask for another one.

web-forgot-title = Forgot your password?
web-forgot-body = Type your name or e-mail address. A mail then helps you to a new password.
web-forgot-action = Send mail
web-forgot-body-off = Passwords are not reset by mail here. Type your name or e-mail address, and the person who runs { $server } is asked to help you.
web-forgot-action-off = Ask for help
web-forgot-off-title = Ask for help
web-forgot-off-body = Passwords are not reset by mail on { $server }. The person who runs it can help you: if the account exists, they see now that you asked.
web-reset-code-title = Look into your mail
web-reset-code-body = If there is an account with a proven address, a mail is on its way to it. Type its code here, or follow its link.
web-reset-code-again = Ask again
web-reset-code-no-mail = No mail?
web-reset-code-no-mail-body = Look for it among unwanted mail, and check what you typed. Accounts without a proven address get none. The person who runs { $server } can help you.
web-reset-code-only-links = Codes are not taken for a while. Follow the link in the mail instead.
web-elsewhere-title = Your password lives elsewhere
web-elsewhere-body = It cannot be changed here. Ask the person who runs { $server } where to change it.

web-hand-over-title = You are signed in
web-hand-over-body = It goes on in a moment.
web-hand-over-needs-script = The player needs JavaScript. Switch it on for this site, and sign in again.

web-fault-title = Something is broken here
web-fault-body = Try again in a moment; if it stays like this, tell the person who runs { $server }.
web-fault-jellyfin-title = The media server does not answer
web-fault-jellyfin-body = It may be restarting. Try again in a moment.
web-fault-quick-connect-title = Sign-in is not ready
web-fault-quick-connect-body = Quick Connect is switched off on { $server }, and Usher needs it. Tell the person who runs the server.
web-fault-no-page-title = There is no such page
web-fault-no-page-body = Check the address, or begin at your account.
web-your-account = Your account
web-fault-form-title = That was not complete
web-fault-form-body = What was sent does not come from this page. Open the page again.
web-fault-again = Try again

# The mailbox of the demo.
web-mailbox-title = Mailbox of the demo
web-mailbox-body = Every mail that Usher sends lies here instead of in an inbox, newest first.
web-mailbox-empty = No mail was sent yet.
web-mailbox-text = As plain text
web-mailbox-html = As HTML

web-reset-factor-title = Your second step
web-reset-factor-body = The account { $name } has a second step at sign-in. Show it before you choose a new password.
web-reset-factor = Code of your authenticator app, or a recovery code
web-reset-factor-not-a-code = A code of the app has six digits, a recovery code twenty letters and digits.
web-reset-factor-lost = If you have nothing of this any more, the person who runs the server can help.
web-factor-wrong = That is not right.
