/** The works, as every client in Node does them: how often, how many at once, and how each is warmed up. */

import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { measured } from "./measured.mjs";

const MEBIBYTE = 1024 * 1024;
/** How many bytes an upload hands over at a time: as many as `createReadStream` does. */
const UPLOAD_CHUNK = 64 * 1024;

/** What the server announced. */
export const platform = JSON.parse(readFileSync(0, "utf8"));

/** What is pushed. */
export const pushed = Buffer.alloc(16 * 1024);

/** Does the work that the command line names, after a tenth of it to warm up, and prints its figures. */
export async function run(client) {
  const [work, size] = [process.argv[2], Number(process.argv[3])];
  const works = {
    authorize: (count) => repeat(count, 1, client.authorize),
    exchange: (count) => repeat(count, 1, client.exchange),
    push: (count) => repeat(count, 1, client.push),
    push16: (count) => repeat(count, 16, client.push),
    refused: (count) => repeat(count, 1, client.refused),
    read: (count) => read(client, `files-${count}`, count),
    large: () => read(client, "large", 1),
    upload: async (mebibytes) => {
      await client.upload(zeros(mebibytes));
    },
    download: (mebibytes) => download(client, mebibytes),
  };
  if (work === "large") await works.read(1);
  else await works[work](Math.ceil(size / 10));
  let more;
  const figures = await measured(size, async () => {
    more = await works[work](size);
  });
  process.stdout.write(`${JSON.stringify({ ...figures, ...more })}\n`);
}

/** Makes so many calls, so many at once. */
export async function repeat(count, atOnce, call) {
  let begun = 0;
  const task = async () => {
    while (begun < count) {
      begun += 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, task));
}

async function read(client, session, expected) {
  let files = 0;
  await client.read(session, () => {
    files += 1;
  });
  if (files !== expected) throw new Error(`expected ${expected} files, got ${files}`);
}

function zeros(mebibytes) {
  const chunk = Buffer.alloc(UPLOAD_CHUNK);
  function* chunks() {
    for (let sent = 0; sent < mebibytes * MEBIBYTE; sent += chunk.length) yield chunk;
  }
  return Readable.from(chunks(), { objectMode: false });
}

async function download(client, mebibytes) {
  let chunks = 0;
  let bytes = 0;
  for await (const chunk of await client.download(mebibytes)) {
    chunks += 1;
    bytes += chunk.length;
  }
  if (bytes !== mebibytes * MEBIBYTE) throw new Error(`expected ${mebibytes} MiB, got ${bytes} bytes`);
  return { chunkBytes: bytes / chunks };
}
