/** How long a fresh process takes from nothing to the first answer, by a program that the command line names. */

import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

process.argv.splice(1, 1);
const cpuBefore = process.cpuUsage();
const begun = performance.now();
await import(pathToFileURL(process.argv[1]).href);
const seconds = (performance.now() - begun) / 1000;
const cpu = process.cpuUsage(cpuBefore);
process.stdout.write(`${JSON.stringify({ count: 1, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 })}\n`);
