/** Types of Node and of browsers that declarations name, for compilers that have not loaded what declares them. */

// biome-ignore-all lint/suspicious/noTsIgnore: what is named here is an error only to compilers that have not loaded it

/** A type, or another where nobody has declared it. */
export type Known<Type, Otherwise> = 0 extends 1 & Type ? Otherwise : Type;

/** A `Buffer`; to who has no types of Node, the bytes that it is. */
/** @ts-ignore */
export type NodeBuffer = Known<Buffer, Uint8Array>;

/** An `AbortSignal`; to who has no declaration of it, what the SDK makes use of. */
/** @ts-ignore */
export type Signal = Known<AbortSignal, SignalLike>;

/** An `AsyncDisposable`, as which a client is closed by `await using`. */
/** @ts-ignore */
export type Disposable = Known<AsyncDisposable, object>;

/** A `URL`; to who has no declaration of it, what the SDK makes use of. */
/** @ts-ignore */
export type UrlObject = Known<URL, { readonly href: string; readonly protocol: string }>;

/** As much of an `AbortSignal` as is used. */
export interface SignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
