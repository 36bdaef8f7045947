/** That a stream is stored whole, or refused, or an error: never as what is left of it. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { PassThrough, Readable, Stream } from "node:stream";
import { finished } from "node:stream/promises";
import { test } from "node:test";
import { init } from "../dist/index.js";
import { aPushOf, bodyOf, platform } from "./platform.mjs";

const parts = ["one ", "two ", "three"].map((text) => Buffer.from(text));
const whole = Buffer.concat(parts);
const aStream = () => Readable.from(parts);
const aWebStream = () => Readable.toWeb(aStream());
async function* generated() {
  yield* parts;
}

/** A platform that stores what comes whole. `onData` is called when the first bytes of a file are there. */
async function storing(t, onData = () => {}) {
  const stored = [];
  const config = await platform(t, async (request, response) => {
    request.once("data", onData);
    const body = await bodyOf(request).catch(() => undefined);
    if (body) stored.push(body.toString());
    response.end();
  });
  return { ...init({ ...config, retryOptions: { limit: 0 } }), stored };
}

for (const [state, make] of Object.entries({
  "has ended": async () => {
    const stream = aStream();
    await finished(stream.resume());
    return stream;
  },
  "was destroyed": async () => aStream().destroy(),
  "was destroyed before it was read, a moment ago": async () => {
    const stream = aStream().destroy();
    await once(stream, "close");
    return stream;
  },
  "has failed": async () => {
    const stream = aStream();
    stream.on("error", () => {}).destroy(new Error("the disk is gone"));
    return stream;
  },
  "has been read from": async () => {
    const stream = aStream();
    await once(stream, "readable");
    stream.read();
    return stream;
  },
  "has an encoding set": async () => aStream().setEncoding("latin1"),
  "was of the old kind and is over": async () => Object.assign(new Stream(), { readable: false }),
  "is a web stream and locked": async () => {
    const stream = aWebStream();
    stream.getReader();
    return stream;
  },
  "is a web stream and has been read from": async () => {
    const stream = aWebStream();
    const reader = stream.getReader();
    await reader.read();
    reader.releaseLock();
    return stream;
  },
  "is a web stream and was cancelled": async () => {
    const stream = aWebStream();
    await stream.cancel();
    return stream;
  },
})) {
  test(`a stream that ${state} is refused, and nothing is sent`, async (t) => {
    const { pushData } = init(await platform(t, () => assert.fail("something was sent")));
    await assert.rejects(pushData(aPushOf(await make())), {
      name: "TypeValidationError",
      path: "options.data.fileData",
    });
  });
}

test("a stream that was given to a call is refused by any other, and stored once", async (t) => {
  for (const make of [aStream, aWebStream, generated]) {
    const { pushData, stored } = await storing(t);
    const stream = make();
    const [first, second] = await Promise.allSettled([pushData(aPushOf(stream)), pushData(aPushOf(stream))]);
    assert.equal(first.status, "fulfilled");
    assert.equal(second.reason.path, "options.data.fileData");
    await assert.rejects(pushData(aPushOf(stream)), { name: "TypeValidationError", path: "options.data.fileData" });
    assert.deepEqual(stored, [whole.toString()]);
  }
});

test("an iterable that begins anew each time may be given again", async (t) => {
  const { pushData, stored } = await storing(t);
  const iterable = { [Symbol.asyncIterator]: generated };
  await Promise.all([pushData(aPushOf(iterable)), pushData(aPushOf(iterable))]);
  assert.deepEqual(stored, [whole.toString(), whole.toString()]);
});

test("a generator that is used up, or yields nothing, is a TypeError, and nothing is stored", async (t) => {
  const usedUp = generated();
  for await (const _ of usedUp);
  const { pushData, stored } = await storing(t);
  for (const source of [usedUp, (async function* () {})()]) {
    await assert.rejects(pushData(aPushOf(source)), { name: "TypeError", message: /^options\.data\.fileData: / });
  }
  assert.deepEqual(stored, []);
});

test("a stream that flows, is paused or has a listener already is stored whole", async (t) => {
  const { pushData, stored } = await storing(t);
  const heard = [];
  for (const prepare of [
    (stream) => stream.resume(),
    (stream) => stream.pause(),
    (stream) => stream.on("data", (chunk) => heard.push(chunk)),
    (stream) => stream.pipe(new PassThrough()),
  ]) {
    const stream = aStream();
    prepare(stream);
    await pushData(aPushOf(stream));
  }
  assert.deepEqual(stored, Array(4).fill(whole.toString()));
  assert.ok(Buffer.concat(heard).equals(whole));
});

/** A stream whose first chunk comes at once, and the others never. */
const aSlowStream = () => new Readable({ read: () => {} });

for (const [what, act] of Object.entries({
  "is destroyed": (stream) => stream.destroy(),
  "is destroyed with an error": (stream) => stream.destroy(new Error("the disk is gone")),
  "gets an encoding": (stream) => {
    stream.setEncoding("utf8").push("é");
    stream.push(null);
  },
})) {
  test(`a stream that ${what} while it is sent is an error of the call, and nothing is stored`, async (t) => {
    const stream = aSlowStream();
    stream.push(Buffer.alloc(2_000_000));
    const { pushData, stored } = await storing(t, () => act(stream));
    await assert.rejects(pushData(aPushOf(stream)), (error) => error instanceof Error && error.name !== "HTTPError");
    assert.deepEqual(stored, []);
  });
}

for (const [what, [make, act]] of Object.entries({
  "is destroyed": [aStream, (stream) => stream.destroy()],
  "is read by somebody else": [aStream, (stream) => stream.on("data", () => {}).resume()],
  "is locked by somebody else": [aWebStream, (stream) => stream.getReader()],
})) {
  test(`a stream that ${what} right after the call was made is an error of the call, or stored whole`, async (t) => {
    const { pushData, stored } = await storing(t);
    const stream = make();
    const push = pushData(aPushOf(stream));
    act(stream);
    const { status } = (await Promise.allSettled([push]))[0];
    assert.deepEqual(stored, status === "fulfilled" ? [whole.toString()] : []);
  });
}

test("a stream of the old kind that closes before it has ended is an error of the call, and nothing is stored", async (t) => {
  const stream = new Stream();
  stream.pipe = (destination) => {
    destination.write(Buffer.alloc(2_000_000));
    return destination;
  };
  const { pushData, stored } = await storing(t, () => stream.emit("close"));
  await assert.rejects(pushData(aPushOf(stream)), { code: "ERR_STREAM_PREMATURE_CLOSE" });
  assert.deepEqual(stored, []);
});

test("a chunk whose memory goes away before it is sent is a TypeError that names the stream, and nothing is stored", async (t) => {
  const transfer = ({ buffer }) => structuredClone(buffer, { transfer: [buffer] });
  const long = new Uint8Array(64 * 1024 * 1024);
  const gone = new Uint8Array(8);
  transfer(gone);
  for (const chunk of [long, gone]) {
    const { pushData, stored } = await storing(t, () => transfer(long));
    const push = pushData(aPushOf(Readable.from([Buffer.from("before"), chunk, Buffer.from("after")])));
    await assert.rejects(push, { name: "TypeError", message: /^options\.data\.fileData: .*detached/ });
    assert.deepEqual(stored, []);
  }
});
