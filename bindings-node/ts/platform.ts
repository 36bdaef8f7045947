/** How the calls of a platform become a plain object of functions. */

import { addon } from "./addon";
import { reading, withErrorsTold } from "./all-files";
import { begin, type Call } from "./call";
import { type Frames, framesBelow, refusalOf } from "./error-of";
import { hide } from "./errors";
import { logged } from "./events";
import { PLATFORMS } from "./generated/platforms";
import { iterable } from "./iteration";
import { CONFIGURATION, Kept } from "./kept";
import { inPortions } from "./many";
import { ofThisRealm, variables } from "./realm";
import { withMethods } from "./store";
import type { Platform, Traits } from "./traits";

type Method = (options?: unknown) => unknown;

/**
 * The calls of a platform. `callee` is the function that the application called for them.
 *
 * @throws {TypeValidationError} when the configuration is wrong.
 */
export function connect(
  name: keyof typeof PLATFORMS,
  config: unknown,
  callee: (config: never) => unknown,
): Record<string, Method> {
  const { calls, ...settings }: Platform = PLATFORMS[name];
  const kept = new Kept();
  const handed = withMethods(logged(config), settings);
  const client = addon.open(name, handed, variables(), (path, value, holder) => {
    return kept.keep(CONFIGURATION + path, value, holder === handed ? config : holder);
  });
  if ("failed" in client) throw refusalOf(config, ofThisRealm(client.failed), framesBelow(callee));
  const methods = Object.entries(calls).map(([call, traits]) => {
    const begun = (options: unknown, frames: Frames) => begin(client, call, options, kept, frames);
    return [call, named(call, methodOf(begun, traits))];
  });
  const sdk: Record<string, Method> = Object.fromEntries(methods);
  const { close } = sdk;
  // For `await using`; not among what an application takes apart.
  hide(sdk, Symbol.asyncDispose, async () => void (await close?.()));
  return sdk;
}

function methodOf(begun: (options: unknown, frames: Frames) => Call, traits: Traits): Method {
  const { iterates, many, optional, reading: isReading } = traits;
  const given = (options: unknown) => (options === undefined && optional ? {} : options);
  const frames = () => framesBelow(method);
  const method: Method = iterates
    ? (options) => {
        const called = frames();
        return iterable((tell) => begun({ ...(options as object), [iterates]: tell }, called));
      }
    : isReading
      ? (options) => reading(begun(withErrorsTold(options), frames()))
      : many
        ? async (options) => {
            const called = frames();
            return inPortions(options, many, (handed) => begun(handed, called).outcome);
          }
        : async (options) => begun(given(options), frames()).outcome;
  return method;
}

/** The function under the name of its call. */
function named(name: string, method: Method): Method {
  return Object.defineProperty(method, "name", { value: name, configurable: true });
}
