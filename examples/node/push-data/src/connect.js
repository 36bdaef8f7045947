/** The way to digi.me's consent page and back, and the end of a connection. */

import { ConnectDeniedError } from "digime-sdk";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { ReadBack } from "./read-back.js"
 * @import { Store } from "./store.js"
 */

/** What digi.me's error codes mean to a person. */
const REASONS = new Map([
  ["USER_CANCEL", "You chose not to share. That is fine: nothing was sent, and nothing has changed."],
  ["INVALID_CODE", "The link to digi.me had expired. Connect again."],
]);

/**
 * Forgets the accounts of a consent that has ended: who connects again gets another library, in which they are not.
 * @param {Digime} digime
 * @param {Store} store
 * @returns {import("express").RequestHandler}
 */
export function forgetEnded(digime, store) {
  return async (_request, response, next) => {
    const session = sessionOf(response);
    if (Object.keys(session.accounts).length > 0 && !(await digime.isConnected(session.userId))) {
      store.forgetAccounts(session.id);
      session.accounts = {};
    }
    next();
  };
}

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {ReadBack} [readBack] If there is a contract for it.
 */
export function connectRoutes(digime, store, readBack) {
  const router = Router();
  const form = express.urlencoded({ extended: false });

  router.post("/connect", form, checkForm, async (request, response) => {
    const { userId } = sessionOf(response);
    const destination = request.body.destination;
    if (destination !== "library" && destination !== "provider") {
      throw new PageError(400, "Connect to what?", "Choose the library or a care provider on the start page.");
    }
    response.redirect(303, await digime.begin(userId, destination));
  });

  router.get("/return", async (request, response) => {
    const { id, userId } = sessionOf(response);
    const { destination, account } = await digime.comeBack(userId, request.originalUrl);
    if (!account) throw new PageError(502, "Not connected", "digi.me does not know the account that it named.");
    store.saveAccount(id, destination, account);
    // So that the code is not left in the address bar.
    response.redirect(303, "/push");
  });

  router.post("/disconnect", form, checkForm, async (_request, response) => {
    const { userId } = sessionOf(response);
    await readBack?.disconnect(userId);
    await digime.disconnect(userId);
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
