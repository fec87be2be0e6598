use std::time::Duration;

use usher_accounts::AccountError;
use usher_accounts::limits::{Admitted, Whose};
use usher_accounts::reset::{NewPassword, ResetAsked, ResetCode};
use usher_accounts::sign_in::WebSignIn;
use usher_domain::activity::Activity;
use usher_domain::code::Purpose;
use usher_domain::mail::Wish;
use usher_domain::password::PasswordError;
use usher_domain::secret::{OpaqueToken, SecretText};
use usher_domain::settings::{RecoveryPolicy, Requirement};
use usher_domain::sign_in::Step;
use usher_domain::visitor::Visitor;
use usher_standin::Fault;

use crate::desk::{Desk, NOON, another, at_home, from, revoke_token, token_of};

const NEW: &str = "seven green lamps";

async fn ask(desk: &Desk, typed: &str, address: &str) -> OpaqueToken {
    let visitor = from(address);
    let asked = desk.accounts.ask_reset(typed, None, "en", &visitor).await;
    let ResetAsked::Noted(flow) = asked.unwrap() else {
        panic!("it is noted");
    };
    flow
}

async fn answer(desk: &Desk, flow: &OpaqueToken, typed: &str) -> ResetCode {
    answer_from(desk, flow, typed, &at_home()).await
}

async fn answer_from(desk: &Desk, flow: &OpaqueToken, typed: &str, visitor: &Visitor) -> ResetCode {
    let answered = desk.accounts.answer_reset_code(flow, typed, visitor).await;
    answered.unwrap()
}

async fn choose(
    desk: &Desk,
    proof: &OpaqueToken,
    password: &str,
) -> Result<NewPassword, AccountError> {
    let password = SecretText::new(password);
    desk.accounts
        .choose_new_password(proof, &password, &at_home())
        .await
}

async fn link_to(desk: &Desk, address: &str) -> OpaqueToken {
    token_of(&desk.mail_to(address).await.link.unwrap())
}

#[tokio::test]
async fn r14_r16_r47_a_reset_by_code_ends_everything_and_signs_nobody_in() {
    let desk = Desk::open().await;
    let before = desk.with_address("anna", "anna@example.org").await;
    let policy = Requirement::Required;
    desk.accounts.set_email_policy(policy).await.unwrap();
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let mail = desk.mail_to("anna@example.org").await;
    assert_eq!(mail.kind, "reset");
    let code = mail.code.clone().unwrap();
    assert!(matches!(
        answer(&desk, &flow, "1").await,
        ResetCode::NotACode
    ));
    assert!(matches!(
        answer(&desk, &flow, &another(&code)).await,
        ResetCode::Wrong { tries_left: 4 }
    ));
    let ResetCode::Right(proof) = answer(&desk, &flow, &code).await else {
        panic!("the code is right");
    };
    assert!(matches!(answer(&desk, &flow, &code).await, ResetCode::Dead));
    let view = desk.accounts.look_at_reset(&proof).await.unwrap();
    assert_eq!(view.unwrap().name, "anna");
    assert!(matches!(
        choose(&desk, &proof, "short").await.unwrap(),
        NewPassword::Refused(PasswordError::TooShort)
    ));
    assert!(desk.lives(&before.token).await);
    assert!(matches!(
        choose(&desk, &proof, NEW).await.unwrap(),
        NewPassword::Set
    ));
    assert!(!desk.lives(&before.token).await);
    let holder = desk.accounts.holder(&before.token, None, &at_home()).await;
    assert_eq!(holder.unwrap(), None);
    let session = desk.accounts.web_session(&before.cookie).await.unwrap();
    assert!(session.is_none());
    assert!(desk.store.tokens(desk.id("anna")).await.unwrap().is_empty());
    let link = token_of(&mail.link.unwrap());
    for dead in [&proof, &link] {
        assert!(desk.accounts.look_at_reset(dead).await.unwrap().is_none());
        assert!(matches!(
            choose(&desk, dead, "another green lamp").await.unwrap(),
            NewPassword::Dead
        ));
    }
    assert_eq!(
        desk.mail_to("anna@example.org").await.kind,
        "password_changed"
    );
    assert!(matches!(
        desk.web("anna", "anna-pass-1", "den").await,
        WebSignIn::Wrong
    ));
    assert!(matches!(
        desk.web("anna", NEW, "den").await,
        WebSignIn::Done(_)
    ));
}

