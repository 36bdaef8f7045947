/** How the SDK comes to life: one client of the core behind a plain object of functions. */

import { open } from "../native";
import { reading } from "./all-files";
import { begin, type Call } from "./call";
import { errorOf, framesBelow } from "./errors";
import { type DigiMeSDK, METHODS } from "./generated/operations";
import type { SdkConfiguration } from "./generated/types";
import { Kept } from "./kept";

/**
 * Makes the SDK for one application. Nothing is sent yet.
 *
 * @throws {TypeValidationError} when the configuration is wrong.
 */
export function init(config: SdkConfiguration): DigiMeSDK {
  const kept = new Kept();
  const client = open(config, kept.keep);
  if ("failed" in client) throw errorOf(client.failed, framesBelow(init));
  const sdk: Record<string, unknown> = {};
  for (const name of METHODS) {
    const begun = (options: unknown): Call => begin(client, name, options, kept, framesBelow(method));
    const method: (options: unknown) => unknown =
      name === "readAllFiles" ? (options) => reading(begun(options)) : async (options) => begun(options).outcome;
    sdk[name] = method;
  }
  return sdk as unknown as DigiMeSDK;
}
