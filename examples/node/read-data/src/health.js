/** Whether the app can act for the people who have connected: for probes of readiness. */

import { Router } from "express";

/** @import { Sdk } from "./sdk.js" */

/**
 * @param {Sdk} sdk
 * @param {string} contractId
 */
export function healthRoutes(sdk, contractId) {
  const router = Router();

  router.get("/ready", async (_request, response) => {
    const { ready, findings } = await sdk.check({ contractId });
    // What is wrong is for those who run the app.
    for (const { setting, message } of findings) console.error(`not ready: ${setting}: ${message}`);
    response.status(ready ? 200 : 503).json({ ready });
  });

  return router;
}
