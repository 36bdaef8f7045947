/** The way to digi.me's consent page and back. */

import { randomBytes } from "node:crypto";
import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, isEqual, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { ReadBack } from "./read-back.js"
 * @import { Attempt, Store } from "./store.js"
 */

/** What digi.me's error codes mean to a person. */
const REASONS = new Map([
  ["USER_CANCEL", "You chose not to share. That is fine: nothing was sent, and nothing has changed."],
  ["INVALID_CODE", "The link to digi.me had expired. Connect again."],
]);

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {ReadBack} [readBack] If there is a contract for it.
 */
export function connectRoutes(digime, store, readBack) {
  const router = Router();

  router.post("/connect", express.urlencoded({ extended: false }), checkForm, async (request, response) => {
    const { id } = sessionOf(response);
    const destination = request.body.destination;
    if (destination !== "library" && destination !== "provider") {
      throw new PageError(400, "Connect to what?", "Choose the library or a care provider on the start page.");
    }
    const state = randomBytes(32).toString("base64url");
    const { url, codeVerifier } = await digime.authorize(id, { destination, state });
    store.beginAttempt(id, { state, codeVerifier, destination });
    response.redirect(303, url);
  });

  router.get("/return", async (request, response) => {
    const { success, state, code, accountReference, errorCode } = request.query;
    if (success !== "true") {
      show(response, "message", {
        title: "Not connected",
        text: REASONS.get(String(errorCode)) ?? "digi.me could not connect you. Try again in a few minutes.",
        details: errorCode ? [["Code of digi.me", String(errorCode)]] : [],
      });
      return;
    }
    const { id } = sessionOf(response);
    const { codeVerifier, destination, sessionKey } = takeAttempt(id, state);
    if (typeof code !== "string" || code === "") throw new PageError(400, "Not connected", "digi.me sent no code.");
    const grant = { codeVerifier, authorizationCode: code };
    if (readBack && sessionKey) {
      await readBack.comeBack(id, grant, sessionKey);
      response.redirect(303, "/read-back");
      return;
    }
    await digime.exchangeCode(id, grant);
    const account = await digime.findAccount(id, String(accountReference));
    if (!account) throw new PageError(502, "Not connected", "digi.me does not know the account that it named.");
    store.saveAccount(id, destination, account);
    // So that the code is neither in the address bar nor used again on reload.
    response.redirect(303, "/push");
  });

  /**
   * The authorisation that this browser began, if the state proves that it comes back from it. It serves once.
   * @param {string} sessionId
   * @param {unknown} state
   * @returns {Attempt}
   */
  function takeAttempt(sessionId, state) {
    const attempt = store.findAttempt(sessionId);
    if (!attempt || !isEqual(attempt.state, state)) {
      const text = "It was not begun in this browser, or has been used already. Connect again from the start page.";
      throw new PageError(400, "This way back is not known", text);
    }
    store.endAttempt(sessionId);
    return attempt;
  }

  return router;
}
