# Profiles: further seats in an account, on their owner's pages. $server is the server's name, in every text.
profile-nav = Profile
profile-title = Profile
profile-body = Alle in deinem Haushalt können einen eigenen Platz haben, mit eigenen Favoriten und eigenem Verlauf. In einer App meldest du dich mit deinem Benutzernamen, einem Schrägstrich und dem Namen des Profils an (anna/Toni), und mit deinem eigenen Passwort.
profile-list = Wer hier ist
profile-list-most = { $n ->
    [one] Höchstens eines
   *[other] Höchstens { $n }, mit dir
}
profile-owner = Du
profile-add = Profil hinzufügen
profile-change = Ändern
profile-up = Nach oben
profile-down = Nach unten
profile-has-pin = PIN
profile-back = Zurück
profile-save = Speichern
profile-full = Du hast so viele Profile, wie du haben darfst.
profile-off = Wer { $server } betreibt, hat Profile ausgeschaltet. Nichts davon ist verloren.
profile-state-creating = Wird angelegt
profile-state-off = Ausgeschaltet
profile-state-leaving = Wird ein eigenes Konto
profile-state-broken = In Jellyfin verloren
profile-repair = Neu anlegen, ohne Verlauf
profile-gone = Gelöscht
profile-gone-until = Gelöscht am { $deleted }; kann bis { $until } zurückgeholt werden
profile-restore = Zurückholen
profile-gone-no-room = Solange kein Platz für ein weiteres ist, kann keines zurückgeholt werden.
profile-gone-off = Solange Profile ausgeschaltet sind, kann keines zurückgeholt werden.

# A new one, or one that is changed.
profile-new-title = Ein neues Profil
profile-new-body = Es kann nie mehr sehen, als du selbst sehen darfst.
profile-make = Profil anlegen
profile-edit-title = Name, Alter und Bild
profile-name = Name
profile-name-hint = Bis zu 32 Buchstaben, Ziffern, Leerzeichen und - ' . _ @ +
profile-name-empty = Ein Profil braucht einen Namen.
profile-name-long = Das ist zu lang: höchstens 32 Zeichen.
profile-name-forbidden = Nimm nur Buchstaben, Ziffern, Leerzeichen und - ' . _ @ +
profile-age = Für wen
profile-age-adult = Erwachsene
profile-age-adult-means = Sieht alles, was du siehst.
profile-age-teen = Teenager
profile-age-teen-means = Sieht Filme und Serien, die bis 14 freigegeben sind.
profile-age-child = Kind
profile-age-child-means = Sieht nur, was eine Freigabe hat, und zwar bis 7. Kein Live-Fernsehen.
profile-age-hint = Wählst du ein anderes Alter, gelten dessen Freigabe und dessen Regel für Live-Fernsehen. Bibliotheken, Schlagwörter, Uhrzeiten und Bildschirmzeit bleiben, wie sie sind.
profile-picture = Bild
profile-face-letter = Der erste Buchstabe des Namens
profile-face-fox = Fuchs
profile-face-cat = Katze
profile-face-owl = Eule
profile-face-whale = Wal
profile-face-bear = Bär
profile-face-robot = Roboter
profile-face-rocket = Rakete
profile-face-moon = Mond
profile-face-frog = Frosch
profile-face-panda = Panda
profile-face-penguin = Pinguin
profile-face-star = Stern
profile-face-own = Das hochgeladene Bild

