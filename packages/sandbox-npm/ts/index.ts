/** Starts the sandbox: digi.me and Patients Know Best on this machine, for tests and first steps. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Announcement } from "./announcement";
import { binary, whyNot } from "./binary";
import { type Environment, environmentOf } from "./environment";
import { refuseOthers } from "./options";
import { type Choice, decide } from "./person";

export type {
  AnnouncedContract,
  AnnouncedCustomer,
  AnnouncedPerson,
  AnnouncedPkb,
  AnnouncedSystem,
  Announcement,
} from "./announcement";
export type { Environment } from "./environment";
export type { Choice } from "./person";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** The port of 127.0.0.1 to serve on. Default: any free one. */
  readonly port?: number;
  /** Flags of the command, such as `["--access-token-seconds", "5"]`: `npx digime-sandbox --help` lists them. Default: none. */
  readonly flags?: readonly string[];
}

/** A sandbox that is running. */
export interface Sandbox {
  /** Everything that it announced when it had started: addresses, application, contracts, clients, people. */
  readonly announcement: Announcement;
  /** The same as environment variables, for the SDK and the application under test: `Object.assign(process.env, sandbox.environment)`. */
  readonly environment: Environment;
  /**
   * Does what a person would in a browser, whom the application sends to `url`: approves there, and gives the address that they come
   * back to.
   *
   * @throws {TypeError} when `url` is none, or the page does not have what is chosen.
   * @throws {Error} when nothing answers, or the page is not one that asks, or does not send them back; the error has what it says.
   */
  approve(url: string, choice?: Choice): Promise<string>;
  /** The same for a person who declines. */
  decline(url: string, choice?: Choice): Promise<string>;
  /** Ends it, and with it all that was stored there. */
  stop(): Promise<void>;
}

/**
 * Starts a sandbox of its own, on a free port. It ends with `stop()`, or with this process, which it does not keep alive.
 *
 * @throws {TypeError} when an option is not known, or a flag is no string.
 * @throws {Error} when it cannot be started, with what it says; with the code `ERR_NO_BINARY` when there is none for this platform.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  refuseOthers("options", options, ["port", "flags"]);
  const { port = 0, flags = [] } = options;
  const parameters = ["--port", `${port}`, "--until-stdin-closes", ...checked(flags)];
  const child = spawn(binary(), parameters, { stdio: ["pipe", "pipe", "pipe"] });
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(whyNot(error)));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  const complaint = textOf(child.stderr);
  const line = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  const failed = (why: string) => new Error(`The sandbox cannot be started: ${why}`);
  if (typeof line === "string") throw failed((await complaint).trim() || line);
  const announcement = announced(line[0]);
  if (announcement === undefined) {
    child.kill();
    throw failed(`in place of its addresses it says ${JSON.stringify(line[0])}`);
  }
  letGo(child);
  const { people } = announcement.pkb;
  return {
    announcement,
    environment: environmentOf(announcement),
    approve: (url, choice = {}) => decide(url, choice, true, people),
    decline: (url, choice = {}) => decide(url, choice, false, people),
    async stop() {
      // From now on this process waits for it.
      child.ref();
      child.kill();
      await ended;
    },
  };
}

function checked(flags: readonly string[]): readonly string[] {
  if (!Array.isArray(flags))
    throw new TypeError(`flags: expected an array with one item for each word, got ${typeof flags}`);
  for (const [index, flag] of flags.entries())
    if (typeof flag !== "string") throw new TypeError(`flags[${index}]: expected a string, got ${typeof flag}`);
  return flags;
}

function announced(line: string): Announcement | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

/** Lets this process end while the sandbox runs, which ends then, too. */
function letGo(child: ChildProcess): void {
  child.unref();
  // Pipes are sockets, which can be let go of.
  for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as { unref?: () => void } | null)?.unref?.();
}
