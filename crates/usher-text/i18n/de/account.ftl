# Was Leute von ihrem eigenen Konto sehen und ändern, und wie sie einen Bildschirm hereinlassen.
account-title = Dein Konto
account-here-since = hier seit { $date }
account-back = Zurück zu deinem Konto

account-nav-overview = Überblick
account-nav-devices = Geräte
account-nav-activity = Aktivität
account-nav-screen = Bildschirm hereinlassen
account-nav-console = Verwaltung
account-nav-back = Zurück zu { $server }
account-sign-out = Abmelden

# Was gerade geschehen ist.
account-said-password = Dein Passwort ist geändert. Überall sonst wurdest du abgemeldet.
account-said-address = Deine neue E-Mail-Adresse ist bestätigt. Gab es vorher eine andere, sagt eine Mail dorthin Bescheid.
account-said-removed = Deine E-Mail-Adresse ist entfernt. Wenn du dein Passwort vergisst, kann dir jetzt nur die Person helfen, die { $server } betreibt.
account-said-required = Auf { $server } ist eine E-Mail-Adresse nötig, darum bleibt deine. Du kannst sie ändern.
account-said-not-mine = Es wurde nichts hereingelassen. Der Code läuft von selbst ab.
account-said-somebody-else = Inzwischen wurde in diesem Browser dieses Konto angemeldet. Was du gesendet hast, galt einem anderen: Es wurde nichts geändert.
account-said-ended = Dort abgemeldet.
account-said-others-ended = Überall sonst abgemeldet.
account-said-no-place = Dort war schon abgemeldet. Es wurde nichts geändert.
account-said-kept = Auf dem Gerät schaut jetzt nur noch dieses Profil. Das Gerät steht weiter unten.
account-said-freed = Auf diesem Gerät dürfen wieder alle aus deinem Konto schauen.

account-address = E-Mail-Adresse
account-address-proven = Bestätigt
account-address-unproven = Nicht bestätigt
account-address-none = Keine
account-address-why = Mit ihr kannst du selbst ein neues Passwort wählen, falls du deines vergisst.
account-recovery-off = Für dein Konto wird das Passwort nicht per Mail zurückgesetzt; die Person, die { $server } betreibt, kann helfen.
account-address-owed = Auf { $server } ist eine E-Mail-Adresse nötig. Gib deine jetzt an; sonst lassen dich Apps bald nicht mehr hinein.
account-mail-off = Auf { $server } funktionieren Mails gerade nicht, darum kann keine Adresse bestätigt werden.
account-address-add = Adresse angeben
account-address-change = Adresse ändern
account-address-remove = Entfernen
account-password-why = Ein neues Passwort meldet dich überall sonst ab.
account-password-change = Passwort ändern

account-address-title = Deine neue E-Mail-Adresse
account-address-body = Ein Code wird dorthin geschickt. Bis du ihn eingibst, ändert sich nichts.
account-address-new = Neue E-Mail-Adresse
account-address-other = Eine andere Adresse nehmen
account-address-later = Es wurden zu viele falsche Codes eingegeben. Melde dich ab und wieder an und versuche es noch einmal.
account-remove-title = Deine Adresse entfernen?
account-remove-body = Ohne { $address } kannst du dein Passwort nicht per Mail zurücksetzen.
account-remove-action = Adresse entfernen
account-keep = Behalten

account-password-title = Ändere dein Passwort
account-password-body = Danach bleibst du hier angemeldet und bist überall sonst abgemeldet.
account-present = Bisheriges Passwort
account-present-wrong = Das ist nicht dein bisheriges Passwort. Versuche es noch einmal.

account-prove-title = Bist du es?
account-prove-body = Du bist als { $name } angemeldet. Gib dein Passwort noch einmal ein, bevor es weitergeht.
account-prove-wrong = Das ist nicht dein Passwort. Versuche es noch einmal.
account-prove-closed = Zu viele falsche Antworten. Nimm einen Wiederherstellungscode oder frag die Person, die den Server betreibt.
account-prove-unsaved = Von dem, was du gesendet hast, ist noch nichts gespeichert. Zeige, wer du bist, und sende es danach noch einmal.
account-unsaved = Von dem, was du gesendet hast, wurde nichts gespeichert: Du musstest erst zeigen, wer du bist. Sende es noch einmal.

