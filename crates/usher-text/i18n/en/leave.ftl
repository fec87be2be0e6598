# A profile that is to become an account of its own. $server is the server's name, in every text.
leave-link = An account of its own
leave-title = An account of its own?
leave-body = History and favorites go along, and the profile leaves your account. Whoever it is for gets a mail and chooses a password. The person who runs { $server } decides.
leave-name = User name
leave-name-hint = To sign in with
leave-name-wrong = Use letters, digits, blanks and - ' . _ @ + only.
leave-name-owners = That is your own name. Choose another one.
leave-email = E-mail address of whoever it is for
leave-email-hint = The invitation goes there.
leave-email-wrong = That is no e-mail address.
leave-ask = Ask for it
leave-waits = You asked that this profile becomes the account { $name }, with an invitation to { $email }. The person who runs { $server } decides.
leave-declined = On { $date } the person who runs { $server } said no to the account { $name }. The profile is as it was. You can ask again.
leave-withdraw = Take it back
leave-back = Back to the profile
leave-said-withdrawn = Taken back. The profile stays as it is.
leave-asked = An account of its own is asked for
