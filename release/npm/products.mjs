/** Which packages for npm there are, and how those with their binaries are named (the scheme of `@napi-rs/cli`). */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The repository's address and the contact, as far as they are known. */
export const project = json(`${ROOT}release/project.json`);
/** The platforms. */
export const targets = json(`${ROOT}release/targets.json`);

/**
 * The root packages: where each is in the project, the crate that is built for it, what it packs, its binary on a platform, and by which
 * name the builds for all platforms lie beside each other.
 */
export const products = [
  {
    name: "digime-sdk",
    folder: "bindings-node",
    crate: "digime-sdk-node",
    files: ["dist", "native.js", "native.d.ts", "README.md"],
    binary: ({ name }) => `digime-sdk.${name}.node`,
    artifact: ({ name }) => `digime-sdk.${name}.node`,
    /** What its platform packages have beside what all have. */
    platform: (binary) => ({ main: binary }),
  },
  {
    name: "digime-sandbox",
    folder: "packages/sandbox-npm",
    crate: "digime-sandbox",
    files: ["dist", "README.md"],
    binary: ({ os }) => `digime-sandbox${os === "win32" ? ".exe" : ""}`,
    artifact: ({ name, os }) => `digime-sandbox.${name}${os === "win32" ? ".exe" : ""}`,
    // A program cannot be run from within an archive, in which Yarn leaves packages otherwise.
    platform: () => ({ preferUnplugged: true }),
  },
];

/** A file of JSON. */
export function json(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
