//! `usher serve` in a process of its own, over each database: what was done by it is there after `kill -9`, for the next one.
use std::path::Path;

use http::{Method, StatusCode};
use usher::application::accounts;
use usher_accounts::admin::{Admin, Edited};
use usher_domain::address::EmailAddress;
use usher_domain::visitor::Visitor;

use crate::browser::Browser;
use crate::client::{VERSIONS, jellyfin, json_of};
use crate::mail_server::{MailServer, Mood};
use crate::processes::{ask, sign_in};
use crate::program::{HOST, Program, USUAL_LOG, configure};
use crate::replicas::storages;

const NEW: &str = "a-lamp-in-the-hall";

/// An administrator on the server enters a proven address for `anna`.
async fn vouch(folder: &Path) {
    let config = usher_config::Config::read(&folder.join("usher.toml")).unwrap();
    let plan = usher::serve::blueprint(&config).unwrap();
    let desk = accounts(&plan).await.unwrap();
    desk.look_at_users().await.unwrap();
    let anna = desk.account_named("anna").await.unwrap().unwrap();
    let address = EmailAddress::parse("anna@example.org").unwrap();
    let (by, here) = (
        Admin::on_the_server(),
        Visitor::new([127, 0, 0, 1].into(), true, "test"),
    );
    let entered = desk.enter_address(&by, anna.id, Some(&address), true, &here);
    assert_eq!(entered.await.unwrap(), Edited::Done);
}

#[tokio::test]
async fn a_password_that_was_reset_and_a_sign_in_outlive_the_process() {
    for storage in storages() {
        let standin = jellyfin(VERSIONS[1]).await;
        let mut mail = MailServer::start(Mood::Well).await;
        let folder = tempfile::tempdir().unwrap();
        let more = format!(
            "[mail]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"loopback_plain\"\nfrom = \"usher@example.org\"\n",
            mail.port
        );
        configure(folder.path(), &standin, &storage.options(), &more);
        vouch(folder.path()).await;

        let before = Program::start(folder.path(), USUAL_LOG).await;
        let old = json_of(&sign_in(&before, "anna", "anna-pass-1").await);
        let mut browser = Browser::of(HOST);
        browser.arrive_at(&before.address);
        browser.send("forgot", &[("name", "anna")]).await;
        let letter = mail.letter().await;
        browser.send("reset-code", &[("code", letter.code())]).await;
        let chosen = browser.send("new-password", &[("password", NEW)]).await;
        assert_eq!(chosen.location, "sign-in?said=reset", "{}", chosen.html);
        browser.sign_in("anna", NEW).await;
        assert!(browser.is_signed_in());
        let new = json_of(&sign_in(&before, "anna", NEW).await);
        before.kill().await;

        let after = Program::start(folder.path(), USUAL_LOG).await;
        for (signed_in, expected) in [(old, StatusCode::UNAUTHORIZED), (new, StatusCode::OK)] {
            let token = signed_in["AccessToken"].as_str().unwrap();
            let known = ask(&after, Method::GET, "/Users/Me", token).await;
            assert_eq!(known, expected);
        }
        let account = browser.arrive_at(&after.address).open("account").await;
        assert!(account.html.contains("anna"), "{}", account.location);
        let used = [("link", letter.links()[0])];
        let again = Browser::of(HOST)
            .arrive_at(&after.address)
            .send("reset", &used)
            .await;
        assert!(again.html.contains("aria-invalid"), "{}", again.location);
        for (password, expected) in [
            ("anna-pass-1", StatusCode::UNAUTHORIZED),
            (NEW, StatusCode::OK),
        ] {
            let answer = sign_in(&after, "anna", password).await;
            assert_eq!(answer.status(), expected);
        }
    }
}