#[tokio::test]
async fn a_reset_by_link_works_once_and_in_time() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    ask(&desk, "Anna@Example.org", "192.0.2.1").await;
    let link = link_to(&desk, "anna@example.org").await;
    for _ in 0..20 {
        assert!(desk.accounts.look_at_reset(&link).await.unwrap().is_some());
    }
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Set
    ));
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Dead
    ));
    desk.clock.advance(Duration::from_mins(2));
    ask(&desk, "anna", "192.0.2.1").await;
    let late = link_to(&desk, "anna@example.org").await;
    desk.clock.advance(Duration::from_mins(30));
    assert!(matches!(
        choose(&desk, &late, "another green lamp").await.unwrap(),
        NewPassword::Dead
    ));
}

#[tokio::test]
async fn r27_r28_known_and_unknown_names_get_the_same_answers_and_the_same_rows() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let mut told = Vec::new();
    for name in ["anna", "nobody", "nobody@example.org", "kim"] {
        let before = desk.store.challenge_count().await.unwrap();
        desk.standin.faults().forget_counts();
        let flow = ask(&desk, name, "192.0.2.1").await;
        let after = desk.store.challenge_count().await.unwrap();
        let asked = desk.standin.faults().asked_in_all();
        let code = match name {
            "anna" => another(&desk.mail_to("anna@example.org").await.code.unwrap()),
            _ => "123456".to_owned(),
        };
        let mut answers = Vec::new();
        // From an address of its own: no more than twenty of one are judged.
        let visitor = from(&format!("192.0.2.{}", told.len()));
        for _ in 0..6 {
            let answered = answer_from(&desk, &flow, &code, &visitor).await;
            answers.push(format!("{answered:?}"));
        }
        told.push((after - before, asked, answers));
    }
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(told[0].0, 3);
    assert_eq!(desk.sent("reset").await, 1);
}

#[tokio::test]
async fn r19_r23_twenty_wrong_reset_codes_block_their_address_also_for_passwords() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let flow = ask(&desk, "anna", "192.0.2.1").await;
        let code = desk.mail_to("anna@example.org").await.code.unwrap();
        let guesser = from("203.0.113.7");
        let mut strange = flow.clone();
        for number in 0..4 {
            strange = ask(&desk, &format!("nobody {number}"), "192.0.2.2").await;
            for tries_left in (0..5).rev() {
                let wrong = answer_from(&desk, &strange, "123456", &guesser).await;
                let ResetCode::Wrong { tries_left: left } = wrong else {
                    panic!("it is judged: {wrong:?}");
                };
                assert_eq!(left, tries_left);
            }
        }
        let minute = Duration::from_mins(1);
        for (flow, typed) in [(&strange, "123456"), (&flow, &*code)] {
            let blocked = answer_from(&desk, flow, typed, &guesser).await;
            assert!(matches!(blocked, ResetCode::Wait(span) if span == minute));
        }
        let admitted = desk.accounts.admit(Whose::Typed("anyone"), &guesser).await;
        assert!(matches!(admitted.unwrap(), Admitted::Wait(span) if span == minute));
        // Elsewhere the code is good, and no try of it was lost.
        let missed = answer(&desk, &flow, &another(&code)).await;
        assert!(matches!(missed, ResetCode::Wrong { tries_left: 4 }));
        let right = answer(&desk, &flow, &code).await;
        assert!(matches!(right, ResetCode::Right(_)), "{right:?}");
    }
}

