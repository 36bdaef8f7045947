// Numbers that look random and are the same in every run.

/** A source of whole numbers below a bound, from the text `seed` on. */
export function seeded(seed) {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** `count` of the items, each at most once, in their own order. */
export function some(below, items, count) {
  const left = items.map((_, index) => index);
  const taken = [];
  while (taken.length < count && left.length > 0) taken.push(...left.splice(below(left.length), 1));
  return taken.sort((one, other) => one - other).map((index) => items[index]);
}
