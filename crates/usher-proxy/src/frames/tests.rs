use tokio::io::BufReader;

use super::*;

/// Hears of everything; drops what speaks of secrets, and changes what speaks of `anna+Kids`.
struct Ear;

impl Listener for Ear {
    async fn told(&self, message: &str) -> Told {
        if message.contains("secret") {
            Told::Nothing
        } else if message.contains("anna+Kids") {
            Told::Instead(message.replace("anna+Kids", "Kids"))
        } else {
            Told::AsItIs
        }
    }
}

async fn relayed(sent: &[u8]) -> (io::Result<()>, Vec<u8>) {
    let mut got = Vec::new();
    // One byte at a time: heads and payloads break anywhere.
    let from = BufReader::with_capacity(1, sent);
    let ended = relay(from, &mut got, &Ear).await;
    (ended, got)
}

fn text(message: &str) -> Vec<u8> {
    frame(LAST | TEXT, message.as_bytes())
}

#[tokio::test]
async fn a_text_is_heard_and_dropped_or_changed_and_its_neighbors_pass() {
    let sent = [
        text("hello"),
        text("a secret"),
        text(&format!("{} anna+Kids", "x".repeat(200))),
        text(&"y".repeat(70_000)),
    ];
    let (ended, got) = relayed(&sent.concat()).await;
    ended.unwrap();
    let wanted = [
        text("hello"),
        text(&format!("{} Kids", "x".repeat(200))),
        text(&"y".repeat(70_000)),
    ];
    assert!(got == wanted.concat(), "{got:?}");
}

#[tokio::test]
async fn what_is_no_text_passes_whatever_it_says() {
    for kind in [2, 8, 9, 10] {
        let sent = frame(LAST | kind, b"a secret");
        let (ended, got) = relayed(&sent).await;
        ended.unwrap();
        assert_eq!(got, sent, "{kind}");
    }
    let parts = [frame(2, b"a sec"), frame(LAST | CONTINUATION, b"ret")].concat();
    assert_eq!(relayed(&parts).await.1, parts);
}

#[tokio::test]
async fn a_text_in_parts_is_heard_as_one_and_a_ping_between_them_passes_at_once() {
    let ping = frame(LAST | 9, b"there?");
    let parts = [
        frame(TEXT, b"it is a sec"),
        ping.clone(),
        frame(LAST | CONTINUATION, b"ret"),
    ];
    assert_eq!(relayed(&parts.concat()).await.1, ping);
    let parts = [
        frame(TEXT, b"anna+"),
        frame(CONTINUATION, b"Ki"),
        frame(LAST | CONTINUATION, b"ds"),
    ];
    assert_eq!(relayed(&parts.concat()).await.1, text("Kids"));
}

#[tokio::test]
async fn a_text_that_is_too_long_to_be_read_passes_unread_with_all_its_parts() {
    let long = "secret ".repeat(200_000);
    let whole = text(&long);
    assert!(relayed(&whole).await.1 == whole);
    let parts = [
        frame(TEXT, b"a secret"),
        frame(CONTINUATION, long.as_bytes()),
        frame(LAST | CONTINUATION, b"!"),
        text("a secret"),
    ];
    assert!(relayed(&parts.concat()).await.1 == parts[..3].concat());
}

#[tokio::test]
async fn what_cannot_be_read_ends_the_socket_and_passes_nothing_of_it() {
    let masked = [LAST | TEXT, MASKED | 2, 1, 2, 3, 4, 5, 6];
    let packed = [LAST | 0x40 | TEXT, 2, 5, 6];
    let broken = [LAST | TEXT, 9, 1, 2];
    let begun_twice = [frame(TEXT, b"a "), text("b")].concat();
    for sent in [&masked[..], &packed, &broken, &begun_twice] {
        let (ended, got) = relayed(sent).await;
        assert!(ended.is_err() && got.is_empty(), "{got:?}");
    }
}
