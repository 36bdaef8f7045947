// What Node makes of addresses and of compressed bytes: reads a question in each line, and answers each in one.

import { createInterface } from "node:readline";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const LIMIT = 64 * 1024;

/** The code that a callback is to be exchanged for. */
function code(address, state) {
  let url;
  try {
    url = new URL(address, "http://callback.invalid/");
  } catch {
    return null;
  }
  const first = (name) => url.searchParams.getAll(name).find((value) => value !== "");
  return first("error") === undefined && first("state") === state ? (first("code") ?? null) : null;
}

/** The content of compressed bytes. */
function content(kind, compressed) {
  const inflate = kind === "gzip" ? gunzipSync : brotliDecompressSync;
  try {
    return inflate(Buffer.from(compressed, "base64"), { maxOutputLength: LIMIT }).toString("base64");
  } catch {
    return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const answer =
    question.kind === "callback" ? code(question.address, question.state) : content(question.kind, question.compressed);
  console.log(JSON.stringify(answer));
}
