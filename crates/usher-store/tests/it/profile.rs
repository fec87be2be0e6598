//! Profiles: one name for one profile of an account, every step of a life once, and nothing left behind.
use std::time::Duration;

use usher_domain::activity::Door;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, ProfileId, RequestId, UserId};
use usher_domain::profile::hours::Hours;
use usher_domain::profile::limits::{Limits, Tag};
use usher_domain::profile::name::ProfileName;
use usher_domain::profile::pin::{PinTally, Watcher};
use usher_domain::profile::preferences::{HomeSection, Preferences};
use usher_domain::profile::screen_time::{Date, MoreTime, ScreenTime};
use usher_domain::profile::{AgePreset, Picture, PictureKey, Profile, ProfileState};
use usher_domain::settings::ProfileRule;
use usher_domain::time::Timestamp;
use usher_store::{ChildDevice, HiddenUser, Store, StoreError, StoredProfile, TimeRequest};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};
use crate::token::{account, token};

const MINUTE: Duration = Duration::from_mins(1);

fn id(number: u32) -> ProfileId {
    ProfileId::generate(NOON, &SeededEntropy::new(number.into()))
}

fn user(number: u32) -> UserId {
    UserId::new(Uuid::from_u128(u128::from(number) << 64))
}

fn profile(number: u32, owner: AccountId, name: &str) -> Profile {
    Profile {
        id: id(number),
        account: owner,
        user: None,
        name: ProfileName::parse(name).unwrap(),
        picture: Some(Picture::Drawing(PictureKey::parse("fox").unwrap())),
        preset: AgePreset::Child,
        has_pin: false,
        order: u16::try_from(number).unwrap(),
        limits: Limits {
            hours: Hours::never(),
            allowed_tags: Some([Tag::parse("kids").unwrap()].into()),
            ..Limits::of_preset(AgePreset::Child)
        },
        preferences: Preferences {
            theme: Some("dark".to_owned()),
            home_sections: vec![HomeSection::Resume],
            ..Preferences::default()
        },
        state: ProfileState::Creating(NOON),
    }
}

async fn add(store: &Store, new: &Profile) -> Result<(), StoreError> {
    let tx = store.begin().await.unwrap();
    tx.add_profile(new, NOON + MINUTE).await?;
    tx.commit().await
}

async fn get(store: &Store, number: u32) -> StoredProfile {
    store.profile(id(number)).await.unwrap().unwrap()
}

/// Profile 1 of account 1, ready, with user 1.
async fn ready(store: &Store) -> Profile {
    let new = profile(1, account(1), "Kids");
    add(store, &new).await.unwrap();
    let tx = store.begin().await.unwrap();
    assert!(tx.set_hidden_user(id(1), user(1)).await.unwrap());
    let moved = tx.move_profile(&new, new.state, ProfileState::Ready).await;
    assert!(moved.unwrap());
    tx.commit().await.unwrap();
    get(store, 1).await.profile
}

