/** What a store promises, in words, and the error that says which promise it broke, and after which calls. */

export const PROMISES = {
  works: "A method answers, by what the type `LinkStore` says, where nothing is wrong with its database.",
  version:
    "A change is made, and answered by true, where the record has the version that `expectedVersion` names, or there is none and it is null, and no `publicId` stands in the way; and nowhere else. Versions are compared as numbers, of up to 63 bits.",
  publicId:
    "Two users of a platform have one `publicId` only if either record has `sharesPublicId`; `putLink` answers false to the second.",
  refused: "A change that is answered by false has changed nothing.",
  once: "Of changes that are made at once and exclude each other, one is told true and all others false, through whichever instances they come.",
  written: "What is answered by true is written, in place of the whole record that was there before.",
  members: "A record is given back with all its members, also those that the store does not know.",
  fresh: "What one instance has answered for, every other reads from then on: no copy lags behind, and none is kept.",
  found: "`findLinks` gives all links with a `publicId`, as they are, and no others.",
  apart: "Records are told apart by their platform and by the whole id of the user or attempt, letter by letter.",
  listed:
    "`listLinks` gives each link of a platform once, in an order that stays: up to `limit` of those after `after`, whether that link is still there or not. `filterLinks`, of a store that has it, gives those that the filter lets through.",
  expired:
    "`removeAttempts` removes the attempts of its platform that expired before the time that it is given, with an `appUserId` all of that user too, and nothing else.",
  durable: "What is answered is durable: it outlasts a crash of the database right after the answer.",
  away: "While the database is away methods fail: none answers as if nothing were stored, or from a copy.",
} as const;

export type PromiseName = keyof typeof PROMISES;

/** A promise that a store broke, as it was found. */
export class BrokenPromise extends Error {
  readonly calls: readonly string[];

  constructor(
    readonly promise: PromiseName,
    readonly found: string,
    calls: readonly string[],
    cause?: unknown,
  ) {
    super(found, cause === undefined ? {} : { cause });
    // More are made when the run is over.
    this.calls = [...calls];
  }
}

/** The error of the check: the promise, what was found, the calls that led there, and how to make them again. */
export function report({ promise, found, calls, cause }: BrokenPromise, seed: number): Error {
  const numbered = calls.map((call, index) => `  ${index + 1}. ${call}`);
  const message = [
    `The store breaks a promise. ${PROMISES[promise]}`,
    `Found: ${found}`,
    "After these calls, a, b and c being instances of the store:",
    ...numbered,
    `The same calls are made again with seed: ${seed}.`,
  ].join("\n");
  const error = new Error(message, cause === undefined ? {} : { cause });
  error.name = "BrokenPromise";
  return Object.assign(error, { promise, seed });
}
