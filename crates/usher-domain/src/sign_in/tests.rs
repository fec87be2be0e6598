use uuid::Uuid;

use super::*;
use crate::id::UserId;

const NOON: Timestamp = Timestamp::from_millis(1_000_000);

fn anna() -> AccountId {
    AccountId::of_owner(UserId::new(Uuid::from_u128(1)))
}

fn answers(owed: AddressOwed) -> [Answer; 9] {
    [
        Answer::Wrong,
        Answer::PasswordRight(anna(), owed),
        Answer::FirstTime,
        Answer::Claimed(anna(), owed),
        Answer::PasswordSet,
        Answer::AddressGiven,
        Answer::AddressSkipped,
        Answer::AddressMistaken,
        Answer::AddressProven,
    ]
}

#[test]
fn every_sequence_of_five_answers_ends_in_a_grant_only_with_every_step_done() {
    for door in [Door::Web, Door::App] {
        for owed in [AddressOwed::No, AddressOwed::MaySkip, AddressOwed::Required] {
            let answers = answers(owed);
            let mut granted = 0;
            for path in 0..answers.len().pow(5) {
                granted += usize::from(walk(door, owed, &answers, path));
            }
            let closed = door == Door::App && owed == AddressOwed::Required;
            assert_eq!(granted == 0, closed, "{door:?} {owed:?}");
        }
    }
}

/// Whether the path ends in a grant; checks that it may.
fn walk(door: Door, owed: AddressOwed, answers: &[Answer; 9], path: usize) -> bool {
    let mut attempt = Attempt::start(door, NOON);
    let (mut credentials, mut address) = (false, owed == AddressOwed::No);
    for place in 0..5 {
        let answer = answers[path / answers.len().pow(place) % answers.len()];
        let before = attempt.step();
        if attempt.submit(answer, NOON).is_err() {
            assert_eq!(attempt.step(), before, "path {path}");
            continue;
        }
        credentials |= before == Step::Password && answer == Answer::PasswordRight(anna(), owed);
        credentials |= before == Step::SetPassword && answer == Answer::PasswordSet;
        address |= before == Step::VerifyEmail && answer == Answer::AddressProven;
        address |=
            owed == AddressOwed::MaySkip && (door == Door::App || answer == Answer::AddressSkipped);
    }
    let granted = attempt.finish(NOON).is_some();
    assert!(!granted || (credentials && address), "path {path}");
    granted
}

#[test]
fn an_attempt_ends_after_fifteen_minutes_even_when_it_was_done() {
    let mut attempt = Attempt::start(Door::Web, NOON);
    let right = Answer::PasswordRight(anna(), AddressOwed::No);
    assert_eq!(attempt.clone().submit(right, NOON), Ok(Step::Done));
    let late = attempt.submit(right, NOON + LIFE);
    assert_eq!(late, Ok(Step::Refused(Refusal::Expired)));

    let mut done = Attempt::start(Door::Web, NOON);
    assert_eq!(done.submit(right, NOON), Ok(Step::Done));
    assert!(done.finish(NOON + LIFE).is_none());
}

#[test]
fn the_fifteenth_wrong_answer_ends_an_attempt() {
    let mut attempt = Attempt::start(Door::Web, NOON);
    for _ in 1..WRONG_ANSWERS {
        assert_eq!(attempt.submit(Answer::Wrong, NOON), Ok(Step::Password));
    }
    let last = attempt.submit(Answer::Wrong, NOON);
    assert_eq!(last, Ok(Step::Refused(Refusal::TooManyWrongAnswers)));
    let right = Answer::PasswordRight(anna(), AddressOwed::No);
    assert_eq!(attempt.submit(right, NOON), Err(OutOfOrder));
}

#[test]
fn apps_never_claim_an_account() {
    let mut attempt = Attempt::start(Door::App, NOON);
    let claimed = attempt.submit(Answer::Claimed(anna(), AddressOwed::No), NOON);
    assert_eq!(claimed, Ok(Step::Refused(Refusal::OwedElsewhere)));
}
