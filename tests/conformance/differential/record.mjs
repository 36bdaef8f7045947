// Records what comes of the cases with the JavaScript SDK: `node record.mjs FOLDER`, in which that SDK has been built. It is no part of this
// project, and nobody needs it but to record.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { RECORDED, written } from "./recorded.mjs";
import { play } from "./run.mjs";

const AT_A_TIME = 8;
const say = (line) => process.stdout.write(`${line}\n`);
const LONGEST_MS = 30_000;

const reference = createRequire(import.meta.url)(resolve(process.argv[2]));

async function within(promise, { name }) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, LONGEST_MS, new Error(`does not come to an end, and must not be a case: ${name}`));
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const { all, outcomes } = await play(reference, AT_A_TIME, within);
rmSync(RECORDED, { recursive: true, force: true });
mkdirSync(RECORDED);
for (const [call, text] of written(all, outcomes)) writeFileSync(join(RECORDED, `${call}.json`), text);
say(`${all.length} cases`);
// What the JavaScript SDK has left open is not waited for.
process.exit();
