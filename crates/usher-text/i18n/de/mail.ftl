# Mails. $server ist der Name des Servers. Im Betreff steht nie ein Geheimnis.
mail-greeting = Hallo { $name },
mail-code-until = Der Code gilt bis { $moment }.
mail-link-until = Der Link gilt bis { $moment }.
mail-links-until = Die Links gelten bis { $moment }.
mail-code-label = Dein Code
mail-link-plain = Falls der Knopf nicht geht, öffne diese Adresse:
mail-origin-title = Woher das kam
mail-origin-at = Zeit
mail-origin-client = App oder Browser
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
mail-reset-body-code = Ein neues Passwort wurde angefordert. Der Benutzername ist { $name }. Gib diesen Code dort ein, wo du danach gefragt wurdest, oder folge dem Link in dieser Mail.
mail-reset-body-link = Ein neues Passwort wurde angefordert. Der Benutzername ist { $name }. Mit dem Link in dieser Mail wählst du eines.
mail-reset-body-disowned = Du hast von einer Anmeldung gesagt, dass du das nicht warst. Mit dem Link in dieser Mail wählst du ein neues Passwort für das Konto { $name }.
mail-reset-body-administrator = Die Person, die den Server betreibt, schickt dir diese Mail, damit du ein neues Passwort wählen kannst. Der Benutzername ist { $name }. Mit dem Link in dieser Mail wählst du eines.
mail-reset-action = Neues Passwort wählen
mail-reset-not-me = Wenn du es nicht angefordert hast, bleibt dein Passwort, wie es ist. Du kannst diesen Code und diesen Link auch wertlos machen:
mail-reset-shared-body = Ein neues Passwort wurde angefordert. Mehrere Konten nutzen diese Adresse: Wähle das, dessen Passwort du setzen willst. Einen Code enthält diese Mail nicht.
mail-reset-shared-action = Neues Passwort für { $name }
mail-reset-shared-not-me = Wenn du es nicht angefordert hast, bleibt jedes Passwort, wie es ist. Du kannst diese Links auch wertlos machen:

mail-password-changed-subject = Dein Passwort auf { $server } wurde geändert
mail-password-changed-title = Dein Passwort wurde geändert
mail-password-changed-body = Das Passwort des Kontos { $name } wurde geändert, { $actor ->
    [person] und zwar von der Person, der das Konto gehört: mit dem alten Passwort, oder durch eine Mail an ihre Adresse.
    [administrator] und zwar durch einen Administrator.
   *[jellyfin] und zwar in Jellyfin.
} Wenn du damit gerechnet hast, ist nichts zu tun.
mail-password-changed-action = Passwort zurücksetzen
mail-password-changed-not-me = Wenn du nicht damit gerechnet hast, setze dein Passwort jetzt zurück und sage der Person Bescheid, die den Server betreibt.

