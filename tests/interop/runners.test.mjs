/** That the SDK works within the realms of the runners of tests that applications use. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const DIGIME_SDK_NODE = resolve(process.env.DIGIME_SDK_NODE ?? join(here, "../../bindings-node"));

function inPackage(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path);
}

/** Has a runner run what must hold, and gives what it prints. */
async function run(program, parameters) {
  const env = { ...process.env, DIGIME_SDK_NODE, NO_COLOR: "1", CI: "1" };
  // A runner is no part of the run of these tests.
  delete env.NODE_TEST_CONTEXT;
  const outcome = promisify(execFile)(process.execPath, [program, ...parameters], { cwd: join(here, "runners"), env });
  const { stdout, stderr } = await outcome.catch((error) => error);
  return stdout + stderr;
}

for (const environment of ["node", "jsdom"]) {
  test(`Jest, in an environment of ${environment}`, async () => {
    const config = { rootDir: ".", testMatch: ["**/*.spec.cjs"], testEnvironment: environment, transform: {} };
    const parameters = ["--config", JSON.stringify(config), "--runInBand"];
    const printed = await run(inPackage("jest", "bin/jest.js"), parameters);
    assert.match(printed, /^Tests: +8 passed, 8 total$/m, printed);
  });
}

for (const pool of ["threads", "vmThreads", "forks"]) {
  test(`Vitest, in ${pool}`, async () => {
    const printed = await run(inPackage("vitest", "vitest.mjs"), ["run", "--globals", "--pool", pool]);
    assert.match(printed, /Tests +8 passed \(8\)/, printed);
  });
}
