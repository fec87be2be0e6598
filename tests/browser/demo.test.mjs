// What a person sees in a browser that goes through Usher to the demo's client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WRAPPER, onStage } from "./browser.mjs";
import { enter, holder, library, press, signIn, title } from "./pages.mjs";

for (const jellyfin of ["12", "10.11"]) {
  onStage("a browser", jellyfin, (stage) => {
    test("a person signs in, plays a film, and signs out; the token is dead then", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await enter(page, url, people.anna);
      const token = await holder(page, url);
      await page.getByRole("link", { name: /The Paper Boat/ }).first().click();
      await page.getByRole("link", { name: /Play|Resume/ }).first().click();
      await page.waitForFunction(() => document.querySelector("video")?.currentTime > 0.2);
      await page.goBack();
      await press(page, "Sign out");
      // The client's own form is for wrappers: a browser is led to Usher's.
      await title(page, "Sign in");
      assert.equal(await token.standing(), 401);
    }));

    test("a wrong password is told, and the right one leads to the library", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await page.goto(`${url}/web/`);
      await title(page, "Sign in");
      await signIn(page, url, { name: "anna", password: "wrong" });
      await page.getByText("That name and password do not fit").waitFor();
      assert.equal(await page.getByLabel("Name or e-mail address").inputValue(), "anna");
      await page.getByLabel("Password", { exact: true }).fill(people.anna.password);
      await press(page, "Sign in");
      await library(page);
    }));

    test("a person with a limit on ratings is not shown what is above it", () => stage.visit(async (page) => {
      await enter(page, stage.demo.url, stage.demo.people.kim);
      assert.equal(await page.getByText("The Long Wire").count(), 0);
      assert.ok(await page.getByText("The Paper Boat").count() > 0);
    }));

    test("an app that shows the web client keeps the client's form, where every refusal reads the same", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      const clientForm = async ({ name, password }) => {
        await page.goto(`${url}/web/`);
        await press(page, "Manual login");
        await page.getByLabel("User").fill(name);
        await page.getByLabel("Password").fill(password ?? "");
        await press(page, "Sign in");
      };
      for (const person of [{ name: "anna", password: "wrong" }, people.dora, people.bob, { name: "mia" }, { name: "nobody", password: "wrong" }]) {
        await clientForm(person);
        await page.getByText("Invalid username or password. Please try again.").waitFor();
      }
      await clientForm(people.anna);
      await library(page);
    }, { userAgent: WRAPPER }));

    test("a television's page says that it is inside an app by its native shell alone", () => stage.visit(async (page) => {
      await page.addInitScript(() => { window.NativeShell = { AppHost: {} }; });
      await page.goto(`${stage.demo.url}/web/`);
      await page.getByRole("heading", { name: "Please sign in" }).waitFor();
    }));

    test("the mailbox shows a mail as it will look, with nothing of it blocked", () => stage.visit(async (page) => {
      const said = [];
      page.on("console", (message) => { if (message.text().includes("Content Security Policy")) said.push(message.text()); });
      await page.goto(stage.demo.mailbox);
      await page.getByRole("link", { name: "leo@example.org" }).click();
      const mail = page.frameLocator("iframe");
      await mail.getByText("Choose a password", { exact: true }).waitFor();
      assert.deepEqual(said, []);
    }));
  });
}
