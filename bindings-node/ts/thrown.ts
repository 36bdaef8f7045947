/** How what a stream or function of the application threw reaches it again, with the new token that must not be lost. */

import { isDeepStrictEqual } from "node:util";
import type { ErrorData } from "../native";
import { errorOf, type Frames } from "./error-of";
import { hide } from "./errors";

/** What was thrown, as a call is rejected with it that failed for it. */
export function rejection(thrown: unknown, failed: ErrorData, frames: Frames): unknown {
  const token = failed.fields["userAccessToken"];
  if (token === undefined || carries(thrown, token)) return thrown;
  const error = errorOf(failed, frames);
  hide(error, "cause", thrown);
  return error;
}

/** Makes what was thrown carry the token, if it can. */
function carries(thrown: unknown, token: unknown): boolean {
  if ((typeof thrown !== "object" && typeof thrown !== "function") || thrown === null) return false;
  try {
    // One error may be thrown for several users: it must not come to carry the token of another.
    if ("userAccessToken" in thrown) return isDeepStrictEqual(thrown.userAccessToken, token);
    hide(thrown, "userAccessToken", token);
    return true;
  } catch {
    return false;
  }
}
