//! More time: asked for from a screen, given by the owner on a page or by the link of a mail.
use std::time::Duration;

use usher_accounts::limits::MailAdmitted;
use usher_accounts::screen_time::{Gift, MayAsk, ScreenShown, TimeAsked, WishAnswer, WishShown};
use usher_domain::code::Code;
use usher_domain::id::ProfileId;
use usher_domain::profile::Profile;

use super::screen_time::{MINUTE, end_of_day, kids, today, token};
use super::{anna, child, delete, home, make};
use crate::desk::{Desk, from, token_of};

async fn ask(desk: &Desk, profile: &Profile) -> TimeAsked {
    // Mails about one profile are a minute apart.
    desk.clock.advance(2 * MINUTE);
    let asked = desk.accounts.ask_more_time(profile, home()).await;
    asked.unwrap()
}

/// The code that a screen shows to a child that is turned away there.
async fn turned_away(desk: &Desk, device: &str) -> Code {
    let token = token(desk, device).await;
    desk.accounts.note_turned_away(&token).await.unwrap();
    desk.accounts.look_at_screens().await.unwrap();
    let shown = super::screen_time::received(desk, device).join("");
    let (_, code) = shown.rsplit_once("code ").unwrap();
    Code::parse_letters(&code[..9]).unwrap()
}

/// Whose code it is, for somebody at home.
async fn typed(desk: &Desk, code: &Code) -> Option<ProfileId> {
    let shown = desk.accounts.profile_of_screen(code, home()).await;
    match shown.unwrap() {
        ScreenShown::By(profile) => Some(profile.id),
        ScreenShown::Unknown => None,
        ScreenShown::Wait(span) => panic!("somebody at home waits {span:?}"),
    }
}

async fn left(desk: &Desk, profile: &Profile) -> Duration {
    today(&desk.accounts, profile).await.left.unwrap()
}

#[tokio::test]
async fn the_owner_gets_one_mail_whose_link_gives_time_once_and_for_this_day_only() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let kids = kids(&desk, 10).await;
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Waits);
        assert_eq!(desk.sent("more_time_asked").await, 1);
        let mail = desk.mail_to("anna@example.org").await;
        assert!(mail.subject.contains("Kids"), "{}", mail.subject);
        let (_, rest) = mail.text.split_once("/usher/give-time").unwrap();
        let link = token_of(&rest[..44]);
        let give = |minutes| {
            let gift = Gift::Minutes(minutes);
            desk.accounts.decide_wish_by_link(&link, gift, home())
        };
        assert!(give(30).await.unwrap());
        assert!(!give(30).await.unwrap(), "a link is used once");
        assert_eq!(left(&desk, &kids).await, 40 * MINUTE);
        desk.clock.advance(end_of_day(&desk));
        assert_eq!(left(&desk, &kids).await, 10 * MINUTE, "another day");
    }
}

#[tokio::test]
async fn a_link_says_who_asks_and_afterwards_what_was_decided_and_the_profile_reads_the_answer() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (kids, accounts) = (kids(&desk, 10).await, &desk.accounts);
        let asked = accounts.asked_today(&kids, home()).await.unwrap();
        assert_eq!((asked.newest, asked.may_ask), (None, MayAsk::Yes));
        for (gift, minutes, answer) in [
            (Gift::Nothing, None, WishAnswer::Refused),
            (Gift::Minutes(30), Some(30), WishAnswer::Given(30)),
            (Gift::Nothing, None, WishAnswer::Refused),
        ] {
            assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
            let asked = accounts.asked_today(&kids, home()).await.unwrap();
            assert!(matches!(asked.newest, Some((_, WishAnswer::Waits))));
            assert_eq!(asked.may_ask, MayAsk::Waits);
            let mail = desk.mail_to("anna@example.org").await;
            let (_, rest) = mail.text.split_once("/usher/give-time").unwrap();
            let link = token_of(&rest[..44]);
            for _look in 0..2 {
                let WishShown::Waits(wish) = accounts.wish_of_link(&link).await.unwrap() else {
                    panic!("it waits");
                };
                assert_eq!(wish.profile.id, kids.id);
            }
            let decided = accounts.decide_wish_by_link(&link, gift, home());
            assert!(decided.await.unwrap());
            let shown = accounts.wish_of_link(&link).await.unwrap();
            let WishShown::Decided(profile, given) = shown else {
                panic!("it is decided: {shown:?}");
            };
            assert_eq!((profile.id, given), (kids.id, minutes));
            let asked = accounts.asked_today(&kids, home()).await.unwrap();
            assert_eq!(asked.newest.map(|(_, answer)| answer), Some(answer));
        }
        let asked = accounts.asked_today(&kids, home()).await.unwrap();
        assert_eq!(asked.may_ask, MayAsk::Enough, "three times a day");
        desk.clock.advance(end_of_day(&desk));
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        let mail = desk.mail_to("anna@example.org").await;
        let (_, rest) = mail.text.split_once("/usher/give-time").unwrap();
        let link = token_of(&rest[..44]);
        desk.clock.advance(end_of_day(&desk));
        let shown = accounts.wish_of_link(&link).await.unwrap();
        assert!(matches!(shown, WishShown::Over(_)), "{shown:?}");
        let nobodys = token_of(&format!("#{}", "A".repeat(43)));
        let shown = accounts.wish_of_link(&nobodys).await.unwrap();
        assert_eq!(shown, WishShown::Unknown);
    }
}

