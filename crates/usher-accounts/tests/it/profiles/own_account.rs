//! A profile that becomes an account of its own: asked for, approved or not, and finished whatever fails in between.
use std::time::Duration;

use usher_accounts::admin::Admin;
use usher_accounts::profiles::{
    DeletedProfile, EditedProfile, OwnAccountAsked, OwnAccountWish, ProfileChange, Promoted,
};
use usher_accounts::sign_in::{Moved, WebSignIn};
use usher_accounts::{FirstPassword, Options};
use usher_domain::account::SetUpWay;
use usher_domain::activity::{Activity, ProfileDeed, ProfileLine};
use usher_domain::address::EmailAddress;
use usher_domain::id::RequestId;
use usher_domain::mail::Wish;
use usher_domain::name::UserName;
use usher_domain::profile::Profile;
use usher_domain::profile::ProfileState;
use usher_domain::secret::SecretText;
use usher_domain::settings::{ProfilePolicy, ProfileRule};
use usher_standin::Fault;
use usher_store::WebSession;

use super::cut_short::cut_short_after;
use super::watched::{title, watch};
use super::{LATER, anna, child, delete, held, home, job, make, stored, users_like};
use crate::desk::{Desk, NOON, options, token_of};

const CHOSEN: &str = "plover lantern 29 ferry";

fn wish(name: &str) -> OwnAccountWish {
    OwnAccountWish {
        name: UserName::parse(name).unwrap(),
        email: EmailAddress::parse("toni@example.org").unwrap(),
        language: "en".to_owned(),
    }
}

/// An owner, a profile that was asked to become the account `toni`, and the request.
async fn asked(desk: &Desk) -> (WebSession, Profile, RequestId) {
    let owner = anna(desk).await;
    let kids = make(desk, &owner, &child("Kids")).await;
    let request = ask(desk, &owner, &kids, "toni").await;
    (owner, kids, request)
}

async fn ask(desk: &Desk, owner: &WebSession, kids: &Profile, name: &str) -> RequestId {
    let accounts = &desk.accounts;
    let wish = wish(name);
    let asked = accounts.ask_own_account(desk.by(owner), kids.id, &wish, home());
    assert_eq!(asked.await.unwrap(), OwnAccountAsked::Done);
    let open = accounts.open_requests().await.unwrap();
    assert_eq!(open.last().unwrap().wish, Wish::OwnAccount);
    open.last().unwrap().id
}

async fn approve(desk: &Desk, request: RequestId) -> Promoted {
    let by = Admin::on_the_server();
    let approved = desk.accounts.approve_own_account(&by, request, home());
    approved.await.unwrap()
}

/// The account is whole, the profile is gone, and nothing waits.
async fn assert_promoted(desk: &Desk, kids: &Profile, case: &str) {
    assert_eq!(desk.store.all_profiles().await.unwrap(), [], "{case}");
    assert_eq!(desk.store.promotions().await.unwrap(), [], "{case}");
    assert_eq!(desk.accounts.open_requests().await.unwrap(), [], "{case}");
    assert_eq!(users_like(desk, "Kids"), [""; 0], "{case}");
    assert_eq!(users_like(desk, "usher-"), [""; 0], "{case}");
    assert_eq!(desk.id("toni").owner(), kids.user.unwrap(), "{case}");
    let toni = desk.account("toni").await;
    assert_eq!(toni.set_up.unwrap().way, SetUpWay::Mail, "{case}");
    let email = toni.address.unwrap().email;
    assert_eq!(email.as_str(), "toni@example.org", "{case}");
    let policy = held(desk, kids.user).await.policy;
    assert!(!policy.is_disabled, "{case}");
    assert_eq!(policy.max_parental_rating, Some(7), "{case}");
    assert_eq!(desk.sent("set_up_invitation").await, 1, "{case}");
}

