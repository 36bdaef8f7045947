/** Access tokens of anybody who is linked, 16 calls at once: by the SDK, and beside it plain SELECTs of the same rows by `pg`. */

import pg from "pg";
import { measured } from "./measured.mjs";
import { platform as kept, repeat } from "./works.mjs";

const AT_ONCE = 16;
const [work, size] = [process.argv[2], Number(process.argv[3])];
const { store, storeSchema, encryptionKey, appUserIds } = kept;

async function opened(cacheTokensFor) {
  const { initPkb } = await import("./package.mjs");
  const pkb = initPkb({
    clientId: "bench-client",
    redirectUri: "http://localhost/return",
    environment: "sandbox",
    store,
    ...(storeSchema && { storeSchema }),
    encryptionKey,
    cacheTokensFor,
  });
  return (appUserId) => pkb.getAccessToken({ appUserId });
}

async function plain(locking) {
  const pool = new pg.Pool({ connectionString: store });
  const table = `${storeSchema}.link`;
  const { rows } = await pool.query(`SELECT platform FROM ${table} LIMIT 1`);
  const [{ platform }] = rows;
  const select = `SELECT * FROM ${table} WHERE platform = $1 AND app_user_id = $2`;
  if (!locking) return async (user) => one(await pool.query(select, [platform, user]));
  return async (user) => {
    const client = await pool.connect();
    await client.query("BEGIN");
    one(await client.query(`${select} FOR UPDATE`, [platform, user]));
    await client.query("COMMIT");
    client.release();
  };
}

function one({ rows }) {
  if (rows.length !== 1) throw new Error(`expected a row, got ${rows.length}`);
}

const works = {
  links: () => opened(0),
  "links-cached": () => opened(60_000),
  select: () => plain(false),
  lock: () => plain(true),
};
const ask = await works[work]();
// Everybody once, so that all connections are there, and in memory what may be.
const everybody = appUserIds.values();
await repeat(appUserIds.length, AT_ONCE, () => ask(everybody.next().value));
const anybody = () => appUserIds[Math.floor(Math.random() * appUserIds.length)];
const figures = await measured(size, () => repeat(size, AT_ONCE, () => ask(anybody())));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
