//! Step-up: who sits there proves it again before something sensitive (R38), with the strongest that the account has.
mod target;

pub(in crate::pages) use target::{
    Query, after_form, first, for_console, for_own, for_screen, for_seat, for_security,
};

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use usher_accounts::me::{Proof, ProofView, StepUp};
use usher_accounts::second_factor::CodeSent;
use usher_domain::secret::SecretText;

use target::Said;

use crate::pages::cookies::Name;
use crate::pages::frame::Frame;
use crate::pages::page::{Answer, Asked, Page, Typed};
use crate::pages::second_factor::{NotTaken, Way};
use crate::pages::signed_in::{AtAnySeat, SignedIn};
use crate::pages::spans::mail_waiting;

/// The form: a password, or a factor and which it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::pages) struct Form {
    password: Option<SecretText>,
    way: Option<Way>,
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "account/prove.html")]
pub(in crate::pages) struct ProvePage<'a> {
    pub(in crate::pages) frame: &'a Frame,
    pub(in crate::pages) name: &'a str,
    /// The key of why the owner is asked for at somebody else's seat; empty elsewhere.
    pub(in crate::pages) why: &'static str,
    /// The way out without a proof: a page, and the key of what it is called.
    pub(in crate::pages) way_out: (String, &'static str),
    pub(in crate::pages) action: String,
    /// What takes the account's place without a second factor. `None`: the password.
    pub(in crate::pages) way: Option<Way>,
    /// The other ways, each with its address.
    pub(in crate::pages) others: Vec<(Way, String)>,
    /// Where the forms of a passkey and of a code's mail go.
    pub(in crate::pages) passkey: String,
    pub(in crate::pages) send: String,
    /// Where codes by mail go, with most of it hidden.
    pub(in crate::pages) address: &'a str,
    pub(in crate::pages) is_sent: bool,
    /// The key of why mail is no way; empty where it is one.
    pub(in crate::pages) no_mail: &'static str,
    pub(in crate::pages) wrong: String,
}

impl ProvePage<'_> {
    fn body(&self) -> String {
        let key = match self.way {
            None => "account-prove-body",
            Some(Way::Passkey) => "factor-prove-passkey",
            Some(Way::Totp) => "factor-prove-totp",
            Some(Way::Email) => "factor-prove-email",
            Some(Way::Recovery) => "factor-prove-recovery",
        };
        let variables = [("name", self.name.into()), ("address", self.address.into())];
        self.frame.texts(key, &variables)
    }
}

/// `GET /usher/prove`.
pub(super) async fn show(AtAnySeat(signed_in): AtAnySeat, Asked(query): Asked<Query>) -> Answer {
    ask(signed_in, &query, String::new()).await
}

/// `POST /usher/prove`.
pub(super) async fn submit(
    AtAnySeat(mut signed_in): AtAnySeat,
    Asked(query): Asked<Query>,
    Typed(typed): Typed<Form>,
) -> Answer {
    let page = &signed_in.page;
    let accounts = page.services.accounts.clone();
    let session = &signed_in.session;
    let shown = typed.way.and_then(|way| way.shown(&typed.code));
    let proved = match (shown, &typed.password) {
        (Some(shown), _) => {
            accounts
                .step_up_by_factor(session, shown, &page.visitor)
                .await?
        }
        (None, Some(password)) => accounts.step_up(session, password, &page.visitor).await?,
        (None, None) => return ask(signed_in, &query, String::new()).await,
    };
    let wrong = match proved {
        StepUp::Done(cookie) => {
            signed_in.page.keep(Name::Session, &cookie);
            return Ok(signed_in.page.go(&query.target()));
        }
        not_proved @ (StepUp::Wrong
        | StepUp::NotACode
        | StepUp::Dead
        | StepUp::Closed
        | StepUp::Wait(_)
        | StepUp::Busy) => told(&page.frame, typed.way, &not_proved),
    };
    ask(signed_in, &query, wrong).await
}

/// `GET /usher/prove-send`: somebody came back to it.
pub(in crate::pages) async fn back(page: Page, Asked(query): Asked<Query>) -> Response {
    page.go(&query.action())
}

