// Accounts without a password, in each of the three ways, and what is asked at sign-in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./browser.mjs";
import { choosePassword, enter, firstTime, follow, giveAddress, holder, library, otherThan, press, revokeLink, signIn, title, typeCode } from "./pages.mjs";

const PASSWORD = "seven paper lanterns";

for (const jellyfin of ["12", "10.11"]) {
  onStage("the first time", jellyfin, (stage) => {
    /** Proves an address by the code from the mailbox. */
    const prove = async (page, address) => {
      await giveAddress(page, address);
      await title(page, "Type the code");
      const { code } = await stage.demo.mailTo(address, "confirm_address");
      await typeCode(page, code);
      await library(page);
    };
    const isIn = async (page, name) => {
      const me = await (await holder(page, stage.demo.url)).ask("/Users/Me");
      assert.equal((await me.json()).Name, name);
    };
    /** Another browser, later: the password alone is asked for. */
    const comesBack = (name) => stage.visit(async (page) => {
      await signIn(page, stage.demo.url, { name, password: PASSWORD });
      await library(page);
      await isIn(page, name);
    });

    test("by code: name and code, password, address, library; then the code is worth nothing", async () => {
      const { url, people } = stage.demo;
      await stage.visit(async (page) => {
        // The page that was asked for leads to the door by itself.
        await page.goto(`${url}/web/`);
        await title(page, "Sign in");
        await firstTime(page, url, "mia", people.mia.set_up_code);
        await title(page, "Choose your password");
        await choosePassword(page, PASSWORD);
        await prove(page, "mia@example.org");
        await isIn(page, "mia");
      });
      await comesBack("mia");
      await stage.visit(async (page) => {
        await firstTime(page, url, "mia", people.mia.set_up_code);
        await page.getByText("That name and code do not fit").waitFor();
      });
    });

    test("by mail: the link, password, library, for the link has proven the address; then it is worth nothing", async () => {
      const { mailTo } = stage.demo;
      const { link } = await mailTo("leo@example.org", "set_up_invitation");
      await stage.visit(async (page) => {
        await follow(page, link);
        await title(page, "Choose your password");
        await choosePassword(page, PASSWORD);
        await library(page);
        await isIn(page, "leo");
      });
      await comesBack("leo");
      await stage.visit(async (page) => {
        await follow(page, link);
        await page.getByText("This link is used, too old, or not complete.").waitFor();
      });
    });

    test("open: the name alone, password, address, library; then the name alone is worth nothing", async () => {
      const { url } = stage.demo;
      await stage.visit(async (page) => {
        await signIn(page, url, { name: "zoe" });
        await title(page, "Choose your password");
        await choosePassword(page, PASSWORD);
        await prove(page, "zoe@example.org");
        await isIn(page, "zoe");
      });
      await comesBack("zoe");
      await stage.visit(async (page) => {
        await signIn(page, url, { name: "zoe" });
        await page.getByText("That name and password do not fit").waitFor();
      });
    });

    test("a person comes back to the page that was asked for", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      await enter(page, url, people.anna);
      await page.getByRole("link", { name: /The Paper Boat/ }).first().click();
      await page.getByRole("heading", { name: "The Paper Boat" }).waitFor();
      const film = page.url();
      const openAnew = async () => {
        await page.evaluate(() => localStorage.clear());
        await page.goto("about:blank");
        await page.goto(film);
      };
      // The browser is signed in still: nobody has to type anything.
      await openAnew();
      await title(page, "You are signed in");
      await press(page, "Go on as anna");
      await page.getByRole("heading", { name: "The Paper Boat" }).waitFor();
      assert.equal(page.url(), film);
      await page.context().clearCookies();
      await openAnew();
      await title(page, "Sign in");
      await page.getByLabel("Name or e-mail address").fill("anna");
      await page.getByLabel("Password", { exact: true }).fill(people.anna.password);
      await press(page, "Sign in");
      await page.getByRole("heading", { name: "The Paper Boat" }).waitFor();
      assert.equal(page.url(), film);
    }));
  });
}

