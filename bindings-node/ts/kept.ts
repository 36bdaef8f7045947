/** What never crosses the border: the functions and streams that the caller gave, by where they stand in its options. */

import type { Reply, Step } from "../native";
import { STREAMS } from "./generated/operations";
import { ByteSource } from "./streams";

/** A function that is told something and awaited. What it returns beside a promise is of no account. */
export type Callback<T> = ((argument: T) => void) | ((argument: T) => Promise<void>);

type Question = Extract<Step, { read: string } | { invoke: string }>;
type HostFunction = (argument: unknown) => unknown;

/** What the paths of the configuration's functions open with. */
export const CONFIGURATION = "config.";

/** The caller's functions and streams of one call, or of the configuration. */
export class Kept {
  readonly #functions = new Map<string, HostFunction>();
  readonly #sources = new Map<string, ByteSource>();
  readonly #failures = new Map<string, unknown>();
  readonly #configuration: Kept;

  /** Functions of the configuration serve every call; without it, this is what keeps them. */
  constructor(configuration?: Kept) {
    this.#configuration = configuration ?? this;
  }

  readonly keep = (path: string, value: unknown, holder: unknown): void => {
    if (typeof value === "function") {
      this.#functions.set(path, (argument) => Reflect.apply(value, holder, [argument]));
    } else if (STREAMS.includes(path.slice(path.lastIndexOf(".") + 1))) {
      // Any other stream, such as the output of a logger among options that the core ignores, is none of this call's business.
      this.#sources.set(path, new ByteSource(value, path));
    }
  };

  /** Reads the stream or calls the function that the core asks for. What that throws stays here. */
  async answer(question: Question): Promise<Reply> {
    const path = "read" in question ? question.read : question.invoke;
    try {
      if ("read" in question) return { value: await found(this.#sources.get(path), path).read() };
      const call = this.#functions.get(path) ?? this.#configuration.#functions.get(path);
      return { value: await found(call, path)(question.argument) };
    } catch (error) {
      this.#remember(path, error);
      return { failed: true };
    }
  }

  /**
   * Throws what the stream or function at this path threw, if it did: in this call, or in another that did work for both, as one
   * refreshes for all that wait for the new tokens.
   */
  rethrow(path: unknown): void {
    if (typeof path !== "string") return;
    for (const kept of [this, this.#configuration]) {
      if (kept.#failures.has(path)) throw kept.#failures.get(path);
    }
  }

  /** Closes the streams of a call that is over. */
  release(): void {
    for (const source of this.#sources.values()) source.close();
  }

  #remember(path: string, error: unknown): void {
    // What a function of the configuration throws may be overcome, as a store is asked again; what an option throws never is.
    const replaces = path.startsWith(CONFIGURATION);
    if (replaces) this.#configuration.#failures.set(path, error);
    if (replaces || !this.#failures.has(path)) this.#failures.set(path, error);
  }
}

function found<T>(thing: T | undefined, path: string): T {
  // To go on would push a file without its content.
  if (thing === undefined) throw new ReferenceError(`The core asks for ${path}, which was not given.`);
  return thing;
}
