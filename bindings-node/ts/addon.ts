/** The native half, or an error that says why there is none for this platform. */

import type * as Native from "../native";
import { type Obstacle, withoutBinary } from "./targets";

const OTHERWISE =
  "Elsewhere the addon can be built from the project's source, with Rust; NAPI_RS_NATIVE_LIBRARY_PATH is where it is found then.";

/** What the loader says of each place where no binary is. */
const NOT_THERE = /^(?:Cannot find native binding|Cannot find module '(?:\.\/)?digime-sdk[.-][\w.-]+'|Unsupported )/;

export const addon: typeof Native = load();

function load(): typeof Native {
  try {
    return require("../native") as typeof Native;
  } catch (error) {
    throw withoutBinary("digime-sdk", obstacleOf(error), OTHERWISE);
  }
}

/** What of the loader's failure is about this platform's binary: it tries many places, and guesses at a bug of npm. */
function obstacleOf(error: unknown): Obstacle {
  const met: string[] = [];
  for (let link = error as Partial<Error> | null | undefined; link; link = link.cause as Partial<Error> | null)
    met.push(`${link.message}`.split("\n", 1)[0] ?? ""); // below it stands who required it
  const reasons = [...new Set(met.filter((line) => !NOT_THERE.test(line)))];
  // What stopped the loader itself, before it looked anywhere. A chain is of its own making, and is said already.
  if (met.length === 1) return { reasons, cause: error };
  return { reasons, variable: process.env["NAPI_RS_NATIVE_LIBRARY_PATH"] ? "NAPI_RS_NATIVE_LIBRARY_PATH" : undefined };
}
