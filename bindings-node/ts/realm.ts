/** What JavaScript's realms differ in: a runner of tests loads this code in one of its own, and the native half is of the first. */

/** A value of the native half with objects and lists of this realm in place of that one's: `toStrictEqual` tells them apart. */
export function ofThisRealm<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (isOf(Array, value) ? value : Array.from(value, ofThisRealm)) as T;
  if (!isForeign(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, ofThisRealm(member)]);
  return Object.fromEntries(members) as T;
}

function isOf({ prototype }: { readonly prototype: object }, value: object): boolean {
  return Object.getPrototypeOf(value) === prototype;
}

/** Whether it is a plain object of another realm. */
function isForeign(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && !isOf(Object, value) && Object.getPrototypeOf(prototype) === null;
}

/** The environment variables that configure the SDK, as this realm sees them. */
export function variables(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => /^(DIGIME|PKB)_/.test(name));
  return Object.fromEntries(own) as Record<string, string>;
}
