#!/usr/bin/env node
/** The command: the sandbox with the flags that it is given, until it ends or this process does. */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { binary, whyNot } from "./binary";

const flags = process.argv.slice(2);
// Where the caller's own standard input decides, it is the caller's.
const isCallers = flags.includes("--until-stdin-closes");
const sandbox = isCallers
  ? spawn(binary(), flags, { stdio: "inherit" })
  : spawn(binary(), ["--until-stdin-closes", ...flags], { stdio: ["pipe", "inherit", "inherit"] });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => sandbox.kill(signal));
sandbox.on("error", (error) => {
  process.stderr.write(`digime-sandbox cannot be run: ${whyNot(error)}\n`);
  process.exitCode = 1;
});
sandbox.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
});
