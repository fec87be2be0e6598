// Waits for what a server does by itself, and says what was there instead if it never does.
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 10_000;
const ASK_EVERY_MS = 25;

/** The first true answer of `look`. `complaint` says what is wrong when none comes. */
export async function until(look, complaint) {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const seen = await look();
    if (seen) return seen;
    await pause(ASK_EVERY_MS);
  }
  throw new Error(await complaint());
}
