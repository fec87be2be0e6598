// Every page of the demo, one after the other: pictures are taken of it, and axe looks at it.
import { App } from "../app.mjs";
import { totp } from "../totp.mjs";
import { WRAPPER } from "./browser.mjs";
import {
  choosePassword, enter, firstTime, follow, forget, giveAddress, library, makeAccount, openAccount, press, signIn, title, typeCode,
} from "./pages.mjs";

/** `show(name, page, { hasScript })` is called at each page; `open(options)` makes a browser that nobody used before, and closes it after `run`. */
export async function tour(demo, open, show) {
  await wayIn(demo, open, show);
  await recovery(demo, open, show);
  await client(demo, open, show);
  await account(demo, open, show);
  await household(demo, open, show);
  await ownersSeat(demo, open, show);
  await moreTime(demo, open, show);
  await secondStep(demo, open, show);
  await secondStepDemanded(demo, open, show);
  await consoleLists(demo, open, show);
  await consoleAccounts(demo, open, show);
  await consoleHelp(demo, open, show);
  await profiles(demo, open, show);
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

async function account({ url, people, mailTo }, open, show) {
  const set = new App(url, { device: "set-in-the-living-room", client: "Old television" });
  await new App(url, { device: "phone", client: "Pocket phone" }).signIn("anna", people.anna.password);
  await open(async (page) => {
    await enter(page, url, people.anna);
    const visit = async (name, at = name) => {
      await page.goto(`${url}/usher/${at}`);
      await show(name, page);
    };
    await visit("quick-connect");
    const { Code } = await (await set.post("/QuickConnect/Initiate")).json();
    await visit("quick-connect-screen", `quick-connect?code=${Code}`);
    await press(page, "Approve");
    await title(page, "The screen is let in");
    await show("quick-connect-done", page);
    for (const name of ["account", "account-devices", "account-activity", "account-password", "account-address", "account-address-remove"]) await visit(name);
    await visit("prove", "prove?to=security&page=account-address");
    await page.goto(`${url}/usher/account-address`);
    await page.getByLabel("New e-mail address").fill("anna@new.example.org");
    await press(page, "Send code");
    await title(page, "Type the code");
    await show("account-address-code", page);
    await visit("console-closed", "console");
    await page.goto(`${url}/usher/account-address-code`);
    const { code } = await mailTo("anna@new.example.org", "confirm_address");
    await typeCode(page, code);
    await page.getByText("Your new e-mail address is confirmed.").waitFor();
    const { link } = await mailTo("anna@example.org", "address_changed");
    await follow(page, link);
    await page.getByText("a…@new.example.org").waitFor();
    await show("undo-show", page);
    await press(page, "Undo the change");
    await page.getByText("The change of address was undone.").waitFor();
  });
}

async function secondStep({ url, people }, open, show) {
  const seen = {};
  await open(async (page) => {
    await enter(page, url, people.anna);
    const visit = async (name, at = name) => {
      await page.goto(`${url}/usher/${at}`);
      await show(name, page);
    };
    await visit("account-security-none", "account-security");
    await visit("account-factor");
    await page.getByRole("button", { name: /^Authenticator app/ }).click();
    await title(page, "Your authenticator app");
    await show("account-factor-totp", page);
    await page.getByText("Cannot scan it?").click();
    seen.seed = await page.locator(".address").innerText();
    await show("account-factor-totp-key", page);
    await page.goto(`${url}/usher/account-factor?kind=totp`);
    await page.getByLabel("Code from the app").fill(totp(seen.seed));
    await title(page, "Your recovery codes");
    seen.codes = await page.locator(".codes li").allInnerTexts();
    await show("recovery-codes", page);
    await page.goto(`${url}/usher/account-factor`);
    await page.getByRole("button", { name: /^Code by mail/ }).click();
    await page.getByText("Your second step is set up.").waitFor();
    await visit("account-security");
    await page.getByRole("link", { name: "Change Authenticator app" }).click();
    await title(page, "Your second step");
    await show("account-factor-edit", page);
    await visit("account-codes");
    await visit("prove-totp", "prove?to=security");
    await visit("prove-recovery", "prove?to=security&way=recovery");
  });
  await open(async (page) => {
    await signIn(page, url, people.anna);
    await title(page, "Second step");
    await show("second-factor", page);
    for (const way of ["email", "recovery"]) {
      await page.goto(`${url}/usher/second-factor?way=${way}`);
      await show(`second-factor-${way}`, page);
    }
    await page.getByLabel("Recovery code").fill("not a code");
    await press(page, "Go on");
    await page.getByText("A recovery code has twenty letters and digits.").waitFor();
    await show("second-factor-wrong", page);
    await page.getByRole("link", { name: "Authenticator app" }).click();
    await page.getByLabel("Trust this browser for 30 days").check();
    await page.getByLabel("Code from the app").fill(totp(seen.seed, 1));
    await press(page, "Go on");
    await library(page);
    await page.goto(`${url}/usher/account-security`);
    await show("account-security-trusted", page);
  });
  // Somebody whose only second step is mail: the code is sent at once.
  await open(async (page) => {
    await signIn(page, url, people.eva);
    await title(page, "Second step");
    await show("second-factor-email-sent", page);
  });
}

/** What the administrator demands, and how people meet it. */
async function secondStepDemanded(demo, open, show) {
  const { url, people } = demo;
  await asRoot(demo, open, async (page) => {
    await page.goto(`${url}/usher/console-security`);
    await show("console-security", page);
    await page.getByRole("radio", { name: /^Everybody/ }).check();
    await press(page, "Save");
    await page.getByText("Saved.", { exact: true }).waitFor();
    await show("console-security-demanded", page);
    await open(async (person) => {
      await signIn(person, url, people.kim);
      await title(person, "Set up a second step");
      await show("enroll", person);
      await press(person, "Not now");
      await library(person);
      await person.goto(`${url}/usher/account-security`);
      await show("account-security-owed", person);
    });
    await page.getByRole("radio", { name: /^Whoever wants one/ }).check();
    await press(page, "Save");
    await page.getByText("Saved.", { exact: true }).waitFor();
  });
}

/** Who is watching, a PIN, and the owner at a child's seat. */
function household({ url, people }, open, show) {
  return open(async (page) => {
    await signIn(page, url, people.nora);
    await title(page, "Who's watching?");
    await show("profiles", page);
    await page.getByRole("button", { name: /^Sam/ }).click();
    await page.getByLabel("PIN", { exact: true }).fill("0000");
    await press(page, "Go on");
    await page.getByText("That is not the PIN.").waitFor();
    await show("profiles-pin-wrong", page);
    await page.getByRole("link", { name: "Forgot the PIN?" }).click();
    await show("profiles-password", page);
    await page.goto(`${url}/usher/profiles`);
    await page.getByRole("button", { name: /^Lina/ }).click();
    await library(page);
    await page.goto(`${url}/usher/switch`);
    await show("switch", page);
    await page.goto(`${url}/usher/account`);
    await title(page, "Is that you, nora?");
    await show("owner", page);
  });
}

/** What an owner sees of the others: what they watch, how long, and that one of them wishes an account of its own. */
async function ownersSeat({ url, people }, open, show) {
  const sam = new App(url, { device: "tablet" });
  await sam.signIn("nora/Sam", people.nora.password);
  const { Items } = await (await sam.ask(`/Items?userId=${sam.user.Id}&recursive=true&includeItemTypes=Movie`)).json();
  await sam.post(`/UserPlayedItems/${Items[0].Id}?userId=${sam.user.Id}`);
  await sam.post(`/UserFavoriteItems/${Items[0].Id}?userId=${sam.user.Id}`);
  await open(async (page) => {
    await signIn(page, url, people.nora);
    await page.getByRole("button", { name: /^nora/ }).click();
    await page.getByLabel("PIN", { exact: true }).fill("2580");
    await press(page, "Go on");
    await library(page);
    await page.goto(`${url}/usher/account-profiles`);
    await show("account-profiles-four", page);
    await page.getByRole("link", { name: "Watched Sam" }).click();
    await title(page, "What Sam watches");
    await show("account-profile-watched", page);
    await page.goto(`${url}/usher/account-profiles`);
    await page.getByRole("link", { name: "More time Kids" }).click();
    await show("account-profile-time", page);
    await page.goto(`${url}/usher/account-profiles`);
    await page.getByRole("link", { name: "Change Sam" }).click();
    await page.getByRole("link", { name: "An account of its own" }).click();
    await show("account-profile-leave", page);
    await page.getByLabel("User name").fill("samuel");
    await page.getByLabel("E-mail address of whoever it is for").fill("samuel@example.org");
    await press(page, "Ask for it");
    await page.getByText("You asked that this profile becomes the account samuel").waitFor();
    await show("account-profile-leave-asked", page);
  });
}

/** A child asks for more time, and its owner gives some by the mail. */
function moreTime({ url, people, mailTo }, open, show) {
  return open(async (page) => {
    await page.goto(`${url}/usher/more-time`);
    await show("more-time-code", page);
    await signIn(page, url, people.nora);
    await page.getByRole("button", { name: /^Kids/ }).click();
    await library(page);
    await page.goto(`${url}/usher/more-time`);
    await show("more-time", page);
    await press(page, "Ask for more time");
    await title(page, "You asked");
    await show("more-time-asked", page);
    const { link } = await mailTo("nora@example.org", "more_time_asked");
    await open(async (phone) => {
      await phone.goto(link);
      await title(phone, "Kids asks for more time");
      await show("give-time", phone);
      await press(phone, "15 minutes more");
      await title(phone, "Done");
      await show("give-time-done", phone);
    });
  });
}

/** What an owner says of a profile: a page for each question. */
function profiles({ url, people }, open, show) {
  return open(async (page) => {
    await enter(page, url, people.kim);
    await page.goto(`${url}/usher/account-profile-new`);
    await show("account-profile-new", page);
    await page.getByLabel("Name", { exact: true }).fill("Toni");
    await page.getByRole("radio", { name: /^Child/ }).check();
    await page.getByRole("radio", { name: "Panda" }).check();
    await press(page, "Make profile");
    await page.getByText("The profile is there.").waitFor();
    await show("account-profiles", page);
    await page.getByRole("link", { name: "Change Toni" }).click();
    await title(page, "Toni");
    await show("account-profile", page);
    const id = new URL(page.url()).searchParams.get("id");
    for (const what of ["ratings", "libraries", "tags", "hours", "minutes", "languages", "home", "picture", "pin", "delete"]) {
      await page.goto(`${url}/usher/account-profile-${what}?id=${id}`);
      await show(`account-profile-${what}`, page);
    }
    await page.goto(`${url}/usher/account-profile-hours?id=${id}`);
    const monday = page.getByRole("group", { name: "Monday" });
    await monday.getByRole("radio", { name: "From … to …" }).check();
    await page.getByLabel("Monday From", { exact: true }).fill("19:00");
    await page.getByLabel("Monday to", { exact: true }).fill("07:00");
    await press(page, "Save");
    await page.getByText("it has to end after it begins").waitFor();
    await show("account-profile-hours-wrong", page);
  });
}

/** Root in the console. */
const asRoot = ({ url, people }, open, run) => open(async (page) => {
  await enter(page, url, people.root);
  await run(page);
});

function consoleLists(demo, open, show) {
  return asRoot(demo, open, async (page) => {
    for (const name of ["console", "console-accounts", "console-new", "console-requests", "console-email", "console-profiles", "console-keys", "console-mail"]) {
      await page.goto(`${demo.url}/usher/${name}`);
      await show(name, page);
    }
    await page.getByLabel("Send to").fill("root@example.org");
    await press(page, "Send test mail");
    await demo.mailTo("root@example.org", "test");
    await page.getByText("Type the code from the mail.").waitFor();
    await show("console-mail-sent", page);
  });
}

function consoleAccounts(demo, open, show) {
  return asRoot(demo, open, async (page) => {
    for (const name of ["anna", "leo"]) {
      await openAccount(page, demo.url, name);
      await show(`console-account-${name}`, page);
    }
    for (const [name, way] of [["ida", "A code"], ["una", "Nothing at all"]]) {
      await makeAccount(page, demo.url, { name, way });
      await show(`console-made-${name}`, page);
    }
  });
}

/** Without recovery by mail, people ask for help. */
function consoleHelp(demo, open, show) {
  return asRoot(demo, open, async (page) => {
    await page.goto(`${demo.url}/usher/console-email`);
    await page.getByLabel("People can reset their password by mail").uncheck();
    await press(page, "Save");
    await page.getByText("Saved.", { exact: true }).waitFor();
    await show("console-email-saved", page);
    await open(async (person) => {
      // Who asked for a mail a moment ago is told to wait: that is anna, at "recovery".
      await forget(person, demo.url, "kim", "Ask for help");
      await title(person, "Ask for help");
      await show("forgot-help", person);
    });
    await page.goto(`${demo.url}/usher/console-requests`);
    await show("console-requests-waiting", page);
  });
}
