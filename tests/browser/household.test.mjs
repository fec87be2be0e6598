// What an owner does for the people of a household: more time for a child, a picture, watched marks, an account of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./browser.mjs";
import { choosePassword, enter, follow, holder, library, openAccount, press, signIn, title } from "./pages.mjs";

const OWNER_PIN = "2580";

for (const jellyfin of ["12", "10.11"]) {
  onStage("a household", jellyfin, (stage) => {
    const face = (page, name) => page.getByRole("button", { name: new RegExp(`^${name}`) });
    /** Nora at her own seat, with the list of profiles before her. */
    const nora = async (page) => {
      const { url, people } = stage.demo;
      await signIn(page, url, people.nora);
      await face(page, "nora").click();
      await page.getByLabel("PIN", { exact: true }).fill(OWNER_PIN);
      await press(page, "Go on");
      await library(page);
      await page.goto(`${url}/usher/account-profiles`);
      await title(page, "Profiles");
    };
    /** The page of a profile, and its id. */
    const open = async (page, name) => {
      await page.goto(`${stage.demo.url}/usher/account-profiles`);
      await page.getByRole("link", { name: `Change ${name}`, exact: true }).click();
      await title(page, name);
      return new URL(page.url()).searchParams.get("id");
    };
    /** An app at a profile's seat. */
    const app = async (profile) => {
      const app = stage.app({ device: `tablet-${profile}` });
      assert.equal(await app.signIn(`nora/${profile}`, stage.demo.people.nora.password), 200);
      return app;
    };
    const films = async (app, more = "") => (await (await app.ask(`/Items?userId=${app.user.Id}&recursive=true&includeItemTypes=Movie${more}`)).json()).Items;
    const watched = async (app) => (await films(app, "&filters=IsPlayed")).map((film) => film.Name);
    const watch = async (app, film) => assert.equal((await app.post(`/UserPlayedItems/${film.Id}?userId=${app.user.Id}`)).status, 200);

    test("a child whose time is up asks for more, and its owner gives it by the mail, with one press on a phone", async () => {
      const { url, people, mailTo } = stage.demo;
      await stage.visit(async (page) => {
        await nora(page);
        await open(page, "Kids");
        await page.getByRole("link", { name: "Screen time", exact: true }).click();
        for (const day of await page.getByRole("spinbutton").all()) await day.fill("0");
        await press(page, "Save");
        await page.getByText("Saved.", { exact: true }).waitFor();
      });
      await stage.visit(async (page) => {
        await signIn(page, url, people.nora);
        await face(page, "Kids").click();
        await library(page);
        const seat = await holder(page, url);
        seat.user = await (await seat.ask("/Users/Me")).json();
        const [film] = await films(seat);
        const play = async () => (await seat.ask(`/Videos/${film.Id}/stream?static=true`)).status;
        assert.equal(await play(), 403);
        // Whoever presses "Play" is led to where more is asked for.
        await page.goto(`${url}/web/#/video?id=${film.Id}`);
        await title(page, "More time?");
        await page.getByText("Nothing is left for today.").waitFor();
        await press(page, "Ask for more time");
        await title(page, "You asked");
        await page.getByRole("link", { name: "Is there an answer?" }).click();
        await page.getByText("There is no answer yet.").waitFor();
        assert.equal(await page.getByRole("button", { name: "Ask for more time" }).count(), 0);
        const { link, subject } = await mailTo("nora@example.org", "more_time_asked");
        assert.equal(subject, "Kids asks for more time");
        await stage.visit(async (phone) => {
          await phone.goto(link);
          await title(phone, "Kids asks for more time");
          assert.equal(await play(), 403, "a page that is only opened gives nothing");
          await press(phone, "15 minutes more");
          await title(phone, "Done");
          await phone.getByText("15 minutes more. They count for today").waitFor();
          await phone.goto("about:blank");
          await phone.goto(link);
          await title(phone, "This is decided");
          await phone.getByText("Kids got 15 minutes more for that day.").waitFor();
          assert.equal(await phone.getByRole("textbox").count() + await phone.locator("[name=give]").count(), 0);
        }, { viewport: { width: 390, height: 844 } });
        assert.equal(await play(), 200);
        await page.goto(`${url}/usher/more-time`);
        // The film that went out whole counts with its length.
        await page.getByText(/1[45] minutes left\./).waitFor();
        await page.getByText("The answer was yes: 15 minutes more.").waitFor();
      });
    });

    test("who moves a profile with the keyboard stays at its button", () => stage.visit(async (page) => {
      await nora(page);
      // The owner is the first of the list.
      const moved = async (place, focused) => {
        await page.keyboard.press("Enter");
        await page.getByRole("listitem").nth(place).getByText("Sam", { exact: true }).first().waitFor();
        await page.waitForFunction((name) => document.activeElement.innerText.replace(/\s+/g, " ") === name, focused);
      };
      await page.getByRole("button", { name: "Down Sam", exact: true }).focus();
      await moved(2, "Down Sam");
      // At the end the way down is gone.
      await moved(3, "Up Sam");
      await moved(2, "Up Sam");
      // The key is held when the way up is gone: it does not press the button that has the focus then.
      await page.keyboard.down("Enter");
      await page.getByRole("listitem").nth(1).getByText("Sam", { exact: true }).first().waitFor();
      await page.waitForFunction(() => document.activeElement.innerText.replace(/\s+/g, " ") === "Down Sam");
      await page.keyboard.down("Enter");
      assert.equal(await page.locator("form[data-sent]").count(), 0);
      await page.keyboard.up("Enter");
    }));

    test("what somebody chose in Jellyfin is shown to the owner, who may decide otherwise again", () => stage.visit(async (page) => {
      const lina = await app("Lina");
      const language = async () => (await (await lina.ask("/Users/Me")).json()).Configuration.AudioLanguagePreference ?? "";
      const choose = async (code) => {
        const { Configuration } = await (await lina.ask("/Users/Me")).json();
        const body = { ...Configuration, AudioLanguagePreference: code };
        assert.equal((await lina.ask(`/Users/Configuration?userId=${lina.user.Id}`, { method: "POST", body })).status, 204);
      };
      await nora(page);
      const languages = async () => {
        await open(page, "Lina");
        await page.getByRole("link", { name: "Languages and subtitles" }).click();
        return page.getByLabel("Language that is spoken");
      };
      for (const round of ["first", "second"]) {
        await choose("fra");
        const spoken = await languages();
        assert.equal(await spoken.inputValue(), "fra", round);
        await spoken.selectOption("");
        await press(page, "Save");
        await page.getByText("Saved.", { exact: true }).waitFor();
        assert.equal(await language(), "", round);
        assert.equal(await (await languages()).inputValue(), "", round);
      }
    }));

    test("a picture of one's own is shown where people choose, and a broken one changes nothing", () => stage.visit(async (page) => {
      await nora(page);
      await open(page, "Sam");
      await page.getByRole("link", { name: "Upload a picture" }).click();
      const choose = async (name, mimeType, buffer) => {
        await page.getByLabel(/^Picture/).setInputFiles({ name, mimeType, buffer });
        await press(page, "Save");
      };
      await choose("picture.png", "image/png", Buffer.from("This is no picture."));
      await page.getByText("that is no JPEG, PNG or WebP picture, or it is broken").waitFor();
      await choose("picture.png", "image/png", await page.screenshot());
      await page.getByText("Saved.", { exact: true }).waitFor();
      await page.goto(`${stage.demo.url}/usher/switch`);
      const drawn = await face(page, "Sam").locator("img").evaluate((img) => img.decode().then(() => [img.naturalWidth, img.naturalHeight]));
      assert.equal(drawn[0], drawn[1]);
      assert.ok(drawn[0] >= 56, `${drawn}`);
    }));

    test("what one has watched is taken over by another, and an entry is taken out again", () => stage.visit(async (page) => {
      const [lina, kids] = [await app("Lina"), await app("Kids")];
      const [film] = await films(lina);
      await watch(lina, film);
      assert.deepEqual(await watched(kids), []);
      await nora(page);
      await page.getByRole("link", { name: "Watched Kids", exact: true }).click();
      await title(page, "What Kids watches");
      await page.getByText("Nothing was watched yet.").waitFor();
      await page.getByRole("radio", { name: "Lina" }).check();
      await press(page, "Take over");
      await page.getByText("One watched mark was missing here, and is taken over.").waitFor();
      assert.deepEqual(await watched(kids), [film.Name]);
      await page.getByRole("region", { name: "History" }).getByRole("button", { name: `Remove ${film.Name}` }).click();
      await page.getByText("Removed.", { exact: true }).waitFor();
      assert.deepEqual(await watched(kids), []);
      assert.deepEqual(await watched(lina), [film.Name], "Lina's own marks stay");
    }));

    test("a profile becomes an account of its own: its owner asks, an administrator approves, an invitation comes, the history stays", async () => {
      const { url, people, mailTo } = stage.demo;
      const sam = await app("Sam");
      const [film] = await films(sam);
      await watch(sam, film);
      await stage.visit(async (page) => {
        await nora(page);
        await open(page, "Sam");
        await page.getByRole("link", { name: "An account of its own" }).click();
        await page.getByLabel("User name").fill("sam/uel");
        await page.getByLabel("E-mail address of whoever it is for").fill("samuel@example.org");
        await press(page, "Ask for it");
        await page.getByText("Use letters, digits, blanks").waitFor();
        await page.getByLabel("User name").fill("samuel");
        await press(page, "Ask for it");
        await page.getByText("You asked that this profile becomes the account samuel").waitFor();
      });
      const root = (decide) => stage.visit(async (page) => {
        await enter(page, url, people.root);
        await page.goto(`${url}/usher/console-requests`);
        await decide(page);
      });
      await root(async (page) => {
        await page.getByRole("button", { name: /^Decline/ }).click();
        await page.getByText("Nobody waits for you.").waitFor();
        await page.goto(`${url}/usher/console`);
        const line = page.getByRole("listitem").filter({ hasText: "The administrator declined that the profile Sam become an account of its own" });
        await line.getByText("nora · by root").waitFor();
      });
      assert.match((await mailTo("nora@example.org", "own_account_declined")).text, /your profile Sam becomes the account samuel/);
      await stage.visit(async (page) => {
        await nora(page);
        await open(page, "Sam");
        await page.getByRole("link", { name: "An account of its own" }).click();
        await page.getByText("said no to the account samuel").waitFor();
        assert.equal(await page.getByLabel("User name").inputValue(), "samuel");
        await press(page, "Ask for it");
        await open(page, "Sam");
        await page.getByText("You asked that this profile becomes the account samuel").waitFor();
      });
      await root(async (page) => {
        await page.getByText("wishes that the profile Sam becomes the account samuel").first().waitFor();
        await page.getByRole("button", { name: /^Approve/ }).click();
        await page.getByText("The account is there. Its invitation is on its way.").waitFor();
        await openAccount(page, url, "samuel");
      });
      const { link } = await mailTo("samuel@example.org", "set_up_invitation");
      await stage.visit(async (page) => {
        await follow(page, link);
        await choosePassword(page, "seven paper lanterns");
        await library(page);
        const seat = await holder(page, url);
        seat.user = await (await seat.ask("/Users/Me")).json();
        assert.equal(seat.user.Name, "samuel");
        assert.deepEqual(await watched(seat), [film.Name]);
      });
      assert.equal(await stage.app({ device: "tablet-late" }).signIn("nora/Sam", people.nora.password), 401);
      await stage.visit(async (page) => {
        await nora(page);
        assert.equal(await page.getByRole("link", { name: "Change Sam", exact: true }).count(), 0);
      });
    });
  });
}
