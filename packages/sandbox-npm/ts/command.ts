#!/usr/bin/env node
/** The command: the sandbox with the flags that it is given, until it ends or this process does. */

import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { binary, whyNot } from "./binary";
import { onceNpxIsGone } from "./npx";

const flags = process.argv.slice(2);
// Where the caller's own standard input decides, it is the caller's.
const isCallers = flags.includes("--until-stdin-closes");
const stdin = isCallers ? "inherit" : "pipe";

try {
  follow(
    spawn(binary(), isCallers ? flags : ["--until-stdin-closes", ...flags], { stdio: [stdin, "inherit", "inherit"] }),
  );
} catch (error) {
  fail((error as Error).message);
}

function follow(sandbox: ChildProcess): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => sandbox.kill(signal));
  onceNpxIsGone(() => sandbox.kill());
  sandbox.on("error", (error) => fail(`digime-sandbox cannot be run: ${whyNot(error)}`));
  sandbox.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
  });
}

function fail(why: string): void {
  process.stderr.write(`${why}\n`);
  process.exitCode = 1;
}
