// A forgotten password: by code, by link, and what must not happen on the way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./browser.mjs";
import { choosePassword, enter, follow, forget, holder, library, otherThan, revokeLink, signIn, title, typeCode } from "./pages.mjs";

/** Anna, signed in in a browser and in an app, both alive. */
async function signedIn(stage, page, password) {
  await enter(page, stage.demo.url, { name: "anna", password });
  const browser = await holder(page, stage.demo.url);
  const app = stage.app();
  assert.equal(await app.signIn("anna", password), 200);
  assert.deepEqual([await browser.standing(), await app.standing()], [200, 200]);
  return [browser, app];
}

/** What holds after every reset: the old is dead, nobody is in, the notice is there, the new password works. */
async function isReset(stage, page, old, { before, after }) {
  const { url, mailTo } = stage.demo;
  await page.getByText("Your new password is set. You were signed out everywhere").waitFor();
  for (const place of old) assert.equal(await place.standing(), 401);
  await page.goto(`${url}/web/`);
  await title(page, "Sign in");
  await mailTo("anna@example.org", "password_changed");
  assert.equal(await stage.app({ device: "with-the-old" }).signIn("anna", before), 401);
  await signIn(page, url, { name: "anna", password: after });
  await library(page);
}

// Each with a demo of its own: mails to one address keep a minute apart.
for (const jellyfin of ["12", "10.11"]) {
  onStage("a password forgotten and a code", jellyfin, (stage) => {
    test("is chosen anew by code, in the browser that asked alone; old session and token are dead", async () => {
      const { url, people, mailTo } = stage.demo;
      const before = people.anna.password;
      const after = "a new lamp in the hall";
      await stage.visit(async (page) => {
        const old = await signedIn(stage, page, before);
        await forget(page, url, "anna");
        await title(page, "Look into your mail");
        const { code } = await mailTo("anna@example.org", "reset");
        await stage.visit(async (stranger) => {
          await forget(stranger, url, "nobody");
          assert.equal(await typeCode(stranger, code), 200);
          await stranger.getByText("That is not the code. 4 tries are left.").waitFor();
        });
        await typeCode(page, otherThan(code));
        await page.getByText("That is not the code. 4 tries are left.").waitFor();
        await typeCode(page, code);
        await title(page, "Choose a new password");
        for (const place of old) assert.equal(await place.standing(), 200, "nothing ends before a password is chosen");
        await choosePassword(page, after);
        await isReset(stage, page, old, { before, after });
      });
    });
  });

  onStage("a password forgotten and a link", jellyfin, (stage) => {
    test("is chosen anew by link, once, however often the link was looked at", async () => {
      const { url, people, mailTo } = stage.demo;
      const before = people.anna.password;
      const after = "tea with the neighbor";
      await stage.visit(async (page) => {
        const old = await signedIn(stage, page, before);
        await forget(page, url, "anna@example.org");
        await title(page, "Look into your mail");
        const { link } = await mailTo("anna@example.org", "reset");
        // What scanners of mail do, also those that send the fragment along.
        for (let look = 0; look < 20; look += 1) {
          for (const address of [link.split("#")[0], link.replace("#", "?"), link.replace("#", "%23")]) {
            for (const method of ["GET", "HEAD"]) await (await fetch(address, { method, redirect: "manual" })).text();
          }
        }
        for (const place of old) assert.equal(await place.standing(), 200);
        await follow(page, link);
        await title(page, "Choose a new password");
        await choosePassword(page, after);
        await isReset(stage, page, old, { before, after });
        await follow(page, link);
        await page.getByText("This link is used, too old, or not complete.").waitFor();
      });
    });
  });
}

onStage("a mail that was asked for", "12", (stage) => {
  test("looks the same for a known name and an unknown one", async () => {
    const shown = (name) => stage.visit(async (page) => {
      await forget(page, stage.demo.url, name);
      await title(page, "Look into your mail");
      return page.locator("main").innerHTML();
    });
    const known = await shown("anna");
    assert.equal(await shown("nobody"), known);
    assert.equal(await shown("kim"), known);
    assert.equal(await shown("mia"), known);
  });

});

onStage("a mail that nobody asked for", "12", (stage) => {
  test("is made worthless by \"this was not me\", code and link", async () => {
    const { url, people, mailTo } = stage.demo;
    await stage.visit(async (page) => {
      await forget(page, url, "anna");
      await title(page, "Look into your mail");
      const { code, link, text } = await mailTo("anna@example.org", "reset");
      await stage.visit(async (owner) => {
        await follow(owner, revokeLink(text), "That was not me");
        await owner.getByText("The code and the link in that mail are worthless now.").waitFor();
        await follow(owner, link);
        await owner.getByText("This link is used, too old, or not complete.").waitFor();
      });
      await typeCode(page, code);
      await page.getByText("This code is too old, or used up.").waitFor();
      await enter(page, url, people.anna);
    });
  });
});
