# Ushers eigene Seiten auf dem Weg hinein. $server ist der Name des Servers, in jedem Text.
web-language = Deutsch
menu-switch = Profil wechseln
menu-account = Konto & Sicherheit
web-name = Name oder E-Mail-Adresse
web-user-name = Benutzername
web-password = Passwort
web-new-password = Neues Passwort
web-show-password = Passwort anzeigen
web-go-on = Weiter
web-back-to-sign-in = Zurück zur Anmeldung
web-ways-out = Andere Wege
web-too-many = Zu viele Versuche. Warte eine Weile und versuche es dann noch einmal.
web-busy = Gerade melden sich viele an. Versuche es in ein paar Sekunden noch einmal.
web-step-one = Schritt 1 von 3
web-step-two = Schritt 2 von 3
web-step-three = Schritt 3 von 3

web-sign-in-title = Anmelden
web-sign-in-where = um auf { $server } zu schauen
web-sign-in-action = Anmelden
web-sign-in-wrong = Name und Passwort passen nicht zusammen, oder die Anmeldung ist gerade nicht erlaubt. Versuche es noch einmal.
web-sign-in-unavailable = Der Medienserver ist gerade nicht erreichbar. Dein Passwort wurde nicht geprüft. Versuche es gleich noch einmal.
web-forgot-link = Passwort vergessen?
web-first-time-link = Zum ersten Mal hier?

# Was gerade geschehen ist, über dem Anmeldeformular.
web-said-reset = Dein neues Passwort ist gesetzt. Du wurdest überall abgemeldet; melde dich jetzt damit an.
web-said-undone = Die Änderung der Adresse ist zurückgenommen. Wenn sie nicht von dir war, wähle auch ein neues Passwort.
web-said-revoked = Erledigt. Der Code und der Link in dieser Mail sind jetzt wertlos.
web-said-over = Das hat zu lange gedauert oder wurde anderswo beendet. Melde dich noch einmal an.
web-said-too-many = Das waren zu viele falsche Antworten. Melde dich noch einmal an.
web-said-refused = Du darfst dich hier gerade nicht anmelden. Frage die Person, die { $server } betreibt.
web-said-set-up-gone = Dieses Konto wartet nicht mehr auf sein erstes Passwort. Wenn nicht du eines gewählt hast, sage der Person Bescheid, die { $server } betreibt.
web-said-signed-out = Du bist abgemeldet.
web-said-ended = Du bist hier nicht mehr angemeldet. Melde dich an, um weiterzumachen.
web-said-disowned = Du bist überall abgemeldet. Eine Mail mit einem Link für ein neues Passwort ist zu dir unterwegs: Wähle es jetzt.
web-said-disowned-unmailed = Du bist überall abgemeldet. Wir können dir keinen Link für ein neues Passwort schicken; die Person, die { $server } betreibt, weiß Bescheid. Bis dahin kann sich noch anmelden, wer das alte Passwort kennt.
web-said-reset-dead = Dieser Link oder Code ist verbraucht oder zu alt. Fordere eine neue Mail an.

web-first-time-title = Zum ersten Mal hier?
web-first-time-body = Gib deinen Namen ein und den Code, den du von der Person bekommen hast, die { $server } betreibt.
web-set-up-code = Einrichtungscode
web-set-up-code-hint = Acht Buchstaben und Ziffern.
web-first-time-wrong = Name und Code passen nicht zusammen, oder der Code ist zu alt. Prüfe beide, oder bitte um einen neuen Code.

