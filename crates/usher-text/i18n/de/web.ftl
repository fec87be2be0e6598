# Ushers eigene Seiten. $server ist der Name des Servers.
web-language = Deutsch
web-name = Benutzername
web-password = Passwort
web-show-password = Passwort anzeigen
web-sign-in-title = Anmelden
web-sign-in-where = um auf { $server } zu schauen
web-sign-in-action = Anmelden
web-sign-in-wrong = Name und Passwort passen nicht zusammen, oder die Anmeldung ist gerade nicht erlaubt. Versuche es noch einmal.
web-sign-in-unavailable = Der Medienserver ist gerade nicht erreichbar. Dein Passwort wurde nicht geprüft. Versuche es gleich noch einmal.
web-sign-in-too-many = Zu viele Versuche. Warte eine Weile und versuche es dann noch einmal.
web-sign-in-needs-script = Der Player braucht JavaScript. Schalte es für diese Seite ein und lade sie neu.
web-hand-over-title = Du bist angemeldet
web-hand-over-body = Die Bibliothek öffnet sich gleich.
