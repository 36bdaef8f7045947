/** What is said of options by names that nobody knows. */

/** @throws {TypeError} when it is no object, or has a member beside the known ones. */
export function refuseOthers(what: string, given: object, known: readonly string[]): void {
  if (typeof given !== "object" || given === null)
    throw new TypeError(`${what}: expected an object, got ${given === null ? "null" : typeof given}`);
  for (const name of Object.keys(given))
    if (!known.includes(name))
      throw new TypeError(`${what}.${name}: there is no such option; there are ${known.join(" and ")}`);
}
