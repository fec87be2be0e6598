// The pages on the way in: sign in, Quick Connect, and a forgotten password.
import { get, getOr, post } from "./server.js";
import { serverAddress } from "./storage.js";
import { button, element, field, sanitized, show } from "./parts.js";

const WRONG_PASSWORD = "Invalid username or password. Please try again.";
const NOT_ALLOWED = "You are not authorized to access the server at this time. Please contact your server administrator for more information.";
const NO_CONNECTION = "We're unable to connect to the selected server right now. Please ensure it is running and try again.";
const ASK_EVERY_MS = 5000;

const reason = (error) => (error.status === 401 ? WRONG_PASSWORD : error.status === 403 ? NOT_ALLOWED : NO_CONNECTION);
const door = (...parts) => show(element("div", { className: "door" }, element("img", { className: "brand", src: "icon.svg", alt: "" }), ...parts));
const said = () => element("p", { className: "said", role: "alert" });

/** `#/login`: faces first, when there are any, else the form. */
export async function login(context) {
  const [isQuickConnect, people, branding] = await Promise.all([getOr(false, "QuickConnect/Enabled"), getOr([], "Users/Public"), getOr({}, "Branding/Configuration")]);
  const page = { ...context, isQuickConnect, people, disclaimer: element("div", { className: "disclaimer" }, ...sanitized(branding.LoginDisclaimer ?? "")) };
  if (people.length > 0) faces(page);
  else manual(page);
}

async function enter(page, name, password, remember, said) {
  said.textContent = "";
  try {
    await page.signedIn(await post("Users/authenticatebyname", { Username: name, Pw: password }), remember);
  } catch (error) {
    said.textContent = reason(error);
  }
}

function otherWays(page) {
  return [
    page.isQuickConnect === true ? button("Use Quick Connect", () => askForCode(page)) : null,
    button("Forgot password", () => page.go("/forgotpassword")),
    page.disclaimer,
  ];
}

function faces(page) {
  const note = said();
  const tile = (person) => {
    const face = element("span", { className: "face", ariaHidden: "true" }, person.Name[0]);
    if (person.PrimaryImageTag) face.replaceChildren(element("img", { src: `${serverAddress}/Users/${person.Id}/Images/Primary?width=300&tag=${person.PrimaryImageTag}`, alt: "" }));
    const choose = () => (person.HasPassword ? manual(page, person.Name) : enter(page, person.Name, "", true, note));
    return element("li", {}, element("button", { type: "button", onclick: choose }, face, person.Name));
  };
  door(element("h1", {}, "Please sign in"), element("ul", { className: "people" }, ...page.people.map(tile)), note, button("Manual login", () => manual(page)), ...otherWays(page));
  document.querySelector(".door").classList.add("wide");
}

function manual(page, name = "") {
  const note = said();
  const form = element("form", {},
    field("User", "user", { value: name, autocomplete: "username", autocapitalize: "off", spellcheck: false }),
    field("Password", "password", { type: "password", autocomplete: "current-password" }),
    element("label", { className: "tick" }, element("input", { type: "checkbox", name: "remember", checked: localStorage.getItem("enableAutoLogin") !== "false" }), "Remember me"),
    note,
    element("button", { className: "button main", type: "submit" }, "Sign in"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { user, password, remember } = form.elements;
    await enter(page, user.value, password.value, remember.checked, note);
    password.value = "";
  });
  door(element("h1", {}, "Please sign in"), form, page.people.length > 0 ? button("Back to the faces", () => faces(page)) : null, ...otherWays(page));
  form.elements[name ? "password" : "user"].focus();
}

async function askForCode(page) {
  const note = element("p", { className: "quiet" }, "Enter this code on a device that is signed in.");
  const code = element("p", { className: "quick-code" }, "······");
  const dialog = element("dialog", { ariaLabel: "Quick Connect" }, element("div", {}, element("h2", {}, "Quick Connect"), code, note, button("Cancel", () => dialog.close())));
  document.body.append(dialog);
  let timer;
  dialog.addEventListener("close", () => { clearInterval(timer); dialog.remove(); });
  dialog.showModal();
  const over = () => { clearInterval(timer); note.textContent = "Quick Connect was deactivated before the login request could be approved."; };
  try {
    const { Secret, Code } = await post("QuickConnect/Initiate");
    code.textContent = Code;
    timer = setInterval(async () => {
      try {
        const pending = await get(`QuickConnect/Connect?Secret=${encodeURIComponent(Secret)}`);
        if (!pending.Authenticated) return;
        clearInterval(timer);
        const answer = await post("Users/AuthenticateWithQuickConnect", { Secret });
        dialog.close();
        await page.signedIn(answer);
      } catch {
        over();
      }
    }, ASK_EVERY_MS);
  } catch {
    over();
  }
}

/** `#/quickconnect`: lets another device in. */
export async function quickConnect({ user, query }) {
  const note = element("p", { className: "quiet", role: "status" });
  const form = element("form", {}, field("Quick Connect code", "code", { value: query.get("code") ?? "", pattern: "[0-9 ]{6,}", minLength: 6, required: true, inputMode: "numeric", autocomplete: "off" }), note, element("button", { className: "button main", type: "submit" }, "Authorize"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = form.elements.code.value.replaceAll(" ", "");
    try {
      await post(`QuickConnect/Authorize?code=${encodeURIComponent(code)}&userId=${query.get("userId") ?? user.Id}`);
      note.textContent = "You have successfully authorized the request.";
    } catch (error) {
      note.textContent = error.status === 404 ? "Unknown Quick Connect code." : "Quick Connect is not active on this server, or the code was refused.";
    }
  });
  return element("div", { className: "door" }, element("h1", {}, "Quick Connect"), form);
}

/** `#/forgotpassword`. */
export function forgotPassword({ go }) {
  const note = element("div", { className: "disclaimer", role: "status" });
  const form = element("form", {}, field("User", "user", { autocomplete: "username", required: true }), element("button", { className: "button main", type: "submit" }, "Submit"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post("Users/ForgotPassword", { EnteredUsername: form.elements.user.value }).catch(() => null);
    if (answer?.Action === "ContactAdmin") note.replaceChildren("Please contact your system administrator to reset your password.");
    else if (answer?.Action === "InNetworkRequired") note.replaceChildren("Please try again within your home network to initiate the password reset process.");
    else if (answer?.Action === "PinCode") note.replaceChildren("The following file has been created on your server and contains instructions on how to proceed:", element("p", {}, ...sanitized(answer.PinFile ?? "")), button("Enter the PIN", () => go("/forgotpasswordpin"), "main"));
  });
  door(element("h1", {}, "Forgot password"), form, note, button("Back to sign in", () => go("/login")));
}

/** `#/forgotpasswordpin`. */
export function forgotPasswordPin({ go }) {
  const note = element("div", { className: "disclaimer", role: "status" });
  const form = element("form", {}, field("PIN code", "pin", { autocomplete: "one-time-code", required: true }), element("button", { className: "button main", type: "submit" }, "Submit"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post("Users/ForgotPassword/Pin", { Pin: form.elements.pin.value }).catch(() => null);
    if (answer?.Success === false) note.replaceChildren("An invalid or expired PIN code was entered. Please try again.");
    else if (answer?.Success) note.replaceChildren("The following users have had their passwords reset. They can now sign in with the PIN codes that were used to do the reset.", ...(answer.UsersReset ?? []).map((line) => element("p", {}, ...sanitized(line))), button("Sign in", () => (location.href = location.pathname), "main"));
  });
  door(element("h1", {}, "Enter PIN"), form, note, button("Back to sign in", () => go("/login")));
}
