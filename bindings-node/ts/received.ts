/** What becomes of a value that the core hands out: a native stream is a web stream for the caller, a native failure an error. */

import type { ReadableStream } from "node:stream/web";
import { isUint8Array } from "node:util/types";
import type { NativeByteStream, NativeShared, Step } from "../native";
import { addon } from "./addon";
import { putInPlace } from "./documents";
import { errorOf, type Frames } from "./error-of";
import type { Kept } from "./kept";
import { ofThisRealm } from "./realm";
import { onAbort } from "./signal";
import { onDemand } from "./web-stream";

/** What one call is handed. */
export class Receiver {
  readonly #options: unknown;
  readonly #frames: Frames;
  readonly #kept: Kept;
  readonly #signal: AbortSignal | undefined;
  /** The value that came last of those that come again and again, and what was made of it. */
  #shared: { native: NativeShared; value: unknown } | undefined;

  constructor(options: unknown, frames: Frames, kept: Kept, signal?: AbortSignal) {
    this.#options = options;
    this.#frames = frames;
    this.#kept = kept;
    this.#signal = signal;
  }

  /** The step as the caller gets it; changed in place. */
  received(step: Step): Step {
    this.#made(step);
    if ("documents" in step) {
      putInPlace(step.documents);
      // They name the step itself where a document is all that there is.
      delete step.documents;
    }
    return ofThisRealm(step);
  }

  #made(value: unknown): unknown {
    if (value instanceof addon.NativeByteStream) {
      return webStream(value, () => this.#tell(value), this.#frames, this.#signal);
    }
    if (value instanceof addon.NativeFailure) {
      const { failed, documents } = value.data();
      putInPlace(documents);
      return errorOf(ofThisRealm(failed), this.#frames);
    }
    if (value instanceof addon.NativeGiven) return (this.#options as Record<string, unknown>)[value.name];
    if (value instanceof addon.NativeShared) return this.#valueOf(value);
    // A list is data through and through.
    if (typeof value !== "object" || value === null || Array.isArray(value) || isUint8Array(value)) return value;
    const members = value as Record<string, unknown>;
    for (const name of Object.keys(members)) members[name] = this.#made(members[name]);
    return value;
  }

  /** Tells of what has become of a stream, when that is over. */
  async #tell(stream: NativeByteStream): Promise<void> {
    for (const step of await stream.laterSteps()) if ("invoke" in step) await this.#kept.answer(ofThisRealm(step));
  }

  #valueOf(native: NativeShared): unknown {
    if (!this.#shared?.native.is(native)) {
      const { value, documents } = native.value();
      putInPlace(documents);
      this.#shared = { native, value: ofThisRealm(value) };
    }
    return this.#shared.value;
  }
}

function webStream(
  stream: NativeByteStream,
  tell: () => Promise<void>,
  frames: Frames,
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  // A signal may outlive many streams.
  let letGo = () => {};
  const source = {
    start(controller: ReadableStreamDefaultController<Uint8Array>) {
      const abort = () => {
        stream.close();
        void tell();
        controller.error(signal?.reason);
      };
      if (signal) letGo = onAbort(signal, abort);
    },
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const next = await stream.next();
      if (signal?.aborted) return;
      if ("chunks" in next) {
        for (const chunk of next.chunks) controller.enqueue(plain(chunk));
        return;
      }
      letGo();
      await tell();
      if ("failed" in next) controller.error(errorOf(ofThisRealm(next.failed), frames));
      else controller.close();
    },
    async cancel() {
      letGo();
      stream.close();
      await tell();
    },
  };
  // The core reads ahead itself.
  return onDemand(source);
}

/** A web stream yields no Buffers. */
function plain({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
