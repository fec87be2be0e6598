// The id under which this browser is known to Jellyfin: the web client's own, made as that client makes it.
const stored = localStorage.getItem("_deviceId2");
const device = stored || btoa(`${navigator.userAgent}|${Date.now()}`).replace(/=/g, "1");
if (!stored) localStorage.setItem("_deviceId2", device);
document.querySelector("input[name=device]").value = device;
