# Bildschirmzeit: was ein Bildschirm sagt, mehr erbitten und mehr geben.
time-screen-near = Noch { $left }.
time-screen-over = Für heute ist die Zeit um.
time-screen-hours-over = Jetzt ist keine Zeit zum Schauen mehr.
time-screen-more = Mehr Zeit: { $page }, Code { $code }

time-ask-title = Mehr Zeit?
time-ask-body = { $name } hat heute { $used } geschaut.
time-ask-left = Noch { $left }.
time-ask-none-left = Für heute ist nichts mehr übrig.
time-ask-whom = Frag { $owner } nach mehr. Dort kommt eine Mail an, und dort wird entschieden.
time-ask-action = Um mehr Zeit bitten
time-ask-code-body = Gib den Code ein, der auf dem Bildschirm steht. Er gilt für heute.
time-ask-code = Code
time-ask-code-action = Weiter
time-ask-code-wrong = Diesen Code zeigt heute kein Bildschirm.
time-ask-outside-hours = Jetzt ist keine Zeit zum Schauen: Mehr Bildschirmzeit würde nicht helfen.
time-asked-title = Du hast gefragt
time-asked-body = Sobald die Antwort Ja ist, kannst du weiterschauen.
time-asked-waits = Du hast schon gefragt. Warte auf die Antwort.
time-asked-enough = Du hast fürs Erste oft genug gefragt. Frag persönlich.
time-asked-needless = Für heute hast du keine Grenze.

time-give-title = Mehr Zeit für heute
time-give-body = Es geschieht nichts, bevor du eines davon drückst.
time-give-minutes = { $n } Minuten mehr
time-give-nothing = Heute nicht
time-give-spent = Das ist schon entschieden, oder der Tag ist vorbei.
time-given-title = Erledigt
time-given-body = Es zählt für heute, ab jetzt.
time-given-minutes = { $n } Minuten mehr. Sie zählen für heute, ab jetzt.
time-refused-title = Heute keine weitere Zeit
time-refused-body = Es wurde nichts geändert.

time-wishes = Jemand bittet um mehr Zeit
time-wish = { $name } bittet um mehr Zeit
time-give = Mehr Zeit
time-give-to = Heute mehr Zeit für { $name }
time-today = heute { $used } geschaut
time-today-left = heute { $used } geschaut, noch { $left }
time-said-given = Die Zeit ist gegeben. Sie zählt für heute.
time-said-refused = Es wurde keine Zeit gegeben.
time-said-gone = Das ist schon entschieden, oder der Tag ist vorbei.
