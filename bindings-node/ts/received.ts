/** What becomes of a value that the core hands out: a native stream is a web stream for the caller, a native failure an error. */

import { isUint8Array } from "node:util/types";
import { NativeByteStream, NativeFailure } from "../native";
import { errorOf, type Frames } from "./error-of";

/** The value as the caller gets it; changed in place. */
export function received<T>(value: T, frames: Frames): T;
export function received(value: unknown, frames: Frames): unknown {
  if (value instanceof NativeByteStream) return webStream(value, frames);
  if (value instanceof NativeFailure) return errorOf(value.data(), frames);
  if (typeof value !== "object" || value === null || isUint8Array(value)) return value;
  const members = value as Record<string, unknown>;
  for (const name of Object.keys(members)) members[name] = received(members[name], frames);
  return value;
}

function webStream(stream: NativeByteStream, frames: Frames): ReadableStream<Uint8Array> {
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const chunk = await stream.next();
      if ("bytes" in chunk) controller.enqueue(chunk.bytes);
      else if ("failed" in chunk) controller.error(errorOf(chunk.failed, frames));
      else controller.close();
    },
    cancel: () => stream.close(),
  };
  // The core reads ahead itself.
  return new ReadableStream(source, { highWaterMark: 0 });
}
