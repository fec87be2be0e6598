// Several people under one account: who is watching, what each has watched, and a child who stays at its seat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../until.mjs";
import { onStage } from "./browser.mjs";
import { enter, holder, library, press, signIn, title } from "./pages.mjs";

const OWNER_PIN = "2580";
const TONI_PIN = "4711";

for (const jellyfin of ["12", "10.11"]) {
  onStage("profiles", jellyfin, (stage) => {
    const make = async (page, name, age) => {
      await page.goto(`${stage.demo.url}/usher/account-profile-new`);
      await page.getByRole("textbox", { name: "Name", exact: true }).fill(name);
      await page.getByText(age, { exact: true }).click();
      await press(page, "Make profile");
      await page.getByText("The profile is there.").waitFor();
    };
    const lock = async (page, pin) => {
      await page.getByLabel("New PIN").fill(pin);
      await press(page, "Set a PIN");
      await page.getByText("The PIN is set.").waitFor();
    };
    /** From the menu of the client, in the same window. */
    const ask = async (page) => {
      await page.getByRole("link", { name: "Switch profile" }).click();
      await title(page, "Who's watching?");
    };
    const face = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) });
    const typePin = async (page, pin) => {
      await page.getByLabel("PIN", { exact: true }).fill(pin);
      await press(page, "Go on");
    };
    const me = async (page) => (await (await holder(page, stage.demo.url)).ask("/Users/Me")).json();
    const resumes = (page) => page.getByRole("heading", { name: "Continue watching" });

    test("are made, locked and switched; each has its own history, and a child does not leave without the owner's PIN", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await enter(page, url, people.anna);
      const owner = await me(page);
      await make(page, "Toni", "Adult");
      await make(page, "Mara", "Teenager");
      await make(page, "Kids", "Child");
      // The first profile with limits asks whether the owner wants a PIN.
      await page.getByRole("heading", { name: "A PIN before your own profile?" }).waitFor();
      await page.getByRole("link", { name: "Set a PIN", exact: true }).click();
      await lock(page, OWNER_PIN);
      assert.equal(await page.getByRole("heading", { name: "A PIN before your own profile?" }).count(), 0);
      await page.getByRole("link", { name: "Change Toni" }).click();
      await page.getByRole("link", { name: "Set a PIN" }).click();
      await lock(page, TONI_PIN);

      // To the locked one, by the pad.
      await page.goto(`${url}/web/`);
      await library(page);
      const ownersToken = await holder(page, url);
      await ask(page);
      for (const name of ["anna", "Toni", "Mara", "Kids"]) await face(page, name).waitFor();
      await face(page, "Toni").click();
      await title(page, "Toni's PIN");
      await typePin(page, "0000");
      await page.getByText("That is not the PIN.").waitFor();
      for (const digit of TONI_PIN) await page.getByRole("button", { name: digit, exact: true }).click();
      await press(page, "Go on");
      await library(page);
      const toni = await me(page);
      assert.notEqual(toni.Id, owner.Id);
      await until(async () => await ownersToken.standing() === 401, () => "the token of the former seat still works");

      // Toni watches a little; that is Toni's alone.
      await page.getByRole("link", { name: /The Paper Boat/ }).first().click();
      await page.getByRole("heading", { name: "The Paper Boat" }).waitFor();
      const watched = new URLSearchParams(new URL(page.url()).hash.split("?")[1]).get("id");
      const app = await holder(page, url);
      const stopped = await app.ask("/Sessions/Playing/Stopped", { method: "POST", body: { ItemId: watched, PositionTicks: 60_000_000 } });
      assert.equal(stopped.status, 204);
      await page.goto(`${url}/web/`);
      await resumes(page).waitFor();
      await ask(page);
      await face(page, "Kids").click();
      await library(page);
      assert.equal(await resumes(page).count(), 0);

      // The child stays there: neither another seat nor any page of the account opens.
      const kids = await me(page);
      await ask(page);
      await face(page, "anna").click();
      await title(page, "anna's PIN");
      await typePin(page, "1234");
      await page.getByText("That is not the PIN.").waitFor();
      for (const name of ["account", "account-profiles", "account-devices", "quick-connect", "console"]) {
        await page.goto(`${url}/usher/${name}`);
        await title(page, "Is that you, anna?");
      }
      await page.getByRole("link", { name: "Back to the films" }).click();
      await library(page);
      assert.equal((await me(page)).Id, kids.Id);

      // The owner shows up: for a page of the account, and for the seat.
      await page.goto(`${url}/usher/account-devices`);
      await typePin(page, OWNER_PIN);
      await title(page, "Your devices");
      await page.goto(`${url}/web/`);
      await ask(page);
      await face(page, "anna").click();
      await typePin(page, OWNER_PIN);
      await library(page);
      assert.equal((await me(page)).Id, owner.Id);
      assert.equal(await resumes(page).count(), 0);

      // Signing out in the client ends the session at Usher, too.
      await press(page, "Sign out");
      await title(page, "Sign in");
      await page.goto(`${url}/usher/account`);
      await title(page, "Sign in");
    }));

    test("are asked for at sign-in, and a forgotten PIN is passed by the password", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await signIn(page, url, people.anna);
      await title(page, "Who's watching?");
      await face(page, "Toni").click();
      await title(page, "Toni's PIN");
      await page.getByRole("link", { name: "Forgot the PIN?" }).click();
      await title(page, "The password of the account");
      await page.getByLabel("Password", { exact: true }).fill("wrong");
      await press(page, "Go on");
      await page.getByText("That is not your password. Try again.").waitFor();
      await page.getByLabel("Password", { exact: true }).fill(people.anna.password);
      await press(page, "Go on");
      await library(page);
      await resumes(page).waitFor();
      // In a browser that is signed in it is a proof that takes the PIN's place.
      await ask(page);
      assert.equal(await page.evaluate(() => document.activeElement.querySelector("b")?.textContent), "Toni");
      await face(page, "anna").click();
      await page.getByRole("link", { name: "Forgot the PIN?" }).click();
      await page.getByLabel("Password", { exact: true }).fill(people.anna.password);
      await press(page, "Go on");
      await page.getByText("The PIN is not needed.").waitFor();
      await press(page, "Open the profile");
      await library(page);
    }));

    test("a screen is let in for a child, on whose device nobody else of the account is signed in any more", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await signIn(page, url, people.anna);
      await face(page, "anna").click();
      await typePin(page, OWNER_PIN);
      await library(page);
      const screen = stage.app({ device: "nursery", client: "Nursery TV" });
      const asked = await (await screen.ask("/QuickConnect/Initiate", { method: "POST" })).json();
      await page.goto(`${url}/usher/quick-connect?code=${asked.Code}`);
      await title(page, "Let this screen in?");
      await page.getByRole("radio", { name: "Kids" }).check();
      await page.getByLabel(/This is a child's device/).check();
      await press(page, "Approve");
      await title(page, "The screen is let in");
      const redeemed = await screen.ask("/Users/AuthenticateWithQuickConnect", { method: "POST", body: { Secret: asked.Secret } });
      assert.equal(redeemed.status, 200);
      assert.notEqual((await redeemed.json()).User.Id, (await me(page)).Id);
      assert.equal(await screen.signIn("anna", people.anna.password), 401);
      await page.goto(`${url}/usher/account-devices`);
      await page.getByText("Kids alone").waitFor();
      await page.getByRole("listitem").filter({ hasText: "Nursery TV" }).getByText("Profile: Kids").waitFor();
      await page.getByRole("listitem").filter({ hasText: "This browser" }).getByText("Profile: anna").waitFor();
      await page.getByRole("button", { name: /Let everybody watch/ }).click();
      await page.getByText("Everybody of your account may watch on that device again.").waitFor();
      assert.equal(await screen.signIn("anna", people.anna.password), 200);
    }));

    test("a tablet that is signed in as the child becomes the child's alone on the owner's page", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      const { password } = people.anna;
      const parents = stage.app({ device: "tablet", client: "Tablet" });
      const childs = stage.app({ device: "tablet", client: "Tablet" });
      assert.equal(await parents.signIn("anna", password), 200);
      assert.equal(await childs.signIn("anna/Kids", password), 200);
      await signIn(page, url, people.anna);
      await face(page, "anna").click();
      await typePin(page, OWNER_PIN);
      await library(page);
      await page.goto(`${url}/usher/account-devices`);
      const keep = page.getByRole("listitem").filter({ hasText: "Tablet" }).getByRole("link", { name: /^Only for/ });
      await keep.filter({ hasText: "Only for Kids" }).click();
      await title(page, "Only for Kids?");
      await page.getByText("Signed in there now, and signed out at once: anna.").waitFor();
      assert.equal(await parents.standing(), 200, "it was only asked about");
      await press(page, "Only for Kids");
      await page.getByText("On that device only this profile watches now.").waitFor();
      assert.equal(await keep.count(), 0);
      assert.equal(await parents.standing(), 401);
      assert.equal(await childs.standing(), 200);
      assert.equal(await parents.signIn("anna", password), 401);
      await page.getByRole("button", { name: /Let everybody watch/ }).click();
      await page.getByText("Everybody of your account may watch on that device again.").waitFor();
      assert.equal(await parents.signIn("anna", password), 200);
    }));

    test("stays at its seat and gets the colors that its owner chose, until its person chooses others there", () => stage.visit((child) => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await signIn(child, url, people.anna);
      await face(child, "Mara").click();
      await library(child);
      const mara = await me(child);
      await signIn(page, url, people.anna);
      await face(page, "anna").click();
      await typePin(page, OWNER_PIN);
      await library(page);
      const decide = async (theme) => {
        await page.goto(`${url}/usher/account-profiles`);
        await page.getByRole("link", { name: "Change Mara" }).click();
        await page.getByRole("link", { name: "Colors and home page" }).click();
        await page.getByLabel("Colors", { exact: true }).selectOption(theme);
        await press(page, "Save");
        await title(page, "Mara");
      };
      /** The client anew, and what it shows once it heard of the colors. */
      const reopened = async () => {
        const told = child.waitForResponse((answer) => answer.url() === `${url}/usher/colors`);
        await child.reload();
        await (await told).finished();
        await library(child);
        await child.reload();
        await library(child);
        return child.evaluate(() => document.documentElement.dataset.theme);
      };
      assert.equal(await reopened(), "dark");
      await decide("wmc");
      assert.equal(await reopened(), "wmc");
      await child.evaluate(({ Id }) => localStorage.setItem(`${Id}-appTheme`, "light"), mara);
      assert.equal(await reopened(), "light");
      await decide("purplehaze");
      assert.equal(await reopened(), "purplehaze");
      await decide("");
      assert.equal(await reopened(), "dark");
      assert.equal((await me(child)).Id, mara.Id);
    })));
  });
}