onStage("an address", "12", (stage) => {
  test("may be skipped, and is not asked for again", async () => {
    const { url, people } = stage.demo;
    await stage.visit(async (page) => {
      await signIn(page, url, people.kim);
      await title(page, "Your e-mail address");
      await press(page, "Not now");
      await library(page);
    });
    await stage.visit(async (page) => {
      await signIn(page, url, people.kim);
      await library(page);
    });
  });

});

onStage("an address", "12", (stage) => {
  test("that was mistyped is corrected in the same step; wrong codes are counted down", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    await signIn(page, url, people.kim);
    await giveAddress(page, "not an address@");
    // The browser itself holds back what cannot be one.
    assert.equal(await page.getByLabel("E-mail address").evaluate((field) => field.validity.valid), false);
    await giveAddress(page, "kimm@example.org");
    await title(page, "Type the code");
    const mistaken = await mailTo("kimm@example.org", "confirm_address");
    await press(page, "That is not my address");
    await giveAddress(page, "kim@example.org");
    await title(page, "Type the code");
    const right = await mailTo("kim@example.org", "confirm_address");
    assert.equal(await typeCode(page, mistaken.code === right.code ? otherThan(right.code) : mistaken.code), 200);
    await page.getByText("That is not the code. 4 tries are left.").waitFor();
    // To look again is no try.
    await page.reload();
    await title(page, "Type the code");
    assert.equal(await typeCode(page, otherThan(right.code)), 200);
    await page.getByText("That is not the code. 3 tries are left.").waitFor();
    await typeCode(page, right.code);
    await library(page);
  }));
});

onStage("an attempt", "12", (stage) => {
  test("ends by \"this was not me\" from its mail, and its code with it", async () => {
    const { url, people, mailTo } = stage.demo;
    await stage.visit(async (page) => {
      await signIn(page, url, people.kim);
      await giveAddress(page, "stranger@example.org");
      await title(page, "Type the code");
      const { code, text } = await mailTo("stranger@example.org", "confirm_address");
      await stage.visit(async (owner) => {
        await follow(owner, revokeLink(text), "That was not me");
        await owner.getByText("The code and the link in that mail are worthless now.").waitFor();
      });
      await typeCode(page, code);
      await page.getByText("That took too long, or was finished elsewhere.").waitFor();
    });
  });

  test("that goes wrong says so, at every door, with status 200", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    const answered = () => page.waitForResponse((answer) => answer.request().method() === "POST");
    const refused = async (person) => {
      const answer = answered();
      await signIn(page, url, person);
      assert.equal((await answer).status(), 200);
      await page.getByText("That name and password do not fit, or you may not sign in now. Try again.").waitFor();
    };
    await refused({ name: "anna", password: "wrong" });
    await refused({ name: "nobody", password: "wrong" });
    await refused(people.dora);
    await refused({ name: "bob" });
    await refused({ name: "mia" });
    const answer = answered();
    await firstTime(page, url, "mia", "AAAAAAAA");
    assert.equal((await answer).status(), 200);
    await page.getByText("That name and code do not fit, or the code is too old.").waitFor();
  }));

  test("goes by keyboard alone", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    await page.goto(`${url}/usher/sign-in`);
    await page.keyboard.type("anna");
    await page.keyboard.press("Tab");
    await page.keyboard.type(people.anna.password);
    const reached = [];
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()));
    }
    assert.deepEqual(reached, ["Show password", "Sign in", "Forgot password?", "First time here?"]);
    for (let step = 0; step < 2; step += 1) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await library(page);
  }));

  test("goes without script as far as the hand-over, which says what is missing", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    await firstTime(page, url, "mia", people.mia.set_up_code);
    await choosePassword(page, PASSWORD);
    await title(page, "Your e-mail address");
    await press(page, "Not now");
    await title(page, "You are signed in");
    const missing = page.locator("noscript p").first();
    assert.equal(await missing.textContent(), "The player needs JavaScript. Switch it on for this site, and sign in again.");
    assert.notEqual(await missing.boundingBox(), null, "it is shown");
    await page.getByRole("link", { name: "Your account" }).click();
    await title(page, "Your account");
  }, { javaScriptEnabled: false }));
});
