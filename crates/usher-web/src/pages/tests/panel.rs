//! Each page of an account and of the console with one value of everything that it can show, in every language.
use usher_accounts::admin::{ConsoleOverview, WARNINGS};
use usher_accounts::mailer::MailRoute;
use usher_accounts::me::{PlaceId, PlaceSeat, SignedInPlace};
use usher_accounts::profiles::DeviceToKeep;
use usher_accounts::{AccountCounts, OutboxCounts};
use usher_domain::account::{Account, Address, AddressProof, SeenUser, SetUp, SetUpWay};
use usher_domain::activity::Door;
use usher_domain::address::EmailAddress;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, TokenId};
use usher_domain::second_factor::FactorLevel;
use usher_domain::settings::{Requirement, Settings, SmtpSecurity, SmtpSettings};

use super::events::events;
use super::html::{assert_sound, in_every_language};
use super::{Desk, NOON, factors, frame, profiles};
use crate::pages::account::{
    ActivityPage, AddressPage, CodePage, DevicesPage, DevicesSaid, KeepPage, Kept, OverviewPage,
    OverviewSaid, PasswordPage, RemovePage, SecondStep, ToldPage,
};
use crate::pages::console::{
    AccountPage, AccountSaid, AccountsPage, ClosedPage, EmailPage, EmailSaid, Made, MadePage,
    MailPage, MailSaid, MailTyped, NewPage, OverviewPage as ConsolePage, Queued, RequestOwnAccount,
    RequestRow, RequestsPage, RequestsSaid, Row, State, Tried, bars,
};
use crate::pages::frame::Frame;
use crate::pages::panel::{self, Place, Times};

pub(super) fn account() -> Account {
    let id = AccountId::generate(NOON, &SeededEntropy::new(3));
    Account {
        id,
        seen: SeenUser {
            id,
            name: "m\"ia <b>".to_owned(),
            administrator: false,
            disabled: false,
            elsewhere: false,
            passwordless: Some(false),
        },
        address: None,
        address_skipped: None,
        set_up: None,
        recovery_off: false,
        epoch: usher_domain::account::Epoch::FIRST,
        language: None,
        first_seen: NOON,
        signed_in: Some(NOON),
        gone: None,
    }
}

/// An account for each way in which pages tell one apart.
fn accounts() -> Vec<Account> {
    let with = |change: &dyn Fn(&mut Account)| {
        let mut account = account();
        change(&mut account);
        account
    };
    let proofs = [
        AddressProof::Entered,
        AddressProof::Proven,
        AddressProof::Vouched,
    ];
    let mut all: Vec<Account> = proofs
        .map(|proof| {
            with(&|account| {
                let email = EmailAddress::parse("mia@example.org").unwrap();
                account.address = Some(Address { email, proof });
            })
        })
        .into();
    let set_up = |until| SetUp {
        way: SetUpWay::Code,
        until,
        anywhere: false,
    };
    let hour = std::time::Duration::from_hours(1);
    all.extend([
        account(),
        with(&|account| account.seen.administrator = true),
        with(&|account| account.seen.disabled = true),
        with(&|account| account.seen.elsewhere = true),
        with(&|account| account.seen.passwordless = Some(true)),
        with(&|account| account.recovery_off = true),
        with(&|account| account.gone = Some(NOON)),
        with(&|account| account.signed_in = None),
        with(&|account| account.set_up = Some(set_up(NOON + hour))),
        with(&|account| account.set_up = Some(set_up(NOON - hour))),
    ]);
    all
}

