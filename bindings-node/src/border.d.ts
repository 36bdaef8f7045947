/** What crosses the border beside the classes; the build puts this in front of their generated declarations. */

/** Keeps a function or a stream of the caller under its path; `holder` is the object that it is a member of. */
export type Keep = (path: string, value: unknown, holder: unknown) => void;

/** What the caller has to do next. */
export type Step =
  | { done: unknown }
  | { failed: ErrorData }
  | { read: string }
  | { invoke: string; argument: unknown }
  | { closed: true };

/** The answer to the step before. */
export type Reply = { value: unknown } | { failed: true };

/** What comes next of a stream of bytes: one chunk or more, or how it ends. */
export type Chunks = { chunks: Buffer<ArrayBuffer>[] } | { failed: ErrorData } | { ended: true };

/** An error as data. */
export interface ErrorData {
  class: string;
  name: string;
  code: string;
  message: string;
  fields: Record<string, unknown>;
}
