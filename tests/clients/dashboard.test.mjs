// What an administrator does in Jellyfin's own dashboard, through Usher: the accounts that come of it are set up at the first sign-in.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App } from "../app.mjs";
import { startDemo } from "../demo.mjs";

for (const jellyfin of ["12", "10.11"]) {
  describe(`the dashboard before Jellyfin ${jellyfin}`, () => {
    let demo;
    let root;
    before(async () => {
      demo = await startDemo(jellyfin);
      root = new App(demo.url, { device: "dashboard", client: "Jellyfin Web" });
      assert.equal(await root.signIn("root", demo.people.root.password), 200);
    });
    after(() => demo.stop());

    const app = () => new App(demo.url, { device: "somebody" });
    /** The library is closed to whoever asks so. */
    const isShut = async (name, passwords) => {
      for (const password of passwords) assert.equal(await app().signIn(name, password), 401, `${name} with ${password || "an empty password"}`);
    };

    test("a user made with an empty password cannot sign in by it, at Usher or at Jellyfin", async () => {
      const made = await root.post("/Users/New", { Name: "ida", Password: "" });
      assert.equal(made.status, 200);
      const { Id, Name } = await made.json();
      assert.equal(Name, "ida");
      await isShut("ida", ["", "ida"]);
      const direct = new App(demo.upstream, { device: "beside-the-door" });
      assert.equal(await direct.signIn("ida", ""), 401);
      const shown = await (await app().ask("/Users/Public")).json();
      assert.ok(!shown.some((user) => user.Id === Id));
    });

    test("a user made with a password signs in by it", async () => {
      assert.equal((await root.post("/Users/New", { Name: "ole", Password: "four green apples" })).status, 200);
      assert.equal(await app().signIn("ole", "four green apples"), 200);
    });

    test("a password that is reset is dead, its tokens with it, and set-up is awaited", async () => {
      const { anna } = demo.people;
      const set = app();
      assert.equal(await set.signIn("anna", anna.password), 200);
      const answer = await root.post(`/Users/Password?userId=${set.user.Id}`, { ResetPassword: true });
      assert.equal(answer.status, 204);
      assert.equal(await set.standing(), 401);
      await isShut("anna", [anna.password, ""]);
    });

    test("a plain person makes no users and resets nobody", async () => {
      const kim = app();
      assert.equal(await kim.signIn("kim", demo.people.kim.password), 200);
      assert.equal((await kim.post("/Users/New", { Name: "eve", Password: "" })).status, 403);
      assert.equal((await kim.post(`/Users/Password?userId=${root.user.Id}`, { ResetPassword: true })).status, 403);
      assert.equal(await root.standing(), 200);
    });
  });
}
