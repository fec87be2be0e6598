// What people do on Usher's pages, in their words.
import { App } from "../app.mjs";

/** Presses what is called so. */
export const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** Waits for the page with this title. */
export const title = (page, name) => page.getByRole("heading", { level: 1, name, exact: true }).waitFor();

/** Waits for the client's first page. */
export const library = (page) => page.getByRole("heading", { name: "Latest movies" }).waitFor();

/** Fills Usher's sign-in page; whoever holds no password leaves it empty. */
export async function signIn(page, url, { name, password }) {
  await page.goto(`${url}/usher/sign-in`);
  await page.getByLabel("Name or e-mail address").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password ?? "");
  await press(page, "Sign in");
}

/** Signs in and waits for the library; an address that may be skipped is skipped. */
export async function enter(page, url, person) {
  await signIn(page, url, person);
  const skip = page.getByRole("button", { name: "Not now" });
  await skip.or(page.getByRole("heading", { name: "Latest movies" })).waitFor();
  if (await skip.isVisible()) await skip.click();
  await library(page);
}

/** "First time here?", from the sign-in page. */
export async function firstTime(page, url, name, code) {
  await page.goto(`${url}/usher/sign-in`);
  await page.getByRole("link", { name: "First time here?" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Set-up code").fill(code);
  await press(page, "Go on");
}

/** Follows a link from a mail, and presses what its page offers. */
export async function follow(page, link, button = "Go on") {
  await page.goto(link);
  await press(page, button);
}

/** The first password, or a new one. */
export async function choosePassword(page, password) {
  await page.getByLabel("New password").fill(password);
  await press(page, "Set password");
}

/** The question for an address, at sign-in. */
export async function giveAddress(page, address) {
  await title(page, "Your e-mail address");
  await page.getByLabel("E-mail address").fill(address);
  await press(page, "Send code");
}

/** A code of six digits sends itself when it is full. Waits for the answer, and returns its status. */
export async function typeCode(page, code) {
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByLabel("Code from the mail").fill(code);
  return (await answered).status();
}

/** Asks for a reset, or for help where no mail resets passwords. */
export async function forget(page, url, name, button = "Send mail") {
  await page.goto(`${url}/usher/sign-in?other=yes`);
  await page.getByRole("link", { name: "Forgot password?" }).click();
  await page.getByLabel("Name or e-mail address").fill(name);
  await press(page, button);
}

/** The client's token in this browser, as an app that holds it. */
export async function holder(page, url) {
  const token = await page.evaluate(() => JSON.parse(localStorage.getItem("jellyfin_credentials")).Servers[0].AccessToken);
  return new App(url, { token });
}

/** Another code than this one, of six digits. */
export const otherThan = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

/** "This was not me", from a mail's text. */
export const revokeLink = (text) => text.match(/\S+\/usher\/revoke#\S+/)[0];

/** Finds an account in the console by search, and opens its page. */
export async function openAccount(page, url, name) {
  await page.goto(`${url}/usher/console-accounts`);
  await page.getByRole("searchbox").fill(name);
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name, exact: true }).click();
  await title(page, name);
}

/** Makes an account in the console, by the way of this title; the page that tells what to pass on stands there afterwards. */
export async function makeAccount(page, url, { name, way, address = "" }) {
  await page.goto(`${url}/usher/console-new`);
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("E-mail address").fill(address);
  await page.getByText(way, { exact: true }).click();
  await press(page, "Make the account");
  await title(page, "What to pass on");
}

/** The code that the console shows once, without its hyphen. */
export const shownCode = async (page) => (await page.locator("#set-up-code").innerText()).replace("-", "");
