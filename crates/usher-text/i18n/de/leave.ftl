# A profile that is to become an account of its own. $server is the server's name, in every text.
leave-link = Ein eigenes Konto
leave-title = Ein eigenes Konto?
leave-body = Verlauf und Favoriten gehen mit, und das Profil verlässt dein Konto. Für wen es ist, bekommt eine Mail und wählt ein Passwort. Wer { $server } betreibt, entscheidet.
leave-name = Benutzername
leave-name-hint = Zum Anmelden
leave-name-wrong = Nimm nur Buchstaben, Ziffern, Leerzeichen und - ' . _ @ +.
leave-name-owners = Das ist dein eigener Name. Nimm einen anderen.
leave-email = E-Mail-Adresse der Person, für die es ist
leave-email-hint = Dorthin geht die Einladung.
leave-email-wrong = Das ist keine E-Mail-Adresse.
leave-ask = Darum bitten
leave-waits = Du hast darum gebeten, dass dieses Profil das Konto { $name } wird, mit einer Einladung an { $email }. Wer { $server } betreibt, entscheidet.
leave-declined = Am { $date } hat die Person, die { $server } betreibt, das Konto { $name } abgelehnt. Das Profil ist, wie es war. Du kannst noch einmal darum bitten.
leave-withdraw = Zurücknehmen
leave-back = Zurück zum Profil
leave-said-withdrawn = Zurückgenommen. Das Profil bleibt, wie es ist.
leave-asked = Ein eigenes Konto ist erbeten
