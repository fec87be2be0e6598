// What the client keeps in the browser: the same keys, in the same shape, as jellyfin-web, because Usher hands a session over through them.
const CREDENTIALS = "jellyfin_credentials";

/** The address of the server: the page's own, up to the last "/web". */
export const serverAddress = location.href.split(/[?#]/)[0].replace(/\/web(?!.*\/web)(\/.*)?$/i, "");

/** The id of this browser, made once. */
export function deviceId() {
  let id = localStorage.getItem("_deviceId2");
  if (!id) {
    id = btoa([navigator.userAgent, Date.now()].join("|")).replaceAll("=", "1");
    localStorage.setItem("_deviceId2", id);
  }
  return id;
}

function servers() {
  try {
    return JSON.parse(localStorage.getItem(CREDENTIALS))?.Servers ?? [];
  } catch {
    return [];
  }
}

/** The stored server, if it is this one. */
export function storedServer() {
  const newest = servers().toSorted((one, other) => (other.DateLastAccessed ?? 0) - (one.DateLastAccessed ?? 0))[0];
  const isHere = newest?.ManualAddress?.toLowerCase() === serverAddress.toLowerCase();
  if (isHere && localStorage.getItem("enableAutoLogin") === "false" && !sessionStorage.getItem("signedInHere")) forgetSession(newest.Id);
  return isHere ? servers().find((server) => server.Id === newest.Id) : undefined;
}

/** Writes what is known of this server, as the first of the list. */
export function storeServer(info, session = {}) {
  const known = servers().find((server) => server.Id === info.Id && server.ManualAddress?.toLowerCase() === serverAddress.toLowerCase()) ?? {};
  const server = { ...known, Id: info.Id, Name: info.ServerName, LocalAddress: info.LocalAddress, ManualAddress: serverAddress, manualAddressOnly: true, LastConnectionMode: 2, DateLastAccessed: Date.now(), ...session };
  localStorage.setItem(CREDENTIALS, JSON.stringify({ Servers: [server, ...servers().filter((other) => other.Id !== info.Id)] }));
  return server;
}

/** Drops token and user, keeps the server. */
export function forgetSession(id) {
  const kept = servers().map((server) => (server.Id === id ? { ...server, AccessToken: null, UserId: null } : server));
  localStorage.setItem(CREDENTIALS, JSON.stringify({ Servers: kept }));
}

/** The tick box "Remember me": without it the token is dropped at the next load. */
export function rememberSession(remember) {
  localStorage.setItem("enableAutoLogin", String(remember));
  sessionStorage.setItem("signedInHere", "true");
}

/** Keeps a copy of the user, and sets the theme that this user chose in this browser. */
export function storeUser(user, server) {
  localStorage.setItem(`user-${user.Id}-${server.Id}`, JSON.stringify(user));
  document.documentElement.dataset.theme = localStorage.getItem(`${user.Id}-appTheme`) ?? "dark";
}
