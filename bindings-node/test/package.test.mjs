/** That the package, packed and installed as an application does it, can be required, imported and compiled against. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const application = mkdtempSync(join(tmpdir(), "application-"));
/** Applications: one of this SDK, those that know the JavaScript SDK alone, and one that has OpenTelemetry. */
const SOURCES = ["consumer.ts", "drop-in.ts", "both-ways.ts", "declared.ts", "declared-types.ts", "traced.ts"];
/** What applications have installed beside it. */
const LIBRARIES = ["io-ts", "fp-ts", "@opentelemetry/api"];
let packed;

function run(command, parameters, cwd = application) {
  return execFileSync(command, parameters, {
    cwd,
    encoding: "utf8",
    stdio: "pipe",
    shell: process.platform === "win32",
  });
}

before(() => {
  [packed] = JSON.parse(run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", application], root));
  writeFileSync(join(application, "package.json"), JSON.stringify({ private: true }));
  run("npm", [
    "install",
    "--offline",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    join(application, packed.filename),
  ]);
  for (const source of SOURCES) copyFileSync(join(root, "test", source), join(application, source));
});

/** Installs what is not there when the package is used by itself. */
function installLibraries() {
  for (const library of LIBRARIES) {
    const folder = join(application, "node_modules", library);
    mkdirSync(dirname(folder), { recursive: true });
    if (!existsSync(folder)) symlinkSync(join(root, "node_modules", library), folder, "junction");
  }
}

after(() => rmSync(application, { recursive: true }));

test("the package holds what runs, its types and its README, and nothing else", () => {
  const others = packed.files
    .map(({ path }) => path)
    .filter((path) => !/^dist\/.*\.(js|d\.ts)$|^digime-sdk\.[\w-]+\.node$/.test(path));
  assert.deepEqual(others.sort(), ["README.md", "native.d.ts", "native.js", "package.json"]);
});

test("it is required and imported by name", () => {
  const use = `console.log(Object.keys(init({ applicationId: "an-application" })).length, DigiMeSDKError.name)`;
  writeFileSync(join(application, "app.cjs"), `const { init, DigiMeSDKError } = require("digime-sdk"); ${use}`);
  writeFileSync(join(application, "app.mjs"), `import { init, DigiMeSDKError } from "digime-sdk"; ${use}`);
  for (const file of ["app.cjs", "app.mjs"]) assert.equal(run(process.execPath, [file]), "31 DigiMeSDKError\n");
});

test("its half for OpenTelemetry is required and imported by name, where that is installed", () => {
  const use = `const { onEvent } = new Tracing(); console.log(typeof onEvent, version)`;
  const required = `const { Tracing } = require("digime-sdk/opentelemetry"), { version } = require("digime-sdk/package.json")`;
  const imported = `import { createRequire } from "node:module"; import { Tracing } from "digime-sdk/opentelemetry";
    const { version } = createRequire(import.meta.url)("digime-sdk/package.json")`;
  writeFileSync(join(application, "traced.cjs"), `${required}; ${use}`);
  writeFileSync(join(application, "traced.mjs"), `${imported}; ${use}`);
  assert.throws(() => run(process.execPath, ["traced.cjs"]), /Cannot find module '@opentelemetry\/api'/);
  installLibraries();
  for (const file of ["traced.cjs", "traced.mjs"])
    assert.equal(run(process.execPath, [file]), `function ${packed.version}\n`);
});

for (const [module, moduleResolution, lib] of [
  ["node16", "node16", "es2022"],
  ["esnext", "bundler", "es2022,dom"],
  ["commonjs", "node10", "es2022,dom"],
]) {
  test(`strict TypeScript applications compile with moduleResolution ${moduleResolution}`, () => {
    installLibraries();
    const options = {
      module,
      moduleResolution,
      lib,
      target: "es2022",
      types: "node",
      typeRoots: join(root, "node_modules/@types"),
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit"];
    run(process.execPath, [require.resolve("typescript/bin/tsc"), ...flags, ...strict, ...SOURCES]);
  });
}