/// Everything is as it was before an administrator looked at it.
async fn assert_untouched(desk: &Desk, kids: &Profile, case: &str) {
    assert!(stored(desk, kids.id).await.profile.is_open(), "{case}");
    assert_eq!(users_like(desk, "Kids"), ["anna+Kids"], "{case}");
    assert!(!held(desk, kids.user).await.policy.is_disabled, "{case}");
    assert_eq!(desk.accounts.open_requests().await.unwrap().len(), 1);
    assert_eq!(desk.sent("set_up_invitation").await, 0, "{case}");
}

#[tokio::test]
async fn an_approved_profile_is_an_account_with_its_history_and_no_profile_any_more() {
    for desk in Desk::open_all().await {
        desk.with_address("root", "root@example.org").await;
        desk.with_address("anna", "anna@example.org").await;
        let (owner, kids, request) = asked(&desk).await;
        assert_eq!(desk.sent("administrator_asked").await, 1);
        let other = wish("x");
        let again = desk
            .accounts
            .ask_own_account(desk.by(&owner), kids.id, &other, home());
        assert_eq!(again.await.unwrap(), OwnAccountAsked::Already);
        let boat = title(&desk, "The Paper Boat").await;
        watch(&desk, kids.user.unwrap(), boat, NOON).await;
        assert_eq!(approve(&desk, request).await, Promoted::Done);
        assert_promoted(&desk, &kids, "approved").await;
        assert_eq!(desk.sent("profile_own_account").await, 1);
        let lines = desk.accounts.activities_of(owner.account, 99).await;
        let became = Activity::Profile(ProfileLine {
            name: Some("Kids".to_owned()),
            ..ProfileDeed::BecameAccount.into()
        });
        let told = |line: &usher_accounts::ActivityLine| line.what == became;
        let lines = lines.unwrap();
        assert!(lines.iter().any(told));
        let (granted, profile) = (true, Some("Kids".to_owned()));
        let approved = Activity::OwnAccountDecided { granted, profile };
        assert!(lines.iter().any(|line| line.what == approved));
        job(&desk).await;
        assert_promoted(&desk, &kids, "after the job").await;
        let link = token_of(&desk.mail_to("toni@example.org").await.link.unwrap());
        let opened = desk.accounts.open_set_up_link(&link, "first", home()).await;
        let WebSignIn::Next(cookie, _) = opened.unwrap() else {
            panic!("the link leads nowhere");
        };
        let password = SecretText::new(CHOSEN);
        let chosen = desk
            .accounts
            .choose_first_password(&cookie, &password, home());
        let chosen = chosen.await.unwrap();
        assert!(matches!(chosen, FirstPassword::Set(Moved::Done(_))));
        desk.signed_in("toni", CHOSEN, "tablet").await;
        let history = desk
            .jellyfin
            .watched(kids.user.unwrap(), 0, 9)
            .await
            .unwrap();
        assert_eq!(history[0].id, boat);
        assert_eq!(approve(&desk, request).await, Promoted::Impossible);
    }
}

