// What administrators do in the console, and what comes of it for people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onStage } from "./browser.mjs";
import {
  choosePassword, enter, firstTime, follow, forget, giveAddress, holder, library, makeAccount, openAccount, otherThan, press,
  shownCode, signIn, title, typeCode,
} from "./pages.mjs";

const PASSWORD = "seven paper lanterns";

/** Root in the console. */
const asRoot = (stage, run) => stage.visit(async (page) => {
  await enter(page, stage.demo.url, stage.demo.people.root);
  await page.goto(`${stage.demo.url}/usher/console`);
  await title(page, "Overview");
  await run(page);
});

/** Chooses a first password, skips the question for an address, and is in. */
async function settle(person) {
  await choosePassword(person, PASSWORD);
  await press(person, "Not now");
  await library(person);
}

for (const jellyfin of ["12", "10.11"]) {
  onStage("the console", jellyfin, (stage) => {
    test("makes an account with a code, shown once; search finds it; the person claims it", async () => {
      const { url } = stage.demo;
      await asRoot(stage, async (page) => {
        await makeAccount(page, url, { name: "ida", way: "A code" });
        const code = await shownCode(page);
        assert.match(code, /^[0-9A-Z]{8}$/);
        await openAccount(page, url, "ida");
        assert.ok(!(await page.content()).includes(code.slice(0, 4)), "the code is shown once");
        await page.goto(`${url}/usher/console`);
        assert.ok(!(await page.content()).includes(code.slice(0, 4)), "the code is shown once");
        await stage.visit(async (person) => {
          await firstTime(person, url, "ida", code.toLowerCase());
          await settle(person);
        });
      });
      assert.equal(await stage.app().signIn("ida", PASSWORD), 200);
    });

    test("makes an account with an invitation; the person follows it", async () => {
      const { url, mailTo } = stage.demo;
      await asRoot(stage, (page) => makeAccount(page, url, { name: "ole", way: "An invitation by mail", address: "ole@example.org" }));
      const { link } = await mailTo("ole@example.org", "set_up_invitation");
      await stage.visit(async (person) => {
        await follow(person, link);
        await choosePassword(person, PASSWORD);
        await library(person);
      });
    });

    test("makes an account that stands open; whoever comes first chooses the password", async () => {
      const { url } = stage.demo;
      await asRoot(stage, (page) => makeAccount(page, url, { name: "una", way: "Nothing at all" }));
      await stage.visit(async (person) => {
        await signIn(person, url, { name: "una" });
        await settle(person);
      });
    });

    test("gives a code to a user who was made in Jellyfin's dashboard with an empty password", async () => {
      const { url, people } = stage.demo;
      const root = stage.app({ device: "dashboard" });
      assert.equal(await root.signIn("root", people.root.password), 200);
      assert.equal((await root.post("/Users/New", { Name: "per", Password: "" })).status, 200);
      assert.equal(await stage.app().signIn("per", ""), 401);
      await asRoot(stage, async (page) => {
        await openAccount(page, url, "per");
        await press(page, "New set-up code");
        const code = await shownCode(page);
        await stage.visit(async (person) => {
          await firstTime(person, url, "per", code);
          await settle(person);
        });
      });
    });
  });
}

onStage("a policy", "12", (stage) => {
  const setEmail = (which) => asRoot(stage, async (page) => {
    await page.goto(`${stage.demo.url}/usher/console-email`);
    await page.getByRole("radio", { name: which, exact: true }).check();
    await press(page, "Save");
    await page.getByText("Saved.", { exact: true }).waitFor();
  });

  test("that requires an address cannot be skipped; apps go on for 14 days", async () => {
    const { url, people, mailTo } = stage.demo;
    await setEmail("Required");
    assert.equal(await stage.app().signIn("kim", people.kim.password), 200);
    await stage.visit(async (page) => {
      await signIn(page, url, people.kim);
      await title(page, "Your e-mail address");
      assert.equal(await page.getByRole("button", { name: "Not now" }).count(), 0);
      await page.goto(`${url}/usher/account`);
      await title(page, "Sign in");
      await signIn(page, url, people.kim);
      await giveAddress(page, "kim@example.org");
      const { code } = await mailTo("kim@example.org", "confirm_address");
      await typeCode(page, code);
      await library(page);
    });
  });

  test("that is off asks nobody", async () => {
    const { url, people } = stage.demo;
    await setEmail("Off");
    await stage.visit(async (page) => {
      await firstTime(page, url, "mia", people.mia.set_up_code);
      await choosePassword(page, PASSWORD);
      await library(page);
    });
  });

  test("without recovery by mail, the page says so and the console lists who asked", async () => {
    const { url, mails } = stage.demo;
    await asRoot(stage, async (page) => {
      await page.goto(`${url}/usher/console-email`);
      await page.getByLabel("People can reset their password by mail").uncheck();
      await press(page, "Save");
      await page.getByText("Saved.", { exact: true }).waitFor();
    });
    const said = (name) => stage.visit(async (page) => {
      await forget(page, url, name, "Ask for help");
      await title(page, "Ask for help");
      return page.locator("main").innerHTML();
    });
    assert.equal(await said("anna"), await said("nobody"));
    assert.ok(!(await mails()).some((mail) => mail.kind === "reset"));
    await asRoot(stage, async (page) => {
      await page.goto(`${url}/usher/console-requests`);
      const asked = page.getByRole("listitem").filter({ hasText: "asks for a new password" });
      await asked.filter({ hasText: "anna" }).waitFor();
      assert.equal(await asked.count(), 1);
      await press(page, "Done anna");
      await page.getByText("Nobody waits for you.").waitFor();
    });
  });
});

