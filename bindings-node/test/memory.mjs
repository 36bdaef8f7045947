/** A process of its own for what would end it by a signal, were memory of JavaScript's read by another thread. */

import { once } from "node:events";
import { createServer } from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { init } from "../dist/index.js";
import { aPushOf, contractDetails } from "./platform.mjs";

const MiB = 1024 * 1024;
const ROUNDS = 5;
const aLargeBuffer = () => new ArrayBuffer(64 * MiB, { maxByteLength: 64 * MiB });

/** An upload, whose bytes are not only handed to the system, which looks at memory before it reads it, but encrypted. */
function upload(config, buffer, signal) {
  const file = { fileName: "scan.dcm", fileData: new Uint8Array(buffer) };
  const options = { contractDetails, storageId: "a-storage", ...file };
  return init(config).uploadFileToStorage({ ...options, ...(signal && { signal }) });
}

/**
 * A platform of this process, which tells of the first bytes of each file, and takes the rest once it is told to `goOn`; or refuses it.
 */
async function platform(status) {
  const server = createServer((request, response) => {
    request.on("error", () => {}).on("close", () => server.emit("over"));
    request.once("data", () => {
      request.pause();
      server.once("goOn", () => request.resume());
      server.emit("bytes");
      // Not before: of what is refused at once no byte need come.
      if (status !== 200) response.writeHead(status).end();
    });
    if (status === 200) request.on("end", () => response.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cloudBaseUrl = `http://127.0.0.1:${server.address().port}/`;
  return { server, config: { applicationId: "an-application", cloudBaseUrl, retryOptions: { limit: 0 } } };
}

async function inWorker(end) {
  const { server, config } = await platform(200);
  for (let round = 0; round < ROUNDS; round += 1) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { config } });
    const exit = once(worker, "exit");
    await once(server, "bytes");
    await end(worker);
    await exit;
    server.emit("goOn");
    // Its end: what still read the memory of the worker would read it now.
    await once(server, "over");
  }
  server.close();
  server.closeAllConnections();
}

async function inThisThread(status, act) {
  const { server, config } = await platform(status);
  for (let round = 0; round < ROUNDS; round += 1) {
    const buffer = aLargeBuffer();
    const controller = new AbortController();
    const failed = upload(config, buffer, controller.signal).catch(() => {});
    await once(server, "bytes");
    await act({ buffer, controller, failed, server });
    server.emit("goOn");
    await failed;
  }
  server.close();
  server.closeAllConnections();
}

/** Moves the memory to a buffer that nobody has, and frees it. */
function transfer(buffer) {
  structuredClone(buffer, { transfer: [buffer] });
  globalThis.gc();
}

const SCENARIOS = {
  terminate: () => inWorker((worker) => worker.terminate()),
  exit: () => inWorker((worker) => worker.postMessage("exit")),
  transferAfterAbort: () =>
    inThisThread(200, async ({ buffer, controller, server }) => {
      server.emit("goOn");
      await new Promise(setImmediate);
      controller.abort();
      transfer(buffer);
    }),
  transferAfterRefusal: () =>
    inThisThread(404, async ({ buffer, failed }) => {
      await failed;
      transfer(buffer);
    }),
  resize: () => inThisThread(200, ({ buffer }) => buffer.resize(0)),
};

async function grow({ config, length }) {
  const buffer = new Uint8Array(length).fill(1);
  const before = process.resourceUsage().maxRSS;
  await init(config).pushData(aPushOf(buffer));
  process.stdout.write(String((process.resourceUsage().maxRSS - before) * 1024));
}

const [, , scenario, given] = process.argv;
if (!isMainThread) {
  parentPort.on("message", () => process.exit());
  upload(workerData.config, aLargeBuffer()).catch(() => {});
} else if (scenario === "grow") {
  await grow(JSON.parse(given));
} else {
  await SCENARIOS[scenario]();
  process.stdout.write("done\n");
}
