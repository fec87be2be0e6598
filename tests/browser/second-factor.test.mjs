// The second step: set up, shown at sign-in in each way, looked after, demanded by the administrator.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { totp } from "../totp.mjs";
import { onStage } from "./browser.mjs";
import { enter, library, openAccount, otherThan, press, signIn, title } from "./pages.mjs";

const TRUST = "Trust this browser for 30 days";

/** Presses a kind on the page that asks which. */
const choose = (page, kind) => page.getByRole("button", { name: new RegExp(`^${kind}`) }).click();

/** The recovery codes that stand on the page, which must be so many. */
async function codesOn(page) {
  await title(page, "Your recovery codes");
  const codes = await page.locator(".codes li").allInnerTexts();
  assert.equal(codes.length, 10);
  for (const code of codes) assert.match(code, /^([0-9A-Z]{4}-){4}[0-9A-Z]{4}$/);
  return codes;
}

/** Opens the page of one's own second factors. */
async function security(page, url) {
  await page.goto(`${url}/usher/account-security`);
  await title(page, "Two-step sign-in");
}

/** Sets an authenticator app up from the pages of the account: its seed, and the recovery codes. */
async function addApp(page, url) {
  await security(page, url);
  await page.getByRole("link", { name: "Add a second step" }).click();
  await title(page, "Set up a second step");
  await choose(page, "Authenticator app");
  await title(page, "Your authenticator app");
  await page.getByRole("img", { name: "Picture for an authenticator app" }).waitFor();
  await page.getByText("Cannot scan it?").click();
  const seed = (await page.locator(".address").innerText()).replace(/\s/g, "");
  return seed;
}

/** Answers the second step by what is typed. */
async function answer(page, label, code, { trusts = false } = {}) {
  await page.getByLabel(label).fill(code);
  if (trusts) await page.getByLabel(TRUST).check();
  await press(page, "Go on");
}

onStage("a second step", "12", (stage) => {
  const anna = {};

  test("is set up with an authenticator app, and its recovery codes are kept as a file", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    await enter(page, url, people.anna);
    const seed = await addApp(page, url);
    await page.getByLabel("Code from the app").fill(otherThan(totp(seed)));
    await page.getByText("That is not the code. Does your phone show the right time?").waitFor();
    await page.getByLabel("Code from the app").fill(totp(seed));
    const codes = await codesOn(page);
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save as a file" }).click();
    const saved = await readFile(await (await saving).path(), "utf8");
    for (const code of codes) assert.ok(saved.includes(`${code}\r\n`), saved);
    await page.getByRole("link", { name: "I have kept them" }).click();
    await title(page, "Two-step sign-in");
    await page.getByRole("listitem").filter({ hasText: "Authenticator app" }).waitFor();
    await page.getByText("10 left").waitFor();
    await mailTo("anna@example.org", "factor_changed");
    Object.assign(anna, { seed, codes });
  }));

  test("is asked for at sign-in, says what is wrong, and lets in with the code that the app shows", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    await signIn(page, url, people.anna);
    await title(page, "Second step");
    await answer(page, "Code from the app", "12");
    await page.getByText("The code has six digits.").waitFor();
    await answer(page, "Code from the app", otherThan(totp(anna.seed, 1)));
    await page.getByText("That is not the code. Wait for the next one").waitFor();
    await page.goto(`${url}/usher/account`);
    await title(page, "Sign in");
    await page.goto(`${url}/usher/second-factor`);
    await answer(page, "Code from the app", totp(anna.seed, 1));
    await library(page);
  }));

  test("is asked for by a recovery code, each good once, also without script", async () => {
    const { url, people, mailTo } = stage.demo;
    const [code] = anna.codes;
    await stage.visit(async (page) => {
      await signIn(page, url, people.anna);
      await page.getByRole("link", { name: "Recovery code" }).click();
      await answer(page, "Recovery code", code.toLowerCase().replaceAll("-", " "));
      await title(page, "You are signed in");
      await mailTo("anna@example.org", "recovery_code_used");
    }, { javaScriptEnabled: false });
    await stage.visit(async (page) => {
      await signIn(page, url, people.anna);
      await page.getByRole("link", { name: "Recovery code" }).click();
      await answer(page, "Recovery code", code);
      await page.getByText("That is none of your unused recovery codes.").waitFor();
    });
  });

  test("is switched on by mail too; the code that comes lets in and makes the browser trusted, until trust is ended", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    await signIn(page, url, people.anna);
    await page.getByRole("link", { name: "Recovery code" }).click();
    await answer(page, "Recovery code", anna.codes[1]);
    await library(page);
    await security(page, url);
    await page.getByRole("link", { name: "Add a second step" }).click();
    await choose(page, "Code by mail");
    await page.getByText("Your second step is set up.").waitFor();
    await press(page, "Sign out");
    await signIn(page, url, people.anna);
    await page.getByRole("link", { name: "Code by mail" }).click();
    await page.getByText(/A code of six digits is sent to a.*@example\.org/).waitFor();
    await press(page, "Send code");
    const { code } = await mailTo("anna@example.org", "sign_in_code");
    await answer(page, "Code from the mail", otherThan(code));
    await page.getByText("4 tries are left").waitFor();
    await answer(page, "Code from the mail", code, { trusts: true });
    await library(page);
    await page.goto(`${url}/usher/account`);
    await press(page, "Sign out");
    await signIn(page, url, people.anna);
    await library(page);
    await security(page, url);
    await page.getByText("Trusted until").waitFor();
    await page.getByRole("button", { name: /^Trust no longer/ }).click();
    await title(page, "Is it you?");
    await page.getByRole("link", { name: "Recovery code" }).click();
    await answer(page, "Recovery code", anna.codes[2]);
    await title(page, "Two-step sign-in");
    await page.getByRole("button", { name: /^Trust no longer/ }).click();
    await page.getByText("That browser is asked for the second step again.").waitFor();
    await press(page, "Sign out");
    await signIn(page, url, people.anna);
    await title(page, "Second step");
  }));

  test("is named, and taken away only with a tick; new recovery codes take the place of the old ones", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    await signIn(page, url, people.anna);
    await page.getByRole("link", { name: "Recovery code" }).click();
    await answer(page, "Recovery code", anna.codes[3]);
    await library(page);
    await security(page, url);
    await page.getByText("6 left").waitFor();
    await page.getByRole("link", { name: "Change Authenticator app" }).click();
    await page.getByLabel("Name for it").fill("Blue <phone>");
    await press(page, "Save name");
    await page.getByText("Blue <phone>").first().waitFor();
    await page.getByRole("link", { name: "Make new codes" }).click();
    await press(page, "Make new codes");
    const fresh = await codesOn(page);
    assert.ok(fresh.every((code) => !anna.codes.includes(code)));
    // A reload makes no others: those that were written down stay good.
    await page.reload();
    await title(page, "New recovery codes?");
    await security(page, url);
    await page.getByText("10 left").waitFor();
    await page.getByRole("link", { name: "Change Blue <phone>" }).click();
    await page.getByLabel("It shall be removed").check();
    await press(page, "Remove");
    await page.getByText("Removed. A mail about it is on its way").waitFor();
    assert.equal(await page.getByText("Blue <phone>").count(), 0);
    await mailTo("anna@example.org", "factor_changed");
  }));
});

