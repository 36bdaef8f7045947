/** How the content of a file is typed that is read as a stream. */

import type { ReadableStream as NodeStream } from "node:stream/web";

/** A web stream: both what Node declares as one and what the compiler's library of browsers does. */
export type ByteStream = ReadableStream<Uint8Array> & NodeStream<Uint8Array>;
