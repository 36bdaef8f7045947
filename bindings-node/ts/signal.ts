/** What is taken for an `AbortSignal`. */

import type { ErrorData } from "../native";

const METHODS = ["throwIfAborted", "addEventListener", "removeEventListener"] as const;

/** Why a `signal` is none, if it is none: what has all that one is used for is one, whichever realm or library it comes from. */
export function flawOfSignal(signal: unknown): ErrorData | undefined {
  if (signal === undefined || signal === null) return undefined;
  const given = signal as Partial<AbortSignal>;
  if (METHODS.every((method) => typeof given[method] === "function")) return undefined;
  const path = "options.signal";
  const [name, code] = ["TypeValidationError", "ERR_TYPE_VALIDATION"];
  return {
    class: name,
    name,
    code,
    message: `Parameters failed validation. ${path}: is no AbortSignal`,
    fields: { path },
  };
}
