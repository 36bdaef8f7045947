/** What never crosses the border: the functions, streams and large buffers that the caller gave, by where they stand in its options. */

import { setImmediate } from "node:timers";
import { isBoxedPrimitive } from "node:util/types";
import type { Crossing, ErrorData, Reply, Step } from "../native";
import { type Bytes, isBytes, isResizable, LargeBuffer, seen, unshared } from "./bytes";
import { hide, TransportError } from "./errors";
import { ON_EVENT, unheeded } from "./events";
import type { Fetch } from "./fetch";
import { SOURCES } from "./generated/platforms";
import { ByteSource } from "./streams";
import { inTime, TRACE_CONTEXT } from "./trace-context";
import { type Stream, streamOf, take } from "./unread";
import { wrapped } from "./wrapped";

type Question = Extract<Step, { read: string } | { invoke: string }>;
type HostFunction = (argument: unknown) => unknown;

/** The path of the function of a call that is told of answers. */
const ON_RESPONSE = "onResponse";

/** What the paths of the configuration's functions open with. */
export const CONFIGURATION = "config.";

/** The path at which a transport of the application's own stands. */
const FETCH = "config.fetch";

/** Up to this size a buffer is copied in the turn in which it is handed over. */
const COPIED_AT_ONCE = 4 * 1024 * 1024;

/** The caller's functions, streams and large buffers of one call, or of the configuration. */
export class Kept {
  readonly #functions = new Map<string, HostFunction>();
  readonly #sources = new Map<string, ByteSource>();
  readonly #buffers = new Map<string, LargeBuffer>();
  readonly #failures = new Map<string, unknown>();
  readonly #configuration: Kept;
  #fetch: Fetch | undefined;
  #fetchFailure: unknown;

  /** Functions of the configuration serve every call; without it, this is what keeps them. */
  constructor(configuration?: Kept) {
    this.#configuration = configuration ?? this;
  }

  readonly keep = (path: string, value: unknown, holder: unknown): Crossing | undefined => {
    if (path === FETCH && typeof value === "function") {
      this.#fetch = value as Fetch;
      return undefined;
    }
    if (typeof value === "function") {
      const call = (argument: unknown) => Reflect.apply(value, holder, [argument]);
      this.#functions.set(path, whenAsked(path, call));
      return undefined;
    }
    const isSource = SOURCES.includes(path.slice(path.lastIndexOf(".") + 1));
    if (isBytes(value)) return this.#crossing(path, value, isSource);
    if (isBoxedPrimitive(value)) return { wraps: wrapped(value) };
    // Any other stream, such as the output of a logger among options that the core ignores, is none of this call's business.
    if (!isSource) return undefined;
    const flaw = take(value as Stream);
    if (flaw !== undefined) return { refused: flaw };
    this.#sources.set(path, new ByteSource(streamOf(value as Stream), path));
    return undefined;
  };

  /** The application's own transport, if it has one. It is called without a `this`, as that of the realm is. */
  get fetch(): Fetch | undefined {
    return this.#configuration.#fetch;
  }

  /** Remembers what `fetch` failed with last. */
  readonly fetchFailed = (error: unknown): void => {
    this.#fetchFailure = error;
  };

  /** The error of a call, which tells what `fetch` failed with where it is for that. */
  explained(error: Error): Error {
    if (error instanceof TransportError && this.#fetchFailure !== undefined)
      hide(error.cause, "cause", this.#fetchFailure);
    return error;
  }

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

  /** A piece of the large buffer that the core asks for, to be handed over in this turn. */
  piece({ readKept: path, from }: { readKept: string; from: number }): Reply {
    try {
      return { value: found(this.#buffers.get(path), path).piece(from) };
    } catch (error) {
      this.#remember(path, error);
      return { failed: true };
    }
  }

  /**
   * What the stream or function threw that made a call fail, if one did: in this call, or in another that did work for both, as one
   * refreshes for all that wait for the new tokens.
   */
  thrown({ fields: { host } }: ErrorData): { error: unknown } | undefined {
    if (typeof host !== "string") return undefined;
    const kept = [this, this.#configuration].find((kept) => kept.#failures.has(host));
    return kept && { error: kept.#failures.get(host) };
  }

  /** Closes the streams of a call that is over, and lets go of its buffers. */
  release(): void {
    for (const source of this.#sources.values()) source.close();
    this.#buffers.clear();
  }

  #crossing(path: string, bytes: Bytes, isSource: boolean): Crossing {
    const now = seen(bytes);
    if (!now) return { refused: "is a buffer whose memory was detached or resized" };
    // Of memory that was resized there and back it cannot be told that its content is gone.
    const isCopied = !isSource || now.byteLength <= COPIED_AT_ONCE || isResizable(now.buffer);
    if (isCopied) return { copied: unshared(now) };
    this.#buffers.set(path, new LargeBuffer(bytes, now.byteLength, path));
    return { length: now.byteLength };
  }

  #remember(path: string, error: unknown): void {
    // What a function of the configuration throws may be overcome, as a store is asked again; what an option throws never is.
    const replaces = path.startsWith(CONFIGURATION);
    if (replaces) this.#configuration.#failures.set(path, error);
    if (replaces || !this.#failures.has(path)) this.#failures.set(path, error);
  }
}

/** Not that of tests in which time is faked, and nothing ever later. */
const later = setImmediate;

/** What is done when the core asks for a function: for some nobody waits. */
function whenAsked(path: string, call: HostFunction): HostFunction {
  if (path === ON_EVENT) return (event) => void later(() => unheeded(call, event));
  if (path === TRACE_CONTEXT) return inTime(call);
  return path === ON_RESPONSE ? (response) => unheeded(call, response) : call;
}

function found<T>(thing: T | undefined, path: string): T {
  // To go on would push a file without its content.
  if (thing === undefined) throw new ReferenceError(`The core asks for ${path}, which was not given.`);
  return thing;
}
