/** What must hold with TypeScript: a strict application compiles with the oldest one, of which no declaration is left unchecked. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { folder } from "./sdk.mjs";

const { resolve } = createRequire(import.meta.url);
const application = mkdtempSync(join(tmpdir(), "digime-sdk-typescript-"));

before(() => {
  mkdirSync(join(application, "node_modules"));
  symlinkSync(folder, join(application, "node_modules/digime-sdk"), "junction");
  const consumer = join(import.meta.dirname, "../../bindings-node/test/consumer.ts");
  copyFileSync(consumer, join(application, "consumer.ts"));
});

after(() => rmSync(application, { recursive: true }));

for (const [module, moduleResolution] of [
  ["node16", "node16"],
  ["esnext", "bundler"],
  ["commonjs", "node10"],
]) {
  test(`with moduleResolution ${moduleResolution}`, () => {
    const types = join(import.meta.dirname, "node_modules/@types");
    const { stdout, status } = spawnSync(
      process.execPath,
      [
        resolve("typescript/bin/tsc"),
        ...["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit", "--preserveSymlinks"],
        ...["--module", module, "--moduleResolution", moduleResolution],
        ...["--target", "es2022", "--lib", "es2022,dom", "--types", "node", "--typeRoots", types],
        "consumer.ts",
      ],
      { cwd: application, encoding: "utf8" },
    );
    assert.deepEqual([stdout, status], ["", 0]);
  });
}
