//! What a person chose in Jellyfin itself, and what its owner decides beside it.
use serde_json::{Value, json};
use usher_accounts::profiles::{Applied, EditedProfile, ProfileChange};
use usher_domain::profile::preferences::{HomeSection, Language, Preferences, SubtitleMode};
use usher_domain::profile::{Picture, PictureKey, Profile};
use usher_standin::Fault;
use usher_store::WebSession;

use super::{anna, child, home, job, make, name, stored, web_settings};
use crate::desk::Desk;

const NOW: EditedProfile = EditedProfile::Done(Applied::Now);

/// What Jellyfin holds of a profile's preferences: languages, when there are subtitles, and the first place of the home page.
async fn seen(desk: &Desk, profile: &Profile) -> [Value; 4] {
    let own = desk.jellyfin.configuration(profile.user.unwrap()).await;
    let own = own.unwrap();
    let first = web_settings(desk, profile.user).await["homesection0"].clone();
    let [sound, subtitles, when] = [
        "AudioLanguagePreference",
        "SubtitleLanguagePreference",
        "SubtitleMode",
    ]
    .map(|field| own[field].clone());
    [sound, subtitles, when, first]
}

/// The child picks German sound, and puts what was begun first on its home page.
async fn choose_in_jellyfin(desk: &Desk, profile: &Profile) {
    let user = profile.user.unwrap();
    let mut own = desk.jellyfin.configuration(user).await.unwrap();
    own.insert("AudioLanguagePreference".to_owned(), json!("deu"));
    let set = desk.jellyfin.set_configuration(user, &own).await;
    set.unwrap();
    let first = [("homesection0".to_owned(), "resume".to_owned())];
    let set = desk.jellyfin.set_web_settings(user, &first).await;
    set.unwrap();
}

async fn edit(
    desk: &Desk,
    owner: &WebSession,
    profile: &Profile,
    change: ProfileChange,
) -> EditedProfile {
    let edited = desk
        .accounts
        .edit_profile(desk.by(owner), profile.id, &change, home());
    edited.await.unwrap()
}

/// The owner's own choice.
fn liking(preferences: &Preferences) -> ProfileChange {
    ProfileChange {
        preferences: Some(preferences.clone()),
        ..ProfileChange::default()
    }
}

#[tokio::test]
async fn what_a_person_chose_in_jellyfin_stays_whatever_else_its_owner_changes() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        choose_in_jellyfin(&desk, &kids).await;
        let chosen = ["deu", "", "Default", "resume"];
        assert_eq!(seen(&desk, &kids).await, chosen);
        let renamed = ProfileChange {
            name: Some(name("Toni")),
            picture: Some(Some(Picture::Drawing(PictureKey::parse("fox").unwrap()))),
            ..ProfileChange::default()
        };
        let mut liked = Preferences {
            theme: Some("wmc".to_owned()),
            ..Preferences::default()
        };
        for change in [renamed, liking(&liked)] {
            assert_eq!(edit(&desk, &owner, &kids, change).await, NOW);
            assert_eq!(seen(&desk, &kids).await, chosen);
        }
        // A password that somebody set is replaced, and everything told once more.
        let tx = desk.store.begin().await.unwrap();
        tx.note_password_known(kids.id).await.unwrap();
        tx.commit().await.unwrap();
        job(&desk).await;
        assert!(!stored(&desk, kids.id).await.is_unsettled());
        assert_eq!(seen(&desk, &kids).await, chosen);

        // What the owner decides is written, and nothing beside it.
        liked.subtitle_mode = SubtitleMode::Always;
        assert_eq!(edit(&desk, &owner, &kids, liking(&liked)).await, NOW);
        assert_eq!(seen(&desk, &kids).await, ["deu", "", "Always", "resume"]);
        liked.audio_language = Some(Language::parse("eng").unwrap());
        liked.home_sections = vec![HomeSection::NextUp];
        assert_eq!(edit(&desk, &owner, &kids, liking(&liked)).await, NOW);
        assert_eq!(seen(&desk, &kids).await, ["eng", "", "Always", "nextup"]);
        let usual = liking(&Preferences::default());
        assert_eq!(edit(&desk, &owner, &kids, usual).await, NOW);
        assert_eq!(seen(&desk, &kids).await, ["", "", "Default", ""]);
    }
}

#[tokio::test]
async fn what_an_owner_decides_over_what_is_shown_holds_though_it_was_decided_before() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        choose_in_jellyfin(&desk, &kids).await;
        let shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        let back = Preferences {
            audio_language: None,
            ..shown.clone()
        };
        let change = ProfileChange {
            preferences_shown: Some(shown),
            ..liking(&back)
        };
        assert_eq!(edit(&desk, &owner, &kids, change).await, NOW);
        assert_eq!(seen(&desk, &kids).await, ["", "", "Default", "resume"]);
        // All that the owner decides is what was decided at first, before the child chose again.
        choose_in_jellyfin(&desk, &kids).await;
        let shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        assert_ne!(shown, back);
        let change = ProfileChange {
            preferences_shown: Some(shown),
            ..liking(&back)
        };
        assert_eq!(edit(&desk, &owner, &kids, change).await, NOW);
        assert_eq!(seen(&desk, &kids).await, ["", "", "Default", "resume"]);
        let now_shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        assert_eq!(now_shown, back);
    }
}

