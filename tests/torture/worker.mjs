// The worker in Node: keeps calls going on one link until its standard input ends, as `src/main.rs` does in Rust.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = resolve(process.env.DIGIME_SDK_NODE);
const { initPkb } = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));

const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

let mark = 0;
let isOver = false;
let next = signal();

/** A promise that can be settled from outside. */
function signal() {
  let settle;
  const promise = new Promise((settled) => {
    settle = settled;
  });
  return { promise, settle };
}

/** What the callers did since it was last told, and the marks that they have passed. */
class Passage {
  #byPlace;
  #told = 0;
  #calls = 0;
  #longestMs = 0;

  constructor(callers) {
    this.#byPlace = new Array(callers).fill(0);
  }

  record(place, callMark, tookMs) {
    this.#calls += 1;
    this.#longestMs = Math.max(this.#longestMs, tookMs);
    this.#byPlace[place] = callMark;
    const passed = Math.min(...this.#byPlace);
    if (passed > this.#told) {
      this.#told = passed;
      this.tell();
    }
  }

  /** Tells, and begins to count anew. */
  tell() {
    tell({ passed: this.#told, calls: this.#calls, longestMs: Math.round(this.#longestMs) });
    this.#calls = 0;
    this.#longestMs = 0;
  }
}

/** Makes calls, one after the other; after a failure not before the next mark. */
async function keepCalling(place, pkb, appUserId, passage) {
  while (!isOver) {
    const callMark = mark;
    const nextMark = next.promise;
    const began = performance.now();
    let failure;
    try {
      await pkb.getCurrentUser({ appUserId });
    } catch (error) {
      failure = error;
      tell({ failed: error.code ?? error.name, message: error.message, mark: callMark });
    }
    passage.record(place, callMark, performance.now() - began);
    if (failure) await nextMark;
  }
}

let callers;
let passage;
for await (const line of createInterface(process.stdin)) {
  if (callers) {
    mark = Number(line);
    next.settle();
    next = signal();
  } else {
    const { config, appUserId, calls, clients } = JSON.parse(line);
    const sdks = Array.from({ length: clients }, () => initPkb(config));
    passage = new Passage(calls);
    callers = Array.from({ length: calls }, (_, place) =>
      keepCalling(place, sdks[place % clients], appUserId, passage),
    );
  }
}
isOver = true;
next.settle();
await Promise.all(callers);
passage.tell();
