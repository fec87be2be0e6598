use std::time::Duration;

use usher_accounts::second_factor::Shown;
use usher_domain::activity::Activity;
use usher_domain::second_factor::{Demand, Methods, SecondFactorPolicy};
use usher_standin::Fault;

use super::signed_in;
use crate::desk::{Desk, at_home};

impl Desk {
    /// Demands a factor of some, as `root`.
    async fn demand(&self, demand: Demand) {
        let admin = self.administrator().await;
        let policy = SecondFactorPolicy {
            demand,
            from: Some(self.accounts.now() + Duration::from_hours(24)),
            methods: Methods::default(),
        };
        let visitor = at_home();
        let set = self
            .accounts
            .set_second_factor_policy(&admin, &policy, &visitor);
        set.await.unwrap();
    }
}

#[tokio::test]
async fn whoever_must_have_a_factor_and_signed_in_without_is_signed_out_everywhere() {
    for desk in Desk::open_all().await {
        let (accounts, visitor) = (&desk.accounts, at_home());
        let (seed, ..) = desk.with_app("anna").await;
        let cookie = desk.asked_for_factor("anna").await;
        let code = desk.code(&seed);
        let with = signed_in(desk.answer(&cookie, Shown::Totp(&code)).await);
        let without = desk.signed_in("kim", "kim-pass-1", "attic").await;
        let admin = desk.administrator().await;
        let own = desk.signed_in("root", "root-pass-1", "office").await;
        let here = desk.session(&own.cookie).await;

        // Nobody must have one yet.
        let ended = accounts.end_sessions_without_factor(&admin, &here, &visitor);
        assert_eq!(ended.await.unwrap(), 0);
        assert!(desk.lives(&without.token).await);

        desk.demand(Demand::Everyone).await;
        // Whatever Jellyfin says of it now.
        desk.standin
            .faults()
            .set("/sessions/logout", Fault::Status(503));
        let ended = accounts.end_sessions_without_factor(&admin, &here, &visitor);
        // Kim's, root's in other browsers, and the one in which anna set the app up.
        assert_eq!(ended.await.unwrap(), 3);
        desk.standin.faults().lift_all();
        let holder = accounts.holder(&without.token, None, &visitor).await;
        assert_eq!(holder.unwrap(), None);
        desk.clock.advance(Duration::from_mins(2));
        accounts.sign_out_what_ended().await.unwrap();
        assert!(!desk.lives(&without.token).await);
        let gone = accounts.web_session(&without.cookie).await.unwrap();
        assert!(gone.is_none());
        assert!(desk.lives(&with.token).await, "a factor was shown");
        assert!(accounts.web_session(&with.cookie).await.unwrap().is_some());
        assert!(desk.lives(&own.token).await, "the administrator's browser");
        assert!(accounts.web_session(&own.cookie).await.unwrap().is_some());
        let page = accounts.account_page(&admin, desk.id("kim")).await.unwrap();
        let lines = page.unwrap().activity;
        let mut ends = lines.iter();
        let line = ends.find(|named| matches!(named.line.what, Activity::SignedOutEverywhere));
        let line = line.unwrap();
        assert!(line.line.actor.is_some(), "an administrator did it");

        let again = accounts.end_sessions_without_factor(&admin, &here, &visitor);
        assert_eq!(again.await.unwrap(), 0);
    }
}

#[tokio::test]
async fn sessions_of_those_who_need_no_factor_stay() {
    let desk = Desk::open().await;
    let kim = desk.signed_in("kim", "kim-pass-1", "attic").await;
    let admin = desk.administrator().await;
    let own = desk.signed_in("root", "root-pass-1", "office").await;
    let here = desk.session(&own.cookie).await;
    desk.demand(Demand::Administrators).await;
    let visitor = at_home();
    let ended = desk
        .accounts
        .end_sessions_without_factor(&admin, &here, &visitor);
    assert_eq!(ended.await.unwrap(), 1, "root's other browsers");
    assert!(desk.lives(&kim.token).await);
}
