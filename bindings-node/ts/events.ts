/** What becomes of events: lines in the log of `NODE_DEBUG=digime-sdk`, and a function of the application that is told of them. */

import { debuglog } from "node:util";
import type { SdkEvent } from "./generated/data";

/** The path at which the function stands. */
export const ON_EVENT = "config.onEvent";

const log = debuglog("digime-sdk");

/** Calls a function for which nobody waits, and whatever it throws. */
export function unheeded(hook: (told: unknown) => unknown, told: unknown): void {
  try {
    Promise.resolve(hook(told)).catch(() => {});
  } catch {
    // It is not the call's matter.
  }
}

/** The configuration with an `onEvent` that writes the log, if there is one to be written, and then tells that of the application. */
export function logged(config: unknown): unknown {
  if (!log.enabled || typeof config !== "object" || config === null) return config;
  const { onEvent } = config as { onEvent?: unknown };
  // What is no function is the core's to refuse.
  if (onEvent !== undefined && typeof onEvent !== "function") return config;
  const told = (event: SdkEvent) => {
    log("%s", lineOf(event));
    return onEvent?.call(config, event);
  };
  return Object.create(config, { onEvent: { value: told, enumerable: true } });
}

function lineOf({ at, type, level, call, callId, ...members }: SdkEvent): string {
  const told = Object.entries(members).map(([name, value]) => `${name}=${value}`);
  return [...(call === undefined ? [] : [`${call}#${callId}`]), type, ...told].join(" ");
}
