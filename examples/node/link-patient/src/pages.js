/** How pages are rendered, and the headers that every answer has. */

import { fileURLToPath } from "node:url";
import { Eta } from "eta";

const eta = new Eta({ views: fileURLToPath(new URL("../views", import.meta.url)), cache: true });

const HEADERS = {
  "Cache-Control": "no-store",
  // form-action is left out: browsers apply it to redirects too, and /connect redirects to PKB.
  "Content-Security-Policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/** @type {import("express").RequestHandler} */
export function protect(_request, response, next) {
  response.set(HEADERS);
  return next();
}

/**
 * @param {import("express").Response} response
 * @param {string} view
 * @param {object} data What it needs beyond the session, which every page shows.
 */
export function show(response, view, data = {}) {
  response.type("html").send(eta.render(view, { session: response.locals.session, ...data }));
}
