/** How objects of the application's own are handed over whose methods are called: a store, and what wraps keys. */

import { fileURLToPath } from "node:url";

import type { Platform } from "./traits";

/**
 * The configuration, with each store that is an object replaced by a plain object of its methods, and so what wraps keys where it is of a
 * class: methods of a class are no members of its instances, and need their `this`. An address may be a `URL`, as which it is handed over as
 * text.
 */
export function withMethods(config: unknown, { stores, objects }: Pick<Platform, "stores" | "objects">): unknown {
  if (!isObject(config)) return config;
  const replaced = [
    ...settings(config, stores, (store, methods) => (store instanceof URL ? textOf(store) : membersOf(store, methods))),
    ...settings(config, objects, instance),
  ];
  // Whatever else the configuration has, and wherever it has it from, stays as it is.
  return replaced.length === 0 ? config : Object.create(config, Object.fromEntries(replaced));
}

type Replace = (object: Record<string, unknown>, members: readonly string[]) => unknown;

function settings(
  config: Record<string, unknown>,
  table: Platform["stores"],
  replace: Replace,
): Array<[string, PropertyDescriptor]> {
  return Object.entries(table).flatMap(([setting, members]) => {
    const given = config[setting];
    return isObject(given) ? [[setting, { value: replace(given, members), enumerable: true }]] : [];
  });
}

/** What stands for an object of a class, or for those of a list; any other is its own. */
function instance(given: Record<string, unknown>, members: readonly string[]): unknown {
  if (Array.isArray(given)) return given.map((each) => (isObject(each) ? instance(each, members) : each));
  const prototype: unknown = Object.getPrototypeOf(given);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain ? given : membersOf(given, members);
}

function textOf(address: URL): string {
  return address.protocol === "file:" ? fileURLToPath(address) : address.href;
}

function membersOf(object: Record<string, unknown>, names: readonly string[]): object {
  const members = names.map((name) => {
    const member = object[name];
    return [name, typeof member === "function" ? member.bind(object) : member];
  });
  return Object.fromEntries(members);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
