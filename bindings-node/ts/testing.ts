/** A contract test for a store of one's own, of which `fast-check` has to be installed. */

import { randomBytes, randomInt } from "node:crypto";
import type { LinkStore } from "./generated/types";
import { fastCheck } from "./store-contract/fast-check";
import { Instances } from "./store-contract/instances";
import { type Operation, operations } from "./store-contract/operations";
import { Play } from "./store-contract/play";
import { BrokenPromise, report } from "./store-contract/promises";
import { platforms } from "./store-contract/records";
import { playSequence } from "./store-contract/sequence";

/** A store to be checked, and how long. */
export interface LinkStoreCheck<S extends LinkStore = LinkStore> {
  /**
   * Opens the store as one more process would: an instance with a connection of its own, on the same data. Records of others in it are
   * left alone.
   */
  open: () => S | Promise<S>;
  /** Lets go of an instance's connections. */
  close?: (store: S) => unknown;
  /** The server on which the data is, of the test's own. Without it nothing is found out of what outlasts a crash. */
  database?: {
    /** Ends it as a crash does (`SIGKILL`, not a shutdown), and returns when it has ended. */
    kill: () => unknown;
    /** Starts it again on what is left of its data, and returns when it can be asked. */
    start: () => unknown;
  };
  /** How many sequences of calls are made. Default 100. */
  runs?: number;
  /** Which ones: the seed that a failure names makes the same again. Default: others each time. */
  seed?: number;
}

/** For how long a shorter sequence of calls is looked for that breaks the promise too. */
const SHRINKING_MS = 20_000;

/**
 * Checks that a store keeps the promises that the SDK builds on, by calls at random through three instances, some of them at once, each
 * compared with what a store has to answer. Of a broken promise the error says which it is, what was found, the shortest sequence of calls
 * that was found to lead there, and the seed.
 */
export async function checkLinkStore<S extends LinkStore>(check: LinkStoreCheck<S>): Promise<void> {
  const fc = fastCheck();
  const { database, runs = 100, seed = randomInt(2 ** 31) } = check;
  const instances = new Instances<S>(check);
  let found: { broken: BrokenPromise; at: number } | undefined;
  const property = fc.asyncProperty(operations(fc, database !== undefined), async (sequence) => {
    if (found && Date.now() > found.at + SHRINKING_MS) return;
    try {
      await run(new Play(instances, platforms(randomBytes(4).toString("hex")), database), sequence);
    } catch (error) {
      if (!(error instanceof BrokenPromise)) throw error;
      found = { broken: error, at: found?.at ?? Date.now() };
      throw error;
    }
  });
  await instances.open();
  try {
    const { failed, errorInstance } = await fc.check(property, { numRuns: runs, seed });
    if (found) throw report(found.broken, seed);
    if (failed) throw errorInstance;
  } finally {
    await instances.close();
  }
}

async function run<S extends LinkStore>(play: Play<S>, sequence: Operation[]): Promise<void> {
  try {
    await playSequence(play, sequence);
  } catch (error) {
    await Promise.allSettled([play.end()]);
    throw error;
  }
  await play.end();
}
