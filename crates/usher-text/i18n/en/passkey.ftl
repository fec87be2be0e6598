# Passkeys. $server is the server's name, in every text.
passkey-sign-in = Sign in with a passkey
passkey-show = Use your passkey
passkey-add = Add a passkey
passkey-prove = Confirm with your passkey
passkey-name = Name for it
passkey-name-hint = For example the device that it is on.
passkey-without-script = Passkeys need JavaScript and a browser that knows them.
passkey-cancelled = Nothing was sent: it was cancelled or took too long. Try again.
passkey-known = This device already has a passkey for your account.
passkey-elsewhere = Passkeys do not work at this address. Open { $server } at its usual address.
passkey-failed = That did not work. Try again in a moment.
passkey-none = There is no passkey to be used here now. Load the page again, or choose another way.
passkey-wrong-title = Passkey not taken
passkey-wrong = This passkey cannot be used here, or you may not sign in now. Try again, or choose another way.
passkey-late = That took too long, or was answered already. Try again.
passkey-closed = Too many attempts were wrong. Use a recovery code, or ask the person who runs { $server }.
passkey-refused = No passkey can be added now: they are switched off, or there are as many as there can be.
passkey-again = Back

# Shown once, with the first passkey.
passkey-codes-title = Your recovery codes
passkey-codes-body = If you lose your device, each of these signs you in once in place of the passkey. They are shown only now: print them, or write them down.
passkey-codes-print = Print
passkey-codes-kept = I have kept them
