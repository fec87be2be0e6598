// What is behind the door: the home page, a film, and playing it.
import { deviceId, serverAddress } from "./storage.js";
import { ask, currentToken, filmFile, get, getOr, picture, post } from "./server.js";
import { button, element, link } from "./parts.js";

const TICKS_PER_SECOND = 1e7;
const REPORT_EVERY_MS = 5000;
const LIST = "enableImageTypes=Primary&enableImageTypes=Backdrop&imageTypeLimit=1";
const NONE = { Items: [] };
let player = null;

const isWide = (item) => item.Type === "Episode" || item.Type === "CollectionFolder";
const details = (item) => `#/details?id=${item.Id}&serverId=${item.ServerId}`;
const still = (item, width, wide) => (wide && item.BackdropImageTags?.length ? picture(item.Id, "Backdrop", width, item.BackdropImageTags[0]) : picture(item.Id, "Primary", width, item.ImageTags?.Primary));

function card(item, wide) {
  const data = item.UserData ?? {};
  const share = data.PlayedPercentage > 0 && !data.Played ? element("span", { className: "done" }, element("i", { style: `width:${data.PlayedPercentage}%` })) : null;
  const seen = data.Played ? element("span", { className: "seen", title: "Watched" }, "✓") : null;
  const under = item.SeriesName ? `${item.SeriesName} · ${item.IndexNumber}` : item.ProductionYear ?? "";
  return element("li", { className: `card${wide ? " wide" : ""}` }, element("a", { href: details(item) },
    element("span", { className: "still" }, element("img", { src: still(item, wide ? 480 : 300, wide), alt: "", loading: "lazy" }), share, seen), element("b", {}, item.Name), element("small", {}, String(under))));
}

function row(title, items, wide = false) {
  if (!items?.length) return null;
  return element("section", { className: "row" }, element("h2", {}, title), element("ul", {}, ...items.map((item) => card(item, wide || isWide(item)))));
}

function facts(item) {
  const seconds = Math.round((item.RunTimeTicks ?? 0) / TICKS_PER_SECOND);
  const words = [item.ProductionYear, item.OfficialRating, item.GenreItems?.[0]?.Name, seconds ? `${seconds} s` : null].filter(Boolean);
  return element("p", { className: "facts" }, ...words.map((word) => element("span", {}, String(word))));
}

const playLink = (item) => link(item.UserData?.PlaybackPositionTicks ? "▶ Resume" : "▶ Play", `#/video?id=${item.Id}`, { className: "button main slim" });

function hero(item, ...actions) {
  return element("section", { className: "hero", style: `background-image:url("${still(item, 1280, true)}")` },
    element("div", {}, element("h1", {}, item.Name), facts(item), element("p", {}, item.Overview ?? ""), element("p", { className: "actions" }, ...actions)));
}

/** `#/home`: the shelves. */
export async function home({ user }) {
  const views = await getOr(NONE, `UserViews?userId=${user.Id}`);
  const [resume, next, suggestions, ...latest] = await Promise.all([
    getOr(NONE, `UserItems/Resume?userId=${user.Id}&limit=12&mediaTypes=Video&${LIST}`),
    getOr(NONE, `Shows/NextUp?userId=${user.Id}&limit=24&${LIST}`),
    getOr(NONE, `Items/Suggestions?userId=${user.Id}&type=Movie&type=Series&limit=12`),
    ...views.Items.map((view) => getOr([], `Items/Latest?userId=${user.Id}&parentId=${view.Id}&limit=16&${LIST}`)),
  ]);
  const rows = [
    row("Continue watching", resume.Items, true),
    row("Next up", next.Items, true),
    ...views.Items.map((view, place) => row(`Latest ${view.Name.toLowerCase()}`, latest[place])),
    row("Suggestions", suggestions.Items),
    row("My media", views.Items, true),
  ].filter(Boolean);
  const first = resume.Items[0] ?? suggestions.Items.find((item) => item.Type === "Movie");
  const top = first ? hero(await getOr(first, `Items/${first.Id}?userId=${user.Id}`), playLink(first), link("More", details(first), { className: "button slim" })) : null;
  if (rows.length === 0) rows.push(element("p", { className: "empty" }, "There is nothing here for you yet."));
  return element("main", {}, ...(top ? [top] : []), ...rows);
}

/** `#/details?id=`: a film, an episode, a series or a library. */
export async function film({ user, query }) {
  const item = await get(`Users/${user.Id}/Items/${query.get("id")}`);
  const children = item.IsFolder ? await getOr(NONE, item.Type === "Series" ? `Shows/${item.Id}/Episodes?userId=${user.Id}` : `Items?userId=${user.Id}&parentId=${item.Id}`) : NONE;
  const mark = (path, is, yes, no) => {
    const made = button(is ? yes : no, async () => {
      await ask(is ? "DELETE" : "POST", `${path}/${item.Id}?userId=${user.Id}`);
      is = !is;
      made.textContent = is ? yes : no;
    }, "slim");
    return made;
  };
  const actions = [item.IsFolder ? null : playLink(item), mark("UserPlayedItems", item.UserData?.Played, "✓ Watched", "Mark watched"), mark("UserFavoriteItems", item.UserData?.IsFavorite, "♥ Favorite", "♡ Favorite")];
  return element("main", { className: "film" }, hero(item, ...actions), row(item.Type === "Series" ? "Episodes" : item.Name, children.Items));
}

/** `#/video?id=`: plays from where the user stopped, and reports how far it got. */
export async function play({ user, query }) {
  const item = await get(`Users/${user.Id}/Items/${query.get("id")}`);
  const info = await post(`Items/${item.Id}/PlaybackInfo?userId=${user.Id}`, { UserId: user.Id, DeviceProfile: { DirectPlayProfiles: [{ Container: "mp4", Type: "Video" }], TranscodingProfiles: [] } });
  const source = info.MediaSources[0];
  const subtitles = `${serverAddress}/Videos/${item.Id}/${source.Id}/Subtitles/0/0/Stream.vtt?ApiKey=${currentToken()}`;
  const video = element("video", { src: filmFile(item.Id, source, info.PlaySessionId), controls: true, autoplay: true, playsInline: true }, element("track", { kind: "subtitles", srclang: "en", label: "English", src: subtitles }));
  const report = (stage = "") => post(`Sessions/Playing${stage}`, { ItemId: item.Id, MediaSourceId: source.Id, PlaySessionId: info.PlaySessionId, PositionTicks: Math.round(video.currentTime * TICKS_PER_SECOND), IsPaused: video.paused, CanSeek: true, PlayMethod: "DirectPlay", DeviceId: deviceId() }).catch(() => null);
  video.addEventListener("loadedmetadata", () => { video.currentTime = (item.UserData?.PlaybackPositionTicks ?? 0) / TICKS_PER_SECOND; }, { once: true });
  video.addEventListener("playing", () => report(), { once: true });
  video.addEventListener("pause", () => report("/Progress"));
  video.addEventListener("seeked", () => report("/Progress"));
  video.addEventListener("ended", () => history.back());
  player = { video, report, timer: setInterval(() => report("/Progress"), REPORT_EVERY_MS) };
  return element("div", { className: "screen" }, button("‹ Back", () => history.back(), "back slim"), video);
}

/** Ends what plays, before another page is shown. */
export function leavePlayer() {
  if (!player) return;
  clearInterval(player.timer);
  player.report("/Stopped");
  player.video.pause();
  player = null;
}
