/** How `readAllFiles` tells of files, ends, is stopped and fails. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { init, ServerError } from "../dist/index.js";
import { platform } from "./platform.mjs";
import { LAST_MODIFIED, list, reading, session } from "./session.mjs";

const options = { ...reading, pollingInterval: 1 };
const contents = { "a.json": Buffer.from("[1]"), "b.json": Buffer.from("[2]") };
const growing = [list("pending", []), list("running", ["a.json"]), list("completed", ["a.json", "b.json"])];
const never = [list("running", [])];

/** Starts to read a session. */
async function begun(t, lists, more = {}) {
  const { readAllFiles } = init(await platform(t, session(lists, contents)));
  return readAllFiles({ ...options, ...more });
}

test("every file is told of with its content, and the promises resolve when all are read", async (t) => {
  const files = [];
  const states = [];
  const progress = [];
  const { filePromise, response } = await begun(t, growing, {
    onFileData: (file) => files.push(file),
    onStatusChange: (state) => states.push(state),
    onProgress: (soFar) => progress.push(soFar),
  });
  assert.deepEqual(await filePromise, { state: "completed" });
  const { status, fileList, userAccessToken } = await response;
  assert.deepEqual(status, { state: "completed" });
  assert.deepEqual(fileList, growing[2].fileList);
  assert.deepEqual(userAccessToken, reading.userAccessToken);
  assert.deepEqual(states, ["running", "completed"]);
  assert.deepEqual(progress.at(-1), { filesDone: 2, filesKnown: 2, bytes: 6 });
  const [first, second] = files.sort((a, b) => a.fileName.localeCompare(b.fileName));
  assert.ok(Buffer.isBuffer(first.fileData));
  assert.equal(first.fileData.toString(), "[1]");
  assert.equal(first.lastModified, LAST_MODIFIED);
  assert.equal(first.fileMetadata.objectType, "Observation");
  assert.equal(first.fileList[0].name, "a.json");
  assert.deepEqual(first.userAccessToken, reading.userAccessToken);
  assert.equal(second.fileName, "b.json");
});

test("a file that cannot be read is told of with an instance of the error's class, and the reading goes on", async (t) => {
  const failures = [];
  const files = [];
  const { filePromise } = await begun(t, [list("partial", ["gone.json", "a.json"])], {
    onFileData: ({ fileName }) => files.push(fileName),
    onFileError: (failure) => failures.push(failure),
  });
  assert.deepEqual(await filePromise, { state: "partial" });
  assert.deepEqual(files, ["a.json"]);
  const [{ error, fileName, fileList }] = failures;
  assert.ok(error instanceof ServerError);
  assert.equal(error.error.code, "FileNotFound");
  assert.match(error.stack, /\n +at .*all-files\.test/);
  assert.equal(fileName, "gone.json");
  assert.equal(fileList.length, 2);
});

test("what callbacks throw stops nothing, and the first of it rejects both promises", async (t) => {
  const files = [];
  const onFileData = async ({ fileName }) => {
    files.push(fileName);
    throw new RangeError(fileName);
  };
  const { filePromise, response } = await begun(t, growing, { onFileData });
  const first = await filePromise.catch((error) => error);
  assert.ok(first instanceof RangeError);
  assert.equal(first.message, files[0]);
  await assert.rejects(response, (error) => error === first);
  assert.equal(files.length, 2);
});

test("what onFileData throws goes to onFileError as it is, and the promises resolve", async (t) => {
  const failures = [];
  const listener = {
    thrown: [new RangeError("one"), "another"],
    files: 0,
    async onFileData() {
      throw this.thrown[this.files++];
    },
    onFileError(failure) {
      failures.push({ ...failure, isSame: failure.error === this.thrown[failures.length] });
    },
  };
  const { filePromise } = await begun(t, growing, listener);
  assert.deepEqual(await filePromise, { state: "completed" });
  assert.deepEqual(failures.map(({ fileName }) => fileName).sort(), ["a.json", "b.json"]);
  for (const { isSame, fileList } of failures) assert.ok(isSame && fileList.length > 0);
});

