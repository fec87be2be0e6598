use std::collections::HashSet;

use uuid::Uuid;

use super::*;
use crate::second_factor::FactorOwed;

const NOON: Timestamp = Timestamp::from_millis(1_000_000);
const DOORS: [Door; 4] = [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword];

fn anna() -> AccountId {
    AccountId::of_owner(UserId::new(Uuid::from_u128(1)))
}

fn kids() -> UserId {
    UserId::new(Uuid::from_u128(2))
}

fn owing(address: AddressOwed, show: Show, enroll: Enroll, seat: Seat) -> Owed {
    Owed {
        address,
        factor: FactorOwed { show, enroll },
        seat,
    }
}

fn every_debt() -> Vec<Owed> {
    let mut all = Vec::new();
    for address in [AddressOwed::No, AddressOwed::MaySkip, AddressOwed::Required] {
        for show in [Show::No, Show::Trusted, Show::Yes] {
            for enroll in [Enroll::No, Enroll::MaySkip, Enroll::Required] {
                for seat in [Seat::Owner, Seat::Profile(kids()), Seat::Asked] {
                    all.push(owing(address, show, enroll, seat));
                }
            }
        }
    }
    all
}

fn every_answer(owed: Owed) -> Vec<Answer> {
    let mut all = vec![
        Answer::Wrong,
        Answer::PasswordRight(anna(), owed),
        Answer::PasskeyRight(anna(), owed),
        Answer::AppPasswordRight(anna(), owed),
        Answer::FirstTime,
        Answer::Claimed(anna(), owed),
        Answer::PasswordSet,
        Answer::AddressGiven,
        Answer::AddressSkipped,
        Answer::AddressMistaken,
        Answer::AddressProven,
        Answer::EnrollmentSkipped,
        Answer::CodesKept,
        Answer::ProfileChosen(kids()),
    ];
    for level in FactorLevel::ALL {
        all.push(Answer::ScreenApproved(anna(), owed, level));
        all.push(Answer::FactorRight(level));
        all.push(Answer::FactorEnrolled(level));
    }
    all
}

/// What was really shown, as somebody would note it who watches from outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "one for each step")]
struct Shown {
    credentials: bool,
    factor: bool,
    address: bool,
    enrolled: bool,
    kept: bool,
    chosen: bool,
}

impl Shown {
    fn note(&mut self, door: Door, before: Step, answer: Answer) {
        match (before, answer) {
            (Step::Password, Answer::PasswordRight(..))
            | (Step::SetPassword, Answer::PasswordSet) => {
                self.credentials = true;
            }
            (Step::Password, Answer::PasskeyRight(..)) => {
                self.credentials = true;
                self.factor = true;
            }
            (Step::Password, Answer::AppPasswordRight(..)) if door == Door::AppPassword => {
                *self = Self {
                    credentials: true,
                    factor: true,
                    address: true,
                    enrolled: true,
                    kept: true,
                    chosen: true,
                };
            }
            (Step::Password, Answer::ScreenApproved(_, owed, level)) => {
                self.credentials = true;
                self.factor = level.was_shown() || owed.factor.show != Show::Yes;
            }
            (Step::SecondFactor, Answer::FactorRight(level)) => self.factor |= level.was_shown(),
            (Step::VerifyEmail, Answer::AddressProven) => self.address = true,
            (Step::EnrollSecondFactor, Answer::FactorEnrolled(level)) => {
                self.enrolled |= level.was_shown();
            }
            (Step::KeepRecoveryCodes, Answer::CodesKept) => self.kept = true,
            (Step::ChooseProfile, Answer::ProfileChosen(_)) => self.chosen = true,
            _ => {}
        }
    }

    fn fulfils(self, door: Door, owed: Owed) -> bool {
        let is_web = door == Door::Web;
        let asked = owed.seat == Seat::Asked && is_web;
        self.credentials
            && (self.factor || owed.factor.show != Show::Yes)
            && (self.address || owed.address != AddressOwed::Required)
            && ((self.enrolled && self.kept) || owed.factor.enroll != Enroll::Required)
            && (self.chosen || !asked)
    }
}

