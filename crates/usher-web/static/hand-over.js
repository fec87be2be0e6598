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
location.replace(session.page || `${address}/web/${session.next ? `#${session.next}` : ""}`);
