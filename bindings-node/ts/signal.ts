/** What is taken for an `AbortSignal`, and how it is listened to. */

import type { ErrorData } from "../native";

const METHODS = ["addEventListener", "removeEventListener"] as const;

/** Why a `signal` is none, if it is none: what has all that one is used for is one, whichever realm or library it comes from. */
export function flawOfSignal(signal: unknown): ErrorData | undefined {
  if (signal === undefined || signal === null) return undefined;
  const given = signal as Partial<AbortSignal>;
  const isHeard = METHODS.every((method) => typeof given[method] === "function");
  if (isHeard && typeof given.aborted === "boolean") return undefined;
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

/** Who waits for a signal, and the one listener by which they do. */
interface Waiting {
  readonly all: Set<() => void>;
  readonly listener: () => void;
}

/** One for each signal, however many calls that serves: of more than ten listeners Node warns. */
const waiting = new WeakMap<AbortSignal, Waiting>();

/** Calls back when the signal is aborted, unless it is let go of before by what this gives. */
export function onAbort(signal: AbortSignal, aborted: () => void): () => void {
  const here = waiting.get(signal) ?? listenedTo(signal);
  here.all.add(aborted);
  return () => {
    here.all.delete(aborted);
    if (here.all.size === 0) letGo(signal, here);
  };
}

function listenedTo(signal: AbortSignal): Waiting {
  const here: Waiting = {
    all: new Set(),
    listener: () => {
      letGo(signal, here);
      for (const aborted of here.all) aborted();
    },
  };
  waiting.set(signal, here);
  signal.addEventListener("abort", here.listener, { once: true });
  return here;
}

function letGo(signal: AbortSignal, here: Waiting): void {
  if (waiting.get(signal) === here) waiting.delete(signal);
  signal.removeEventListener("abort", here.listener);
}
