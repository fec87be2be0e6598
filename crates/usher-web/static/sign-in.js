// The id under which this browser is known to Jellyfin: the web client's own, made as that client makes it.
const stored = localStorage.getItem("_deviceId2");
const device = stored || btoa(`${navigator.userAgent}|${Date.now()}`).replace(/=/g, "1");
if (!stored) localStorage.setItem("_deviceId2", device);
document.querySelector("input[name=device]").value = device;

const password = document.querySelector("input[name=password]");
const show = document.querySelector("#show");
show.closest("label").hidden = false;
show.addEventListener("change", () => {
  password.type = show.checked ? "text" : "password";
});

// One press is one try.
document.querySelector("form").addEventListener("submit", (event) => {
  password.type = "password";
  event.submitter?.setAttribute("disabled", "");
});
// Back from another page: the button works again.
addEventListener("pageshow", () => {
  document.querySelectorAll("button[disabled]").forEach((button) => button.removeAttribute("disabled"));
});
