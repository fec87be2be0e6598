# Zeiten und Dauern, überall gebraucht.
month = { $n ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
date = { $day }. { $month } { $year }
moment = { $date }, { $time }
span-minutes = { $n ->
    [one] { $n } Minute
   *[other] { $n } Minuten
}
span-hours = { $n ->
    [one] { $n } Stunde
   *[other] { $n } Stunden
}
span-days = { $n ->
    [one] { $n } Tag
   *[other] { $n } Tage
}

# Auf dem Bildschirm einer App, nach dem Anmelden.
app-address-owed = Bitte trage im Browser bis { $until } eine E-Mail-Adresse in dein Konto ein. Danach kann sich diese App ohne Adresse nicht mehr anmelden.