account-places = Wo du angemeldet bist
account-places-all = { $n ->
    [one] Ein Gerät
   *[other] Alle { $n } Geräte
}
account-devices-title = Deine Geräte
account-devices-back = Zurück zu deinen Geräten
account-devices-body = Jede App und jeder Browser, die an deinem Konto angemeldet sind. Melde ab, was du nicht kennst, und ändere dann dein Passwort.
account-kept-title = Geräte der Kinder
account-kept-body = Jedes davon ist für nur ein Profil. Solange dieses Profil benutzt werden kann, kann dort niemand sonst aus deinem Konto angemeldet sein.
account-kept-whose = Nur { $profile }
account-kept-not-now = Nur für { $profile }, aber dieses Profil kann gerade nicht benutzt werden: Jetzt können dort alle aus deinem Konto angemeldet sein
account-kept-free = Für alle freigeben
account-keep-only = Nur für { $profile }
account-keep-title = Nur für { $profile }?
account-keep-body = Auf { $device } kann dann niemand sonst aus deinem Konto angemeldet sein, in dieser App. Unter „Geräte“ kannst du es wieder für alle freigeben.
account-keep-by-name = Diese App meldet ein Gerät für jeden anders an, deshalb zählt jedes Gerät dieses Namens als dasselbe.
account-keep-others = Dort jetzt angemeldet, und sofort abgemeldet: { $names }.
account-keep-nobody = Sonst ist dort jetzt niemand aus deinem Konto angemeldet.
account-keep-back = Lass es, wie es ist
account-keep-hint = Schaut irgendwo jemand allein? „Nur für …“ hält alle anderen aus deinem Konto von diesem Gerät fern, in dieser App.
account-sign-out-others = Überall sonst abmelden
account-this-browser = Dieser Browser
account-device-unnamed = Ein Gerät ohne Namen
account-place-beside = Auf demselben Gerät
account-place-profile = Profil: { $profile }
account-place-asks = Zuletzt: { $profile }. Fragt beim nächsten Mal, wer schaut
account-since = seit { $date }
account-network-home = Heimnetz
account-network-outside = Internet
account-network-unknown = Netz nicht bekannt
account-level-none = Nur mit dem Passwort angemeldet
account-level-trusted = Mit dem Passwort angemeldet, in einem Browser, dem du vertraust
account-level-mail = Mit dem Passwort und einem Code per Mail angemeldet
account-level-recovery = Mit einem Wiederherstellungscode angemeldet
account-level-strong = Mit einer Authenticator-App oder einem Passkey angemeldet
account-level-approved = Von einem anderen Gerät aus bestätigt
account-level-app-password = Mit einem Passwort für ein einzelnes Programm angemeldet
account-level-before = War schon angemeldet, bevor es diese Anmeldeseite gab
account-used = Zuletzt benutzt: { $ago }

account-latest = Letzte Aktivität
account-activity-all = Alle Aktivität
account-activity-title = Aktivität
account-activity-body = Was mit deinem Konto geschehen ist, das Neueste zuerst. Wenn etwas nicht von dir war, ändere dein Passwort.
account-activity-none = Noch ist nichts geschehen.

account-ago-now = gerade eben
account-ago-minutes = { $n ->
    [one] vor { $n } Minute
   *[other] vor { $n } Minuten
}
account-ago-hours = { $n ->
    [one] vor { $n } Stunde
   *[other] vor { $n } Stunden
}
account-ago-days = { $n ->
    [one] vor { $n } Tag
   *[other] vor { $n } Tagen
}

