/** How an error that the core gives as data becomes an instance of its class. */

import type { ErrorData } from "../native";
import * as connectionErrors from "./connection-errors";
import * as errors from "./errors";
import { ERROR_CLASSES, type ErrorClassName } from "./generated/errors";
import * as pkbErrors from "./pkb-errors";
import * as providerDataErrors from "./provider-data-error";

// biome-ignore lint/suspicious/noExplicitAny: each class takes its own fields, and the core names the class together with them.
type AnyErrorClass = new (message: string, ...fields: any[]) => errors.DigiMeSDKError;

const CLASSES: Record<ErrorClassName, AnyErrorClass> = {
  ...errors,
  ...connectionErrors,
  ...pkbErrors,
  ...providerDataErrors,
};

for (const row of ERROR_CLASSES) {
  const { prototype } = CLASSES[row.class];
  errors.hide(prototype, "name", row.name);
  errors.hide(prototype, "code", row.code);
}

/** Where the application called from. */
export interface Frames {
  readonly stack?: string;
}

/** Remembers the frames below `callee`. They are made readable only when an error needs them. */
export function framesBelow(callee: (...parameters: never) => unknown): Frames {
  const frames: Frames = {};
  Error.captureStackTrace(frames, callee);
  return frames;
}

/** The instance for what the core refuses, which knows one word for `null` and for what is not given. */
export function refusalOf(given: unknown, data: ErrorData, frames: Frames): errors.DigiMeSDKError {
  const message = given === undefined ? data.message.replace(/, got null$/, ", got undefined") : data.message;
  return errorOf({ ...data, message }, frames);
}

/** The instance for an error that the core gives as data, its stack that of the application's call. */
export function errorOf(data: ErrorData, { stack }: Frames): errors.DigiMeSDKError {
  const Class = CLASSES[data.class as ErrorClassName];
  const { message, fields } = data;
  // This class is made as that of the JavaScript SDK is.
  const isServers = Class.prototype instanceof errors.ServerError || Class === errors.ServerError;
  const error = isServers ? new Class(message, fields["error"], fields) : new Class(message, fields);
  const { retryAfter } = data.fields;
  if (typeof retryAfter === "number") Object.assign(error, { retryAfter });
  // A tool that formats stacks itself may make of them what it likes.
  if (typeof stack === "string") {
    const frames = stack.match(/(\n +at .*)+$/)?.[0] ?? "";
    errors.hide(error, "stack", `${error.name}: ${error.message}${frames}`);
  }
  return error;
}
