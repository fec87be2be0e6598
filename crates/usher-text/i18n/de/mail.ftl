# Mails. $server ist der Name des Servers. Im Betreff steht nie ein Geheimnis.
mail-greeting = Hallo { $name },
mail-code-until = Der Code gilt bis { $moment }.
mail-link-until = Der Link gilt bis { $moment }.
mail-code-label = Dein Code
mail-link-plain = Falls der Knopf nicht geht, öffne diese Adresse:
mail-origin-title = Woher das kam
mail-origin-at = Zeit
mail-origin-client = Gerät
mail-origin-address = Adresse
mail-not-me = Das war ich nicht
mail-why = Du bekommst diese Mail, weil deine Adresse zu einem Konto auf { $server } gehört oder dort angegeben wurde.
mail-why-administrator = Du bekommst diese Mail, weil du { $server } verwaltest.

mail-confirm-subject = Bestätige deine E-Mail-Adresse für { $server }
mail-confirm-title = Bestätige deine E-Mail-Adresse
mail-confirm-body = Jemand hat diese Adresse für das Konto { $name } auf { $server } angegeben. Wenn du es warst, gib diesen Code dort ein, wo du danach gefragt wurdest.
mail-confirm-not-me = Wenn du es nicht warst, passiert nichts, solange niemand den Code kennt. Du kannst den Versuch auch beenden:

mail-set-up-subject = Dein Konto auf { $server }
mail-set-up-title = Willkommen auf { $server }
mail-set-up-body = Für dich wurde ein Konto angelegt. Der Benutzername ist { $name }. Wähle ein Passwort, dann geht es los.
mail-set-up-action = Passwort wählen

mail-reset-subject = Setze dein Passwort für { $server } zurück
mail-reset-title = Setze dein Passwort zurück
mail-reset-body-code = Ein neues Passwort wurde angefordert. Der Benutzername ist { $name }. Gib diesen Code dort ein, wo du danach gefragt wurdest, oder nimm den Knopf unten.
mail-reset-body-link = Ein neues Passwort wurde angefordert. Der Benutzername ist { $name }. Mit dem Knopf unten wählst du eines.
mail-reset-action = Neues Passwort wählen
mail-reset-not-me = Wenn du es nicht angefordert hast, bleibt dein Passwort, wie es ist. Du kannst diesen Code und diesen Link auch wertlos machen:

mail-password-changed-subject = Dein Passwort auf { $server } wurde geändert
mail-password-changed-title = Dein Passwort wurde geändert
mail-password-changed-body = Das Passwort des Kontos { $name } wurde geändert, { $actor ->
    [person] und zwar mit dem Konto selbst.
    [administrator] und zwar durch einen Administrator.
   *[jellyfin] und zwar in Jellyfin.
} Wenn du damit gerechnet hast, ist nichts zu tun.
mail-password-changed-action = Passwort zurücksetzen
mail-password-changed-not-me = Wenn du nicht damit gerechnet hast, setze dein Passwort jetzt zurück und sage der Person Bescheid, die den Server betreibt.

mail-address-changed-subject = Deine E-Mail-Adresse auf { $server } wurde geändert
mail-address-changed-title = Deine E-Mail-Adresse wurde geändert
mail-address-changed-body = Das Konto { $name } hat jetzt die Adresse { $address }. Geändert wurde sie { $actor ->
    [person] mit dem Konto selbst.
    [administrator] durch einen Administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-cleared-body = Das Konto { $name } hat keine E-Mail-Adresse mehr. Geändert wurde sie { $actor ->
    [person] mit dem Konto selbst.
    [administrator] durch einen Administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-changed-action = Änderung zurücknehmen
mail-address-changed-until = Zurücknehmen geht bis { $moment }.

mail-claimed-subject = Ein Konto auf { $server } wurde übernommen
mail-claimed-title = Ein Konto wurde übernommen
mail-claimed-body = Das Konto { $name } hatte kein Passwort. Jemand hat sich zum ersten Mal angemeldet und eines gewählt. Wenn du nicht weißt, wer das war, sieh dir das Konto jetzt an.
mail-claimed-action = Konsole öffnen

mail-asked-subject = Jemand auf { $server } bittet um Hilfe
mail-asked-title = Jemand bittet um Hilfe
mail-asked-body = { $wish ->
    [password_reset] { $name } kann das Passwort nicht per Mail zurücksetzen und bittet dich um ein neues.
   *[set_up_code] { $name } bittet dich um einen neuen Einrichtungscode: der alte ist abgelaufen.
} Vergewissere dich, dass es wirklich diese Person ist, bevor du hilfst.
mail-asked-action = Konsole öffnen

mail-test-subject = Testmail von { $server }
mail-test-title = Mail kommt an
mail-test-body = Diese Mail wurde von der Konsole verschickt. Gib diesen Code dort ein, um zu bestätigen, dass sie angekommen ist.

# Was die Mailprüfung der Konsole sagt, wenn sie scheitert. Die Antwort des Servers steht daneben.
mail-fault-name = Der Name des Mailservers wurde nicht gefunden. Prüfe die Schreibweise.
mail-fault-refused = Der Mailserver ist nicht erreichbar. Prüfe den Port, und ob eine Firewall dazwischen steht.
mail-fault-time-out = Der Mailserver hat zu lange nicht geantwortet. Prüfe den Port, und ob eine Firewall dazwischen steht.
mail-fault-no-tls = Der Mailserver bietet kein STARTTLS an. Versuche Port 465 mit TLS von Anfang an.
mail-fault-tls = Es kam keine geschützte Verbindung zustande. Das Zertifikat muss vertrauenswürdig sein und den Namen des Servers tragen.
mail-fault-no-login = Der Mailserver bietet keine Anmeldung an, die Usher kennt.
mail-fault-login = Der Mailserver hat Benutzername oder Passwort abgelehnt. Manche Anbieter wollen ein Passwort nur für Apps.
mail-fault-sender = Der Mailserver hat die Absenderadresse abgelehnt.
mail-fault-recipient = Der Mailserver hat die Empfängeradresse abgelehnt.
mail-fault-never = Der Mailserver hat die Mail abgelehnt.
mail-fault-not-now = Der Mailserver nimmt die Mail im Moment nicht an. Usher versucht es wieder.
mail-fault-broken = Die Verbindung brach ab, oder an diesem Port ist kein Mailserver.

# The steps of the conversation with the mail server, as the console lists those that succeeded.
mail-step-name = Der Name des Mailservers wurde gefunden.
mail-step-connect = Der Mailserver antwortet.
mail-step-tls = Die Verbindung ist geschützt.
mail-step-login = Der Mailserver hat die Anmeldung angenommen.
mail-step-sender = Der Mailserver hat die Absenderadresse angenommen.
mail-step-recipient = Der Mailserver hat die Empfängeradresse angenommen.
mail-step-message = Der Mailserver hat die Mail angenommen.

# What the mail test says where it did not even begin.
mail-test-settings = Die Mail-Einstellungen können nicht verwendet werden: { $reason }.
mail-test-spent = Es wurden zu viele falsche Codes eingegeben. Versuche es morgen wieder.
