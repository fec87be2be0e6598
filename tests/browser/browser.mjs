// Debian's Chromium, without a window.
import { chromium } from "playwright-core";

/** A browser; the caller closes it. Root has no sandbox to offer. */
export function openBrowser() {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}

/** Fills the client's form and waits for the page behind it. */
export async function signIn(page, url, { name, password }) {
  await page.goto(`${url}/web/`);
  await page.getByRole("button", { name: "Manual login" }).click();
  await page.getByLabel("User").fill(name);
  await page.getByLabel("Password").fill(password ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
}
