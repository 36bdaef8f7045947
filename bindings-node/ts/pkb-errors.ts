/** The error classes of Patients Know Best. */

import { DigiMeSDKError, hide } from "./errors";

interface Refusal {
  pkbCode?: string | null;
  statusCode?: number | null;
}

/** Base of what goes wrong with Patients Know Best; as itself, PKB refused the request or gave an answer that makes no sense. */
export class PkbError extends DigiMeSDKError {
  /** PKB's code, if it gave one: `ACCESS_FROZEN_OUTWARD`, `invalid_client`. */
  declare readonly pkbCode?: string;
  /** The HTTP status, if there is an answer. */
  declare readonly statusCode?: number;

  constructor(message: string, { pkbCode, statusCode }: Refusal = {}) {
    super(message);
    if (typeof pkbCode === "string") this.pkbCode = pkbCode;
    if (typeof statusCode === "number") this.statusCode = statusCode;
  }
}

/** The patient, or PKB, did not grant the link. */
export class LinkDeniedError extends PkbError {
  /** What the callback said: `access_denied`. */
  readonly error: string;
  /** What it added, if anything. */
  declare readonly errorDescription?: string;

  constructor(message: string, { error, errorDescription }: { error: string; errorDescription?: string | null }) {
    super(message);
    this.error = error;
    if (typeof errorDescription === "string") this.errorDescription = errorDescription;
  }
}

/** The callback does not belong to an attempt to link that can go on: begin again with `getLinkUrl`. */
export class LinkStateError extends PkbError {
  /** What is wrong with it. */
  readonly reason: "missing" | "unknown" | "expired" | "used" | "mismatch";

  constructor(message: string, fields: { reason: LinkStateError["reason"] }) {
    super(message);
    this.reason = fields.reason;
  }
}

/** The app user has no link. */
export class NotLinkedError extends PkbError {}

/** PKB says that the session is over: the patient must link again. */
export class LinkExpiredError extends PkbError {
  /** PKB's code: `API_SESSION_EXPIRED`, `invalid_grant`. */
  readonly reason: string;

  constructor(message: string, fields: { reason: string }) {
    super(message);
    this.reason = fields.reason;
  }
}

/** The app user or the PKB record is linked already, to another. */
export class LinkConflictError extends PkbError {
  /** Which of them. */
  readonly conflict: "appUser" | "publicId";

  constructor(message: string, fields: { conflict: LinkConflictError["conflict"] }) {
    super(message);
    this.conflict = fields.conflict;
  }
}

/** One issue of an OperationOutcome. */
export interface FhirIssue {
  /** `fatal`, `error`, `warning` or `information`. */
  severity: string;
  /** The kind of issue, from FHIR's own list: `forbidden`. */
  code: string;
  /** What PKB adds, in words. */
  diagnostics: string | null;
}

interface FhirRefusal extends Refusal {
  statusCode: number;
  issues: FhirIssue[];
  operationOutcome: unknown;
}

/** PKB's FHIR API refused the request. An outcome may quote the patient's data, so dumps show no part of it. */
export class FhirError extends PkbError {
  declare readonly statusCode: number;
  /** The issues of the outcome; not enumerable. */
  declare readonly issues: FhirIssue[];
  /** The OperationOutcome as it came; not enumerable. */
  // biome-ignore lint/suspicious/noExplicitAny: FHIR resources come as the platform gives them.
  declare readonly operationOutcome: any;

  constructor(message: string, fields: FhirRefusal) {
    super(message, fields);
    hide(this, "issues", fields.issues);
    hide(this, "operationOutcome", fields.operationOutcome);
  }
}
