/** The page of a person's care team: what it may see, joining it, and telling it something. */

import { randomUUID } from "node:crypto";
import express, { Router } from "express";
import { visibleTo } from "./consents.js";
import { show } from "./pages.js";
import { painOf } from "./pain.js";
import { checkForm, userOf } from "./session.js";

/**
 * @param {import("./pkb.js").Pkb} pkb
 * @param {import("./extracts.js").Extracts} extracts
 */
export function teamRoutes(pkb, extracts) {
  const router = Router();
  const form = express.urlencoded({ extended: false });

  router.get("/team", async (_request, response) => {
    const { id } = userOf(response);
    const [consents, lastChange, link] = await Promise.all([
      pkb.readConsents(id),
      pkb.lastChange(id),
      pkb.findLink(id),
    ]);
    const extract = link && (await extracts.find(link.publicId));
    const isCurrent = extract?.lastChange === lastChange;
    const visible = visibleTo(consents, pkb.organisation.team);
    show(response, "team", { visible, extract, isCurrent, newId: randomUUID() });
  });

  router.post("/join", form, checkForm, async (_request, response) => {
    await pkb.organisation.join(userOf(response).id);
    response.redirect(303, "/team");
  });

  router.post("/pain", form, checkForm, async (request, response) => {
    await pkb.organisation.send(userOf(response).id, painOf(request.body, new Date()));
    response.redirect(303, "/team");
  });

  return router;
}
