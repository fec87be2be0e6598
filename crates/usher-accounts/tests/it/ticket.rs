//! Tickets: streams without a credential, and who may stand on whose answer.
use usher_accounts::gate::Seat;
use usher_domain::secret::SecretText;

use crate::desk::{Desk, at_home};

const FILM: &str = "film";

/// A person's answer to `PlaybackInfo` leaves tickets.
async fn leave(desk: &Desk, seat: &Seat<'_>, token: &SecretText) {
    let session = seat.play_session.map(str::to_owned);
    let names: Vec<String> = [FILM.to_owned()].into_iter().chain(session).collect();
    let left = desk.accounts.leave_tickets(seat, &names, token).await;
    left.unwrap();
}

/// On whose token a stream of the film stands.
async fn stands_on(desk: &Desk, seat: &Seat<'_>) -> Option<SecretText> {
    let session = seat.play_session.map(str::to_owned);
    let names: Vec<String> = [FILM.to_owned()].into_iter().chain(session).collect();
    desk.accounts.ticket(seat, &names).await.unwrap()
}

fn seat(address_is_exact: bool, play_session: Option<&str>) -> Seat<'_> {
    Seat {
        address: at_home().address,
        address_is_exact,
        play_session,
    }
}

#[tokio::test]
async fn an_exact_address_is_enough_to_play_what_its_own_answer_named() {
    for desk in Desk::open_all().await {
        let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.token;
        leave(&desk, &seat(true, Some("session-a")), &anna).await;
        for session in [None, Some("session-a")] {
            let found = stands_on(&desk, &seat(true, session)).await;
            assert_eq!(found.unwrap().reveal(), anna.reveal(), "{session:?}");
        }
        assert!(stands_on(&desk, &seat(true, Some("other"))).await.is_none());
    }
}

#[tokio::test]
async fn behind_an_unlisted_proxy_a_stream_stands_on_its_own_play_session_and_on_nobody_elses() {
    for desk in Desk::open_all().await {
        let anna = desk.signed_in("anna", "anna-pass-1", "tv").await.token;
        let kim = desk.signed_in("kim", "kim-pass-1", "phone").await.token;
        leave(&desk, &seat(false, Some("session-a")), &anna).await;
        leave(&desk, &seat(false, Some("session-k")), &kim).await;
        leave(&desk, &seat(false, None), &kim).await;
        for (session, whose) in [("session-a", &anna), ("session-k", &kim)] {
            let found = stands_on(&desk, &seat(false, Some(session))).await;
            assert_eq!(found.unwrap().reveal(), whose.reveal(), "{session}");
        }
        for stranger in [
            seat(false, None),
            seat(false, Some("guess")),
            seat(true, None),
        ] {
            assert!(stands_on(&desk, &stranger).await.is_none(), "{stranger:?}");
        }
    }
}
