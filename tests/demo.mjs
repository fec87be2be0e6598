// Starts `usher demo` on a free port, and ends it again: what every test here stands on.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const PROGRAM = process.env.USHER ?? fileURLToPath(new URL("../target/debug/usher", import.meta.url));

/** The demo before a stand-in of this version: its address, its people by name, and how to end it. */
export async function startDemo(jellyfin) {
  const program = spawn(PROGRAM, ["demo", "--listen", "127.0.0.1:0", "--jellyfin", jellyfin, "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "exit");
  const ready = once(createInterface({ input: program.stdout }), "line");
  const first = await Promise.race([ready, ended.then(([status]) => { throw new Error(`${PROGRAM} ended with ${status} before it was ready`); })]);
  const { url, upstream, people } = JSON.parse(first[0]);
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
  };
  return { url, upstream, people: Object.fromEntries(people.map((person) => [person.name, person])), stop };
}
