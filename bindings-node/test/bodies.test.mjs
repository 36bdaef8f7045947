/** How the content of a file reaches the application: whole, or as a stream. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { test } from "node:test";
import { FileDecryptionError, init } from "../dist/index.js";
import { bodyOf, contractDetails, platform, userAccessToken } from "./platform.mjs";
import { LAST_MODIFIED, reading, sealed, session } from "./session.mjs";

const download = { contractDetails, storageId: "a-storage", path: "/scans/knee.dcm" };
const content = randomBytes(3_000_000);

/** A platform whose storage answers like this. */
async function storage(t, answer) {
  const config = await platform(t, answer);
  return init({ ...config, cloudBaseUrl: config.baseUrl });
}

test("a file is read as a Buffer", async (t) => {
  const { readFile } = init(await platform(t, session([], { "a.json": content })));
  const { fileData, fileName, lastModified } = await readFile({ ...reading, fileName: "a.json" });
  assert.ok(Buffer.isBuffer(fileData));
  assert.ok(fileData.equals(content));
  assert.equal(fileName, "a.json");
  assert.equal(lastModified, LAST_MODIFIED);
});

test("an empty file is an empty Buffer", async (t) => {
  const { readFile } = init(await platform(t, session([], { "a.json": "" })));
  const { fileData } = await readFile({ ...reading, fileName: "a.json" });
  assert.deepEqual(fileData, Buffer.alloc(0));
});

test("a file is read as a web stream of Uint8Arrays", async (t) => {
  const { readFileStream } = init(await platform(t, session([], { "a.json": content })));
  const { body, fileMetadata } = await readFileStream({ ...reading, fileName: "a.json" });
  assert.ok(body instanceof ReadableStream);
  assert.equal(fileMetadata.objectCount, 1);
  const chunks = [];
  for await (const chunk of body) {
    assert.equal(Object.getPrototypeOf(chunk), Uint8Array.prototype);
    chunks.push(chunk);
  }
  assert.ok(Buffer.concat(chunks).equals(content));
});

test("a stream of the storage can be read by whatever reads web streams", async (t) => {
  const { downloadStorageFile } = await storage(t, (_, response) => response.end(sealed(content)));
  const { body } = await downloadStorageFile(download);
  assert.ok(Buffer.from(await new Response(body).arrayBuffer()).equals(content));
});

test("a stream that the SDK gives can be pushed with it", async (t) => {
  let uploaded;
  const { downloadStorageFile, pushData } = await storage(t, async (request, response) => {
    if (request.method === "POST") uploaded = await bodyOf(request);
    response.end(request.method === "GET" ? sealed(content) : "");
  });
  const { body } = await downloadStorageFile(download);
  const fileDescriptor = { mimeType: "application/dicom", accounts: [{ accountId: "an-account" }] };
  const data = { fileData: body, fileName: "knee.dcm", fileDescriptor };
  await pushData({ contractDetails, userAccessToken, data });
  assert.ok(uploaded.equals(content));
});

test("damage in the midst of a stream reaches its reader as the SDK's error", async (t) => {
  const { downloadStorageFile } = await storage(t, (_, response) => response.end(sealed(content).subarray(0, -16)));
  const { body } = await downloadStorageFile(download);
  const failure = await new Response(body).arrayBuffer().catch((error) => error);
  assert.ok(failure instanceof FileDecryptionError);
  assert.match(failure.stack, /\n +at .*bodies\.test/);
});

for (const [end, how] of Object.entries({
  "cancelled before it is read": (body) => body.cancel(),
  "left in the midst": async (body) => {
    for await (const _ of body) break;
  },
  "cancelled while a chunk is awaited": async (body) => {
    const reader = body.getReader();
    let awaited;
    do awaited = reader.read();
    while (await Promise.race([awaited, new Promise((resolve) => setImmediate(resolve, false))]));
    await reader.cancel();
    assert.deepEqual(await awaited, { done: true, value: undefined });
  },
})) {
  test(`a stream that is ${end} ends its download`, async (t) => {
    const { promise: closed, resolve } = closing();
    const { downloadStorageFile } = await storage(t, (_, response) => {
      once(response, "close").then(resolve);
      // The rest of the file never comes.
      response.write(sealed(content).subarray(0, -32));
    });
    const { body } = await downloadStorageFile(download);
    await how(body);
    await closed;
  });
}

test("a stream ends with the signal of the call that resolved to it, and lets go of one that goes on", async (t) => {
  const { promise: closed, resolve } = closing();
  const { downloadStorageFile } = await storage(t, (_, response) => {
    once(response, "close").then(resolve);
    // The rest of the file never comes.
    response.write(sealed(content).subarray(0, -32));
  });
  const controller = new AbortController();
  const { body } = await downloadStorageFile({ ...download, signal: controller.signal });
  const reason = new Error("enough");
  const read = (async () => {
    for await (const _ of body) controller.abort(reason);
  })();
  await assert.rejects(read, reason);
  await closed;

  const { downloadStorageFile: whole } = await storage(t, (_, response) => response.end(sealed(content)));
  const { signal } = new AbortController();
  for (let index = 0; index < 3; index++) {
    const { body } = await whole({ ...download, signal });
    for await (const _ of body);
    assert.deepEqual(getEventListeners(signal, "abort"), []);
  }
});

function closing() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
