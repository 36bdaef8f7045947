/** What an application of today holds as the content of a file: blobs and bodies, requests that it answers, parts of forms. */

import assert from "node:assert/strict";
import { createReadStream, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import busboy from "busboy";
import { init } from "../dist/index.js";
import { aPushOf, bodyOf, listening, platform } from "./platform.mjs";

const content = Buffer.from("a file of an application");

/** The SDK on a platform that keeps what is pushed. */
async function keeping(t) {
  const stored = [];
  const config = await platform(t, async (request, response) => {
    const body = await bodyOf(request).catch(() => undefined);
    if (body) stored.push(body);
    response.end();
  });
  return { ...init(config), stored };
}

/** An application's server with one route, and its address. */
const route = (t, answer) => listening(t, createServer(answer));

test("a Blob, a File, and the body of a Request or Response are read", async (t) => {
  const { pushData, stored } = await keeping(t);
  const url = await route(t, (_, response) => response.end(content));
  const blob = new Blob([content.subarray(0, 5), content.subarray(5)]);
  for (const source of [
    blob,
    blob,
    new File([content], "a.txt"),
    new Response(content),
    new Response(blob),
    new Request(url, { method: "POST", body: content }),
    await fetch(url),
  ]) {
    await pushData(aPushOf(source));
    assert.deepEqual(stored.pop(), content);
  }
  await pushData(aPushOf(new Blob([])));
  assert.deepEqual(stored.pop(), Buffer.alloc(0));
});

test("a body that is gone, locked or not there is refused, and nothing is sent", async (t) => {
  const { pushData, uploadFileToStorage } = init(await platform(t, () => assert.fail("something was sent")));
  const used = new Response(content);
  await used.text();
  const locked = new Response(content);
  locked.body.getReader();
  for (const fileData of [used, locked, new Response(), new Request("http://127.0.0.1/")]) {
    await assert.rejects(pushData(aPushOf(fileData)), { name: "TypeValidationError", path: "options.data.fileData" });
  }
  const file = join(tmpdir(), `encoded-${process.pid}.txt`);
  writeFileSync(file, "é");
  const detached = new ArrayBuffer(8);
  const view = new Uint8Array(detached);
  structuredClone(detached, { transfer: [detached] });
  const { contractDetails } = aPushOf(content);
  for (const fileData of [createReadStream(file, "utf8"), detached, view]) {
    const upload = uploadFileToStorage({ contractDetails, storageId: "a-storage", fileName: "a.txt", fileData });
    await assert.rejects(upload, { name: "TypeValidationError", path: "options.fileData" });
  }
});

test("a body that one call has used up is refused by the next", async (t) => {
  const { pushData } = await keeping(t);
  for (const source of [new Response(content), Readable.from([content])]) {
    await pushData(aPushOf(source));
    await assert.rejects(pushData(aPushOf(source)), { name: "TypeValidationError", path: "options.data.fileData" });
  }
});

test("a request is pushed on while it comes in, and its route answers, whether the push succeeds or not", async (t) => {
  const { pushData, stored } = await keeping(t);
  const refusing = init(
    await platform(t, (request, response) => {
      request.resume();
      response.statusCode = 403;
      response.end(JSON.stringify({ error: { code: "Forbidden", message: "not yours" } }));
    }),
  );
  const url = await route(t, async (request, response) => {
    const push = request.url === "/refused" ? refusing.pushData : pushData;
    try {
      await push(aPushOf(request));
      response.end("stored");
    } catch (error) {
      response.statusCode = 502;
      response.end(error.message);
    }
  });
  // More than is on its way at a time, so that some of it is left when the refusal comes.
  const large = Buffer.alloc(8 * 1024 * 1024, 7);
  for (const [path, expected] of [
    ["stored", [200, "stored"]],
    ["refused", [502, "not yours"]],
    ["stored", [200, "stored"]],
  ]) {
    const answer = await fetch(url + path, { method: "POST", body: large });
    assert.deepEqual([answer.status, await answer.text()], expected);
  }
  assert.ok(stored.length === 2 && stored.every((file) => file.equals(large)));
});

test("a part of a form is pushed, and the form ends, whether the push succeeds or not; one that was cut off is not stored", async (t) => {
  const { pushData, stored } = await keeping(t);
  const form = async (limits, push) => {
    const { promise, resolve } = Promise.withResolvers?.() ?? deferred();
    const url = await route(t, (request, response) => {
      const pushes = [];
      const reader = busboy({ headers: request.headers, limits });
      reader.on("file", (_, part) =>
        pushes.push(
          push(aPushOf(part)).then(
            () => "stored",
            ({ message }) => message,
          ),
        ),
      );
      reader.on("close", async () => resolve(await Promise.all(pushes), response.end("done")));
      request.pipe(reader);
    });
    const body = new FormData();
    for (const name of ["a", "b"]) body.append(name, new Blob([Buffer.alloc(300_000, name)]), `${name}.txt`);
    const answer = await fetch(url, { method: "POST", body });
    assert.equal(await answer.text(), "done");
    return promise;
  };
  assert.deepEqual(await form({}, pushData), ["stored", "stored"]);
  assert.deepEqual(
    stored.splice(0).map((file) => file.length),
    [300_000, 300_000],
  );
  for (const message of await form({ fileSize: 1000 }, pushData)) assert.match(message, /cut off at the limit/);
  assert.deepEqual(stored, []);
  const { pushData: unreachable } = init({
    applicationId: "a",
    baseUrl: "http://127.0.0.1:9/",
    retryOptions: { limit: 0 },
  });
  for (const message of await form({}, unreachable)) assert.match(message, /POST permission-access/);
});

function deferred() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
