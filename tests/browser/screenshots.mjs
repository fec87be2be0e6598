// Pictures of each page of the demo, at the widths of a phone, a laptop and a television: `npm run screenshots` in `tests/`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startDemo } from "../demo.mjs";
import { openBrowser, signIn } from "./browser.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const SIZES = [[390, 844], [1280, 800], [1920, 1080]];

await mkdir(FOLDER, { recursive: true });
const demo = await startDemo("12");
const browser = await openBrowser();
try {
  for (const [width, height] of SIZES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: "dark" });
    const take = async (name) => {
      await page.waitForLoadState("networkidle");
      await page.screenshot({ path: `${FOLDER}${name}-${width}.jpg`, type: "jpeg", quality: 80 });
    };
    await page.goto(`${demo.url}/usher/sign-in`);
    await take("usher-sign-in");
    await page.goto(`${demo.url}/web/`);
    await page.getByRole("heading", { name: "Please sign in" }).waitFor();
    await take("client-sign-in");
    await signIn(page, demo.url, demo.people.anna);
    await page.getByRole("heading", { name: "Latest movies" }).waitFor();
    await take("library");
    await page.close();
  }
} finally {
  await browser.close();
  await demo.stop();
}
