//! Where a proof leads on to: one of a closed list of pages, or back to the web client.
use axum::response::Response;
use serde::Deserialize;
use url::{Position, Url};

use crate::pages::carried::after_sending;
use crate::pages::page::{Page, with_query};
use crate::pages::return_path;
use crate::pages::second_factor::Way;
use crate::pages::signed_in::{end, own_end};
use crate::pages::watching::{Came, question_of};

/// Longest page of the web client that is come back to, in bytes.
const BACK_MAX: usize = 1024;

/// What the page of a proof is asked for with.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Query {
    to: To,
    /// The code of a screen, on the way to its page.
    #[serde(default)]
    code: String,
    /// The page of one of the lists below, and whose or which it is about; for whom a screen was chosen to be.
    #[serde(default)]
    page: String,
    #[serde(default)]
    id: String,
    /// The screen was chosen to be a child's device.
    childs: Option<So>,
    /// The page of the web client, or of ours, that is come back to.
    #[serde(default)]
    back: String,
    /// Whether the browser came to sign in, on the way to a seat.
    came: Option<Came>,
    /// A form was refused before this proof.
    refused: Option<So>,
    /// How it is proved; else the strongest way.
    pub(super) way: Option<Way>,
    pub(super) said: Option<Said>,
}

/// Stands in an address where it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum So {
    Yes,
}

impl So {
    /// What stands in the address.
    const fn text(so: Option<Self>) -> &'static str {
        match so {
            Some(Self::Yes) => "yes",
            None => "",
        }
    }
}

/// What has just happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// A code is on its way.
    Sent,
}

/// The pages of the console that a proof leads back to.
const CONSOLE: [&str; 10] = [
    "console",
    "console-accounts",
    "console-account",
    "console-new",
    "console-requests",
    "console-email",
    "console-security",
    "console-profiles",
    "console-mail",
    "console-keys",
];

/// The pages of password and address, of second factors, of what stands in for them in apps, of devices and of profiles, that a
/// proof leads back to.
const SECURITY: [&str; 27] = [
    "account-security",
    "account-password",
    "account-address",
    "account-address-remove",
    "account-devices",
    "account-device-keep",
    "account-factor",
    "account-factor-edit",
    "account-codes",
    "account-app-passwords",
    "account-sign-ins",
    "account-profiles",
    "account-profile-new",
    "account-profile",
    "account-profile-pin",
    "account-profile-delete",
    "account-profile-ratings",
    "account-profile-libraries",
    "account-profile-tags",
    "account-profile-hours",
    "account-profile-minutes",
    "account-profile-picture",
    "account-profile-languages",
    "account-profile-home",
    "account-profile-watched",
    "account-profile-time",
    "account-profile-leave",
];

/// Where it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum To {
    #[default]
    Account,
    Security,
    QuickConnect,
    Console,
    /// Back to the web client: an administrator's page there asked for the proof.
    Dashboard,
    /// A page of ours that a browser at a profile's seat asked for.
    Own,
    /// A seat whose PIN is forgotten.
    Seat,
}

impl To {
    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Security => "security",
            Self::QuickConnect => "quick_connect",
            Self::Console => "console",
            Self::Dashboard => "dashboard",
            Self::Own => "own",
            Self::Seat => "seat",
        }
    }
}

/// What a proof at somebody else's seat says besides.
#[derive(Debug)]
pub(super) struct AtSeat {
    /// The key of why the owner is asked for.
    pub(super) why: &'static str,
    /// The way out without a proof: a page, and the key of what it is called.
    pub(super) way_out: (String, &'static str),
}

impl Query {
    fn code(&self) -> String {
        let letters = self.code.chars().filter(char::is_ascii_alphanumeric);
        letters.take(12).collect()
    }

