/** The worker beside the app: what of a record has changed is extracted, from each API of PKB's that has some of it. */

import { ClientClosedError } from "digime-sdk";
import { RETURN_PATH, readConfiguration } from "./configuration.js";
import { Extracts } from "./extracts.js";
import { connectPkb } from "./pkb.js";

const AGGREGATED = ["Appointment", "Condition", "MedicationStatement", "Observation"];

async function work() {
  const configuration = readConfiguration(process.env);
  const pkb = connectPkb(configuration, configuration.redirectUri ?? `http://127.0.0.1${RETURN_PATH}`);
  const extracts = new Extracts(configuration.extracts);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => pkb.close());
  console.log("watching");
  // What fails here ends the worker, and is given to the next again: let it be started again.
  for await (const { appUserId, publicId, lastChange } of pkb.watch(configuration.watchEvery)) {
    const parts = [
      // What a person has typed in, or a device has measured, the REST API alone tells, and to nobody but them.
      { surface: "REST", name: "Measurements", count: await pkb.countMeasurements(appUserId) },
    ];
    for (const name of AGGREGATED) {
      parts.push({ surface: "Aggregated", name, count: await pkb.organisation.countAggregated(appUserId, name) });
    }
    await extracts.keep(publicId, { lastChange, extractedAt: new Date().toISOString(), parts });
  }
}

work().catch((error) => {
  // It was told to stop.
  if (error instanceof ClientClosedError) return;
  console.error(`link-patient: ${error.message}`);
  process.exit(1);
});