/// Walks every sequence of answers, however long, and answers how many different ends have a grant.
fn granted(door: Door, owed: Owed) -> usize {
    let answers = every_answer(owed);
    let mut seen = HashSet::new();
    let mut open = vec![(Attempt::start(door, NOON), Shown::default())];
    let mut granted = 0;
    while let Some((attempt, shown)) = open.pop() {
        if !seen.insert((format!("{attempt:?}"), shown)) {
            continue;
        }
        if let Some(grant) = attempt.clone().finish(NOON) {
            assert!(shown.fulfils(door, owed), "{door:?} {owed:?} {shown:?}");
            let is_seated = [anna().owner(), kids()].contains(&grant.user());
            assert!(is_seated && (owed.seat != Seat::Owner || grant.user() == anna().owner()));
            granted += 1;
        }
        for answer in &answers {
            let (mut next, mut shown) = (attempt.clone(), shown);
            // Wrong answers only count: two of them show all that fifteen do.
            if *answer == Answer::Wrong && next.wrong >= 2 {
                continue;
            }
            let before = next.step();
            if next.submit(*answer, NOON).is_err() {
                assert_eq!(next, attempt, "a refused answer changes nothing");
                continue;
            }
            if *answer != Answer::Wrong {
                shown.note(door, before, *answer);
            }
            open.push((next, shown));
        }
    }
    granted
}

#[test]
fn no_sequence_of_answers_ends_in_a_grant_with_a_due_step_undone() {
    for door in DOORS {
        for owed in every_debt() {
            let ends = granted(door, owed);
            let needs_page =
                owed.address == AddressOwed::Required || owed.factor.enroll == Enroll::Required;
            let is_closed = matches!(door, Door::App | Door::QuickConnect) && needs_page;
            assert_eq!(ends == 0, is_closed, "{door:?} {owed:?}");
        }
    }
}

#[test]
fn a_factor_comes_before_anything_can_be_added() {
    let owed = owing(
        AddressOwed::Required,
        Show::Yes,
        Enroll::Required,
        Seat::Asked,
    );
    let mut attempt = Attempt::start(Door::Web, NOON);
    let mut steps = Vec::new();
    for answer in [
        Answer::PasswordRight(anna(), owed),
        Answer::FactorRight(FactorLevel::Mail),
        Answer::AddressGiven,
        Answer::AddressProven,
        Answer::FactorEnrolled(FactorLevel::Strong),
        Answer::CodesKept,
        Answer::ProfileChosen(kids()),
    ] {
        steps.push(attempt.submit(answer, NOON).unwrap());
    }
    assert_eq!(
        steps,
        [
            Step::SecondFactor,
            Step::Email,
            Step::VerifyEmail,
            Step::EnrollSecondFactor,
            Step::KeepRecoveryCodes,
            Step::ChooseProfile,
            Step::Done,
        ]
    );
    let grant = attempt.finish(NOON).unwrap();
    assert_eq!((grant.user(), grant.level()), (kids(), FactorLevel::Strong));
}

#[test]
fn an_attempt_ends_after_fifteen_minutes_even_when_it_was_done() {
    let mut attempt = Attempt::start(Door::Web, NOON);
    let right = Answer::PasswordRight(anna(), Owed::NOTHING);
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
    let right = Answer::PasswordRight(anna(), Owed::NOTHING);
    assert_eq!(attempt.submit(right, NOON), Err(OutOfOrder));
}

#[test]
fn apps_never_claim_an_account() {
    let mut attempt = Attempt::start(Door::App, NOON);
    let claimed = attempt.submit(Answer::Claimed(anna(), Owed::NOTHING), NOON);
    assert_eq!(claimed, Ok(Step::Refused(Refusal::OwedElsewhere)));
}

#[test]
fn a_browser_goes_over_to_another_seat_on_the_web_alone_and_stays_as_sure_as_it_was() {
    for door in DOORS {
        let mut attempt = Attempt::start(door, NOON);
        let taken = Answer::SeatTaken(anna(), FactorLevel::Mail, kids());
        if door != Door::Web {
            assert_eq!(attempt.submit(taken, NOON), Err(OutOfOrder), "{door:?}");
            continue;
        }
        assert_eq!(attempt.submit(taken, NOON), Ok(Step::Done));
        let grant = attempt.finish(NOON).unwrap();
        assert_eq!((grant.account(), grant.user()), (anna(), kids()));
        assert_eq!(grant.level(), FactorLevel::Mail);
    }
}
