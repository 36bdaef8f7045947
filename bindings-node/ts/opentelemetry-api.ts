/** OpenTelemetry's API, which an application has or has not, or an error that says how to have it. */

import type * as Api from "@opentelemetry/api";

export const { context, propagation, SpanKind, SpanStatusCode, trace } = load();

function load(): typeof Api {
  try {
    return require("@opentelemetry/api") as typeof Api;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const message = "digime-sdk/opentelemetry needs @opentelemetry/api: npm install @opentelemetry/api";
    throw Object.assign(new Error(message), { code: "MODULE_NOT_FOUND" });
  }
}
