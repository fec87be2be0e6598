// Apps that know nothing of a second factor: approved by the link of a mail, or with a code behind the password.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "../app.mjs";
import { startDemo } from "../demo.mjs";

for (const jellyfin of ["12", "10.11"]) {
  describe(`an app before Jellyfin ${jellyfin}`, () => {
    let demo;
    before(async () => { demo = await startDemo(jellyfin); });
    after(() => demo.stop());

    /** Sends a form as one of our own pages sends it. */
    const send = (page, form) => fetch(`${demo.url}/usher/${page}`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin" },
      body: new URLSearchParams(form),
    });

    test("goes on by itself when the link of the mail is approved, and the link is good once", async () => {
      const app = new App(demo.url, { device: "eva's tablet" });
      const { eva } = demo.people;
      const pressed = app.signIn("eva", eva.password);
      const mail = await demo.mailTo("eva@example.org", "sign_in_code");
      const link = mail.link.split("#")[1];
      const shown = await (await send("approve", { link })).text();
      assert.match(shown, /Test set/);
      assert.equal((await send("approve-yes", { link })).status, 200);
      assert.equal(await pressed, 200);
      assert.equal(await app.standing(), 200);
      assert.match(await (await send("approve-yes", { link })).text(), /aria-invalid/);
    });

    test("is refused at once with an empty password and with a wrong code behind the right one", async () => {
      const app = new App(demo.url, { device: "tom's radio" });
      const { tom } = demo.people;
      assert.equal(await app.signIn("tom", ""), 401);
      assert.equal(await app.signIn("tom", null), 401);
      assert.equal(await app.signIn("tom", `${tom.password} 000000`), 401);
      assert.equal(app.token, undefined);
    });
  });
}
