//! `PlaybackInfo`: how an item can be played, and under which addresses.
use axum::response::Response;
use http::{Method, StatusCode};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{dashed, film_size, source_id};
use crate::library::{
    Call, Item, Library, RUN_TIME_TICKS, Viewer, bare, json_answer, not_found, plain, tag_of,
};

impl Library {
    /// `GET` and `POST /Items/{id}/PlaybackInfo`.
    pub(super) fn playback_info(&self, call: &Call<'_>, id: &str) -> Response {
        let viewer = match Viewer::of(call) {
            Ok(viewer) => viewer,
            Err(refusal) => return refusal.into(),
        };
        let Ok(id) = Uuid::parse_str(id) else {
            return bare(StatusCode::BAD_REQUEST);
        };
        let Some(item) = self
            .catalog
            .find(id)
            .filter(|item| item.kind.is_video() && viewer.limits.allow(item))
        else {
            return not_found();
        };
        let session = play_session(call, item);
        let mut source = source(item);
        if call.method == Method::POST {
            fit(&mut source, call, item, &session);
        }
        json_answer(&json!({ "MediaSources": [source], "PlaySessionId": session }))
    }
}

/// A session of playback: its id is no secret here, it only has to differ from the last.
pub(super) fn play_session(call: &Call<'_>, item: &Item) -> String {
    let caller = call
        .caller
        .as_ref()
        .map(|caller| caller.token.as_str())
        .unwrap_or_default();
    let digest: [u8; 16] =
        Md5::digest(format!("{caller}{}{}", item.id, call.now.as_millis())).into();
    plain(Uuid::from_bytes(digest))
}

/// Narrows a source to what the device says it plays.
fn fit(source: &mut Value, call: &Call<'_>, item: &Item, session: &str) {
    let body = call.json();
    let profile = &body["DeviceProfile"];
    let lists = |name: &str| {
        profile[name]
            .as_array()
            .is_some_and(|list| !list.is_empty())
    };
    let wanted = |name: &str| body[name].as_bool().unwrap_or(true);
    let plays = profile.is_null() || lists("DirectPlayProfiles");
    let transcodes = profile.is_null() || lists("TranscodingProfiles");
    source["SupportsDirectPlay"] = json!(plays && wanted("EnableDirectPlay"));
    source["SupportsDirectStream"] = json!(plays && wanted("EnableDirectStream"));
    source["SupportsTranscoding"] = json!(transcodes && wanted("EnableTranscoding"));
    let Some(caller) = &call.caller else { return };
    let (id, token) = (dashed(item), &caller.token);
    if transcodes && !(plays && wanted("EnableDirectPlay")) {
        let (device, media) = (&caller.device_id, source_id(item));
        let tag = tag_of("source", item);
        source["TranscodingUrl"] = json!(format!(
            "/videos/{id}/master.m3u8?DeviceId={device}&MediaSourceId={media}&VideoCodec=h264&AudioCodec=aac&AudioStreamIndex=2&SegmentContainer=ts&MinSegments=1&PlaySessionId={session}&ApiKey={token}&Tag={tag}&TranscodeReasons=ContainerBitrateExceedsLimit"
        ));
        source["TranscodingSubProtocol"] = json!("hls");
        source["TranscodingContainer"] = json!("ts");
    }
    let external = profile["SubtitleProfiles"]
        .as_array()
        .is_some_and(|list| list.iter().any(|entry| entry["Method"] == "External"));
    let stream = &mut source["MediaStreams"][0];
    stream["DeliveryMethod"] = json!(if external { "External" } else { "Encode" });
    if external {
        stream["DeliveryUrl"] = json!(format!(
            "/Videos/{id}/{}/Subtitles/0/0/Stream.vtt?ApiKey={token}",
            source_id(item)
        ));
    }
}

/// The one file of a film, as `MediaSources` lists it.
pub(crate) fn source(item: &Item) -> Value {
    let file_name = item
        .path
        .rsplit_once('/')
        .map_or(item.path.as_str(), |(_, file)| file);
    let stem = file_name.strip_suffix(".mp4").unwrap_or(file_name);
    json!({
        "Protocol": "File", "Id": source_id(item), "Path": item.path, "Type": "Default", "Container": "mp4", "Size": film_size(item), "Name": stem,
        "IsRemote": false, "ETag": tag_of("source", item), "RunTimeTicks": RUN_TIME_TICKS, "ReadAtNativeFramerate": false, "IgnoreDts": false,
        "IgnoreIndex": false, "GenPtsInput": false, "SupportsTranscoding": true, "SupportsDirectStream": true, "SupportsDirectPlay": true,
        "IsInfiniteStream": false, "UseMostCompatibleTranscodingProfile": false, "RequiresOpening": false, "RequiresClosing": false,
        "RequiresLooping": false, "SupportsProbing": true, "VideoType": "VideoFile",
        "MediaStreams": [subtitle_stream(item), video_stream(), audio_stream()],
        "MediaAttachments": [], "Formats": [], "Bitrate": 200_000, "RequiredHttpHeaders": {}, "TranscodingSubProtocol": "http",
        "DefaultAudioStreamIndex": 2, "HasSegments": false,
    })
}

fn subtitle_stream(item: &Item) -> Value {
    json!({
        "Codec": "subrip", "Language": "eng", "TimeBase": "1/1000", "VideoRange": "Unknown", "VideoRangeType": "Unknown", "AudioSpatialFormat": "None",
        "DisplayTitle": "English - SUBRIP - External", "IsInterlaced": false, "IsDefault": false, "IsForced": false, "IsHearingImpaired": false,
        "Type": "Subtitle", "Index": 0, "IsExternal": true, "IsTextSubtitleStream": true, "SupportsExternalStream": true,
        "Path": item.path.replace(".mp4", ".en.srt"),
    })
}

fn video_stream() -> Value {
    json!({
        "Codec": "h264", "TimeBase": "1/12288", "VideoRange": "SDR", "VideoRangeType": "SDR", "AudioSpatialFormat": "None", "DisplayTitle": "360p H264 SDR",
        "NalLengthSize": "4", "IsInterlaced": false, "IsAVC": true, "BitRate": 150_000, "BitDepth": 8, "RefFrames": 1, "IsDefault": true, "IsForced": false,
        "IsHearingImpaired": false, "Height": 360, "Width": 640, "AverageFrameRate": 12, "RealFrameRate": 12, "ReferenceFrameRate": 12,
        "Profile": "Constrained Baseline", "Type": "Video", "AspectRatio": "16:9", "Index": 1, "IsExternal": false, "IsTextSubtitleStream": false,
        "SupportsExternalStream": false, "PixelFormat": "yuv420p", "Level": 30, "IsAnamorphic": false,
    })
}

fn audio_stream() -> Value {
    json!({
        "Codec": "aac", "Language": "eng", "TimeBase": "1/44100", "VideoRange": "Unknown", "VideoRangeType": "Unknown", "AudioSpatialFormat": "None",
        "DisplayTitle": "English - AAC - Mono - Default", "IsInterlaced": false, "ChannelLayout": "mono", "BitRate": 24_000, "Channels": 1,
        "SampleRate": 44_100, "IsDefault": true, "IsForced": false, "IsHearingImpaired": false, "Profile": "LC", "Type": "Audio", "Index": 2,
        "IsExternal": false, "IsTextSubtitleStream": false, "SupportsExternalStream": false,
    })
}