    /// Whether a form was refused before this proof.
    pub(super) const fn was_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// The page to go on to: one of the list, whatever was asked for.
    pub(in crate::pages) fn target(&self) -> String {
        let one_of = |pages: &[&'static str]| {
            let first = pages.first().copied().unwrap_or("account");
            let asked = pages.iter().find(|page| **page == self.page);
            asked.copied().unwrap_or(first)
        };
        match self.to {
            To::Account => "account".to_owned(),
            To::Security => self.asked_again(one_of(&SECURITY)),
            To::QuickConnect => {
                let (code, childs) = (self.code(), So::text(self.childs));
                let asked = [("code", &*code), ("who", &self.id), ("childs", childs)];
                with_query("quick-connect", &asked)
            }
            To::Console => self.asked_again(one_of(&CONSOLE)),
            To::Dashboard => format!("..{}", of_client(&self.back)),
            To::Own => after_sending(own_end(&self.back).unwrap_or("account"), self.was_refused()),
            To::Seat => with_query(
                "switch-pin",
                &[
                    ("who", &self.id),
                    ("proved", "yes"),
                    ("next", &return_path::parse(&self.back)),
                    ("came", Came::text(self.came)),
                ],
            ),
        }
    }

    /// A page, with what it is about; whoever sent a form there is told that nothing was saved.
    fn asked_again(&self, page: &str) -> String {
        let page = with_query(page, &[("id", &self.id)]);
        after_sending(&page, self.was_refused())
    }

    /// Why the owner is asked for at somebody else's seat, and the way out without a proof.
    pub(super) fn at_seat(&self) -> Option<AtSeat> {
        match self.to {
            To::Seat => Some(AtSeat {
                why: "seat-prove-why",
                way_out: (question_of(&self.back, self.came), "seat-others"),
            }),
            To::Own => Some(AtSeat {
                why: "seat-prove-why-own",
                way_out: ("../web/".to_owned(), "seat-owner-back"),
            }),
            To::Account | To::Security | To::QuickConnect | To::Console | To::Dashboard => None,
        }
    }

    /// The way out where nobody else's seat is left: the page, of those that ask for no proof, that is nearest, and the key of what
    /// it is called.
    pub(super) fn way_out(&self) -> (String, &'static str) {
        let is_of = |area: &str| self.to == To::Security && self.page.starts_with(area);
        let (page, key) = if is_of("account-profile") {
            ("account-profiles", "watched-back")
        } else if is_of("account-device") {
            ("account-devices", "account-devices-back")
        } else {
            ("account", "account-back")
        };
        (page.to_owned(), key)
    }

    /// Another page, with where it goes on.
    pub(super) fn at(&self, page: &str) -> String {
        with_query(page, &self.kept())
    }

    /// The page of a proof, in a certain way.
    pub(super) fn by(&self, way: Way) -> String {
        let mut asked = self.kept().to_vec();
        asked.push(("way", way.name()));
        with_query("prove", &asked)
    }

    /// The page of a proof, after a code was sent.
    pub(super) fn after_sending(&self) -> String {
        let mut asked = self.kept().to_vec();
        asked.push(("said", "sent"));
        with_query("prove", &asked)
    }

    /// This page again.
    pub(in crate::pages) fn action(&self) -> String {
        let mut asked = self.kept().to_vec();
        asked.push(("way", self.way.map_or("", Way::name)));
        asked.push(("said", self.said.map_or("", |Said::Sent| "sent")));
        with_query("prove", &asked)
    }

