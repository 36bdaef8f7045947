/** Starts the app: reads the environment, opens the store, listens, and says where. */

import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { readConfiguration } from "./configuration.js";
import { connectDigime } from "./digime.js";
import { Readings } from "./readings.js";
import { Store } from "./store.js";

async function start() {
  const configuration = readConfiguration(process.env);
  const server = createServer().listen(configuration.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}`;
  const baseAddress = configuration.baseAddress ?? address;
  const store = new Store(configuration.database);
  const digime = connectDigime(configuration, `${baseAddress}/return`, store);
  const readings = new Readings(digime, store);
  server.on("request", createApp({ store, digime, readings, secure: baseAddress.startsWith("https:") }));
  console.log(`listening on ${address}`);
}

start().catch((error) => {
  console.error(`read-data: ${error.message}`);
  process.exit(1);
});
