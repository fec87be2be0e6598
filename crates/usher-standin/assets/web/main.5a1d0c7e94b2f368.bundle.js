// The stand-in client: starts, finds out who is signed in, and shows the page that the address names.
// The name of this file is one that Jellyfin for Android waits for.
import { forgotPassword, forgotPasswordPin, login, quickConnect } from "./door.js";
import { film, home, leavePlayer, play } from "./cinema.js";
import { currentToken, get, getOr, hangUp, listen, post, useToken, useVersion } from "./server.js";
import { forgetSession, rememberSession, serverAddress, storeServer, storeUser, storedServer } from "./storage.js";
import { button, element, link, show } from "./parts.js";

const open = { login, forgotpassword: forgotPassword, forgotpasswordpin: forgotPasswordPin };
const own = { home, details: film, video: play, quickconnect: quickConnect };
const state = { info: null, config: { menuLinks: [] }, user: null };

/** Reads the answer of a sign-in: keeps the session and goes to where the visitor wanted. */
async function signedIn(answer, remember = true) {
  rememberSession(remember);
  useToken(answer.AccessToken);
  const server = storeServer(state.info, { UserId: answer.User.Id, AccessToken: answer.AccessToken });
  await welcome(answer.User.Id, server);
  const wanted = new URLSearchParams(location.hash.split("?")[1]).get("url");
  go(wanted?.startsWith("/") ? wanted : "/home");
}

async function welcome(userId, server) {
  await post("Sessions/Capabilities/Full", { PlayableMediaTypes: ["Video"], SupportedCommands: ["DisplayMessage"], SupportsMediaControl: true });
  await getOr(null, `DisplayPreferences/usersettings?userId=${userId}&client=emby`);
  state.user = await get(`Users/${userId}`);
  storeUser(state.user, server);
  listen(heard);
}

function heard(message) {
  if (message.MessageType === "GeneralCommand" && message.Data?.Name === "DisplayMessage") {
    const { Header = "Message", Text = "" } = message.Data.Arguments ?? {};
    const dialog = element("dialog", {}, element("div", {}, element("h2", {}, Header), element("p", {}, Text), button("OK", () => dialog.close(), "main")));
    document.body.append(dialog);
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }
}

async function signOut() {
  hangUp();
  // Jellyfin 12's client says it twice.
  await post("Sessions/Logout").catch(() => null);
  await post("Sessions/Logout").catch(() => null);
  forgetSession(state.info.Id);
  useToken(null);
  state.user = null;
  document.documentElement.dataset.theme = "dark";
  go("/login");
}

function go(path) {
  if (location.hash === `#${path}`) return route();
  location.hash = path;
}

function bar() {
  const { user, config } = state;
  const face = element("span", { className: "face", ariaHidden: "true" }, user.Name[0]);
  if (user.PrimaryImageTag) face.replaceChildren(element("img", { src: `${serverAddress}/Users/${user.Id}/Images/Primary?tag=${user.PrimaryImageTag}`, alt: "" }));
  const links = (config.menuLinks ?? []).map((entry) => link(entry.name, entry.url, { target: "_blank", rel: "noopener" }));
  return element("header", { className: "bar" },
    element("a", { className: "brand", href: "#/home" }, element("img", { src: "icon.svg", alt: "" }), state.info.ServerName),
    element("span", { className: "chip" }, "Demo client"),
    element("nav", { ariaLabel: "Menu" }, link("Home", "#/home"), link("Quick Connect", "#/quickconnect"), ...links),
    element("span", { className: "room" }),
    face, element("span", { className: "name" }, user.Name),
    element("button", { className: "plain", onclick: signOut }, "Sign out"));
}

async function route() {
  const [path, search] = location.hash.slice(1).split("?");
  const name = path.replace(/^\//, "").replace(/\.html$/, "");
  const context = { ...state, go, signedIn, query: new URLSearchParams(search) };
  leavePlayer();
  if (open[name]) return open[name](context);
  if (!currentToken()) {
    const wanted = location.hash.slice(1) || "/home";
    return location.replace(`#/login?serverid=${state.info.Id}&url=${encodeURIComponent(wanted)}`);
  }
  const page = own[name] ?? home;
  show(bar(), await page(context).catch(() => element("main", {}, element("p", { className: "empty" }, "This cannot be shown to you."))));
}

async function start() {
  state.config = await fetch("config.json", { cache: "no-store" }).then((answer) => answer.json()).catch(() => state.config);
  try {
    state.info = await get("System/Info/Public");
  } catch {
    return show(element("div", { className: "door" }, element("h1", {}, "Connection Failure"), element("p", { className: "quiet" }, "We're unable to connect to the selected server right now. Please try again."), button("Try again", () => location.reload(), "main")));
  }
  useVersion(state.info.Version);
  document.title = state.info.ServerName;
  const stored = storedServer();
  let server = storeServer(state.info);
  if (stored?.AccessToken && stored.Id === state.info.Id) {
    useToken(stored.AccessToken);
    try {
      await get("System/Info");
      await welcome(stored.UserId, server);
    } catch {
      // As jellyfin-web: whatever goes wrong here ends the stored session.
      useToken(null);
      forgetSession(state.info.Id);
    }
  }
  addEventListener("hashchange", route);
  await route();
}

start();
