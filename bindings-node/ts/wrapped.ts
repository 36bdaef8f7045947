/** The primitives that objects wrap, as `JSON.stringify` has them. */

import { isBigIntObject, isBooleanObject, isNumberObject, isStringObject } from "node:util/types";

/** What such an object is in JSON: a number and a string what it converts itself to, the others what they hold. */
export function wrapped(object: object): unknown {
  if (isNumberObject(object)) return Number(object);
  if (isStringObject(object)) return String(object);
  if (isBooleanObject(object)) return Boolean.prototype.valueOf.call(object);
  return isBigIntObject(object) ? BigInt.prototype.valueOf.call(object) : undefined;
}
