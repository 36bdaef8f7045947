/** Whose browser a request comes from: the signed cookie that says so, and the token that its forms carry. */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { PageError } from "./failure.js";

/**
 * @import { RequestHandler, Response } from "express"
 * @import { User } from "./users.js"
 */

// Browsers send cookies to every port of a host: the name keeps two apps on one machine apart.
const COOKIE = "link_patient_node";
const LIFETIME = 12 * 3600 * 1000;

/**
 * @typedef {object} Session What the cookie holds.
 * @property {string} formToken What the forms hold.
 * @property {User} [user] Who is logged in.
 * @property {Conflict} [conflict] A link that waits for a decision.
 */

/**
 * @typedef {object} Conflict
 * @property {"appUser" | "publicId"} with Which of the two is linked already.
 * @property {string} callback What PKB sent the person back to: the link can still be completed with it.
 */

export class Sessions {
  #key;
  #secure;

  /**
   * @param {string} key Signs the cookies.
   * @param {boolean} secure Whether browsers reach the app through https alone.
   */
  constructor(key, secure) {
    this.#key = key;
    this.#secure = secure;
  }

  /** Gives every request its session, a new one if it brings none. @type {RequestHandler} */
  begin = (request, response, next) => {
    const session = this.#opened(cookie(request.headers.cookie ?? ""));
    if (session) response.locals.session = session;
    else this.save(response, freshSession());
    return next();
  };

  /**
   * @param {Response} response
   * @param {Session} session What the browser's session is from now on.
   */
  save(response, session) {
    response.locals.session = session;
    const content = JSON.stringify({ session, expiresAt: Date.now() + LIFETIME });
    const text = Buffer.from(content).toString("base64url");
    const options = /** @type {const} */ ({ httpOnly: true, sameSite: "lax", secure: this.#secure, maxAge: LIFETIME });
    response.cookie(COOKIE, `${text}.${this.#signature(text)}`, options);
  }

  /**
   * @param {string} value Of the cookie, whoever wrote it.
   * @returns {Session | undefined}
   */
  #opened(value) {
    const [text = "", signature] = value.split(".");
    if (!isEqual(this.#signature(text), signature)) return undefined;
    const { session, expiresAt } = JSON.parse(Buffer.from(text, "base64url").toString());
    return Date.now() < expiresAt ? session : undefined;
  }

  /** @param {string} text */
  #signature(text) {
    return createHmac("sha256", this.#key).update(text).digest("base64url");
  }
}

/**
 * @param {User} [user]
 * @returns {Session} One with a form token of its own.
 */
export function freshSession(user) {
  return { formToken: randomBytes(32).toString("base64url"), user };
}

/**
 * @param {Response} response
 * @returns {Session}
 */
export function sessionOf(response) {
  return response.locals.session;
}

/**
 * Who is logged in.
 * @param {Response} response
 * @returns {User}
 */
export function userOf(response) {
  const { user } = sessionOf(response);
  if (!user) throw new PageError(401, "Nobody is logged in", "Log in on the start page, and begin again from there.");
  return user;
}

/** Refuses a form that this app did not give to this browser. @type {RequestHandler} */
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
  const pair = header.split(/; */).find((each) => each.startsWith(prefix));
  return pair?.slice(prefix.length) ?? "";
}
