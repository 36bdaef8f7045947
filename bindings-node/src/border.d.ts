/** What crosses the border beside the classes; the build puts this in front of their generated declarations. */

/**
 * Is given what is no plain data: functions, sources of bytes, bytes, what says that it wraps a primitive. It stays with the caller under its path, unless something crosses
 * in its place. `holder` is the object that it is a member of.
 */
export type Keep = (path: string, value: unknown, holder: unknown) => Crossing | undefined;

/**
 * What crosses in place of a value: bytes that are copied at once, the length of bytes that stay, the primitive that it wraps, or why
 * it is refused.
 */
export type Crossing = { copied: Uint8Array } | { length: number } | { wraps: unknown } | { refused: string };

/** The documents of a value, in which null stands for each, by threes: what holds it, by which name or index, and its text. */
export type Documents = unknown[];

/** What the caller has to do next. */
export type Step =
  | { done: unknown; documents?: Documents }
  | { failed: ErrorData; documents?: Documents }
  | { read: string }
  | { readKept: string; from: number }
  | { invoke: string; argument: unknown; documents?: Documents }
  | { closed: true };

/** The answer to the step before. */
export type Reply = { value: unknown } | { failed: true };

/** A buffer that no other thread has, in the words of any version of TypeScript. Nobody has declared it where `@types/node` is not loaded. */
/** @ts-ignore */
type PlainBuffer = ReturnType<typeof Buffer.alloc>;

/** What is known of a request's body: its length, and whether it may be read before it is about to leave. */
export type RequestBody = { length: number | null; mayBeReadAhead: boolean };

/** What comes next of a request's body: a chunk, its end, or that no more of the request is to be sent. */
export type RequestChunk = { chunk: PlainBuffer } | { ended: true } | { broken: true };

/** What comes next of a stream of bytes: one chunk or more, or how it ends. */
export type Chunks = { chunks: PlainBuffer[] } | { failed: ErrorData } | { ended: true };

/** An error as data. */
export interface ErrorData {
  class: string;
  name: string;
  code: string;
  message: string;
  fields: Record<string, unknown>;
}
