/** Starts the app: reads the environment, opens the store, listens, and says where. */

import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { readConfiguration } from "./configuration.js";
import { connectDigime } from "./digime.js";
import { Readings } from "./readings.js";
import { openSdk } from "./sdk.js";
import { Store } from "./store.js";

async function start() {
  const configuration = readConfiguration(process.env);
  const server = createServer().listen(configuration.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}`;
  const baseAddress = configuration.baseAddress ?? address;
  const store = new Store(configuration.database);
  const sdk = openSdk(configuration);
  const { contract } = configuration;
  const digime = connectDigime(sdk, contract, `${baseAddress}/return`);
  const readings = new Readings(digime, store);
  const secure = baseAddress.startsWith("https:");
  server.on("request", createApp({ sdk, contractId: contract.contractId, store, digime, readings, secure }));
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, async () => {
      server.close();
      // Tokens that are on their way are stored before the process ends; a reading may take too long for that.
      await sdk.close({ timeout: 3000 });
      process.exit();
    });
  }
  console.log(`listening on ${address}`);
}

start().catch((error) => {
  console.error(`read-data: ${error.message}`);
  process.exit(1);
});
