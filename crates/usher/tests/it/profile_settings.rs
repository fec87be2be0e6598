//! What an owner lets a profile see, and how the profile likes things: through the pages, and then what Jellyfin holds.
use http::Method;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::browser::{Browser, Shown};
use crate::client::{API_KEY, House, VERSIONS, ask_of, json_of};
use crate::profile_policy::{id_of, make, signed_in};

/// An owner with a profile for a child.
struct Family {
    house: House,
    anna: Browser,
    id: String,
}

impl Family {
    async fn of(version: usher_standin::Version) -> Self {
        let house = House::open(version).await;
        let mut anna = signed_in(&house, "anna").await;
        make(&mut anna, "Kids", "child").await;
        let id = id_of(&mut anna, 0).await;
        Self { house, anna, id }
    }

    fn at(&self, what: &str) -> String {
        format!("account-profile-{what}?id={}", self.id)
    }

    async fn page(&mut self, what: &str) -> String {
        let at = self.at(what);
        self.anna.open(&at).await.html
    }

    /// Opens a page, and sends its form with what it carries along.
    async fn send(&mut self, what: &str, form: &[(&str, &str)]) -> Shown {
        let carried = carried(&self.page(what).await);
        let mut form = form.to_vec();
        form.extend(carried.as_deref().map(|carried| ("before", carried)));
        let at = self.at(what);
        self.anna.send(&at, &form).await
    }

    /// Sends a form that is right.
    async fn save(&mut self, what: &str, form: &[(&str, &str)]) {
        let shown = self.send(what, form).await;
        let saved = format!("account-profile?id={}&said=saved", self.id);
        assert_eq!(shown.location, saved, "{what}: {}", shown.html);
    }

    /// Sends a form that is wrong: its page says so, and Jellyfin's policy is as it was.
    async fn refuse(&mut self, what: &str, form: &[(&str, &str)], told: &str) {
        let before = self.policy();
        let shown = self.send(what, form).await;
        assert_eq!(shown.location, "", "{form:?}");
        assert!(shown.html.contains(told), "{told}: {}", shown.html);
        assert_eq!(self.policy(), before);
    }

    /// What Jellyfin holds of the profile's user.
    fn policy(&self) -> Value {
        let state = self.house.standin.state();
        let mut users = state.users.iter();
        let user = users.find(|user| user.name == "anna+Kids").unwrap();
        Value::Object(user.policy.clone())
    }
}

/// What a page showed, as its form sends it; `None` where it carries nothing.
fn carried(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("name=\"before\" value=\"")?;
    let (value, _) = rest.split_once("\">")?;
    let value = value.replace("&#34;", "\"");
    Some(utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string())
}

