/** npx, which dies without telling what it has started, a shell of its own between them on some systems. */

import { readFileSync } from "node:fs";

const MILLISECONDS_BETWEEN_LOOKS = 500;

/** Calls `then` when the npx that has started this process has gone; never, where something else has started it. */
export function onceNpxIsGone(then: () => void): void {
  const { npm_command, npm_lifecycle_event } = process.env;
  if (npm_command !== "exec" || npm_lifecycle_event !== "npx") return;
  const shell = wordOf(process.ppid, /^Name:\tsh$/m) ? process.ppid : undefined;
  const npx = () => (shell === undefined || shell !== process.ppid ? process.ppid : wordOf(shell, /^PPid:\t\d+$/m));
  const atFirst = npx();
  const looking = setInterval(() => {
    if (npx() === atFirst) return;
    clearInterval(looking);
    then();
  }, MILLISECONDS_BETWEEN_LOOKS);
  looking.unref();
}

/** What Linux says of a process; elsewhere nothing is said, and the shell makes way for what it starts. */
function wordOf(process: number, word: RegExp): string | undefined {
  try {
    return word.exec(readFileSync(`/proc/${process}/status`, "utf8"))?.[0];
  } catch {
    return undefined;
  }
}
