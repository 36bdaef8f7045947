/** How a sequence of operations is played: which of a run's steps each of them is. */

import type { LinkStore } from "../generated/types";
import { crash } from "./crash";
import type { Operation } from "./operations";
import type { Play } from "./play";
import { race } from "./race";

/** Plays one operation after the other, and looks at everything in the end. */
export async function playSequence<S extends LinkStore>(
  play: Play<S>,
  operations: readonly Operation[],
): Promise<void> {
  for (const operation of operations) await perform(play, operation);
  await play.looks.everything(0, "apart");
}

function perform<S extends LinkStore>(play: Play<S>, operation: Operation): Promise<void> {
  switch (operation.kind) {
    case "put":
      return play.put(operation);
    case "putAttempt":
      return play.putAttempt(operation);
    case "remove":
      return play.remove(operation);
    case "removeAttempts":
      return play.removeAttempts(operation);
    case "race":
      return race(play, operation);
    case "list":
      return play.list(operation);
    case "crash":
      return crash(play, operation);
  }
}
