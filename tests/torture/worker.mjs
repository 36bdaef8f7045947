// The worker in Node: keeps calls going on one connection until its standard input ends, as `src/main.rs` does in Rust.

import { createHash } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const folder = resolve(process.env.DIGIME_SDK_NODE);
const { init, initPkb, TransportError } = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));

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

/** The code by which an error is known in every language: in JavaScript that of one of the network is the network's own. */
const codeOf = (error) => (error instanceof TransportError ? "ERR_TRANSPORT" : (error.code ?? error.name));

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

/** What the calls came to, in a file of its own. Times are of the clock that all processes share, and nobody sets. */
class History {
  #file;
  #calls = 0;

  constructor(path) {
    this.#file = openSync(path, "a");
  }

  async record(kind, appUserId, call) {
    const number = this.#calls++;
    this.#write({ call: number, kind, of: appUserId, began: now() });
    try {
      const saw = await call();
      this.#write({ call: number, ended: now(), code: null, saw });
    } catch (error) {
      const { message } = error;
      this.#write({ call: number, ended: now(), code: codeOf(error), message, saw: null });
      throw error;
    }
  }

  #write(line) {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

const now = () => Number(process.hrtime.bigint()) / 1e9;
const digest = (token) => createHash("sha256").update(token).digest("hex");

/** Every so many calls of a history one asks for the token. */
const TURN = 3;

/** That of Patients Know Best, as far as a caller calls it: asks the platform, and gives the first name. */
class Pkb {
  #sdk;

  constructor(config) {
    this.#sdk = initPkb(config);
  }

  async ask(appUserId) {
    return (await this.#sdk.getCurrentUser({ appUserId })).firstName;
  }

  async accessToken(appUserId) {
    return digest((await this.#sdk.getAccessToken({ appUserId })).accessToken);
  }
}

/** That of digi.me, which gives the reference of the first account. */
class DigiMe {
  #sdk;
  #contractDetails;

  constructor(config, contractDetails) {
    this.#sdk = init(config);
    this.#contractDetails = contractDetails;
  }

  async ask(appUserId) {
    const { accounts } = await this.#sdk.readAccounts({ contractDetails: this.#contractDetails, appUserId });
    return accounts[0].reference;
  }

  async accessToken(appUserId) {
    const { contractId } = this.#contractDetails;
    return digest((await this.#sdk.exportConnection({ appUserId, contractId })).accessToken.value);
  }
}

function call(sdk, appUserId, history, turn) {
  if (!history) return sdk.ask(appUserId);
  return turn % TURN
    ? history.record("answer", appUserId, () => sdk.ask(appUserId))
    : history.record("accessToken", appUserId, () => sdk.accessToken(appUserId));
}

/** Makes calls, one after the other; after a failure not before the next mark. */
async function keepCalling(place, sdk, appUserId, passage, { history, pauseMs }) {
  for (let turn = place; !isOver; turn += 1) {
    const callMark = mark;
    const nextMark = next.promise;
    const began = performance.now();
    let failure;
    try {
      await call(sdk, appUserId, history, turn);
    } catch (error) {
      failure = error;
      tell({ failed: codeOf(error), message: error.message, mark: callMark });
    }
    passage.record(place, callMark, performance.now() - began);
    if (failure) await nextMark;
    if (pauseMs) await sleep(pauseMs);
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
    const { parties, calls, clients, history, pauseMs } = JSON.parse(line);
    const manner = { history: history && new History(history), pauseMs };
    const sdks = parties.map(({ config, contract }) =>
      Array.from({ length: clients }, () => (contract ? new DigiMe(config, contract) : new Pkb(config))),
    );
    passage = new Passage(calls);
    callers = Array.from({ length: calls }, (_, place) => {
      const [party, turn] = [place % parties.length, Math.floor(place / parties.length)];
      const { appUserIds } = parties[party];
      return keepCalling(place, sdks[party][turn % clients], appUserIds[turn % appUserIds.length], passage, manner);
    });
  }
}
isOver = true;
next.settle();
await Promise.all(callers);
passage.tell();
