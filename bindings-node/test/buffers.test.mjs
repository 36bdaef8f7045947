/** That buffers reach the platform as they were handed over or not at all, whatever the application does with their memory. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { init, UploadNotRepeatableError } from "../dist/index.js";
import { aPushOf, bodyOf, expiring, platform } from "./platform.mjs";

const MiB = 1024 * 1024;
const run = promisify(execFile);

/** So many bytes, none of whose pieces is like another. */
function content(length) {
  const numbers = new Uint32Array(length / 4);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = index;
  return Buffer.from(numbers.buffer);
}

/** Takes its memory away from a buffer, as handing it to a worker does. */
function detach(buffer) {
  structuredClone(buffer, { transfer: [buffer] });
}

function resizable(bytes) {
  const buffer = new ArrayBuffer(bytes.length, { maxByteLength: bytes.length });
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

function growable(bytes) {
  const buffer = new SharedArrayBuffer(bytes.length, { maxByteLength: bytes.length + 8 });
  new Uint8Array(buffer).set(bytes);
  return buffer;
}

/** A platform that stores what comes whole. `onData` is called when the first bytes of a file are there. */
async function storing(t, onData = () => {}) {
  const stored = [];
  const config = await platform(t, async (request, response) => {
    request.once("data", onData);
    const body = await bodyOf(request).catch(() => undefined);
    if (body) stored.push(body);
    response.end();
  });
  return { ...init({ ...config, retryOptions: { limit: 0 } }), stored };
}

for (const [kind, of] of Object.entries({
  Buffer: (bytes) => bytes,
  ArrayBuffer: (bytes) => new Uint8Array(bytes).buffer,
  "resizable ArrayBuffer": resizable,
  SharedArrayBuffer: (bytes) => {
    const shared = new SharedArrayBuffer(bytes.length);
    new Uint8Array(shared).set(bytes);
    return shared;
  },
  DataView: (bytes) => new DataView(bytes.buffer),
})) {
  test(`a large ${kind} arrives`, async (t) => {
    const { pushData, stored } = await storing(t);
    const bytes = content(9 * MiB + 4);
    await pushData(aPushOf(of(bytes)));
    assert.equal(stored.length, 1);
    assert.ok(stored[0].equals(bytes));
  });
}

test("a large buffer is sent again as it was after the access token was refreshed", async (t) => {
  const stored = [];
  const bytes = content(24 * MiB);
  await init(await platform(t, expiring(stored))).pushData(aPushOf(bytes));
  assert.equal(stored.length, 1);
  assert.ok(stored[0].equals(bytes));
});

test("a large buffer that is overwritten before it is sent again is an UploadNotRepeatableError, and nothing is stored", async (t) => {
  const stored = [];
  const bytes = content(24 * MiB);
  const { pushData } = init(await platform(t, expiring(stored)));
  const push = pushData(aPushOf(bytes, { onAccessTokenChange: () => bytes.fill(7) }));
  const failure = await push.then(assert.fail, (error) => error);
  assert.ok(failure instanceof UploadNotRepeatableError, failure);
  assert.equal(failure.userAccessToken.accessToken.value, "second-access-token");
  assert.deepEqual(stored, []);
});

test("of a buffer of up to 4 MiB is stored what was handed over, also when it is sent again", async (t) => {
  for (const overwrite of [(bytes) => bytes.fill(7), (bytes) => detach(bytes.buffer)]) {
    const stored = [];
    const bytes = content(4 * MiB);
    const handedOver = Buffer.from(bytes);
    const push = init(await platform(t, expiring(stored))).pushData(aPushOf(bytes));
    overwrite(bytes);
    await push;
    assert.equal(stored.length, 1);
    assert.ok(stored[0].equals(handedOver));
  }
});

for (const [end, [of, take]] of Object.entries({
  detached: [(bytes) => bytes.buffer, detach],
  "detached below its view": [(bytes) => bytes, ({ buffer }) => detach(buffer)],
  "detached below its DataView": [(bytes) => new DataView(bytes.buffer), ({ buffer }) => detach(buffer)],
  grown: [growable, (buffer) => buffer.grow(buffer.maxByteLength)],
})) {
  test(`a large buffer that is ${end} while it is sent is a TypeError that names it, and nothing is stored`, async (t) => {
    const fileData = of(content(64 * MiB));
    const { pushData, stored } = await storing(t, () => take(fileData));
    await assert.rejects(pushData(aPushOf(fileData)), {
      name: "TypeError",
      message: /^options\.data\.fileData: .*detached or resized/,
    });
    assert.deepEqual(stored, []);
  });
}

for (const [end, [of, resize]] of Object.entries({
  "resized to nothing": [resizable, (buffer) => buffer.resize(0)],
  "resized to nothing and back": [
    resizable,
    (buffer) => {
      buffer.resize(0);
      buffer.resize(buffer.maxByteLength);
    },
  ],
  "made one byte shorter": [resizable, (buffer) => buffer.resize(buffer.byteLength - 1)],
  "shrunk below its view": [(bytes) => new Uint8Array(resizable(bytes), 8), ({ buffer }) => buffer.resize(8)],
  detached: [resizable, detach],
})) {
  test(`of a large resizable buffer that is ${end} while it is sent is stored what was handed over`, async (t) => {
    const bytes = content(64 * MiB);
    const fileData = of(bytes);
    const { pushData, stored } = await storing(t, () => resize(fileData));
    await pushData(aPushOf(fileData));
    assert.equal(stored.length, 1);
    assert.ok(stored[0].equals(bytes.subarray(fileData.buffer ? 8 : 0)));
  });
}

test("a buffer without its memory is refused, and nothing is sent", async (t) => {
  const { pushData } = init(await platform(t, () => assert.fail("something was sent")));
  const detached = () => {
    const bytes = new Uint8Array(16);
    const views = [bytes, new DataView(bytes.buffer), Buffer.from(bytes.buffer), bytes.buffer];
    detach(bytes.buffer);
    return views;
  };
  const outOfBounds = new Uint8Array(resizable(content(16)), 8);
  outOfBounds.buffer.resize(4);
  for (const fileData of [...detached(), outOfBounds]) {
    await assert.rejects(pushData(aPushOf(fileData)), {
      name: "TypeValidationError",
      path: "options.data.fileData",
      message: /detached or resized/,
    });
  }
});

for (const [scenario, tells] of Object.entries({
  "a worker is terminated during an upload": "terminate",
  "a worker ends its process during an upload": "exit",
  "a buffer is transferred after its call was aborted": "transferAfterAbort",
  "a buffer is transferred after its call was refused": "transferAfterRefusal",
  "a buffer is resized to nothing during an upload": "resize",
})) {
  test(`the process goes on when ${scenario}`, async () => {
    const file = fileURLToPath(new URL("memory.mjs", import.meta.url));
    const { stdout, stderr } = await run(process.execPath, ["--expose-gc", file, tells]);
    assert.deepEqual({ stdout, stderr }, { stdout: "done\n", stderr: "" });
  });
}

test("a push of a large buffer takes no memory of its size", async (t) => {
  const length = 192 * MiB;
  const sizes = [];
  const config = await platform(t, (request, response) => {
    let size = 0;
    request.on("data", (chunk) => {
      size += chunk.length;
    });
    request.on("end", () => {
      sizes.push(size);
      response.end();
    });
  });
  const file = fileURLToPath(new URL("memory.mjs", import.meta.url));
  const { stdout } = await run(process.execPath, [file, "grow", JSON.stringify({ config, length })]);
  assert.deepEqual(sizes, [length]);
  assert.ok(Number(stdout) < length / 2, `${stdout} bytes more were held at once`);
});
