// The README's tour of an app that knows nothing of a second step: its very lines, in a shell, and a person with a browser beside it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { totp } from "../totp.mjs";
import { onStage } from "./browser.mjs";
import { library, press, signIn, title } from "./pages.mjs";

/** The lines of the tour's fifth step that are to be pasted, block by block. */
function pasted() {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const step = readme.match(/^5\. [^]*?(?=^6\. )/m)[0];
  return [...step.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)].map(([, lines]) => lines);
}

/** A shell that stays open, as a person's does. */
class Terminal {
  #shell = spawn("bash", { stdio: ["pipe", "pipe", "inherit"] });
  #lines = createInterface({ input: this.#shell.stdout })[Symbol.asyncIterator]();

  /** Pastes lines, and answers what they print. */
  async paste(lines) {
    const end = "-- that was all";
    this.#shell.stdin.write(`${lines}\necho "${end}"\n`);
    const printed = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done || value === end) return printed.join("\n");
      printed.push(value);
    }
  }

  async close() {
    const closed = once(this.#shell, "exit");
    this.#shell.stdin.end();
    await closed;
  }
}

onStage("the tour with an app", "12", (stage) => {
  const [beginning, byMail, byCode, askForCode, redeem] = pasted();

  /** Opens a terminal at the demo, and a browser that nobody used before. */
  const sit = (run) => stage.visit(async (page) => {
    const terminal = new Terminal();
    try {
      const here = beginning.replace("http://127.0.0.1:8097", stage.demo.url);
      assert.notEqual(here, beginning);
      assert.equal(await terminal.paste(here), "");
      await run(page, terminal);
    } finally {
      await terminal.close();
    }
  });

  /** The answer that lets an app in: whose token it is, as the token itself says. */
  const nameIn = async (printed) => {
    const answer = printed.split("\n").at(-1).match(/^(\{.*\}) 200$/);
    assert.ok(answer, printed);
    const { AccessToken } = JSON.parse(answer[1]);
    const me = await fetch(`${stage.demo.url}/Users/Me`, { headers: { Authorization: `MediaBrowser Token="${AccessToken}"` } });
    return (await me.json()).Name;
  };

  test("lets an app in by Quick Connect, once", () => sit(async (page, terminal) => {
    const { url, people, mailTo } = stage.demo;
    const printed = await terminal.paste(askForCode);
    const { Code } = JSON.parse(printed.match(/^(\{.*\}) 200$/)[1]);
    await signIn(page, url, people.eva);
    await title(page, "Second step");
    const { code } = await mailTo("eva@example.org", "sign_in_code");
    await page.getByLabel("Code from the mail").fill(code);
    await press(page, "Go on");
    await library(page);
    await page.goto(`${url}/usher/quick-connect`);
    await page.getByLabel("Code on the screen").fill(Code);
    await title(page, "Let this screen in?");
    await press(page, "Approve");
    await title(page, "The screen is let in");
    const answers = await terminal.paste(redeem);
    assert.match(answers.split("\n")[0], /"Authenticated":true.* 200$/);
    assert.equal(await nameIn(answers), "eva");
    assert.match(await terminal.paste(redeem), / 4\d\d$/);
  }));

  test("lets eva's app in by the link of a mail, once", () => sit(async (page, terminal) => {
    assert.match(await terminal.paste(byMail), / 401$/);
    await stage.demo.mailTo("eva@example.org", "sign_in_code");
    await page.goto(stage.demo.mailbox);
    await page.getByRole("link", { name: /^eva@example\.org/ }).first().click();
    await page.locator("#mail-link").click();
    await press(page, "Look at it");
    await page.getByText("Terminal").waitFor();
    await press(page, "It is me: let it in");
    await title(page, "The app may come in");
    assert.equal(await nameIn(await terminal.paste(byMail)), "eva");
    assert.match(await terminal.paste(byMail), / 401$/);
  }));

  test("lets tom's app in by the password and a code behind it, once", () => sit(async (_page, terminal) => {
    const code = totp(stage.demo.people.tom.totp);
    const lines = byCode.replace("123456", code);
    assert.notEqual(lines, byCode);
    assert.equal(await nameIn(await terminal.paste(lines)), "tom");
    assert.match(await terminal.paste(lines), / 401$/);
  }));
});
