# What a profile may see, and when: one page for each question. $server is the server's name, in every text.
profile-ratings = Altersfreigaben
profile-ratings-body = Was höher eingestuft ist, wird nicht gezeigt, nicht gefunden und nicht abgespielt.
profile-rating = Höchste Freigabe
profile-rating-any = Alles, was du sehen darfst
profile-rating-kept = Wie bisher: bis { $n }
profile-rating-choice = { $n ->
    [0] Für alle: { $names }
   *[other] Bis { $n }: { $names }
}
profile-unrated = Verbergen, solange es keine Freigabe hat
profile-unrated-hint = Niemand hat gesagt, wie alt man dafür sein sollte.
profile-unrated-movies = Filme
profile-unrated-series = Serien
profile-unrated-trailers = Trailer
profile-unrated-music = Musik
profile-unrated-books = Bücher
profile-unrated-tv-channels = Fernsehsender
profile-unrated-tv-programs = Fernsehsendungen
profile-unrated-channels = Was Kanäle von Erweiterungen anbieten
profile-unrated-other = Alles andere, etwa Extras

profile-libraries = Bibliotheken
profile-libraries-body = Ganze Bibliotheken, die gezeigt oder verborgen werden.
profile-libraries-which = Welche Bibliotheken?
profile-libraries-all = Alle
profile-libraries-all-means = Jede Bibliothek, die du siehst, auch solche, die später dazukommen.
profile-libraries-only = Nur manche
profile-libraries-only-means = Die unten angekreuzten, und keine späteren.
profile-libraries-these = Diese
profile-libraries-wrong = Nichts wurde gespeichert: Kreuze mindestens eine an, oder wähle „Alle“.
profile-live = Live-Fernsehen
profile-live-tick = Darf Live-Fernsehen schauen
profile-live-none = Du darfst selbst kein Live-Fernsehen schauen.

profile-tags = Schlagwörter
profile-tags-body = Wer sich um { $server } kümmert, kann Filmen und Serien Schlagwörter geben, etwa „Kinder“ oder „gruselig“. Schreibe in jede Zeile eines.
profile-tags-blocked = Verbergen, was eines dieser Schlagwörter hat
profile-tags-blocked-hint = Lass es leer, um nichts zu verbergen.
profile-tags-shown = Was wird sonst gezeigt?
profile-tags-any = Alles
profile-tags-any-means = Egal, welche Schlagwörter es hat.
profile-tags-only = Nur gewählte Schlagwörter
profile-tags-only-means = Was keines der Schlagwörter unten hat, ist verborgen.
profile-tags-allowed = Nur zeigen, was eines dieser Schlagwörter hat
profile-tags-allowed-hint = Zählt bei „Nur gewählte Schlagwörter“.
profile-tags-wrong = Nichts wurde gespeichert: Ein Schlagwort hat höchstens 64 Zeichen und kein | darin.
profile-tags-none = Nichts wurde gespeichert: Schreibe mindestens ein Schlagwort, oder wähle „Alles“.

profile-hours = Uhrzeiten
profile-hours-body = Wann das Profil benutzt werden kann. Was läuft, wird angehalten, wenn die Zeit um ist. Geht ein Tag bis Mitternacht, lass ihn um 00:00 enden.
profile-hours-all = Den ganzen Tag
profile-hours-never = Gar nicht
profile-hours-span = Von … bis …
profile-hours-from = Von
profile-hours-until = bis
profile-hours-wrong = Nichts wurde gespeichert: Das Ende muss nach dem Anfang liegen, am selben Tag.
profile-day-mon = Montag
profile-day-tue = Dienstag
profile-day-wed = Mittwoch
profile-day-thu = Donnerstag
profile-day-fri = Freitag
profile-day-sat = Samstag
profile-day-sun = Sonntag
profile-day-short-mon = Mo
profile-day-short-tue = Di
profile-day-short-wed = Mi
profile-day-short-thu = Do
profile-day-short-fri = Fr
profile-day-short-sat = Sa
profile-day-short-sun = So

profile-minutes = Bildschirmzeit
profile-minutes-body = Wie viele Minuten am Tag geschaut werden darf. Lass einen Tag leer, wenn es keine Grenze gibt; auch die 1440 Minuten eines ganzen Tages sind keine. 0 heißt gar nicht. Pausen zählen nicht, und zwei Geräte gleichzeitig zählen einfach.
profile-minutes-none = Keine Grenze
profile-minutes-wrong = Nichts wurde gespeichert: von 0 bis 1440 Minuten.

# The list of these pages on the page of a profile.
profile-more-limits = Ändern, was es sehen darf und wann
profile-more-likes = Aussehen und Sprachen
