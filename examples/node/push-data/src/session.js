/** Which browser a request comes from: the cookie that names its session, and the token that its forms carry. */

import { timingSafeEqual } from "node:crypto";
import { PageError } from "./failure.js";
import { SESSION_DAYS } from "./store.js";

/** @import { Session, Store } from "./store.js" */

// Browsers send cookies to every port of a host: the name keeps two apps on one machine apart.
const COOKIE = "push_data_node";

/**
 * Gives every request its session, a new one if it brings none that is known.
 * @param {Store} store
 * @param {boolean} secure
 * @returns {import("express").RequestHandler}
 */
export function sessions(store, secure) {
  return (request, response, next) => {
    const id = cookie(request.headers.cookie ?? "");
    let session = id && store.findSession(id);
    if (!session) {
      session = store.createSession();
      const maxAge = SESSION_DAYS * 24 * 3600 * 1000;
      response.cookie(COOKIE, session.id, { httpOnly: true, sameSite: "lax", secure, maxAge });
    }
    response.locals.session = session;
    next();
  };
}

/**
 * @param {import("express").Response} response
 * @returns {Session}
 */
export function sessionOf(response) {
  return response.locals.session;
}

/** Refuses a form that this app did not give to this browser. @type {import("express").RequestHandler} */
export function checkForm(request, response, next) {
  if (isEqual(sessionOf(response).formToken, request.body?.form_token)) return next();
  throw new PageError(403, "This form is out of date", "Go back, reload the page and send it again.");
}

/**
 * Whether what a browser sent is the secret, in a time that does not depend on how much of it is right.
 * @param {string} secret
 * @param {unknown} sent
 */
function isEqual(secret, sent) {
  const expected = Buffer.from(secret);
  const given = Buffer.from(typeof sent === "string" ? sent : "");
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** @param {string} header */
function cookie(header) {
  const prefix = `${COOKIE}=`;
  return header
    .split(/; */)
    .find((pair) => pair.startsWith(prefix))
    ?.slice(prefix.length);
}