fn places(frame: &Frame) -> Vec<Place> {
    let entropy = SeededEntropy::new(4);
    let doors = [Door::Web, Door::App, Door::QuickConnect, Door::AppPassword];
    let place = |door: Door| SignedInPlace {
        id: PlaceId::Token(TokenId::generate(NOON, &entropy)),
        door,
        client: "Jellyfin <Web>".to_owned(),
        device: if door == Door::Web {
            String::new()
        } else {
            "Tom's \"TV\"".to_owned()
        },
        device_key: if matches!(door, Door::App | Door::AppPassword) {
            "tv".to_owned()
        } else {
            String::new()
        },
        address: "192.0.2.7".to_owned(),
        since: NOON,
        used: NOON,
        seat: (door != Door::App).then(|| PlaceSeat {
            name: "Kids & <co>".to_owned(),
            picture: None,
            profile: None,
            watches: door != Door::Web,
        }),
        is_shared: door == Door::QuickConnect,
        level: FactorLevel::None,
        is_adopted: false,
        is_this: door == Door::Web,
    };
    panel::places(frame, &Times::at(NOON), &doors.map(place))
}

#[test]
fn places_on_one_device_stand_together_and_say_so() {
    let places = places(&frame("en"));
    let levels: Vec<&str> = places.iter().map(|place| &*place.level).collect();
    assert_eq!(levels[1], "Signed in with the password only");
    assert_eq!(levels[2], "Signed in with a password for one program");
    let beside: Vec<bool> = places.iter().map(|place| place.is_beside).collect();
    assert_eq!(beside, [false, false, true, false]);
}

#[test]
fn the_pages_of_an_account_are_sound_whatever_stands_in_it() {
    in_every_language(|frame| {
        for account in &accounts() {
            for said in OverviewSaid::ALL.map(Some).into_iter().chain([None]) {
                for (works, second_step) in [true, false, false, true]
                    .into_iter()
                    .zip(SecondStep::ALL.map(Some).into_iter().chain([None]))
                {
                    assert_sound(&OverviewPage {
                        frame,
                        account,
                        since: "1 May 2026".to_owned(),
                        said,
                        mail_works: works,
                        address_required: !works,
                        second_step,
                        places: places(frame),
                        places_all: 4,
                        events: events(frame),
                    });
                }
            }
            for said in DevicesSaid::ALL.map(Some).into_iter().chain([None]) {
                let kept = Kept {
                    id: "tv\"1".to_owned(),
                    name: "<Nursery>".to_owned(),
                    whose: "<Kids>".to_owned(),
                    since: Times::at(NOON).moment(frame, NOON),
                };
                assert_sound(&DevicesPage {
                    frame,
                    account,
                    said,
                    places: places(frame),
                    kept: said.map(|_| kept).into_iter().collect(),
                });
            }
            for others in [vec!["<anna>".to_owned()], Vec::new()] {
                assert_sound(&KeepPage {
                    frame,
                    place: "token-\"1",
                    device: &DeviceToKeep {
                        name: "<Nursery>".to_owned(),
                        profile: "<Kids>".to_owned(),
                        is_known_by_name: others.is_empty(),
                        others,
                    },
                });
            }
            for events in [events(frame), Vec::new()] {
                assert_sound(&ActivityPage {
                    frame,
                    account,
                    events,
                });
            }
        }
    });
}

#[test]
fn what_changes_an_account_is_asked_on_sound_pages() {
    in_every_language(|frame| {
        for wrong in ["", "account-present-wrong", "web-too-many", "web-busy"] {
            assert_sound(&PasswordPage {
                frame,
                account: &account(),
                wrong_present: wrong,
                wrong_new: "web-password-common",
            });
        }
        assert_sound(&AddressPage {
            frame,
            email: "\"<",
            wrong: frame.t("account-address-later"),
        });
        assert_sound(&CodePage {
            frame,
            address: "mia@example.org",
            notice: frame.t("web-code-sent-again"),
            wrong: frame.t("web-code-not-a-code"),
        });
        assert_sound(&RemovePage {
            frame,
            address: "mia@example.org",
        });
        for title in ["account-screen-done-title", "console-no-account-title"] {
            let body = "<b>".to_owned();
            assert_sound(&ToldPage { frame, title, body });
        }
    });
}

