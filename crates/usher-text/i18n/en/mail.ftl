# Mails. $server is the server's name. A secret never stands in a subject.
mail-greeting = Hello { $name },
mail-code-until = The code is good until { $moment }.
mail-link-until = The link is good until { $moment }.
mail-links-until = The links are good until { $moment }.
mail-code-label = Your code
mail-link-plain = If the button does not work, open this address:
mail-origin-title = Where this came from
mail-origin-at = Time
mail-origin-client = App or browser
mail-origin-address = Address
mail-not-me = This was not me
mail-why = You get this mail because your address belongs to an account on { $server }, or was given for one there.
mail-why-administrator = You get this mail because you administer { $server }.

mail-confirm-subject = Confirm your e-mail address for { $server }
mail-confirm-title = Confirm your e-mail address
mail-confirm-body = Somebody gave this address for the account { $name } on { $server }. If it was you, type this code where you were asked for it.
mail-confirm-not-me = If it was not you, nothing happens as long as nobody knows the code. You can also end the attempt:

mail-set-up-subject = Your account on { $server }
mail-set-up-title = Welcome to { $server }
mail-set-up-body = An account was made for you. Its user name is { $name }. Choose a password to begin.
mail-set-up-action = Choose a password

mail-reset-subject = Reset your password for { $server }
mail-reset-title = Reset your password
mail-reset-body-code = A new password was asked for. The user name is { $name }. Type this code where you were asked for it, or follow the link in this mail.
mail-reset-body-link = A new password was asked for. The user name is { $name }. Follow the link in this mail to choose one.
mail-reset-body-disowned = You said that a sign-in was not you. Follow the link in this mail to choose a new password for the account { $name }.
mail-reset-body-administrator = The person who runs the server sends you this mail, so that you can choose a new password. The user name is { $name }. Follow the link in this mail to choose one.
mail-reset-action = Choose a new password
mail-reset-not-me = If you did not ask for it, your password stays as it is. You can also make this code and this link worthless:
mail-reset-shared-body = A new password was asked for. Several accounts use this address: choose the one whose password you want to set. This mail holds no code.
mail-reset-shared-action = New password for { $name }
mail-reset-shared-not-me = If you did not ask for it, every password stays as it is. You can also make these links worthless:

mail-password-changed-subject = Your password on { $server } was changed
mail-password-changed-title = Your password was changed
mail-password-changed-body = The password of the account { $name } was changed { $actor ->
    [person] by whoever holds the account: with the old password, or by a mail to its address.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
} If you expected this, there is nothing to do.
mail-password-changed-action = Reset the password
mail-password-changed-not-me = If you did not expect it, reset your password now and tell the person who runs the server.

