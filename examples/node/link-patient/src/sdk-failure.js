/** What each error of the SDK means to a person, and what they can do about it. */

import {
  DigiMeSDKError,
  FhirError,
  LinkDeniedError,
  LinkExpiredError,
  LinkStateError,
  NotLinkedError,
  PkbError,
  StoreError,
  TimeoutError,
  TransportError,
  TypeValidationError,
} from "digime-sdk";

/** @import { Message } from "./failure.js" */

/** @typedef {[new (...parameters: never) => DigiMeSDKError, number, string]} Advice A class of errors, a status, and what to do. */

/**
 * Why a callback does not lead to a link: a status, and what to say.
 * @type {Record<LinkStateError["reason"], [number, string]>}
 */
const STATES = {
  missing: [400, "PKB's answer has parts missing."],
  unknown: [400, "It was not begun here, or so long ago that it is forgotten."],
  expired: [400, "You were away for too long."],
  used: [409, "This answer of PKB's has been used already, or was given too late."],
  mismatch: [403, "It was begun by another user of this app. Nothing was connected."],
};

/** @type {Advice} */
const OTHERWISE = [DigiMeSDKError, 502, "PKB's answer could not be used. Try again later."];

/** The first that fits counts. @type {Advice[]} */
const ADVICE = [
  [StoreError, 503, "This app cannot get at its own data right now. Nothing is lost: try again in a few minutes."],
  [PkbError, 502, "Try again later. If it happens again, tell those who run this app the code."],
  [TypeValidationError, 500, "The app asked for something that makes no sense. Tell those who run it."],
  [TimeoutError, 504, "PKB took too long to answer. Try again in a few minutes."],
  [TransportError, 502, "PKB cannot be reached. Try again in a few minutes."],
];

/**
 * @param {DigiMeSDKError} error
 * @returns {Message}
 */
export function adviceOn(error) {
  if (error instanceof LinkDeniedError) return denied(error);
  if (error instanceof LinkStateError) {
    const [status, text] = STATES[error.reason];
    return { status, title: "The way back ends here", text: `${text} Connect again.`, reconnect: true };
  }
  if (error instanceof NotLinkedError) {
    const text = "Connect your PKB record to see it here.";
    return { status: 409, title: "Your record is not connected", text, reconnect: true };
  }
  if (error instanceof LinkExpiredError) {
    const text = "PKB lets apps see a record for a while, and then wants to ask you again. Connect it once more.";
    const details = /** @type {[string, string][]} */ ([["Code of PKB", error.reason]]);
    return { status: 403, title: "Your connection has ended", text, reconnect: true, details };
  }
  if (error instanceof PkbError && error.pkbCode === "ACCESS_FROZEN_OUTWARD") {
    const text = "PKB has frozen it. You stay connected, but PKB gives nothing out until it is unfrozen: ask PKB why.";
    return { status: 403, title: "Access to your record is frozen", text };
  }
  const [, status, text] = ADVICE.find(([errorClass]) => error instanceof errorClass) ?? OTHERWISE;
  return { status, title: "This did not work", text, details: detailsOf(error) };
}

/**
 * @param {LinkDeniedError} error
 * @returns {Message}
 */
function denied({ error, errorDescription }) {
  if (error === "access_denied") {
    const text = "You chose not to share. That is fine: nothing was connected, and nothing has changed.";
    return { status: 200, title: "Not connected", text };
  }
  /** @type {[string, string][]} */
  const details = [["Code of PKB", error]];
  if (errorDescription) details.push(["What PKB says", errorDescription]);
  return { status: 502, title: "Not connected", text: "PKB did not connect you. Try again later.", details };
}

/**
 * @param {DigiMeSDKError} error
 * @returns {[string, string][]}
 */
function detailsOf(error) {
  /** @type {[string, string][]} */
  const details = [
    ["Error", error.constructor.name],
    ["Code", error.code],
    ["Message", error.message],
  ];
  if (error instanceof PkbError && error.pkbCode) details.push(["Code of PKB", error.pkbCode]);
  if (error instanceof FhirError) {
    for (const { diagnostics } of error.issues) if (diagnostics) details.push(["What PKB says", diagnostics]);
  }
  return details;
}
