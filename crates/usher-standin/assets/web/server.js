// Calls to the server, with the identity header that every Jellyfin client sends.
import { deviceId, serverAddress } from "./storage.js";

let token = null;
let version = "12.0.0";

/** The token that the following calls carry; null for none. */
export const useToken = (value) => (token = value);
export const currentToken = () => token;
/** The version of the server, which this client calls its own. */
export const useVersion = (value) => (version = value ?? version);

function identity() {
  const browser = /Edg\//.test(navigator.userAgent) ? "Edge" : /Firefox\//.test(navigator.userAgent) ? "Firefox" : /Chrome\//.test(navigator.userAgent) ? "Chrome" : "Browser";
  const parts = { Client: "Jellyfin Web", Device: browser, DeviceId: deviceId(), Version: version, ...(token && { Token: token }) };
  return `MediaBrowser ${Object.entries(parts).map(([key, value]) => `${key}="${encodeURIComponent(value)}"`).join(", ")}`;
}

/** An answer that was not a success. */
export class Refused extends Error {
  constructor(response) {
    super(`${response.status}`);
    this.status = response.status;
  }
}

/** Asks the server; gives the JSON of its answer, or null where there is none. */
export async function ask(method, path, body) {
  const headers = { Accept: "application/json", Authorization: identity() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`${serverAddress}/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin" });
  if (!response.ok) throw new Refused(response);
  const text = await response.text();
  return text ? JSON.parse(text) : null;
}

export const get = (path) => ask("GET", path);
export const post = (path, body) => ask("POST", path, body);
/** Like get, but an answer that fails is the given value: one empty row must not empty the page. */
export const getOr = (fallback, path) => get(path).catch(() => fallback);

/** The address of a picture; pictures need no token. */
export const picture = (id, kind, width, tag = "") => `${serverAddress}/Items/${id}/Images/${kind}?fillWidth=${width}&quality=90&tag=${tag}`;
/** The address of a film's file. */
export const filmFile = (id, source, session) => `${serverAddress}/Videos/${id}/stream.${source.Container}?Static=true&mediaSourceId=${source.Id}&deviceId=${encodeURIComponent(deviceId())}&ApiKey=${token}&Tag=${source.ETag ?? ""}&playSessionId=${session ?? ""}`;

let socket;
/** Opens the socket on which the server sends its messages. */
export function listen(hear) {
  socket?.close();
  const isLegacy = version.startsWith("10.");
  socket = new WebSocket(`${serverAddress.replace(/^http/, "ws")}/socket?${isLegacy ? "api_key" : "ApiKey"}=${token}&deviceId=${encodeURIComponent(deviceId())}`);
  socket.onmessage = (event) => hear(JSON.parse(event.data));
}
export const hangUp = () => socket?.close();