#[tokio::test]
async fn an_owner_finds_what_holds_and_keeps_it_by_saving_something_else() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        choose_in_jellyfin(&desk, &kids).await;
        let shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        let language = Language::parse("deu").unwrap();
        assert_eq!(shown.audio_language, Some(language));
        let from_second_on = &HomeSection::USUAL[1..];
        assert_eq!(shown.home_sections[0], HomeSection::Resume);
        assert_eq!(&shown.home_sections[1..], from_second_on);
        let saved = Preferences {
            autoplay_next: false,
            ..shown.clone()
        };
        // Decided, and not taken over by Jellyfin yet.
        let away = "/Users/Configuration";
        desk.standin.faults().set(away, Fault::Status(503));
        let later = EditedProfile::Done(Applied::Later);
        assert_eq!(edit(&desk, &owner, &kids, liking(&saved)).await, later);
        let shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        assert_eq!(shown, saved);
        desk.standin.faults().lift_all();
        job(&desk).await;
        let shown = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        assert_eq!(shown, saved);
        assert_eq!(seen(&desk, &kids).await, ["deu", "", "Default", "resume"]);
        desk.standin.faults().set("/", Fault::Status(503));
        let away = desk.accounts.preferences_that_hold(&kids).await.unwrap();
        assert_eq!(away, saved);
        desk.standin.faults().lift_all();
    }
}

#[tokio::test]
async fn a_choice_that_was_half_written_and_taken_back_leaves_nothing_behind() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let liked = Preferences {
            audio_language: Some(Language::parse("deu").unwrap()),
            home_sections: vec![HomeSection::NextUp],
            ..Preferences::default()
        };
        // The languages arrive, the home page does not.
        let home_page = "/DisplayPreferences";
        desk.standin.faults().set(home_page, Fault::Status(503));
        let later = EditedProfile::Done(Applied::Later);
        assert_eq!(edit(&desk, &owner, &kids, liking(&liked)).await, later);
        desk.standin.faults().lift_all();
        assert_eq!(seen(&desk, &kids).await[0], "deu");
        let usual = liking(&Preferences::default());
        assert_eq!(edit(&desk, &owner, &kids, usual).await, NOW);
        assert_eq!(seen(&desk, &kids).await[0], "");
        let kept = stored(&desk, kids.id).await;
        assert_eq!(kept.preferences_held, [Preferences::default()]);
    }
}

#[tokio::test]
async fn a_user_that_is_made_anew_gets_all_that_its_owner_chose() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let mut new = child("Kids");
        new.preferences = Preferences {
            audio_language: Some(Language::parse("fra").unwrap()),
            subtitle_mode: SubtitleMode::Smart,
            home_sections: vec![HomeSection::Latest],
            ..Preferences::default()
        };
        let kids = make(&desk, &owner, &new).await;
        desk.jellyfin.delete_user(kids.user.unwrap()).await.unwrap();
        job(&desk).await;
        let repaired = desk
            .accounts
            .repair_profile(desk.by(&owner), kids.id, home());
        repaired.await.unwrap();
        let anew = stored(&desk, kids.id).await.profile;
        assert_ne!(anew.user, kids.user);
        let all = ["fra", "", "Smart", "latestmedia"];
        assert_eq!(seen(&desk, &anew).await, all);
    }
}

/// Another process gives what the owner decided later, and is done, while this one still holds the first page of what it was to
/// give.
#[tokio::test]
async fn of_two_processes_that_give_at_once_the_later_choice_stays() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let liking_first = |section| Preferences {
            home_sections: vec![section],
            ..Preferences::default()
        };
        let (first, later) = (
            liking_first(HomeSection::NextUp),
            liking_first(HomeSection::Latest),
        );
        let faults = desk.standin.faults();
        faults.forget_counts();
        faults.set("/DisplayPreferences", Fault::Held);
        let decides = async {
            while faults.asked("GET /DisplayPreferences/{displayPreferencesId}") == 0 {
                tokio::task::yield_now().await;
            }
            let tx = desk.store.begin().await.unwrap();
            let mut there = tx.profile(kids.id).await.unwrap().unwrap();
            let mut maybe = there.preferences_held;
            maybe.push(later.clone());
            there.profile.preferences = later.clone();
            assert!(tx.edit_profile(&there.profile).await.unwrap());
            tx.revise_profile(kids.id).await.unwrap();
            tx.note_preferences_underway(kids.id, &maybe).await.unwrap();
            let given = tx.note_preferences_given(kids.id, &maybe, &later).await;
            assert!(given.unwrap());
            tx.commit().await.unwrap();
            faults.lift_all();
        };
        let gives = edit(&desk, &owner, &kids, liking(&first));
        tokio::join!(gives, decides);
        job(&desk).await;
        let settings = web_settings(&desk, kids.user).await;
        assert_eq!(settings["homesection0"], "latestmedia");
        assert_eq!(stored(&desk, kids.id).await.preferences_held, [later]);
    }
}
