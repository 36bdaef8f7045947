/** The way to digi.me's consent page and back, where the reading begins, and the end of a connection. */

import { ConnectDeniedError } from "digime-sdk";
import express, { Router } from "express";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Readings } from "./readings.js"
 * @import { Store } from "./store.js"
 */

/** What digi.me's error codes mean to a person. */
const REASONS = new Map([
  ["USER_CANCEL", "You chose not to share. That is fine: nothing was read, and nothing has changed."],
  ["INVALID_CODE", "The link to digi.me had expired. Connect again."],
]);

/**
 * Forgets the sources of a consent that has ended.
 * @param {Digime} digime
 * @param {Store} store
 * @returns {import("express").RequestHandler}
 */
export function forgetEnded(digime, store) {
  return async (_request, response, next) => {
    const session = sessionOf(response);
    if (session.sources.length > 0 && !(await digime.isConnected(session.userId))) {
      session.sources = [];
      store.saveSources(session.id, session.sources);
    }
    next();
  };
}

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {Readings} readings
 */
export function connectRoutes(digime, store, readings) {
  const router = Router();
  const form = express.urlencoded({ extended: false });

  router.post("/connect", form, checkForm, async (_request, response) => {
    response.redirect(303, await digime.begin(sessionOf(response).userId));
  });

  router.get("/return", async (request, response) => {
    const session = sessionOf(response);
    const sessionKey = await digime.comeBack(session.userId, request.originalUrl);
    store.saveSources(session.id, await digime.findSources(session.userId));
    // digi.me began to fetch when the person agreed: the session of the authorisation is the one to read.
    readings.begin(session, sessionKey);
    // So that the code is not left in the address bar.
    response.redirect(303, "/data");
  });

  router.post("/disconnect", form, checkForm, async (_request, response) => {
    await digime.disconnect(sessionOf(response).userId);
    response.redirect(303, "/");
  });

  return router;
}

/** Answers who did not agree: that is no failure. @type {import("express").ErrorRequestHandler} */
export function showDenial(error, _request, response, next) {
  if (!(error instanceof ConnectDeniedError)) return next(error);
  const { errorCode } = error;
  show(response, "message", {
    title: "Not connected",
    text: REASONS.get(errorCode ?? "") ?? "digi.me could not connect you. Try again in a few minutes.",
    details: errorCode ? [["Code of digi.me", errorCode]] : [],
  });
}