    /// What every page on the way carries on.
    fn kept(&self) -> [(&'static str, &str); 8] {
        [
            ("to", self.to.name()),
            ("code", &self.code),
            ("page", &self.page),
            ("id", &self.id),
            ("childs", So::text(self.childs)),
            ("back", &self.back),
            ("came", Came::text(self.came)),
            ("refused", So::text(self.refused)),
        ]
    }
}

/// A page of the web client, written anew by the rules by which a browser reads it; its first one for anything else (R50).
fn of_client(back: &str) -> String {
    const FIRST: &str = "/web/";
    let read = || {
        if !back.starts_with(FIRST) || back.len() > BACK_MAX || back.chars().any(char::is_control) {
            return None;
        }
        let here = Url::parse("http://here.invalid").ok()?;
        let there = here.join(back).ok()?;
        let stays = there.origin() == here.origin() && there.path().starts_with(FIRST);
        stays.then(|| there[Position::BeforePath..].to_owned())
    };
    read().unwrap_or_else(|| FIRST.to_owned())
}

/// The page that asks for a proof on the way to the page of a screen's code, where what its form chose is chosen still: `who`
/// watches on it, and whether it is a child's (`childs` is "yes").
pub(in crate::pages) fn for_screen(code: &str, who: &str, childs: &str) -> String {
    let query = Query {
        to: To::QuickConnect,
        code: code.to_owned(),
        id: who.to_owned(),
        childs: (childs == "yes").then_some(So::Yes),
        ..Query::default()
    };
    query.action()
}

/// The page that asks for a proof on the way to a page of the account that needs one. Where a form was sent, that is the form's
/// page, which says that nothing was saved.
pub(in crate::pages) fn for_security(here: &Page, page: &str, id: &str) -> String {
    let query = Query {
        to: To::Security,
        page: page.to_owned(),
        id: id.to_owned(),
        refused: here.was_sent().then_some(So::Yes),
        ..Query::default()
    };
    query.action()
}

/// As [`for_security`], at once.
pub(in crate::pages) fn first(here: Page, page: &str, id: &str) -> Response {
    let to = for_security(&here, page, id);
    here.go(&to)
}

/// The page that asks for a proof on the way to a page of ours, from a profile's seat.
pub(in crate::pages) fn for_own(page: &str, was_refused: bool) -> String {
    let query = Query {
        to: To::Own,
        back: end(page),
        refused: was_refused.then_some(So::Yes),
        ..Query::default()
    };
    query.action()
}

/// The page that asks for a proof in place of the PIN before a seat, from where `next` of the web client opens.
pub(in crate::pages) fn for_seat(who: &str, next: &str, came: Option<Came>) -> String {
    let query = Query {
        to: To::Seat,
        id: who.to_owned(),
        back: next.to_owned(),
        came,
        ..Query::default()
    };
    query.action()
}

/// The page that asks for a proof on the way to a page of the console.
pub(in crate::pages) fn for_console(here: &str) -> String {
    on_the_way(here, None)
}

/// As [`for_console`], where a form was sent: it leads to the form's page, which says that nothing was saved.
pub(in crate::pages) fn after_form(here: &str) -> String {
    on_the_way(here, Some(So::Yes))
}

fn on_the_way(here: &str, refused: Option<So>) -> String {
    let (name, asked) = here.split_once('?').unwrap_or((here, ""));
    let is_of = |page: &str| {
        let rest = name.strip_prefix(page);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let pages = CONSOLE.iter().filter(|page| is_of(page));
    let page = pages.max_by_key(|page| page.len()).unwrap_or(&"console");
    let id = url::form_urlencoded::parse(asked.as_bytes())
        .find(|(name, _)| name == "id")
        .map(|(_, id)| id.into_owned());
    let query = Query {
        to: To::Console,
        page: (*page).to_owned(),
        id: id.unwrap_or_default(),
        refused,
        ..Query::default()
    };
    query.action()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r50_a_proof_leads_on_only_to_pages_of_the_list() {
        for (to, code, page, target) in [
            (To::Account, "", "", "account"),
            (To::Security, "123456", "account-address", "account-address"),
            (
                To::QuickConnect,
                "12 34\r\n56&x=/",
                "",
                "quick-connect?code=123456x",
            ),
            (To::Console, "", "", "console"),
            (To::Console, "", "console-mail", "console-mail"),
            (To::Console, "", "//evil.example", "console"),
            (To::Security, "", "", "account-security"),
            (To::Security, "", "account-codes", "account-codes"),
            (To::Security, "", "console", "account-security"),
            (To::Own, "", "", "account"),
            (To::Seat, "", "", "switch-pin?proved=yes"),
        ] {
            let query = Query {
                to,
                code: code.to_owned(),
                page: page.to_owned(),
                ..Query::default()
            };
            assert_eq!(query.target(), target, "{to:?}");
            assert!(
                query
                    .action()
                    .starts_with(&format!("prove?to={}", to.name()))
            );
        }
    }

    #[test]
    fn the_way_out_of_a_proof_leads_to_the_page_around_the_one_that_asks_for_it() {
        for (to, page, way_out) in [
            (To::Security, "account-profile-hours", "account-profiles"),
            (To::Security, "account-device-keep", "account-devices"),
            (To::Security, "account-address", "account"),
            (To::Console, "account-profile", "account"),
        ] {
            let query = Query {
                to,
                page: page.to_owned(),
                ..Query::default()
            };
            assert_eq!(query.way_out().0, way_out, "{page}");
        }
    }

    #[test]
    fn a_form_of_the_console_leads_back_to_its_page_after_the_proof() {
        for (here, page) in [
            ("console", "page=console"),
            ("console-accounts?text=a", "page=console-accounts"),
            (
                "console-account-set-up?id=0b5c",
                "page=console-account&id=0b5c",
            ),
            ("console-mail-test", "page=console-mail"),
            ("console-requests-close", "page=console-requests"),
        ] {
            let asked = format!("prove?to=console&{page}");
            assert_eq!(for_console(here), asked, "{here}");
            let sent = format!("{asked}&refused=yes");
            assert_eq!(after_form(here), sent, "{here}");
        }
    }

    #[test]
    fn the_page_of_a_refused_form_is_told_so_at_the_end_of_its_address() {
        for (id, target) in [
            ("", "console-mail?unsaved=yes"),
            ("0b5c", "console-mail?id=0b5c&unsaved=yes"),
        ] {
            let query = Query {
                to: To::Console,
                page: "console-mail".to_owned(),
                id: id.to_owned(),
                refused: Some(So::Yes),
                ..Query::default()
            };
            assert_eq!(query.target(), target);
        }
    }

    #[test]
    fn r50_the_web_client_is_come_back_to_at_one_of_its_own_pages_alone() {
        for (back, target) in [
            ("/web/#/dashboard/users", "../web/#/dashboard/users"),
            ("/web/index.html?x=1#/a?b=c", "../web/index.html?x=1#/a?b=c"),
            ("", "../web/"),
            ("//evil.example/web/", "../web/"),
            ("/\\evil.example/web/", "../web/"),
            ("https://evil.example/web/", "../web/"),
            ("/web/../usher/account-sign-out", "../web/"),
            ("/web/%2e%2e/usher/account", "../web/"),
            ("/website/", "../web/"),
            ("/web/\r\nx", "../web/"),
        ] {
            let query = Query {
                to: To::Dashboard,
                back: back.to_owned(),
                ..Query::default()
            };
            assert_eq!(query.target(), target, "{back}");
        }
    }

    #[test]
    fn what_was_chosen_for_a_screen_is_kept_on_every_way_through_the_proof() {
        for (who, childs, kept, target) in [
            ("", "", "", ""),
            ("owner", "", "&id=owner", "&who=owner"),
            ("0b5c", "yes", "&id=0b5c&childs=yes", "&who=0b5c&childs=yes"),
            (
                "0b5c&said=approved",
                "no",
                "&id=0b5c%26said%3Dapproved",
                "&who=0b5c%26said%3Dapproved",
            ),
        ] {
            let prove = format!("prove?to=quick_connect&code=123456{kept}");
            assert_eq!(for_screen("123456", who, childs), prove);
            let query = Query {
                to: To::QuickConnect,
                code: "123456".to_owned(),
                id: who.to_owned(),
                childs: (childs == "yes").then_some(So::Yes),
                ..Query::default()
            };
            assert_eq!(query.target(), format!("quick-connect?code=123456{target}"));
            assert_eq!(query.by(Way::Recovery), format!("{prove}&way=recovery"));
        }
    }

    #[test]
    fn another_way_and_the_forms_of_a_proof_lead_to_the_same_page() {
        let query = Query {
            to: To::Security,
            page: "account-factor-edit".to_owned(),
            id: "0b5c".to_owned(),
            said: Some(Said::Sent),
            ..Query::default()
        };
        let rest = "to=security&page=account-factor-edit&id=0b5c";
        assert_eq!(query.at("passkey-prove"), format!("passkey-prove?{rest}"));
        let other = format!("prove?{rest}&way=recovery");
        assert_eq!(query.by(Way::Recovery), other);
        assert_eq!(query.action(), format!("prove?{rest}&said=sent"));
    }
}
