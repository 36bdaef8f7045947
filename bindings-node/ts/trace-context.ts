/** How a function is asked of which trace an attempt at a request is: it may take a second, and do what it likes. */

import { setTimeout as pause } from "node:timers/promises";

/** The path at which the function stands. */
export const TRACE_CONTEXT = "config.traceContext";

/** How long a request waits for it, in milliseconds. Its call asks for nothing else meanwhile. */
const LONGEST = 1000;

/** The function, which answers in time and with what is asked for, or with nothing. */
export function inTime(call: (attempt: unknown) => unknown): (attempt: unknown) => Promise<unknown> {
  return async (attempt) => {
    const ended = new AbortController();
    try {
      return await Promise.race([answered(call, attempt), pause(LONGEST, undefined, { signal: ended.signal })]);
    } catch {
      return undefined;
    } finally {
      ended.abort();
    }
  };
}

async function answered(call: (attempt: unknown) => unknown, attempt: unknown): Promise<unknown> {
  const { traceparent, tracestate } = (await call(attempt)) as Record<string, unknown>;
  return { traceparent, tracestate };
}
