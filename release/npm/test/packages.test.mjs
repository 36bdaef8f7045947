/** What the packages for npm hold when they are staged. */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
  const copied = ["release/targets.json", "release/npm/products.mjs", "release/npm/stage.mjs", "LICENSE"];
  for (const { folder, files } of products)
    copied.push(...["package.json", ...files].map((file) => `${folder}/${file}`));
  for (const file of copied) cpSync(join(ROOT, file), join(scratch, file), { recursive: true });
  put("release/project.json", JSON.stringify({ repository: REPOSITORY, contact: "" }));
  for (const script of ["notices.py", "sbom.py"])
    put(`release/${script}`, 'import sys\nopen(sys.argv[2], "w").write(" ".join(sys.argv[1:2] + sys.argv[3:]))\n');
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
    assert.deepEqual(
      packed[name],
      [binary, "LICENSE", "README.md", "THIRD_PARTY_NOTICES", "package.json", "sbom.cdx.json"].sort(),
    );
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

test("a platform's package says what it is made of, under the product's own address", () => {
  const bill = (name) => readFileSync(join(staged, name, "sbom.cdx.json"), "utf8");
  assert.equal(bill("digime-sdk-darwin-x64"), "digime-sdk-node pkg:npm/digime-sdk");
  assert.equal(bill("digime-sandbox-linux-x64-gnu"), "digime-sandbox pkg:npm/digime-sandbox");
});

test("while the repository's address is not known, packages are staged that lead nowhere", () => {
  put("release/project.json", JSON.stringify({ repository: "", contact: "" }));
  assert.match(stage(), /has no repository/);
  for (const name of ["digime-sdk", "digime-sandbox-linux-x64-gnu"])
    assert.equal(json(join(staged, name, "package.json")).repository, undefined);
});

test("what is staged has no scripts, and is not private as where it is developed", () => {
  for (const { name, folder } of products) {
    const { scripts, private: isPrivate } = json(join(staged, name, "package.json"));
    assert.deepEqual(
      [scripts, isPrivate, json(join(ROOT, folder, "package.json")).private],
      [undefined, undefined, true],
    );
  }
});

test("no binary of an earlier build is left beside those of a new one", () => {
  const out = join(scratch, "earlier");
  put("earlier/digime-sdk.darwin-x64.node", "of the last release");
  spawnSync(process.execPath, [join(ROOT, "release/npm/build.mjs"), "--out", out]);
  assert.equal(existsSync(join(out, "digime-sdk.darwin-x64.node")), false);
});
