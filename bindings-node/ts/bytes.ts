/** How memory of the application is looked at, which it may detach, resize or overwrite in any turn: never longer than for one. */

import { isAnyArrayBuffer, isDataView, isSharedArrayBuffer } from "node:util/types";

/** Memory with bytes, or a view of it. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/** So many bytes of a large buffer are copied in one turn. */
const PIECE = 1024 * 1024;

const { values } = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/** Whether a value is memory, whichever realm it comes from. */
export function isBytes(value: unknown): value is Bytes {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
}

/** The bytes as they are in this turn, or nothing if their memory was detached or is not long enough any more. */
export function seen(bytes: Bytes): Uint8Array | undefined {
  try {
    if (!ArrayBuffer.isView(bytes)) return new Uint8Array(bytes, 0, bytes.byteLength);
    // A typed array without its memory says that it is empty; this alone throws.
    if (!isDataView(bytes)) values.call(bytes as Uint8Array);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch {
    return undefined;
  }
}

/** Whether memory may lose bytes and still be there; that of a `SharedArrayBuffer` only grows. */
export function isResizable(memory: ArrayBufferLike): boolean {
  return (memory as { readonly resizable?: boolean }).resizable === true;
}

/** The same bytes, where no other thread of JavaScript's writes to them while they are copied. */
export function unshared(bytes: Uint8Array): Uint8Array {
  return isSharedArrayBuffer(bytes.buffer) ? bytes.slice() : bytes;
}

/** A buffer that is too large to be copied at once. */
export class LargeBuffer {
  readonly #bytes: Bytes;
  readonly #length: number;
  readonly #path: string;

  constructor(bytes: Bytes, length: number, path: string) {
    this.#bytes = bytes;
    this.#length = length;
    this.#path = path;
  }

  /** A piece from there on, good for this turn. */
  piece(from: number): Uint8Array {
    const now = seen(this.#bytes);
    if (now?.byteLength !== this.#length) {
      throw new TypeError(`options.${this.#path}: the buffer was detached or resized before the call ended`);
    }
    return unshared(now.subarray(from, from + PIECE));
  }
}