#[test]
fn the_pages_of_the_console_are_sound_whatever_stands_in_them() {
    in_every_language(|frame| {
        assert_sound(&ClosedPage { frame });
        for (days, warnings) in [
            (vec![(0, 0); 14], Vec::new()),
            (vec![(7, 1); 14], WARNINGS.to_vec()),
        ] {
            let overview = ConsoleOverview {
                counts: AccountCounts::default(),
                days,
                activity: Vec::new(),
                mail: OutboxCounts {
                    waiting: 2,
                    dead: 1,
                },
                settings: Settings::default(),
                warnings,
            };
            assert_sound(&ConsolePage {
                frame,
                overview: &overview,
                bars: bars(&overview.days, |ago| ago.to_string()),
                events: events(frame),
            });
        }
        for account in &accounts() {
            for said in AccountSaid::ALL.map(Some).into_iter().chain([None]) {
                assert_sound(&AccountPage {
                    frame,
                    account,
                    said,
                    state: ("ok", "console-state-ready"),
                    until: "<until>".to_owned(),
                    since: "<since>".to_owned(),
                    signed_in: String::new(),
                    is_own: said.is_none(),
                    has_mail: true,
                    factors: factors::of_account(frame, said.is_some()),
                    profiles: profiles::of_account(frame, said.is_some()),
                    places: places(frame),
                    events: events(frame),
                });
            }
        }
    });
}

#[test]
fn lists_of_the_console_are_sound_full_and_empty() {
    use crate::pages::console::{proof, standing};
    let moment = |frame: &Frame| Times::at(NOON).moment(frame, NOON);
    in_every_language(|frame| {
        let row = |account: &Account| Row {
            id: account.id.to_string(),
            name: account.seen.name.clone(),
            administrator: account.seen.administrator,
            address: "mia@example.org".to_owned(),
            proof: proof(account),
            state: standing(account, NOON),
            signed_in: account.signed_in.map(|_| moment(frame)),
        };
        for state in State::ALL {
            for rows in [Vec::new(), accounts().iter().map(row).collect()] {
                assert_sound(&AccountsPage {
                    frame,
                    text: "\"><script>",
                    state,
                    rows,
                    before: "console-accounts?page=0".to_owned(),
                    after: String::new(),
                });
            }
        }
        for said in RequestsSaid::ALL.map(Some) {
            let rows = Vec::new();
            assert_sound(&RequestsPage { frame, said, rows });
        }
        let own = |is_underway| RequestOwnAccount {
            wish: "<own>".to_owned(),
            is_underway,
        };
        for (wish, own_account) in [
            ("console-wish-reset", None),
            ("console-wish-set-up-code", None),
            ("console-wish-own-account", Some(own(true))),
            ("console-wish-own-account", Some(own(false))),
        ] {
            let row = RequestRow {
                id: "1".to_owned(),
                account: "2".to_owned(),
                name: "<mia>".to_owned(),
                wish,
                asked: moment(frame),
                can_mail: true,
                can_code: true,
                own_account,
            };
            let said = None;
            for rows in [vec![row], Vec::new()] {
                assert_sound(&RequestsPage { frame, said, rows });
            }
        }
    });
}

#[test]
fn a_new_account_is_never_open_unless_that_is_chosen_anew() {
    use askama::Template;
    in_every_language(|frame| {
        for has_mail in [true, false] {
            let page = NewPage {
                frame,
                name: "\"<",
                email: "\"<",
                by_mail: has_mail,
                has_mail,
                languages: Vec::new(),
                wrong_name: "console-new-name-refused",
                wrong_email: "console-new-no-mail",
            };
            assert_sound(&page);
            let html = page.render().unwrap();
            let open = html.split("value=\"open\"").nth(1).unwrap();
            let open = open.split('>').next().unwrap();
            assert!(!open.contains("checked"), "{html}");
        }
        for made in [
            Made::Code("ABCD-EFGH".to_owned()),
            Made::Invited,
            Made::Open,
        ] {
            assert_sound(&MadePage {
                frame,
                id: "1".to_owned(),
                name: "<mia>",
                link: "https://f.example/usher/first-time".to_owned(),
                until: "<until>".to_owned(),
                made,
            });
        }
    });
}

