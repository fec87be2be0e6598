// Starts `usher demo` on a free port, and ends it again: what every test here stands on.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { until } from "./until.mjs";

const PROGRAM = process.env.USHER ?? fileURLToPath(new URL("../target/debug/usher", import.meta.url));

/**
 * The demo before a stand-in of this version: its address, its people by name, its mailbox, and how to end it. Under a host name
 * where one is given: passkeys need one.
 */
export async function startDemo(jellyfin, host) {
  const port = host ? await freePort() : 0;
  const named = host ? ["--public-url", `http://${host}:${port}`] : [];
  const program = spawn(PROGRAM, ["demo", "--listen", `127.0.0.1:${port}`, "--jellyfin", jellyfin, "--json", ...named], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(program, "exit");
  const ready = once(createInterface({ input: program.stdout }), "line");
  const first = await Promise.race([ready, ended.then(([status]) => { throw new Error(`${PROGRAM} ended with ${status} before it was ready`); })]);
  const { url, mailbox, mailbox_json, upstream, people } = JSON.parse(first[0]);
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
  };
  return { url, mailbox, upstream, people: Object.fromEntries(people.map((person) => [person.name, person])), stop, ...postbox(mailbox_json) };
}

/** A port that nothing listens on. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The mails of a demo. */
function postbox(address) {
  const handedOut = new Set();
  const mails = async () => (await fetch(address)).json();
  /** A mail of this kind to this address that was not taken before: waits until there is one. */
  const mailTo = async (to, kind) => {
    const fitting = async () => (await mails()).find((mail) => mail.to === to && mail.kind === kind && !handedOut.has(JSON.stringify(mail)));
    const mail = await until(fitting, async () => `no "${kind}" came for ${to}; there are: ${(await mails()).map((mail) => `${mail.kind} for ${mail.to}`).join(", ")}`);
    handedOut.add(JSON.stringify(mail));
    return mail;
  };
  return { mails, mailTo };
}
