/** Instances of a store as processes have them that share it, and what they are asked. */

import type { LinkStore } from "../generated/types";
import { INSTANCES } from "./operations";
import { BrokenPromise } from "./promises";
import { brief, briefId } from "./records";

export type Method = keyof LinkStore;
type Asked = Record<string, unknown>;

const NAMES = ["a", "b", "c"];

/** How long a call may take while its database is there. */
const LONGEST_MS = 30_000;

export interface Access<S extends LinkStore> {
  open: () => S | Promise<S>;
  close?: ((store: S) => unknown) | undefined;
}

export class Instances<S extends LinkStore> {
  #stores: S[] = [];
  readonly #access: Access<S>;

  constructor(access: Access<S>) {
    this.#access = access;
  }

  async open(): Promise<void> {
    for (let count = 0; count < INSTANCES; count++) this.#stores.push(await this.#access.open());
  }

  async close(): Promise<void> {
    const stores = this.#stores.splice(0);
    for (const store of stores) await this.#access.close?.(store);
  }

  /** Whether the store has this method, which it need not have. */
  has(method: Method): boolean {
    return typeof this.#stores[0]?.[method] === "function";
  }

  /** What an instance answers, whenever it does. */
  async ask(by: number, method: Method, asked: Asked): Promise<unknown> {
    const store = this.#stores[by] as Record<string, unknown> | undefined;
    const called = store?.[method];
    if (typeof called !== "function") throw new TypeError(`the store has no method ${method}`);
    // A store is given a record to keep, which nobody else changes.
    return await called.call(store, structuredClone(asked));
  }
}

/** A call as it stands in the list of calls. */
export function shown(by: number, method: Method, asked: Asked): string {
  const { link, attempt, ...others } = asked;
  const record = (link ?? attempt) as Asked | undefined;
  const briefly = () => JSON.stringify(asked, (_, value) => briefId(value));
  if (!record) return `${NAMES[by]}.${method}(${briefly()})`;
  const { expectedVersion } = others;
  return `${NAMES[by]}.${method}({ ${link ? "link" : "attempt"}: ${brief(record)}, expectedVersion: ${expectedVersion} })`;
}

/** What it answers, or an error that says that it never did. */
export async function inTime<T>(answer: Promise<T>, call: string, calls: readonly string[]): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_, reject) => {
    const found = `${call} has not answered for ${LONGEST_MS / 1000} s.`;
    timer = setTimeout(() => reject(new BrokenPromise("works", found, calls)), LONGEST_MS);
  });
  try {
    return await Promise.race([answer, never]);
  } finally {
    clearTimeout(timer);
  }
}