#[tokio::test]
async fn a_profile_is_read_back_as_it_was_written_in_the_order_of_its_account() {
    for db in databases().await {
        for (number, owner, name) in [(2, 1, "Papa"), (1, 1, "Kids"), (3, 2, "Kids")] {
            let new = profile(number, account(owner), name);
            add(&db.store, &new).await.unwrap();
        }
        let found = db.store.profiles_of(account(1)).await.unwrap();
        let expected = StoredProfile {
            profile: profile(1, account(1), "Kids"),
            hidden: None,
            missing: None,
            revision: 1,
            settled: 0,
            picture_held: None,
            preferences_held: Vec::new(),
        };
        assert_eq!(found[0], expected, "{}", db.name);
        assert_eq!((found.len(), found[1].profile.id), (2, id(2)));
        let all = db.store.all_profiles().await.unwrap();
        assert_eq!(all.len(), 3, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.order_profiles(account(1), &[id(2), id(1), id(3)])
            .await
            .unwrap();
        let order = |found: Vec<StoredProfile>| -> Vec<(ProfileId, u16)> {
            let place = |it: StoredProfile| (it.profile.id, it.profile.order);
            found.into_iter().map(place).collect()
        };
        let first = order(tx.profiles_of(account(1)).await.unwrap());
        assert_eq!(first, [(id(2), 0), (id(1), 1)], "{}", db.name);
        let others = order(tx.profiles_of(account(2)).await.unwrap());
        assert_eq!(others, [(id(3), 3)], "{}: R71", db.name);
    }
}

#[tokio::test]
async fn a_name_is_one_profiles_until_it_is_deleted_whatever_the_letter_case() {
    for db in databases().await {
        let kids = profile(1, account(1), "Kids");
        add(&db.store, &kids).await.unwrap();
        let again = add(&db.store, &profile(2, account(1), "KIDS")).await;
        assert!(matches!(again, Err(StoreError::Taken)), "{}", db.name);
        let deleting = ProfileState::Deleting(NOON);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.move_profile(&kids, kids.state, deleting).await.unwrap());
        assert!(!tx.edit_profile(&kids).await.unwrap(), "it is deleted");
        tx.commit().await.unwrap();
        let second = profile(2, account(1), "KIDS");
        add(&db.store, &second).await.unwrap();
        let tx = db.store.begin().await.unwrap();
        let back = tx.move_profile(&kids, deleting, ProfileState::Ready).await;
        assert!(matches!(back, Err(StoreError::Taken)), "{}", db.name);
        drop(tx);
        let renamed = Profile {
            name: ProfileName::parse("Teens").unwrap(),
            ..second
        };
        let tx = db.store.begin().await.unwrap();
        assert!(tx.edit_profile(&renamed).await.unwrap());
        tx.revise_profile(renamed.id).await.unwrap();
        let back = tx.move_profile(&kids, deleting, ProfileState::Ready).await;
        assert!(back.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let (kids, teens) = (get(&db.store, 1).await, get(&db.store, 2).await);
        assert_eq!(kids.profile.state, ProfileState::Ready);
        assert_eq!((teens.profile.name, teens.revision), (renamed.name, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_make_the_same_profile_or_hold_it_at_once_one_does() {
    for db in databases().await {
        let made = winners_of_64(&db.store, |store, number| async move {
            add(&store, &profile(number, account(1), "Kids"))
                .await
                .is_ok()
        });
        assert_eq!(made.await, 1, "{}", db.name);
        let kids = db.store.profiles_of(account(1)).await.unwrap()[0].clone();
        let kids = kids.profile.id;
        let later = NOON + 2 * MINUTE;
        for until in [later + MINUTE, later + 2 * MINUTE] {
            let held = winners_of_64(&db.store, move |store, _| async move {
                let tx = store.begin().await.unwrap();
                let held = tx.lease_profile(kids, until - MINUTE, until).await.unwrap();
                tx.commit().await.unwrap();
                held
            });
            assert_eq!(held.await, 1, "{}", db.name);
        }
        let users = winners_of_64(&db.store, move |store, number| async move {
            let tx = store.begin().await.unwrap();
            let set = tx.set_hidden_user(kids, user(number)).await.unwrap();
            tx.commit().await.unwrap();
            set
        });
        assert_eq!(users.await, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn a_hidden_user_is_known_as_one_also_while_jellyfin_has_lost_it() {
    for db in databases().await {
        ready(&db.store).await;
        let tx = db.store.begin().await.unwrap();
        assert!(tx.is_hidden_user(user(1)).await.unwrap());
        assert!(!tx.is_hidden_user(user(2)).await.unwrap());
        assert!(!tx.note_missing(id(1), user(2), NOON).await.unwrap());
        assert!(tx.note_missing(id(1), user(1), NOON).await.unwrap());
        assert!(!tx.note_missing(id(1), user(1), NOON).await.unwrap());
        tx.commit().await.unwrap();
        let lost = db.store.profile_of_user(user(1)).await.unwrap().unwrap();
        assert!(lost.is_broken() && !lost.profile.is_open(), "{}", db.name);
        assert_eq!((lost.profile.user, lost.hidden), (None, Some(user(1))));
        let hidden = HiddenUser {
            profile: id(1),
            user: Some(user(1)),
        };
        let known = db.store.hidden_users().await.unwrap();
        assert_eq!(known, [hidden].into(), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.note_found(id(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(get(&db.store, 1).await.profile.is_open(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_lost_user_is_made_anew_once_and_one_that_is_there_never() {
    for db in databases().await {
        let kids = ready(&db.store).await;
        let tx = db.store.begin().await.unwrap();
        tx.note_settled(kids.id, 1).await.unwrap();
        tx.note_settled(kids.id, 0).await.unwrap();
        let (now, until) = (NOON + MINUTE, NOON + 2 * MINUTE);
        assert!(!tx.make_hidden_user_anew(kids.id, now, until).await.unwrap());
        tx.note_missing(kids.id, user(1), NOON).await.unwrap();
        assert!(tx.make_hidden_user_anew(kids.id, now, until).await.unwrap());
        assert!(!tx.make_hidden_user_anew(kids.id, now, until).await.unwrap());
        assert!(!tx.lease_profile(kids.id, now, until).await.unwrap());
        tx.release_profile(kids.id).await.unwrap();
        assert!(tx.lease_profile(kids.id, now, until).await.unwrap());
        tx.commit().await.unwrap();
        let anew = get(&db.store, 1).await;
        let state = ProfileState::Creating(now);
        assert_eq!((anew.profile.state, anew.hidden), (state, None));
        assert_eq!((anew.missing, anew.settled), (None, 0), "{}", db.name);
    }
}

#[tokio::test]
async fn r43_a_pin_stands_before_one_seat_and_its_wrong_tries_are_counted_there() {
    for db in databases().await {
        let kids = ready(&db.store).await;
        let (mine, kids) = (account(1), Watcher::Profile(kids.id));
        let tx = db.store.begin().await.unwrap();
        assert_eq!(tx.pin(mine, kids).await.unwrap(), None, "{}", db.name);
        tx.set_pin(mine, Watcher::Owner, None).await.unwrap();
        tx.set_pin(mine, kids, Some("slow".to_owned()))
            .await
            .unwrap();
        let mut tally = PinTally::default();
        tally.take(NOON).unwrap();
        tx.put_pin_tally(mine, kids, &tally).await.unwrap();
        tx.commit().await.unwrap();
        let pin = db.store.pin(mine, kids).await.unwrap().unwrap();
        assert_eq!((pin.hash.as_deref(), pin.tally), (Some("slow"), tally));
        let owners = db.store.pin(mine, Watcher::Owner).await.unwrap().unwrap();
        assert_eq!((owners.hash, owners.tally), (None, PinTally::default()));
        assert!(get(&db.store, 1).await.profile.has_pin, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.set_pin(mine, kids, Some("new".to_owned()))
            .await
            .unwrap();
        let pin = tx.pin(mine, kids).await.unwrap().unwrap();
        assert_eq!(pin.tally, PinTally::default(), "{}", db.name);
        tx.clear_pin(mine, kids).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!get(&db.store, 1).await.profile.has_pin, "{}", db.name);
    }
}

#[tokio::test]
async fn a_rule_holds_for_its_account_until_it_says_nothing() {
    for db in databases().await {
        let rule = ProfileRule {
            enabled: Some(false),
            most: Some(9),
        };
        let tx = db.store.begin().await.unwrap();
        tx.set_profile_rule(account(1), rule).await.unwrap();
        assert_eq!(tx.profile_rule(account(1)).await.unwrap(), rule);
        let all = tx.profile_rules().await.unwrap();
        assert_eq!(all, [(account(1), rule)].into(), "{}", db.name);
        tx.commit().await.unwrap();
        let none = ProfileRule::default();
        assert_eq!(db.store.profile_rule(account(1)).await.unwrap(), rule);
        assert_eq!(db.store.profile_rule(account(2)).await.unwrap(), none);
        let tx = db.store.begin().await.unwrap();
        tx.set_profile_rule(account(1), none).await.unwrap();
        assert_eq!(tx.profile_rules().await.unwrap(), [].into());
    }
}

#[tokio::test]
async fn screen_time_of_all_processes_is_one_set_and_loses_nothing() {
    for db in databases().await {
        let day: Date = "2026-11-24".parse().unwrap();
        let watched = |from: u32, until: u32| {
            let mut time = ScreenTime::default();
            time.watched(NOON + from * MINUTE, NOON + until * MINUTE);
            time
        };
        let mut expected = watched(0, 7);
        let request = RequestId::new(Uuid::from_u128(5));
        let more = MoreTime {
            at: NOON,
            minutes: 15,
        };
        expected.grant(request, more);
        let tx = db.store.begin().await.unwrap();
        for (replica, time) in [
            ("one", watched(0, 3)),
            ("two", watched(2, 5)),
            ("one", watched(4, 7)),
            ("one", watched(4, 7)),
            ("two", expected.clone()),
        ] {
            tx.add_screen_time(id(1), day, replica, &time)
                .await
                .unwrap();
        }
        let next = day.tomorrow().unwrap();
        tx.add_screen_time(id(1), next, "one", &watched(9, 10))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let other = db.store.screen_times(id(2), day).await.unwrap();
        assert_eq!(other, [].into(), "{}", db.name);
        let days = db.store.screen_times(id(1), day).await.unwrap();
        let expected = [(day, expected), (next, watched(9, 10))];
        assert_eq!(days, expected.into(), "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.forget_screen_times(next).await.unwrap();
        tx.commit().await.unwrap();
        let left = db.store.screen_times(id(1), day).await.unwrap();
        assert_eq!(left.into_keys().collect::<Vec<_>>(), [next]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn screen_time_that_64_tell_at_once_is_all_there() {
    for db in databases().await {
        let day: Date = "2026-11-24".parse().unwrap();
        let told = winners_of_64(&db.store, move |store, number| async move {
            let mut time = ScreenTime::default();
            time.watched(NOON + number * MINUTE, NOON + (number + 1) * MINUTE);
            let tx = store.begin().await.unwrap();
            tx.add_screen_time(id(1), day, "one", &time).await.unwrap();
            tx.commit().await.is_ok()
        });
        assert_eq!(told.await, 64, "{}", db.name);
        let mut expected = ScreenTime::default();
        expected.watched(NOON, NOON + 64 * MINUTE);
        let together = db.store.screen_times(id(1), day).await.unwrap();
        assert_eq!(together, [(day, expected)].into(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_device_remembers_who_watched_last_and_whose_alone_it_is() {
    for db in databases().await {
        let (mine, store) = (account(1), &db.store);
        assert_eq!(store.last_watcher(mine, "tv").await.unwrap(), None);
        for watcher in [Watcher::Profile(id(1)), Watcher::Owner] {
            let tx = store.begin().await.unwrap();
            tx.note_watcher(mine, "tv", watcher, NOON).await.unwrap();
            tx.commit().await.unwrap();
            let last = store.last_watcher(mine, "tv").await.unwrap();
            assert_eq!(last, Some(watcher), "{}", db.name);
        }
        assert_eq!(store.last_watcher(account(2), "tv").await.unwrap(), None);
        let tablet = |number| ChildDevice {
            account: mine,
            device_key: "tablet".to_owned(),
            profile: id(number),
            name: "Tablet".to_owned(),
            since: NOON,
        };
        let tx = store.begin().await.unwrap();
        tx.mark_child_device(&tablet(1)).await.unwrap();
        tx.mark_child_device(&tablet(2)).await.unwrap();
        tx.forget_watchers(NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.last_watcher(mine, "tv").await.unwrap(), None);
        assert_eq!(store.child_devices(mine).await.unwrap(), [tablet(2)]);
        let one = store.child_device(mine, "tablet").await.unwrap();
        assert_eq!(one, Some(tablet(2)), "{}", db.name);
        let tx = store.begin().await.unwrap();
        assert!(!tx.free_child_device(account(2), "tablet").await.unwrap());
        assert!(tx.free_child_device(mine, "tablet").await.unwrap());
        assert!(!tx.free_child_device(mine, "tablet").await.unwrap());
    }
}

fn wish(number: u32, asked: Timestamp) -> TimeRequest {
    TimeRequest {
        id: RequestId::generate(asked, &SeededEntropy::new(number.into())),
        account: account(1),
        profile: id(1),
        asked,
        decided: None,
        granted: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_waits_for_one_wish_which_its_own_owner_decides_once() {
    for db in databases().await {
        ready(&db.store).await;
        let asked = winners_of_64(&db.store, |store, number| async move {
            let tx = store.begin().await.unwrap();
            let asked = tx.add_time_request(&wish(number, NOON)).await.unwrap();
            tx.commit().await.unwrap();
            asked
        });
        assert_eq!(asked.await, 1, "{}", db.name);
        let open = db.store.open_time_requests(account(1)).await.unwrap();
        let open = open[0].clone();
        let tx = db.store.begin().await.unwrap();
        let decided = tx.decide_time_request(account(2), open.id, Some(30), NOON);
        assert!(!decided.await.unwrap(), "{}: R71", db.name);
        tx.commit().await.unwrap();
        let wished = open.id;
        let decided = winners_of_64(&db.store, move |store, number| async move {
            let tx = store.begin().await.unwrap();
            let minutes = u16::try_from(number).ok();
            let decided = tx
                .decide_time_request(account(1), wished, minutes, NOON)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            decided
        });
        assert_eq!(decided.await, 1, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let after = tx.time_request(open.id).await.unwrap().unwrap();
        drop(tx);
        assert_eq!(after.decided, Some(NOON), "{}", db.name);
        assert!(after.granted.is_some(), "{}", db.name);
        assert_eq!(
            db.store.open_time_requests(account(1)).await.unwrap(),
            [],
            "{}",
            db.name
        );
        let tx = db.store.begin().await.unwrap();
        assert!(tx.add_time_request(&wish(99, NOON)).await.unwrap());
        tx.forget_time_requests(NOON + MINUTE).await.unwrap();
        assert_eq!(tx.time_request(open.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn r47_tokens_of_a_profile_end_with_it_and_the_owners_stay() {
    for db in databases().await {
        let kids = ready(&db.store).await;
        let of = |number: u32, user: UserId| usher_store::KnownToken {
            user,
            door: Door::Web,
            ..token(number)
        };
        let (theirs, owners) = (of(1, user(1)), of(2, account(1).owner()));
        let tx = db.store.begin().await.unwrap();
        tx.add_token(&theirs).await.unwrap();
        tx.add_token(&owners).await.unwrap();
        let ended = tx.end_tokens_of_user(user(1), NOON).await.unwrap();
        assert_eq!(ended, std::slice::from_ref(&theirs.digest), "{}", db.name);
        assert_eq!(tx.end_tokens_of_user(user(1), NOON).await.unwrap(), []);
        tx.commit().await.unwrap();
        let live = db.store.tokens(account(1)).await.unwrap();
        assert_eq!(live.len(), 1, "{}", db.name);
        assert_eq!(live[0].digest, owners.digest, "{}", db.name);
        let seat = Watcher::Profile(kids.id);
        let day: Date = "2026-11-24".parse().unwrap();
        let tx = db.store.begin().await.unwrap();
        tx.set_pin(account(1), seat, Some("slow".to_owned()))
            .await
            .unwrap();
        tx.note_watcher(account(1), "tv", seat, NOON).await.unwrap();
        tx.add_screen_time(kids.id, day, "one", &ScreenTime::default())
            .await
            .unwrap();
        tx.add_time_request(&wish(1, NOON)).await.unwrap();
        tx.remove_profile(kids.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.all_profiles().await.unwrap(), [], "{}", db.name);
        let seats = db.store.pin(account(1), seat).await.unwrap();
        assert_eq!(seats, None, "{}", db.name);
        let last = db.store.last_watcher(account(1), "tv").await.unwrap();
        assert_eq!(last, None, "{}", db.name);
        let wishes = db.store.open_time_requests(account(1)).await.unwrap();
        assert_eq!(wishes, [], "{}", db.name);
    }
}

#[tokio::test]
async fn a_profile_has_one_picture_at_most_and_it_goes_with_the_profile() {
    let key = |text: &str| PictureKey::parse(text).unwrap();
    for db in databases().await {
        let kids = ready(&db.store).await;
        let put = |name: &'static str, jpeg: Vec<u8>| {
            let (store, kids) = (&db.store, kids.id);
            async move {
                let tx = store.begin().await.unwrap();
                tx.put_picture(kids, &key(name), jpeg).await.unwrap();
                let held = Picture::Upload(key(name));
                tx.note_picture_held(kids, Some(&held)).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        put("first", vec![1]).await;
        put("second", vec![2, 0, 255]).await;
        assert_eq!(db.store.picture(&key("first")).await.unwrap(), None);
        let second = db.store.picture(&key("second")).await.unwrap();
        assert_eq!(second, Some(vec![2, 0, 255]), "{}", db.name);
        let held = Some(Picture::Upload(key("second")));
        assert_eq!(get(&db.store, 1).await.picture_held, held, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.remove_profile(kids.id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(db.store.picture(&key("second")).await.unwrap(), None);
    }
}
