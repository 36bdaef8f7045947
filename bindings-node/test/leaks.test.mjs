/** What many calls leave behind, with those that are aborted, fail and time out among them: nothing that adds up. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { patientsKnowBest } from "./sandbox.mjs";

const run = promisify(execFile);

/** What may come and go: pools of connections and of threads breathe. */
const SOME_DESCRIPTORS = 24;
const SOME_THREADS = 8;
const SOME_HANDLES = 4;
/** Allocators keep some for later. A kilobyte of each call would be more than that where many are made. */
const SOME_KILOBYTES = 12 * 1024;

test("many calls that succeed, fail and are aborted leave nothing behind that adds up", async (t) => {
  const { announced } = await patientsKnowBest(t);
  const program = fileURLToPath(new URL("leaks.mjs", import.meta.url));
  // In a process of its own, with no test runner in it, and with little room for V8 to put collecting off.
  const { stdout } = await run(process.execPath, [
    "--expose-gc",
    "--max-semi-space-size=2",
    program,
    JSON.stringify(announced),
  ]);
  const [, half, end] = JSON.parse(stdout);
  const story = `after half: ${JSON.stringify(half)}, after all: ${JSON.stringify(end)}`;
  assert.ok(end.handles <= half.handles + SOME_HANDLES, story);
  assert.ok(end.descriptors <= half.descriptors + SOME_DESCRIPTORS, story);
  assert.ok(end.threads <= half.threads + SOME_THREADS, story);
  assert.ok(end.kilobytes <= half.kilobytes + SOME_KILOBYTES, story);
  t.diagnostic(story);
});
