// The official TypeScript SDK, which knows nothing of a second factor, in the three ways that lead in: the link of a mail, a code
// behind the password, and a screen's code that is approved in a browser.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import axios from "axios";
import { Jellyfin as Jellyfin12 } from "@jellyfin/sdk";
import * as apis12 from "@jellyfin/sdk/lib/utils/api/index.js";
import { Jellyfin as Jellyfin1011 } from "jellyfin-sdk-10-11";
import * as apis1011 from "jellyfin-sdk-10-11/lib/utils/api/index.js";
import { startDemo } from "../demo.mjs";
import { totp } from "../totp.mjs";

// What the SDKs of the two servers name differently.
const VERSIONS = [
  { jellyfin: "12", Jellyfin: Jellyfin12, apis: apis12, signIn: apis12.getAuthenticationApi, screens: apis12.getAuthenticationApi },
  { jellyfin: "10.11", Jellyfin: Jellyfin1011, apis: apis1011, signIn: apis1011.getUserApi, screens: apis1011.getQuickConnectApi },
];

/** A browser on Usher's own pages, as far as it is needed: it keeps its cookies and follows no redirect. */
class Pages {
  #url;
  #jar = new Map();

  constructor(url) {
    this.#url = url;
  }

  async send(page, form) {
    const answer = await fetch(`${this.#url}/usher/${page}`, {
      method: "POST",
      redirect: "manual",
      headers: { "Sec-Fetch-Site": "same-origin", Cookie: [...this.#jar].map((pair) => pair.join("=")).join("; ") },
      body: new URLSearchParams(form),
    });
    for (const line of answer.headers.getSetCookie()) this.#jar.set(...line.split(";")[0].split(/=(.*)/s, 2));
    return { status: answer.status, to: answer.headers.get("location"), html: await answer.text() };
  }
}

for (const { jellyfin, Jellyfin, apis, signIn, screens } of VERSIONS) {
  describe(`the SDK with a second factor before Jellyfin ${jellyfin}`, () => {
    let demo;
    before(async () => { demo = await startDemo(jellyfin); });
    after(() => demo.stop());

    const client = (id) => new Jellyfin({ clientInfo: { name: "Jellyfin Android TV", version: "0.19.3" }, deviceInfo: { name: "Living room", id } })
      .createApi(demo.url, undefined, axios.create());
    const press = async (api, name, password) => {
      try {
        const { status, data } = await signIn(api).authenticateUserByName({ authenticateUserByName: { Username: name, Pw: password } });
        return { status, token: data.AccessToken };
      } catch (error) {
        return { status: error.response.status };
      }
    };
    const nameOf = async (token) => {
      const answer = await fetch(`${demo.url}/Users/Me`, { headers: { Authorization: `MediaBrowser Token="${token}"` } });
      return answer.status === 200 ? (await answer.json()).Name : answer.status;
    };

    test("goes on by itself when the link of the mail is approved, and the link is good once", async () => {
      const { eva } = demo.people;
      const pressed = press(client("tablet"), "eva", eva.password);
      const mail = await demo.mailTo("eva@example.org", "sign_in_code");
      const link = mail.text.match(/\/usher\/approve#(\S+)/)[1];
      const phone = new Pages(demo.url);
      assert.match((await phone.send("approve", { link })).html, /Living room/);
      assert.match((await phone.send("approve-yes", { link })).html, /may come in/);
      const { status, token } = await pressed;
      assert.equal(status, 200);
      assert.equal(await nameOf(token), "eva");
      assert.match((await phone.send("approve-yes", { link })).html, /aria-invalid/);
    });

    test("signs in by the password and a code behind it, once, and by no wrong code or empty password", async () => {
      const { tom } = demo.people;
      const api = client("radio");
      const code = totp(tom.totp);
      const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, "0");
      for (const typed of ["", `${tom.password} ${wrong}`]) assert.equal((await press(api, "tom", typed)).status, 401);
      const { status, token } = await press(api, "tom", `${tom.password} ${code}`);
      assert.equal(status, 200);
      assert.equal(await nameOf(token), "tom");
      assert.equal((await press(client("other"), "tom", `${tom.password} ${code}`)).status, 401);
    });

    test("is let in by its code after the factor was shown in the browser that approves it, and once", async () => {
      const { tom } = demo.people;
      const api = client("television");
      const { data: screen } = await screens(api).initiateQuickConnect();
      const redeem = () => signIn(api).authenticateWithQuickConnect({ quickConnectDto: { Secret: screen.Secret } })
        .then(({ data }) => data.AccessToken, () => undefined);
      const isApproved = async () => (await screens(api).getQuickConnectState({ secret: screen.Secret })).data.Authenticated;
      const browser = new Pages(demo.url);
      assert.equal((await browser.send("sign-in", { name: "tom", password: tom.password, device: "" })).to, "second-factor");
      await browser.send("quick-connect-approve", { screen: screen.Code });
      assert.equal(await isApproved(), false, "before the factor");
      assert.equal(await redeem(), undefined);
      // The code of this half minute is used already.
      await browser.send("second-factor", { way: "totp", code: totp(tom.totp, 1) });
      assert.equal((await browser.send("quick-connect-approve", { screen: screen.Code })).to, "quick-connect?said=approved");
      assert.equal(await isApproved(), true);
      assert.equal(await nameOf(await redeem()), "tom");
      assert.equal(await redeem(), undefined);
    });
  });
}
