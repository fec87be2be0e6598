//! Accounts: what Jellyfin says and what Usher knows stay apart, and an address has one owner.
use std::time::Duration;

use usher_domain::account::{Account, Address, AddressProof, Epoch, SeenUser, SetUp, SetUpWay};
use usher_domain::address::EmailAddress;
use usher_domain::id::AccountId;
use usher_domain::name::NameKey;
use usher_store::{AccountCounts, AccountSearch, AccountState, Claim, Store, StoreError};
use uuid::Uuid;

use crate::databases::{NOON, databases, winners_of_64};

const MINUTE: Duration = Duration::from_mins(1);

const CODE: SetUp = SetUp {
    way: SetUpWay::Code,
    until: NOON,
    anywhere: true,
};

fn id(number: u32) -> AccountId {
    AccountId::new(Uuid::from_u128(number.into()))
}

fn user(number: u32, name: &str) -> SeenUser {
    SeenUser {
        id: id(number),
        name: name.to_owned(),
        administrator: false,
        disabled: false,
        elsewhere: false,
        passwordless: None,
    }
}

fn address(text: &str, proof: AddressProof) -> Address {
    Address {
        email: EmailAddress::parse(text).unwrap(),
        proof,
    }
}

async fn see(store: &Store, users: &[SeenUser]) {
    let tx = store.begin().await.unwrap();
    for user in users {
        tx.see_user(user, NOON).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn give(
    store: &Store,
    number: u32,
    address: &Address,
    claim: Claim,
) -> Result<bool, StoreError> {
    let tx = store.begin().await.unwrap();
    let given = tx.set_address(id(number), Some(address), claim).await?;
    tx.commit().await?;
    Ok(given)
}

async fn owners(store: &Store, text: &str) -> Vec<AccountId> {
    let key = EmailAddress::parse(text).unwrap().key();
    let found = store.accounts_by_address(&key).await.unwrap();
    found.iter().map(|account| account.id).collect()
}

async fn listed(store: &Store, text: &str, state: Option<AccountState>) -> Vec<String> {
    let search = AccountSearch {
        text: text.to_owned(),
        state,
        offset: 0,
        limit: 100,
    };
    let found = store.accounts(&search).await.unwrap();
    found.into_iter().map(|account| account.seen.name).collect()
}

#[tokio::test]
async fn everything_that_is_noted_of_an_account_is_read_back() {
    let address = address("Anna@Example.org", AddressProof::Vouched);
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        tx.see_user(&user(1, "Änna"), NOON).await.unwrap();
        let own = Claim::Own;
        assert!(tx.set_address(id(1), Some(&address), own).await.unwrap());
        assert!(tx.await_set_up(id(1), &CODE).await.unwrap());
        assert!(tx.note_address_skipped(id(1), NOON).await.unwrap());
        assert!(tx.set_recovery_off(id(1), true).await.unwrap());
        assert!(tx.set_language(id(1), "de").await.unwrap());
        assert!(tx.note_sign_in(id(1), NOON + MINUTE).await.unwrap());
        let inside = tx.account(id(1)).await.unwrap();
        tx.commit().await.unwrap();
        let expected = Account {
            id: id(1),
            seen: user(1, "Änna"),
            address: Some(address.clone()),
            address_skipped: Some(NOON),
            set_up: Some(CODE),
            recovery_off: true,
            language: Some("de".to_owned()),
            first_seen: NOON,
            signed_in: Some(NOON + MINUTE),
            gone: None,
            epoch: Epoch::FIRST,
        };
        assert_eq!(inside.as_ref(), Some(&expected), "{}", db.name);
        let found = db.store.account(id(1)).await.unwrap();
        assert_eq!(found.as_ref(), Some(&expected), "{}", db.name);
        let by_name = db
            .store
            .account_by_name(&NameKey::of("äNNA"))
            .await
            .unwrap();
        assert_eq!(by_name.as_ref(), Some(&expected), "{}", db.name);
    }
}

#[tokio::test]
async fn nothing_is_changed_for_an_account_that_is_unknown() {
    let proven = address("a@example.org", AddressProof::Proven);
    for db in databases().await {
        let tx = db.store.begin().await.unwrap();
        let own = Claim::Own;
        assert!(!tx.set_address(id(9), Some(&proven), own).await.unwrap());
        assert!(!tx.await_set_up(id(9), &CODE).await.unwrap());
        assert!(!tx.set_recovery_off(id(9), true).await.unwrap());
        assert!(!tx.end_set_up(id(9)).await.unwrap());
        assert!(!tx.mark_gone(id(9), NOON).await.unwrap());
        assert_eq!(tx.account(id(9)).await.unwrap(), None, "{}", db.name);
    }
}

#[tokio::test]
async fn seeing_a_user_again_touches_only_what_jellyfin_says() {
    let own = Claim::Own;
    let proven = address("anna@example.org", AddressProof::Proven);
    for db in databases().await {
        let open = SeenUser {
            passwordless: Some(true),
            ..user(1, "anna")
        };
        see(&db.store, &[open]).await;
        give(&db.store, 1, &proven, own).await.unwrap();
        let tx = db.store.begin().await.unwrap();
        tx.await_set_up(id(1), &CODE).await.unwrap();
        let changed = SeenUser {
            administrator: true,
            disabled: true,
            elsewhere: true,
            ..user(1, "Hanna")
        };
        tx.see_user(&changed, NOON + MINUTE).await.unwrap();
        tx.commit().await.unwrap();
        let anna = db.store.account(id(1)).await.unwrap().unwrap();
        let still_open = SeenUser {
            passwordless: Some(true),
            ..changed
        };
        assert_eq!(anna.seen, still_open, "{}", db.name);
        assert_eq!(anna.first_seen, NOON, "{}", db.name);
        assert_eq!(anna.address, Some(proven.clone()), "{}", db.name);
        assert_eq!(anna.set_up, Some(CODE), "{}", db.name);
        let old_name = db
            .store
            .account_by_name(&NameKey::of("anna"))
            .await
            .unwrap();
        assert!(old_name.is_none(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_gone_account_is_found_by_its_identifier_alone_until_it_is_seen_again() {
    let proven = address("anna@example.org", AddressProof::Proven);
    for db in databases().await {
        see(&db.store, &[user(1, "anna")]).await;
        give(&db.store, 1, &proven, Claim::Own).await.unwrap();
        let tx = db.store.begin().await.unwrap();
        assert!(tx.mark_gone(id(1), NOON).await.unwrap(), "{}", db.name);
        assert!(!tx.mark_gone(id(1), NOON + MINUTE).await.unwrap());
        assert!(!tx.set_address(id(1), None, Claim::Own).await.unwrap());
        tx.commit().await.unwrap();
        let gone = db.store.account(id(1)).await.unwrap().unwrap();
        assert_eq!(gone.gone, Some(NOON), "{}", db.name);
        let named = NameKey::of("anna");
        assert!(db.store.account_by_name(&named).await.unwrap().is_none());
        assert!(owners(&db.store, "anna@example.org").await.is_empty());
        see(&db.store, &[user(1, "anna")]).await;
        let back = db.store.account_by_name(&named).await.unwrap().unwrap();
        assert_eq!((back.gone, back.address), (None, Some(proven.clone())));
        let taken = give_to_another(&db.store, &proven).await;
        assert!(matches!(taken, Err(StoreError::Taken)), "{}", db.name);
    }
}

async fn give_to_another(store: &Store, proven: &Address) -> Result<bool, StoreError> {
    see(store, &[user(2, "bo")]).await;
    give(store, 2, proven, Claim::Own).await
}

#[tokio::test]
async fn an_address_that_found_a_new_owner_is_not_proven_when_the_old_one_comes_back() {
    let proven = address("anna@example.org", AddressProof::Proven);
    for db in databases().await {
        see(&db.store, &[user(1, "anna")]).await;
        give(&db.store, 1, &proven, Claim::Own).await.unwrap();
        let tx = db.store.begin().await.unwrap();
        tx.mark_gone(id(1), NOON).await.unwrap();
        tx.commit().await.unwrap();
        assert!(give_to_another(&db.store, &proven).await.unwrap());
        see(&db.store, &[user(1, "anna")]).await;
        assert_eq!(owners(&db.store, "anna@example.org").await, [id(2)]);
        let anna = db.store.account(id(1)).await.unwrap().unwrap();
        assert_eq!(anna.address.unwrap().proof, AddressProof::Entered);
    }
}

#[tokio::test]
async fn a_name_that_two_share_for_a_moment_is_the_newer_ones() {
    for db in databases().await {
        see(&db.store, &[user(5, "anna")]).await;
        let tx = db.store.begin().await.unwrap();
        tx.see_user(&user(2, "Anna"), NOON + MINUTE).await.unwrap();
        let named = tx.account_by_name(&NameKey::of("anna")).await.unwrap();
        assert_eq!(named.map(|account| account.id), Some(id(2)), "{}", db.name);
    }
}

#[tokio::test]
async fn an_address_is_looked_up_in_any_case_and_only_when_proven() {
    for db in databases().await {
        see(&db.store, &[user(1, "anna"), user(2, "bo")]).await;
        let entered = address("anna@example.org", AddressProof::Entered);
        give(&db.store, 1, &entered, Claim::Own).await.unwrap();
        assert!(owners(&db.store, "anna@example.org").await.is_empty());
        // Written down for one and proven by another: it belongs to the other.
        let proven = address("Anna@example.org", AddressProof::Proven);
        give(&db.store, 2, &proven, Claim::Own).await.unwrap();
        assert_eq!(owners(&db.store, "ANNA@example.org").await, [id(2)]);
        let tx = db.store.begin().await.unwrap();
        let key = proven.email.key();
        assert_eq!(tx.accounts_by_address(&key).await.unwrap().len(), 1);
        tx.set_address(id(2), None, Claim::Own).await.unwrap();
        tx.commit().await.unwrap();
        assert!(owners(&db.store, "anna@example.org").await.is_empty());
        assert!(give(&db.store, 1, &proven, Claim::Own).await.unwrap());
    }
}

#[tokio::test]
async fn the_database_and_the_domain_agree_on_what_is_proven() {
    for db in databases().await {
        see(&db.store, &[user(1, "anna")]).await;
        for proof in [
            AddressProof::Entered,
            AddressProof::Proven,
            AddressProof::Vouched,
        ] {
            let given = address("anna@example.org", proof);
            give(&db.store, 1, &given, Claim::Own).await.unwrap();
            let found = owners(&db.store, "anna@example.org").await;
            assert_eq!(!found.is_empty(), proof.is_proven(), "{}", db.name);
            let anna = db.store.account(id(1)).await.unwrap().unwrap();
            assert_eq!(anna.address, Some(given), "{}", db.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_64_transactions_read_of_an_account_still_holds_when_they_write() {
    for db in databases().await {
        see(&db.store, &[user(1, "anna")]).await;
        let writers = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let anna = tx.account(id(1)).await.unwrap().unwrap();
            let count: u32 = anna.language.map_or(0, |text| text.parse().unwrap());
            let next = (count + 1).to_string();
            let written = tx.set_language(id(1), &next).await.unwrap();
            tx.commit().await.unwrap();
            written
        });
        assert_eq!(writers.await, 64, "{}", db.name);
        let anna = db.store.account(id(1)).await.unwrap().unwrap();
        assert_eq!(anna.language.as_deref(), Some("64"), "{}", db.name);
    }
}

#[tokio::test]
async fn a_shared_address_belongs_to_several_and_to_no_newcomer_once_sharing_is_off() {
    let proven = address("home@example.org", AddressProof::Proven);
    for db in databases().await {
        see(
            &db.store,
            &[user(1, "anna"), user(2, "bo"), user(3, "cleo")],
        )
        .await;
        for number in [2, 1] {
            assert!(
                give(&db.store, number, &proven, Claim::Shared)
                    .await
                    .unwrap()
            );
        }
        let both = owners(&db.store, "home@example.org").await;
        assert_eq!(both, [id(1), id(2)], "{}", db.name);
        let late = give(&db.store, 3, &proven, Claim::Own).await;
        assert!(matches!(late, Err(StoreError::Taken)), "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_accounts_that_prove_one_address_at_once_one_has_it() {
    for db in databases().await {
        let users: Vec<_> = (0..64).map(|n| user(n, &format!("user{n}"))).collect();
        see(&db.store, &users).await;
        let proven = address("anna@example.org", AddressProof::Proven);
        let winners = winners_of_64(&db.store, |store, number| {
            let proven = proven.clone();
            async move {
                match give(&store, number, &proven, Claim::Own).await {
                    Ok(given) => given,
                    Err(StoreError::Taken) => false,
                    Err(other) => panic!("{other}"),
                }
            }
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        assert_eq!(owners(&db.store, "anna@example.org").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_64_that_claim_a_waiting_account_at_once_one_holds_it() {
    for db in databases().await {
        see(&db.store, &[user(1, "anna")]).await;
        let lease = async |now| {
            let tx = db.store.begin().await.unwrap();
            let held = tx.lease_set_up(id(1), now, now + MINUTE).await.unwrap();
            tx.commit().await.unwrap();
            held
        };
        assert!(!lease(NOON).await, "{}: does not wait", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.await_set_up(id(1), &CODE).await.unwrap();
        tx.commit().await.unwrap();
        let winners = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let held = tx.lease_set_up(id(1), NOON, NOON + MINUTE).await.unwrap();
            tx.commit().await.unwrap();
            held
        });
        assert_eq!(winners.await, 1, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.await_set_up(id(1), &CODE).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!lease(NOON).await, "{}: renewed beside the holder", db.name);
        assert!(lease(NOON + MINUTE).await, "{}: lease over", db.name);
        let tx = db.store.begin().await.unwrap();
        tx.release_set_up(id(1)).await.unwrap();
        tx.commit().await.unwrap();
        assert!(lease(NOON).await, "{}: let go", db.name);
        let tx = db.store.begin().await.unwrap();
        assert!(tx.end_set_up(id(1)).await.unwrap(), "{}", db.name);
        assert!(!tx.end_set_up(id(1)).await.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        assert!(!lease(NOON + 9 * MINUTE).await, "{}: ended", db.name);
        let anna = db.store.account(id(1)).await.unwrap().unwrap();
        assert_eq!(anna.set_up, None, "{}", db.name);
    }
}

async fn six(store: &Store) {
    let mut users = ["anna", "Änne", "bo_b", "boxb", "Cleo", "dan"].map(|name| user(0, name));
    for (number, user) in (1..).zip(&mut users) {
        user.id = id(number);
    }
    users[2].disabled = true;
    users[3].passwordless = Some(true);
    see(store, &users).await;
    let proven = address("Anna@tv.example", AddressProof::Proven);
    give(store, 1, &proven, Claim::Own).await.unwrap();
    let entered = address("100%cleo@tv.example", AddressProof::Entered);
    give(store, 5, &entered, Claim::Own).await.unwrap();
    let tx = store.begin().await.unwrap();
    tx.await_set_up(id(5), &CODE).await.unwrap();
    tx.mark_gone(id(6), NOON).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn accounts_are_found_by_a_part_of_name_or_address_in_any_case() {
    for db in databases().await {
        six(&db.store).await;
        for (text, expected) in [
            ("ANN", &["anna"][..]),
            ("ÄNN", &["Änne"]),
            ("änn", &["Änne"]),
            ("TV.ex", &["anna", "Cleo"]),
            ("o_b", &["bo_b"]),
            ("0%c", &["Cleo"]),
            ("%", &["Cleo"]),
            ("!", &[]),
            ("' OR 1=1 --", &[]),
            ("dan", &[]),
        ] {
            let found = listed(&db.store, text, None).await;
            assert_eq!(found, expected, "{} {text}", db.name);
        }
    }
}

#[tokio::test]
async fn accounts_are_listed_and_counted_by_state() {
    for db in databases().await {
        six(&db.store).await;
        let states = [
            (AccountState::AwaitsSetUp, &["Cleo"][..]),
            (AccountState::Disabled, &["bo_b"]),
            (AccountState::Gone, &["dan"]),
            (AccountState::Passwordless, &["boxb"]),
        ];
        for (state, expected) in states {
            let found = listed(&db.store, "", Some(state)).await;
            assert_eq!(found, expected, "{} {state:?}", db.name);
        }
        let ready = listed(&db.store, "", Some(AccountState::Ready)).await;
        assert_eq!(ready.len(), 3, "{}: {ready:?}", db.name);
        let owing = listed(&db.store, "", Some(AccountState::OwesAddress)).await;
        assert_eq!(owing.len(), 4, "{}: {owing:?}", db.name);
        let mut expected = AccountCounts {
            all: 5,
            awaiting: 1,
            overdue: 1,
            disabled: 1,
            proven: 1,
            passwordless: 1,
            gone: 1,
        };
        let counts = db.store.account_counts(NOON).await.unwrap();
        assert_eq!(counts, expected, "{}", db.name);
        expected.overdue = 0;
        let before = db.store.account_counts(NOON - MINUTE).await.unwrap();
        assert_eq!(before, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page_in_one_order() {
    for db in databases().await {
        let users: Vec<_> = (0..7).map(|n| user(9 - n, "twin")).collect();
        see(&db.store, &users).await;
        let mut seen = Vec::new();
        for offset in [0, 3, 6] {
            let search = AccountSearch {
                offset,
                limit: 3,
                ..AccountSearch::default()
            };
            let page = db.store.accounts(&search).await.unwrap();
            seen.extend(page.iter().map(|account| account.id));
        }
        let expected: Vec<_> = (3..10).map(id).collect();
        assert_eq!(seen, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn an_epoch_moves_on_by_itself_alone_and_is_counted_once_by_each_that_begins_one() {
    for db in databases().await {
        see(&db.store, &[user(1, "anna"), user(2, "bob")]).await;
        let begun = winners_of_64(&db.store, |store, _| async move {
            let tx = store.begin().await.unwrap();
            let epoch = tx.begin_epoch(id(1)).await.unwrap();
            tx.commit().await.unwrap();
            epoch != Epoch::FIRST
        })
        .await;
        assert_eq!(begun, 64, "{}", db.name);
        see(&db.store, &[user(1, "Hanna")]).await;
        let epoch = async |number| {
            let account = db.store.account(id(number)).await.unwrap();
            account.unwrap().epoch
        };
        assert_eq!(epoch(1).await, Epoch::new(64), "{}", db.name);
        assert_eq!(epoch(2).await, Epoch::FIRST, "{}", db.name);
        let tx = db.store.begin().await.unwrap();
        let unknown = tx.begin_epoch(id(9)).await.unwrap();
        assert_eq!(unknown, Epoch::FIRST, "{}", db.name);
    }
}
