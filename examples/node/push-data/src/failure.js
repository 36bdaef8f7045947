/** What a person is told when something fails: a status, what happened, and what to do about it. */

import {
  ConnectionConflictError,
  ConnectionExpiredError,
  ConnectStateError,
  DigiMeSDKError,
  NotConnectedError,
  SDKInvalidError,
  ServerError,
  StoreError,
  TimeoutError,
  TransportError,
  TypeValidationError,
  UploadNotRepeatableError,
} from "digime-sdk";
import { MulterError } from "multer";
import { show } from "./pages.js";

/**
 * @typedef {object} Message A page that only says something.
 * @property {number} status
 * @property {string} title
 * @property {string} text
 * @property {[string, string][]} [details]
 */

const CONNECT_AGAIN = "Your consent is not valid, or no longer. Connect again from the start page.";
const NOT_BEGUN = "It was not begun in this browser, or has been used already. Connect again from the start page.";
const UNKNOWN = "The app cannot get at what it knows of you. Try again in a few minutes.";
const IN_THE_WAY = "Go on with that, or disconnect on the start page before you connect again.";

/**
 * The status, what to do, and what happened, by the class of the SDK's error; the first that fits.
 * @type {[new (...parameters: never) => DigiMeSDKError, number, string, string?][]}
 */
const ADVICE = [
  [ConnectStateError, 400, NOT_BEGUN, "This way back is not known"],
  [ConnectionConflictError, 409, IN_THE_WAY, "You are connected to another library"],
  [NotConnectedError, 403, CONNECT_AGAIN],
  [ConnectionExpiredError, 403, CONNECT_AGAIN],
  [StoreError, 503, UNKNOWN, "Something went wrong here"],
  [SDKInvalidError, 502, "digi.me no longer takes this version of the app. Ask for an update."],
  [ServerError, 502, "Try again. If it happens again, give digi.me's support the reference."],
  [TypeValidationError, 500, "The app asked for something that makes no sense. Tell those who run it."],
  [TimeoutError, 504, "digi.me took too long to answer. Try again in a few minutes."],
  [TransportError, 502, "digi.me cannot be reached. Try again in a few minutes."],
  [UploadNotRepeatableError, 503, "Nothing was stored. Send the file again."],
];

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
export function showFailure(error, _request, response, next) {
  if (response.headersSent) return next(error);
  const message = messageOf(error);
  show(response.status(message.status), "message", message);
}

/**
 * @param {unknown} error
 * @returns {Message}
 */
function messageOf(error) {
  if (error instanceof PageError) return error.page;
  if (error instanceof DigiMeSDKError) return messageOfSdkError(error);
  if (error instanceof MulterError && error.code === "LIMIT_FILE_SIZE") {
    return { status: 413, title: "The file is too large", text: "Choose one of at most 20 MB." };
  }
  const status = error instanceof MulterError ? 400 : Number(Object(error).status);
  if (status >= 400 && status < 500) {
    return { status, title: "The request was not understood", text: "Go back, reload the page and try again." };
  }
  console.error(error);
  return { status: 500, title: "Something went wrong here", text: "It was noted. Try again later." };
}

/**
 * @param {DigiMeSDKError} error
 * @returns {Message}
 */
function messageOfSdkError(error) {
  const { status, text, title = "digi.me did not do what was asked" } = adviceOn(error);
  /** @type {[string, string][]} */
  const details = [
    ["Error", error.constructor.name],
    ["Code", error.code],
    ["Message", error.message],
  ];
  if (error instanceof ServerError) {
    details.push(["Code of digi.me", error.error?.code ?? ""], ["Reference", error.error?.reference ?? ""]);
  }
  return { status, title, text, details };
}

/** @param {DigiMeSDKError} error */
function adviceOn(error) {
  const known = ADVICE.find(([errorClass]) => error instanceof errorClass);
  if (!known) return { status: 502, text: "digi.me's answer could not be used. Try again later." };
  const [, status, text, title] = known;
  return { status, text, title };
}