onStage("a second step that is demanded", "12", (stage) => {
  /** Root in the console, at the policy. */
  const policy = (run) => stage.visit(async (page) => {
    await enter(page, stage.demo.url, stage.demo.people.root);
    await page.goto(`${stage.demo.url}/usher/console-security`);
    await title(page, "Two-step sign-in");
    await run(page);
  });

  test("cannot be by mail alone, and may be put off until its day", async () => {
    const { url, people } = stage.demo;
    await policy(async (page) => {
      await page.getByRole("radio", { name: /^Everybody/ }).check();
      await page.getByLabel("Passkeys").uncheck();
      await page.getByLabel("Authenticator apps").uncheck();
      await press(page, "Save");
      await page.getByText("Nothing was changed: where a second step is required").waitFor();
      await page.getByRole("radio", { name: /^Everybody/ }).check();
      await press(page, "Save");
      await page.getByText("Saved.", { exact: true }).waitFor();
    });
    await stage.visit(async (page) => {
      await signIn(page, url, people.kim);
      await press(page, "Not now");
      await title(page, "Set up a second step");
      await page.getByText(/: 1[34] days from now/).waitFor();
      await press(page, "Not now");
      await library(page);
      await page.goto(`${url}/usher/account-security`);
      await page.getByText(/^From .* your account needs a second step/).waitFor();
    });
  });

  test("ends the sessions that have none, and asks for one before anybody gets in", async () => {
    const { url, people } = stage.demo;
    await stage.visit(async (person) => {
      await enter(person, url, people.anna);
      await policy(async (page) => {
        await page.getByLabel("Required from").fill("2026-01-01");
        await press(page, "Save");
        await page.getByText("Saved.", { exact: true }).waitFor();
        await page.getByLabel("Sign all of them out").check();
        await press(page, "End these sessions");
        await page.getByText(/The sessions of .* have ended\./).waitFor();
        await page.goto(`${url}/usher/console`);
        await title(page, "Overview");
      });
      await person.goto(`${url}/usher/account`);
      await title(person, "Sign in");
      await signIn(person, url, people.anna);
      await title(person, "Set up a second step");
      assert.equal(await person.getByRole("button", { name: "Not now" }).count(), 0);
      await choose(person, "Authenticator app");
      await person.getByText("Cannot scan it?").click();
      const seed = await person.locator(".address").innerText();
      await person.getByLabel("Code from the app").fill(totp(seed));
      await codesOn(person);
      await person.goto(`${url}/usher/recovery-codes`);
      await person.getByText("Your recovery codes were shown already.").waitFor();
      await press(person, "Show new codes");
      await codesOn(person);
      await person.getByLabel("I have kept them").check();
      await press(person, "Go on");
      await library(person);
    });
  });

  test("is removed by an administrator with a reason, which the person reads", async () => {
    const { url, people, mailTo } = stage.demo;
    await stage.visit(async (page) => {
      await signIn(page, url, people.root);
      await choose(page, "Authenticator app");
      await page.getByText("Cannot scan it?").click();
      await page.getByLabel("Code from the app").fill(totp(await page.locator(".address").innerText()));
      await codesOn(page);
      await page.getByLabel("I have kept them").check();
      await press(page, "Go on");
      await library(page);
      await openAccount(page, url, "anna");
      await page.getByText("10 recovery codes").waitFor();
      await page.getByLabel("Reason").fill("Lost the phone on the train");
      await page.getByLabel("I know that it is this person who asks").check();
      await press(page, "Remove every second step");
      await page.getByText("Every second step of this account is removed.").waitFor();
      const until = async () => {
        const mail = await mailTo("anna@example.org", "factor_changed");
        return mail.text.includes("Lost the phone on the train") ? mail : until();
      };
      await until();
      await page.getByRole("radio", { name: "Not required" }).check();
      await page.getByRole("button", { name: "Save For this account" }).click();
      await page.getByText("Saved.", { exact: true }).waitFor();
    });
    await stage.visit(async (page) => {
      await enter(page, url, people.anna);
    });
  });
});
