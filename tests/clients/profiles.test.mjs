// Profiles in apps that know nothing of them: the official SDK and an old client sign in as account/profile.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import axios from "axios";
import { Jellyfin as Jellyfin12 } from "@jellyfin/sdk";
import * as apis12 from "@jellyfin/sdk/lib/utils/api/index.js";
import { Jellyfin as Jellyfin1011 } from "jellyfin-sdk-10-11";
import * as apis1011 from "jellyfin-sdk-10-11/lib/utils/api/index.js";
import { startDemo } from "../demo.mjs";

const IDENTITY = 'MediaBrowser Client="Old television", Device="Set", DeviceId="old-set", Version="0.9"';

// What the SDKs of the two servers name differently.
const VERSIONS = [
  { jellyfin: "12", Jellyfin: Jellyfin12, apis: apis12, signIn: apis12.getAuthenticationApi, items: apis12.getLibraryApi },
  { jellyfin: "10.11", Jellyfin: Jellyfin1011, apis: apis1011, signIn: apis1011.getUserApi, items: apis1011.getItemsApi },
];

for (const { jellyfin, Jellyfin, apis, signIn, items } of VERSIONS) {
  describe(`a profile in apps before Jellyfin ${jellyfin}`, () => {
    let demo;
    before(async () => { demo = await startDemo(jellyfin); });
    after(() => demo.stop());

    /** The SDK of an app on a device, signed in as the account or one of its profiles. */
    const signedIn = async (name, device = "tablet") => {
      const about = { clientInfo: { name: "Living room remote", version: "1.0.0" }, deviceInfo: { name: "Test device", id: device } };
      const api = new Jellyfin(about).createApi(demo.url, undefined, axios.create());
      const { data } = await signIn(api).authenticateUserByName({ authenticateUserByName: { Username: name, Pw: demo.people.nora.password } });
      if (api.accessToken !== data.AccessToken) api.update({ accessToken: data.AccessToken });
      return { api, user: data.User };
    };
    const films = async ({ api, user }) => (await items(api).getItems({ userId: user.Id, recursive: true, includeItemTypes: ["Movie"], fields: ["Path"] })).data.Items;
    const ids = (list) => new Set(list.map((film) => film.Id));
    const status = (sending) => sending.then((answer) => answer.status, (error) => error.response?.status ?? error);

    test("the SDK signs in as nora/Kids, and again by the name that it was told", async () => {
      const kids = await signedIn("nora/Kids");
      assert.equal(kids.user.Name, "nora/Kids");
      const again = await signedIn(kids.user.Name);
      assert.equal(again.user.Id, kids.user.Id);
      assert.equal((await apis.getUserApi(again.api).getCurrentUser()).data.Name, "nora/Kids");
    });

    test("a child sees, opens and streams only what its rating allows", async () => {
      const [nora, kids] = [await signedIn("nora", "sofa"), await signedIn("nora/Kids", "sofa")];
      const [all, some] = [await films(nora), await films(kids)];
      assert.ok(some.length > 0, "a child sees something");
      const seen = ids(some);
      const above = all.filter((film) => !seen.has(film.Id));
      assert.ok(above.length > 0, "something is above the rating");
      const stream = (id) => fetch(kids.api.getUri(`/Videos/${id}/stream`, { static: true, ApiKey: kids.api.accessToken }), { headers: { Range: "bytes=0-9" } });
      assert.equal((await stream(some[0].Id)).status, 206);
      for (const film of above) {
        assert.equal((await stream(film.Id)).status, 404, film.Name);
        assert.equal(await status(kids.api.axiosInstance.get(kids.api.getUri(`/Items/${film.Id}`), { headers: { Authorization: kids.api.authorizationHeader } })), 404, film.Name);
      }
    });

    test("one device keeps two profiles side by side, each with its own history", async () => {
      const [lina, kids] = [await signedIn("nora/Lina", "shared"), await signedIn("nora/Kids", "shared")];
      assert.notEqual(lina.user.Id, kids.user.Id);
      const [film] = await films(lina);
      const played = async ({ api, user }) => (await items(api).getItems({ userId: user.Id, ids: [film.Id], enableUserData: true })).data.Items[0].UserData.Played;
      const mark = await fetch(`${demo.url}/UserPlayedItems/${film.Id}?userId=${lina.user.Id}`, { method: "POST", headers: { Authorization: lina.api.authorizationHeader } });
      assert.equal(mark.status, 200);
      assert.equal(await played(lina), true);
      assert.equal(await played(kids), false);
    });

    test("nobody else finds a profile among the users", async () => {
      const { api } = await signedIn("nora", "sofa");
      const shown = (await apis.getUserApi(api).getUsers()).data.map((user) => user.Name);
      assert.ok(shown.includes("nora") && !shown.some((name) => name.startsWith("nora+")), `${shown}`);
    });

    test("an old client signs in as nora/Kids by its own carriers, and the hidden user's name opens nothing", async () => {
      const attempt = (Username) => fetch(`${demo.url}/emby/Users/AuthenticateByName`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Emby-Authorization": IDENTITY },
        body: JSON.stringify({ Username, Pw: demo.people.nora.password }),
      });
      const answer = await attempt("nora/Kids");
      assert.equal(answer.status, 200);
      const { AccessToken, User } = await answer.json();
      assert.equal(User.Name, "nora/Kids");
      const list = await fetch(`${demo.url}/emby/Users/${User.Id}/Items?Recursive=true&IncludeItemTypes=Movie`, { headers: { "X-Emby-Token": AccessToken } });
      const seen = ids((await list.json()).Items);
      assert.ok(seen.size > 0 && seen.size < (await films(await signedIn("nora", "sofa"))).length);
      assert.equal((await attempt("nora+Kids")).status, 401);
    });
  });
}
