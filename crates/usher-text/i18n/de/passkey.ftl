# Passkeys. $server ist der Name des Servers, in jedem Text.
passkey-sign-in = Mit Passkey anmelden
passkey-show = Passkey verwenden
passkey-add = Passkey hinzufügen
passkey-prove = Mit Passkey bestätigen
passkey-name = Name dafür
passkey-name-hint = Zum Beispiel das Gerät, auf dem er liegt.
passkey-without-script = Passkeys brauchen JavaScript und einen Browser, der sie kennt.
passkey-cancelled = Es wurde nichts gesendet: abgebrochen, oder es dauerte zu lange. Versuche es noch einmal.
passkey-known = Auf diesem Gerät gibt es schon einen Passkey für dein Konto.
passkey-elsewhere = Unter dieser Adresse funktionieren Passkeys nicht. Öffne { $server } unter der gewohnten Adresse.
passkey-failed = Das hat nicht geklappt. Versuche es gleich noch einmal.
passkey-none = Hier lässt sich gerade kein Passkey verwenden. Lade die Seite neu, oder wähle einen anderen Weg.
passkey-wrong-title = Passkey nicht angenommen
passkey-wrong = Dieser Passkey gilt hier nicht, oder du darfst dich gerade nicht anmelden. Versuche es noch einmal, oder wähle einen anderen Weg.
passkey-late = Das hat zu lange gedauert oder wurde schon beantwortet. Versuche es noch einmal.
passkey-closed = Zu viele Versuche waren falsch. Nimm einen Wiederherstellungscode, oder frage die Person, die { $server } betreibt.
passkey-refused = Gerade lässt sich kein Passkey hinzufügen: sie sind ausgeschaltet, oder es gibt schon so viele wie möglich.
passkey-again = Zurück

# Einmal gezeigt, mit dem ersten Passkey.
passkey-codes-title = Deine Wiederherstellungscodes
passkey-codes-body = Wenn du dein Gerät verlierst, meldet dich jeder davon einmal anstelle des Passkeys an. Sie werden nur jetzt gezeigt: drucke sie aus, oder schreibe sie auf.
passkey-codes-print = Drucken
passkey-codes-kept = Ich habe sie aufbewahrt
