//! The first page of the console.
use std::time::Duration;

use usher_accounts::admin::{Admin, WARNINGS};
use usher_domain::activity::Activity;
use usher_standin::Fault;

use crate::desk::{Desk, at_home};

#[tokio::test]
async fn the_overview_counts_days_and_names_whom_a_line_is_about() {
    for desk in Desk::open_all().await {
        desk.web("anna", "wrong", "tv").await;
        desk.clock.advance(Duration::from_hours(24));
        desk.signed_in("anna", "anna-pass-1", "tv").await;
        desk.clock.advance(Duration::from_secs(1));
        desk.signed_in("kim", "kim-pass-1", "tv").await;
        let admin = Admin::on_the_server();
        let overview = desk.accounts.console_overview(&admin).await.unwrap();
        assert_eq!(overview.days.len(), 14);
        assert_eq!(overview.days[12..], [(0, 1), (2, 0)]);
        assert_eq!(overview.days[..12], [(0, 0); 12]);
        let newest = &overview.activity[0];
        assert!(matches!(newest.line.what, Activity::SignedIn { .. }));
        assert_eq!((newest.whose.as_str(), newest.by.as_str()), ("kim", ""));
        assert_eq!(overview.counts.passwordless, 1);
    }
}

#[tokio::test]
async fn what_an_administrator_should_look_at_is_named() {
    let desk = Desk::open_without_mail().await;
    let admin = Admin::on_the_server();
    let kim = desk.id("kim");
    let waits = desk
        .accounts
        .await_set_up_from_dashboard(kim, &admin, &at_home())
        .await;
    waits.unwrap();
    desk.clock.advance(Duration::from_hours(73));
    let overview = desk.accounts.console_overview(&admin).await.unwrap();
    assert_eq!(
        overview.warnings,
        [
            "console-warning-known-proxies",
            "console-warning-no-mail",
            "console-warning-overdue",
            "console-warning-passwordless",
        ]
    );
    desk.standin.faults().set("/System", Fault::Refuse);
    let overview = desk.accounts.console_overview(&admin).await.unwrap();
    assert_eq!(overview.warnings[0], "console-warning-jellyfin-away");
    assert!(overview.warnings.iter().all(|key| WARNINGS.contains(key)));
}