mail-address-changed-subject = Deine E-Mail-Adresse auf { $server } wurde geändert
mail-address-changed-title = Deine E-Mail-Adresse wurde geändert
mail-address-changed-body = Das Konto { $name } hat jetzt die Adresse { $address }. Geändert wurde sie { $actor ->
    [person] von jemandem, der dort angemeldet ist.
    [administrator] durch einen Administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-cleared-body = Das Konto { $name } hat keine E-Mail-Adresse mehr. Geändert wurde sie { $actor ->
    [person] von jemandem, der dort angemeldet ist.
    [administrator] durch einen Administrator.
   *[jellyfin] in Jellyfin.
}
mail-address-changed-action = Änderung zurücknehmen
mail-address-changed-until = Zurücknehmen geht bis { $moment }.
mail-address-changed-earlier = Wenn du es nicht warst: Die Mail, die früher an { $address } ging, enthält einen Link, der auch diese Änderung zurücknimmt, und zwar bis { $moment }. Wenn du jenes Postfach nicht lesen kannst, sage der Person Bescheid, die den Server betreibt.
mail-address-changed-ask = Wenn du nicht damit gerechnet hast, sage der Person Bescheid, die den Server betreibt.

mail-address-undone-subject = Eine Änderung deiner E-Mail-Adresse auf { $server } wurde zurückgenommen
mail-address-undone-title = Eine Änderung deiner E-Mail-Adresse wurde zurückgenommen
mail-address-undone-body = Das Konto { $name } hat wieder seine frühere Adresse { $address }, durch den Link in einer Mail dorthin. Es wurde überall abgemeldet.

mail-claimed-subject = Ein Konto auf { $server } wurde übernommen
mail-claimed-title = Ein Konto wurde übernommen
mail-claimed-body = Das Konto { $name } hatte kein Passwort. Jemand hat sich zum ersten Mal angemeldet und eines gewählt. Wenn du nicht weißt, wer das war, sieh dir das Konto jetzt an.
mail-claimed-action = Konsole öffnen

mail-asked-subject = Jemand auf { $server } bittet um Hilfe
mail-asked-title = Jemand bittet um Hilfe
mail-asked-body = { $wish ->
    [own_account] { $name } bittet darum, dass eines der Profile ein eigenes Konto wird.
    [password_reset] { $name } kann das Passwort nicht per Mail zurücksetzen und bittet dich um ein neues.
   *[set_up_code] { $name } bittet dich um einen neuen Einrichtungscode: der alte ist abgelaufen.
} Vergewissere dich, dass es wirklich diese Person ist, bevor du hilfst.
mail-asked-action = Konsole öffnen

mail-own-account-subject = Ein Profil auf { $server } ist jetzt ein eigenes Konto
mail-own-account-title = Ein Profil ist jetzt ein eigenes Konto
mail-own-account-body = Dein Profil { $profile } ist jetzt das Konto { $account }, mit Verlauf und Favoriten. Es gehört nicht mehr zu deinem Konto. Für wen es ist, hat eine Einladung per Mail bekommen.
mail-own-account-declined-subject = Ein Profil auf { $server } bleibt bei deinem Konto
mail-own-account-declined-title = Ein Profil bleibt bei deinem Konto
mail-own-account-declined-body = Du hast darum gebeten, dass dein Profil { $profile } das Konto { $account } wird. Die Verwaltung hat das abgelehnt. Das Profil ist, wie es war. Wenn du wissen willst, warum, frage die Person, die den Server betreibt.

mail-origin-device = Gerät
mail-origin-profile = Profil

mail-sign-in-code-subject = Dein Anmeldecode für { $server }
mail-sign-in-code-title = Dein Anmeldecode
mail-sign-in-code-body = Jemand hat das richtige Passwort des Kontos { $name } eingegeben. Wenn du es warst, gib diesen Code dort ein, wo du danach gefragt wurdest.
mail-sign-in-code-body-app = Jemand hat das richtige Passwort des Kontos { $name } in einer App eingegeben. Wenn du es warst, öffne den Link, um die App hereinzulassen, und melde dich dort noch einmal an. Oder gib das Passwort noch einmal ein, danach ein Leerzeichen und diesen Code.
mail-sign-in-code-action = Diese Anmeldung ansehen
mail-sign-in-code-not-me = Wenn du es nicht warst, kennt jemand dein Passwort. Gib diesen Code nicht weiter; niemand wird dich je danach fragen. Du kannst diese Anmeldung stoppen:
mail-sign-in-approve-subject = Eine Anmeldung in einer App bei { $server }
mail-sign-in-approve-title = Meldest du dich gerade an?
mail-sign-in-approve-body = Jemand hat das richtige Passwort des Kontos { $name } in einer App eingegeben. Wenn du es warst, öffne den Link und bestätige die Anmeldung mit deinem zweiten Schritt; melde dich dann in der App noch einmal an.
mail-sign-in-approve-not-me = Wenn du es nicht warst, kennt jemand dein Passwort. Du kannst diese Anmeldung stoppen:

mail-step-up-code-subject = Dein Code für { $server }
mail-step-up-code-title = Bestätige, dass du es bist
mail-step-up-code-body = Am Konto { $name } soll etwas Wichtiges geändert werden. Wenn du es bist, gib diesen Code dort ein, wo du danach gefragt wurdest.
mail-step-up-code-not-me = Wenn du es nicht warst, sitzt jemand an einem Browser, in dem du angemeldet bist. Melde dich an und beende diese Sitzung. Niemand wird dich je nach diesem Code fragen.

mail-new-sign-in-subject = Neue Anmeldung bei { $server }
mail-new-sign-in-title = Neue Anmeldung
mail-new-sign-in-body = Das Konto { $name } wurde gerade auf einem Gerät angemeldet, das vorher nicht zu sehen war. Wenn du es warst, ist nichts zu tun. Wenn nicht, beendet der Link in dieser Mail diese Sitzung und fragt dich nach einem neuen Passwort.
mail-new-sign-in-body-profile = Das Konto { $name } wurde gerade mit seinem Profil { $profile } auf einem Gerät angemeldet, das vorher nicht zu sehen war. Wenn du oder jemand von euch es war, ist nichts zu tun. Wenn nicht, beendet der Link in dieser Mail diese Sitzung und fragt dich nach einem neuen Passwort.
mail-new-sign-in-action = Das war ich nicht

mail-unfinished-subject = Jemand kennt dein Passwort bei { $server }
mail-unfinished-title = Eine Anmeldung wurde nicht beendet
mail-unfinished-body = Das richtige Passwort des Kontos { $name } wurde eingegeben, aber der zweite Schritt blieb aus. Niemand ist hineingekommen. Wenn du es nicht warst, kennt jemand dein Passwort: Wähle ein neues.
mail-unfinished-action = Neues Passwort wählen

mail-factor-subject = Anmeldung in zwei Schritten bei { $server } geändert
mail-factor-title = Anmeldung in zwei Schritten geändert
mail-factor-body = { $change ->
    [added_email] Das Konto { $name } fragt beim Anmelden jetzt nach einem Code per Mail.
    [added_totp] Dem Konto { $name } wurde eine Authenticator-App hinzugefügt.
    [added_passkey] Dem Konto { $name } wurde ein Passkey hinzugefügt.
    [removed_email] Das Konto { $name } bekommt keine Anmeldecodes per Mail mehr.
    [removed_totp] Die Authenticator-App des Kontos { $name } wurde entfernt.
    [removed_passkey] Ein Passkey des Kontos { $name } wurde entfernt.
    [cleared] Alle zweiten Schritte des Kontos { $name } wurden entfernt. Ab jetzt genügt das Passwort.
   *[codes_renewed] Das Konto { $name } hat neue Wiederherstellungscodes. Die alten gelten nicht mehr.
}
mail-factor-by-administrator = Das hat jemand getan, der den Server verwaltet.
mail-factor-reason = Der angegebene Grund: { $reason }
mail-factor-action = Konto ansehen
mail-factor-not-me = Wenn du das nicht erwartet hast, ändere jetzt dein Passwort und sag der Person Bescheid, die den Server betreibt.

mail-recovery-code-subject = Ein Wiederherstellungscode wurde bei { $server } benutzt
mail-recovery-code-title = Ein Wiederherstellungscode wurde benutzt
mail-recovery-code-body = Das Konto { $name } wurde mit einem seiner Wiederherstellungscodes angemeldet. { $count ->
    [0] Es ist keiner übrig: Erstelle jetzt neue.
    [one] Einer ist übrig: Erstelle bald neue.
   *[other] { $count } sind übrig.
}

mail-app-password-subject = Ein App-Passwort wurde bei { $server } erstellt
mail-app-password-title = Ein App-Passwort wurde erstellt
mail-app-password-body = Das Konto { $name } hat ein neues App-Passwort mit dem Namen „{ $program }“. Ein Programm, das es hat, meldet sich ohne zweiten Schritt an.

mail-trust-ended-subject = Deinen Browsern wird bei { $server } nicht mehr vertraut
mail-trust-ended-title = Deinen Browsern wird nicht mehr vertraut
mail-trust-ended-body = Ein Browser hat für das Konto { $name } ein altes Vertrauenszeichen gezeigt, das schon ersetzt war. Vielleicht hat es jemand kopiert. Zur Sicherheit fragt jeder Browser wieder nach dem zweiten Schritt. Wenn du nicht gerade eine Sicherung deines Browsers zurückgespielt hast, wähle ein neues Passwort.
mail-trust-ended-action = Neues Passwort wählen

mail-passkey-copied-subject = Einer deiner Passkeys für { $server } wurde vielleicht kopiert
mail-passkey-copied-title = Einer deiner Passkeys wurde vielleicht kopiert
mail-passkey-copied-body = Jemand hat einen Passkey des Kontos { $name } gezeigt, der hinter dem auf deinem Gerät zurückliegt. Vielleicht gibt es also eine Kopie davon. Niemand wurde eingelassen. Entferne den Passkey und füge einen neuen hinzu. Wenn du nicht gerade eine Sicherung zurückgespielt hast, hat ihn vielleicht jemand anderes.
mail-passkey-copied-body-named = Jemand hat den Passkey „{ $passkey }“ des Kontos { $name } in einem Stand gezeigt, der hinter dem auf deinem Gerät zurückliegt. Vielleicht gibt es also eine Kopie davon. Niemand wurde eingelassen. Entferne den Passkey und füge einen neuen hinzu. Wenn du nicht gerade eine Sicherung zurückgespielt hast, hat ihn vielleicht jemand anderes.

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

mail-more-time-subject = { $profile } bittet um mehr Zeit
mail-more-time-title = Mehr Zeit?
mail-more-time-body = { $profile } hat heute { $used } geschaut und bittet um mehr. Mit dem Knopf entscheidest du: 15, 30 oder 60 Minuten, oder keine. Es zählt für heute.
mail-more-time-action = Entscheiden