#[test]
fn the_pages_of_policies_and_mail_are_sound_and_never_show_the_password_of_the_mail_server() {
    use askama::Template;
    let smtp = SmtpSettings {
        host: "mail.example".to_owned(),
        port: 587,
        security: SmtpSecurity::StartTls,
        user: Some("usher".to_owned()),
        password: Some(usher_domain::secret::SecretText::new("mail-secret")),
        from: "usher@example.org".to_owned(),
    };
    in_every_language(|frame| {
        for requirement in [
            Requirement::Off,
            Requirement::Optional,
            Requirement::Required,
        ] {
            let mut settings = Settings::default();
            settings.email.requirement = requirement;
            for said in EmailSaid::ALL.map(Some).into_iter().chain([None]) {
                assert_sound(&EmailPage {
                    frame,
                    said,
                    settings: &settings,
                });
            }
        }
        let routes = [
            MailRoute::Mailbox,
            MailRoute::Fixed(smtp.clone()),
            MailRoute::Console,
        ];
        for (route, said) in routes
            .iter()
            .flat_map(|route| MailSaid::ALL.map(|said| (route, said)))
        {
            let page = MailPage {
                frame,
                said: Some(said),
                route,
                confirmed: String::new(),
                smtp: MailTyped::of(smtp.clone()),
                tried: Tried {
                    to: "\"<".to_owned(),
                    wrong: "<".to_owned(),
                    is_sent: true,
                    failed: "<".to_owned(),
                    lines: vec!["<".to_owned()],
                },
                queued: [true, false].map(|is_dead| queued(frame, is_dead)).into(),
            };
            assert_sound(&page);
            assert!(!page.render().unwrap().contains("mail-secret"));
        }
    });
}

fn queued(frame: &Frame, is_dead: bool) -> Queued {
    Queued {
        id: "1".to_owned(),
        to: "<mia@example.org>".to_owned(),
        kind: "console-mail-kind-reset",
        is_dead,
        tries: 2,
        reason: "<reason>".to_owned(),
        since: Times::at(NOON).moment(frame, NOON),
    }
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_sign_in_and_every_form_changes_nothing() {
    let desk = Desk::open().await;
    for (page, next) in [
        ("account", "account"),
        ("account-devices", "account-devices"),
        ("account-address-code", "account-address-code"),
        ("prove?to=console", "account"),
        ("quick-connect", "quick-connect"),
        ("console", "console"),
        ("console-account?id=1", "console-account%3Fid%3D1"),
        ("console-mail", "console-mail"),
    ] {
        let shown = desk.get(page, "").await;
        let to = format!("sign-in?next=%2Fusher%2F{next}");
        assert_eq!((shown.status, shown.location), (303, to), "{page}");
    }
    for page in [
        "account-sign-out",
        "account-others-end",
        "quick-connect-approve",
        "console-new",
        "console-account-switch?id=1",
        "console-mail-drop",
    ] {
        let shown = desk.post(page, "", &[]).await;
        assert_eq!(shown.status, 303, "{page}");
        assert!(shown.location.starts_with("sign-in?next="), "{page}");
    }
}

#[tokio::test]
async fn whoever_comes_back_to_an_address_that_only_takes_forms_finds_the_page_of_the_form() {
    let desk = Desk::open().await;
    for (page, to) in [
        ("account-place-end", "account-devices"),
        ("account-address-again", "account-address-code"),
        ("quick-connect-approve", "quick-connect"),
        ("console-mail-test", "console-mail"),
        ("console-requests-close", "console-requests"),
        ("console-account-switch?id=x", "console-accounts"),
        (
            "console-account-switch?id=0b5c7a1e8f7e4d239a578a3f2f1f0c11",
            "console-account?id=0b5c7a1e8f7e4d239a578a3f2f1f0c11",
        ),
    ] {
        let shown = desk.get(page, "").await;
        assert_eq!((shown.status, shown.location.as_str()), (303, to), "{page}");
    }
}
