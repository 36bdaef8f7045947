/** The base of all error classes, and those of whatever platform and of digi.me's answers. */

import { type InspectOptions, inspect as inspectValue } from "node:util";
import type { UserAccessToken } from "./generated/data";

/** How the platform explains an error. */
export interface ApiError {
  /** The platform's code: `InvalidToken`. */
  code: string;
  /** The platform's message. */
  message: string;
  /** What to quote to the platform's support; there in every error that a call is rejected with. */
  reference?: string;
  /** The HTTP status. */
  statusCode?: number;
  /** The HTTP status in words. */
  statusMessage?: string;
}

/** A response that is no success and explains nothing. */
export interface FailedResponse {
  /** The HTTP status. */
  statusCode: number;
  /** The HTTP status in words. */
  statusMessage: string;
  /** The headers, names in lower case. */
  headers: Record<string, string>;
  /** The body as text; not enumerable, since it may hold anything. */
  readonly body: string;
}

/** What any error may carry. */
export interface Fields {
  /** What this came of. Not by its name in TypeScript's library, which has one for it from ES2022 on alone. */
  cause?: unknown;
  userAccessToken?: UserAccessToken;
}

/** Base of every error of this SDK; as itself, an answer of the platform that makes no sense. */
export class DigiMeSDKError extends Error {
  /** The name of the class; of a `ServerError` it is `DigiMeServerError`. */
  override name: string;
  /** A code that never changes; of a `TransportError` what the network reported. */
  readonly code: string;
  /** The token that replaced the one given, when the call failed after a refresh: store it, the old one is spent. */
  declare readonly userAccessToken?: UserAccessToken;
  /** After how many milliseconds the platform says that the call may be made again (`Retry-After`), if it says so. */
  declare readonly retryAfter?: number;

  constructor(message: string, fields: Fields = {}) {
    super(message, "cause" in fields ? { cause: fields.cause } : undefined);
    const { name, code } = new.target.prototype;
    // Own members, so that JSON and dumps show them.
    this.name = name;
    this.code = code;
    if (fields.userAccessToken) hide(this, "userAccessToken", fields.userAccessToken);
  }
}

/** The platform refused the request and said why. */
export class ServerError extends DigiMeSDKError {
  /** What the platform said; there in every error that a call is rejected with. */
  error?: ApiError;

  constructor(message: string, error?: ApiError, fields?: Fields) {
    super(message, fields);
    if (error) this.error = error;
  }
}

/** The platform does not accept this SDK, or this version of it. */
export class SDKInvalidError extends ServerError {}

/** An option is missing or wrong, and nothing was sent; or, if its `path` is empty, an answer of the platform does not fit. */
export class TypeValidationError extends DigiMeSDKError {
  /** The option: `options.contractDetails.privateKey`. Empty when an answer of the platform does not fit. */
  readonly path: string;

  constructor(message: string, fields: Fields & { path?: string } = {}) {
    super(message, fields);
    this.path = fields.path ?? "";
  }
}

/** A file cannot be decrypted with this key, or is damaged. */
export class FileDecryptionError extends DigiMeSDKError {}

/** What comes of a file is larger than the limit set. */
export class FileLimitError extends DigiMeSDKError {
  /** Which one, as the configuration names it. */
  readonly limit: string;

  constructor(message: string, fields: Fields & { limit: string }) {
    super(message, fields);
    this.limit = fields.limit;
  }
}

/** A failure without an explanation by the platform. */
export class HTTPError extends DigiMeSDKError {
  /** What came instead of an explanation. */
  readonly response: FailedResponse;

  constructor(message: string, fields: Fields & { response: FailedResponse }) {
    super(message, fields);
    this.response = { ...fields.response };
    hide(this.response, "body", fields.response.body);
  }
}

/**
 * How much of a request that got no answer was sent: `nothing`, so that the platform cannot have acted on it; `maybe` some or all; or
 * the `whole` of it, so that it most likely has.
 */
export type Sent = "nothing" | "maybe" | "whole";

/** A time-out. */
export class TimeoutError extends DigiMeSDKError {
  /** Which one: `connect`, `idle`, `total` or `call`, or the name of a limit of `pollingLimits`. */
  readonly phase: string;
  /** How many milliseconds it is set to. */
  readonly after: number;
  /** How much of the request was sent. */
  readonly sent: Sent;

  constructor(message: string, fields: Fields & { phase: string; after: number; sent: Sent }) {
    super(message, fields);
    this.phase = fields.phase;
    this.after = fields.after;
    this.sent = fields.sent;
  }
}

/** What the network reported. */
export interface NetworkError extends Error {
  /** Node's word for it: `ECONNREFUSED` and the like. */
  code: string;
}

/** No answer came. Its `code` is that of its `cause`. */
export class TransportError extends DigiMeSDKError {
  /** What the network reported. */
  declare readonly cause: NetworkError;
  /** How much of the request was sent. */
  readonly sent: Sent;

  constructor(message: string, fields: Fields & { cause: string | NetworkError; sent: Sent }) {
    const { cause } = fields;
    super(message, { ...fields, cause: typeof cause === "string" ? networkError(cause) : cause });
    if (this.cause.code) Object.assign(this, { code: this.cause.code });
    this.sent = fields.sent;
  }
}

function networkError(code: string): NetworkError {
  const error = Object.assign(new Error(code), { code });
  // It is the network's: where it was made says nothing.
  hide(error, "stack", `Error: ${code}`);
  return error;
}

/** A token that is said to be the platform's does not verify. */
export class TokenVerificationError extends DigiMeSDKError {}

/**
 * The access token was refreshed, but what had been sent in part cannot be sent again as it was: a stream too long to be kept, or bytes
 * that have changed. Nothing was stored. Push it again with `userAccessToken`.
 */
export class UploadNotRepeatableError extends DigiMeSDKError {}

/** The client was closed before the call was made, of which nothing was sent. */
export class ClientClosedError extends DigiMeSDKError {}

/** The store cannot be read or written, or a record in it is changed by others all the time. */
export class StoreError extends DigiMeSDKError {
  /** What failed. */
  readonly operation: "read" | "write" | "change";

  constructor(message: string, fields: Fields & { operation: StoreError["operation"] }) {
    super(message, fields);
    this.operation = fields.operation;
  }
}

/** How long a text of somebody else's is in a dump, and how long the whole dump, in letters. */
const LONGEST_TEXT = 500;
const LONGEST_DUMP = 10_000;

/** What turns the letters of a line around, or ends it, and is not escaped by Node. */
const TURNING = /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A dump of an error: what the platform said is escaped in it, and cut off where it is long. */
function dump(this: DigiMeSDKError, depth: number, options: InspectOptions, inspect: typeof inspectValue): string {
  const maxStringLength = Math.min(options.maxStringLength ?? LONGEST_TEXT, LONGEST_TEXT);
  const raw = inspect(this, { ...options, depth, maxStringLength, customInspect: false });
  const whole = raw.replace(TURNING, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return whole.length > LONGEST_DUMP ? `${whole.slice(0, LONGEST_DUMP)}… (${whole.length - LONGEST_DUMP} more)` : whole;
}
hide(DigiMeSDKError.prototype, inspectValue.custom, dump);

/** Makes a member that dumps do not show. */
export function hide(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: false });
}
