/** How a function of the application is told of events: after the turn in which they come, and whatever it throws. */

/** The path at which the function stands. */
export const ON_EVENT = "config.onEvent";

/** The function, for which nobody waits. */
export function unawaited(hook: (event: unknown) => unknown): (event: unknown) => void {
  return (event) => {
    setImmediate(() => {
      try {
        Promise.resolve(hook(event)).catch(() => {});
      } catch {
        // It is not the call's matter.
      }
    });
  };
}