#[tokio::test]
async fn the_owner_decides_on_a_page_and_a_wish_is_decided_once() {
    for desk in Desk::open_all().await {
        let (owner, kids) = (anna(&desk).await, kids(&desk, 10).await);
        let accounts = &desk.accounts;
        for (gift, minutes) in [(Gift::Nothing, 10), (Gift::Minutes(15), 25)] {
            assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
            let wishes = accounts.time_wishes(owner.account).await.unwrap();
            assert_eq!(wishes.len(), 1);
            assert_eq!(wishes[0].profile.id, kids.id);
            let wish = wishes[0].id;
            assert!(
                accounts
                    .decide_wish(desk.by(&owner), wish, gift, home())
                    .await
                    .unwrap()
            );
            let again = accounts.decide_wish(desk.by(&owner), wish, Gift::Minutes(60), home());
            assert!(!again.await.unwrap());
            assert_eq!(left(&desk, &kids).await, minutes * MINUTE);
            let wishes = accounts.time_wishes(owner.account).await.unwrap();
            assert!(wishes.is_empty());
        }
        let given = accounts
            .give_time(desk.by(&owner), kids.id, 60, home())
            .await;
        assert!(given.unwrap());
        assert_eq!(left(&desk, &kids).await, 85 * MINUTE);
        // Nobody gives time to other people's profiles, or decides their wishes (R71).
        let kim = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let kim = desk.session(&kim.cookie).await;
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        let wish = accounts.time_wishes(owner.account).await.unwrap()[0].id;
        let theirs = accounts.decide_wish(desk.by(&kim), wish, Gift::Minutes(60), home());
        assert!(!theirs.await.unwrap());
        let theirs = accounts.give_time(desk.by(&kim), kids.id, 60, home()).await;
        assert!(!theirs.unwrap());
        assert_eq!(left(&desk, &kids).await, 85 * MINUTE);
    }
}

#[tokio::test]
async fn a_profile_asks_three_times_a_day_and_only_where_there_is_a_limit() {
    for desk in Desk::open_all().await {
        let (owner, kids) = (anna(&desk).await, kids(&desk, 10).await);
        for expected in [
            TimeAsked::Asked,
            TimeAsked::Asked,
            TimeAsked::Asked,
            TimeAsked::Enough,
        ] {
            assert_eq!(ask(&desk, &kids).await, expected);
            for wish in desk.accounts.time_wishes(owner.account).await.unwrap() {
                let no = Gift::Nothing;
                let refused = desk
                    .accounts
                    .decide_wish(desk.by(&owner), wish.id, no, home());
                assert!(refused.await.unwrap());
            }
        }
        desk.clock.advance(end_of_day(&desk));
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked, "another day");
        let teen = make(&desk, &owner, &child("Teen")).await;
        assert_eq!(ask(&desk, &teen).await, TimeAsked::Needless);
    }
}

#[tokio::test]
async fn yesterdays_wish_is_none_any_more_and_stands_in_nobodys_way() {
    for desk in Desk::open_all().await {
        let (owner, kids) = (anna(&desk).await, kids(&desk, 10).await);
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        let old = desk.accounts.time_wishes(owner.account).await.unwrap()[0].id;
        desk.clock.advance(end_of_day(&desk));
        let wishes = desk.accounts.time_wishes(owner.account).await.unwrap();
        assert!(wishes.is_empty());
        let late = desk
            .accounts
            .decide_wish(desk.by(&owner), old, Gift::Minutes(60), home());
        assert!(!late.await.unwrap());
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        assert_eq!(left(&desk, &kids).await, 10 * MINUTE);
    }
}

#[tokio::test]
async fn the_code_on_a_screen_tells_whose_it_is_and_is_good_for_the_day() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 0).await;
        let code = turned_away(&desk, "tv").await;
        assert_eq!(typed(&desk, &code).await, Some(kids.id));
        let other = Code::parse_letters("0000-0000").unwrap();
        assert_eq!(typed(&desk, &other).await, None);
        desk.clock.advance(end_of_day(&desk));
        assert_eq!(typed(&desk, &code).await, None, "another day");
    }
}

#[tokio::test]
async fn every_screen_of_a_profile_shows_the_same_code_all_day_and_another_one_the_next() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 0).await;
        let mut codes = Vec::new();
        for (screen, wait) in [("tv", 0), ("tablet", 2), ("phone", 24 * 60)] {
            desk.clock.advance(wait * MINUTE);
            codes.push(turned_away(&desk, screen).await);
        }
        assert_eq!(codes[0], codes[1]);
        assert_ne!(codes[0], codes[2]);
        assert_eq!(typed(&desk, &codes[0]).await, None);
        assert_eq!(typed(&desk, &codes[2]).await, Some(kids.id));
    }
}

