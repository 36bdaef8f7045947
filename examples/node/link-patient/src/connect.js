/** The way to PKB and back, what to do if a link is in the way, and the end of a link. */

import { LinkConflictError } from "digime-sdk";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { kindOf } from "./kinds.js";
import { show } from "./pages.js";
import { checkForm, sessionOf, userOf } from "./session.js";

/**
 * @param {import("./pkb.js").Pkb} pkb
 * @param {import("./extracts.js").Extracts} extracts
 * @param {import("./session.js").Sessions} sessions
 */
export function connectRoutes(pkb, extracts, sessions) {
  const router = Router();
  const form = express.urlencoded({ extended: false });

  router.post("/connect", form, checkForm, async (request, response) => {
    const context = { kind: kindOf(request.body.kind).apiRef };
    response.redirect(303, await pkb.beginLink(userOf(response).id, context));
  });

  router.get("/return", async (request, response) => {
    const callback = request.originalUrl;
    try {
      const context = await pkb.completeLink(userOf(response).id, callback, "refuse");
      // So that the code is not left in the address bar.
      response.redirect(303, recordOf(context));
    } catch (error) {
      if (!(error instanceof LinkConflictError)) throw error;
      sessions.save(response, { ...sessionOf(response), conflict: { with: error.conflict, callback } });
      response.redirect(303, "/conflict");
    }
  });

  router.get("/conflict", (_request, response) => show(response, "conflict", { conflict: conflictOf(response) }));

  router.post("/replace", form, checkForm, async (_request, response) => {
    const { callback } = conflictOf(response);
    const context = await pkb.completeLink(userOf(response).id, callback, "replace");
    sessions.save(response, { ...sessionOf(response), conflict: undefined });
    response.redirect(303, recordOf(context));
  });

  router.post("/unlink", form, checkForm, async (_request, response) => {
    const { id } = userOf(response);
    const link = await pkb.findLink(id);
    await pkb.unlink(id);
    if (link) await extracts.forget(link.publicId);
    response.redirect(303, "/");
  });

  return router;
}

/** @param {import("./pkb.js").Context} context */
function recordOf({ kind }) {
  return `/record?kind=${kind}`;
}

/** @param {import("express").Response} response */
function conflictOf(response) {
  const { conflict } = sessionOf(response);
  if (!conflict) throw new PageError(409, "There is nothing to decide", "Connect your record from the start page.");
  return conflict;
}
