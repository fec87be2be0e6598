// Passkeys: the button of a form lets the browser ask the device; what it says goes into the form, and the form is sent.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const withBytes = (listed) => listed?.map((one) => ({ ...one, id: bytes(one.id) }));

/** What the browser is to be asked, from what the server says: bytes travel as text. */
function asked({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = withBytes(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = withBytes(options.allowCredentials);
  return options;
}

/** What the device said, for the server. */
function answered(credential) {
  const { id, rawId, type, response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const there = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    response: Object.fromEntries(there),
    extensions: {},
  });
}

/** The sentence for what the browser threw. */
const reason = (form, error) =>
  ({ NotAllowedError: form.dataset.cancelled, AbortError: form.dataset.cancelled, InvalidStateError: form.dataset.known, SecurityError: form.dataset.elsewhere })[error.name] ?? form.dataset.failed;

/** Asks server and device. Answers what is wrong; nothing where the form can be sent. */
async function ask(form) {
  // For whom the page was made: another window may have signed somebody else in meanwhile.
  const whose = new URL(form.action).searchParams.get("whose");
  const response = await fetch(`passkey-begin${whose ? `?whose=${whose}` : ""}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ for: form.dataset.passkey }),
  });
  if (!response.ok) return form.dataset.failed;
  const { ask: question, wrong } = await response.json();
  if (wrong) return wrong;
  const publicKey = asked(question);
  const credential = publicKey.user
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.answer.value = answered(credential);
  return "";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const button = form.querySelector("button");
  const wrong = form.querySelector("[data-wrong]");
  form.closest("[data-passkeys-only]")?.removeAttribute("hidden");
  button.hidden = false;
  form.querySelector("[data-without]").hidden = true;
  let isAsking = false;

  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    wrong.textContent = "";
    // The id under which this browser is known to Jellyfin, where the form asks for it.
    if (form.elements.device) form.elements.device.value = localStorage.getItem("_deviceId2") ?? "";
    try {
      wrong.textContent = await ask(form);
    } catch (error) {
      wrong.textContent = reason(form, error);
    }
    isAsking = false;
    if (form.elements.answer.value) form.requestSubmit();
  });

  // Back from another page: an answer is good once.
  addEventListener("pageshow", () => (form.elements.answer.value = ""));
}
