// What a person sees in a browser that goes through Usher to the demo's client.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../demo.mjs";
import { openBrowser, signIn } from "./browser.mjs";

for (const jellyfin of ["12", "10.11"]) {
  describe(`a browser before Jellyfin ${jellyfin}`, () => {
    let demo;
    let browser;
    before(async () => {
      demo = await startDemo(jellyfin);
      browser = await openBrowser();
    });
    after(async () => {
      await browser?.close();
      await demo?.stop();
    });
    const visit = async (run) => {
      const context = await browser.newContext();
      try {
        await run(await context.newPage());
      } finally {
        await context.close();
      }
    };

    test("a person signs in, plays a film, and signs out; the token is dead then", () => visit(async (page) => {
      await signIn(page, demo.url, demo.people.anna);
      await page.getByRole("heading", { name: "Latest movies" }).waitFor();
      const token = await page.evaluate(() => JSON.parse(localStorage.getItem("jellyfin_credentials")).Servers[0].AccessToken);
      await page.getByRole("link", { name: /The Paper Boat/ }).first().click();
      await page.getByRole("link", { name: /Play|Resume/ }).first().click();
      await page.waitForFunction(() => document.querySelector("video")?.currentTime > 0.2);
      await page.goBack();
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("heading", { name: "Please sign in" }).waitFor();
      const answer = await fetch(`${demo.url}/Users/Me`, { headers: { Authorization: `MediaBrowser Token="${token}"` } });
      assert.equal(answer.status, 401);
    }));

    test("a person signs in on Usher's own page and lands in the library", () => visit(async (page) => {
      await page.goto(`${demo.url}/usher/sign-in`);
      await page.getByLabel("User name").fill("anna");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("That name and password do not fit").waitFor();
      await page.getByLabel("Password", { exact: true }).fill(demo.people.anna.password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "Latest movies" }).waitFor();
    }));

    test("a person with a limit on ratings is not shown what is above it", () => visit(async (page) => {
      await signIn(page, demo.url, demo.people.kim);
      await page.getByRole("heading", { name: "Latest movies" }).waitFor();
      assert.equal(await page.getByText("The Long Wire").count(), 0);
      assert.ok(await page.getByText("The Paper Boat").count() > 0);
    }));

    test("a wrong password, a disabled user and a user without a password read the same", () => visit(async (page) => {
      const refused = [{ name: "anna", password: "wrong" }, demo.people.dora, demo.people.bob];
      for (const person of refused) {
        await signIn(page, demo.url, person);
        await page.getByText("Invalid username or password. Please try again.").waitFor();
      }
    }));
  });
}
