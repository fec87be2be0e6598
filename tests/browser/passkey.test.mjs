// Passkeys in a real browser with an authenticator that Chromium plays: our script, our addresses, on a page with nothing else.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../demo.mjs";
import { openBrowser, visiting } from "./browser.mjs";
import { enter, holder, library, press, title } from "./pages.mjs";

const SIGN_IN = "Sign in with a passkey";

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
  const ask = (method, more) => chromium.send(`WebAuthn.${method}`, { authenticatorId, ...more });
  return {
    say: (isUserVerified) => ask("setUserVerified", { isUserVerified }),
    /** The passkeys that it holds. */
    held: async () => (await ask("getCredentials")).credentials,
    /** Takes a passkey in place of all others. */
    hold: async (credential) => {
      await ask("clearCredentials");
      await ask("addCredential", { credential });
    },
  };
}

/** The same passkey with a key of somebody else's making. */
function forged(credential) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256", privateKeyEncoding: { type: "pkcs8", format: "der" }, publicKeyEncoding: { type: "spki", format: "der" } });
  return { ...credential, privateKey: privateKey.toString("base64"), signCount: 1000 };
}

/** Adds a passkey on the pages of the account. */
async function addPasskey(page, url) {
  await page.goto(`${url}/usher/account-security`);
  await page.getByRole("link", { name: "Add a second step" }).click();
  await page.getByRole("button", { name: /^Passkey/ }).click();
  await title(page, "Your passkey");
  await press(page, "Add a passkey");
  await title(page, "Your recovery codes");
}

/** Signed out, at the sign-in page. */
async function signedOut(page, url, query = "") {
  await page.context().clearCookies();
  await page.goto(`${url}/usher/sign-in${query}`);
}

/** Presses the passkey's button, which leads to a refusal with a way back to the form. */
async function refused(page) {
  await press(page, SIGN_IN);
  await title(page, "Passkey not taken");
  await page.getByText("This passkey cannot be used here, or you may not sign in now.").waitFor();
  await page.getByRole("link", { name: "Back" }).click();
  await title(page, "Sign in");
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

    await signedOut(page, url, "?next=%2Fweb%2F%23%2Fhome.html");
    await press(page, SIGN_IN);
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

  test("r33_ signs nobody in twice by one answer, nor by somebody else's key, nor once it is forgotten here", () => visit(async (page) => {
    const { url, people } = stage.demo;
    const { held, hold } = await device(page);
    await enter(page, url, people.root);
    await addPasskey(page, url);
    const [own] = await held();

    await signedOut(page, url);
    const sent = page.waitForRequest(`${url}/usher/passkey-sign-in`);
    await press(page, SIGN_IN);
    await library(page);
    const before = (await sent).postData();

    await signedOut(page, url);
    await page.route(`${url}/usher/passkey-sign-in`, (route) => route.continue({ postData: before }), { times: 1 });
    await refused(page);

    await hold(forged(own));
    await refused(page);
    await hold(forged({ ...own, credentialId: Buffer.from("a passkey of nobody here").toString("base64") }));
    await refused(page);
  }));

  test("is offered neither without script nor in a browser that knows none", async () => {
    const { url } = stage.demo;
    const isOffered = async (page) => {
      await page.goto(`${url}/usher/sign-in`);
      await title(page, "Sign in");
      return page.getByRole("button", { name: SIGN_IN }).isVisible();
    };
    assert.equal(await visit(isOffered), true);
    assert.equal(await visit(isOffered, { javaScriptEnabled: false }), false);
    await visit(async (page) => {
      await page.addInitScript(() => delete window.PublicKeyCredential);
      assert.equal(await isOffered(page), false);
      assert.equal(await page.getByText("Passkeys need JavaScript").isVisible(), false);
    });
  });
});
