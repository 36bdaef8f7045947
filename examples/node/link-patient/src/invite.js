/** The way to a record for those who have none: whether PKB knows them, and the invitation to register. */

import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, userOf } from "./session.js";
import { nationalIdOf } from "./users.js";

/** @param {import("./pkb.js").Pkb} pkb */
export function inviteRoutes({ organisation }) {
  const router = Router();

  router.post("/invite", express.urlencoded({ extended: false }), checkForm, async (_request, response) => {
    const nationalId = nationalIdOf(userOf(response));
    if (!nationalId) {
      throw new PageError(409, "You cannot be invited here", "PKB invites by an NHS, CHI or Health & Care number.");
    }
    const status = await organisation.findRecord(nationalId);
    if (status?.registered) {
      throw new PageError(409, "You have a record", "Connect it from the start page: PKB asks you to log in there.");
    }
    const invitation = status?.found === "found" ? await organisation.invite(nationalId) : undefined;
    if (!invitation) {
      throw new PageError(409, "You cannot be invited here", "Ask your care team, who can have PKB make a record.");
    }
    // Whoever has the address opens the record: it is on this one page, and neither kept nor logged.
    const { joinUrl, expiresAt } = invitation;
    show(response, "invitation", { joinUrl, until: expiresAt?.slice(0, 10) });
  });

  return router;
}
