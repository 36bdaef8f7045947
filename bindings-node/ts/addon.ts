/** The native half, or an error that says why there is none for this platform. */

import type * as Native from "../native";
import { withoutBinary } from "./targets";

const OTHERWISE =
  "Elsewhere the addon can be built from the project's source, with Rust; NAPI_RS_NATIVE_LIBRARY_PATH is where it is found then.";

export const addon: typeof Native = load();

function load(): typeof Native {
  try {
    return require("../native") as typeof Native;
  } catch (error) {
    throw withoutBinary("digime-sdk", reasonsOf(error), OTHERWISE, error);
  }
}

/** Why a binary that is there could not be loaded: the loader tries many places, most of which are not there. */
function reasonsOf(error: unknown): string[] {
  const { cause } = error as { cause?: unknown };
  if (!(cause instanceof Error)) return [];
  const others = reasonsOf(cause);
  return /^(?:Cannot find|Unsupported|WASI)|ERR_MODULE_NOT_FOUND/.test(cause.message)
    ? others
    : [cause.message, ...others];
}
