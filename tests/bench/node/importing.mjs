/** How long a fresh process takes to import the modules that the command line names. */

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { timed } from "./timed.mjs";

// The folder of a package is what `require` understands, the file of its entry what `import` does.
const { resolve } = createRequire(import.meta.url);
const modules = process.argv.slice(2).map((name) => (name.startsWith("/") ? pathToFileURL(resolve(name)).href : name));
await timed(async () => {
  for (const module of modules) await import(module);
});
