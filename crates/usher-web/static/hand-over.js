// Gives the session to the web client in the form in which that client keeps it, then opens the page that was asked for.
const session = document.querySelector("[data-token]").dataset;
const address = new URL("..", location.href).href.replace(/\/$/, "");
const server = {
  Id: session.serverId,
  Name: session.serverName,
  ManualAddress: address,
  manualAddressOnly: true,
  LastConnectionMode: 2,
  DateLastAccessed: Date.now(),
  UserId: session.userId,
  AccessToken: session.token,
};
// The token was issued under this id: the client must go on naming it.
localStorage.setItem("_deviceId2", session.deviceId);
localStorage.setItem("jellyfin_credentials", JSON.stringify({ Servers: [server] }));
localStorage.setItem("enableAutoLogin", "true");
// The web client keeps its colors in this browser alone: those of a profile come along where its owner chose others since. What
// somebody chose in the client stays until then. The script in the web client does the same.
const kept = `${session.userId}-appTheme`;
const ours = `usher-theme-${session.userId}`;
const before = localStorage.getItem(ours) ?? "";
if (session.theme !== before) {
  if (session.theme) localStorage.setItem(kept, session.theme);
  else if (localStorage.getItem(kept) === before) localStorage.removeItem(kept);
  localStorage.setItem(ours, session.theme);
}
location.replace(session.page || `${address}/web/${session.next ? `#${session.next}` : ""}`);
