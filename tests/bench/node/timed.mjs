/** How long something takes that a fresh process does first. */

import { performance } from "node:perf_hooks";

/** Does it and prints its figures. */
export async function timed(work) {
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  process.stdout.write(`${JSON.stringify({ count: 1, seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6 })}\n`);
}
