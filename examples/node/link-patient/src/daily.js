/** What is to be done every day: everybody stays connected, also who does not come by. */

import { RETURN_PATH, readConfiguration } from "./configuration.js";
import { connectPkb } from "./pkb.js";

/** After how much time without use tokens are replaced: a part of how long PKB's sessions live. */
const IDLE_MILLISECONDS = 24 * 3600 * 1000;

async function work() {
  const configuration = readConfiguration(process.env);
  const pkb = connectPkb(configuration, configuration.redirectUri ?? `http://127.0.0.1${RETURN_PATH}`);
  // Who is in `ended` is asked to connect again when they are back: `getLink` says so then.
  const { seen, refreshed, ended, failed } = await pkb.keepAlive(IDLE_MILLISECONDS);
  console.log(`${seen} looked at, ${refreshed} refreshed, ${ended.length} ended, ${failed.length} failed`);
  for (const { reason } of failed) console.error(`not refreshed: ${reason}`);
  if (failed.length > 0) process.exitCode = 1;
  await pkb.close();
}

work().catch((error) => {
  console.error(`link-patient: ${error.message}`);
  process.exit(1);
});
