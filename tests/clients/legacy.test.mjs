// Clients that Jellyfin 12 has locked out: old carriers of tokens, the /emby prefix, players that send no credential at all.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { startDemo } from "../demo.mjs";

const IDENTITY = 'MediaBrowser Client="Old television", Device="Set", DeviceId="legacy-test-device", Version="0.9"';
const JSON_BODY = { "Content-Type": "application/json" };

for (const jellyfin of ["12", "10.11"]) {
  describe(`an old client before Jellyfin ${jellyfin}`, () => {
    let demo;
    let token;
    let user;
    before(async () => {
      demo = await startDemo(jellyfin);
      const body = JSON.stringify({ Username: "anna", Pw: demo.people.anna.password });
      const answer = await fetch(`${demo.url}/emby/Users/AuthenticateByName`, { method: "POST", headers: { ...JSON_BODY, "X-Emby-Authorization": IDENTITY }, body });
      assert.equal(answer.status, 200, "signing in by X-Emby-Authorization under /emby");
      ({ AccessToken: token, User: user } = await answer.json());
    });
    after(() => demo.stop());

    const name = async (path, headers = {}) => {
      const answer = await fetch(`${demo.url}${path}`, { headers });
      return answer.status === 200 ? (await answer.json()).Name : answer.status;
    };
    const film = async () => {
      const list = await fetch(`${demo.url}/Items?userId=${user.Id}&recursive=true&includeItemTypes=Movie`, { headers: { "X-Emby-Token": token } });
      return (await list.json()).Items[0];
    };

    test("every old carrier of a token works, with and without a prefix", async () => {
      assert.equal(await name("/Users/Me", { "X-Emby-Token": token }), "anna");
      assert.equal(await name("/Users/Me", { "X-MediaBrowser-Token": token }), "anna");
      assert.equal(await name("/Users/Me", { "X-Emby-Authorization": `${IDENTITY}, Token="${token}"` }), "anna");
      assert.equal(await name("/Users/Me", { Authorization: `Emby Token="${token}"` }), "anna");
      assert.equal(await name(`/Users/Me?api_key=${token}`), "anna");
      assert.equal(await name(`/Users/Me?ApiKey=${token}`), "anna");
      assert.equal(await name("/emby/Users/Me", { "X-Emby-Token": token }), "anna");
      assert.equal(await name("/mediabrowser/Users/Me", { "X-Emby-Token": token }), "anna");
    });

    test("two credentials that disagree are refused", async () => {
      assert.equal(await name(`/Users/Me?ApiKey=${"0".repeat(32)}`, { "X-Emby-Token": token }), 400);
    });

    test("a film flows without a credential only after a PlaybackInfo from the same address", async () => {
      const { Id } = await film();
      const stream = () => fetch(`${demo.url}/Videos/${Id}/stream?static=true&mediaSourceId=${Id}`, { headers: { Range: "bytes=0-9" } });
      assert.equal((await stream()).status, 401);
      const asked = await fetch(`${demo.url}/Items/${Id}/PlaybackInfo?userId=${user.Id}`, { method: "POST", headers: { ...JSON_BODY, "X-Emby-Token": token }, body: "{}" });
      assert.equal(asked.status, 200);
      const part = await stream();
      assert.equal(part.status, 206);
      assert.equal((await part.arrayBuffer()).byteLength, 10);
    });

    test("side doors stay shut", async () => {
      const post = async (path, body = "{}") => (await fetch(`${demo.url}${path}`, { method: "POST", headers: { ...JSON_BODY, "X-Emby-Authorization": IDENTITY }, body })).status;
      const shut = [400, 401, 403, 404];
      assert.ok(shut.includes(await post(`/Users/${user.Id}/Authenticate?pw=${demo.people.anna.password}`)));
      assert.ok(shut.includes(await post("/Startup/Complete")));
    });

    test("a path that can be read twice is refused", async () => {
      // fetch() would resolve the dots before it sends them.
      const [answer] = await once(request(demo.url, { path: "/Users/x/%2e%2e/Me", headers: { "X-Emby-Token": token } }).end(), "response");
      answer.resume();
      assert.equal(answer.statusCode, 400);
    });
  });
}
