/** How the bytes of a Node stream, a web stream or any async iterable are read on the core's demand. */

import { PassThrough, type Readable } from "node:stream";
import { isUint8Array } from "node:util/types";

/** The content of a file: the bytes themselves, or a Node stream, a web stream or an async iterable of them. */
export type FileData = Uint8Array | ArrayBuffer | AsyncIterable<Uint8Array | string> | WebStream;

/** A web `ReadableStream`, whichever library declares it. */
interface WebStream {
  getReader(): { read(): Promise<{ done: boolean; value?: unknown }>; cancel(reason?: unknown): Promise<void> };
}

interface Chunks {
  next(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  stop(): unknown;
}

/** So many bytes cross the border at a time: a step costs as much as copying a good part of them, so smaller chunks are joined. */
const STEP = 1024 * 1024;

/** One stream of the caller. */
export class ByteSource {
  readonly #chunks: Chunks;
  readonly #path: string;
  #joined: Uint8Array | undefined;
  /** A chunk that did not fit beside those before it. The caller is not asked for more before it is gone. */
  #left: Uint8Array | undefined;
  #over = false;

  constructor(stream: unknown, path: string) {
    this.#chunks = chunksOf(stream as Stream);
    this.#path = path;
  }

  /** The next bytes, which are good until the next read: the caller may use its buffer again. Null at the end. */
  async read(): Promise<Uint8Array | null> {
    let size = 0;
    while (size < STEP) {
      const chunk = this.#left ?? (await this.#next());
      this.#left = undefined;
      if (chunk === undefined) break;
      if (size + chunk.byteLength > STEP) {
        if (size === 0) return chunk;
        this.#left = chunk;
        break;
      }
      this.#joined ??= new Uint8Array(STEP);
      this.#joined.set(chunk, size);
      size += chunk.byteLength;
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
    if (step.done) {
      this.#over = true;
      return undefined;
    }
    if (typeof step.value === "string") return Buffer.from(step.value);
    if (isUint8Array(step.value)) return step.value;
    throw new TypeError(`options.${this.#path}: a stream must yield Buffers, Uint8Arrays or strings`);
  }
}

type Stream = Partial<WebStream> & Partial<Readable>;

/** Nothing is read, locked or set going before the first `next`: a call that fails early asks for nothing. */
function chunksOf(stream: Stream): Chunks {
  if (stream.getReader) return webChunks(stream as WebStream);
  if (!stream.pipe) return iteratedChunks(stream as AsyncIterable<unknown>);
  return stream[Symbol.asyncIterator] ? nodeChunks(stream as Readable) : pipedChunks(stream as OldStream);
}

function webChunks(stream: WebStream): Chunks {
  let reader: ReturnType<WebStream["getReader"]> | undefined;
  const opened = () => {
    reader ??= stream.getReader();
    return reader;
  };
  return { next: () => opened().read(), stop: () => opened().cancel() };
}

function iteratedChunks(stream: AsyncIterable<unknown>): Chunks {
  let iterator: AsyncIterator<unknown> | undefined;
  const opened = () => {
    iterator ??= stream[Symbol.asyncIterator]();
    return iterator;
  };
  return { next: () => opened().next(), stop: () => opened().return?.() };
}

function nodeChunks(stream: Readable): Chunks {
  // It may fail before it is read for the first time, and an error without a listener ends the process. Reading reports it.
  stream.on("error", () => {});
  return { next: iteratedChunks(stream).next, stop: () => stream.destroy() };
}

/** A stream of the kind that Node had before `Readable`, as some libraries still make them. */
type OldStream = Pick<Readable, "pipe"> & Partial<Pick<Readable, "on" | "destroy">>;

function pipedChunks(stream: OldStream): Chunks {
  const through = new PassThrough();
  const { next, stop } = nodeChunks(through);
  stream.on?.("error", (error) => through.destroy(error));
  let flows = false;
  return {
    next: () => {
      if (!flows) stream.pipe(through);
      flows = true;
      return next();
    },
    stop: () => {
      stop();
      if (flows) stream.destroy?.();
    },
  };
}
