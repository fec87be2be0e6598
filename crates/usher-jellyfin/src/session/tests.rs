use serde_json::json;

use super::*;

#[test]
fn a_session_is_read_with_what_is_playing_and_without_anybody() {
    let listed = json!([
        {
            "Id": "1f960a3b3ebdfb09f96c12171152f655", "UserId": "40a8742c145447f1a33292fafa2e17a2",
            "Client": "Jellyfin Android", "DeviceName": "Kids tablet", "DeviceId": "tab-1",
            "LastActivityDate": "2026-11-23T06:52:23.0142905Z", "NowPlayingItem": { "Name": "A film", "Type": "Movie" },
        },
        { "Id": "d3827d88fc1083ee7f8bb5498720e9ce", "UserId": "00000000000000000000000000000000" },
    ]);
    let sessions: Vec<SessionInfo> = serde_json::from_value(listed).unwrap();
    assert_eq!(sessions[0].now_playing.as_deref(), Some("A film"));
    assert_eq!(
        sessions[0].user.map(|user| user.to_string()).as_deref(),
        Some("40a8742c145447f1a33292fafa2e17a2")
    );
    assert_eq!(sessions[0].device_id, "tab-1");
    assert_eq!(
        (sessions[1].user, sessions[1].now_playing.as_deref()),
        (None, None)
    );
}
