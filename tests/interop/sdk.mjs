/** The package under test, where it is installed. */

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

export const folder = resolve(process.env.DIGIME_SDK_NODE ?? join(import.meta.dirname, "../../bindings-node"));

export const sdk = await import(pathToFileURL(createRequire(import.meta.url).resolve(folder)));
