/** What never crosses the border: the functions and streams that the caller gave, by where they stand in its options. */

import type { Reply, Step } from "../native";
import { STREAMS } from "./generated/operations";
import { ByteSource } from "./streams";

/** A function that is told something and awaited. What it returns beside a promise is of no account. */
export type Callback<T> = ((argument: T) => void) | ((argument: T) => Promise<void>);

type Question = Extract<Step, { read: string } | { invoke: string }>;
type HostFunction = (argument: unknown) => unknown;

/** The caller's functions and streams of one call, or of the configuration. */
export class Kept {
  readonly #functions = new Map<string, HostFunction>();
  readonly #sources = new Map<string, ByteSource>();
  readonly #failures = new Map<string, unknown>();

  /** Functions of the configuration serve every call. */
  constructor(ofConfiguration?: Kept) {
    if (!ofConfiguration) return;
    for (const [path, call] of ofConfiguration.#functions) this.#functions.set(`config.${path}`, call);
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
      if ("read" in question) return { value: await found(this.#sources, path).read() };
      return { value: await found(this.#functions, path)(question.argument) };
    } catch (error) {
      if (!this.#failures.has(path)) this.#failures.set(path, error);
      return { failed: true };
    }
  }

  /** Throws what the stream or function at this path threw first, if it did. */
  rethrow(path: unknown): void {
    if (typeof path === "string" && this.#failures.has(path)) throw this.#failures.get(path);
  }

  /** Closes the streams of a call that is over. */
  release(): void {
    for (const source of this.#sources.values()) source.close();
  }
}

function found<T>(things: Map<string, T>, path: string): T {
  const thing = things.get(path);
  // To go on would push a file without its content.
  if (thing === undefined) throw new ReferenceError(`The core asks for ${path}, which was not given.`);
  return thing;
}
