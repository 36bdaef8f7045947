/** That the package, packed and installed as an application does it, can be required, imported and compiled against. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { TARGETS } from "./printed.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const application = mkdtempSync(join(tmpdir(), "application-"));
/** Applications: one of this SDK, those that know the JavaScript SDK alone, one that has OpenTelemetry, and one with a store. */
const SOURCES = [
  "consumer.ts",
  "drop-in.ts",
  "both-ways.ts",
  "declared.ts",
  "declared-types.ts",
  "traced.ts",
  "checked.ts",
];
/** What applications have installed beside it. */
const LIBRARIES = ["io-ts", "fp-ts", "@opentelemetry/api", "fast-check"];
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

test("what runs of it is one file for each way in, and one with the names of the first", () => {
  const files = packed.files.map(({ path }) => path).filter((path) => /^dist\/.*\.js$/.test(path));
  assert.deepEqual(files.sort(), ["dist/index.js", "dist/opentelemetry.js", "dist/sdk.js", "dist/testing.js"]);
});

test("its randomness comes from the operating system and from the processor's own, and nobody waits for jitter", () => {
  const binary = readFileSync(
    join(
      root,
      packed.files.map(({ path }) => path).find((path) => path.endsWith(".node")),
    ),
  );
  assert.ok(binary.includes("CRYPTO_sysrand"), "the names of what is in it are there");
  assert.ok(!binary.includes("jent_entropy"));
});

test("it is required and imported by name", () => {
  const use = `console.log(Object.keys(init({ applicationId: "an-application" })).length, DigiMeSDKError.name)`;
  writeFileSync(join(application, "app.cjs"), `const { init, DigiMeSDKError } = require("digime-sdk"); ${use}`);
  writeFileSync(join(application, "app.mjs"), `import { init, DigiMeSDKError } from "digime-sdk"; ${use}`);
  for (const file of ["app.cjs", "app.mjs"]) assert.equal(run(process.execPath, [file]), "44 DigiMeSDKError\n");
});

test("its half for OpenTelemetry is required and imported by name, where that is installed", () => {
  const use = `const { onEvent } = new Tracing(); console.log(typeof onEvent, version)`;
  const required = `const { Tracing } = require("digime-sdk/opentelemetry"), { version } = require("digime-sdk/package.json")`;
  const imported = `import { createRequire } from "node:module"; import { Tracing } from "digime-sdk/opentelemetry";
    const { version } = createRequire(import.meta.url)("digime-sdk/package.json")`;
  writeFileSync(join(application, "traced.cjs"), `${required}; ${use}`);
  writeFileSync(join(application, "traced.mjs"), `${imported}; ${use}`);
  assert.throws(
    () => run(process.execPath, ["traced.cjs"]),
    /needs @opentelemetry\/api: npm install @opentelemetry\/api/,
  );
  installLibraries();
  for (const file of ["traced.cjs", "traced.mjs"])
    assert.equal(run(process.execPath, [file]), `function ${packed.version}\n`);
});

test("its check of stores is required and imported by name, and says what to install where fast-check is not", () => {
  const use = `checkLinkStore({ open: () => { throw new Error("it was asked for a store") } }).catch(({ message }) => console.log(message))`;
  writeFileSync(join(application, "checked.cjs"), `const { checkLinkStore } = require("digime-sdk/testing"); ${use}`);
  writeFileSync(join(application, "checked.mjs"), `import { checkLinkStore } from "digime-sdk/testing"; ${use}`);
  const installed = join(application, "node_modules/fast-check");
  rmSync(installed, { force: true });
  const missing = "checkLinkStore of digime-sdk/testing needs fast-check: npm install --save-dev fast-check\n";
  for (const file of ["checked.cjs", "checked.mjs"]) assert.equal(run(process.execPath, [file]), missing);
  installLibraries();
  for (const file of ["checked.cjs", "checked.mjs"])
    assert.equal(run(process.execPath, [file]), "it was asked for a store\n");
});

