//! The first password, over the pages.
use std::sync::Arc;

use usher_accounts::admin::{Admin, Created, NewAccount};
use usher_domain::account::SetUpWay;
use usher_domain::name::UserName;
use usher_domain::time::SystemClock;
use usher_domain::visitor::Visitor;
use usher_standin::{Fault, Standin};

use crate::browser::Browser;
use crate::client::{House, VERSIONS, jellyfin};
use crate::replicas::storages;

const RACERS: usize = 64;

/// Makes an account that waits; answers its code.
async fn waiting(house: &House, name: &str) -> String {
    let new = NewAccount {
        name: UserName::parse(name).unwrap(),
        way: SetUpWay::Code,
        address: None,
        anywhere: false,
        language: "en".to_owned(),
    };
    let here = Visitor::new([127, 0, 0, 1].into(), true, "test");
    let by = Admin::on_the_server();
    let made = house.accounts.create_account(&by, &new, &here).await;
    let Created::Code { code, .. } = made.unwrap() else {
        panic!("no code was made");
    };
    code.reveal().to_owned()
}

fn is_password(standin: &Standin, name: &str, password: &str) -> bool {
    let state = standin.state();
    let user = state.users.iter().find(|user| user.name == name);
    user.unwrap().is_password(password)
}

/// Name and code, then the password; answers whether the password was taken.
async fn race(address: String, code: String, password: String) -> bool {
    let mut browser = Browser::at(&address);
    let form = [("name", "vic"), ("code", &*code), ("device", "")];
    let entered = browser.send("first-time", &form).await;
    if entered.location != "set-password" {
        return false;
    }
    let form = [("password", &*password)];
    let chosen = browser.send("set-password", &form).await;
    browser.is_signed_in() || chosen.location == "email"
}

#[tokio::test]
async fn r5_a_set_up_code_that_is_used_by_many_at_once_sets_one_password() {
    for storage in storages() {
        let standin = jellyfin(VERSIONS[1]).await;
        let house = House::over(standin, Arc::new(SystemClock), Some(storage.options())).await;
        let code = waiting(&house, "vic").await;
        let password = |number: usize| format!("vics-own-choice-{number:02}");
        let racers: Vec<_> = (0..RACERS)
            .map(|number| {
                let address = house.address.clone();
                tokio::spawn(race(address, code.clone(), password(number)))
            })
            .collect();
        let mut winners = Vec::new();
        for (number, racer) in racers.into_iter().enumerate() {
            if racer.await.unwrap() {
                winners.push(number);
            }
        }
        let kept: Vec<usize> = (0..RACERS)
            .filter(|number| is_password(&house.standin, "vic", &password(*number)))
            .collect();
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(winners, kept);
        let late = race(house.address.clone(), code, password(RACERS)).await;
        assert!(!late, "the code is used up");
    }
}

#[tokio::test]
async fn r74_a_first_password_that_jellyfin_could_not_take_can_be_chosen_again() {
    for version in VERSIONS {
        let house = House::open(version).await;
        let code = waiting(&house, "vic").await;
        let mut browser = Browser::at(&house.address);
        let form = [("name", "vic"), ("code", &*code), ("device", "")];
        let entered = browser.send("first-time", &form).await;
        assert_eq!(entered.location, "set-password", "{version:?}");
        let choice = [("password", "vics-own-choice")];
        house.standin.faults().set("", Fault::Refuse);
        let away = browser.send("set-password", &choice).await;
        assert_eq!(away.location, "", "{version:?}");
        assert!(away.html.contains("<html"), "{version:?}: {}", away.html);
        house.standin.faults().lift_all();
        let chosen = browser.send("set-password", &choice).await;
        assert!(
            browser.is_signed_in() || chosen.location == "email",
            "{version:?}: {}",
            chosen.location
        );
        assert!(is_password(&house.standin, "vic", "vics-own-choice"));
    }
}
