/** How each kind of stream is read chunk by chunk: Node streams, web streams, async iterables. */

import { PassThrough, type Readable } from "node:stream";
import type { WebStream } from "./file-data";
import { isIterator, type Stream } from "./unread";

/** What a stream yields, one after another. */
export interface Chunks {
  /** The next chunk, or the end, or what the application did that the stream cannot be read for. */
  next(): Promise<Step>;
  /** Closes the stream. */
  stop(): unknown;
}

interface Step {
  done?: boolean | undefined;
  value?: unknown;
  misused?: string;
}

/** Nothing is read, locked or set going before the first `next`: a call that fails early asks for nothing. */
export function chunksOf(stream: Stream): Chunks {
  if (stream.getReader) return webChunks(stream as WebStream);
  if (!stream.pipe) return iteratedChunks(stream);
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

function iteratedChunks(stream: Stream): Chunks {
  const { next, stop } = iterated(stream as AsyncIterable<unknown>);
  // What is its own iterator may have been used up elsewhere: only that it yields nothing can be told.
  let suspicious = isIterator(stream);
  return {
    next: async () => {
      const step = await next();
      if (step.done && suspicious) {
        return { misused: "the iterator yields nothing: it is used up, or give an empty Buffer for an empty file" };
      }
      suspicious = false;
      return step;
    },
    stop,
  };
}

function iterated(stream: AsyncIterable<unknown>): Chunks {
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
  // What flows before it is read for the first time would be lost.
  if (stream.readableFlowing) stream.pause();
  let iterator: AsyncIterator<unknown> | undefined;
  const opened = () => {
    const isShared = isRequest(stream) || isPart(stream);
    iterator ??= isShared ? stream.iterator({ destroyOnReturn: false }) : stream[Symbol.asyncIterator]();
    return iterator;
  };
  return {
    next: async () => {
      if (!iterator && stream.readableDidRead) return { misused: "somebody else has read from the stream" };
      const step = await opened().next();
      if (step.done && isTruncated(stream)) return { misused: "the part was cut off at the limit of its size" };
      if (typeof step.value !== "string" || !stream.readableEncoding) return step;
      return { misused: "an encoding was set on the stream, which may change its bytes" };
    },
    stop: async () => {
      // A request that nothing was read of is its server's still; of anything else that comes with more, who sends it must get rid of the rest.
      if (isRequest(stream) && !iterator) return;
      if (!isRequest(stream) && !isPart(stream)) return stream.destroy();
      await iterator?.return?.();
      stream.resume();
    },
  };
}

/** Whether it is a request that a server is yet to answer, over the connection that destroying it would end. */
function isRequest(stream: Readable): boolean {
  const { method, httpVersion } = stream as { readonly method?: unknown; readonly httpVersion?: unknown };
  return typeof method === "string" && typeof httpVersion === "string";
}

/** Whether it is a part of a form, the rest of which comes when it is at its end. */
function isPart(stream: Readable): boolean {
  return typeof (stream as { readonly truncated?: unknown }).truncated === "boolean";
}

function isTruncated(stream: Readable): boolean {
  return (stream as { readonly truncated?: unknown }).truncated === true;
}

/** A stream of the kind that Node had before `Readable`, as some libraries still make them. */
type OldStream = Pick<Readable, "pipe"> & Partial<Pick<Readable, "on" | "destroy">>;

function pipedChunks(stream: OldStream): Chunks {
  const through = new PassThrough();
  const { next, stop } = iterated(through);
  through.on("error", () => {});
  stream.on?.("error", (error) => through.destroy(error));
  // One that closes before it has ended broke off.
  stream.on?.("close", () => through.writableEnded || through.destroy());
  let flows = false;
  return {
    next: () => {
      if (!flows) stream.pipe(through);
      flows = true;
      return next();
    },
    stop: () => {
      stop();
      through.destroy();
      if (flows) stream.destroy?.();
    },
  };
}
