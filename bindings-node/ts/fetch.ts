/** What the SDK asks of a `fetch`, and how it is answered: as much of the standard as it uses. */

import type { Signal } from "./ambient";
import type { ByteStream } from "./byte-stream";

/** Bytes that no other thread has, in the words of any version of TypeScript. */
export type PlainBytes = ReturnType<typeof Uint8Array.of>;

/** What a `fetch` is given beside the address. */
export interface FetchInit {
  method: string;
  /** By names in lower case. */
  headers: Record<string, string>;
  /** Text where the body is JSON or a form, bytes where it is short, else a stream; absent where there is none. */
  body?: string | PlainBytes | ByteStream;
  /** There for streams, which are sent while an answer may come already. */
  duplex?: "half";
  /** `error` for streams. None is followed. */
  redirect: "manual" | "error";
  credentials: "omit";
  signal: Signal;
}

/** What a `fetch` answers with. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { forEach(each: (value: string, name: string) => void): void };
  /** A web stream or another async iterable of bytes, decoded where the headers have a `content-encoding`. */
  readonly body: object | null;
}

/** A `fetch`: that of Node, of undici, of a test double. */
export type Fetch = { fetch(url: string, init: FetchInit): Promise<FetchResponse> }["fetch"];
