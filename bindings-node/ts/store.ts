/** How a store of the application's own is handed over. */

import { fileURLToPath } from "node:url";

import type { Platform } from "./traits";

/**
 * The configuration, with each store that is an object replaced by a plain object of its methods: those of a class are no members of
 * its instances, and need their `this`. An address may be a `URL`, as which it is handed over as text.
 */
export function withMethods(config: unknown, stores: Platform["stores"]): unknown {
  if (!isObject(config)) return config;
  const replaced = Object.entries(stores).flatMap(([setting, methods]) => {
    const store = config[setting];
    if (!isObject(store)) return [];
    const value = store instanceof URL ? textOf(store) : methodsOf(store, methods);
    return [[setting, { value, enumerable: true }]];
  });
  // Whatever else the configuration has, and wherever it has it from, stays as it is.
  return replaced.length === 0 ? config : Object.create(config, Object.fromEntries(replaced));
}

function textOf(address: URL): string {
  return address.protocol === "file:" ? fileURLToPath(address) : address.href;
}

function methodsOf(store: Record<string, unknown>, methods: readonly string[]): object {
  const functions = methods.map((name) => {
    const method = store[name];
    return [name, typeof method === "function" ? method.bind(store) : method];
  });
  return Object.fromEntries(functions);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
