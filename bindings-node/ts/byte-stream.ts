/** How the content of a file is typed that is read as a stream. */

// biome-ignore-all lint/suspicious/noTsIgnore: what is named here is an error only to compilers that have not loaded it

import type { Known } from "./ambient";

/** @ts-ignore */
type OfBrowsers = Known<ReadableStream<Uint8Array>, unknown>;
/** @ts-ignore */
type OfNode = Known<import("node:stream/web").ReadableStream<Uint8Array>, unknown>;

/** A web stream: both what Node declares as one and what the compiler's library of browsers does. */
export type ByteStream = OfBrowsers & OfNode & AsyncIterable<Uint8Array>;
