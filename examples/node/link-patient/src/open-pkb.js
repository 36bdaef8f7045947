/** PKB's own page of a record, opened for whoever is logged in here. */

import express, { Router } from "express";
import { checkForm, userOf } from "./session.js";

const SUMMARY = "/auth/patientSummary.action?tab=patientSummary";

/** @param {import("./pkb.js").Pkb} pkb */
export function openPkbRoutes(pkb) {
  const router = Router();

  router.post("/open-pkb", express.urlencoded({ extended: false }), checkForm, async (_request, response) => {
    // Made for each click anew: the address logs in, and serves once.
    response.redirect(303, await pkb.signIn(userOf(response).id, SUMMARY));
  });

  return router;
}