onStage("the console's door", "12", (stage) => {
  test("is shut to a plain person, and to nobody at all", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    await page.goto(`${url}/usher/console`);
    await title(page, "Sign in");
    await enter(page, url, people.anna);
    for (const name of ["console", "console-accounts", "console-new", "console-requests", "console-email", "console-keys", "console-mail"]) {
      await page.goto(`${url}/usher/${name}`);
      await title(page, "For administrators");
    }
    const answer = await page.evaluate(async () => {
      const body = new URLSearchParams({ requirement: "required", elsewhere: "" });
      return (await fetch("console-email", { method: "POST", body })).text();
    });
    assert.match(answer, /For administrators/);
    await stage.visit(async (root) => {
      await enter(root, url, people.root);
      await root.goto(`${url}/usher/console-email`);
      assert.equal(await root.locator("input[name=requirement]:checked").inputValue(), "optional");
    });
  }));

  test("an account that is switched off is refused at every door, and its tokens are dead", async () => {
    const { url, people } = stage.demo;
    const app = stage.app();
    assert.equal(await app.signIn("anna", people.anna.password), 200);
    await stage.visit(async (page) => {
      await enter(page, url, people.anna);
      const browser = await holder(page, url);
      await asRoot(stage, async (root) => {
        await openAccount(root, url, "anna");
        await root.getByLabel("Nobody shall sign in as this user").check();
        await press(root, "Switch off");
        await root.getByText("The account is switched off.").waitFor();
      });
      assert.deepEqual([await app.standing(), await browser.standing()], [401, 401]);
      assert.equal(await stage.app().signIn("anna", people.anna.password), 401);
      await signIn(page, url, people.anna);
      await page.getByText("That name and password do not fit").waitFor();
    });
  });

  test("an account that is switched on again keeps its password; its sessions stay dead", async () => {
    const { url, people } = stage.demo;
    const app = stage.app();
    await asRoot(stage, async (root) => {
      await openAccount(root, url, "kim");
      await root.getByLabel("Nobody shall sign in as this user").check();
      await press(root, "Switch off");
      await press(root, "Switch on");
      await root.getByText("The account is switched on.").waitFor();
      assert.equal(await app.signIn("kim", people.kim.password), 200);
      await root.reload();
      await root.getByLabel("Sign the person out on every device").check();
      await press(root, "End every session");
      await root.getByText("Every session of this account has ended.").waitFor();
      assert.equal(await app.standing(), 401);
    });
  });

  test("no administrator is switched off there", () => asRoot(stage, async (root) => {
    await openAccount(root, stage.demo.url, "root");
    await root.getByText("An administrator cannot be switched off.").waitFor();
    assert.equal(await root.getByRole("button", { name: "Switch off", exact: true }).count(), 0);
  }));
});

onStage("the console's help for one account", "12", (stage) => {
  test("a first password is chosen again by a code; the present one and its sessions are dead", async () => {
    const { url, people } = stage.demo;
    const app = stage.app();
    assert.equal(await app.signIn("kim", people.kim.password), 200);
    await asRoot(stage, async (root) => {
      await openAccount(root, url, "kim");
      await root.getByLabel("Replace the present password").check();
      await press(root, "New set-up code");
      const code = await shownCode(root);
      assert.equal(await app.standing(), 401);
      assert.equal(await stage.app().signIn("kim", people.kim.password), 401);
      await stage.visit(async (person) => {
        await firstTime(person, url, "kim", code);
        await settle(person);
      });
    });
    assert.equal(await stage.app().signIn("kim", PASSWORD), 200);
  });

  test("a reset mail is sent; without recovery for the account none is", async () => {
    const { url, people, mails, mailTo } = stage.demo;
    await asRoot(stage, async (root) => {
      await openAccount(root, url, "anna");
      await press(root, "Send reset mail");
      await root.getByText("The reset mail is on its way.").waitFor();
      const { link } = await mailTo("anna@example.org", "reset");
      await stage.visit(async (person) => {
        await follow(person, link);
        await choosePassword(person, PASSWORD);
        await person.getByText("Your new password is set.").waitFor();
      });
      assert.equal(await stage.app().signIn("anna", people.anna.password), 401);
      await openAccount(root, url, "anna");
      await root.getByLabel("This person shall not reset the password by mail").check();
      await press(root, "Switch recovery off");
      await root.getByText("Recovery by mail is off for this account.").waitFor();
      const sent = (await mails()).filter((mail) => mail.kind === "reset").length;
      await stage.visit((person) => forget(person, url, "anna"));
      await root.goto(`${url}/usher/console-requests`);
      await root.getByRole("listitem").filter({ hasText: "anna" }).waitFor();
      assert.equal((await mails()).filter((mail) => mail.kind === "reset").length, sent);
    });
  });

  test("an address is cleared, and its owner is told", async () => {
    const { url, mailTo } = stage.demo;
    await asRoot(stage, async (root) => {
      await openAccount(root, url, "anna");
      await root.getByLabel("This account shall have no address").check();
      await press(root, "Clear the address");
      await root.getByText("The address is cleared.").waitFor();
      await mailTo("anna@example.org", "address_changed");
    });
  });
});

onStage("the console's mail", "12", (stage) => {
  test("is known to arrive by the code of a test mail alone", async () => {
    const { url, mailTo } = stage.demo;
    await asRoot(stage, async (root) => {
      await root.goto(`${url}/usher/console-mail`);
      await root.getByLabel("Send to").fill("root@example.org");
      await press(root, "Send test mail");
      const { code } = await mailTo("root@example.org", "test");
      await root.getByLabel("Code from the test mail").fill(otherThan(code));
      await root.getByText("That is not the code, or it is too old.").waitFor();
      await root.getByLabel("Code from the test mail").fill(code);
      await root.getByText("Mail arrives.").waitFor();
    });
  });
});