/** What `require` says of the package without its binary, or with one that is none, where `process` has been altered, here by code. */
function refusal(altered, { binary, first = "" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "without-binary-"));
  try {
    const without = join(folder, "node_modules/digime-sdk");
    const isOther = (path) => !path.endsWith(".node");
    cpSync(join(application, "node_modules/digime-sdk"), without, { recursive: true, filter: isOther });
    if (binary !== undefined) writeFileSync(join(without, binary), "no binary");
    const alter = `for (const [name, value] of ${JSON.stringify(Object.entries(altered))}) Object.defineProperty(process, name, { value })`;
    const print = "console.log(JSON.stringify({ code, message, dump: require('node:util').inspect(error) }))";
    const load = `try { require("digime-sdk") } catch (error) { const { code, message } = error; ${print} }`;
    return JSON.parse(run(process.execPath, ["--eval", `${alter}; ${first}; ${load}`], folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("on a platform without a binary, require says which it is, which there are, and what to do", () => {
  const { code, message } = refusal({ platform: "freebsd", arch: "riscv64" });
  assert.equal(code, "ERR_NO_BINARY");
  assert.match(message, /^digime-sdk has no binary to load on freebsd riscv64 \(Node\.js \d+\.\d+\.\d+\)\.\n/);
  for (const { name } of TARGETS) assert.ok(message.includes(name), name);
  assert.match(message, /Run the application on one of these/);
  assert.doesNotMatch(message, /bug/);
});

test("where the package of a platform was not installed, require says which, why, and how to have it", () => {
  const { message, dump } = refusal({ platform: "darwin", arch: "arm64" });
  assert.match(message, /The package digime-sdk-darwin-arm64, .* is not installed\. .*optional dependencies/);
  assert.match(message, /npm install --os=darwin --cpu=arm64$/m);
  assert.match(message, /docs\/errors\/ERR_NO_BINARY\.md\.$/);
  assert.doesNotMatch(dump, /npm has a bug|Require stack/);
});

test("where a binary is there and cannot be loaded, require says why, and which C library there is", () => {
  const { message } = refusal({ platform: "linux", arch: "x64" }, { binary: "digime-sdk.linux-x64-gnu.node" });
  const libc = process.platform === "linux" ? "(glibc|musl) [\\d.]+" : "a C library that cannot be told";
  assert.match(message, new RegExp(`^digime-sdk has no binary to load on linux x64 with ${libc} \\(`));
  assert.match(message, /The binary that is installed cannot be loaded: .*digime-sdk\.linux-x64-gnu\.node: \w+/);
  assert.doesNotMatch(message, /is not installed/);
});

test("where Deno does not permit what loading needs, require says what to permit, and not that nothing is installed", () => {
  // As Deno does without --allow-env, and without --allow-read.
  const denied = (access) => `new Error("Requires ${access} access, run again with the --allow-${access} flag")`;
  const versions = { ...process.versions, deno: "2.9.6" };
  const denials = [
    `process.env = new Proxy({}, { get(_, name) { if (/^NAPI_/.test(String(name))) throw ${denied("env")} } })`,
    `const fs = require("node:fs"), { readFileSync } = fs;
     fs.readFileSync = (path, ...rest) => { if (path === "/usr/bin/ldd") throw ${denied("read")}; return readFileSync(path, ...rest); };
     process.report.getReport = () => { throw ${denied("sys")} }`,
  ];
  for (const first of denials) {
    const { code, message } = refusal({ versions, platform: "linux", arch: "x64" }, { first });
    assert.equal(code, "ERR_NO_BINARY");
    assert.match(message, /^Deno does not let it be loaded: run it with --allow-ffi --allow-env --allow-read/m);
    assert.doesNotMatch(message, /is not installed|--allow-sys/);
  }
});

test("where a variable names the binary, and it cannot be loaded, require names the variable", () => {
  const first = "process.env.NAPI_RS_NATIVE_LIBRARY_PATH = '/nope'";
  const { message, dump } = refusal({ platform: "linux", arch: "x64" }, { first });
  assert.match(message, /^NAPI_RS_NATIVE_LIBRARY_PATH names what cannot be loaded: Cannot find module '\/nope'\. /m);
  assert.doesNotMatch(message, /is not installed/);
  assert.doesNotMatch(dump, /npm has a bug/);
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

test("an application for ES2018, which has no types of Node, compiles, the package's own types checked too", () => {
  const source = join(application, "plain.ts");
  const use = 'init({ applicationId: "an-application" }).close()';
  writeFileSync(source, `import { init } from "digime-sdk"; export const closed = ${use};`);
  const options = { module: "commonjs", moduleResolution: "node10", lib: "es2018", target: "es2018" };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  run(process.execPath, [require.resolve("typescript/bin/tsc"), ...flags, "--strict", "--noEmit", source]);
});
