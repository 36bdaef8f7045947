/** How the content of a file is read from what the caller gives. */

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createReadStream } from "node:fs";
import { PassThrough, Readable, Stream } from "node:stream";
import { test } from "node:test";
import { init } from "../dist/index.js";
import { aPushOf, bodyOf, platform } from "./platform.mjs";

/** Pushes a file to a platform that takes it, and gives what arrived there. */
async function pushed(t, fileData) {
  let body;
  const config = await platform(t, async (request, response) => {
    // A request breaks off when its call fails, which is the caller's to see.
    body = await bodyOf(request).catch(() => response.destroy());
    response.end();
  });
  await init(config).pushData(aPushOf(fileData));
  return body;
}

const part = (index) => Buffer.alloc(50_000, index);
const parts = Array.from({ length: 20 }, (_, index) => part(index));
const whole = Buffer.concat(parts);

async function* generated() {
  yield* parts;
}

function shared(bytes) {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** A stream as they were before Node had `Readable`. */
class Ancient extends Stream {
  readable = true;
  left = [...parts];
  paused = true;

  pipe(destination) {
    super.pipe(destination);
    this.resume();
    return destination;
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
    setImmediate(() => this.flow());
  }

  flow() {
    while (!this.paused && this.left.length > 0) this.emit("data", this.left.shift());
    if (this.left.length === 0) this.emit("end");
  }
}

for (const [kind, make] of Object.entries({
  Buffer: () => whole,
  Uint8Array: () => new Uint8Array(whole),
  "part of a larger Buffer": () => Buffer.concat([Buffer.from("before"), whole]).subarray(6),
  ArrayBuffer: () => new Uint8Array(whole).buffer,
  SharedArrayBuffer: () => shared(whole).buffer,
  "Uint8Array of shared memory": () => shared(whole),
  "array of numbers of 16 bits": () => new Uint16Array(new Uint8Array(whole).buffer),
  DataView: () => new DataView(Buffer.concat([Buffer.from("before"), whole]).buffer, 6, whole.length),
  "Node stream": () => Readable.from(parts),
  "web stream": () => Readable.toWeb(Readable.from(parts)),
  "async generator": generated,
  "async iterable": () => ({ [Symbol.asyncIterator]: generated }),
  "stream of the old kind": () => new Ancient(),
})) {
  test(`the bytes of ${/^[aeiouAB]/.test(kind) ? "a(n)" : "a"} ${kind} arrive`, async (t) => {
    assert.ok((await pushed(t, make())).equals(whole));
  });
}

test("empty content arrives", async (t) => {
  for (const empty of [Buffer.alloc(0), new ArrayBuffer(0), Readable.from([]), Readable.from([Buffer.alloc(0)])]) {
    assert.equal((await pushed(t, empty)).length, 0);
  }
});

test("text arrives as UTF-8", async (t) => {
  assert.equal((await pushed(t, Readable.from(["blood ", "préssure ☃"]))).toString(), "blood préssure ☃");
});

test("a generator may use one buffer again and again", async (t) => {
  async function* reusing(size) {
    const buffer = Buffer.alloc(size);
    for (let index = 0; index < 20; index += 1) yield buffer.fill(index);
  }
  // Some that are joined before they cross the border, and some that are not.
  for (const size of [10_000, 100_000, 300_000, 1_500_000]) {
    const expected = Buffer.concat(Array.from({ length: 20 }, (_, index) => Buffer.alloc(size, index)));
    assert.ok((await pushed(t, reusing(size))).equals(expected));
  }
});

test("a chunk that is neither bytes nor text is a TypeError that names the stream", async (t) => {
  const source = Readable.from([{ not: "bytes" }]);
  await assert.rejects(pushed(t, source), { name: "TypeError", message: /^options\.data\.fileData: / });
  assert.ok(source.destroyed);
});

test("the error of a stream reaches the caller as the very same error", async (t) => {
  const mine = new Error("the disk is gone");
  async function* failing() {
    yield part(1);
    throw mine;
  }
  const web = new ReadableStream({ pull: (controller) => controller.error(mine) });
  const ancient = Object.assign(new Ancient(), { flow: () => ancient.emit("error", mine) });
  for (const source of [failing(), Readable.from(failing()), web, ancient]) {
    await assert.rejects(pushed(t, source), (error) => error === mine);
  }
});

test("a stream that fails before it is read does not end the process", async (t) => {
  await assert.rejects(pushed(t, createReadStream("/no/such/file")), { code: "ENOENT" });
});

test("a stream is closed when its call is aborted while it is read", async (t) => {
  const { pushData } = init(await platform(t, (request) => request.resume()));
  const cancelled = new EventEmitter();
  const node = new PassThrough();
  const web = new ReadableStream({ cancel: () => cancelled.emit("closed") });
  for (const [source, closed] of [
    [node, once(node, "close")],
    [web, once(cancelled, "closed")],
  ]) {
    const controller = new AbortController();
    const push = pushData(aPushOf(source, { signal: controller.signal }));
    setImmediate(() => controller.abort());
    await assert.rejects(push, { name: "AbortError" });
    await closed;
  }
});

test("a stream is closed when its call fails before it is read to its end", async (t) => {
  const config = await platform(t, (_, response) => {
    response.statusCode = 404;
    response.end();
  });
  let returned = false;
  async function* endless() {
    try {
      for (;;) yield part(1);
    } finally {
      returned = true;
    }
  }
  const source = Readable.from(endless());
  await assert.rejects(init(config).pushData(aPushOf(source)));
  if (!source.closed) await once(source, "close");
  assert.ok(returned);
});

test("a stream is closed when its call fails before anything is sent", async () => {
  const source = Readable.from(parts);
  const { pushData } = init({ applicationId: "an-application" });
  await assert.rejects(pushData({ data: { fileData: source } }), { name: "TypeValidationError" });
  if (!source.closed) await once(source, "close");
});

/** A stream that gives as much as is sent at a time, and then nothing. */
function stalled() {
  const source = new PassThrough();
  source.write(Buffer.alloc(1024 * 1024));
  return source;
}

test("a time-out strikes while a stream gives nothing", async (t) => {
  const config = await platform(t, (request) => request.resume());
  for (const phase of ["total", "call"]) {
    const push = init(config).pushData(aPushOf(stalled(), { timeouts: { [phase]: 100 } }));
    await assert.rejects(push, { name: "TimeoutError", phase, sent: "maybe" });
  }
});

test("a time-out strikes while a stream gives little by little without end", async (t) => {
  async function* trickle() {
    for (;;) yield await new Promise((resolve) => setImmediate(resolve, part(1)));
  }
  const config = await platform(t, (request) => request.resume());
  const push = init(config).pushData(aPushOf(trickle(), { timeouts: { call: 100 } }));
  await assert.rejects(push, { name: "TimeoutError", phase: "call" });
});

test("a server that refuses or is gone is heard while a stream gives nothing", async (t) => {
  const refusing = await platform(t, (request, response) => {
    request.once("data", () => response.writeHead(413).end());
  });
  const refused = init(refusing).pushData(aPushOf(stalled()));
  await assert.rejects(refused, ({ response }) => response.statusCode === 413);
  const dying = await platform(t, (request) => {
    request.once("data", () => request.socket.destroy());
  });
  await assert.rejects(init(dying).pushData(aPushOf(stalled())), { name: "TransportError", sent: "maybe" });
});

test("a stream that is not the content of a file is left alone", async () => {
  const source = new PassThrough();
  const { pushData } = init({ applicationId: "an-application" });
  await assert.rejects(pushData({ logger: { stream: source } }), { name: "TypeValidationError" });
  assert.ok(!source.destroyed);
});

test("what only resembles a stream is refused like anything else", async () => {
  const { pushData } = init({ applicationId: "an-application" });
  for (const fileData of [{ pipe: () => undefined }, { getReader: () => undefined }]) {
    await assert.rejects(pushData({ data: { fileData } }), { name: "TypeValidationError" });
  }
});
