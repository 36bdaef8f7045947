/** How long a fresh process takes to import the modules that the command line names. */

import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

// The folder of a package is what `require` understands, the file of its entry what `import` does.
const { resolve } = createRequire(import.meta.url);
const modules = process.argv.slice(2).map((name) => (name.startsWith("/") ? pathToFileURL(resolve(name)).href : name));
const cpuBefore = process.cpuUsage();
const begun = performance.now();
for (const module of modules) await import(module);
const seconds = (performance.now() - begun) / 1000;
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(`${JSON.stringify({ count: 1, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 })}\n`);
