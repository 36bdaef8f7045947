/** What is to be done every day: those who stay away are forgotten, and everybody else stays connected. */

import { readConfiguration } from "./configuration.js";
import { openSdk } from "./sdk.js";
import { Store } from "./store.js";

/** After how much time without use tokens are replaced: a part of how long refresh tokens live, which `getConnection` tells. */
const IDLE_MILLISECONDS = 7 * 24 * 3600 * 1000;

async function work() {
  const configuration = readConfiguration(process.env);
  const contractDetails = configuration.contract;
  const store = new Store(configuration.database);
  const sdk = openSdk(configuration);

  const lapsed = store.listLapsed();
  for (const { id, userId: appUserId } of lapsed) {
    await sdk.disconnect({ appUserId, contractId: contractDetails.contractId });
    store.forgetSession(id);
  }
  console.log(`${lapsed.length} forgotten`);

  // Who is in `ended` is asked to connect again when they are back: `getConnection` says so then.
  const { seen, refreshed, ended, failed } = await sdk.keepAlive({ contractDetails, idleFor: IDLE_MILLISECONDS });
  console.log(`${seen} looked at, ${refreshed} refreshed, ${ended.length} ended, ${failed.length} failed`);
  for (const { reason } of failed) console.error(`not refreshed: ${reason}`);
  if (failed.length > 0) process.exitCode = 1;
  await sdk.close();
}

work().catch((error) => {
  console.error(`read-data: ${error.message}`);
  process.exit(1);
});
