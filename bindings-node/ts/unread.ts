/** Which streams can still be read from their first byte on. */

import { Readable } from "node:stream";
import type { BlobLike, BodyLike, WebStream } from "./file-data";

/** A stream of any kind, as far as it is looked at. */
export type Stream = Partial<WebStream> & Partial<Readable> & { readonly locked?: boolean; readonly next?: unknown };

/** Those that belong to a call. */
const given = new WeakSet<object>();

/** What a source is read from. */
export function streamOf(source: Stream & Partial<BlobLike & BodyLike>): Stream {
  // Each time anew: a blob may be read as often as one likes.
  if (source.arrayBuffer && source.stream) return { [Symbol.asyncIterator]: () => blobsIterator(source as BlobLike) };
  return source.arrayBuffer && source.body ? (source.body as Stream) : source;
}

/** Takes a stream for a call, or says why it cannot be had from its beginning. */
export function take(source: Stream & Partial<BlobLike & BodyLike>): string | undefined {
  if (source.arrayBuffer && !source.stream) {
    if (source.bodyUsed) return "has been read already: a body can be read once";
    if (!source.body) return "has no body";
  }
  const stream = streamOf(source);
  const isOneShot = stream.getReader ?? stream.pipe ?? isIterator(stream);
  if (!isOneShot) return undefined;
  if (given.has(stream)) return "was given to a call before: a stream can be read once";
  const flaw = stream.getReader ? flawOfWeb(stream) : stream.pipe ? flawOfNode(stream) : undefined;
  if (flaw === undefined) given.add(stream);
  return flaw;
}

async function* blobsIterator(blob: BlobLike): AsyncGenerator<unknown> {
  const reader = blob.stream().getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel();
  }
}

/** Whether an iterable is its own iterator, which goes on from where it is. */
export function isIterator(stream: Stream): boolean {
  return typeof stream.next === "function";
}

/** Whether somebody has read from it, so that its beginning is gone. */
function isBegun(stream: Stream): boolean {
  return Readable.isDisturbed(stream as Readable);
}

function flawOfWeb(stream: Stream): string | undefined {
  if (stream.locked) return "is locked: somebody else reads it";
  return isBegun(stream) ? "has been read from or cancelled already" : undefined;
}

function flawOfNode(stream: Stream): string | undefined {
  if (stream.errored) return "has failed already";
  if (stream.readableEnded) return "has ended already";
  if (stream.destroyed) return "has been destroyed already";
  if (isBegun(stream)) return "has been read from already";
  if (stream.readable === false) return "cannot be read any more";
  return stream.readableEncoding ? "has an encoding set, which may change its bytes" : undefined;
}
