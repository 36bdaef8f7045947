// How cases are played: several at a time, each against a platform of its own.

import { cases } from "./cases.mjs";
import { outcomeOf } from "./outcome.mjs";
import { platform } from "./platform.mjs";

/** Plays all cases, so many at a time, each within what `limited` makes of it; gives the outcomes in the order of the cases. */
export async function play(sdk, atATime, limited = (outcome) => outcome) {
  const all = cases();
  const outcomes = [];
  let next = 0;
  const worker = async () => {
    const its = await platform();
    while (next < all.length) {
      const index = next;
      next += 1;
      outcomes[index] = await limited(outcomeOf(sdk, all[index], its), all[index]);
    }
    its.close();
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return { all, outcomes };
}
