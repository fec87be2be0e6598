// What people see and change of their own account.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../until.mjs";
import { onStage } from "./browser.mjs";
import { enter, follow, forget, holder, otherThan, press, title, typeCode } from "./pages.mjs";

/** A token that was ended is refused within this time. */
const dead = (app) => until(async () => await app.standing() === 401, () => "a token that was ended still works");

onStage("an account", "12", (stage) => {
  test("without a session its pages lead to sign-in, and back", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    for (const name of ["account", "account-devices", "account-activity", "account-password", "account-address", "quick-connect"]) {
      await page.goto(`${url}/usher/${name}`);
      await title(page, "Sign in");
    }
    await page.goto(`${url}/usher/account-devices`);
    await page.getByLabel("Name or e-mail address").fill("anna");
    await page.getByLabel("Password", { exact: true }).fill(people.anna.password);
    await press(page, "Sign in");
    await title(page, "Your devices");
  }));

  test("lists its devices; one is signed out, then everywhere else; their tokens die, this browser's lives", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    const apps = [stage.app({ device: "tablet", client: "Kitchen tablet" }), stage.app({ device: "phone", client: "Pocket phone" })];
    for (const app of apps) assert.equal(await app.signIn("anna", people.anna.password), 200);
    await enter(page, url, people.anna);
    const here = await holder(page, url);
    await page.goto(`${url}/usher/account-devices`);
    const place = (name) => page.getByRole("listitem").filter({ hasText: name });
    await place("Pocket phone").waitFor();
    await place("Kitchen tablet").getByRole("button", { name: /Sign out/ }).click();
    await page.getByText("Signed out there.").waitFor();
    await dead(apps[0]);
    await place("Pocket phone").waitFor();
    assert.equal(await place("Kitchen tablet").count(), 0);
    assert.deepEqual([await apps[1].standing(), await here.standing()], [200, 200]);
    await press(page, "Sign out everywhere else");
    await dead(apps[1]);
    assert.equal(await here.standing(), 200);
    await page.goto(`${url}/usher/account-activity`);
    await page.getByText("Signed out", { exact: true }).first().waitFor();
    await page.getByText("Signed out everywhere", { exact: true }).first().waitFor();
  }));

  test("changes its password, and stays signed in here alone", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    const app = stage.app({ device: "other" });
    assert.equal(await app.signIn("anna", people.anna.password), 200);
    await enter(page, url, people.anna);
    const before = await holder(page, url);
    await page.goto(`${url}/usher/account-password`);
    await page.getByLabel("Present password").fill("wrong");
    await page.getByLabel("New password").fill("a lighthouse in the fog");
    await press(page, "Set password");
    await page.getByText("That is not your present password").waitFor();
    await page.getByLabel("Present password").fill(people.anna.password);
    await page.getByLabel("New password").fill("a lighthouse in the fog");
    await press(page, "Set password");
    await mailTo("anna@example.org", "password_changed");
    await page.getByText("Your password is changed. You were signed out everywhere else.").waitFor();
    assert.deepEqual([await app.standing(), await before.standing()], [401, 401]);
    assert.equal(await (await holder(page, url)).standing(), 200);
    assert.equal(await stage.app().signIn("anna", people.anna.password), 401);
    people.anna.password = "a lighthouse in the fog";
    await page.goto(`${url}/usher/account-activity`);
    await page.getByText("Password changed").first().waitFor();
  }));

  test("is asked for its password before something sensitive, and goes on only with the right one", () => stage.visit(async (page) => {
    const { url, people } = stage.demo;
    await enter(page, url, people.anna);
    await page.goto(`${url}/usher/prove?to=security&page=account-address`);
    for (const [password, shown] of [["wrong", "Is it you?"], [people.anna.password, "Your new e-mail address"]]) {
      await page.getByLabel("Password", { exact: true }).fill(password);
      const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
      await press(page, "Go on");
      await answered;
      await title(page, shown);
    }
  }));

  test("changes its address by a code; the old one is told, and takes it back", () => stage.visit(async (page) => {
    const { url, people, mailTo } = stage.demo;
    await enter(page, url, people.anna);
    await page.goto(`${url}/usher/account-address`);
    await page.getByLabel("New e-mail address").fill("anna@new.example.org");
    await press(page, "Send code");
    const { code } = await mailTo("anna@new.example.org", "confirm_address");
    await typeCode(page, code);
    await page.getByText("Your new e-mail address is confirmed.").waitFor();
    await page.getByText("anna@new.example.org", { exact: true }).waitFor();
    const told = await mailTo("anna@example.org", "address_changed");
    await stage.visit(async (owner) => {
      await follow(owner, told.link);
      for (const shown of ["The account anna gets its former e-mail address back.", "a…@example.org", "a…@new.example.org"]) {
        await owner.getByText(shown).waitFor();
      }
      await press(owner, "Undo the change");
      await owner.getByText("The change of address was undone.").waitFor();
      await follow(owner, told.link);
      await owner.getByText("This link is used, too old, or not complete. Nothing was changed.").waitFor();
      await forget(owner, url, "anna");
      await mailTo("anna@example.org", "reset");
    });
    await page.goto(`${url}/usher/account`);
    await title(page, "Sign in");
  }));
});

for (const jellyfin of ["12", "10.11"]) {
  onStage("a television", jellyfin, (stage) => {
    /** A television that shows a code. */
    const television = async () => {
      const set = stage.app({ device: "set-in-the-living-room", client: "Old television" });
      const { Secret, Code } = await (await set.post("/QuickConnect/Initiate")).json();
      const redeem = () => set.post("/Users/AuthenticateWithQuickConnect", { Secret });
      return { set, code: Code, redeem };
    };

    test("shows a code, a person approves it on the page, and it signs in once", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      const { set, code, redeem } = await television();
      assert.notEqual((await redeem()).status, 200, "before anybody approved");
      await enter(page, url, people.anna);
      await page.goto(`${url}/usher/quick-connect?code=${code}`);
      await page.getByText("Old television").waitFor();
      assert.notEqual((await redeem()).status, 200, "a link alone approves nothing");
      await press(page, "Approve");
      const answer = await until(async () => {
        const tried = await redeem();
        return tried.status === 200 && tried.json();
      }, () => "the television was not let in");
      assert.equal(answer.User.Name, "anna");
      set.token = answer.AccessToken;
      assert.equal(await set.standing(), 200);
      const again = await redeem();
      assert.ok([400, 401, 403, 404].includes(again.status), `${again.status}`);
      await page.getByText("The screen is let in").waitFor();
      await page.goto(`${url}/usher/account-devices`);
      await page.getByRole("listitem").filter({ hasText: "Old television" }).waitFor();
    }));

    test("that shows no such code is not let in", () => stage.visit(async (page) => {
      const { url, people } = stage.demo;
      const { code, redeem } = await television();
      await enter(page, url, people.anna);
      await page.goto(`${url}/usher/quick-connect`);
      await page.getByLabel("Code on the screen").fill(otherThan(code));
      await page.getByText("There is no such code").waitFor();
      assert.notEqual((await redeem()).status, 200);
    }));
  });
}
