// How a scenario is played with the Node package: its values made and read, its calls made; judging is the replayer's part.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

// A call that never settles must not hide the verdict on the other scenarios.
const LONGEST_SCENARIO_MS = 60_000;

// `fetch` as the first argument has that carry all requests, in place of the SDK's own transport.
const transport = process.argv[2] === "fetch" ? { fetch } : {};

const folder = resolve(process.env.DIGIME_SDK_NODE ?? join(import.meta.dirname, "../../bindings-node"));
const sdk = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));

/** The value that a scenario means; `undefined` for a field to leave out. */
function decode(value, { results, events }) {
  if (Array.isArray(value)) return value.map((item) => decode(item, { results, events }));
  if (value === null || typeof value !== "object") return value;
  if ("$undefined" in value) return undefined;
  if ("$bytes" in value) return Buffer.from(value.$bytes, "base64");
  if ("$stream" in value) return Readable.from(chunks(value), { objectMode: false });
  if ("$prior" in value) return results[Number(value.$prior)];
  if ("$callback" in value) {
    return (argument) => {
      events.push({ callback: value.$callback, argument });
    };
  }
  const fields = Object.entries(value).map(([name, field]) => [name, decode(field, { results, events })]);
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

function* chunks({ $stream, chunk }) {
  const bytes = Buffer.from($stream, "base64");
  const size = chunk ?? bytes.length;
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/**
 * The value as the replayer compares it. An HTTP response is the door to sockets, agents and itself: of an instance of a class
 * within another, and of a value within itself, there is only a name.
 */
async function encode(value, around = []) {
  if (value === undefined) return null;
  if (value === null || typeof value !== "object") return value;
  if (value instanceof ReadableStream) return encode(Buffer.from(await new Response(value).arrayBuffer()));
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (around.includes(value)) return "[cycle]";
  const within = [...around, value];
  if (value instanceof Error) return encode(describe(value), within);
  if (isInstance(value) && around.some(isInstance)) return `[${value.constructor?.name}]`;
  if (Array.isArray(value)) return Promise.all(value.map((item) => encode(item, within)));
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  const fields = present.map(async ([name, field]) => [name, await encode(field, within)]);
  return Object.fromEntries(await Promise.all(fields));
}

function isInstance(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype !== null && prototype !== Object.prototype && !Array.isArray(value);
}

function describe(error) {
  const { name, message, error: platformError, response, code } = error ?? {};
  return {
    class: error?.constructor?.name ?? typeof error,
    name: String(name),
    message: String(message),
    error: platformError,
    response: response && { statusCode: response.statusCode },
    code,
  };
}

async function call(client, name, args) {
  if (name === "init") {
    const methods = Object.entries(sdk.init(args)).filter(([, member]) => typeof member === "function");
    return { methods: methods.map(([method]) => method).sort() };
  }
  const result = await client[name](args);
  return name === "readAllFiles" ? result.filePromise : result;
}

async function play({ init, steps }) {
  const client = steps.every((step) => step.call === "init") ? undefined : sdk.init({ ...init, ...transport });
  const outcomes = [];
  const results = [];
  for (const [index, step] of steps.entries()) {
    const events = [];
    const outcome = {};
    try {
      results[index] = await call(client, step.call, decode(step.args, { results, events }));
      outcome.result = await encode(results[index]);
    } catch (error) {
      outcome.error = await encode(describe(error));
    }
    outcome.events = await Promise.all(
      events.map(async ({ callback, argument }) => ({ callback, argument: await encode(argument) })),
    );
    outcomes.push(outcome);
  }
  return outcomes;
}

async function withinLimit(promise) {
  let timer;
  const late = new Promise((_, reject) => {
    const reason = new Error(`not settled after ${LONGEST_SCENARIO_MS / 1000} s`);
    timer = setTimeout(reject, LONGEST_SCENARIO_MS, reason);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function ask(address, method, body) {
  const response = await fetch(address, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the replayer answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function replay(control, id) {
  try {
    const run = await ask(`${control}/scenarios/${encodeURIComponent(id)}/start`, "POST");
    const steps = await withinLimit(play(run));
    return (await ask(`${control}/runs/${run.run}/finish`, "POST", { steps })).failures;
  } catch (error) {
    return [`not replayed: ${error}`];
  }
}

const replayer = spawn(process.env.DIGIME_CONFORMANCE_BIN, ["serve"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = await once(createInterface(replayer.stdout), "line");
  const { control } = JSON.parse(line);
  const scenarios = await ask(`${control}/scenarios`, "GET");
  let failed = 0;
  for (const id of scenarios) {
    const failures = await replay(control, id);
    if (failures.length === 0) continue;
    failed += 1;
    console.log(`${id}: ${failures.join("; ")}`);
  }
  console.log(`${scenarios.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  replayer.kill();
}
