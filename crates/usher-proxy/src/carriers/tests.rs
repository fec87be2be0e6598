use super::*;

type Lines<'a> = &'a [(&'static str, &'a str)];

fn carried(
    lines: &[(&'static str, &str)],
    query: Option<&str>,
) -> Result<Carried, RefusedCarriers> {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(*name, value.parse().unwrap());
    }
    let carried = take(&mut headers, query);
    assert!(headers.is_empty(), "a carrier was left behind: {headers:?}");
    carried
}

fn token(carried: &Carried) -> Option<&str> {
    carried.token.as_ref().map(SecretText::reveal)
}

#[test]
fn every_clients_way_to_carry_a_credential_is_read() {
    let ways: [(Lines<'_>, Option<&str>); 10] = [
        (
            &[(
                "authorization",
                "MediaBrowser Client=\"A\", Device=\"B\", DeviceId=\"C\", Version=\"1\", Token=\"abc\"",
            )],
            None,
        ),
        (
            &[(
                "authorization",
                "MediaBrowser DeviceId=C, Token=abc, Device=My TV, Client=A, Version=1",
            )],
            None,
        ),
        (
            &[(
                "authorization",
                "Emby Client=A,Device=B%20C,DeviceId=D,Version=1,Token=abc",
            )],
            None,
        ),
        (&[("authorization", "mediabrowser Token=abc")], None),
        (
            &[("x-emby-authorization", "MediaBrowser Token=\"abc\"")],
            None,
        ),
        (&[("x-emby-token", "abc")], None),
        (&[("x-mediabrowser-token", "abc")], None),
        (&[], Some("ApiKey=abc")),
        (&[], Some("x=1&api_key=abc")),
        (&[("x-emby-token", "abc")], Some("APIKEY=abc")),
    ];
    for (headers, query) in ways {
        assert_eq!(
            token(&carried(headers, query).unwrap()),
            Some("abc"),
            "{headers:?} {query:?}"
        );
    }
}

#[test]
fn two_credentials_that_disagree_are_refused() {
    let both = carried(&[("x-emby-token", "abc")], Some("ApiKey=def"));
    assert_eq!(both.unwrap_err(), RefusedCarriers::Conflict);
}

#[test]
fn a_query_that_is_encoded_as_a_whole_is_refused() {
    assert_eq!(
        carried(&[], Some("ApiKey%3Dabc%26x%3D1")).unwrap_err(),
        RefusedCarriers::EncodedQuery
    );
}

#[test]
fn the_rest_of_the_query_stays_as_it_was() {
    let carried = carried(&[], Some("fields=a&ApiKey=abc&fields=b%2Fc")).unwrap();
    assert_eq!(carried.query.as_deref(), Some("fields=a&fields=b%2Fc"));
}

#[test]
fn a_comma_inside_quotes_belongs_to_the_value() {
    let carried = carried(
        &[(
            "authorization",
            "MediaBrowser Device=\"Anna, her TV\", Client=\"A\"",
        )],
        None,
    )
    .unwrap();
    assert_eq!(carried.identity.unwrap().device, "Anna, her TV");
    assert!(carried.token.is_none());
}

#[test]
fn other_schemes_carry_nothing_for_jellyfin() {
    assert!(
        carried(&[("authorization", "Bearer abc")], None)
            .unwrap()
            .token
            .is_none()
    );
}
