//! Signing in with a second factor while no mail leaves: whoever has another factor does not notice, and whoever has codes by
//! mail alone is told what helps.
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use usher_domain::time::{TestClock, Timestamp};

use crate::browser::Browser;
use crate::client::VERSIONS;
use crate::factors::{with_app, with_mail_codes};
use crate::mail_server::{MailServer, Mood};
use crate::recovery::house;

#[tokio::test]
async fn r73_while_mail_is_dead_apps_recovery_codes_and_trusted_browsers_sign_in() {
    for version in VERSIONS {
        let clock = Arc::new(TestClock::at(Timestamp::from_millis(1_795_521_600_000)));
        let mail = MailServer::start(Mood::Well).await;
        let house = house(version, &mail, &clock).await;
        let codes = with_mail_codes(&house, "anna").await;
        let root = with_app(&house, "root").await;
        let kim = with_app(&house, "kim").await;
        clock.advance(Duration::from_hours(2));
        mail.is(Mood::Dead);

        // A code that waits for over a minute says that mail does not leave.
        let mut early = Browser::at(&house.address);
        let asked = early.sign_in("anna", "anna-pass-1").await;
        assert_eq!(asked.location, "second-factor", "{version:?}");
        clock.advance(Duration::from_mins(2));
        for told in ["Mail does not leave", "A recovery code helps"] {
            let page = early.open("second-factor").await.html;
            assert!(page.contains(told), "{version:?}: {page}");
        }
        let code = codes[0].grouped();
        for (typed, is_right) in [("AAAA-AAAA-AAAA-AAAA-AAAA", false), (&code, true)] {
            let form = [("way", "recovery"), ("code", typed)];
            early.send("second-factor", &form).await;
            assert_eq!(early.is_signed_in(), is_right, "{version:?}");
        }

        let mut browser = Browser::at(&house.address);
        browser.sign_in("root", "root-pass-1").await;
        assert!(!browser.is_signed_in(), "{version:?}");
        let code = root.code(&house);
        let form = [("way", "totp"), ("code", &*code), ("trust", "yes")];
        browser.send("second-factor", &form).await;
        assert!(browser.is_signed_in(), "{version:?}");
        browser.send("account-sign-out", &[]).await;
        assert!(!browser.is_signed_in(), "{version:?}");
        browser.sign_in("root", "root-pass-1").await;
        assert!(browser.is_signed_in(), "{version:?}: it is trusted");

        let typed = format!("kim-pass-1 {}", kim.code(&house));
        let app = house.sign_in("kim", &typed).await;
        assert_eq!(app.status(), StatusCode::OK, "{version:?}");
    }
}
