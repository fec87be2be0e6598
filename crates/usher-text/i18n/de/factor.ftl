# Anmeldung in zwei Schritten: gefragt, eingerichtet, gepflegt. $server ist der Name des Servers, in jedem Text.
factor-title = Zweiter Schritt
factor-show-passkey = Bestätige mit deinem Passkey, so wie du dieses Gerät oder deinen Sicherheitsschlüssel entsperrst.
factor-show-totp = Gib die sechs Ziffern ein, die deine Authenticator-App für { $server } zeigt.
factor-show-email-before = Ein Code aus sechs Ziffern geht an { $address }.
factor-show-email = Gib die sechs Ziffern ein, die an { $address } gingen.
factor-show-recovery = Gib einen der Wiederherstellungscodes ein, die du aufbewahrt hast. Jeder gilt einmal.
factor-totp-code = Code aus der App
factor-recovery-code = Wiederherstellungscode
factor-recovery-hint = Zwanzig Buchstaben und Ziffern; Bindestriche sind egal.
factor-trust = Diesem Browser 30 Tage lang vertrauen
factor-go-on = Weiter
factor-send = Code senden
factor-sent = Ein Code ist unterwegs.
factor-other = Anders bestätigen
factor-other-passkey = Passkey
factor-other-totp = Authenticator-App
factor-other-email = Code per Mail
factor-other-recovery = Wiederherstellungscode
factor-mail-dead = { $server } kann gerade keine Mails verschicken, also auch keinen Code. Ein Wiederherstellungscode hilft.
factor-mail-dead-no-codes = { $server } kann gerade keine Mails verschicken, also auch keinen Code. Frag die Person, die { $server } betreibt.
factor-no-mail = Gerade kann kein Code verschickt werden. Bestätige anders, oder frag die Person, die { $server } betreibt.
factor-totp-wrong = Das ist nicht der Code. Warte auf den nächsten und gib den ein.
factor-recovery-wrong = Das ist keiner deiner unbenutzten Wiederherstellungscodes. Sieh noch einmal nach.
factor-recovery-not-a-code = Ein Wiederherstellungscode hat zwanzig Buchstaben und Ziffern.
factor-wait = Zu viele falsche Antworten. Versuche es in { $span } noch einmal, oder nimm einen Wiederherstellungscode.
factor-recovery-wait = Zu viele falsche Antworten. Versuche es in { $span } noch einmal.
factor-closed = Zu viele falsche Antworten hintereinander. Ein Wiederherstellungscode hilft, oder die Person, die { $server } betreibt.
factor-recovery-closed = Zu viele falsche Antworten hintereinander. Frag die Person, die { $server } betreibt.

# Einen einrichten.
factor-enroll-title = Zweiten Schritt einrichten
factor-enroll-required = { $server } verlangt nach dem Passwort einen zweiten Schritt. Wähle, welchen.
factor-enroll-may-skip = Ab { $date } braucht dein Konto nach dem Passwort einen zweiten Schritt: Das ist in { $span }. Wähle, welchen, jetzt oder später.
factor-enroll-account = Neben deinem Passwort etwas, das nur du hast. Ein gestohlenes Passwort allein öffnet dann nichts.
factor-enroll-none = Gerade lässt sich nichts mehr hinzufügen.
factor-kind-passkey = Passkey
factor-kind-passkey-means = Fingerabdruck, Gesicht oder PIN auf diesem Gerät, oder ein Sicherheitsschlüssel. Der sicherste Weg.
factor-kind-totp = Authenticator-App
factor-kind-totp-means = Eine App auf deinem Handy zeigt jede halbe Minute einen neuen Code.
factor-kind-email = Code per Mail
factor-kind-email-means = Bei jeder Anmeldung geht ein Code an { $address }.
factor-skip = Nicht jetzt
factor-back = Zurück
factor-enroll-refused = Das lässt sich gerade nicht hinzufügen: Es ist hier nicht erlaubt, oder es gibt schon eins.
factor-enroll-late = Das hat zu lange gedauert. Beginne noch einmal.
factor-totp-title = Deine Authenticator-App
factor-totp-scan = Scanne dieses Bild mit der App und gib dann die sechs Ziffern ein, die sie zeigt.
factor-totp-picture = Bild für eine Authenticator-App
factor-totp-key = Scannen geht nicht?
factor-totp-key-body = Gib diesen Schlüssel in die App ein:
factor-totp-open = App auf diesem Gerät öffnen
factor-totp-not-yet = Das ist nicht der Code. Zeigt dein Handy die richtige Uhrzeit? Gib den Code ein, den die App jetzt zeigt.
factor-passkey-title = Dein Passkey
factor-passkey-body = Dein Browser fragt nach Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel.
factor-passkey-name-hint = Wo er liegt: Mein Handy, Blauer Schlüssel.

