/** The records that a store is given, and whether what it gives back is the same: as tolerant as the SDK itself. */

import { isDeepStrictEqual } from "node:util";
import type { AttemptRecord, LinkFilter, LinkRecord } from "../generated/data";

/** A record with members that this version of the SDK does not know. */
export type StoredLink = LinkRecord & { [later: string]: unknown };
export type StoredAttempt = AttemptRecord & { [later: string]: unknown };

/** What a later version of the SDK may have added. */
const LATER = {
  addedLater: { nested: [1, "two", null, { three: true }], text: "\u{1f511} \u0007 \\ \" '" },
  added_too: -0.5,
};

/** How many bytes an id may have, at most. */
const LONGEST_ID = 1000;

/** Ids that a store confuses which compares by rules of a language, joins parts of a key, takes text for a pattern, or looks at the first so many letters. */
export const IDS = [
  "a",
  "A",
  "a ",
  "8443:a",
  "\u00e9",
  "e\u0301",
  "10",
  "9",
  "%",
  "*",
  "__proto__",
  "\u{1f600}",
  "y".padStart(LONGEST_ID, "x"),
  "z".padStart(LONGEST_ID, "x"),
] as const;

/** Platforms, of which one begins with the other: no other run of a check has the same. */
export function platforms(run: string): readonly string[] {
  return [`pkb:check-${run}.example`, `pkb:check-${run}.example:8443`];
}

/** A time that is no whole second, and has more than 32 bits. */
const TIME = 1_912_345_678_901;

export interface LinkParts {
  platform: string;
  appUserId: string;
  publicId: string;
  shares: boolean;
  later: boolean;
  version: number;
  /** Sets it apart from every other. */
  mark: number;
}

export function link({ platform, appUserId, publicId, shares, later, version, mark }: LinkParts): StoredLink {
  const isLeased = mark % 2 === 0;
  return {
    platform,
    appUserId,
    publicId,
    ...(shares ? { sharesPublicId: true } : {}),
    status: (["active", "uncertain", "expired"] as const)[mark % 3] ?? "active",
    linkedAt: TIME,
    refreshedAt: TIME + mark,
    lease: isLeased ? `lease-${mark}` : null,
    leaseUntil: isLeased ? TIME + 2 * mark : null,
    keyId: "0123abcd",
    sealed: sealed(mark),
    version,
    ...(later ? LATER : {}),
  };
}

export interface AttemptParts {
  platform: string;
  id: string;
  expiresAt: number;
  later: boolean;
  version: number;
  mark: number;
}

export function attempt({ platform, id, expiresAt, later, version, mark }: AttemptParts): StoredAttempt {
  return {
    platform,
    id,
    appUserId: ownerOf(id),
    status: (["pending", "exchanging", "exchanged", "linking", "completed", "failed"] as const)[mark % 6] ?? "pending",
    expiresAt: TIME + expiresAt,
    keyId: "0123abcd",
    sealed: sealed(mark),
    version,
    ...(later ? LATER : {}),
  };
}

/** The time before which attempts have expired whose `expiresAt` was given as less. */
export function before(expiresAt: number): number {
  return TIME + expiresAt;
}

/** What is sealed may have 64 KiB: tokens, what is kept beside them, and a key as a service has wrapped it. */
const LONGEST_SEALED = 64 * 1024;

/** Some of it is as long as tokens are, and some as long as it may be. */
function sealed(mark: number): string {
  const length = mark % 10 === 0 ? LONGEST_SEALED : mark % 5 === 0 ? 6000 : 20;
  return `${`${mark}.`.padEnd(length - 2, "+/aZ09")}==`;
}

/** What links are chosen by. */
export const FILTERS = [
  { status: "uncertain", refreshedBefore: null },
  // The fourth link is refreshed at that time.
  { status: null, refreshedBefore: TIME + 4 },
  { status: "active", refreshedBefore: TIME + 7 },
] as const;

/** Whether a link is one of those that a filter lets through. */
export function letsThrough({ status, refreshedBefore }: LinkFilter, link: StoredLink): boolean {
  return (status ?? link.status) === link.status && (refreshedBefore === null || link.refreshedAt < refreshedBefore);
}

const NUMBERS = new Set(["linkedAt", "refreshedAt", "leaseUntil", "version", "expiresAt"]);

/** The names of the members that differ. Members that the store has added count for nothing. */
export function differences(expected: Record<string, unknown>, given: unknown): string[] {
  const record = spelled(given);
  const names = new Set([...Object.keys(expected), ...Object.keys(LATER), "sharesPublicId"]);
  return [...names].filter((name) => !isDeepStrictEqual(value(name, expected[name]), value(name, record[name])));
}

/** Whether a member is one that the SDK does not know. */
export function isLater(name: string): boolean {
  return name in LATER;
}

/** What a store gave, under the names of JavaScript: it may spell those that the SDK knows either way. */
export function spelled(given: unknown): Record<string, unknown> {
  if (typeof given !== "object" || given === null) return {};
  const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(given).map(([name, it]) => [isLater(name) ? name : camelCase(name), it]));
}

function value(name: string, given: unknown): unknown {
  if (name === "sharesPublicId") return typeof given === "number" ? given !== 0 : given === true;
  if (NUMBERS.has(name) && isWhole(given)) return BigInt(given);
  // What passes through JSON has no prototype of its own to compare, and no `undefined`.
  return given === undefined || given === null ? null : JSON.parse(JSON.stringify(given));
}

function isWhole(given: unknown): given is number | bigint | string {
  if (typeof given === "string") return /^-?\d+$/.test(given);
  return typeof given === "bigint" || Number.isInteger(given);
}

/** Whose an attempt is: of all attempts some are one user's, and some another's. */
export const OWNERS = ["a", "A"] as const;

function ownerOf(id: string): string {
  return OWNERS[Math.max((IDS as readonly string[]).indexOf(id), 0) % 2] ?? "a";
}

/** A record in few words, for the list of calls. */
export function brief(record: Record<string, unknown>): string {
  const { platform, appUserId, id, publicId, sharesPublicId, expiresAt, version } = record;
  const shown = {
    platform,
    appUserId: id === undefined ? briefId(appUserId) : undefined,
    id: briefId(id),
    publicId,
    sharesPublicId,
    expiresAt,
    version,
  };
  return JSON.stringify(shown).replace(/\}$/, ", …}");
}

/** An id for the list of calls, in which the longest are told by their ends. */
export function briefId(id: unknown): unknown {
  return typeof id === "string" && id.length > 40 ? `${id[0]}…${id.slice(-8)} (${id.length} letters)` : id;
}
