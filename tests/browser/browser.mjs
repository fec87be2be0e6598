// Debian's Chromium, without a window, and a demo for it to visit.
import { after, before, describe } from "node:test";
import { chromium } from "playwright-core";
import { App } from "../app.mjs";
import { startDemo } from "../demo.mjs";

/** How the web client names itself inside an app for Android. */
export const WRAPPER = "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Jellyfin/2.6";

/** A browser; the caller closes it. Root has no sandbox to offer. */
export function openBrowser() {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args });
}

/** Lets somebody in with a browser that nobody used before: `visit(run, options)`. */
export const visiting = (browser, common = {}) => async (run, options) => {
  const context = await browser().newContext({ ...common, ...options });
  context.setDefaultTimeout(15_000);
  try {
    return await run(await context.newPage());
  } finally {
    await context.close();
  }
};

/**
 * Tests with a demo and a browser of their own. `tell(stage)` describes them: `stage.demo`, `stage.visit(run, options)` for a
 * person with a browser that nobody used before, `stage.app(options)` for an app.
 */
export function onStage(title, jellyfin, tell) {
  describe(`${title}, before Jellyfin ${jellyfin}`, () => {
    const stage = {};
    before(async () => {
      stage.demo = await startDemo(jellyfin);
      stage.browser = await openBrowser();
    });
    after(async () => {
      await stage.browser?.close();
      await stage.demo?.stop();
    });
    stage.visit = visiting(() => stage.browser);
    stage.app = (options) => new App(stage.demo.url, options);
    tell(stage);
  });
}
