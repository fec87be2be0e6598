//! Pages asked for through the router: what is refused, where one is sent, which cookies come.
use usher_domain::activity::Door;
use usher_domain::entropy::SeededEntropy;
use usher_domain::id::{AccountId, AttemptId};
use usher_domain::secret::OpaqueToken;
use usher_domain::sign_in::{AddressOwed, Answer, Attempt, AttemptContext, LIFE, Owed};
use usher_store::NewAttempt;

use super::{Desk, NOON};

/// An attempt that has come so far; answers its cookie.
async fn attempt(desk: &Desk, answers: &[Answer]) -> String {
    let entropy = SeededEntropy::new(5);
    let cookie = OpaqueToken::generate(&entropy);
    let mut state = Attempt::start(Door::Web, NOON);
    for answer in answers {
        state.submit(*answer, NOON).unwrap();
    }
    let tx = desk.store.begin().await.unwrap();
    tx.add_attempt(&NewAttempt {
        id: AttemptId::generate(NOON, &entropy),
        digest: cookie.hash(),
        state,
        context: AttemptContext::default(),
        expires: NOON + LIFE,
    })
    .await
    .unwrap();
    tx.commit().await.unwrap();
    format!("__Host-usher_attempt={}", cookie.reveal())
}

fn account() -> AccountId {
    AccountId::generate(NOON, &SeededEntropy::new(3))
}

#[tokio::test]
async fn r71_a_form_or_query_with_other_fields_is_refused_with_a_page_that_says_so() {
    let desk = Desk::open().await;
    let refused = [
        desk.get("sign-in?nxt=/x", "").await,
        desk.get("sign-in?next=/a&next=/b", "").await,
        desk.get("sign-in?said=anything", "").await,
        desk.post("sign-in", "", &[("name", "mia")]).await,
        desk.post(
            "email",
            "",
            &[("email", "mia@example.org"), ("verified", "true")],
        )
        .await,
    ];
    for shown in refused {
        assert_eq!(shown.status, 400);
        assert!(
            shown.html.contains("That was not complete"),
            "{}",
            shown.html
        );
        assert!(shown.cookies.is_empty());
    }
}

#[tokio::test]
async fn where_no_page_stands_a_person_is_led_on_or_told_so() {
    let desk = Desk::open().await;
    for (page, to) in [
        ("", "account"),
        ("sign-in/", "../sign-in"),
        ("sign-in/?next=%2Fa", "../sign-in?next=%2Fa"),
        ("http:evil.example/", "../http:evil.example"),
    ] {
        let shown = desk.get(page, "").await;
        assert_eq!((shown.status, shown.location.as_str()), (303, to), "{page}");
    }
    let nothing = desk.get("nothing", "").await;
    assert_eq!(nothing.status, 404);
    assert!(
        nothing.html.contains("There is no such page"),
        "{}",
        nothing.html
    );
    let deeper = desk.get("static/x/nothing.css", "").await;
    assert_eq!((deeper.status, deeper.html.as_str()), (404, ""));
}

#[tokio::test]
async fn r13_a_link_of_a_mail_opens_whatever_hangs_on_it_and_changes_nothing() {
    let desk = Desk::open().await;
    for page in [
        "set-up",
        "reset",
        "undo",
        "revoke",
        "reset?fbclid=x&fbclid=y",
    ] {
        let shown = desk.get(page, "").await;
        assert_eq!(shown.status, 200, "{page}");
        assert!(shown.cookies.is_empty(), "{page}");
    }
}

#[tokio::test]
async fn what_cannot_be_a_link_is_said_to_be_spent() {
    let desk = Desk::open().await;
    for page in ["reset", "undo", "undo-yes", "revoke"] {
        let shown = desk.post(page, "", &[("link", "https://f.example/")]).await;
        assert_eq!(shown.status, 200, "{page}");
        assert!(
            shown.html.contains("aria-invalid"),
            "{page}: {}",
            shown.html
        );
        assert!(shown.cookies.is_empty(), "{page}");
    }
    assert_eq!(desk.get("undo-yes", "").await.location, "undo");
}

