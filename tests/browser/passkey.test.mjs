// Passkeys in a real browser with an authenticator that Chromium plays: our script, our addresses, on a page with nothing else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../demo.mjs";
import { openBrowser, visiting } from "./browser.mjs";
import { enter, holder, library, press, title } from "./pages.mjs";

const SCRIPT = new URL("../../crates/usher-web/static/passkey.js", import.meta.url);

/** The form of `templates/part/passkey.html`, alone on a page. */
const form = (action, doing) => `<!doctype html><title>Passkey</title>
<script type="module" src="passkey.js"></script>
<form method="post" action="${action}" data-passkey="${doing}" data-cancelled="Cancelled." data-known="Known already." data-elsewhere="Not here." data-failed="Failed.">
<input type="hidden" name="answer"><button hidden>Passkey</button><p data-without>Needs script.</p><p role="alert" data-wrong></p></form>`;

/** Opens a page of ours that holds only that form. */
async function openForm(page, url, action, doing) {
  await page.route(`${url}/usher/passkey.js`, async (route) => route.fulfill({ contentType: "text/javascript", body: await readFile(SCRIPT) }));
  await page.route(`${url}/usher/passkey-form`, (route) => route.fulfill({ contentType: "text/html", body: form(action, doing) }));
  await page.goto(`${url}/usher/passkey-form`);
}

/** A device with a finger on it; `say(false)` takes the finger off. */
async function device(page) {
  const chromium = await page.context().newCDPSession(page);
  await chromium.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await chromium.send("WebAuthn.addVirtualAuthenticator", { options });
  return { say: (isUserVerified) => chromium.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }) };
}

describe("passkeys", () => {
  const stage = {};
  before(async () => {
    stage.demo = await startDemo("12", "localhost");
    stage.browser = await openBrowser();
  });
  after(async () => {
    await stage.browser?.close();
    await stage.demo?.stop();
  });
  const visit = visiting(() => stage.browser);

  test("is added once, signs in without a name, and proves who sits there", () => visit(async (page) => {
    const { url, people } = stage.demo;
    await device(page);
    await enter(page, url, people.anna);
    await openForm(page, url, "passkey-add", "add");
    assert.equal(await page.getByText("Needs script.").isVisible(), false);
    await press(page, "Passkey");
    await title(page, "Your recovery codes");
    assert.equal(await page.getByRole("listitem").count(), 10);

    await openForm(page, url, "passkey-add", "add");
    await press(page, "Passkey");
    await page.getByText("Known already.").waitFor();

    await page.context().clearCookies();
    await openForm(page, url, "passkey-sign-in", "sign_in");
    await press(page, "Passkey");
    await library(page);
    assert.equal(await (await holder(page, url)).standing(), 200);

    await openForm(page, url, "passkey-prove?to=account", "prove");
    await press(page, "Passkey");
    await page.waitForURL(`${url}/usher/account`);
  }));

  test("says why not: without a finger, and where the account has none", () => visit(async (page) => {
    const { url, people } = stage.demo;
    const { say } = await device(page);
    await openForm(page, url, "passkey-show", "show");
    await press(page, "Passkey");
    await page.getByText("There is no passkey to be used here now.").waitFor();
    await enter(page, url, people.root);
    await say(false);
    await openForm(page, url, "passkey-add", "add");
    await press(page, "Passkey");
    await page.getByText("Cancelled.").waitFor();
  }));
});
