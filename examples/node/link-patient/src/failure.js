/** How failures are answered: with a page that has a status, and says what happened and what to do about it. */

import { DigiMeSDKError } from "digime-sdk";
import { show } from "./pages.js";
import { adviceOn } from "./sdk-failure.js";

/**
 * @typedef {object} Message A page that only says something.
 * @property {number} status
 * @property {string} title
 * @property {string} text
 * @property {boolean} [reconnect] Whether it has a button to connect again.
 * @property {[string, string][]} [details]
 */

/** A failure whose page is known where it happens. */
export class PageError extends Error {
  /**
   * @param {number} status
   * @param {string} title
   * @param {string} text
   */
  constructor(status, title, text) {
    super(title);
    this.page = { status, title, text };
  }
}

/** @type {import("express").RequestHandler} */
export function notFound() {
  throw new PageError(404, "There is no such page", "The start page leads to everything there is.");
}

/** @type {import("express").ErrorRequestHandler} */
export function showFailure(error, request, response, next) {
  if (response.headersSent) return next(error);
  const message = messageOf(error);
  // Who connects again goes on with the measurements that they wanted to see.
  show(response.status(message.status), "message", { ...message, kind: request.query.kind });
}

/**
 * @param {unknown} error
 * @returns {Message}
 */
function messageOf(error) {
  if (error instanceof PageError) return error.page;
  if (error instanceof DigiMeSDKError) return adviceOn(error);
  const status = Number(Object(error).status);
  if (status >= 400 && status < 500) {
    return { status, title: "The request was not understood", text: "Go back, reload the page and try again." };
  }
  console.error(error);
  return { status: 500, title: "Something went wrong here", text: "It was noted. Try again later." };
}
