// Every page of the demo, one after the other: pictures are taken of it, and axe looks at it.
import { WRAPPER } from "./browser.mjs";
import { choosePassword, enter, firstTime, follow, forget, giveAddress, library, press, signIn, title, typeCode } from "./pages.mjs";

/** `show(name, page, { hasScript })` is called at each page; `open(options)` makes a browser that nobody used before, and closes it after `run`. */
export async function tour(demo, open, show) {
  await wayIn(demo, open, show);
  await recovery(demo, open, show);
  await client(demo, open, show);
  await open(async (page) => {
    await page.goto(demo.mailbox);
    await show("mailbox", page);
  });
}

async function wayIn({ url, people, mailTo }, open, show) {
  await open(async (page) => {
    await page.goto(`${url}/usher/sign-in`);
    await show("sign-in", page);
    await page.goto(`${url}/usher/sign-in?unknown=1`);
    await show("fault", page);
    await signIn(page, url, { name: "anna", password: "wrong" });
    await page.getByText("That name and password do not fit").waitFor();
    await show("sign-in-wrong", page);
    await page.goto(`${url}/usher/first-time`);
    await show("first-time", page);
    await firstTime(page, url, "mia", people.mia.set_up_code);
    await title(page, "Choose your password");
    await page.getByLabel("New password").fill("seven paper lanterns");
    await show("set-password", page);
    await choosePassword(page, "seven paper lanterns");
    await title(page, "Your e-mail address");
    await show("email", page);
    await giveAddress(page, "mia@example.org");
    await title(page, "Type the code");
    await show("code", page);
    await typeCode(page, "000000");
    await page.getByText("4 tries are left").waitFor();
    await show("code-wrong", page);
  });
  const invitation = await mailTo("leo@example.org", "set_up_invitation");
  await open(async (page) => {
    await page.goto(invitation.link);
    await show("set-up", page);
  });
  await open(async (page) => {
    await signIn(page, url, people.kim);
    await press(page, "Not now");
    await title(page, "You are signed in");
    await show("hand-over-without-script", page, { hasScript: false });
  }, { javaScriptEnabled: false });
}

async function recovery({ url, mailTo }, open, show) {
  await open(async (page) => {
    await page.goto(`${url}/usher/forgot`);
    await show("forgot", page);
    await forget(page, url, "anna");
    await title(page, "Look into your mail");
    await show("reset-code", page);
    const { link } = await mailTo("anna@example.org", "reset");
    await page.goto(link);
    await show("reset", page);
    await follow(page, link);
    await title(page, "Choose a new password");
    await show("new-password", page);
    for (const [name, text] of [["undo", "Undo the change of address"], ["revoke", "That was not you?"]]) {
      await page.goto(`${url}/usher/${name}`);
      await title(page, text);
      await show(name, page);
    }
  });
}

async function client({ url, people }, open, show) {
  await open(async (page) => {
    await page.goto(`${url}/web/`);
    await page.getByRole("heading", { name: "Please sign in" }).waitFor();
    await show("client-sign-in", page);
  }, { userAgent: WRAPPER });
  await open(async (page) => {
    await enter(page, url, people.anna);
    await show("library", page);
  });
}
