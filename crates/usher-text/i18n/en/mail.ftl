# Mails. $server is the server's name. A secret never stands in a subject.
mail-greeting = Hello { $name },
mail-code-until = The code is good until { $moment }.
mail-link-until = The link is good until { $moment }.
mail-code-label = Your code
mail-link-plain = If the button does not work, open this address:
mail-origin-title = Where this came from
mail-origin-at = Time
mail-origin-client = Device
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
mail-reset-body-code = A new password was asked for. The user name is { $name }. Type this code where you were asked for it, or use the button below.
mail-reset-body-link = A new password was asked for. The user name is { $name }. Use the button below to choose one.
mail-reset-action = Choose a new password
mail-reset-not-me = If you did not ask for it, your password stays as it is. You can also make this code and this link worthless:

mail-password-changed-subject = Your password on { $server } was changed
mail-password-changed-title = Your password was changed
mail-password-changed-body = The password of the account { $name } was changed { $actor ->
    [person] with the account itself.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
} If you expected this, there is nothing to do.
mail-password-changed-action = Reset the password
mail-password-changed-not-me = If you did not expect it, reset your password now and tell the person who runs the server.

mail-address-changed-subject = Your e-mail address on { $server } was changed
mail-address-changed-title = Your e-mail address was changed
mail-address-changed-body = The account { $name } now uses the address { $address }. The change was made { $actor ->
    [person] with the account itself.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-cleared-body = The account { $name } no longer has an e-mail address. The change was made { $actor ->
    [person] with the account itself.
    [administrator] by an administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-changed-action = Undo the change
mail-address-changed-until = It can be undone until { $moment }.

mail-claimed-subject = An account on { $server } was claimed
mail-claimed-title = An account was claimed
mail-claimed-body = The account { $name } had no password. Somebody signed in to it for the first time and chose one. If you do not know who it was, look at the account now.
mail-claimed-action = Open the console

mail-asked-subject = Somebody on { $server } asks for help
mail-asked-title = Somebody asks for help
mail-asked-body = { $wish ->
    [password_reset] { $name } cannot reset the password by mail and asks you for a new one.
   *[set_up_code] { $name } asks you for a new set-up code: the old one ran out.
} Make sure that it is really them before you help.
mail-asked-action = Open the console

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
