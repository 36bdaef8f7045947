/**
 * Stages the packages for npm under `build/release/npm` from the builds of binaries in a folder: `node stage.mjs ARTIFACTS [--out FOLDER]`.
 * A root package has no binary; there is a package with it for each platform, of which the root package has all as optional dependencies.
 */

import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { json, products, project, ROOT, targets } from "./products.mjs";

const { values, positionals } = parseArgs({ options: { out: { type: "string" } }, allowPositionals: true });
const [artifacts] = positionals;
if (artifacts === undefined) throw new Error("usage: stage.mjs ARTIFACTS [--out FOLDER]");
const out = resolve(values.out ?? join(ROOT, "build/release/npm"));
const { PYTHON: python = process.platform === "win32" ? "python" : "python3" } = process.env;

rmSync(out, { recursive: true, force: true });
for (const product of products) stage(product);
if (project.repository === "")
  say("release/project.json has no repository: the packages lead nowhere, and will be refused");

function stage(product) {
  const manifest = { ...json(join(ROOT, product.folder, "package.json")), ...addresses(product.folder) };
  const built = targets.filter((target) => existsSync(join(artifacts, product.artifact(target))));
  const scratch = mkdtempSync(join(tmpdir(), "papers-"));
  const papers = { notices: join(scratch, "notices"), bill: join(scratch, "bill") };
  if (built.length > 0) {
    paper("notices.py", product.crate, papers.notices);
    paper("sbom.py", product.crate, papers.bill, `pkg:npm/${product.name}`);
  }
  for (const target of built) stagePlatform(product, manifest, target, papers);
  rmSync(scratch, { recursive: true });
  stageRoot(product, manifest);
  const missing = targets.filter((target) => !built.includes(target)).map(({ name }) => name);
  say(`${product.name} ${manifest.version}: ${built.map(({ name }) => name).join(", ") || "no platform"}`);
  if (missing.length > 0) say(`  not built: ${missing.join(", ")}`);
}

// What stands in the sources is private, so that nobody publishes it from there.
function stageRoot(product, { devDependencies, napi, scripts, private: _, ...manifest }) {
  const folder = join(out, product.name);
  for (const file of product.files) cpSync(join(ROOT, product.folder, file), join(folder, file), { recursive: true });
  const optionalDependencies = Object.fromEntries(
    targets.map(({ name }) => [`${product.name}-${name}`, manifest.version]),
  );
  put(folder, { ...manifest, files: manifest.files.filter((file) => file !== "*.node"), optionalDependencies });
}

function stagePlatform(product, manifest, target, papers) {
  const name = `${product.name}-${target.name}`;
  const folder = join(out, name);
  const binary = product.binary(target);
  mkdirSync(folder, { recursive: true });
  cpSync(join(artifacts, product.artifact(target)), join(folder, binary));
  chmodSync(join(folder, binary), 0o755);
  cpSync(papers.notices, join(folder, "THIRD_PARTY_NOTICES"));
  cpSync(papers.bill, join(folder, "sbom.cdx.json"));
  writeFileSync(join(folder, "README.md"), `# ${name}\n\nThe binary of \`${product.name}\` for ${target.rust}.\n`);
  const { version, description, license, engines, repository, homepage, bugs } = manifest;
  put(folder, {
    name,
    version,
    description: `${description} The binary for ${target.name}.`,
    license,
    repository,
    homepage,
    bugs,
    engines,
    os: [target.os],
    cpu: [target.cpu],
    libc: target.libc && [target.libc],
    ...product.platform(binary),
    files: [binary, "THIRD_PARTY_NOTICES", "sbom.cdx.json"],
  });
}

/** What one of the scripts in `release` writes of a crate. */
function paper(script, ...parameters) {
  execFileSync(python, [join(ROOT, "release", script), ...parameters], { stdio: "inherit" });
}

function put(folder, manifest) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
}

/** Where a package's page leads to. */
function addresses(directory) {
  const { repository } = project;
  if (repository === "") return {};
  return {
    repository: { type: "git", url: `git+${repository}.git`, directory },
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
  };
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
