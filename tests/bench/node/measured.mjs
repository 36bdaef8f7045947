/** What is measured of a piece of work in Node, in the form that every language prints. */

import { readFileSync, writeFileSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** How often the event loop is looked at: a delay is understated by at most as much. */
const RESOLUTION_MS = 2;

/** Does the work and gives its figures; `count` is how often it is done. */
export async function measured(count, work) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  forgetPeak();
  const resident = memory("VmRSS");
  delays.enable();
  const cpuBefore = process.cpuUsage();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  // A delay at the very end is seen by the next look only.
  await sleep(2 * RESOLUTION_MS);
  delays.disable();
  return {
    count,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    delayP99Ms: beyondResolution(delays.percentile(99)),
    delayMaxMs: beyondResolution(delays.max),
    peakRssGrowthBytes: Math.max(0, memory("VmHWM") - resident),
  };
}

/** Node records the time from one look to the next. */
function beyondResolution(nanoseconds) {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
}

/** Where the system refuses that, the growth is overstated and not hidden. */
function forgetPeak() {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {}
}

function memory(field) {
  const [, kibibytes] = readFileSync("/proc/self/status", "utf8").match(`${field}:\\s+(\\d+)`);
  return Number(kibibytes) * 1024;
}