# Wiederherstellungscodes.
factor-codes-title = Deine Wiederherstellungscodes
factor-codes-body = Wenn du dein Handy oder deine Mails verlierst, lässt dich jeder davon einmal anstelle des zweiten Schritts hinein. Sie werden nur jetzt gezeigt.
factor-codes-download = Als Datei speichern
factor-codes-print = Drucken
factor-codes-file = Wiederherstellungscodes für { $server }. Jeder gilt einmal.
factor-codes-tick = Ich habe sie aufbewahrt
factor-codes-go-on = Weiter
factor-codes-done = Ich habe sie aufbewahrt
factor-codes-tick-missing = Bewahre zuerst die Codes auf und setze dann den Haken.
factor-codes-again-body = Deine Wiederherstellungscodes wurden schon gezeigt. Wenn du sie nicht aufbewahrt hast, lass dir neue zeigen: Die alten sind dann wertlos.
factor-codes-again = Neue Codes zeigen
factor-codes-renew-title = Neue Wiederherstellungscodes?
factor-codes-renew-body = Du bekommst zehn neue. Die, die du bisher aufbewahrt hast, sind dann wertlos.
factor-codes-renew = Neue Codes erstellen

# Die Seite des eigenen Kontos.
factor-nav = Zwei Schritte
factor-security-title = Anmeldung in zwei Schritten
factor-security-off = { $server } fragt gerade niemanden nach einem zweiten Schritt. Was du eingerichtet hast, ruht, bis sich das ändert.
factor-security-owed = Ab { $date } braucht dein Konto einen zweiten Schritt: Das ist in { $span }. Richte vorher einen ein.
factor-security-owed-now = Dein Konto braucht einen zweiten Schritt. Bei der nächsten Anmeldung wirst du gebeten, einen einzurichten.
factor-security-demanded = Hier verlangt
factor-yours = Deine zweiten Schritte
factor-none = Dein Passwort allein öffnet dein Konto. Mit einem zweiten Schritt ist ein gestohlenes Passwort nichts wert.
factor-added = Hinzugefügt am { $date }
factor-used = zuletzt benutzt { $ago }
factor-unused = noch nicht benutzt
factor-change = Ändern
factor-add = Zweiten Schritt hinzufügen
factor-codes = Wiederherstellungscodes
factor-codes-why = Sie lassen dich hinein, wenn dein zweiter Schritt verloren ist.
factor-codes-left = { $n ->
    [0] Keiner übrig
    [one] Einer übrig
   *[other] { $n } übrig
}
factor-codes-few = { $n ->
    [0] Du hast keine Wiederherstellungscodes mehr. Erstelle jetzt neue: Ohne sie sperrt dich ein verlorenes Handy aus.
    [one] Du hast nur noch einen Wiederherstellungscode. Erstelle rechtzeitig neue.
   *[other] Du hast nur noch { $n } Wiederherstellungscodes. Erstelle rechtzeitig neue.
}
factor-browsers = Browser, denen du vertraust
factor-browsers-why = Sie werden bei der Anmeldung nicht nach dem zweiten Schritt gefragt.
factor-browsers-none = Keinem Browser wird vertraut.
factor-browser-until = Vertraut bis { $date }
factor-browser-end = Nicht mehr vertrauen
factor-edit-title = Dein zweiter Schritt
factor-name = Name dafür
factor-name-hint = Damit du ihn in der Liste wiedererkennst.
factor-rename = Namen speichern
factor-remove = Entfernen
factor-remove-body = Entfernt gilt er nicht mehr für die Anmeldung, und keinem Browser wird mehr vertraut. Ist er der letzte, gehen deine Wiederherstellungscodes mit ihm.
factor-remove-sure = Er soll entfernt werden
factor-keep = Behalten
factor-said-added = Dein zweiter Schritt ist eingerichtet.
factor-said-renamed = Der Name ist gespeichert.
factor-said-removed = Entfernt. Eine Mail darüber ist unterwegs, wenn deine Adresse bestätigt ist.
factor-said-demanded = { $server } verlangt von dir einen zweiten Schritt, also bleibt der letzte. Füge zuerst einen anderen hinzu.
factor-said-no-factor = Das gibt es nicht mehr. Nichts wurde geändert.
factor-said-tick-missing = Setze zuerst den Haken über dem Knopf. Nichts wurde geändert.
factor-said-untrusted = Dieser Browser wird wieder nach dem zweiten Schritt gefragt.
factor-said-no-browser = Diesem Browser wurde schon nicht mehr vertraut. Nichts wurde geändert.
factor-said-no-codes = Es gibt keinen zweiten Schritt, für den Wiederherstellungscodes einspringen könnten.
factor-overview-on = An
factor-overview-off = Aus
factor-overview-why = Ein zweiter Schritt hält andere fern, selbst mit deinem Passwort.
factor-overview-set-up = Einrichten
factor-overview-manage = Verwalten

