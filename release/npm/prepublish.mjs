/**
 * Refuses to publish the package in the current folder unless it is one that `stage.mjs` has made of release builds, beside those of all
 * platforms. npm runs it before it publishes (`prepublishOnly`).
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { json, products, project, targets } from "./products.mjs";

/** No release build is as large, and no debug build as small. */
const LARGEST_RELEASE = 16 * 2 ** 20;

const here = process.cwd();
const manifest = json(join(here, "package.json"));
const product = products.find(({ name }) => name === manifest.name);
const faults = product ? faultsOfRoot(product) : faultsOfPlatform(here, manifest.name, manifest.version);
if (project.repository === "" || !manifest.repository)
  faults.push("the repository's address is not known: fill in `repository` in release/project.json, and stage anew");
if (faults.length > 0) {
  const lines = [
    `${manifest.name} ${manifest.version} is not to be published:`,
    ...faults.map((fault) => `- ${fault}`),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exitCode = 1;
}

function faultsOfRoot({ name }) {
  const { version, main, types, bin = {}, optionalDependencies = {} } = manifest;
  const needed = [
    main,
    types,
    ...Object.values(bin),
    ...manifest.files.filter((file) => /^native\b/.test(file)),
    "LICENSE",
  ];
  const missing = needed.filter((file) => !existsSync(join(here, file)));
  const binaries = readdirSync(here).filter((file) => file.endsWith(".node"));
  return [
    ...missing.map((file) => `${file} is missing`),
    ...binaries.map((file) => `${file} is a build for one platform: \`make release-node\` stages packages for all`),
    ...targets.flatMap((target) => {
      const platform = `${name}-${target.name}`;
      const wanted = optionalDependencies[platform];
      if (wanted !== version)
        return [
          `it needs ${wanted ? `version ${wanted}` : "no version"} of ${platform}, where it has to be ${version}`,
        ];
      return faultsOfPlatform(resolve(here, "..", platform), platform, version);
    }),
  ];
}

/** What is wrong with a platform's package of this name and version. */
function faultsOfPlatform(folder, name, version) {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return [`${name} is missing: it was not built, or not staged`];
  const staged = json(path);
  if (staged.version !== version)
    return [`${name} has version ${staged.version}, and the package that needs it ${version}`];
  const owner = products.find((other) => name.startsWith(`${other.name}-`));
  const target = owner && targets.find((other) => name === `${owner.name}-${other.name}`);
  if (!target) return [`${name} is not of a platform in release/targets.json`];
  const missing = [owner.binary(target), "LICENSE", "THIRD_PARTY_NOTICES"].filter(
    (file) => !existsSync(join(folder, file)),
  );
  if (missing.length > 0) return missing.map((file) => `${name} has no ${file}`);
  const binary = join(folder, owner.binary(target));
  return isDebugBuild(binary) ? [`${name}: ${basename(binary)} is a debug build`] : [];
}

function isDebugBuild(binary) {
  return statSync(binary).size > LARGEST_RELEASE || namesOfSections(readFileSync(binary)).includes(".debug_info");
}

/** The names of the sections of an ELF file; of another nothing: on other systems debug information has files of its own. */
function namesOfSections(file) {
  if (file.toString("latin1", 0, 4) !== "\u007fELF") return "";
  const headers = Number(file.readBigUInt64LE(0x28));
  const names = headers + file.readUInt16LE(0x3a) * file.readUInt16LE(0x3e);
  const offset = Number(file.readBigUInt64LE(names + 0x18));
  return file.toString("latin1", offset, offset + Number(file.readBigUInt64LE(names + 0x20)));
}
