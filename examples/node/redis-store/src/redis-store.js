/** A store of links over Redis: what each method of `LinkStore` is to a database that compares and writes in one step. */

import { createClient } from "redis";
import {
  FIND_LINKS,
  LIST_LINKS,
  PUT_ATTEMPT,
  PUT_LINK,
  REMOVE_ATTEMPTS,
  REMOVE_ATTEMPTS_OF,
  REMOVE_LINK,
} from "./scripts.js";

/** @typedef {import("digime-sdk").LinkStore} LinkStore */
/** @typedef {import("digime-sdk").LinkRecord} LinkRecord */
/** @typedef {import("digime-sdk").AttemptRecord} AttemptRecord */
/** @typedef {ReturnType<typeof newClient>} Client */

/** @param {string} url */
function newClient(url) {
  return createClient({
    url,
    // A call waits for nothing that may not come: while the connection is gone it fails, and a silent one is given up.
    disableOfflineQueue: true,
    pingInterval: 3_000,
    socket: { connectTimeout: 5_000, socketTimeout: 10_000 },
  });
}

/** @implements {LinkStore} */
export class RedisStore {
  /** @param {Client} client */
  constructor(client) {
    this.client = client;
  }

  /**
   * Connects to a server, which has to write what it answers for to its disk (`appendonly yes`, `appendfsync always`) and to forget
   * nothing (`maxmemory-policy noeviction`).
   *
   * @param {string} url `redis://…` or `rediss://…`
   */
  static async open(url) {
    const client = newClient(url);
    // It connects again by itself; calls that need it meanwhile say so.
    client.on("error", () => {});
    return new RedisStore(await client.connect());
  }

  close() {
    this.client.destroy();
  }

  /** @param {{ platform: string, appUserId: string }} asked */
  async getLink({ platform, appUserId }) {
    return read(await this.client.hGet(key(platform, "link-record"), appUserId));
  }

  /** @param {{ platform: string, publicId: string }} asked */
  async findLinks({ platform, publicId }) {
    return all(await this.#run(FIND_LINKS, linkKeys(platform), [publicId]));
  }

  /** @param {{ platform: string, after: string, limit: number }} asked */
  async listLinks({ platform, after, limit }) {
    return all(await this.#run(LIST_LINKS, linkKeys(platform), [after, `${limit}`]));
  }

  /** @param {{ link: LinkRecord, expectedVersion: number | null }} asked */
  async putLink({ link, expectedVersion }) {
    const { platform, appUserId, version, publicId, sharesPublicId } = link;
    const values = [appUserId, `${expectedVersion ?? ""}`, `${version}`, publicId, sharesPublicId ? "shares" : ""];
    return (await this.#run(PUT_LINK, linkKeys(platform), [...values, JSON.stringify(link)])) === 1;
  }

  /** @param {{ platform: string, appUserId: string, expectedVersion: number }} asked */
  async removeLink({ platform, appUserId, expectedVersion }) {
    return (await this.#run(REMOVE_LINK, linkKeys(platform), [appUserId, `${expectedVersion}`])) === 1;
  }

  /** @param {{ platform: string, id: string }} asked */
  async getAttempt({ platform, id }) {
    return read(await this.client.hGet(key(platform, "attempt-record"), id));
  }

  /** @param {{ attempt: AttemptRecord, expectedVersion: number | null }} asked */
  async putAttempt({ attempt, expectedVersion }) {
    const { platform, id, version, expiresAt, appUserId } = attempt;
    const values = [id, `${expectedVersion ?? ""}`, `${version}`, `${expiresAt}`, appUserId, JSON.stringify(attempt)];
    return (await this.#run(PUT_ATTEMPT, attemptKeys(platform), values)) === 1;
  }

  /** @param {{ platform: string, expiredBefore: number, appUserId: string | null }} asked */
  async removeAttempts({ platform, expiredBefore, appUserId }) {
    while ((await this.#run(REMOVE_ATTEMPTS, attemptKeys(platform), [`${expiredBefore}`])) !== 0);
    if (appUserId === null) return;
    while ((await this.#run(REMOVE_ATTEMPTS_OF, attemptKeys(platform), [appUserId])) !== 0);
  }

  /**
   * @param {string} script
   * @param {string[]} keys
   * @param {string[]} values
   */
  #run(script, keys, values) {
    return this.client.eval(script, { keys, arguments: values });
  }
}

/**
 * A key: those of a platform are in one slot of a cluster, as scripts need them.
 *
 * @param {string} platform
 * @param {string} what
 */
function key(platform, what) {
  return `digime:{${platform}}:${what}`;
}

/** @param {string} platform */
function linkKeys(platform) {
  return ["version", "record", "public-id", "owner", "order", "found"].map((what) => key(platform, `link-${what}`));
}

/** @param {string} platform */
function attemptKeys(platform) {
  return ["version", "record", "expiry", "owner", "owned"].map((what) => key(platform, `attempt-${what}`));
}

/**
 * @param {string | null} text
 * @returns {any}
 */
function read(text) {
  return text === null ? null : JSON.parse(text);
}

/** @param {unknown} records */
function all(records) {
  return /** @type {string[]} */ (records).map(read);
}
