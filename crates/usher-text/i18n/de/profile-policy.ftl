# What administrators decide about profiles: for everybody, and for one account. $server is the server's name, in every text.
profile-policy-body = Mehrere Menschen können sich ein Konto teilen, jeder mit einem eigenen Platz. Wem das Konto gehört, der legt die Profile an.
profile-policy-switch = Dürfen Konten Profile haben?
profile-policy-on = Ja
profile-policy-on-means = Alle legen Profile auf der Seite ihres eigenen Kontos an.
profile-policy-off = Nein
profile-policy-off-means = Profile werden sofort auf jedem Gerät geschlossen. Keines wird gelöscht: Schalte sie wieder ein, und alle sind da.
profile-policy-most = Wie viele ein Konto haben darf
profile-policy-most-hint = Das eigene des Besitzers zählt mit. Eine kleinere Zahl löscht niemandem etwas: Wer mehr hat, behält sie und kann keines hinzufügen.
profile-policy-most-wrong = Nichts wurde gespeichert: Die Zahl muss zwischen 1 und 100 liegen.

# On the page of an account. $count is how many it has, $most how many it may have.
profile-account-count = Hat { $count } von { $most }, das eigene des Besitzers eingerechnet.
profile-account-count-off = Hat { $count }, das eigene des Besitzers eingerechnet. Weitere sind ausgeschaltet.
profile-account-rule = Was für dieses Konto gilt
profile-account-inherit = Wie für alle
profile-account-off = Keine
profile-account-most = Eine eigene Zahl
profile-account-most-number = Die eigene Zahl
profile-account-hint = Zählt nur bei „Eine eigene Zahl“; dann darf das Konto auch dort Profile haben, wo sie für alle ausgeschaltet sind.
profile-account-said-rule = Gespeichert.
