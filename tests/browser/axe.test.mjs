// What axe-core finds on each page, in both colors, on a phone and on a large screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { onStage, visiting } from "./browser.mjs";
import { tour } from "./tour.mjs";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = { runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } };
/** The stand-in's client is no page of ours. */
const isOurs = (page) => page.url().includes("/usher/");

for (const look of [
  { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { colorScheme: "light", viewport: { width: 390, height: 844 } },
]) {
  onStage(`every page (${look.colorScheme}, ${look.viewport.width} px wide)`, "12", (stage) => {
    test("has nothing that keeps people out", async () => {
      const found = [];
      const lookAt = async (name, page, { hasScript = true } = {}) => {
        // Where scripts are off, axe cannot run either.
        if (!isOurs(page) || !hasScript) return;
        await page.evaluate(AXE);
        const { violations } = await page.evaluate((rules) => globalThis.axe.run(rules), RULES);
        found.push(...violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map((node) => node.target).join(" | ")}`));
      };
      await tour(stage.demo, visiting(() => stage.browser, look), lookAt);
      assert.deepEqual(found, []);
    });
  });
}
