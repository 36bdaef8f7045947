/** What is printed of the core's description and of the list of platforms, which the package has inside of its one file. */

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const FILES = ["errors", "platforms", "targets"];

const contents = FILES.map((name) => `export * from "./${name}";`).join("\n");
const resolveDir = fileURLToPath(new URL("../ts/generated", import.meta.url));
const { outputFiles } = buildSync({ stdin: { contents, resolveDir }, bundle: true, format: "esm", write: false });
const [{ text }] = outputFiles;

export const { ERROR_CLASSES, PLATFORMS, TARGETS } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