#[tokio::test]
async fn r26_who_guesses_codes_of_screens_waits_and_holds_nobody_else_up() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 0).await;
        let code = turned_away(&desk, "tv").await;
        let (stranger, accounts) = (from("203.0.113.7"), &desk.accounts);
        for number in 0..20 {
            let guess = Code::parse_letters(&format!("{number:08}")).unwrap();
            let shown = accounts.profile_of_screen(&guess, &stranger).await;
            assert_eq!(shown.unwrap(), ScreenShown::Unknown);
        }
        let shown = accounts.profile_of_screen(&code, &stranger).await.unwrap();
        assert!(matches!(shown, ScreenShown::Wait(_)), "{shown:?}");
        assert_eq!(typed(&desk, &code).await, Some(kids.id));
    }
}

#[tokio::test]
async fn who_asks_while_a_wish_waits_is_told_so_and_spends_no_mail() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 10).await;
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        for _ in 0..30 {
            let again = desk.accounts.ask_more_time(&kids, home()).await;
            assert_eq!(again.unwrap(), TimeAsked::Waits);
        }
    }
}

#[tokio::test]
async fn who_waits_for_an_answer_looks_as_often_as_it_likes() {
    for desk in Desk::open_all().await {
        let kids = kids(&desk, 0).await;
        let code = turned_away(&desk, "tv").await;
        for _look in 0..25 {
            assert_eq!(typed(&desk, &code).await, Some(kids.id));
        }
        let nobodys = Code::parse_letters("BCDF-GHJK").unwrap();
        for _guess in 0..20 {
            assert_eq!(typed(&desk, &nobodys).await, None);
        }
        let shown = desk.accounts.profile_of_screen(&nobodys, home()).await;
        let shown = shown.unwrap();
        assert!(matches!(shown, ScreenShown::Wait(_)), "{shown:?}");
    }
}

#[tokio::test]
async fn a_wish_that_would_be_refused_for_a_moment_is_not_offered_and_nobody_is_blamed() {
    for desk in Desk::open_all().await {
        let (owner, kids) = (anna(&desk).await, kids(&desk, 10).await);
        let accounts = &desk.accounts;
        let may_ask = async || {
            let asked = accounts.asked_today(&kids, home()).await.unwrap();
            asked.may_ask
        };
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        let wish = accounts.time_wishes(owner.account).await.unwrap()[0].id;
        let refused = accounts.decide_wish(desk.by(&owner), wish, Gift::Nothing, home());
        assert!(refused.await.unwrap());
        assert_eq!(may_ask().await, MayAsk::Later, "within a minute");
        let again = accounts.ask_more_time(&kids, home()).await.unwrap();
        assert_eq!(again, TimeAsked::Later);
        desk.clock.advance(2 * MINUTE);
        assert_eq!(may_ask().await, MayAsk::Yes);
        // Somebody else at home asks for whatever mails there are.
        for mail in 0..20 {
            let to = format!("{mail}@example.org");
            let admitted = accounts.admit_mail(&to, home()).await.unwrap();
            if admitted != MailAdmitted::Go {
                break;
            }
        }
        assert_eq!(may_ask().await, MayAsk::Later);
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Later);
    }
}

#[tokio::test]
async fn what_a_deleted_profile_asked_for_is_no_wish_and_the_link_of_its_mail_gives_nothing() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (owner, kids) = (anna(&desk).await, kids(&desk, 10).await);
        let accounts = &desk.accounts;
        assert_eq!(ask(&desk, &kids).await, TimeAsked::Asked);
        let mail = desk.mail_to("anna@example.org").await;
        let (_, rest) = mail.text.split_once("/usher/give-time").unwrap();
        let link = token_of(&rest[..44]);
        let wish = accounts.time_wishes(owner.account).await.unwrap()[0].id;
        delete(&desk, &owner, kids.id).await;
        assert!(
            accounts
                .time_wishes(owner.account)
                .await
                .unwrap()
                .is_empty()
        );
        let shown = accounts.wish_of_link(&link).await.unwrap();
        assert!(matches!(shown, WishShown::Over(_)), "{shown:?}");
        let gift = Gift::Minutes(30);
        let by_link = accounts.decide_wish_by_link(&link, gift, home());
        assert!(!by_link.await.unwrap());
        let on_page = accounts.decide_wish(desk.by(&owner), wish, gift, home());
        assert!(!on_page.await.unwrap());
        // It is back on the same day, and so is what it asked for.
        let restored = accounts.restore_profile(desk.by(&owner), kids.id, home());
        restored.await.unwrap();
        let by_link = accounts.decide_wish_by_link(&link, gift, home());
        assert!(by_link.await.unwrap());
    }
}
