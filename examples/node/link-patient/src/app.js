/** The app as a whole: which part answers what, in which order. */

import { fileURLToPath } from "node:url";
import express from "express";
import { connectRoutes } from "./connect.js";
import { notFound, showFailure } from "./failure.js";
import { healthRoutes } from "./health.js";
import { inviteRoutes } from "./invite.js";
import { openPkbRoutes } from "./open-pkb.js";
import { protect } from "./pages.js";
import { recordRoutes } from "./record.js";
import { startRoutes } from "./start.js";
import { teamRoutes } from "./team.js";

const STATIC = fileURLToPath(new URL("../static", import.meta.url));

/**
 * @param {import("./pkb.js").Pkb} pkb
 * @param {import("./extracts.js").Extracts} extracts
 * @param {import("./session.js").Sessions} sessions
 */
export function createApp(pkb, extracts, sessions) {
  const app = express();
  app.disable("x-powered-by");
  app.use("/static", express.static(STATIC));
  app.use(protect);
  app.use(healthRoutes(pkb));
  app.use(sessions.begin);
  app.use(startRoutes(pkb, sessions));
  app.use(inviteRoutes(pkb));
  app.use(connectRoutes(pkb, extracts, sessions));
  app.use(recordRoutes(pkb));
  app.use(teamRoutes(pkb, extracts));
  app.use(openPkbRoutes(pkb));
  app.use(notFound);
  app.use(showFailure);
  return app;
}