/// `POST /usher/prove-send`: sends a code by mail.
pub(super) async fn send(AtAnySeat(signed_in): AtAnySeat, Asked(query): Asked<Query>) -> Answer {
    let page = &signed_in.page;
    let accounts = page.services.accounts.clone();
    let sent = accounts
        .send_step_up_code(&signed_in.session, &page.visitor)
        .await?;
    let wrong = match sent {
        CodeSent::Sent => return Ok(signed_in.page.go(&query.after_sending())),
        CodeSent::Wait(span) => mail_waiting(&page.frame, span),
        CodeSent::NoMail | CodeSent::Gone => page.frame.t("factor-no-mail"),
    };
    ask(signed_in, &query, wrong).await
}

/// Why it was not proved, in words.
fn told(frame: &Frame, way: Option<Way>, proved: &StepUp) -> String {
    let not_taken = match proved {
        StepUp::Done(_) => return String::new(),
        StepUp::Busy => return frame.t("web-busy"),
        StepUp::Wrong => NotTaken::Wrong(None),
        StepUp::NotACode => NotTaken::NotACode,
        StepUp::Dead => NotTaken::Dead,
        StepUp::Closed => NotTaken::Closed,
        StepUp::Wait(span) => NotTaken::Wait(*span),
    };
    match (way, not_taken) {
        (Some(way), not_taken) => not_taken.told(frame, way),
        (None, NotTaken::Wait(_same_for_all)) => frame.t("web-too-many"),
        (None, NotTaken::Closed) => frame.t("account-prove-closed"),
        (None, NotTaken::Wrong(_) | NotTaken::NotACode | NotTaken::Dead) => {
            frame.t("account-prove-wrong")
        }
    }
}

/// The ways that are open, strongest first; none where the password is asked for.
fn open_ways(view: &ProofView) -> Vec<Way> {
    let mut ways = match view.proof {
        Proof::Password => return Vec::new(),
        Proof::Strong { totp, passkey } => {
            let kinds = [(passkey, Way::Passkey), (totp, Way::Totp)];
            let there = kinds.into_iter().filter(|(is_there, _)| *is_there);
            there.map(|(_, way)| way).collect()
        }
        Proof::Mail if view.mail_works => vec![Way::Email],
        Proof::Mail => Vec::new(),
    };
    if view.recovery_codes > 0 || ways.is_empty() {
        ways.push(Way::Recovery);
    }
    ways
}

async fn ask(signed_in: SignedIn, query: &Query, wrong: String) -> Answer {
    let SignedIn {
        mut page, session, ..
    } = signed_in;
    let Some(view) = page.services.accounts.proof_view(&session).await? else {
        page.clear(Name::Session);
        return Ok(page.go("sign-in"));
    };
    let mut others = open_ways(&view);
    let asked = query.way.filter(|way| others.contains(way));
    let way = asked.or_else(|| others.first().copied());
    others.retain(|other| Some(*other) != way);
    if query.was_refused() {
        page.frame.notice = "account-prove-unsaved";
    }
    let frame = page.frame.clone();
    let no_mail = match (view.proof, view.mail_works, view.recovery_codes) {
        (Proof::Mail, false, 0) => "factor-mail-dead-no-codes",
        (Proof::Mail, false, _) => "factor-mail-dead",
        (Proof::Mail, true, _) | (Proof::Password | Proof::Strong { .. }, _, _) => "",
    };
    let (why, way_out) = match query.at_seat() {
        Some(at_seat) => (at_seat.why, at_seat.way_out),
        None => ("", query.way_out()),
    };
    Ok(page.show(&ProvePage {
        frame: &frame,
        name: &view.name,
        why,
        way_out,
        action: query.action(),
        way,
        others: others
            .into_iter()
            .map(|other| (other, query.by(other)))
            .collect(),
        passkey: query.at("passkey-prove"),
        send: query.at("prove-send"),
        address: &view.masked_address,
        is_sent: query.said == Some(Said::Sent),
        no_mail,
        wrong,
    }))
}
