/** How the bytes of a source are joined to pieces that are worth a step. */

import { isUint8Array } from "node:util/types";
import { seen } from "./bytes";
import { type Chunks, chunksOf } from "./chunks";
import type { Stream } from "./unread";

/** So many bytes cross the border at a time: a step costs as much as copying a good part of them, so smaller chunks are joined. */
const STEP = 1024 * 1024;

/** One stream of the caller. */
export class ByteSource {
  readonly #chunks: Chunks;
  readonly #path: string;
  /** Memory that the caller never sees: its own may be detached or written to in any turn. */
  #joined: Uint8Array | undefined;
  /** What did not fit beside the bytes before it. The caller is not asked for more before it is gone. */
  #left: Uint8Array | undefined;
  #over = false;

  constructor(stream: Stream, path: string) {
    this.#chunks = chunksOf(stream);
    this.#path = path;
  }

  /** The next bytes, which are good until the next read. Null at the end. */
  async read(): Promise<Uint8Array | null> {
    let size = 0;
    while (size < STEP) {
      const given = this.#left ?? (await this.#next());
      this.#left = undefined;
      if (given === undefined) break;
      const chunk = seen(given);
      if (!chunk) throw this.#misuse("the memory of a chunk was detached or resized before it was sent");
      this.#joined ??= new Uint8Array(STEP);
      const room = STEP - size;
      this.#joined.set(chunk.byteLength > room ? chunk.subarray(0, room) : chunk, size);
      if (chunk.byteLength > room) this.#left = chunk.subarray(room);
      size += Math.min(chunk.byteLength, room);
    }
    return this.#joined && size > 0 ? this.#joined.subarray(0, size) : null;
  }

  /** Closes a stream that is not at its end. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    // The call is over: how the closing of its source ends concerns nobody any more.
    Promise.resolve()
      .then(() => this.#chunks.stop())
      .catch(() => {});
  }

  async #next(): Promise<Uint8Array | undefined> {
    if (this.#over) return undefined;
    let step: Awaited<ReturnType<Chunks["next"]>>;
    try {
      step = await this.#chunks.next();
    } catch (error) {
      this.#over = true;
      throw error;
    }
    if (step.misused) throw this.#misuse(step.misused);
    if (step.done) {
      this.#over = true;
      return undefined;
    }
    if (typeof step.value === "string") return Buffer.from(step.value);
    if (isUint8Array(step.value)) return step.value;
    throw this.#misuse("a stream must yield Buffers, Uint8Arrays or strings");
  }

  #misuse(what: string): TypeError {
    return new TypeError(`options.${this.#path}: ${what}`);
  }
}
