/** What the packages for npm hold when they are staged, and which of them are not published. */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { json, products, ROOT, targets } from "../products.mjs";

const scratch = mkdtempSync(join(tmpdir(), "packages-npm-"));
after(() => rmSync(scratch, { recursive: true }));

/** Some of the packages for platforms. */
const PLATFORM_PACKAGES = [
  "digime-sdk-linux-arm64-musl",
  "digime-sandbox-linux-x64-gnu",
  "digime-sandbox-win32-x64-msvc",
];
const REPOSITORY = "https://git.example/owner/project";
const artifacts = join(scratch, "artifacts");
const staged = join(scratch, "build/release/npm");
const { version } = json(join(ROOT, "bindings-node/package.json"));

/** What is packed, by the package. */
const packed = {};

/** A project that is like this one, but for a repository's address and binaries of few bytes for all platforms. */
before(() => {
  const copied = [
    "release/targets.json",
    "release/npm/products.mjs",
    "release/npm/stage.mjs",
    "release/npm/prepublish.mjs",
    "LICENSE",
  ];
  for (const { folder, files } of products)
    copied.push(...["package.json", ...files].map((file) => `${folder}/${file}`));
  for (const file of copied) cpSync(join(ROOT, file), join(scratch, file), { recursive: true });
  put("release/project.json", JSON.stringify({ repository: REPOSITORY, contact: "" }));
  put("release/notices.py", 'import sys\nopen(sys.argv[2], "w").write(sys.argv[1])\n');
  for (const product of products)
    for (const target of targets) put(join("artifacts", product.artifact(target)), "a release build");
  stage();
  for (const { name, files } of listings()) packed[name] = files.map(({ path }) => path).sort();
});

function listings() {
  const folders = ["digime-sdk", "digime-sandbox", ...PLATFORM_PACKAGES].map((name) => `./${name}`);
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", ...folders], {
    cwd: staged,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    shell: process.platform === "win32",
  });
  return JSON.parse(listed);
}

function put(path, text) {
  mkdirSync(dirname(join(scratch, path)), { recursive: true });
  writeFileSync(join(scratch, path), text);
}

function stage() {
  return execFileSync(process.execPath, [join(scratch, "release/npm/stage.mjs"), artifacts], { encoding: "utf8" });
}

/** What npm runs before it publishes. */
function prepublish(folder) {
  const [program, script, ...others] = json(join(folder, "package.json")).scripts.prepublishOnly.split(" ");
  assert.deepEqual([program, others], ["node", []]);
  return spawnSync(process.execPath, [script], { cwd: folder, encoding: "utf8" });
}

/** What is refused when a package is published, while there is another text in place of a staged file or folder, or nothing. */
function refused(name, path, text) {
  const changed = path && join(staged, path);
  const isThere = changed && existsSync(changed);
  if (isThere) renameSync(changed, `${scratch}/aside`);
  if (text !== undefined) writeFileSync(changed, text);
  const { status, stderr } = prepublish(join(staged, name));
  if (text !== undefined) rmSync(changed);
  if (isThere) renameSync(`${scratch}/aside`, changed);
  assert.equal(status === 0, stderr === "");
  return stderr.split("\n").filter((line) => line.startsWith("- "));
}

/** The text of a staged manifest with other members. */
function edited(name, members) {
  return JSON.stringify({ ...json(join(staged, name, "package.json")), ...members });
}

test("a root package has no binary, and needs the package of each platform in its own version", () => {
  for (const { name } of products) {
    const { optionalDependencies, devDependencies, napi } = json(join(staged, name, "package.json"));
    const wanted = Object.fromEntries(targets.map((target) => [`${name}-${target.name}`, version]));
    assert.deepEqual(
      { optionalDependencies, devDependencies, napi },
      { optionalDependencies: wanted, devDependencies: undefined, napi: undefined },
    );
  }
  const others = (name) => packed[name].filter((path) => !/^dist\/.*\.(?:js|d\.ts)$/.test(path));
  assert.deepEqual(others("digime-sdk"), ["LICENSE", "README.md", "native.d.ts", "native.js", "package.json"]);
  assert.deepEqual(others("digime-sandbox"), ["LICENSE", "README.md", "package.json"]);
});

test("a platform's package has its binary, its licence and those of what is in it", () => {
  for (const [name, binary] of [
    ["digime-sdk-linux-arm64-musl", "digime-sdk.linux-arm64-musl.node"],
    ["digime-sandbox-linux-x64-gnu", "digime-sandbox"],
    ["digime-sandbox-win32-x64-msvc", "digime-sandbox.exe"],
  ])
    assert.deepEqual(packed[name], [binary, "LICENSE", "README.md", "THIRD_PARTY_NOTICES", "package.json"].sort());
});

