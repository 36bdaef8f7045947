/** Starts the app: reads the environment, opens the store, listens, and says where. */

import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { readConfiguration } from "./configuration.js";
import { connectDigime } from "./digime.js";
import { connectLibrary } from "./library.js";
import { READ_BACK_RETURN, ReadBack } from "./read-back.js";
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
  const { contract, readContract } = configuration;
  const digime = connectDigime(sdk, contract, `${baseAddress}/return`);
  const library = readContract && connectLibrary(sdk, readContract, contract, `${baseAddress}${READ_BACK_RETURN}`);
  const readBack = library && new ReadBack(digime, library, store);
  const contractIds = [contract, readContract].flatMap((each) => each?.contractId ?? []);
  const secure = baseAddress.startsWith("https:");
  server.on("request", createApp({ sdk, contractIds, store, digime, readBack, secure }));
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, async () => {
      server.close();
      // Tokens that are on their way are stored before the process ends.
      await sdk.close();
      process.exit();
    });
  }
  console.log(`listening on ${address}`);
}

start().catch((error) => {
  console.error(`push-data: ${error.message}`);
  process.exit(1);
});
