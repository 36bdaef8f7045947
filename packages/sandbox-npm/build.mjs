/** Compiles `ts` to `dist` with the tools of `bindings-node`, whose account of platforms both packages share. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const binding = `${here}../../bindings-node`;

for (const folder of ["dist", "ts/shared"]) rmSync(`${here}${folder}`, { recursive: true, force: true });
mkdirSync(`${here}ts/shared/generated`, { recursive: true });
for (const file of ["targets.ts", "generated/targets.ts"]) cpSync(`${binding}/ts/${file}`, `${here}ts/shared/${file}`);
const compiler = `${binding}/node_modules/typescript/bin/tsc`;
process.exitCode = spawnSync(process.execPath, [compiler, "--project", here], { stdio: "inherit" }).status ?? 1;