# Seiten, zu denen Links in Mails führen.
web-link = Ende des Links
web-link-hint = Kopiere den Link aus der Mail und füge ihn hier ein.
web-set-up-title = Willkommen auf { $server }
web-set-up-body = Du wurdest eingeladen. Geh weiter und wähle dein Passwort.
web-set-up-spent = Dieser Link ist verbraucht, zu alt oder nicht vollständig. Bitte die Person, die { $server } betreibt, um einen neuen.
web-reset-title = Setze dein Passwort zurück
web-reset-body = Geh weiter und wähle ein neues Passwort.
web-reset-spent = Dieser Link ist verbraucht, zu alt oder nicht vollständig. Fordere eine neue Mail an.
web-reset-anew = Neue Mail anfordern
web-undo-title = Änderung der Adresse zurücknehmen
web-undo-body = Ein Konto kann seine frühere E-Mail-Adresse zurückbekommen. Geh weiter und sieh, welche.
web-undo-show-body = Das Konto { $name } bekommt seine frühere E-Mail-Adresse zurück. Danach ist es überall abgemeldet.
web-undo-back = Kommt zurück
web-undo-instead = Anstelle von
web-undo-instead-none = Zurzeit keine Adresse
web-undo-until = Geht noch bis
web-undo-action = Änderung zurücknehmen
web-undo-spent = Dieser Link ist verbraucht, zu alt oder nicht vollständig. Es wurde nichts geändert.
web-revoke-title = Das warst nicht du?
web-revoke-body = Der Code und der Link in dieser Mail werden wertlos. Sonst ändert sich nichts.
web-revoke-action = Das war ich nicht
web-revoke-spent = Es gibt nichts mehr zu beenden: Der Code ist verbraucht oder zu alt.
web-not-me-title = Diese Anmeldung warst nicht du?
web-not-me-body = Du wirst überall abgemeldet, auf jedem Gerät. Dein Passwort wird dir abgenommen, und wir schicken dir einen Link, mit dem du ein neues wählst.
web-not-me-action = Alles beenden
web-not-me-spent = Dieser Link ist benutzt, zu alt oder nicht vollständig. Es wurde nichts geändert.

web-set-password-title = Wähle dein Passwort
web-set-password-body = Es ist für { $name } auf { $server }.
web-new-password-title = Wähle ein neues Passwort
web-new-password-body = Es ist für { $name } auf { $server }. Danach bist du überall abgemeldet.
web-password-rules = Mindestens 8 Zeichen. Mehrere Wörter ergeben ein gutes.
web-choose-action = Passwort setzen
web-strength-weak = Schwach
web-strength-fair = Mäßig
web-strength-good = Gut
web-strength-strong = Stark
web-password-too-short = Das ist zu kurz. Es braucht mindestens 8 Zeichen.
web-password-too-long = Das ist zu lang. Nimm ein kürzeres.
web-password-blank-end = Ein Passwort kann nicht mit einem Leerzeichen beginnen oder enden.
web-password-looks-like-code = Ein Passwort kann nicht mit einem Leerzeichen und sechs Ziffern enden. Manche Apps lesen das als Code.
web-password-common = Das ist zu leicht zu erraten. Nimm ein anderes.
web-password-busy = Dein Passwort wird gerade in einem anderen Fenster gesetzt. Versuche es gleich noch einmal.
web-password-other = Ein anderes Fenster hat das inzwischen für jemand anderen begonnen. Sieh auf den Namen oben, und wähle noch einmal.

web-email-title = Deine E-Mail-Adresse
web-email-why = Mit ihr kannst du selbst ein neues Passwort wählen, falls du deines vergisst. Sie dient nur deinem Konto auf { $server }.
web-email = E-Mail-Adresse
web-email-action = Code senden
web-email-skip = Jetzt nicht
web-email-not-an-address = Das ist keine E-Mail-Adresse. Prüfe die Schreibweise.
web-email-unusable = Diese Adresse kann hier nicht verwendet werden. Nimm eine andere.
web-email-taken = Diese Adresse gehört zu einem anderen Konto. Nimm eine andere.
web-mail-wait = Gerade wurden Mails verschickt. Die nächste kann in { $span } verschickt werden.

web-code-title = Gib den Code ein
web-code-body = Er wurde an { $address } geschickt. Es kann eine Minute dauern, bis er ankommt.
web-code = Code aus der Mail
web-code-action = Bestätigen
web-code-again = Neuen Code senden
web-code-again-in = Neuer Code in { $n }
web-code-mistaken = Das ist nicht meine Adresse
web-code-sent-again = Ein neuer Code ist unterwegs. Der frühere ist jetzt wertlos.
web-code-wrong = Das ist nicht der Code. { $left ->
    [one] Ein Versuch bleibt.
   *[other] { $left } Versuche bleiben.
}
web-code-not-a-code = Der Code hat sechs Ziffern.
web-code-dead = Dieser Code ist zu alt oder verbraucht. Fordere einen neuen an.

