/** What an application may give as the content of a file. */

/**
 * The content of a file: the bytes themselves, or a Node stream, a web stream or an async iterable of them, a `Blob` or `File`, or a `Request`
 * or `Response` for its body.
 *
 * Bytes are a `Buffer` or any other view, an `ArrayBuffer` or a `SharedArrayBuffer`. Up to 4 MiB are copied when the call is made, and
 * so is all of a resizable `ArrayBuffer`. More are copied piece by piece while they are sent: they must not change before the call
 * ends. Where the memory is detached or grown meanwhile, the call fails with a `TypeError`; where the bytes have changed before they are sent again, with an
 * `UploadNotRepeatableError`; what is overwritten otherwise may arrive as it was or as it is.
 *
 * A stream belongs to the call that it is given to, which closes it when it is over. One that cannot be read from its first byte on is
 * refused with a `TypeValidationError`, and nothing is sent: it has been read from, has ended, failed or been destroyed, is locked or
 * given to a call already, or has an encoding set. Of an async iterator, a generator for one, none of this can be told: one that yields
 * nothing at all fails the call with a `TypeError`, and one that something was taken from already goes on from there. A stream that is
 * destroyed before its end fails the call. Of a request that a server is answering, and of a part of a form that busboy reads, what the call has
 * no use for is taken and dropped, so that it can still be answered; a part that was cut off at its limit fails the call.
 */
export type FileData =
  | ArrayBufferView
  | ArrayBufferLike
  | AsyncIterable<Uint8Array | string>
  | WebStream
  | BlobLike
  | BodyLike;

/** A web `ReadableStream`, whichever library declares it. */
export interface WebStream {
  getReader(): { read(): Promise<{ done: boolean; value?: unknown }>; cancel(reason?: unknown): Promise<void> };
}

/** A `Blob` or `File`, whichever library declares it. */
export interface BlobLike {
  arrayBuffer(): Promise<ArrayBuffer>;
  stream(): WebStream;
}

/** A `Request` or `Response`, whichever library declares it. */
export interface BodyLike {
  arrayBuffer(): Promise<ArrayBuffer>;
  readonly body: WebStream | AsyncIterable<Uint8Array | string> | null;
  readonly bodyUsed: boolean;
}
