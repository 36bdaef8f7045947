/** Looks at a store through all its instances: whether it holds what it promises to. */

import { setTimeout } from "node:timers/promises";
import type { LinkFilter } from "../generated/data";
import type { LinkStore } from "../generated/types";
import { type Instances, inTime, type Method, shown } from "./instances";
import type { Model } from "./model";
import { INSTANCES } from "./operations";
import { BrokenPromise, type PromiseName } from "./promises";
import {
  brief,
  differences,
  FILTERS,
  isLater,
  letsThrough,
  type StoredAttempt,
  type StoredLink,
  spelled,
} from "./records";

type Asked = Record<string, unknown>;

/** More than there are. */
const ALL = 100;

export class Looks<S extends LinkStore> {
  /** The changes so far, with their answers. */
  readonly calls: string[] = [];

  constructor(
    readonly instances: Instances<S>,
    readonly model: Model,
    readonly platforms: readonly string[],
  ) {}

  broken(promise: PromiseName, found: string, cause?: unknown): BrokenPromise {
    return new BrokenPromise(promise, found, this.calls, cause);
  }

  /** What a method answers; there is no reason for it to fail. */
  async ask(by: number, method: Method, asked: Asked): Promise<unknown> {
    const call = shown(by, method, asked);
    try {
      return await inTime(this.instances.ask(by, method, asked), call, this.calls);
    } catch (error) {
      if (error instanceof BrokenPromise) throw error;
      throw this.broken("works", `${call} failed: ${error instanceof Error ? error.message : String(error)}`, error);
    }
  }

  async record(by: number, method: "getLink" | "getAttempt", asked: Asked): Promise<unknown> {
    const given = (await this.ask(by, method, asked)) ?? undefined;
    if (given === undefined || (typeof given === "object" && !Array.isArray(given))) return given;
    throw this.broken(
      "works",
      `${shown(by, method, asked)} answered ${typeof given}, which is no record and not null.`,
    );
  }

  async records(by: number, method: "filterLinks" | "findLinks" | "listLinks", asked: Asked): Promise<unknown[]> {
    const given = await this.ask(by, method, asked);
    if (Array.isArray(given)) return given;
    throw this.broken("works", `${shown(by, method, asked)} answered ${typeof given}, which is no array of records.`);
  }

  /**
   * Looks for a link, or its absence, through all instances, those first that have not changed it. `otherwise` is the promise that
   * is broken where it is not so through the one that has.
   */
  async link(platform: string, appUserId: string, by: number, otherwise: PromiseName): Promise<void> {
    const expected = this.model.link(platform, appUserId);
    await this.#everywhere("getLink", { platform, appUserId }, expected, by, otherwise);
  }

  async attempt(platform: string, id: string, by: number, otherwise: PromiseName): Promise<void> {
    const expected = this.model.attempt(platform, id);
    await this.#everywhere("getAttempt", { platform, id }, expected, by, otherwise);
  }