mail-address-changed-subject = Your e-mail address on { $server } was changed
mail-address-changed-title = Your e-mail address was changed
mail-address-changed-body = The account { $name } now uses the address { $address }. The change was made { $actor ->
    [person] by whoever is signed in to it.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-cleared-body = The account { $name } no longer has an e-mail address. The change was made { $actor ->
    [person] by whoever is signed in to it.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-changed-action = Undo the change
mail-address-changed-until = It can be undone until { $moment }.
mail-address-changed-earlier = If this was not you: the mail that went to { $address } earlier holds a link that takes this back, too, until { $moment }. If you cannot read that mailbox, tell the person who runs the server.
mail-address-changed-ask = If you did not expect it, tell the person who runs the server.

mail-address-undone-subject = A change of your e-mail address on { $server } was undone
mail-address-undone-title = A change of your e-mail address was undone
mail-address-undone-body = The account { $name } has its earlier address { $address } again, by the link in a mail that was sent there. It was signed out everywhere.

mail-claimed-subject = An account on { $server } was claimed
mail-claimed-title = An account was claimed
mail-claimed-body = The account { $name } had no password. Somebody signed in to it for the first time and chose one. If you do not know who it was, look at the account now.
mail-claimed-action = Open the console

mail-asked-subject = Somebody on { $server } asks for help
mail-asked-title = Somebody asks for help
mail-asked-body = { $wish ->
    [own_account] { $name } asks that one of the profiles becomes an account of its own.
    [password_reset] { $name } cannot reset the password by mail and asks you for a new one.
   *[set_up_code] { $name } asks you for a new set-up code: the old one ran out.
} Make sure that it is really them before you help.
mail-asked-action = Open the console

mail-own-account-subject = A profile on { $server } is an account of its own now
mail-own-account-title = A profile is an account of its own now
mail-own-account-body = Your profile { $profile } is the account { $account } now, with its history and favorites. It is no part of your account any more. Whoever it is for got an invitation by mail.
mail-own-account-declined-subject = A profile on { $server } stays a part of your account
mail-own-account-declined-title = A profile stays a part of your account
mail-own-account-declined-body = You asked that your profile { $profile } becomes the account { $account }. An administrator said no. The profile is as it was. Ask whoever runs the server if you want to know why.

mail-origin-device = Device
mail-origin-profile = Profile

mail-sign-in-code-subject = Your sign-in code for { $server }
mail-sign-in-code-title = Your sign-in code
mail-sign-in-code-body = Somebody typed the right password of the account { $name }. If it was you, type this code where you were asked for it.
mail-sign-in-code-body-app = Somebody typed the right password of the account { $name } in an app. If it was you, open the link to let the app in, then sign in there once more. Or type the password again, followed by a space and this code.
mail-sign-in-code-action = Look at this sign-in
mail-sign-in-code-not-me = If it was not you, somebody knows your password. Do not pass this code on; nobody will ever ask you for it. You can stop this sign-in:
mail-sign-in-approve-subject = A sign-in in an app on { $server }
mail-sign-in-approve-title = Is it you who signs in?
mail-sign-in-approve-body = Somebody typed the right password of the account { $name } in an app. If it was you, open the link and confirm it with your second step; then sign in in the app once more.
mail-sign-in-approve-not-me = If it was not you, somebody knows your password. You can stop this sign-in:

mail-step-up-code-subject = Your code for { $server }
mail-step-up-code-title = Confirm that it is you
mail-step-up-code-body = Something important is about to be changed for the account { $name }. If it is you, type this code where you were asked for it.
mail-step-up-code-not-me = If it was not you, somebody sits in a browser where you are signed in. Sign in and end that session. Nobody will ever ask you for this code.

mail-new-sign-in-subject = New sign-in on { $server }
mail-new-sign-in-title = New sign-in
mail-new-sign-in-body = The account { $name } was just signed in to on a device that was not seen before. If it was you, there is nothing to do. If not, the link in this mail ends that session and asks you for a new password.
mail-new-sign-in-body-profile = The account { $name } was just signed in to, as its profile { $profile }, on a device that was not seen before. If it was you or somebody of yours, there is nothing to do. If not, the link in this mail ends that session and asks you for a new password.
mail-new-sign-in-action = This was not me

mail-unfinished-subject = Somebody knows your password on { $server }
mail-unfinished-title = A sign-in was not finished
mail-unfinished-body = The right password of the account { $name } was typed, but the second step was not done. Nobody got in. If it was not you, somebody knows your password: choose a new one.
mail-unfinished-action = Choose a new password

mail-factor-subject = Two-step sign-in changed on { $server }
mail-factor-title = Two-step sign-in changed
mail-factor-body = { $change ->
    [added_email] The account { $name } now asks for a code by mail at sign-in.
    [added_totp] An authenticator app was added to the account { $name }.
    [added_passkey] A passkey was added to the account { $name }.
    [removed_email] The account { $name } no longer gets sign-in codes by mail.
    [removed_totp] The authenticator app of the account { $name } was removed.
    [removed_passkey] A passkey of the account { $name } was removed.
    [cleared] Every second step of the account { $name } was removed. From now on the password alone signs in.
   *[codes_renewed] The account { $name } has new recovery codes. The old ones no longer work.
}
mail-factor-by-administrator = An administrator did it.
mail-factor-reason = The reason given: { $reason }
mail-factor-action = See your account
mail-factor-not-me = If you did not expect it, change your password now and tell the person who runs the server.

mail-recovery-code-subject = A recovery code was used on { $server }
mail-recovery-code-title = A recovery code was used
mail-recovery-code-body = The account { $name } was signed in to with one of its recovery codes. { $count ->
    [0] None is left: make new ones now.
    [one] One is left: make new ones soon.
   *[other] { $count } are left.
}

mail-app-password-subject = An app password was made on { $server }
mail-app-password-title = An app password was made
mail-app-password-body = The account { $name } has a new app password, called “{ $program }”. A program that has it signs in without a second step.

mail-trust-ended-subject = Your browsers on { $server } are no longer trusted
mail-trust-ended-title = Your browsers are no longer trusted
mail-trust-ended-body = A browser showed an old sign of trust for the account { $name } that had been replaced before. Somebody may have copied it. To be safe, every browser asks for the second step again. If you did not just restore a backup of your browser, choose a new password.
mail-trust-ended-action = Choose a new password

mail-passkey-copied-subject = One of your passkeys for { $server } may have been copied
mail-passkey-copied-title = One of your passkeys may have been copied
mail-passkey-copied-body = Somebody showed a passkey of the account { $name } that is behind the one on your device, so there may be a copy of it. Nobody was let in. Remove the passkey, and add a new one. If you did not just restore a backup, somebody else may have it.
mail-passkey-copied-body-named = Somebody showed the passkey “{ $passkey }” of the account { $name } in a state that is behind the one on your device, so there may be a copy of it. Nobody was let in. Remove the passkey, and add a new one. If you did not just restore a backup, somebody else may have it.

mail-test-subject = Test mail from { $server }
mail-test-title = Mail arrives
mail-test-body = This mail was sent from the console. Type this code there to confirm that it arrived.

# What the mail test of the console says when it fails. The server's own answer is shown beside it.
mail-fault-name = The mail server's name was not found. Check its spelling.
mail-fault-refused = The mail server cannot be reached. Check its port, and whether a firewall is in between.
mail-fault-time-out = The mail server took too long to answer. Check its port, and whether a firewall is in between.
mail-fault-no-tls = The mail server does not offer STARTTLS. Try port 465 with TLS from the start.
mail-fault-tls = No protected connection came about. The certificate must be trusted and carry the server's name.
mail-fault-no-login = The mail server offers no way of signing in that Usher knows.
mail-fault-login = The mail server refused the user name or the password. Some providers want a password made for apps.
mail-fault-sender = The mail server refused the sender's address.
mail-fault-recipient = The mail server refused the recipient's address.
mail-fault-never = The mail server refused the mail.
mail-fault-not-now = The mail server does not take the mail for now. Usher tries again.
mail-fault-broken = The connection broke off, or there is no mail server at this port.

# The steps of the conversation with the mail server, as the console lists those that succeeded.
mail-step-name = The mail server's name was found.
mail-step-connect = The mail server answers.
mail-step-tls = The connection is protected.
mail-step-login = The mail server let Usher sign in.
mail-step-sender = The mail server took the sender's address.
mail-step-recipient = The mail server took the recipient's address.
mail-step-message = The mail server took the mail.

# What the mail test says where it did not even begin.
mail-test-settings = The mail settings cannot be used: { $reason }.
mail-test-spent = Too many wrong codes were typed. Try again tomorrow.

mail-more-time-subject = { $profile } asks for more time
mail-more-time-title = More time?
mail-more-time-body = { $profile } has watched { $used } today and asks for more. With the button you decide: 15, 30 or 60 minutes, or none. It counts for today.
mail-more-time-action = Decide
