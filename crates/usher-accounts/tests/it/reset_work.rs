//! A question for a reset takes the same work, whatever was typed and whomever it means (R28): what goes to the database and to
//! Jellyfin is counted.
use std::cell::RefCell;
use std::time::Duration;

use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};
use usher_accounts::admin::{Admin, Edited};
use usher_accounts::reset::ResetAsked;
use usher_domain::secret::SecretText;

use crate::desk::{Desk, at_home, from};

/// Keeps what each thread does with the database. For the whole process: what one thread alone listens to is heard only where no
/// other thread came by first.
struct Calls;

thread_local! {
    /// The names of the calls of this thread, in their order.
    static CALLS: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// What this thread did since it was last asked.
fn taken() -> Vec<&'static str> {
    CALLS.take()
}

impl Subscriber for Calls {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("sea_orm::database")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        CALLS.with_borrow_mut(|calls| calls.push(span.metadata().name()));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Mail reaches `anna`; it does not reach `kim`, for whom an administrator switched it off, and `tom`, who has no address. The
/// password of `bob` lives elsewhere, and `dora` is switched off.
async fn furnish(desk: &Desk) {
    for name in ["root", "anna", "kim"] {
        desk.with_address(name, &format!("{name}@example.org"))
            .await;
    }
    let (admin, kim, visitor) = (Admin::on_the_server(), desk.id("kim"), at_home());
    let off = desk.accounts.set_recovery_off(&admin, kim, true, &visitor);
    assert_eq!(off.await.unwrap(), Edited::Done);
    let provider = "Jellyfin.Plugin.LDAP_Auth.LdapAuthenticationProviderPlugin";
    desk.set_policy("bob", "AuthenticationProviderId", provider)
        .await;
    let password = SecretText::new("tom-pass-1");
    desk.jellyfin.create_user("tom", &password).await.unwrap();
    desk.accounts.look_at_users().await.unwrap();
}

#[tokio::test]
async fn r28_a_question_takes_as_many_statements_whomever_it_means() {
    tracing::subscriber::set_global_default(Calls).unwrap();
    for desk in Desk::open_all().await {
        furnish(&desk).await;
        let named = ["anna", "kim", "tom", "bob", "dora", "nobody"];
        // A user name may have the form of an address.
        let addressed = ["anna@example.org", "nobody@example.org", "mail@example.org"];
        for typed in [&named[..], &addressed] {
            let mut work = Vec::new();
            for (number, name) in typed.iter().chain(typed).enumerate() {
                desk.clock.advance(Duration::from_mins(20));
                desk.standin.faults().forget_counts();
                taken();
                let visitor = from(&format!("192.0.2.{number}"));
                let asked = desk.accounts.ask_reset(name, None, "en", &visitor).await;
                assert!(matches!(asked.unwrap(), ResetAsked::Noted(_)), "{name}");
                let taken = taken();
                assert!(taken.contains(&"commit"), "{name}: they are seen");
                work.push((*name, taken.len(), desk.standin.faults().asked_in_all()));
                desk.mails().await;
            }
            let (_, statements, asked) = work[0];
            let is_alike = |one: &(&str, usize, usize)| (one.1, one.2) == (statements, asked);
            assert!(work.iter().all(is_alike), "{work:?}");
        }
        // Anna was asked for by name and by address, twice each; for the others administrators were asked once.
        assert_eq!(desk.sent("reset").await, 4);
        let requests = desk.accounts.open_requests().await.unwrap();
        let asked_for: Vec<_> = requests.iter().map(|request| request.account).collect();
        assert_eq!(
            asked_for,
            ["kim", "tom", "mail@example.org"].map(|name| desk.id(name))
        );
    }
}
