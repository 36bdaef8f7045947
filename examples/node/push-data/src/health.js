/** Whether the app can act for the people who have connected: for probes of readiness. */

import { Router } from "express";

/** @import { Sdk } from "./sdk.js" */

/**
 * @param {Sdk} sdk
 * @param {string[]} contractIds
 */
export function healthRoutes(sdk, contractIds) {
  const router = Router();

  router.get("/ready", async (_request, response) => {
    const checks = await Promise.all(contractIds.map((contractId) => sdk.check({ contractId })));
    const findings = checks.flatMap((check) => check.findings);
    // What is wrong is for those who run the app.
    for (const { setting, message } of findings) console.error(`not ready: ${setting}: ${message}`);
    response.status(findings.length > 0 ? 503 : 200).json({ ready: findings.length === 0 });
  });

  return router;
}
