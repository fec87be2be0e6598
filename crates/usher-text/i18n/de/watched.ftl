# What a seat of the account watches, on the owner's pages. $server is the server's name, in every text.
watched-link = Gesehen
watched-link-long = Was hier geschaut wird
watched-title = Was { $name } schaut
watched-back = Zurück zu den Profilen
watched-away = Jellyfin antwortet gerade nicht, deshalb fehlen seine Listen. Versuch es gleich noch einmal.
watched-no-user = Dieses Profil wird gerade angelegt, oder Jellyfin hat es verloren. Noch gibt es nichts zu zeigen.

# Time by day.
watched-days = Geschaute Zeit
watched-days-sum = { $time } in 14 Tagen
watched-days-by-jellyfin = Aus Jellyfins Listen geschätzt: Jeder Film und jede Folge zählt einmal, an dem Tag, an dem sie zuletzt geschaut wurde, mit der ganzen Länge oder so weit, wie geschaut wurde.
watched-days-by-usher = Gezählt, während etwas läuft, so wie die tägliche Zeit. Vor dem { $date } wurde nichts gezählt.
watched-days-table = Als Tabelle
watched-days-day = Tag
watched-days-time = Zeit
watched-today = Heute
watched-hours = { $hours } Std. { $minutes } Min.

# The lists.
watched-begun = Weiterschauen
watched-begun-none = Nichts ist angefangen.
watched-history = Verlauf
watched-history-none = Noch wurde nichts geschaut.
watched-recommended = Empfohlen
watched-recommended-none = Jellyfin schlägt gerade nichts vor.
watched-favorites = Favoriten
watched-favorites-none = Noch hat nichts ein Herz.
watched-episode = S{ $season } F{ $number } · { $title }
watched-newer = Neuere
watched-older = Ältere
watched-remove = Entfernen
watched-remove-hint = Was entfernt ist, gilt als nicht gesehen, hier und in jeder App.

# Marks of another.
watched-copy = Übernehmen, was jemand anderes gesehen hat
watched-copy-body = Markiert als gesehen, was der andere Platz gesehen hat, soweit es hier gesehen werden darf. Favoriten und Angefangenes bleiben, wie sie sind.
watched-copy-from = Von wem
watched-copy-action = Übernehmen
watched-copy-underway = Was { $name } gesehen hat, wird gerade übernommen. Das geht von selbst weiter; du musst nicht warten.

# What has just happened.
watched-said-removed = Entfernt.
watched-said-not-there = Diesen Titel gibt es hier nicht mehr.
watched-said-away = Jellyfin antwortet gerade nicht. Nichts wurde geändert.
watched-said-copied = { $n ->
    [one] Ein Gesehen-Häkchen hat hier gefehlt und ist übernommen.
   *[other] { $n } Gesehen-Häkchen haben hier gefehlt und sind übernommen.
}
watched-said-nothing-copied = Es gab nichts zu übernehmen: Von dem, was hier zu sehen sein darf, fehlt kein Häkchen.
watched-said-copying = Es wird gerade übernommen. Du musst nicht warten.
watched-said-impossible = Das geht gerade nicht.
