# Screen time: what a screen says, asking for more, and giving it.
time-screen-near = { $left } left.
time-screen-over = Time is up for today.
time-screen-hours-over = It is no hour for watching any more.
time-screen-more = More time: { $page }, code { $code }

time-ask-title = More time?
time-ask-body = { $name } has watched { $used } today.
time-ask-left = { $left } left.
time-ask-none-left = Nothing is left for today.
time-ask-whom = Ask { $owner } for more: a mail goes there, and the answer comes from there.
time-ask-action = Ask for more time
time-ask-code-body = Type the code that stands on the screen. It is good for today.
time-ask-code = Code
time-ask-code-action = Go on
time-ask-code-wrong = No screen shows this code today.
time-ask-outside-hours = It is no hour for watching now: more screen time would not help.
time-asked-title = You asked
time-asked-body = As soon as the answer is yes, you can go on watching.
time-asked-waits = You asked already. Wait for the answer.
time-asked-enough = You asked often enough for now. Ask in person.
time-asked-needless = You have no limit for today.

time-give-title = More time for today
time-give-body = Nothing happens before you press one of these.
time-give-minutes = { $n } minutes more
time-give-nothing = Not today
time-give-spent = This was decided already, or the day is over.
time-given-title = Done
time-given-body = It counts for today, from now on.
time-given-minutes = { $n } minutes more. They count for today, from now on.
time-refused-title = No more time today
time-refused-body = Nothing was changed.

time-wishes = More time is asked for
time-wish = { $name } asks for more time
time-give = More time
time-give-to = More time for { $name } today
time-today = { $used } watched today
time-today-left = { $used } watched today, { $left } left
time-said-given = The time was given. It counts for today.
time-said-refused = No time was given.
time-said-gone = That was decided already, or the day is over.
