/** How a call that tells of one thing after another is iterated over, at the pace of who iterates. */

import type { Call } from "./call";

/** Is awaited by the call before it goes on. */
type Tell = (item: unknown) => Promise<void>;

type Arrival = { item: unknown } | { error: unknown } | { ended: true };

/** What the call tells of. Each iteration is a call of its own, begun when its first item is asked for. */
export function iterable(begin: (tell: Tell) => Call): AsyncIterable<unknown> {
  return { [Symbol.asyncIterator]: () => new Iteration(begin) };
}

class Iteration implements AsyncIterableIterator<unknown> {
  readonly #items: AsyncGenerator<unknown, void>;
  #call: Call | undefined;
  #goOn = (): void => {};
  #arrive = (_: Arrival): void => {};

  constructor(begin: (tell: Tell) => Call) {
    this.#items = this.#iterate(begin);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    return this.#items.next();
  }

  /** Closes the call at once, also while an item is awaited. */
  return(): Promise<IteratorResult<unknown>> {
    this.#leave();
    return this.#items.return();
  }

  async *#iterate(begin: (tell: Tell) => Call): AsyncGenerator<unknown, void> {
    let arrival = this.#arrival();
    this.#call = begin((item) => {
      this.#arrive({ item });
      return new Promise((resolve) => {
        this.#goOn = resolve;
      });
    });
    this.#call.outcome.then(
      () => this.#arrive({ ended: true }),
      (error) => this.#arrive({ error }),
    );
    try {
      for (;;) {
        const arrived = await arrival;
        if ("error" in arrived) throw arrived.error;
        if ("ended" in arrived) return;
        // The call may fail, being aborted, while the item is dealt with.
        arrival = this.#arrival();
        yield arrived.item;
        this.#goOn();
      }
    } finally {
      this.#leave();
    }
  }

  #arrival(): Promise<Arrival> {
    return new Promise((resolve) => {
      this.#arrive = resolve;
    });
  }

  #leave(): void {
    this.#call?.close();
    this.#arrive({ ended: true });
    this.#goOn();
  }
}
