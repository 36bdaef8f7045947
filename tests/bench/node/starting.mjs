/** How long a fresh process takes from nothing to the first answer, by a program that the command line names. */

import { pathToFileURL } from "node:url";
import { timed } from "./timed.mjs";

process.argv.splice(1, 1);
await timed(() => import(pathToFileURL(process.argv[1]).href));