test("the packages of the SDK's platforms are those that napi would make", () => {
  const folder = join(scratch, "napi");
  mkdirSync(folder);
  cpSync(join(ROOT, "bindings-node/package.json"), join(folder, "package.json"));
  const napi = join(ROOT, "bindings-node/node_modules/@napi-rs/cli/dist/cli.js");
  execFileSync(process.execPath, [napi, "create-npm-dirs", "--npm-dir", "npm"], { cwd: folder, stdio: "pipe" });
  for (const { name } of targets) {
    const { name: wanted, os, cpu, libc, main, engines } = json(join(folder, "npm", name, "package.json"));
    const own = json(join(staged, wanted, "package.json"));
    assert.deepEqual([own.os, own.cpu, own.libc, own.main, own.engines], [os, cpu, libc, main, engines], wanted);
  }
});

test("every page leads to the repository, whose address stands in one place", () => {
  for (const name of ["digime-sdk", "digime-sdk-darwin-x64", "digime-sandbox", "digime-sandbox-win32-arm64-msvc"]) {
    const { repository, homepage, bugs } = json(join(staged, name, "package.json"));
    assert.equal(repository.url, `git+${REPOSITORY}.git`);
    assert.deepEqual([homepage, bugs], [`${REPOSITORY}#readme`, `${REPOSITORY}/issues`]);
  }
});

/** An ELF file of one section, which has the names of all. */
function elf(name) {
  const file = Buffer.alloc(0x80, ".debug_info of other files, which some code reads");
  file.write("\u007fELF", 0, "latin1");
  file.writeBigUInt64LE(0x40n, 0x28);
  file.writeUInt16LE(0x40, 0x3a);
  file.writeUInt16LE(0, 0x3e);
  file.writeBigUInt64LE(0x80n, 0x40 + 0x18);
  file.writeBigUInt64LE(BigInt(name.length), 0x40 + 0x20);
  return Buffer.concat([file, Buffer.from(name)]);
}

test("what is whole is published, and nothing else", () => {
  const binary = "digime-sdk-linux-x64-gnu/digime-sdk.linux-x64-gnu.node";
  assert.deepEqual(refused("digime-sdk", binary, elf(".text")), []);
  for (const name of ["digime-sdk", "digime-sandbox", "digime-sdk-linux-x64-gnu"]) assert.deepEqual(refused(name), []);
  for (const debug of [elf(".debug_info"), Buffer.alloc(17 * 2 ** 20)])
    assert.deepEqual(refused("digime-sdk", binary, debug), [
      "- digime-sdk-linux-x64-gnu: digime-sdk.linux-x64-gnu.node is a debug build",
    ]);
  assert.deepEqual(refused("digime-sdk", "digime-sdk/dist"), [
    "- dist/index.js is missing",
    "- dist/index.d.ts is missing",
  ]);
  assert.deepEqual(refused("digime-sandbox", "digime-sandbox-darwin-x64"), [
    "- digime-sandbox-darwin-x64 is missing: it was not built, or not staged",
  ]);
  const skewed = edited("digime-sdk-darwin-x64", { version: "0.0.9" });
  assert.deepEqual(refused("digime-sdk", "digime-sdk-darwin-x64/package.json", skewed), [
    `- digime-sdk-darwin-x64 has version 0.0.9, and the package that needs it ${version}`,
  ]);
  const { "digime-sdk-darwin-x64": _, ...optionalDependencies } = json(
    join(staged, "digime-sdk/package.json"),
  ).optionalDependencies;
  assert.deepEqual(refused("digime-sdk", "digime-sdk/package.json", edited("digime-sdk", { optionalDependencies })), [
    `- it needs no version of digime-sdk-darwin-x64, where it has to be ${version}`,
  ]);
  assert.deepEqual(refused("digime-sdk", "digime-sdk/digime-sdk.linux-x64-gnu.node", ""), [
    "- digime-sdk.linux-x64-gnu.node is a build for one platform: `make release-node` stages packages for all",
  ]);
  assert.deepEqual(refused("digime-sandbox-darwin-x64", "digime-sandbox-darwin-x64/THIRD_PARTY_NOTICES"), [
    "- digime-sandbox-darwin-x64 has no THIRD_PARTY_NOTICES",
  ]);
});

test("nothing is published while the repository's address is not known", () => {
  put("release/project.json", JSON.stringify({ repository: "", contact: "" }));
  assert.match(stage(), /has no repository/);
  for (const name of ["digime-sdk", "digime-sandbox-linux-x64-gnu"]) {
    assert.equal(json(join(staged, name, "package.json")).repository, undefined);
    const [fault, ...others] = refused(name);
    assert.match(fault, /the repository's address is not known/);
    assert.deepEqual(others, []);
  }
});

test("a package is not published from where it is developed", () => {
  for (const { folder } of products) {
    const { status, stderr } = prepublish(join(ROOT, folder));
    assert.equal(status, 1);
    assert.match(stderr, /is not to be published:\n- LICENSE is missing/);
  }
});