  async #everywhere(
    method: "getLink" | "getAttempt",
    asked: Asked,
    expected: StoredLink | StoredAttempt | undefined,
    by: number,
    otherwise: PromiseName,
  ): Promise<void> {
    // What is not there is asked of one alone.
    const count = expected ? INSTANCES : 1;
    const all = Array.from({ length: count }, (_, index) => (by + INSTANCES - index) % INSTANCES);
    const looked = all.map(async (through) => {
      const fault = misread(expected, await this.record(through, method, asked));
      return fault && { through, fault };
    });
    const misreadings = (await Promise.all(looked)).filter((each) => each !== undefined);
    const [first] = misreadings;
    if (!first) return;
    const { through, fault } = first;
    const isLate = through !== by || (await this.#isRightSoon(method, asked, expected, by));
    throw this.broken(
      isLate ? "fresh" : (fault.promise ?? otherwise),
      `${shown(through, method, asked)} gave ${fault.words}.`,
    );
  }

  /** Whether an instance that has misread a record reads it after a moment. */
  async #isRightSoon(
    method: "getLink" | "getAttempt",
    asked: Asked,
    expected: StoredLink | StoredAttempt | undefined,
    by: number,
  ): Promise<boolean> {
    for (let look = 0; look < 5; look++) {
      await setTimeout(30);
      if (!misread(expected, await this.record(by, method, asked))) return true;
    }
    return false;
  }

  /** Looks for all links with a public id. */
  async found(by: number, platform: string, publicId: string): Promise<void> {
    const expected = this.model.linksOf(platform).filter((link) => link.publicId === publicId);
    const asked = { platform, publicId };
    const given = await this.records(by, "findLinks", asked);
    this.#same(expected, given, "found", shown(by, "findLinks", asked));
  }

  /** Looks whether the links of each platform are those that there should be. */
  async lists(by: number, otherwise: PromiseName): Promise<void> {
    for (const platform of this.platforms) {
      const asked = { platform, after: "", limit: ALL };
      const given = await this.records(by, "listLinks", asked);
      this.#same(this.model.linksOf(platform), given, otherwise, shown(by, "listLinks", asked));
      if (this.instances.has("filterLinks")) for (const filter of FILTERS) await this.#filters(by, platform, filter);
    }
  }

  /** Looks for the links that a filter lets through, page by page. */
  async #filters(by: number, platform: string, filter: LinkFilter): Promise<void> {
    const all = this.model.linksOf(platform);
    const given: unknown[] = [];
    const asked = { platform, filter, after: "", limit: 2 };
    for (;;) {
      const page = await this.records(by, "filterLinks", asked);
      const call = shown(by, "filterLinks", asked);
      if (page.length === 0) break;
      given.push(...page);
      if (page.length > asked.limit || given.length > all.length)
        throw this.broken("listed", `${call} gave more than it was asked for.`);
      asked.after = String(spelled(page.at(-1))["appUserId"]);
    }
    const expected = all.filter((link) => letsThrough(filter, link));
    this.#same(expected, given, "listed", shown(by, "filterLinks", { ...asked, after: "" }));
  }

  /** Looks at everything that was ever written, or was to be. */
  async everything(by: number, otherwise: PromiseName): Promise<void> {
    const keys = this.model.askedFor;
    await Promise.all(keys.map(([platform, id]) => this.link(platform, id, by, otherwise)));
    await Promise.all(keys.map(([platform, id]) => this.attempt(platform, id, by, otherwise)));
    await this.lists(by, otherwise);
  }

  #same(expected: StoredLink[], given: unknown[], promise: PromiseName, call: string): void {
    const left = new Map(expected.map((link) => [link.appUserId, link]));
    for (const each of given) {
      const { appUserId } = spelled(each);
      const link = left.get(String(appUserId));
      if (!link) {
        const twice = expected.some((known) => known.appUserId === appUserId);
        throw this.broken(promise, `${call} gave ${twice ? "twice" : "without reason"} ${brief(spelled(each))}.`);
      }
      left.delete(link.appUserId);
      const fault = misread(link, each);
      if (fault) throw this.broken(fault.promise ?? promise, `${call} gave ${fault.words}.`);
    }
    for (const link of left.values()) throw this.broken(promise, `${call} did not give ${brief(link)}.`);
  }
}

interface Fault {
  words: string;
  /** Which promise is broken, if the fault says so by itself. */
  promise?: PromiseName;
}

function misread(expected: StoredLink | StoredAttempt | undefined, given: unknown): Fault | undefined {
  if (expected === undefined)
    return given === undefined ? undefined : { words: `${brief(spelled(given))}, where there is nothing` };
  if (given === undefined) return { words: `nothing, where there is ${brief(expected)}` };
  const members = differences(expected, given);
  if (members.length === 0) return undefined;
  const words = `${brief(spelled(given))} for ${brief(expected)}; what differs: ${members.join(", ")}`;
  const isDropped = members.every((name) => isLater(name) && name in expected);
  return isDropped ? { words, promise: "members" } : { words };
}
