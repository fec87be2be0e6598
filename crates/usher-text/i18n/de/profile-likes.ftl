# How a profile likes things, one page for each question; its picture. $server is the server's name, in every text.
profile-languages = Sprachen und Untertitel
profile-languages-body = Auf jedem Gerät, auf dem dieses Profil angemeldet ist.
profile-audio = Gesprochene Sprache
profile-audio-own = Wie der Film sie hat
profile-subtitles = Sprache der Untertitel
profile-subtitles-any = Egal
profile-subtitles-when = Wann Untertitel gezeigt werden
profile-subtitles-default = Wie der Film es vorsieht
profile-subtitles-always = Immer
profile-subtitles-forced = Nur für Fremdsprachiges im Film
profile-subtitles-smart = Wenn eine andere Sprache gesprochen wird
profile-subtitles-none = Nie
profile-autoplay = Die nächste Folge beginnt von selbst

profile-home = Farben und Startseite
profile-home-body = Im Browser, und in Apps, die Jellyfins eigene Seiten zeigen.
profile-theme = Farben
profile-theme-hint = Ein Browser übernimmt sie, wenn er { $server } öffnet oder neu lädt. Wer dort schaut, kann danach andere wählen, die hier nicht gezeigt werden.
profile-theme-usual = Wie { $server } sie hat
profile-sections = Was steht auf der Startseite?
profile-sections-usual = Das Übliche
profile-sections-usual-means = Wie Jellyfin es hat.
profile-sections-own = Eine eigene Reihenfolge
profile-sections-own-means = Unten gewählt, von oben nach unten.
profile-sections-twice = Nichts wurde gespeichert: Etwas steht zweimal da.
profile-sections-empty = Nichts wurde gespeichert: Wähle mindestens eines, oder „Das Übliche“.
profile-section-place = Platz { $n }
profile-section-none = Nichts
profile-section-libraries = Bibliotheken, groß
profile-section-buttons = Bibliotheken, klein
profile-section-resume = Weiterschauen
profile-section-resume-audio = Weiterhören
profile-section-resume-book = Weiterlesen
profile-section-live = Live-Fernsehen
profile-section-next-up = Nächste Folgen
profile-section-latest = Zuletzt hinzugefügt
profile-section-recordings = Laufende Aufnahmen

# A picture of one's own.
profile-upload = Ein Bild hochladen
profile-upload-body = Ein Foto oder eine Zeichnung. Behalten wird die Mitte, als kleines Quadrat; wo es aufgenommen wurde und alles andere, was eine Kamera hineinschreibt, fällt weg.
profile-upload-field = Bild (JPEG, PNG oder WebP, bis 5 MB)
profile-upload-none = Wähle zuerst ein Bild.
profile-upload-busy = Nichts wurde gespeichert: Gerade werden andere Bilder angesehen. Versuch es in ein paar Sekunden noch einmal.
profile-upload-large = Nichts wurde gespeichert: Das Bild ist zu groß. Es darf bis zu 5 MB und 50 Millionen Bildpunkte haben.
profile-upload-wrong = Nichts wurde gespeichert: Das ist kein Bild in JPEG, PNG oder WebP, oder es ist beschädigt.