web-forgot-title = Passwort vergessen?
web-forgot-body = Gib deinen Namen oder deine E-Mail-Adresse ein. Eine Mail hilft dir dann zu einem neuen Passwort.
web-forgot-action = Mail senden
web-forgot-body-off = Passwörter werden hier nicht per Mail zurückgesetzt. Gib deinen Namen oder deine E-Mail-Adresse ein, dann wird die Person, die { $server } betreibt, um Hilfe gebeten.
web-forgot-action-off = Um Hilfe bitten
web-forgot-off-title = Bitte um Hilfe
web-forgot-off-body = Auf { $server } werden Passwörter nicht per Mail zurückgesetzt. Die Person, die den Server betreibt, kann dir helfen: Wenn es das Konto gibt, sieht sie jetzt, dass du gefragt hast.
web-reset-code-title = Sieh in deine Mails
web-reset-code-body = Wenn es ein Konto mit bestätigter Adresse gibt, ist eine Mail dorthin unterwegs. Gib ihren Code hier ein, oder folge ihrem Link.
web-reset-code-again = Noch einmal anfordern
web-reset-code-no-mail = Keine Mail?
web-reset-code-no-mail-body = Sieh unter den unerwünschten Mails nach und prüfe, was du eingegeben hast. Konten ohne bestätigte Adresse bekommen keine. Die Person, die { $server } betreibt, kann dir helfen.
web-reset-code-only-links = Codes werden eine Weile nicht angenommen. Folge stattdessen dem Link in der Mail.
web-elsewhere-title = Dein Passwort liegt anderswo
web-elsewhere-body = Hier kann es nicht geändert werden. Frage die Person, die { $server } betreibt, wo es geändert wird.

web-hand-over-title = Du bist angemeldet
web-hand-over-body = Gleich geht es weiter.
web-hand-over-needs-script = Der Player braucht JavaScript. Schalte es für diese Seite ein und melde dich noch einmal an.

web-fault-title = Hier ist etwas kaputt
web-fault-body = Versuche es gleich noch einmal; wenn es so bleibt, sage der Person Bescheid, die { $server } betreibt.
web-fault-jellyfin-title = Der Medienserver antwortet nicht
web-fault-jellyfin-body = Vielleicht startet er gerade neu. Versuche es gleich noch einmal.
web-fault-quick-connect-title = Die Anmeldung ist nicht bereit
web-fault-quick-connect-body = Quick Connect ist auf { $server } ausgeschaltet, und Usher braucht es. Sage der Person Bescheid, die den Server betreibt.
web-fault-no-page-title = Diese Seite gibt es nicht
web-fault-no-page-body = Prüfe die Adresse, oder beginne bei deinem Konto.
web-your-account = Dein Konto
web-fault-form-title = Das war nicht vollständig
web-fault-form-body = Was gesendet wurde, kommt nicht von dieser Seite. Öffne die Seite noch einmal.
web-fault-again = Noch einmal versuchen

# Der Briefkasten der Demo.
web-mailbox-title = Briefkasten der Demo
web-mailbox-body = Jede Mail, die Usher verschickt, liegt hier statt in einem Postfach, die neueste zuerst.
web-mailbox-empty = Es wurde noch keine Mail verschickt.
web-mailbox-text = Als reiner Text
web-mailbox-html = Als HTML

web-reset-factor-title = Dein zweiter Schritt
web-reset-factor-body = Das Konto { $name } hat beim Anmelden einen zweiten Schritt. Zeig ihn, bevor du ein neues Passwort wählst.
web-reset-factor = Code deiner Authenticator-App oder ein Wiederherstellungscode
web-reset-factor-not-a-code = Ein Code der App hat sechs Ziffern, ein Wiederherstellungscode zwanzig Buchstaben und Ziffern.
web-reset-factor-lost = Wenn du nichts davon mehr hast, hilft die Person, die den Server betreibt.
web-factor-wrong = Das stimmt nicht.