/// A form of every day, each field with the same value but for one day.
fn week<'a>(
    fields: &[(&str, &'a str)],
    day: &str,
    other: &[(&str, &'a str)],
) -> Vec<(String, &'a str)> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].into_iter();
    days.flat_map(|name| {
        let fields = if name == day { other } else { fields };
        let named = |(field, value): &(&str, &'a str)| (format!("{name}-{field}"), *value);
        fields.iter().map(named).collect::<Vec<_>>()
    })
    .collect()
}

fn pairs<'a>(form: &'a [(String, &'a str)]) -> Vec<(&'a str, &'a str)> {
    form.iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect()
}

#[tokio::test]
async fn ratings_are_chosen_by_the_names_of_the_server_and_written_to_jellyfin() {
    for version in VERSIONS {
        let mut family = Family::of(version).await;
        let page = family.page("ratings").await;
        for there in [
            "Up to 13: PG-13",
            "Up to 10: PG, TV-PG",
            "For everybody: Approved, G",
        ] {
            assert!(page.contains(there), "{there}: {page}");
        }
        assert!(
            !page.contains("TV-14-DL") && !page.contains("Banned"),
            "{page}"
        );
        let form = [
            ("rating", "13"),
            ("unrated", "movies"),
            ("unrated", "other"),
        ];
        family.save("ratings", &form).await;
        let policy = family.policy();
        assert_eq!(policy["MaxParentalRating"], 13);
        assert_eq!(policy["BlockUnratedItems"], json!(["Movie", "Other"]));
        family.save("ratings", &[("rating", "")]).await;
        let policy = family.policy();
        assert_eq!(policy["MaxParentalRating"], Value::Null);
        assert_eq!(policy["BlockUnratedItems"], json!([]));
    }
}

#[tokio::test]
async fn only_libraries_that_the_owner_sees_are_offered_and_those_that_are_ticked_are_seen() {
    let mut family = Family::of(VERSIONS[1]).await;
    let page = family.page("libraries").await;
    let offered: Vec<String> = page
        .split("name=\"library\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(offered.len() > 1, "{page}");
    let none = [("which", "only")];
    family.refuse("libraries", &none, "tick at least one").await;
    let one = [
        ("which", "only"),
        ("library", offered[0].as_str()),
        ("live", "yes"),
    ];
    family.save("libraries", &one).await;
    let policy = family.policy();
    assert_eq!(policy["EnableAllFolders"], false);
    let enabled = policy["EnabledFolders"].as_array().unwrap();
    let plain = |id: &Value| id.as_str().unwrap().replace('-', "");
    assert_eq!(
        enabled.iter().map(plain).collect::<Vec<_>>(),
        [offered[0].clone()]
    );
    assert_eq!(policy["EnableLiveTvAccess"], true);

    {
        let mut state = family.house.standin.state();
        let mut users = state.users.iter_mut();
        let anna = users.find(|user| user.name == "anna").unwrap();
        anna.policy
            .insert("EnableAllFolders".to_owned(), json!(false));
        anna.policy
            .insert("EnabledFolders".to_owned(), json!([offered[1]]));
    }
    let page = family.page("libraries").await;
    assert_eq!(
        page.matches("type=\"checkbox\" name=\"library\"").count(),
        1,
        "{page}"
    );
    // What is ticked stays ticked, for the day on which the owner sees it again.
    assert!(page.contains(&format!(
        "type=\"hidden\" name=\"library\" value=\"{}\"",
        offered[0]
    )));
}

#[tokio::test]
async fn tags_are_written_line_by_line() {
    let mut family = Family::of(VERSIONS[1]).await;
    let form = [
        ("blocked", "dark%0D%0Ascary,+Dark"),
        ("shown", "only"),
        ("allowed", "kids"),
    ];
    family.save("tags", &form).await;
    let policy = family.policy();
    assert_eq!(policy["BlockedTags"], json!(["dark", "scary"]));
    assert_eq!(policy["AllowedTags"], json!(["kids"]));
    let none = [("blocked", ""), ("shown", "only"), ("allowed", "+%0A")];
    family.refuse("tags", &none, "write at least one tag").await;
    let bad = [("blocked", "a%7Cb"), ("shown", "any"), ("allowed", "")];
    family
        .refuse("tags", &bad, "a tag has 64 letters at most")
        .await;
    family
        .save(
            "tags",
            &[("blocked", ""), ("shown", "any"), ("allowed", "kids")],
        )
        .await;
    assert_eq!(family.policy()["AllowedTags"], json!([]));
}

#[tokio::test]
async fn hours_are_one_span_a_day_the_whole_day_or_none_and_several_stay_as_they_are() {
    let mut family = Family::of(VERSIONS[1]).await;
    let plain = [("open", "span"), ("from", "07:00"), ("until", "19:30")];
    let sunday = [("open", "never"), ("from", "07:00"), ("until", "20:00")];
    let form = week(&plain, "sun", &sunday);
    family.save("hours", &pairs(&form)).await;
    let schedules = family.policy()["AccessSchedules"].clone();
    let schedules = schedules.as_array().unwrap();
    assert_eq!(schedules.len(), 6, "{schedules:?}");
    let monday = schedules
        .iter()
        .find(|one| one["DayOfWeek"] == "Monday")
        .unwrap();
    assert_eq!(
        (monday["StartHour"].as_f64(), monday["EndHour"].as_f64()),
        (Some(7.0), Some(19.5))
    );
    for (from, until) in [
        ("19:00", "07:00"),
        ("07:00", "07:00"),
        ("25:00", "26:00"),
        ("", "20:00"),
    ] {
        let wrong = [("open", "span"), ("from", from), ("until", until)];
        let form = week(&plain, "wed", &wrong);
        family
            .refuse("hours", &pairs(&form), "it has to end after it begins")
            .await;
    }
    let late = [("open", "span"), ("from", "20:00"), ("until", "00:00")];
    let form = week(
        &[("open", "all"), ("from", ""), ("until", "")],
        "fri",
        &late,
    );
    family.save("hours", &pairs(&form)).await;
    let page = family.page("hours").await;
    assert!(
        page.contains("name=\"fri-from\" type=\"time\" value=\"20:00\""),
        "{page}"
    );
    assert!(
        page.contains("name=\"fri-until\" type=\"time\" value=\"00:00\""),
        "{page}"
    );
}

#[tokio::test]
async fn screen_time_is_a_number_of_minutes_for_each_day() {
    let mut family = Family::of(VERSIONS[1]).await;
    let form = week(&[("minutes", "60")], "sat", &[("minutes", "")]);
    family.save("minutes", &pairs(&form)).await;
    let page = family.page("minutes").await;
    assert_eq!(page.matches("value=\"60\"").count(), 6, "{page}");
    let form = week(&[("minutes", "60")], "sat", &[("minutes", "1440")]);
    family.save("minutes", &pairs(&form)).await;
    let shown = family.page("minutes").await;
    assert!(
        !shown.contains("value=\"1440\""),
        "it limits nothing: {shown}"
    );
    for wrong in ["1441", "-1", "an+hour", "1.5"] {
        let form = week(&[("minutes", "60")], "sat", &[("minutes", wrong)]);
        family
            .refuse("minutes", &pairs(&form), "from 0 to 1440 minutes")
            .await;
        let page = family.page("minutes").await;
        assert_eq!(page.matches("value=\"60\"").count(), 6, "{page}");
    }
}

#[tokio::test]
async fn languages_and_the_order_of_the_home_page_are_written_to_jellyfin() {
    for version in VERSIONS {
        let mut family = Family::of(version).await;
        let form = [("audio", "deu"), ("subtitles", "eng"), ("mode", "smart")];
        family.save("languages", &form).await;
        let (id, held) = {
            let state = family.house.standin.state();
            let mut users = state.users.iter();
            let user = users.find(|user| user.name == "anna+Kids").unwrap();
            (user.id, user.configuration.clone())
        };
        let at = format!("/DisplayPreferences/usersettings?userId={id}&client=emby");
        assert_eq!(held["AudioLanguagePreference"], "deu");
        // Else Jellyfin takes the film's first track, whatever its language.
        assert_eq!(held["PlayDefaultAudioTrack"], false);
        assert_eq!(held["SubtitleLanguagePreference"], "eng");
        assert_eq!(held["SubtitleMode"], "Smart");
        assert_eq!(held["EnableNextEpisodeAutoPlay"], false);
        let form = own_order("next-up", "libraries");
        family.save("home", &pairs(&form)).await;
        let address = family.house.standin.url().replace("http://", "");
        let key = format!("MediaBrowser Token=\"{API_KEY}\"");
        let key = [("authorization", key.as_str())];
        let kept = ask_of(&address, Method::GET, &at, &key, "").await;
        let places = json_of(&kept)["CustomPrefs"].clone();
        let places = [0, 1, 2, 9].map(|place| places[format!("homesection{place}")].clone());
        assert_eq!(places, ["nextup", "smalllibrarytiles", "none", "none"]);
    }
}

/// What the child chose in Jellyfin itself.
fn choose_audio(family: &Family, language: &str) {
    let mut state = family.house.standin.state();
    let mut users = state.users.iter();
    let id = users.find(|user| user.name == "anna+Kids").unwrap().id;
    let user = state.user_mut(id).unwrap();
    let name = "AudioLanguagePreference".to_owned();
    user.configuration.insert(name, json!(language));
}

#[tokio::test]
async fn what_an_owner_decides_is_judged_by_what_the_page_showed_and_the_rest_stays() {
    let mut family = Family::of(VERSIONS[1]).await;
    let at = family.at("languages");
    let unchanged = [("subtitles", ""), ("autoplay", "yes")];
    for (shown, typed, mode, holds) in [
        // Something else is decided: what the child chose after the page was shown stays.
        ("", "", "always", "fra"),
        ("deu", "deu", "smart", "fra"),
        // This is decided.
        ("deu", "", "smart", ""),
        ("", "eng", "smart", "eng"),
    ] {
        choose_audio(&family, shown);
        let before = carried(&family.page("languages").await).unwrap();
        choose_audio(&family, "fra");
        let chosen = [("audio", typed), ("mode", mode), ("before", &*before)];
        let form = [&unchanged[..], &chosen[..]].concat();
        let saved = family.anna.send(&at, &form).await;
        assert!(saved.location.ends_with("said=saved"), "{}", saved.html);
        let page = family.page("languages").await;
        let selected = format!("value=\"{holds}\" selected");
        let (audio, _) = page.split_once("id=\"subtitles\"").unwrap();
        let is_selected = audio.contains(&selected) || holds.is_empty();
        assert!(is_selected, "{shown} {typed}: {audio}");
        let is_other = audio.matches(" selected").count() > usize::from(!holds.is_empty());
        assert!(!is_other, "{shown} {typed}: {audio}");
        assert!(page.contains(&format!("value=\"{mode}\" selected")));
    }
    let long = format!("{{\"home_sections\":[{}]}}", ["\"latest\""; 11].join(","));
    let long = utf8_percent_encode(&long, NON_ALPHANUMERIC).to_string();
    for broken in ["", "x", "%7B%22theme%22%3A1%7D", &long] {
        let form = [("audio", "deu"), ("mode", "default"), ("before", broken)];
        let form = [&unchanged[..], &form[..]].concat();
        let refused = family.anna.send(&at, &form).await;
        assert!(refused.html.contains("That was not complete"), "{broken}");
    }
}

/// A form that puts two sections on the home page, in this order.
fn own_order(first: &'static str, second: &'static str) -> Vec<(String, &'static str)> {
    let mut form = vec![("theme".to_owned(), "wmc"), ("order".to_owned(), "own")];
    form.extend((1..=10).map(|place| {
        let section = match place {
            1 => first,
            2 => second,
            _rest => "none",
        };
        (format!("place-{place}"), section)
    }));
    form
}

#[tokio::test]
async fn an_order_of_the_home_page_names_each_section_once() {
    let mut family = Family::of(VERSIONS[1]).await;
    let twice = own_order("resume", "resume");
    family
        .refuse("home", &pairs(&twice), "something stands there twice")
        .await;
    let nothing = own_order("none", "none");
    family
        .refuse("home", &pairs(&nothing), "choose at least one")
        .await;
    family
        .save("home", &pairs(&own_order("next-up", "libraries")))
        .await;
    let page = family.page("home").await;
    for there in [
        "value=\"wmc\" selected",
        "value=\"next-up\" selected",
        "value=\"own\" required checked",
    ] {
        assert!(page.contains(there), "{there}: {page}");
    }
}

#[tokio::test]
async fn r71_forms_with_other_fields_values_or_doubles_are_refused_and_change_nothing() {
    let mut family = Family::of(VERSIONS[1]).await;
    let before = family.policy();
    let forms: [(&str, &[(&str, &str)]); 8] = [
        ("ratings", &[("rating", "high")]),
        ("ratings", &[("rating", "7"), ("rating", "17")]),
        ("ratings", &[("rating", "17"), ("administrator", "yes")]),
        ("ratings", &[("rating", "7"), ("unrated", "Movie")]),
        ("libraries", &[("which", "only"), ("library", "..")]),
        ("libraries", &[("which", "all"), ("live", "no")]),
        (
            "languages",
            &[("audio", "x"), ("subtitles", ""), ("mode", "smart")],
        ),
        ("minutes", &[("mon-minutes", "60")]),
    ];
    for (what, form) in forms {
        let shown = family.send(what, form).await;
        assert_eq!(shown.location, "", "{form:?}");
        assert!(shown.html.contains("That was not complete"), "{form:?}");
        assert_eq!(family.policy(), before, "{form:?}");
    }
    let mut kim = signed_in(&family.house, "kim").await;
    for what in [
        "ratings",
        "libraries",
        "tags",
        "hours",
        "minutes",
        "languages",
        "home",
    ] {
        let gone = kim.open(&family.at(what)).await;
        assert_eq!(gone.location, "account-profiles?said=no_profile", "{what}");
    }
    let opened = [("rating", "")];
    let gone = kim.send(&family.at("ratings"), &opened).await;
    assert_eq!(gone.location, "account-profiles?said=no_profile");
    assert_eq!(family.policy(), before);
}

#[tokio::test]
async fn the_colors_of_a_profile_come_along_with_its_session_and_nobody_elses_do() {
    let mut family = Family::of(VERSIONS[1]).await;
    let mut form = vec![("theme".to_owned(), "wmc"), ("order".to_owned(), "usual")];
    form.extend((1..=10).map(|place| (format!("place-{place}"), "none")));
    family.save("home", &pairs(&form)).await;
    let id = family.id.clone();
    let seat = family.anna.send("switch", &[("who", &id)]).await.html;
    assert!(seat.contains("data-theme=\"wmc\""), "{seat}");
    let kim = Browser::at(&family.house.address)
        .sign_in("kim", "kim-pass-1")
        .await;
    assert!(kim.html.contains("data-theme=\"\""), "{}", kim.html);
}
