// The official TypeScript SDK, as a client uses it, through Usher before both versions.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import axios from "axios";
import WebSocket from "ws";
import { Jellyfin as Jellyfin12 } from "@jellyfin/sdk";
import * as apis12 from "@jellyfin/sdk/lib/utils/api/index.js";
import { Jellyfin as Jellyfin1011 } from "jellyfin-sdk-10-11";
import * as apis1011 from "jellyfin-sdk-10-11/lib/utils/api/index.js";
import { startDemo } from "../demo.mjs";

const CLIENT = { clientInfo: { name: "Living room remote", version: "1.0.0" }, deviceInfo: { name: "Test device", id: "sdk-test-device" } };

// What the SDKs of the two servers name differently.
const VERSIONS = [
  { jellyfin: "12", Jellyfin: Jellyfin12, apis: apis12, signIn: apis12.getAuthenticationApi, items: apis12.getLibraryApi },
  { jellyfin: "10.11", Jellyfin: Jellyfin1011, apis: apis1011, signIn: apis1011.getUserApi, items: apis1011.getItemsApi },
];

for (const { jellyfin, Jellyfin, apis, signIn, items } of VERSIONS) {
  describe(`the SDK before Jellyfin ${jellyfin}`, () => {
    let demo;
    before(async () => { demo = await startDemo(jellyfin); });
    after(() => demo.stop());

    const client = () => new Jellyfin(CLIENT).createApi(demo.url, undefined, axios.create());
    const signedIn = async (name) => {
      const api = client();
      const { data } = await signIn(api).authenticateUserByName({ authenticateUserByName: { Username: name, Pw: demo.people[name].password } });
      if (api.accessToken !== data.AccessToken) api.update({ accessToken: data.AccessToken });
      return { api, user: data.User };
    };
    const status = (sending) => sending.then((answer) => answer.status, (error) => error.response?.status ?? error);

    test("a person signs in, lists films, streams a range, hears from the socket, and signs out for good", async () => {
      const { api, user } = await signedIn("anna");
      assert.equal(user.Name, "anna");

      const films = await items(api).getItems({ userId: user.Id, recursive: true, includeItemTypes: ["Movie"] });
      assert.ok(films.data.TotalRecordCount > 1);
      const [film] = films.data.Items;

      const playback = await apis.getMediaInfoApi(api).getPostedPlaybackInfo({ itemId: film.Id, userId: user.Id, playbackInfoDto: {} });
      const [source] = playback.data.MediaSources;
      const stream = api.getUri(`/Videos/${film.Id}/stream`, { static: true, mediaSourceId: source.Id, ApiKey: api.accessToken });
      const part = await fetch(stream, { headers: { Range: "bytes=100-299" } });
      assert.equal(part.status, 206);
      assert.match(part.headers.get("content-range"), /^bytes 100-299\/\d+$/);
      assert.equal((await part.arrayBuffer()).byteLength, 200);

      const socket = new WebSocket(api.getUri("/socket", { ApiKey: api.accessToken, deviceId: CLIENT.deviceInfo.id }).replace(/^http/, "ws"));
      const [hello] = await once(socket, "message");
      assert.equal(JSON.parse(hello).MessageType, "ForceKeepAlive");
      const closed = once(socket, "close");

      const headers = { Authorization: api.authorizationHeader };
      await apis.getSessionApi(api).reportSessionEnded();
      await closed;
      assert.equal((await fetch(`${demo.url}/Users/Me`, { headers })).status, 401);
      assert.equal((await fetch(stream)).status, 401);
    });

    test("a person with a limit on ratings sees fewer films", async () => {
      const count = async (name) => {
        const { api, user } = await signedIn(name);
        return (await items(api).getItems({ userId: user.Id, recursive: true, includeItemTypes: ["Movie"] })).data.TotalRecordCount;
      };
      assert.ok(await count("kim") < await count("anna"));
    });

    test("a wrong password, a disabled user and a user without a password are all the same 401", async () => {
      const attempt = (Username, Pw) => status(signIn(client()).authenticateUserByName({ authenticateUserByName: { Username, Pw } }));
      assert.equal(await attempt("anna", "wrong"), 401);
      assert.equal(await attempt("nobody", "wrong"), 401);
      assert.equal(await attempt("dora", demo.people.dora.password), 401);
      assert.equal(await attempt("bob", ""), 401);
    });

    test("a person signs in with the proven address, too", async () => {
      const { data } = await signIn(client()).authenticateUserByName({ authenticateUserByName: { Username: "anna@example.org", Pw: demo.people.anna.password } });
      assert.equal(data.User.Name, "anna");
    });

    test("those who must still choose a password are not shown before sign-in, and cannot sign in", async () => {
      const shown = (await apis.getUserApi(client()).getPublicUsers()).data.map((user) => user.Name);
      assert.ok(shown.includes("anna"), `${shown}`);
      for (const name of ["mia", "leo", "zoe"]) {
        assert.ok(!shown.includes(name), name);
        assert.equal(await status(signIn(client()).authenticateUserByName({ authenticateUserByName: { Username: name, Pw: "" } })), 401);
      }
    });

    test("an app's Forgot Password sends the mail, tells nobody who is known, and never takes a PIN", async () => {
      const users = signIn(client());
      const ask = async (EnteredUsername) => (await users.forgotPassword({ forgotPasswordDto: { EnteredUsername } })).data;
      const known = await ask("anna");
      assert.equal(known.Action, "PinCode");
      assert.deepEqual(await ask("nobody"), known);
      const { link } = await demo.mailTo("anna@example.org", "reset");
      assert.ok(link.startsWith(`${demo.url}/usher/reset#`), "the mail leads to Usher's page");
      const { data } = await users.forgotPasswordPin({ forgotPasswordPinDto: { Pin: "123456" } });
      assert.deepEqual({ Success: data.Success, UsersReset: data.UsersReset }, { Success: false, UsersReset: [] });
    });
  });
}