#[tokio::test]
async fn a_wish_can_be_declined_and_taken_back_and_goes_with_the_profile() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let (owner, kids, request) = asked(&desk).await;
        let by = Admin::on_the_server();
        let accounts = &desk.accounts;
        desk.clock.advance(Duration::from_secs(1));
        for _again in 0..2 {
            accounts.close_request(&by, request, home()).await.unwrap();
        }
        assert_eq!(accounts.own_account_wishes().await.unwrap(), []);
        assert_eq!(desk.sent("own_account_declined").await, 1);
        let lines = accounts.activities_of(owner.account, 9).await.unwrap();
        let profile = Some("Kids".to_owned());
        let granted = false;
        let declined = Activity::OwnAccountDecided { granted, profile };
        assert_eq!(lines[0].what, declined);
        let wish = accounts.own_account_wish(&owner, kids.id).await.unwrap();
        assert!(wish.unwrap().declined.is_some());
        accounts.forget_what_is_over().await.unwrap();
        assert_eq!(approve(&desk, request).await, Promoted::Impossible);
        ask(&desk, &owner, &kids, "toni").await;
        let wish = accounts.own_account_wish(&owner, kids.id).await.unwrap();
        assert_eq!(wish.unwrap().declined, None);
        for waits in [true, false] {
            let withdrawn = accounts.withdraw_own_account(desk.by(&owner), kids.id, home());
            assert_eq!(withdrawn.await.unwrap(), waits);
        }
        let lines = accounts.activities_of(owner.account, 9).await.unwrap();
        let profile = Some("Kids".to_owned());
        let withdrawn = Activity::OwnAccountWithdrawn { profile };
        let told = lines.iter().filter(|line| line.what == withdrawn);
        assert_eq!(told.count(), 1);
        assert_eq!(accounts.open_requests().await.unwrap(), []);
        // What was declined is known for half a year.
        let declined = ask(&desk, &owner, &kids, "toni").await;
        let closed = accounts.close_request(&by, declined, home());
        closed.await.unwrap();
        for (days, is_known) in [(179, true), (2, false)] {
            desk.clock.advance(Duration::from_hours(24 * days));
            accounts.forget_what_is_over().await.unwrap();
            let wish = accounts.own_account_wish(&owner, kids.id).await.unwrap();
            assert_eq!(wish.is_some(), is_known);
        }
        let last = ask(&desk, &owner, &kids, "toni").await;
        let deleted = accounts
            .delete_profile(desk.by(&owner), kids.id, home())
            .await;
        assert!(matches!(deleted, Ok(DeletedProfile::Done(_))));
        assert_eq!(accounts.open_requests().await.unwrap(), []);
        let lines = accounts.activities_of(owner.account, 99).await.unwrap();
        let profile = Some("Kids".to_owned());
        let withdrawn = Activity::OwnAccountWithdrawn { profile };
        let lines = lines.iter().filter(|line| line.what == withdrawn);
        assert_eq!(lines.count(), 1, "the other line is forgotten by now");
        assert_eq!(approve(&desk, last).await, Promoted::Impossible);
        assert_eq!(users_like(&desk, "toni"), [""; 0]);
    }
}