#[tokio::test]
async fn right_reset_codes_and_codes_that_are_over_count_against_no_address() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let code = desk.mail_to("anna@example.org").await.code.unwrap();
    let right = answer(&desk, &flow, &code).await;
    assert!(matches!(right, ResetCode::Right(_)), "{right:?}");
    for _ in 0..30 {
        let over = answer(&desk, &flow, &code).await;
        assert!(matches!(over, ResetCode::Dead), "{over:?}");
    }
}

#[tokio::test]
async fn r27_asking_twice_for_one_account_shows_nothing_and_sends_one_mail() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let code = desk.mail_to("anna@example.org").await.code.unwrap();
    ask(&desk, "anna@example.org", "192.0.2.1").await;
    ask(&desk, "anna", "198.51.100.1").await;
    assert_eq!(desk.sent("reset").await, 1);
    let asked = desk
        .accounts
        .ask_reset("anna", Some(&flow), "en", &from("192.0.2.1"))
        .await;
    assert!(matches!(asked.unwrap(), ResetAsked::Wait(_)));
    assert!(matches!(
        answer(&desk, &flow, &code).await,
        ResetCode::Right(_)
    ));
}

#[tokio::test]
async fn r2_a_code_is_good_only_in_the_browser_that_asked() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    ask(&desk, "anna", "192.0.2.1").await;
    let code = desk.mail_to("anna@example.org").await.code.unwrap();
    let other = ask(&desk, "anna", "198.51.100.1").await;
    assert!(matches!(
        answer(&desk, &other, &code).await,
        ResetCode::Wrong { .. }
    ));
}

#[tokio::test]
async fn r14_a_newer_question_kills_the_older_code_and_link() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let old = desk.mail_to("anna@example.org").await;
    desk.clock.advance(Duration::from_mins(2));
    ask(&desk, "anna", "198.51.100.1").await;
    let new = link_to(&desk, "anna@example.org").await;
    assert!(matches!(
        answer(&desk, &flow, &old.code.unwrap()).await,
        ResetCode::Dead
    ));
    let old = token_of(&old.link.unwrap());
    assert!(desk.accounts.look_at_reset(&old).await.unwrap().is_none());
    assert!(desk.accounts.look_at_reset(&new).await.unwrap().is_some());
}

#[tokio::test]
async fn r14_a_changed_address_kills_open_resets() {
    let desk = Desk::open().await;
    let anna = desk.with_address("anna", "anna@example.org").await;
    let session = desk.session(&anna.cookie).await;
    ask(&desk, "anna", "192.0.2.1").await;
    let link = link_to(&desk, "anna@example.org").await;
    desk.prove(&session, "new@example.org").await;
    assert!(desk.accounts.look_at_reset(&link).await.unwrap().is_none());
}

#[tokio::test]
async fn r10_this_was_not_me_kills_code_link_and_proof() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let mail = desk.mail_to("anna@example.org").await;
    let code = mail.code.clone().unwrap();
    let ResetCode::Right(proof) = answer(&desk, &flow, &code).await else {
        panic!("the code is right");
    };
    let revoked = desk.accounts.revoke(&revoke_token(&mail), &at_home()).await;
    assert!(revoked.unwrap());
    let link = token_of(&mail.link.unwrap());
    for dead in [&proof, &link] {
        assert!(desk.accounts.look_at_reset(dead).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn r15_an_outage_of_jellyfin_costs_nothing_and_the_choice_is_repeated() {
    let desk = Desk::open().await;
    let before = desk.with_address("anna", "anna@example.org").await;
    ask(&desk, "anna", "192.0.2.1").await;
    let link = link_to(&desk, "anna@example.org").await;
    let faults = desk.standin.faults();
    for fault in [Fault::Status(500), Fault::Refuse] {
        faults.set("/users/password", fault);
        assert!(choose(&desk, &link, NEW).await.is_err());
    }
    faults.set("", Fault::Refuse);
    assert!(choose(&desk, &link, NEW).await.is_err());
    faults.lift_all();
    assert!(desk.lives(&before.token).await);
    assert_eq!(desk.sent("password_changed").await, 0);
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Set
    ));
    assert!(matches!(
        desk.web("anna", NEW, "den").await,
        WebSignIn::Done(_)
    ));
}

