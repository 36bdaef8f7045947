/**
 * Builds `dist`: the types as they are declared, and what runs as few files. A fresh process waits a third of a millisecond for each file that it loads; and
 * `import` looks through each that it names, letter by letter, for what it exports.
 */

import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What esbuild writes for those who look for the names of what is exported. */
const NAMES = "0 && (module.exports = ";

rmSync(`${ROOT}dist`, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "--emitDeclarationOnly"], { cwd: ROOT, stdio: "inherit" });
if (status !== 0) process.exit(1);
await build({
  absWorkingDir: ROOT,
  entryPoints: { sdk: "ts/index.ts", opentelemetry: "ts/opentelemetry.ts", testing: "ts/testing.ts" },
  outdir: "dist",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20.17",
  packages: "external",
  external: ["../native", "../package.json"],
  logLevel: "warning",
});
const sdk = readFileSync(`${ROOT}dist/sdk.js`, "utf8");
const names = sdk.slice(sdk.lastIndexOf(NAMES));
writeFileSync(`${ROOT}dist/index.js`, `"use strict";\nconst sdk = require("./sdk");\n${names}module.exports = sdk;\n`);
