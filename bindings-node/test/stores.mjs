/** Stores of an application's own: one that answers at once, and one that answers later, as drivers of databases do. */

import { PLATFORMS } from "./printed.mjs";

/** Keeps records in memory. Nothing of it is the SDK's: methods of a class, records under any keys. */
export class SimpleStore {
  links = new Map();
  attempts = new Map();

  getLink({ platform, appUserId }) {
    return this.links.get(keyOf(platform, appUserId));
  }

  findLinks({ platform, publicId }) {
    return this.all(platform).filter((link) => link.publicId === publicId);
  }

  listLinks({ platform, after, limit }) {
    const later = this.all(platform).filter(({ appUserId }) => appUserId > after);
    return later.sort((a, b) => (a.appUserId < b.appUserId ? -1 : 1)).slice(0, limit);
  }

  filterLinks({ platform, filter: { status, refreshedBefore }, after, limit }) {
    const wanted = this.listLinks({ platform, after, limit: this.links.size }).filter(
      (link) => (status ?? link.status) === link.status && link.refreshedAt < (refreshedBefore ?? Infinity),
    );
    return wanted.slice(0, limit);
  }

  putLink({ link, expectedVersion }) {
    const others = this.all(link.platform).filter(({ publicId }) => publicId === link.publicId);
    return (
      others.every((other) => other.appUserId === link.appUserId || other.sharesPublicId || link.sharesPublicId) &&
      put(this.links, keyOf(link.platform, link.appUserId), link, expectedVersion)
    );
  }

  removeLink({ platform, appUserId, expectedVersion }) {
    const key = keyOf(platform, appUserId);
    return this.links.get(key)?.version === expectedVersion && this.links.delete(key);
  }

  getAttempt({ platform, id }) {
    return this.attempts.get(keyOf(platform, id));
  }

  putAttempt({ attempt, expectedVersion }) {
    return put(this.attempts, keyOf(attempt.platform, attempt.id), attempt, expectedVersion);
  }

  removeAttempts({ platform, expiredBefore, appUserId }) {
    const over = [...this.attempts].filter(
      ([, it]) => it.platform === platform && (it.expiresAt < expiredBefore || it.appUserId === appUserId),
    );
    for (const [key] of over) this.attempts.delete(key);
    return over.length;
  }

  all(platform) {
    return [...this.links.values()].filter((link) => link.platform === platform);
  }
}

/** Answers later, with columns of its own, null for what is not there, and large numbers as text. */
export class LateStore {
  rows = new SimpleStore();
}

for (const name of PLATFORMS.pkb.stores.store) {
  LateStore.prototype[name] = async function (asked) {
    await new Promise(setImmediate);
    const answer = this.rows[name](asked);
    return Array.isArray(answer) ? answer.map(asRow) : asRow(answer);
  };
}

function asRow(record) {
  if (record === undefined) return null;
  if (typeof record !== "object") return record;
  const columns = Object.entries(record).map(([name, value]) => [name, Number.isInteger(value) ? `${value}` : value]);
  return { ...Object.fromEntries(columns), createdBy: "a trigger" };
}

function keyOf(...parts) {
  return JSON.stringify(parts);
}

function put(records, key, record, expectedVersion) {
  if ((records.get(key)?.version ?? null) !== expectedVersion) return false;
  records.set(key, record);
  return true;
}
