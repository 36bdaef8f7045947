/** Starts the app: reads the environment, listens, and says where. */

import { once } from "node:events";
import { createServer } from "node:http";
import { createApp } from "./app.js";
import { RETURN_PATH, readConfiguration } from "./configuration.js";
import { Extracts } from "./extracts.js";
import { connectPkb } from "./pkb.js";
import { Sessions } from "./session.js";

async function start() {
  const configuration = readConfiguration(process.env);
  const server = createServer().listen(configuration.port, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const address = `http://127.0.0.1:${port}`;
  const redirectUri = configuration.redirectUri ?? `${address}${RETURN_PATH}`;
  const sessions = new Sessions(configuration.sessionKey, redirectUri.startsWith("https:"));
  const pkb = connectPkb(configuration, redirectUri);
  server.on("request", createApp(pkb, new Extracts(configuration.extracts), sessions));
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, async () => {
      server.close();
      await pkb.close();
      process.exit();
    });
  }
  console.log(`listening on ${address}`);
}

start().catch((error) => {
  console.error(`link-patient: ${error.message}`);
  process.exit(1);
});
