// A television that shows a code, and a telephone whose app approves it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "../app.mjs";
import { startDemo } from "../demo.mjs";

for (const jellyfin of ["12", "10.11"]) {
  describe(`a television before Jellyfin ${jellyfin}`, () => {
    let demo;
    before(async () => { demo = await startDemo(jellyfin); });
    after(() => demo.stop());

    /** A television that shows a code. */
    const television = async (device) => {
      const set = new App(demo.url, { device, client: "Old television" });
      const { Secret, Code } = await (await set.post("/QuickConnect/Initiate")).json();
      return { set, code: Code, redeem: () => set.post("/Users/AuthenticateWithQuickConnect", { Secret }) };
    };
    const phone = async (name) => {
      const app = new App(demo.url, { device: `phone of ${name}` });
      assert.equal(await app.signIn(name, demo.people[name].password), 200);
      return app;
    };

    test("signs in once by the code that a person approved, and as that person", async () => {
      const { set, code, redeem } = await television("living room");
      assert.notEqual((await redeem()).status, 200, "before anybody approved");
      const anna = await phone("anna");
      assert.equal((await anna.post(`/QuickConnect/Authorize?code=${code}`)).status, 200);
      const answer = await redeem();
      assert.equal(answer.status, 200);
      const { AccessToken, User } = await answer.json();
      assert.equal(User.Name, "anna");
      set.token = AccessToken;
      assert.equal(await set.standing(), 200);
      set.token = undefined;
      assert.notEqual((await redeem()).status, 200, "a second time");
    });

    test("is not let in by somebody who approves for another, or a code that no screen shows", async () => {
      const { code, redeem } = await television("kitchen");
      const [anna, kim] = [await phone("anna"), await phone("kim")];
      assert.equal((await kim.post(`/QuickConnect/Authorize?code=${code}&userId=${anna.user.Id}`)).status, 403);
      assert.equal((await kim.post(`/QuickConnect/Authorize?code=${code === "111111" ? "222222" : "111111"}`)).status, 404);
      assert.notEqual((await redeem()).status, 200);
    });
  });
}