test("what any other callback throws rejects, that of onFileError among it", async (t) => {
  const fail = (name) => () => {
    throw new RangeError(name);
  };
  for (const name of ["onFileError", "onStatusChange", "onProgress"]) {
    const { filePromise } = await begun(t, [list("completed", ["a.json"])], {
      onFileData: fail("onFileData"),
      onFileError() {},
      [name]: fail(name),
    });
    await assert.rejects(filePromise, new RangeError(name));
  }
});

test("a failure that nobody looks at is an unhandled rejection, and one that somebody looks at is none", () => {
  const program = (use) => `
    const { init } = require(${JSON.stringify(fileURLToPath(new URL("../dist/index.js", import.meta.url)))});
    const { readAllFiles } = init({ applicationId: "an-application", baseUrl: "http://127.0.0.1:9/", retryOptions: { limit: 0 } });
    const begun = readAllFiles(${JSON.stringify(options)});
    const seen = ({ name }) => console.log(name);
    ${use}`;
  const run = (use) => spawnSync(process.execPath, ["-e", program(use)], { encoding: "utf8" });
  for (const nobody of ["", "begun.filePromise;", "begun.response;", "begun.filePromise.then(() => {});"]) {
    const { status, stderr } = run(nobody);
    assert.equal(status, 1, nobody);
    assert.match(stderr, /TransportError/, nobody);
  }
  for (const somebody of [
    "begun.filePromise.catch(seen);",
    "begun.response.catch(seen);",
    "const { filePromise, response } = begun; filePromise.catch(seen);",
    "const { filePromise, response } = begun; response.catch(seen);",
    "const { response, filePromise } = begun; response.catch(seen);",
  ]) {
    const { status, stdout, stderr } = run(somebody);
    assert.deepEqual([status, stdout, stderr], [0, "TransportError\n", ""], somebody);
  }
});

test("stopPolling ends the reading, with the last status", async (t) => {
  let stop;
  const onStatusChange = () => stop();
  const { stopPolling, filePromise, response } = await begun(t, never, { onStatusChange, pollingInterval: 3_600_000 });
  stop = stopPolling;
  assert.deepEqual(await filePromise, { state: "running" });
  assert.deepEqual((await response).fileList, []);
  stopPolling();
});

test("stopPolling before anything is known ends the reading, with a session that is pending", async (t) => {
  const { stopPolling, filePromise } = await begun(t, never);
  stopPolling();
  assert.deepEqual(await filePromise, { state: "pending" });
});

test("wrong options throw at once", () => {
  const { readAllFiles } = init({ applicationId: "an-application" });
  for (const [wrong, path] of [
    [{ ...reading, sessionKey: "" }, "options.sessionKey"],
    [{ ...reading, onFileData: "a string" }, "options.onFileData"],
    [{ ...reading, pollingInterval: -1 }, "options.pollingInterval"],
    [undefined, "options"],
  ]) {
    assert.throws(() => readAllFiles(wrong), { name: "TypeValidationError", path });
  }
});

test("an aborted reading rejects both promises with the signal's reason", async (t) => {
  const controller = new AbortController();
  const reason = new Error("the person went away");
  const onStatusChange = () => controller.abort(reason);
  const { filePromise, response } = await begun(t, never, { onStatusChange, signal: controller.signal });
  for (const promise of [filePromise, response]) await assert.rejects(promise, (error) => error === reason);
});

test("a reading whose signal is aborted already rejects, and sends nothing", async (t) => {
  const { readAllFiles } = init(await platform(t, () => assert.fail("something was sent")));
  const { filePromise } = readAllFiles({ ...options, signal: AbortSignal.abort() });
  await assert.rejects(filePromise, { name: "AbortError" });
});

test("a limit of the polling is a TimeoutError that names it", async (t) => {
  const { filePromise } = await begun(t, [list("pending", [])], { pollingLimits: { pending: 2 } });
  await assert.rejects(filePromise, { name: "TimeoutError", phase: "pending" });
});