#[tokio::test]
async fn a_language_is_kept_and_the_same_page_opens_without_it_in_its_address() {
    let desk = Desk::open().await;
    let shown = desk.get("sign-in?next=%2Fa%3Fb%3D1&language=de", "").await;
    assert_eq!(shown.status, 303);
    assert_eq!(shown.location, "./sign-in?next=%2Fa%3Fb%3D1");
    let [cookie] = shown.cookies.try_into().unwrap();
    assert!(cookie.starts_with("__Host-usher_language=de;"), "{cookie}");
    let german = desk.get("sign-in", "__Host-usher_language=de").await;
    assert!(
        german.html.contains("<html lang=\"de\">"),
        "{}",
        german.html
    );
    let unknown = desk.get("forgot?language=tlh", "").await;
    assert_eq!(
        (unknown.status, unknown.location.as_str()),
        (303, "./forgot")
    );
    assert!(unknown.cookies.is_empty());
}

#[tokio::test]
async fn the_step_of_the_attempt_alone_decides_which_page_is_shown() {
    let desk = Desk::open().await;
    let owed = Answer::PasswordRight(
        account(),
        Owed {
            address: AddressOwed::MaySkip,
            ..Owed::NOTHING
        },
    );
    let cookie = attempt(&desk, &[owed]).await;
    let shown = desk.get("email", &cookie).await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("email-skip"), "{}", shown.html);
    for page in ["set-password", "code", "code?said=sent"] {
        let shown = desk.get(page, &cookie).await;
        assert_eq!(
            (shown.status, shown.location.as_str()),
            (303, "email"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn without_an_attempt_the_pages_of_its_steps_lead_to_the_beginning() {
    let desk = Desk::open().await;
    let stranger = format!(
        "__Host-usher_attempt={}",
        OpaqueToken::generate(&SeededEntropy::new(9)).reveal()
    );
    for page in ["set-password", "email", "code"] {
        assert_eq!(desk.get(page, "").await.location, "sign-in", "{page}");
        let over = desk.get(page, &stranger).await;
        assert_eq!(over.location, "sign-in?said=over", "{page}");
    }
    for page in ["email-skip", "code-again", "code-mistaken"] {
        let over = desk.post(page, "", &[]).await;
        assert_eq!(over.location, "sign-in?said=over", "{page}");
        let back = desk.get(page, "").await;
        assert_eq!(back.status, 303, "{page}");
    }
    assert_eq!(desk.get("new-password", "").await.location, "forgot");
    assert_eq!(desk.get("reset-code", "").await.location, "forgot");
}

#[tokio::test]
async fn while_jellyfin_is_away_the_form_says_so_keeps_the_name_and_sets_no_cookie() {
    let desk = Desk::open().await;
    let form = [
        ("name", "m\"ia"),
        ("password", "secret-word"),
        ("device", ""),
    ];
    let shown = desk.post("sign-in?next=%2Fdetails", "", &form).await;
    assert_eq!(shown.status, 200);
    assert!(shown.html.contains("cannot be reached"), "{}", shown.html);
    assert!(shown.html.contains("value=\"m&#34;ia\""), "{}", shown.html);
    assert!(
        shown
            .html
            .contains("action=\"sign-in?other=yes&#38;next=%2Fdetails\""),
        "{}",
        shown.html
    );
    assert!(!shown.html.contains("secret-word"));
    assert!(shown.cookies.is_empty());
}

/// A browser takes `http:evil.example` for another host where its own scheme is https, and the other way round.
#[tokio::test]
async fn r50_a_language_leads_to_no_other_host_whatever_the_page_is_called() {
    let desk = Desk::open().await;
    for page in [
        "http:evil.example",
        "a/b/https:evil.example",
        "javascript:alert(1)",
    ] {
        for language in ["de", "tlh"] {
            for query in ["", "a=1&"] {
                let asked = format!("{page}?{query}language={language}");
                let shown = desk.get(&asked, "").await;
                let here = url::Url::parse("https://films.example/usher/").unwrap();
                let to = here.join(&shown.location).unwrap();
                assert_eq!(shown.status, 303, "{asked}");
                assert_eq!(to.origin(), here.origin(), "{asked}: {to}");
            }
        }
        let nothing = desk.get(page, "").await.html;
        let link = format!("href=\"{page}");
        assert!(!nothing.contains(&link), "{nothing}");
    }
}

#[tokio::test]
async fn r50_a_page_of_another_site_is_not_carried_on() {
    let desk = Desk::open().await;
    let shown = desk.get("sign-in?next=%2F%2Fevil.example", "").await;
    let action = "action=\"sign-in?other=yes\"";
    assert!(shown.html.contains(action), "{}", shown.html);
    assert!(shown.html.contains("href=\"first-time\""), "{}", shown.html);
}