# Zeigen, wer da sitzt.
factor-prove-passkey = Du bist als { $name } angemeldet. Bestätige mit deinem Passkey, bevor es weitergeht.
factor-prove-totp = Du bist als { $name } angemeldet. Gib den Code ein, den deine Authenticator-App zeigt, bevor es weitergeht.
factor-prove-email = Du bist als { $name } angemeldet. Ein Code geht an { $address }; gib ihn ein, bevor es weitergeht.
factor-prove-recovery = Du bist als { $name } angemeldet. Gib einen deiner Wiederherstellungscodes ein, bevor es weitergeht.

# Die Verwaltung.
factor-policy-title = Anmeldung in zwei Schritten
factor-policy-body = Nach dem Passwort etwas, das nur die Person hat: ein Passkey, eine Authenticator-App oder ein Code per Mail.
factor-policy-demand = Wer einen braucht
factor-policy-off = Niemand darf
factor-policy-off-means = Nichts lässt sich einrichten, und was da ist, wird nicht gefragt.
factor-policy-optional = Wer möchte
factor-policy-optional-means = Alle dürfen einen einrichten. Gefragt wird er, wo er eingerichtet ist.
factor-policy-administrators = Wer verwaltet
factor-policy-administrators-means = Wer den Server verwaltet, muss einen haben. Alle anderen dürfen.
factor-policy-everyone = Alle
factor-policy-everyone-means = Im Web kommt niemand ohne hinein.
factor-policy-methods = Was sich einrichten lässt
factor-policy-methods-hint = Was schon eingerichtet ist, gilt weiter; was nicht erlaubt ist, zählt aber nicht, wo einer verlangt wird.
factor-policy-passkey = Passkeys
factor-policy-totp = Authenticator-Apps
factor-policy-email = Codes per Mail
factor-policy-no-passkeys = Passkeys brauchen https und einen Hostnamen; unter der jetzigen Adresse kann kein Browser einen erstellen.
factor-policy-from = Verlangt ab
factor-policy-from-hint = Bis dahin werden alle bei jeder Anmeldung erinnert und kommen ohne weiter. Apps gehen danach noch 14 Tage. Leer: ab jetzt.
factor-policy-from-wrong = Das ist kein Tag.
factor-policy-saved = Gespeichert.
factor-policy-only-mail = Nichts wurde geändert: Wo ein zweiter Schritt verlangt wird, müssen Passkeys oder Authenticator-Apps erlaubt sein. Mit Codes per Mail allein würde ein Ausfall des Mailservers alle aussperren.
factor-policy-end-title = Sitzungen ohne zweiten Schritt
factor-policy-end-body = Wer einen zweiten Schritt haben muss und sich ohne angemeldet hat, wird überall abgemeldet und bei der nächsten Anmeldung gefragt. Dieser Browser bleibt.
factor-policy-end-sure = Alle davon abmelden
factor-policy-end = Diese Sitzungen beenden
factor-policy-ended = { $n ->
    [0] Keine Sitzung war ohne zweiten Schritt.
    [one] Die Sitzungen eines Kontos sind beendet.
   *[other] Die Sitzungen von { $n } Konten sind beendet.
}
factor-policy-tick-missing = Setze zuerst den Haken über dem Knopf. Nichts wurde geändert.
factor-account-title = Anmeldung in zwei Schritten
factor-account-none = Nichts ist eingerichtet.
factor-account-passkeys = { $n ->
    [one] Ein Passkey
   *[other] { $n } Passkeys
}
factor-account-codes = { $n ->
    [one] Ein Wiederherstellungscode
   *[other] { $n } Wiederherstellungscodes
}
factor-account-rule = Für dieses Konto
factor-account-inherit = Wie für alle
factor-account-required = Verlangt
factor-account-exempt = Nicht verlangt
factor-account-rule-hint = Einer, der eingerichtet ist, wird trotzdem gefragt.
factor-account-clear-body = Falls die Person alles verloren hat: Sie meldet sich dann mit dem Passwort allein an und wird per Mail benachrichtigt.
factor-account-clear-reason = Grund
factor-account-clear-reason-hint = Die Person liest ihn.
factor-account-clear-sure = Ich weiß, dass diese Person darum bittet
factor-account-clear = Alle zweiten Schritte entfernen
factor-account-said-rule = Gespeichert.
factor-account-said-cleared = Alle zweiten Schritte dieses Kontos sind entfernt. Ist eine Adresse bestätigt, sagt eine Mail es dort.
factor-account-said-no-reason = Gib einen Grund an: Die Person erfährt ihn. Nichts wurde geändert.