#[tokio::test]
async fn r15_a_request_that_died_on_the_way_holds_the_proof_for_a_minute() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    ask(&desk, "anna", "192.0.2.1").await;
    let link = link_to(&desk, "anna@example.org").await;
    let now = NOON + Duration::from_mins(2);
    let tx = desk.store.begin().await.unwrap();
    let found = tx.link(&link.hash(), Purpose::Reset, now).await.unwrap();
    let until = now + Duration::from_mins(1);
    let id = found.unwrap().id;
    assert!(tx.lease_challenge(id, now, until).await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Busy
    ));
    desk.clock.advance(Duration::from_mins(1));
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Set
    ));
}

#[tokio::test]
async fn r5_r15_one_proof_sets_one_password_however_many_choose_at_once() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        ask(&desk, "anna", "192.0.2.1").await;
        let link = link_to(&desk, "anna@example.org").await;
        let racers: Vec<_> = (0..64)
            .map(|number| {
                let (accounts, link) = (desk.accounts.clone(), link.clone());
                let password = format!("{number} green lamps");
                tokio::spawn(async move {
                    let chosen = SecretText::new(password.as_str());
                    let visitor = at_home();
                    let done = accounts.choose_new_password(&link, &chosen, &visitor);
                    (password, done.await.unwrap())
                })
            })
            .collect();
        let mut winners = Vec::new();
        for racer in racers {
            let (password, done) = racer.await.unwrap();
            let is_late = matches!(done, NewPassword::Busy | NewPassword::Dead);
            if matches!(done, NewPassword::Set) {
                winners.push(password);
            } else {
                assert!(is_late, "{done:?}");
            }
        }
        let [winner] = winners.as_slice() else {
            panic!("one wins: {winners:?}");
        };
        assert!(matches!(
            desk.web("anna", winner, "den").await,
            WebSignIn::Done(_)
        ));
        assert_eq!(desk.sent("password_changed").await, 1);
    }
}

#[tokio::test]
async fn r5_one_code_gives_one_proof_however_many_type_it_at_once() {
    for desk in Desk::open_all().await {
        desk.with_address("anna", "anna@example.org").await;
        let flow = ask(&desk, "anna", "192.0.2.1").await;
        let code = desk.mail_to("anna@example.org").await.code.unwrap();
        let racers: Vec<_> = (0..64)
            .map(|number| {
                let (accounts, flow, code) = (desk.accounts.clone(), flow.clone(), code.clone());
                let visitor = from(&format!("203.{number}.113.7"));
                tokio::spawn(
                    async move { accounts.answer_reset_code(&flow, &code, &visitor).await },
                )
            })
            .collect();
        let mut proofs = 0;
        for racer in racers {
            let became = racer.await.unwrap().unwrap();
            let is_right = matches!(became, ResetCode::Right(_));
            assert!(is_right || matches!(became, ResetCode::Dead), "{became:?}");
            proofs += u32::from(is_right);
        }
        assert_eq!(proofs, 1);
    }
}

#[tokio::test]
async fn r23_many_wrong_codes_leave_only_links() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    for stranger in 0..11 {
        let address = format!("198.51.100.{stranger}");
        let flow = ask(&desk, "nobody", &address).await;
        for _ in 0..5 {
            answer_from(&desk, &flow, "123456", &from(&address)).await;
        }
    }
    let flow = ask(&desk, "anna", "192.0.2.1").await;
    let mail = desk.mail_to("anna@example.org").await;
    assert_eq!(mail.code, None);
    assert!(matches!(
        answer(&desk, &flow, "123456").await,
        ResetCode::OnlyLinks
    ));
    let link = token_of(&mail.link.unwrap());
    assert!(matches!(
        choose(&desk, &link, NEW).await.unwrap(),
        NewPassword::Set
    ));
}

