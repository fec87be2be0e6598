// Pictures of each page of the demo, at the widths of a phone, a laptop and a television: `npm run screenshots` in `tests/`.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startDemo } from "../demo.mjs";
import { openBrowser, visiting } from "./browser.mjs";
import { tour } from "./tour.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const LOOKS = [
  { name: "390", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
  { name: "1280", viewport: { width: 1280, height: 800 }, colorScheme: "dark" },
  { name: "1920", viewport: { width: 1920, height: 1080 }, colorScheme: "dark" },
  { name: "1280-light", viewport: { width: 1280, height: 800 }, colorScheme: "light" },
];
/** Pages that are also shown in daylight. */
const LIGHT = ["sign-in", "code-wrong", "account", "console", "console-account-anna", "mailbox"];

await mkdir(FOLDER, { recursive: true });
const browser = await openBrowser();
try {
  for (const { name, ...look } of LOOKS) {
    const demo = await startDemo("12");
    const show = async (page, at) => {
      if (look.colorScheme === "light" && !LIGHT.includes(page)) return;
      await at.waitForLoadState("networkidle");
      await at.screenshot({ path: `${FOLDER}${page}-${name}.jpg`, type: "jpeg", quality: 70, fullPage: true });
    };
    try {
      await tour(demo, visiting(() => browser, look), show);
    } finally {
      await demo.stop();
    }
  }
} finally {
  await browser.close();
}
