/** The app as a whole: which part answers what, in which order. */

import { fileURLToPath } from "node:url";
import express from "express";
import { connectRoutes, forgetEnded, showDenial } from "./connect.js";
import { dataRoutes } from "./data.js";
import { notFound, showFailure } from "./failure.js";
import { healthRoutes } from "./health.js";
import { protect, show } from "./pages.js";
import { sessionOf, sessions } from "./session.js";

const STATIC = fileURLToPath(new URL("../static", import.meta.url));

/**
 * @param {object} parts
 * @param {import("./sdk.js").Sdk} parts.sdk
 * @param {string} parts.contractId
 * @param {import("./store.js").Store} parts.store
 * @param {import("./digime.js").Digime} parts.digime
 * @param {import("./readings.js").Readings} parts.readings
 * @param {boolean} parts.secure Whether browsers reach the app through https alone.
 */
export function createApp({ sdk, contractId, store, digime, readings, secure }) {
  const app = express();
  app.disable("x-powered-by");
  app.use("/static", express.static(STATIC));
  app.use(protect);
  app.use(healthRoutes(sdk, contractId));
  app.use(sessions(store, secure));
  app.use(forgetEnded(digime, store));
  app.get("/", (_request, response) => show(response, "start", { session: sessionOf(response) }));
  app.use(connectRoutes(digime, store, readings));
  app.use(dataRoutes(digime, store, readings));
  app.use(notFound);
  app.use(showDenial);
  app.use(showFailure);
  return app;
}
