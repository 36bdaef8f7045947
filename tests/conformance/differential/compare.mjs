// Compares what comes of the cases with this SDK with what was recorded of the JavaScript SDK. Each difference must be one of the table's, and
// each row of the table must be needed, and said in docs/migrating.md.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { differing } from "./aspects.mjs";
import { DIFFERENCES } from "./differences.mjs";
import { cut, recorded } from "./recorded.mjs";
import { play } from "./run.mjs";

const AT_A_TIME = 8;
const SHOWN = 30;
const say = (line) => process.stdout.write(`${line}\n`);

const folder = resolve(process.env.DIGIME_SDK_NODE ?? join(import.meta.dirname, "../../../bindings-node"));
const sdk = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));

const { all, outcomes } = await play(sdk, AT_A_TIME);
const theirs = recorded(all);
const failures = [];
const met = new Set();
let failed = 0;
for (const [index, played] of all.entries()) {
  const reasons = [...unexplained(played, theirs[index], cut(outcomes[index]))];
  if (reasons.length > 0) failed += 1;
  for (const reason of reasons) failures.push(`${played.name}: ${reason}`);
}
for (const { says } of DIFFERENCES.filter((difference) => !met.has(difference)))
  failures.push(`nothing differs so: ${says}`);
const page = readFileSync(join(import.meta.dirname, "../../../docs/migrating.md"), "utf8").replaceAll(/\s+/g, " ");
for (const { says } of DIFFERENCES) if (!page.includes(says)) failures.push(`docs/migrating.md does not say: ${says}`);
for (const failure of failures.slice(0, SHOWN)) say(failure);
if (failures.length > SHOWN) say(`and ${failures.length - SHOWN} more`);
say(`${all.length - failed} passed, ${failed} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function* unexplained(played, theirOutcome, ourOutcome) {
  for (const { aspect, theirs, ours } of differing(theirOutcome, ourOutcome)) {
    const seen = { ...played, aspect, theirs, ours, theirOutcome, ourOutcome };
    const difference = DIFFERENCES.find(({ where }) => where(seen));
    if (difference) met.add(difference);
    else yield `${aspect} is ${shown(theirs)} with the JavaScript SDK, and ${shown(ours)} with this one`;
  }
  if (!namesTheOption(played, ourOutcome)) yield `the error names ${ourOutcome.error.path}`;
}

/** Whether an error that is about options names the one that is odd, what it stands in, or a part of it. */
function namesTheOption({ edits }, { error, asked }) {
  if (error?.class !== "TypeValidationError" || !error.path || asked.length > 0) return true;
  const parts = error.path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .slice(1);
  return edits.some(({ path }) => path.slice(0, parts.length).every((part, index) => part === parts[index]));
}

function shown(value) {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
