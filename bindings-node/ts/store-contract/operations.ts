/** What may happen to a store: operations at random, small enough that fast-check finds the shortest sequence of them. */

import type * as FastCheck from "fast-check";
import { IDS, OWNERS } from "./records";

/** Which version a change expects, beside that which is there. */
export const EXPECTATIONS = ["right", "none", "before", "after", "shorter", "longer"] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

export interface Key {
  platform: number;
  id: number;
}

export interface Put extends Key {
  kind: "put" | "putAttempt";
  /** Through which instance. */
  by: number;
  expectation: Expectation;
  publicId: number;
  shares: boolean;
  later: boolean;
  /** The version of a record that is new. */
  first: number;
  expiresAt: number;
}

export interface Remove extends Key {
  kind: "remove";
  by: number;
  expectation: Expectation;
}

export interface RemoveAttempts {
  kind: "removeAttempts";
  platform: number;
  by: number;
  expiresAt: number;
  /** Whose go beside those that have expired, if anybody's do. */
  appUserId: string | null;
}

const RACES = ["link", "linkOrRemoval", "attempt", "publicId"] as const;

/** Changes of one record at once: writes, writes and removals, or new links with one public id. */
export interface Race extends Omit<Put, "kind"> {
  kind: "race";
  over: (typeof RACES)[number];
}

export interface List {
  kind: "list";
  platform: number;
  by: number;
  limit: number;
}

/** The database is killed while links are written, or at once when they are. */
export interface Crash {
  kind: "crash";
  platform: number;
  ids: number[];
  isAnswered: boolean;
}

export type Operation = Put | Remove | RemoveAttempts | Race | List | Crash;

/** How long attempts live, at most. */
const LONGEST = 3;
const PUBLIC_IDS = 4;
export const INSTANCES = 3;

/** Where a comparison as text, as 32 bits or as a short float goes wrong within a few changes, and 2^53 less a few. */
const FIRST_VERSIONS = [
  1,
  1,
  8,
  9,
  97,
  99,
  2 ** 24 - 1,
  2 ** 31 - 2,
  2 ** 32 - 2,
  999_999_999_999_998,
  Number.MAX_SAFE_INTEGER - 40,
];

export function operations(fc: typeof FastCheck, crashes: boolean): FastCheck.Arbitrary<Operation[]> {
  const below = (count: number) => fc.integer({ min: 0, max: count - 1 });
  const platform = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
  // Few are met often, and the others now and then.
  const id = fc.oneof({ weight: 3, arbitrary: below(4) }, { weight: 1, arbitrary: below(IDS.length) });
  const by = below(INSTANCES);
  const right = { weight: 6, arbitrary: fc.constant<Expectation>("right") };
  const expectation = fc.oneof(right, { weight: 3, arbitrary: fc.constantFrom(...EXPECTATIONS) });
  const put = {
    platform,
    id,
    by,
    expectation,
    publicId: below(PUBLIC_IDS),
    shares: fc.boolean(),
    later: fc.boolean(),
    first: fc.constantFrom(...FIRST_VERSIONS),
    expiresAt: below(LONGEST),
  };
  const kind = <const K>(name: K) => fc.constant(name);
  const weighted = <T>(weight: number, arbitrary: FastCheck.Arbitrary<T>) => ({ weight, arbitrary });
  const over = fc.constantFrom(...RACES);
  const operation: FastCheck.Arbitrary<Operation> = fc.oneof(
    weighted(8, fc.record({ kind: kind("put"), ...put })),
    weighted(3, fc.record({ kind: kind("putAttempt"), ...put })),
    weighted(2, fc.record({ kind: kind("remove"), platform, id, by, expectation })),
    weighted(
      2,
      fc.record({
        kind: kind("removeAttempts"),
        platform,
        by,
        expiresAt: below(LONGEST + 1),
        appUserId: fc.constantFrom(null, null, ...OWNERS),
      }),
    ),
    weighted(3, fc.record({ kind: kind("race"), over, ...put })),
    weighted(2, fc.record({ kind: kind("list"), platform, by, limit: fc.integer({ min: 1, max: 4 }) })),
    weighted(
      crashes ? 1 : 0,
      fc.record({
        kind: kind("crash"),
        platform,
        ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
        isAnswered: fc.boolean(),
      }),
    ),
  );
  return fc.array(operation, { minLength: 1, maxLength: 20, size: "max" });
}
