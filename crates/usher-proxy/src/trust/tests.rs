use super::*;

fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

fn seen(peer: &str, lines: &[(&'static str, &str)]) -> Origin {
    let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    origin(
        peer.parse().unwrap(),
        Scheme::Http,
        &headers(lines),
        &trusted,
    )
}

#[test]
fn r53_the_visitor_is_the_nearest_hop_that_is_not_our_own() {
    for (peer, lines, expected) in [
        (
            "203.0.113.9",
            &[("x-forwarded-for", "198.51.100.1")] as &[(&'static str, &str)],
            "203.0.113.9",
        ),
        ("10.0.0.1", &[], "10.0.0.1"),
        (
            "10.0.0.1",
            &[("x-forwarded-for", "198.51.100.1")],
            "198.51.100.1",
        ),
        (
            "::ffff:10.0.0.1",
            &[("x-forwarded-for", "198.51.100.1")],
            "198.51.100.1",
        ),
        (
            "10.0.0.1",
            &[("x-forwarded-for", "1.1.1.1, 198.51.100.1, 10.0.0.2")],
            "198.51.100.1",
        ),
        (
            "10.0.0.1",
            &[
                ("x-forwarded-for", "1.1.1.1"),
                ("x-forwarded-for", "198.51.100.1"),
            ],
            "198.51.100.1",
        ),
        (
            "10.0.0.1",
            &[("x-forwarded-for", "198.51.100.1, unknown")],
            "10.0.0.1",
        ),
        (
            "10.0.0.1",
            &[("x-forwarded-for", "198.51.100.1, unknown, 10.0.0.2")],
            "10.0.0.2",
        ),
        ("10.0.0.1", &[("x-forwarded-for", "")], "10.0.0.1"),
        (
            "10.0.0.1",
            &[("x-forwarded-for", "198.51.100.1:4711")],
            "198.51.100.1",
        ),
        (
            "10.0.0.1",
            &[(
                "forwarded",
                "for=1.1.1.1, for=\"[2001:db8::1]:99\";proto=https",
            )],
            "2001:db8::1",
        ),
        (
            "fd00::1",
            &[("x-forwarded-for", "2001:db8::7")],
            "2001:db8::7",
        ),
    ] {
        assert_eq!(
            seen(peer, lines).address.to_string(),
            expected,
            "{peer} {lines:?}"
        );
    }
}

#[test]
fn r53_an_unlisted_private_peer_with_forwarding_headers_is_told() {
    assert!(!seen("192.168.1.2", &[("x-forwarded-for", "1.1.1.1")]).is_exact);
    assert!(!seen("192.168.1.2", &[("x-real-ip", "1.1.1.1")]).is_exact);
    assert!(!seen("192.168.1.2", &[("x-forwarded-proto", "https")]).is_exact);
    assert!(!seen("10.0.0.1", &[]).is_exact, "a listed one names nobody");
    assert!(!seen("10.0.0.1", &[("x-forwarded-for", "unknown")]).is_exact);
    assert!(seen("10.0.0.1", &[("x-forwarded-for", "10.0.0.7")]).is_exact);
    assert!(seen("10.0.0.1", &[("x-forwarded-for", "198.51.100.1")]).is_exact);
    assert!(seen("192.168.1.2", &[]).is_exact);
    assert!(seen("203.0.113.9", &[("x-forwarded-for", "1.1.1.1")]).is_exact);
}

#[test]
fn r53_scheme_and_host_come_from_trusted_proxies_only() {
    let lines: &[(&'static str, &str)] = &[
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "films.example"),
    ];
    let trusted = seen("10.0.0.1", lines);
    assert_eq!(
        (trusted.scheme, trusted.host.as_deref()),
        (Scheme::Https, Some("films.example"))
    );
    let stranger = seen("203.0.113.9", lines);
    assert_eq!((stranger.scheme, stranger.host), (Scheme::Http, None));
}