#[tokio::test]
async fn where_mail_cannot_help_an_administrator_is_asked_once() {
    let desk = Desk::open().await;
    desk.with_address("root", "root@example.org").await;
    for address in ["192.0.2.1", "192.0.2.2"] {
        ask(&desk, "kim", address).await;
        ask(&desk, "dora", address).await;
        ask(&desk, "nobody", address).await;
    }
    let open = desk.accounts.open_requests().await.unwrap();
    let wishes: Vec<_> = open.iter().map(|one| (one.account, one.wish)).collect();
    assert_eq!(wishes, [(desk.id("kim"), Wish::PasswordReset)]);
    assert_eq!(desk.sent("administrator_asked").await, 1);
    assert_eq!(desk.sent("reset").await, 0);
    let (admin, request) = (desk.administrator().await, open[0].id);
    for _again in 0..2 {
        let visitor = from("192.0.2.9");
        let closed = desk.accounts.close_request(&admin, request, &visitor);
        closed.await.unwrap();
    }
    assert!(desk.accounts.open_requests().await.unwrap().is_empty());
    let lines = desk
        .accounts
        .activities_of(desk.id("kim"), 9)
        .await
        .unwrap();
    let closed = lines
        .iter()
        .filter(|line| line.what == Activity::RequestClosed);
    let actors: Vec<_> = closed.map(|line| line.actor).collect();
    assert_eq!(actors, [admin.actor()]);
}

#[tokio::test]
async fn recovery_by_mail_that_is_off_is_off_for_everybody() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    let off = RecoveryPolicy {
        by_mail: false,
        elsewhere: String::new(),
    };
    desk.set_recovery(off).await;
    for name in ["anna", "nobody"] {
        let visitor = from("192.0.2.1");
        let asked = desk.accounts.ask_reset(name, None, "en", &visitor).await;
        assert!(matches!(asked.unwrap(), ResetAsked::Off));
    }
    assert_eq!(desk.sent("reset").await, 0);
    assert_eq!(desk.accounts.open_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn r47_a_sign_in_that_was_begun_with_the_old_password_ends_with_it() {
    let desk = Desk::open().await;
    desk.with_address("kim", "kim@example.org").await;
    let kim = desk.accounts.clone();
    ask(&desk, "kim", "192.0.2.1").await;
    let link = link_to(&desk, "kim@example.org").await;
    // Kim's address is taken away by an administrator, and a thief knows the old password.
    let tx = desk.store.begin().await.unwrap();
    tx.set_address(desk.id("kim"), None, usher_store::Claim::Own)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    kim.set_email_policy(Requirement::Required).await.unwrap();
    let WebSignIn::Next(thief, Step::Email) = desk.web("kim", "kim-pass-1", "den").await else {
        panic!("an address is owed");
    };
    assert!(kim.attempt(&thief).await.unwrap().is_some());
    choose(&desk, &link, NEW).await.unwrap();
    assert!(kim.attempt(&thief).await.unwrap().is_none());
}

#[tokio::test]
async fn a_password_that_lives_elsewhere_is_not_set_here() {
    let desk = Desk::open().await;
    desk.with_address("anna", "anna@example.org").await;
    ask(&desk, "anna", "192.0.2.1").await;
    let link = link_to(&desk, "anna@example.org").await;
    let policy = RecoveryPolicy {
        by_mail: true,
        elsewhere: "Ask the library".to_owned(),
    };
    desk.set_recovery(policy).await;
    for user in &mut desk.standin.state().users {
        let provider = "Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin";
        let name = "AuthenticationProviderId".to_owned();
        user.policy.insert(name, provider.into());
    }
    let NewPassword::Elsewhere(text) = choose(&desk, &link, NEW).await.unwrap() else {
        panic!("it lives elsewhere");
    };
    assert_eq!(text, "Ask the library");
}
