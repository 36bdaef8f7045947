/** The error classes of connections with digi.me. */

import { DigiMeSDKError, type Fields } from "./errors";

/** The person, or the platform, did not grant what was asked for. */
export class ConnectDeniedError extends DigiMeSDKError {
  /** What the callback said, if it gave a code. */
  declare readonly errorCode?: string;

  constructor(message: string, fields: Fields & { errorCode?: string | null } = {}) {
    super(message, fields);
    if (typeof fields.errorCode === "string") this.errorCode = fields.errorCode;
  }
}

/** The callback does not belong to an attempt to connect that can go on: begin again with `getConnectUrl`. */
export class ConnectStateError extends DigiMeSDKError {
  /** What is wrong with it. */
  readonly reason: "missing" | "unknown" | "expired" | "used" | "mismatch";

  constructor(message: string, fields: Fields & { reason: ConnectStateError["reason"] }) {
    super(message, fields);
    this.reason = fields.reason;
  }
}

/** The app user has no connection under this contract. */
export class NotConnectedError extends DigiMeSDKError {}

/** The platform accepts the connection's refresh token no more: the person must consent again. */
export class ConnectionExpiredError extends DigiMeSDKError {
  /** The platform's code: `InvalidGrant`. */
  readonly reason: string;

  constructor(message: string, fields: Fields & { reason: string }) {
    super(message, fields);
    this.reason = fields.reason;
  }
}

/** The app user is connected already, to the library of another person. */
export class ConnectionConflictError extends DigiMeSDKError {}
