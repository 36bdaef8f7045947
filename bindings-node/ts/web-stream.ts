/** Web streams, which Node loads for the first of them: a fresh process that has none does not wait for that. */

import type { ReadableStream, UnderlyingSource } from "node:stream/web";

/** A stream that reads nothing ahead of who reads it. */
export function onDemand(source: UnderlyingSource<Uint8Array>): ReadableStream<Uint8Array> {
  const web = require("node:stream/web") as typeof import("node:stream/web");
  return new web.ReadableStream(source, { highWaterMark: 0 });
}