#[tokio::test]
async fn r71_only_the_owner_asks_and_takes_back() {
    for desk in Desk::open_all().await {
        let (_owner, kids, _request) = asked(&desk).await;
        let other = desk.signed_in("kim", "kim-pass-1", "browser").await;
        let other = desk.session(&other.cookie).await;
        let accounts = &desk.accounts;
        let wish = wish("kim2");
        let asked = accounts.ask_own_account(desk.by(&other), kids.id, &wish, home());
        assert_eq!(asked.await.unwrap(), OwnAccountAsked::Unknown);
        assert_eq!(
            accounts.own_account_wish(&other, kids.id).await.unwrap(),
            None
        );
        accounts
            .withdraw_own_account(desk.by(&other), kids.id, home())
            .await
            .unwrap();
        assert_eq!(accounts.open_requests().await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_name_that_somebody_has_is_told_before_anything_changes() {
    for desk in Desk::open_all().await {
        desk.with_address("kim", "kim@example.org").await;
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        for name in ["KIM", "root", "Kim@Example.org"] {
            let request = ask(&desk, &owner, &kids, name).await;
            assert_eq!(approve(&desk, request).await, Promoted::NameTaken);
            assert_untouched(&desk, &kids, name).await;
            desk.accounts
                .withdraw_own_account(desk.by(&owner), kids.id, home())
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn who_asks_and_takes_back_again_and_again_floods_no_administrator() {
    for desk in Desk::open_all().await {
        desk.with_address("root", "root@example.org").await;
        let admin = desk.administrator().await;
        let owner = anna(&desk).await;
        let rule = ProfileRule {
            enabled: None,
            most: Some(6),
        };
        let set = desk
            .accounts
            .set_profile_rule(&admin, owner.account, rule, home());
        assert!(set.await.unwrap());
        let kids = make(&desk, &owner, &child("Kids")).await;
        let (accounts, wish) = (&desk.accounts, wish("toni"));
        for _ in 0..12 {
            ask(&desk, &owner, &kids, "toni").await;
            let withdrawn = accounts
                .withdraw_own_account(desk.by(&owner), kids.id, home())
                .await;
            withdrawn.unwrap();
        }
        let again = accounts.ask_own_account(desk.by(&owner), kids.id, &wish, home());
        assert_eq!(again.await.unwrap(), OwnAccountAsked::TooOften);
        assert_eq!(accounts.open_requests().await.unwrap(), []);
        assert_eq!(desk.sent("administrator_asked").await, 10);
        desk.clock.advance(Duration::from_hours(24));
        ask(&desk, &anna(&desk).await, &kids, "toni").await;
    }
}

#[tokio::test]
async fn r7_an_outage_before_the_approval_changes_nothing() {
    for desk in Desk::open_all().await {
        let (_owner, kids, request) = asked(&desk).await;
        desk.standin.faults().set("/Users", Fault::Refuse);
        let by = Admin::on_the_server();
        let approved = desk.accounts.approve_own_account(&by, request, home());
        assert!(approved.await.is_err());
        desk.standin.faults().lift_all();
        assert_untouched(&desk, &kids, "refused").await;
        assert_eq!(approve(&desk, request).await, Promoted::Done);
    }
}

#[tokio::test]
async fn without_mail_nothing_changes_and_with_it_the_same_request_is_approved() {
    for desk in Desk::open_all().await {
        let (_owner, kids, request) = asked(&desk).await;
        let without_mail = desk.replica_with(Options {
            mail_proven: false,
            ..options()
        });
        let by = Admin::on_the_server();
        let refused = without_mail.approve_own_account(&by, request, home());
        assert_eq!(refused.await.unwrap(), Promoted::NoMail);
        assert_untouched(&desk, &kids, "no mail").await;
        assert_eq!(approve(&desk, request).await, Promoted::Done);
        assert_promoted(&desk, &kids, "mail again").await;
    }
}

#[tokio::test]
async fn while_it_is_on_its_way_nobody_gets_in_and_the_job_finishes_it() {
    for desk in Desk::open_all().await {
        let (owner, kids, request) = asked(&desk).await;
        let user = kids.user.unwrap();
        let path = format!("/Users/{user}/Policy");
        desk.standin.faults().set(&path, Fault::Status(503));
        assert_eq!(approve(&desk, request).await, Promoted::Underway);
        assert_eq!(approve(&desk, request).await, Promoted::Underway);
        let state = stored(&desk, kids.id).await.profile.state;
        assert!(matches!(state, ProfileState::Leaving(_)));
        let accounts = &desk.accounts;
        let known = accounts.profile_of_user(user).await.unwrap();
        assert!(!known.unwrap().1.is_open());
        assert_eq!(
            accounts
                .profiles_for_choice(owner.account)
                .await
                .unwrap()
                .len(),
            1
        );
        let change = ProfileChange::default();
        let edited = accounts
            .edit_profile(desk.by(&owner), kids.id, &change, home())
            .await;
        assert_eq!(edited.unwrap(), EditedProfile::Unknown);
        let deleted = accounts
            .delete_profile(desk.by(&owner), kids.id, home())
            .await;
        assert_eq!(deleted.unwrap(), DeletedProfile::Unknown);
        accounts
            .withdraw_own_account(desk.by(&owner), kids.id, home())
            .await
            .unwrap();
        let by = Admin::on_the_server();
        accounts.close_request(&by, request, home()).await.unwrap();
        assert_eq!(accounts.open_requests().await.unwrap().len(), 1);
        desk.clock.advance(LATER);
        assert!(accounts.keep_profiles().await.is_err());
        desk.standin.faults().lift_all();
        desk.clock.advance(LATER);
        job(&desk).await;
        assert_promoted(&desk, &kids, "after the outage").await;
    }
}

#[tokio::test]
async fn a_name_that_is_taken_in_between_leaves_the_profile_as_it_was() {
    for desk in Desk::open_all().await {
        let (_owner, kids, request) = asked(&desk).await;
        let path = format!("/Users/{}/Policy", kids.user.unwrap());
        desk.standin.faults().set(&path, Fault::Status(503));
        assert_eq!(approve(&desk, request).await, Promoted::Underway);
        desk.standin.faults().lift_all();
        let password = SecretText::new(CHOSEN);
        let created = desk.jellyfin.create_user("Toni", &password).await;
        created.unwrap();
        desk.clock.advance(LATER);
        job(&desk).await;
        job(&desk).await;
        assert_untouched(&desk, &kids, "taken").await;
        assert_eq!(approve(&desk, request).await, Promoted::NameTaken);
    }
}

#[tokio::test]
async fn a_promotion_that_is_cut_short_anywhere_is_finished_or_never_began() {
    for desk in Desk::open_all().await {
        let mut done = 0;
        for polls in 1.. {
            // Nobody asks for so many in one day.
            desk.clock.advance(super::WEEK);
            let (owner, kids, request) = asked(&desk).await;
            let (by, accounts) = (Admin::on_the_server(), &desk.accounts);
            let approving = accounts.approve_own_account(&by, request, home());
            let is_done = cut_short_after(polls, approving).await;
            let case = format!("after {polls}");
            accounts.look_at_users().await.unwrap();
            desk.clock.advance(LATER);
            job(&desk).await;
            job(&desk).await;
            let user = kids.user.unwrap();
            let state = desk.store.profile(kids.id).await.unwrap();
            if let Some(left) = state {
                assert!(left.profile.is_open(), "{case}: {left:?}");
                assert_eq!(users_like(&desk, "toni"), [""; 0], "{case}");
                assert_eq!(accounts.open_requests().await.unwrap().len(), 1);
                delete(&desk, &owner, kids.id).await;
                desk.clock.advance(super::WEEK);
                job(&desk).await;
            } else {
                done += 1;
                assert_eq!(desk.id("toni").owner(), user, "{case}");
                assert!(desk.account("toni").await.set_up.is_some(), "{case}");
                assert!(!held(&desk, kids.user).await.policy.is_disabled, "{case}");
                assert_eq!(desk.sent("set_up_invitation").await, done, "{case}");
                assert_eq!(accounts.open_requests().await.unwrap(), [], "{case}");
                desk.jellyfin.delete_user(user).await.unwrap();
                job(&desk).await;
            }
            assert_eq!(desk.store.all_profiles().await.unwrap(), [], "{case}");
            assert_eq!(desk.store.promotions().await.unwrap(), [], "{case}");
            assert_eq!(users_like(&desk, "Kids"), [""; 0], "{case}");
            if is_done {
                assert!(polls > 9, "nothing was cut short");
                break;
            }
        }
        assert!(done > 3, "{done} were finished");
    }
}

#[tokio::test]
async fn the_owners_own_name_is_refused_at_once() {
    for desk in Desk::open_all().await {
        let owner = anna(&desk).await;
        let kids = make(&desk, &owner, &child("Kids")).await;
        let accounts = &desk.accounts;
        for own in ["anna", "ANNA"] {
            let wish = wish(own);
            let asked = accounts.ask_own_account(desk.by(&owner), kids.id, &wish, home());
            assert_eq!(asked.await.unwrap(), OwnAccountAsked::OwnersName);
        }
        assert!(accounts.open_requests().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_profile_that_stays_after_all_stays_switched_off_where_profiles_are() {
    for desk in Desk::open_all().await {
        let (_owner, kids, request) = asked(&desk).await;
        let path = format!("/Users/{}/Policy", kids.user.unwrap());
        desk.standin.faults().set(&path, Fault::Status(503));
        assert_eq!(approve(&desk, request).await, Promoted::Underway);
        let admin = desk.administrator().await;
        let off = ProfilePolicy {
            enabled: false,
            most: 5,
        };
        let switched = desk.accounts.set_profile_policy(&admin, off, home());
        switched.await.unwrap();
        desk.standin.faults().lift_all();
        let password = SecretText::new(CHOSEN);
        let created = desk.jellyfin.create_user("Toni", &password).await;
        created.unwrap();
        desk.clock.advance(LATER);
        // It is put back, and used by nobody at any moment.
        desk.accounts.keep_profiles().await.unwrap();
        let state = stored(&desk, kids.id).await.profile.state;
        assert!(matches!(state, ProfileState::Off(_)), "{state:?}");
        assert!(held(&desk, kids.user).await.policy.is_disabled);
    }
}
