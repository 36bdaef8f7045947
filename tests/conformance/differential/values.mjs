// The odd values that an option or a part of an answer is given in place of its own, each by a name. Each is made anew where it is used.

import { Readable } from "node:stream";

class Instance {
  constructor(members) {
    Object.assign(this, members);
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Buffer.isBuffer(value);
const members = (value) => (isObject(value) && !Array.isArray(value) ? value : { value });

function withGetters(value) {
  const descriptors = Object.entries(members(value)).map(([name, member]) => [
    name,
    { get: () => member, enumerable: true, configurable: true },
  ]);
  return Object.defineProperties({}, Object.fromEntries(descriptors));
}

/** What stands in the place of `absent`: the member is left out. */
export const ABSENT = Symbol("absent");

/** What JSON can hold, so what an answer may have. */
export const JSON_VALUES = {
  absent: () => ABSENT,
  null: () => null,
  true: () => true,
  false: () => false,
  zero: () => 0,
  one: () => 1,
  negative: () => -1,
  fraction: () => 1.5,
  huge: () => 1e300,
  "past 53 bits": () => 2 ** 53,
  "empty text": () => "",
  space: () => " ",
  text: () => "some text",
  digits: () => "12",
  "text beyond ASCII": () => "é☃😀",
  "text with marks": () => "a/b?c=d&e#f%2F+\"'<>",
  "text of two lines": () => "a\r\nb: c",
  "long text": () => "long".repeat(500),
  "empty list": () => [],
  "list of null": () => [null],
  "list of text": () => ["some text"],
  "list of numbers": () => [1, 2],
  "list of lists": () => [[]],
  "list of objects": () => [{}],
  "empty object": () => ({}),
  object: () => ({ some: "member" }),
  "deep object": () => ({ a: { b: { c: { d: [{ e: null }] } } } }),
  "list of the same": (value) => [value],
  "as text": (value) => (isObject(value) ? JSON.stringify(value) : String(value)),
  "with more": (value) =>
    Array.isArray(value) ? [...value, "more"] : { ...members(value), more: { than: ["known"] } },
  twice: (value) => (Array.isArray(value) ? [...value, ...value] : [value, value]),
};

/** What JavaScript has beside that, so what an option may be given. */
export const VALUES = {
  ...JSON_VALUES,
  undefined: () => undefined,
  NaN: () => Number.NaN,
  infinite: () => Number.POSITIVE_INFINITY,
  "negative zero": () => -0,
  whole: () => 12n,
  symbol: () => Symbol("a symbol"),
  function: () => () => "a result",
  class: () => Instance,
  date: () => new Date(86_400_000),
  "invalid date": () => new Date(Number.NaN),
  pattern: () => /a/,
  map: () => new Map([["some", "member"]]),
  set: () => new Set(["some"]),
  error: () => new Error("an error"),
  promise: () => Promise.resolve("some text"),
  "boxed text": () => new String("some text"),
  "boxed number": () => new Number(1),
  "boxed truth": () => new Boolean(true),
  buffer: () => Buffer.from("some bytes"),
  "empty buffer": () => Buffer.alloc(0),
  bytes: () => new Uint8Array([1, 2, 3]),
  "bytes without a view": () => new ArrayBuffer(4),
  stream: () => Readable.from([Buffer.from("some bytes")], { objectMode: false }),
  "object of no prototype": () => Object.create(null),
  "says its text": () => ({ toString: () => "some text" }),
  "says its JSON": () => ({ toJSON: () => "some text" }),
  "sparse list": () => new Array(3),
  "same, frozen": (value) => (isObject(value) ? Object.freeze(value) : value),
  "same, of a class": (value) => new Instance(members(value)),
  "same, of no prototype": (value) => Object.assign(Object.create(null), members(value)),
  "same, inherited": (value) => Object.create(members(value)),
  "same, by getters": withGetters,
  "same, by proxy": (value) => new Proxy(members(value), {}),
  "same, boxed": (value) => Object(value),
  "same, hidden": (value) =>
    Object.defineProperties(
      {},
      Object.fromEntries(Object.entries(members(value)).map(([name, member]) => [name, { value: member }])),
    ),
  "with a symbol": (value) => ({ ...members(value), [Symbol("more")]: 1 }),
  "with odd members": (value) => ({
    ...members(value),
    aFunction: () => 1,
    aSymbol: Symbol("a"),
    aDate: new Date(0),
    bytes: new Uint8Array(2),
    nothing: undefined,
    notANumber: Number.NaN,
  }),
};
