/** The page of a person's record: who they are, their measurements as a chart, and a form to add one. */

import { HTTPError, TimeoutError, TransportError } from "digime-sdk";
import express, { Router } from "express";
import { chartOf, dayOf } from "./chart.js";
import { demographicsOf } from "./demographics.js";
import { PageError } from "./failure.js";
import { KINDS, kindOf } from "./kinds.js";
import { entryOf } from "./measurement.js";
import { measurementsOf } from "./observations.js";
import { show } from "./pages.js";
import { checkForm, userOf } from "./session.js";

/** @import { Pkb } from "./pkb.js" */

/** @param {Pkb} pkb */
export function recordRoutes(pkb) {
  const router = Router();

  router.get("/record", async (request, response) => {
    const { id } = userOf(response);
    const kind = kindOf(request.query.kind);
    // Both may find that the access token has expired: the SDK refreshes it once for the two.
    const [patient, observations] = await Promise.all([pkb.readPatient(id), pkb.readVitalSigns(id)]);
    const measurements = measurementsOf(observations, kind);
    show(response, "record", {
      patient,
      demographics: demographicsOf(patient),
      kind,
      kinds: KINDS,
      chart: measurements.length > 0 ? chartOf(kind, measurements) : undefined,
      rows: measurements.map(({ takenAt, values }) => ({ day: dayOf(takenAt), values })),
      today: dayOf(new Date()),
      canOpenPages: pkb.canOpenPages,
    });
  });

  router.post("/measurements", express.urlencoded({ extended: false }), checkForm, async (request, response) => {
    const { id } = userOf(response);
    const kind = kindOf(request.query.kind);
    const entry = entryOf(request.body, kind);
    try {
      await pkb.addMeasurement(id, entry);
    } catch (error) {
      if (![TimeoutError, TransportError, HTTPError].some((unclear) => error instanceof unclear)) throw error;
      const text = "PKB gave no clear answer. Look at the chart before you send it again: it may be there already.";
      throw new PageError(504, "It is not certain that this was stored", text);
    }
    response.redirect(303, `/record?kind=${kind.apiRef}`);
  });

  return router;
}
