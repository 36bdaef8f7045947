/** A process of its own for what would end it by a signal, were memory of JavaScript's read by another thread. */

import { once } from "node:events";
import { createServer } from "node:http";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { init } from "../dist/index.js";
import { aPushOf } from "./platform.mjs";

const MiB = 1024 * 1024;
const ROUNDS = 3;
const aLargeBuffer = () => new ArrayBuffer(64 * MiB, { maxByteLength: 64 * MiB });

/** A platform of this process, which tells of the first bytes of each file, and takes or refuses it. */
async function platform(status) {
  const server = createServer((request, response) => {
    request.on("error", () => {});
    request.once("data", () => server.emit("bytes"));
    if (status === 200) request.on("end", () => response.end());
    else response.writeHead(status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const config = { applicationId: "an-application", baseUrl: `http://127.0.0.1:${server.address().port}/` };
  return { server, config: { ...config, retryOptions: { limit: 0 } } };
}

async function inWorker(end) {
  const { server, config } = await platform(200);
  for (let round = 0; round < ROUNDS; round += 1) {
    const worker = new Worker(new URL(import.meta.url), { workerData: { config } });
    const exit = once(worker, "exit");
    await once(server, "bytes");
    await end(worker);
    await exit;
  }
  server.close();
  server.closeAllConnections();
}

async function inThisThread(status, act) {
  const { server, config } = await platform(status);
  for (let round = 0; round < ROUNDS; round += 1) {
    const buffer = aLargeBuffer();
    const controller = new AbortController();
    const push = init(config).pushData(aPushOf(buffer, { signal: controller.signal }));
    const failed = push.catch(() => {});
    await once(server, "bytes");
    await act({ buffer, controller, failed });
    await failed;
  }
  server.close();
  server.closeAllConnections();
}

const transfer = (buffer) => structuredClone(buffer, { transfer: [buffer] });

const SCENARIOS = {
  terminate: () => inWorker((worker) => worker.terminate()),
  exit: () => inWorker((worker) => worker.postMessage("exit")),
  transferAfterAbort: () =>
    inThisThread(200, async ({ buffer, controller, failed }) => {
      controller.abort();
      await failed;
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
  init(workerData.config)
    .pushData(aPushOf(aLargeBuffer()))
    .catch(() => {});
} else if (scenario === "grow") {
  await grow(JSON.parse(given));
} else {
  await SCENARIOS[scenario]();
  process.stdout.write("done\n");
}
