/** The package of the SDK, as it is installed. */

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.env.DIGIME_SDK_NODE);
export const { init, initPkb } = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));
