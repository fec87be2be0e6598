# How a profile likes things, one page for each question; its picture. $server is the server's name, in every text.
profile-languages = Languages and subtitles
profile-languages-body = On every device where this profile is signed in.
profile-audio = Language that is spoken
profile-audio-own = As each film has it
profile-subtitles = Language of subtitles
profile-subtitles-any = Any
profile-subtitles-when = When subtitles are shown
profile-subtitles-default = As each film has it
profile-subtitles-always = Always
profile-subtitles-forced = Only for what is foreign in a film
profile-subtitles-smart = When another language is spoken
profile-subtitles-none = Never
profile-autoplay = The next episode begins by itself

profile-home = Colors and home page
profile-home-body = In a browser, and in apps that show Jellyfin's own pages.
profile-theme = Colors
profile-theme-hint = A browser takes them over when it opens or reloads { $server }. Whoever watches there can choose others afterwards, which are not shown here.
profile-theme-usual = As { $server } has them
profile-sections = What stands on the home page?
profile-sections-usual = The usual
profile-sections-usual-means = As Jellyfin has it.
profile-sections-own = An order of its own
profile-sections-own-means = Chosen below, from top to bottom.
profile-sections-twice = Nothing was saved: something stands there twice.
profile-sections-empty = Nothing was saved: choose at least one, or "The usual".
profile-section-place = Place { $n }
profile-section-none = Nothing
profile-section-libraries = Libraries, large
profile-section-buttons = Libraries, small
profile-section-resume = Continue watching
profile-section-resume-audio = Continue listening
profile-section-resume-book = Continue reading
profile-section-live = Live television
profile-section-next-up = Next episodes
profile-section-latest = Added last
profile-section-recordings = Recordings that are running

# A picture of one's own.
profile-upload = Upload a picture
profile-upload-body = A photograph or a drawing. The middle of it is kept, as a small square; where it was taken, and all else that a camera writes into it, is dropped.
profile-upload-field = Picture (JPEG, PNG or WebP, up to 5 MB)
profile-upload-none = Choose a picture first.
profile-upload-busy = Nothing was saved: other pictures are being looked at. Try again in a few seconds.
profile-upload-large = Nothing was saved: that picture is too large. Up to 5 MB and 50 million pixels can be taken.
profile-upload-wrong = Nothing was saved: that is no JPEG, PNG or WebP picture, or it is broken.
