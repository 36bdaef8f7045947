/** The works, as every client in Node does them: how often, how many at once, and how each is warmed up. */

import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { measured } from "./measured.mjs";

const MEBIBYTE = 1024 * 1024;
/** How many bytes an upload hands over at a time: as many as `createReadStream` does. */
const UPLOAD_CHUNK = 64 * 1024;
/** How much longer each session that is waited for lasts than the one before, and how many files each has. */
const STEP_MS = 250;
const FILES = 3;
/** The interval that is compared with: that of the JavaScript SDK. */
const FIXED_MS = 3000;

/** What the server announced. */
export const platform = JSON.parse(readFileSync(0, "utf8"));

/** What is pushed: something small, or a document. */
const small = Buffer.alloc(16 * 1024);
const document = Buffer.alloc(8 * MEBIBYTE);

/** Does the work that the command line names and prints its figures. `begin` makes the application that does it. */
export async function run(begin) {
  const [work, size] = [process.argv[2], Number(process.argv[3])];
  // Its time is taken by who has started it.
  if (work === "start") return await begin().authorize();
  const first = FIRST[work];
  const figures = first ? await measured(1, () => first(begin())) : await warm(begin, work, size);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

/** What a fresh process does, from before there is a client to the token of a user. */
const FIRST = {
  async cold(client) {
    await client.authorize();
    await client.exchange();
  },
  callback: (client) => client.exchange(),
};

/** After a tenth of it to warm up. */
async function warm(begin, work, size) {
  const client = begin();
  const works = {
    init: (count) => repeat(count, 1, async () => begin()),
    authorize: (count) => repeat(count, 1, client.authorize),
    exchange: (count) => repeat(count, 1, client.exchange),
    push: (count) => repeat(count, 1, () => client.push(small)),
    push16: (count) => repeat(count, 16, () => client.push(small)),
    document: (count) => repeat(count, 1, () => client.push(document)),
    refused: (count) => repeat(count, 1, () => client.refused(small)),
    read: (count) => read(client, `files-${count}`, count),
    documents: (count) => read(client, `documents-${count}`, count),
    large: () => read(client, "large", 1),
    upload: async (mebibytes) => {
      await client.upload(zeros(mebibytes));
    },
    download: (mebibytes) => download(client, mebibytes),
    search: (pages) => search(client, pages),
    waiting: (sessions) => wait(client, sessions),
    "waiting-fixed": (sessions) => wait(client, sessions, FIXED_MS),
  };
  if (work === "large") await works.read(1);
  else if (!work.startsWith("waiting")) await works[work](Math.ceil(size / 10));
  let more;
  const figures = await measured(size, async () => {
    more = await works[work](size);
  });
  return { ...figures, ...more };
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

async function search(client, expected) {
  const parameters = { patient: "bench-patient", category: "vital-signs", code: `pages-${expected}` };
  let pages = 0;
  for await (const page of await client.search(parameters)) pages += page.entry.length > 0 ? 1 : 0;
  if (pages !== expected) throw new Error(`expected ${expected} pages, got ${pages}`);
}

/** Waits for so many sessions at once. The name of a file says when it was ready, and how often its list had been asked for by then. */
async function wait(client, sessions, pollingInterval) {
  const late = [];
  const lists = Array.from({ length: sessions }, async (_, index) => {
    let asked = 0;
    await client.read(
      `ripening-${process.pid}-${STEP_MS * (index + 1)}`,
      ({ fileName }) => {
        const [, ready, listsByThen] = fileName.split("-").map(Number);
        late.push(performance.timeOrigin + performance.now() - ready);
        asked = Math.max(asked, listsByThen);
      },
      pollingInterval,
    );
    return asked;
  });
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const asked = sum(await Promise.all(lists));
  if (late.length !== sessions * FILES) throw new Error(`expected ${sessions * FILES} files, got ${late.length}`);
  return { lateMs: sum(late) / late.length, lists: asked };
}