account-did-signed-in-web = In einem Browser angemeldet
account-did-signed-in-app = In einer App angemeldet
account-did-signed-in-quick-connect = Ein Bildschirm hat sich mit Quick Connect angemeldet
account-did-signed-in-app-password = Ein Programm hat sich mit eigenem Passwort angemeldet
account-did-refused = Eine Anmeldung wurde abgelehnt
account-did-proof-refused = In einem angemeldeten Browser wurde ein falsches Passwort eingegeben
account-did-signed-out = Abgemeldet
account-did-signed-out-everywhere = Überall abgemeldet
account-did-password-changed = Passwort geändert
account-did-password-changed-by-administrator = Passwort durch die Verwaltung geändert
account-did-password-changed-in-jellyfin = Passwort in Jellyfin geändert
account-did-set-up = Erstes Passwort gewählt
account-did-set-up-unproven = Erstes Passwort gewählt, von wem auch immer zuerst kam
account-did-reset-asked = Ein neues Passwort wurde angefordert
account-did-address-proven = E-Mail-Adresse bestätigt
account-did-address-changed = E-Mail-Adresse geändert
account-did-address-changed-by-administrator = E-Mail-Adresse durch die Verwaltung geändert
account-did-address-undone = Änderung der Adresse zurückgenommen
account-did-attempt-revoked = „Das war ich nicht“ hat eine Anmeldung beendet
account-did-awaits-set-up = Wartet auf das erste Passwort
account-did-stands-open = Steht offen: Wer zuerst kommt, darf das Passwort wählen
account-did-disabled = Ausgeschaltet
account-did-enabled = Eingeschaltet
account-did-asked-reset = Hat die Verwaltung um ein neues Passwort gebeten
account-did-asked-own-account = Hat darum gebeten, dass ein Profil ein eigenes Konto wird
account-did-asked-set-up-code = Hat die Verwaltung um einen neuen Einrichtungscode gebeten
account-did-quick-connect = Einen Bildschirm mit Quick Connect hereingelassen
account-did-policy-changed = Einstellungen geändert
account-did-factor-added-email = Anmeldecodes per Mail eingeschaltet
account-did-factor-added-totp = Authenticator-App hinzugefügt
account-did-factor-added-passkey = Passkey hinzugefügt
account-did-factor-removed-email = Anmeldecodes per Mail ausgeschaltet
account-did-factor-removed-totp = Authenticator-App entfernt
account-did-factor-removed-passkey = Passkey entfernt
account-did-factors-cleared = Alle zweiten Schritte von der Verwaltung entfernt
account-did-factor-rule = Geändert, ob ein zweiter Schritt verlangt wird
account-did-factor-refused = Ein zweiter Schritt war falsch
account-did-factor-unfinished = Das richtige Passwort wurde eingegeben, aber der zweite Schritt blieb aus
account-did-codes-renewed = Neue Wiederherstellungscodes erstellt
account-did-code-used = Ein Wiederherstellungscode wurde benutzt
account-did-app-password = App-Passwort erstellt
account-did-app-password-ended = App-Passwort beendet
account-did-trusted = Einem Browser wird 30 Tage lang vertraut
account-did-trust-ended = Keinem Browser wird mehr vertraut: Ein altes Vertrauenszeichen tauchte auf
account-did-passkey-copied = Ein Passkey wurde abgelehnt: Vielleicht gibt es eine Kopie davon
account-did-app-approved = Eine Anmeldung in einer App wurde erlaubt
account-did-app-approved-of = Eine Anmeldung in einer App als { $profile } wurde erlaubt
account-did-disowned = „Das war ich nicht“ hat eine Sitzung beendet
account-did-time-asked = Um mehr Bildschirmzeit wurde gebeten
account-did-time-asked-of = { $profile } hat um mehr Bildschirmzeit gebeten
account-did-time-given = Mehr Bildschirmzeit wurde gegeben
account-did-time-given-of = { $profile } hat mehr Bildschirmzeit bekommen
account-did-time-given-minutes = { $n ->
    [one] { $profile } hat eine Minute mehr bekommen
   *[other] { $profile } hat { $n } Minuten mehr bekommen
}
account-did-time-refused = Mehr Bildschirmzeit wurde abgelehnt
account-did-time-refused-of = Mehr Bildschirmzeit für { $profile } wurde abgelehnt
account-did-profile-made = Ein Profil wurde angelegt
account-did-profile-made-of = Das Profil { $profile } wurde angelegt
account-did-profile-changed = Ein Profil wurde geändert
account-did-profile-changed-of = Das Profil { $profile } wurde geändert
account-did-profile-changed-parts = Das Profil { $profile } wurde geändert: { $parts }
account-did-profile-renamed = Das Profil { $was } heißt jetzt { $profile }
account-did-profile-renamed-parts = Das Profil { $was } heißt jetzt { $profile }; geändert: { $parts }
account-part-name = Name
account-part-picture = Bild
account-part-age = Alter
account-part-ratings = Altersfreigaben
account-part-tags = Stichwörter
account-part-libraries = Bibliotheken
account-part-live-television = Live-Fernsehen
account-part-hours = Zeiten
account-part-screen-time = Bildschirmzeit
account-part-languages = Sprachen
account-part-autoplay = nächste Folge von selbst
account-part-theme = Farben
account-part-home = Startseite
account-did-profile-deleted = Ein Profil wurde gelöscht
account-did-profile-deleted-of = Das Profil { $profile } wurde gelöscht
account-did-profile-restored = Ein gelöschtes Profil wurde zurückgeholt
account-did-profile-restored-of = Das gelöschte Profil { $profile } wurde zurückgeholt
account-did-profile-repaired = Ein Profil wurde in Jellyfin neu eingerichtet
account-did-profile-repaired-of = Das Profil { $profile } wurde in Jellyfin neu eingerichtet
account-did-profile-pin = Die PIN eines Profils wurde gesetzt
account-did-profile-pin-of = Die PIN des Profils { $profile } wurde gesetzt
account-did-profile-pin-removed = Die PIN eines Profils wurde entfernt
account-did-profile-pin-removed-of = Die PIN des Profils { $profile } wurde entfernt
account-did-profile-pin-removed-own = Die PIN vor dem eigenen Profil des Kontos wurde entfernt
account-did-profile-account = Ein Profil wurde ein eigenes Konto
account-did-profile-account-of = Das Profil { $profile } wurde ein eigenes Konto
account-did-profile-marks = Hat darum gebeten, Gesehen-Häkchen eines Profils für ein anderes zu übernehmen
account-did-profile-marks-of = Hat darum gebeten, Gesehen-Häkchen für das Profil { $profile } zu übernehmen
account-did-profile-rule = Wie viele Profile möglich sind, wurde von der Verwaltung festgelegt
account-did-profile-rule-off = Die Verwaltung hat deine Profile ausgeschaltet
account-did-profile-rule-on = Die Verwaltung hat deine Profile eingeschaltet
account-did-profile-rule-most = { $n ->
    [one] Die Verwaltung hat entschieden: höchstens ein Profil, dein eigenes
   *[other] Die Verwaltung hat entschieden: höchstens { $n } Profile, mit deinem eigenen
}
account-did-profile-rule-none = Die Verwaltung hat entschieden: Für deine Profile gilt dasselbe wie für alle
account-did-profile-device-kept = Ein Gerät gehört jetzt einem Kind allein
account-did-profile-device-kept-of = Ein Gerät gehört jetzt { $profile } allein
account-did-profile-device-freed = Das Gerät eines Kindes ist wieder für alle da
account-did-profile-device-freed-of = Ein Gerät von { $profile } ist wieder für alle da
account-did-signed-in-web-of = In einem Browser als { $profile } angemeldet
account-did-signed-in-app-of = In einer App als { $profile } angemeldet
account-did-signed-in-quick-connect-of = Ein Bildschirm hat sich mit Quick Connect als { $profile } angemeldet
account-did-signed-in-app-password-of = Ein Programm hat sich mit eigenem Passwort als { $profile } angemeldet
account-did-quick-connect-of = Einen Bildschirm mit Quick Connect als { $profile } hereingelassen
account-did-asked-own-account-of = Hat darum gebeten, dass das Profil { $profile } ein eigenes Konto wird
account-did-own-account-granted = Die Verwaltung hat erlaubt, dass ein Profil ein eigenes Konto wird
account-did-own-account-granted-of = Die Verwaltung hat erlaubt, dass das Profil { $profile } ein eigenes Konto wird
account-did-own-account-declined = Die Verwaltung hat abgelehnt, dass ein Profil ein eigenes Konto wird
account-did-own-account-declined-of = Die Verwaltung hat abgelehnt, dass das Profil { $profile } ein eigenes Konto wird
account-did-own-account-withdrawn = Hat die Bitte zurückgenommen, dass ein Profil ein eigenes Konto wird
account-did-own-account-withdrawn-of = Hat die Bitte zurückgenommen, dass das Profil { $profile } ein eigenes Konto wird
account-did-profile-pin-own = Die PIN vor dem eigenen Profil des Kontos wurde gesetzt
account-did-profile-pin-refused = Eine falsche PIN wurde eingegeben
account-did-profile-pin-refused-of = Für das Profil { $profile } wurde eine falsche PIN eingegeben
account-did-profile-pin-refused-own = Für das eigene Profil des Kontos wurde eine falsche PIN eingegeben
account-did-profile-marks-own = Hat darum gebeten, Gesehen-Häkchen für das eigene Profil des Kontos zu übernehmen
account-did-profile-refused-hours = Ein Profil wurde nicht eingelassen: außerhalb seiner Zeiten
account-did-profile-refused-hours-of = { $profile } wurde nicht eingelassen: außerhalb der Zeiten
account-did-profile-refused-device = Jemand wurde auf einem Kindergerät nicht eingelassen
account-did-profile-refused-device-of = { $profile } wurde auf einem Kindergerät nicht eingelassen
account-did-profile-refused-device-named = { $profile } wurde auf { $device }, einem Kindergerät, nicht eingelassen
account-did-profile-refused-device-own = Das eigene Profil wurde auf { $device }, einem Kindergerät, nicht eingelassen
account-did-profile-refused-closed = Ein Profil wurde nicht eingelassen: Es kann zurzeit nicht benutzt werden
account-did-profile-refused-closed-of = { $profile } wurde nicht eingelassen: Dieses Profil kann zurzeit nicht benutzt werden
account-did-profile-refused-unknown = Eine App wurde trotz richtigem Passwort nicht eingelassen: Ein Profil mit dem eingegebenen Namen gibt es nicht
account-did-profile-seat = In einem Browser wurde ein anderes Profil gewählt
account-did-profile-seat-of = In einem Browser wurde { $profile } gewählt
account-did-profile-seat-own = In einem Browser wurde das eigene Profil des Kontos gewählt
account-did-profile-device-kept-named = { $device } gehört jetzt { $profile } allein
account-did-profile-device-freed-named = { $device }, ein Gerät von { $profile }, ist wieder für alle da
account-did-policy-changed-to = Einstellungen geändert: { $settings }
account-setting-address = E-Mail-Adresse beim Anmelden { $to ->
    [off] wird nicht erfragt
    [optional] wird erfragt
   *[required] wird verlangt
}
account-setting-recovery = Zurücksetzen per Mail { $to ->
    [on] eingeschaltet
   *[off] ausgeschaltet
}
account-setting-elsewhere = was Leute erfahren, deren Passwort anderswo liegt
account-setting-quick-connect = Anmelden von Bildschirmen mit Quick Connect { $to ->
    [on] erlaubt
   *[off] nicht erlaubt
}
account-setting-second-factor = Anmeldung in zwei Schritten { $to ->
    [off] ausgeschaltet
    [optional] für alle, die sie wollen
    [administrators] von Administratoren verlangt
   *[everyone] von allen verlangt
}
account-setting-second-factor-from = ab wann die Anmeldung in zwei Schritten verlangt wird
account-setting-second-factor-kinds = welche zweiten Schritte es gibt
account-setting-profiles = Profile eingeschaltet, höchstens { $most } in einem Konto
account-setting-profiles-off = Profile ausgeschaltet
account-setting-mail = wie Mails verschickt werden
account-did-by = von { $name }
account-did-request-closed = Eine Anfrage wurde erledigt
account-did-mail-sent-again = Eine aufgegebene Mail wurde erneut gesendet
account-did-mail-dropped = Eine Mail wurde verworfen
account-did-key-bound = Ein API-Schlüssel wurde an andere Netze gebunden

