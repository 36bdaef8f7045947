/** fast-check, which an application has or has not, or an error that says how to have it. */

import type * as FastCheck from "fast-check";

export function fastCheck(): typeof FastCheck {
  try {
    return require("fast-check") as typeof FastCheck;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const message = "checkLinkStore of digime-sdk/testing needs fast-check: npm install --save-dev fast-check";
    throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
  }
}
