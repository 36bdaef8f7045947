/** A process that makes many calls, and prints what it holds after each third of them. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { initPkb } from "../dist/index.js";
import { PatientsKnowBest } from "./sandbox.mjs";

const CALLS = Number(process.env["DIGIME_LEAK_CALLS"] ?? 1200);
const AT_ONCE = 40;
/** What warms up, and each of the halves that are compared. */
const PARTS = 3;
const ROUTE = "GET /json/users/self";
const FAULTS = [undefined, "reset", { status: 500 }, { truncateAfter: 10 }];
const appUserId = "user-1";

async function held() {
  // What is collected is let go in a later turn, and so may be what that held.
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc();
    await turn();
  }
  const resident = readFileSync("/proc/self/status", "utf8").match(/VmRSS:\s+(\d+)/);
  return {
    handles: process.getActiveResourcesInfo().length,
    descriptors: readdirSync("/proc/self/fd").length,
    threads: readdirSync("/proc/self/task").length,
    kilobytes: Number(resident[1]),
  };
}

/** Makes a call, whose end nobody judges here. */
async function call(pkb, which) {
  const current = (more) => pkb.getCurrentUser({ appUserId, ...more });
  const kind = which % 8;
  if (kind === 0) await pkb.getAccessToken({ appUserId });
  else if (kind === 1) {
    // Gone before it has come to anything.
    const controller = new AbortController();
    const gone = current({ signal: controller.signal });
    controller.abort();
    await gone;
  } else if (kind === 2) await current({ signal: AbortSignal.timeout(which % 7) });
  else if (kind === 3) await current({ timeouts: { call: 1 } });
  else if (kind === 4) {
    // Left after its first page.
    for await (const _ of pkb.fhirSearch({ appUserId, resourceType: "Patient" })) break;
  } else await current();
}

const place = new PatientsKnowBest(JSON.parse(process.argv[2]));
const folder = mkdtempSync(join(tmpdir(), "digime-leaks-"));
try {
  const { pkb } = await place.linked({ store: join(folder, "links.db") });
  const all = [];
  for (let part = 0; part < PARTS; part += 1) {
    for (let batch = 0; batch < CALLS / PARTS / AT_ONCE; batch += 1) {
      const fault = FAULTS[batch % FAULTS.length];
      if (fault) await place.control("faults", { route: ROUTE, fault, count: 3 });
      else await place.control("pkb/expire-access-tokens");
      await Promise.all(Array.from({ length: AT_ONCE }, (_, which) => call(pkb, which + batch).catch(() => {})));
      const other = initPkb({ ...place.config, store: join(folder, "links.db") });
      await call(other, 5).catch(() => {});
      await other.close();
    }
    all.push(await held());
  }
  process.stdout.write(JSON.stringify(all));
} finally {
  rmSync(folder, { recursive: true });
}
