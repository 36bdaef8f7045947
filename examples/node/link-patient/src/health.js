/** Whether the app can act for the people who have connected: for probes of readiness. */

import { Router } from "express";

/** @param {import("./pkb.js").Pkb} pkb */
export function healthRoutes(pkb) {
  const router = Router();

  router.get("/ready", async (_request, response) => {
    const problems = await pkb.findProblems();
    // What is wrong is for those who run the app.
    for (const { setting, message } of problems) console.error(`not ready: ${setting}: ${message}`);
    response.status(problems.length > 0 ? 503 : 200).json({ ready: problems.length === 0 });
  });

  return router;
}