account-screen-code-title = Einen Bildschirm hereinlassen
account-screen-code-body = Öffne Quick Connect am Fernseher oder in der App, und gib den Code ein, der dort steht.
account-screen-code = Code auf dem Bildschirm
account-screen-unknown = Diesen Code gibt es nicht, oder er ist abgelaufen oder schon benutzt. Lass dir am Bildschirm einen neuen geben.
account-screen-refused = Auf diesem Gerät darfst du dich nicht anmelden, oder gerade nicht. Frage die Person, die { $server } betreibt.
account-screen-title = Diesen Bildschirm hereinlassen?
account-screen-body = Er ist dann als { $name } angemeldet. Lass nur herein, was vor dir steht.
account-screen-body-choice = Lass nur herein, was vor dir steht.
account-screen-who = Für wen ist dieser Bildschirm?
account-screen-childs = Dies ist das Gerät eines Kindes: Niemand sonst aus deinem Konto ist dort noch angemeldet
account-screen-is-childs = Dies ist das Gerät eines Kindes. Unter Geräte kannst du es wieder für alle freigeben.
account-screen-for-whom = Sag, für wen dieser Bildschirm ist.
account-screen-no-child = Das Gerät eines Kindes ist für ein Profil, nicht für deinen eigenen Platz. Wähle ein Profil, oder lass den Haken weg.
account-screen-device = Gerät
account-screen-client = App
account-screen-address = Netz
account-screen-asked = Gefragt
account-screen-code-hidden = unten eingeben
account-screen-elsewhere = Dieser Bildschirm ist in einem anderen Netz als du. Lass ihn nur herein, wenn du ihn siehst.
account-screen-type-it = Gib den Code ein, den der Bildschirm vor dir zeigt.
account-screen-approve = Hereinlassen
account-screen-not-mine = Das ist nicht mein Bildschirm
account-screen-done-title = Der Bildschirm ist hereingelassen
account-screen-done-body = Er meldet sich in ein paar Sekunden von selbst an.
