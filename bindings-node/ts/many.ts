/** How any number of things is handed over, of which few are in memory at once: the core asks for one portion after the other. */

/** A list, or anything else that can be iterated over, at once or later: the rows of a query, for one. */
export type Many<T> = Iterable<T> | AsyncIterable<T>;

type Items = Iterator<unknown> | AsyncIterator<unknown>;

/**
 * Makes a call with a function in place of what this option of it gives to iterate over, which is left when the call is over, as a loop
 * leaves it. A list is handed over as it is, and what is neither is the core's to refuse.
 */
export async function inPortions(
  options: unknown,
  option: string,
  call: (options: unknown) => Promise<unknown>,
): Promise<unknown> {
  // Whatever else there is, and wherever it comes from, stays as it is.
  const handed = (value: unknown) => Object.create(options as object, { [option]: { value, enumerable: true } });
  const given = (options as Record<string, unknown> | null | undefined)?.[option];
  // Portions are asked of a function: one of the application's own would be taken for that.
  if (typeof given === "function") return call(handed({}));
  const portions = portionsOf(given);
  if (!portions) return call(options);
  try {
    return await call(handed(portions.next));
  } finally {
    await portions.leave();
  }
}

function portionsOf(given: unknown): Portions | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  if (Symbol.asyncIterator in given)
    return new Portions(() => (given as AsyncIterable<unknown>)[Symbol.asyncIterator]());
  return Symbol.iterator in given ? new Portions(() => (given as Iterable<unknown>)[Symbol.iterator]()) : undefined;
}

class Portions {
  readonly #iterate: () => Items;
  #items: Items | undefined;
  #isAsked = false;
  #isOver = false;

  constructor(iterate: () => Items) {
    this.#iterate = iterate;
  }

  /** Gives the next, `limit` at most; none after the last. */
  readonly next = async (limit: unknown): Promise<unknown[]> => {
    const portion: unknown[] = [];
    while (portion.length < (limit as number) && !this.#isOver) await this.#take(portion);
    return portion;
  };

  async #take(portion: unknown[]): Promise<void> {
    this.#isAsked = true;
    try {
      this.#items ??= this.#iterate();
      const { done, value } = await this.#items.next();
      if (done) this.#isOver = true;
      else portion.push(value);
    } catch (error) {
      this.#isOver = true;
      throw error;
    } finally {
      this.#isAsked = false;
    }
  }

  /** Leaves what has not come to its end; what gives nothing at the moment is not waited for. */
  async leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const left = (async () => this.#items?.return?.())().catch(() => {});
    if (!this.#isAsked) await left;
  }
}