# What it may see.
profile-sees-title = Was zu sehen ist
profile-sees-never-more = Nie mehr, als du selbst sehen darfst, was auch immer hier steht.
profile-sees-all = Alles, was du sehen darfst, zu jeder Zeit.
profile-sees-any-rating = Filme und Serien jeder Freigabe, die du sehen darfst.
profile-sees-rating = Filme und Serien, die bis { $n } freigegeben sind.
profile-sees-no-unrated = Nichts, was keine Freigabe hat.
profile-sees-some-unrated = Nur mit einer Freigabe: { $kinds }.
profile-sees-no-live = Kein Live-Fernsehen.
profile-sees-libraries = Nicht jede Bibliothek.
profile-sees-no-libraries = Keine Bibliothek, die du jetzt siehst.
profile-sees-libraries-now = Jede Bibliothek, die du jetzt siehst, und keine spätere.
profile-sees-libraries-only = Von den Bibliotheken nur: { $names }.
profile-sees-libraries-count = { $n } von { $all } Bibliotheken.
profile-sees-blocked-tags = Nichts mit einem dieser Tags: { $tags }.
profile-sees-allowed-tags = Nur, was einen dieser Tags hat: { $tags }.
profile-sees-hours = Uhrzeiten: { $hours }.
profile-sees-hours-count = { $n ->
    [one] Uhrzeiten: an einem Tag der Woche; heute { $today }.
   *[other] Uhrzeiten: an { $n } Tagen der Woche, zu verschiedenen Zeiten; heute { $today }.
}
profile-sees-hours-all = den ganzen Tag
profile-sees-hours-never = gar nicht
profile-sees-minutes = { $n ->
    [0] An keinem Tag etwas.
    [one] Eine Minute am Tag.
   *[other] { $n } Minuten am Tag.
}
profile-sees-minutes-by-day = Bildschirmzeit: { $days }.
profile-sees-minutes-today = Bildschirmzeit: je nach Tag verschieden; heute { $today }.
profile-sees-no-limit = ohne Grenze
profile-days-every = jeden Tag { $said }
profile-days-said = { $days } { $said }

# The PIN before a profile.
profile-pin = PIN
profile-pin-title = Eine PIN vor diesem Profil
profile-pin-body = Damit niemand sonst diesen Platz nimmt. Wenn du sie vergisst, hilft das Passwort deines Kontos.
profile-pin-field = Neue PIN
profile-pin-hint = Vier bis acht Ziffern
profile-pin-show = PIN zeigen
profile-pin-wrong = Eine PIN hat vier bis acht Ziffern und sonst nichts.
profile-pin-set = PIN setzen
profile-pin-change = PIN ändern
profile-pin-clear = PIN entfernen
profile-ask-pin-title = Eine PIN vor deinem eigenen Profil?
profile-ask-pin-body = Es gibt ein Profil mit Grenzen. Nach einer PIN vor deinem wird dort gefragt werden, wo im Browser das Profil gewechselt wird. Apps fragen nach dem Passwort deines Kontos.
profile-ask-pin-no = Ich will keine PIN

# Deleting.
profile-delete = Profil löschen
profile-delete-title = Dieses Profil löschen?
profile-delete-body = Es wird sofort auf allen Geräten geschlossen. Sieben Tage lang kannst du es mit Verlauf und Favoriten zurückholen, dann ist alles davon weg.
profile-delete-wish = Du hast darum gebeten, dass es ein eigenes Konto wird. Diese Bitte verschwindet mit ihm.
profile-delete-sure = Ja, löschen
profile-keep = Behalten

# What has just happened.
profile-said-made = Das Profil ist da.
profile-said-underway = Das Profil wird angelegt. Das dauert, bis Jellyfin antwortet; du musst nichts tun.
profile-said-saved = Gespeichert.
profile-said-saved-later = Gespeichert. Jellyfin antwortet gerade nicht und übernimmt die Änderung, sobald es wieder da ist.
profile-said-deleted = Das Profil ist gelöscht. Sieben Tage lang kannst du es zurückholen.
profile-said-restored = Das Profil ist wieder da.
profile-said-name-taken = Du hast schon ein Profil mit diesem Namen. Nimm einen anderen, oder ergänze ihn.
profile-said-owners-name = So heißt du selbst, und zwei mit einem Namen wären nicht zu unterscheiden. Nimm einen anderen Namen.
profile-said-restore-taken = So heißt jetzt ein anderes Profil. Gib zuerst jenem einen anderen Namen, dann kann dieses zurückkommen.
profile-said-restore-owners = So heißt du inzwischen selbst, und zwei mit einem Namen wären nicht zu unterscheiden. Solange das so ist, kann dieses Profil nicht zurückkommen.
profile-said-too-often = Das hast du in letzter Zeit sehr oft getan. Nichts wurde geändert. Versuch es morgen noch einmal.
profile-said-full = Du hast so viele Profile, wie du haben darfst. Lösche erst eines.
profile-said-switched-off = Profile sind ausgeschaltet.
profile-said-impossible = Das geht gerade nicht.
profile-said-no-profile = Dieses Profil gibt es nicht mehr.
profile-said-pin-set = Die PIN ist gesetzt.
profile-said-pin-cleared = Vor diesem Profil steht keine PIN.
profile-said-tick-missing = Nichts wurde gelöscht: Setze das Häkchen, wenn du sicher bist.
