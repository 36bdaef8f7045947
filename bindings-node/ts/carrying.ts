/** How requests are carried by the application's `fetch`: beside the steps of their call, each for as long as somebody waits for it. */

import type { NativeCall, NativeExchange } from "../native";
import type { ByteStream } from "./byte-stream";
import { type Bytes, isBytes, seen, unshared } from "./bytes";
import type { Fetch, FetchInit, FetchResponse } from "./fetch";
import { networkCode } from "./fetch-failure";
import { onDemand } from "./web-stream";

/** Up to this length a body is handed over as a whole: what answers in a test can look at it then. */
const WHOLE = 256 * 1024;

/** What is text, and handed over as such. */
const TEXT = /^application\/(json|x-www-form-urlencoded)\b/;

/** Carries the requests of a call, and of work that outlives it, until there are no more. `failed` is told what `fetch` fails with. */
export async function carryAll(call: NativeCall, fetch: Fetch, failed: (error: unknown) => void): Promise<void> {
  for (;;) {
    const exchange = await call.exchange();
    if (!exchange) return;
    carry(exchange, fetch).catch((error) => {
      if (exchange.isOver) return;
      if (Misbehaviour.is(error)) return exchange.misbehave(error.message);
      failed(error);
      exchange.fail(networkCode(error));
    });
  }
}

/** That `fetch` does not keep to its standard, in words that go on from its name. */
class Misbehaviour extends Error {
  readonly #own = true;

  /** Whether it is one, asked so that nothing of what `fetch` has thrown is run. */
  static is(error: unknown): error is Misbehaviour {
    return typeof error === "object" && error !== null && #own in error;
  }
}

async function carry(exchange: NativeExchange, fetch: Fetch): Promise<void> {
  const aborting = new AbortController();
  let letGo = (): unknown => undefined;
  const over = exchange.over().then(() => {
    aborting.abort();
    return letGo();
  });
  over.catch(() => {});
  const init = await initOf(exchange, aborting.signal);
  if (exchange.isOver) return;
  const response = responseOf(await fetch(exchange.url, init));
  const body = bodyOf(response);
  letGo = () => body.cancel();
  exchange.answer({ status: statusOf(response), headers: headersOf(response) });
  for (;;) {
    const { done, value } = await body.read();
    if (done) break;
    if (!(await exchange.give(bytesOf(value)))) return void (await body.cancel());
  }
  exchange.end();
}

async function initOf(exchange: NativeExchange, signal: AbortSignal): Promise<FetchInit> {
  const headers = exchange.headers();
  // With credentials, of which there are none, the standard makes a network error of a stream that is answered with 401.
  const init: FetchInit = { method: exchange.method, headers, redirect: "manual", credentials: "omit", signal };
  const known = exchange.body();
  if (!known) return init;
  const { length, mayBeReadAhead } = known;
  if (mayBeReadAhead && length !== null && length <= WHOLE) {
    const whole = await wholeOf(exchange, length);
    return { ...init, body: TEXT.test(headers["content-type"] ?? "") ? whole.toString() : plain(whole) };
  }
  if (length !== null) headers["content-length"] = String(length);
  // With `manual`, undici keeps all of a stream that has left, for whoever would follow.
  return { ...init, body: streamOf(exchange, !mayBeReadAhead), duplex: "half", redirect: "error" };
}

async function wholeOf(exchange: NativeExchange, length: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for (let size = 0; size < length; ) {
    const next = await exchange.chunk();
    if (!("chunk" in next)) throw new Error("the body of the request broke off");
    chunks.push(next.chunk);
    size += next.chunk.length;
  }
  return Buffer.concat(chunks);
}

/**
 * A body that is read as it leaves. What clones its request reads one chunk ahead, before it is connected: where that must not be, the first is
 * an empty one, of which nothing leaves.
 */
function streamOf(exchange: NativeExchange, isOnDemand: boolean): ByteStream {
  const source = {
    start(controller: ReadableStreamDefaultController<Uint8Array>) {
      if (isOnDemand) controller.enqueue(new Uint8Array());
    },
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const next = await exchange.chunk();
      if ("chunk" in next) controller.enqueue(plain(next.chunk));
      else if ("ended" in next) controller.close();
      else controller.error(new Error("the body of the request broke off"));
    },
  };
  const stream = onDemand(source);
  // What knows no web streams would send the name of their class instead.
  const refuse = () => {
    throw new TypeError("the body is a web stream, which this fetch does not send");
  };
  return Object.defineProperty(stream, Symbol.toPrimitive, { value: refuse }) as ByteStream;
}

function plain({ buffer, byteOffset, byteLength }: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function responseOf(response: unknown): Record<string, unknown> {
  if (typeof response === "object" && response !== null) return response as Record<string, unknown>;
  throw new Misbehaviour(`resolved to ${response === null ? "null" : typeof response} in place of a response`);
}

/** Where the standard lets nobody see a redirect, it is one all the same. */
function statusOf({ status, type }: Record<string, unknown>): unknown {
  if (status === 0 && type === "opaqueredirect") return 302;
  return typeof status === "number" ? status : null;
}

function headersOf({ headers }: Record<string, unknown>): [string, string][] {
  const pairs: [string, string][] = [];
  if (typeof (headers as Partial<Headers> | undefined)?.forEach !== "function") {
    throw new Misbehaviour("answered without headers");
  }
  (headers as FetchResponse["headers"]).forEach((value, name) => {
    pairs.push([name, value]);
  });
  return pairs;
}

/** The body of an answer. */
interface Body {
  read(): Promise<{ done?: boolean | undefined; value?: unknown }>;
  cancel(): Promise<unknown>;
}

function bodyOf(response: Record<string, unknown>): Body {
  const { body, bodyUsed } = response;
  if (bodyUsed === true || (body as Partial<ReadableStream> | null | undefined)?.locked === true) {
    throw new Misbehaviour("answered with a body that somebody else has read");
  }
  if (body === null) return iterated([]);
  if (body === undefined && typeof response["arrayBuffer"] === "function") return iterated(whole(response as never));
  if (typeof body === "object") {
    if ("getReader" in body) return webBody(body as ReadableStream);
    if (Symbol.asyncIterator in body) return iterated(body as AsyncIterable<unknown>);
  }
  throw new Misbehaviour("answered without a body that can be read");
}

/** That of a response of before there were streams. */
async function* whole(response: { arrayBuffer(): Promise<unknown> }): AsyncGenerator<unknown> {
  yield await response.arrayBuffer();
}

function webBody(stream: ReadableStream): Body {
  const reader = stream.getReader();
  return { read: () => reader.read(), cancel: () => reader.cancel().catch(() => {}) };
}

function iterated(stream: AsyncIterable<unknown> | Iterable<unknown>): Body {
  const iterator = Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator]();
  return {
    read: async () => iterator.next(),
    cancel: async () => {
      try {
        await iterator.return?.();
      } catch {
        // Nobody waits for it any more.
      }
    },
  };
}

function bytesOf(chunk: unknown): Uint8Array {
  const now = isBytes(chunk) && seen(chunk as Bytes);
  if (now) return unshared(now);
  throw new Misbehaviour("answered with a body of which a chunk is no bytes");
}
