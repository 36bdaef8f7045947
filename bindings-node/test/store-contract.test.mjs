/** That the contract test for stores finds each way to break a promise, and nothing in stores that keep them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { checkLinkStore } from "../dist/testing.js";
import { broken, Client, copied, except } from "./faulty-stores.mjs";
import { LateStore, SimpleStore } from "./stores.mjs";

function finds(sentence, promises, Store) {
  test(`it finds a store that ${sentence}`, async () => {
    const error = await broken(Store, { seed: 1 });
    assert.ok(error, "nothing was found");
    assert.equal(error.name, "BrokenPromise", error.stack);
    assert.ok(promises.includes(error.promise), error.message);
  });
}

test("it finds nothing in a store that keeps its promises", async () => {
  assert.equal(await broken(Client), undefined);
});

for (const Store of [SimpleStore, LateStore])
  test(`it finds nothing in the tests' own ${Store.name}`, async () => {
    const store = new Store();
    await checkLinkStore({ open: () => store });
  });

test("it finds nothing in the store of the README", async () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [sample] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].filter(([, code]) =>
    code.includes("class LinksInMemory"),
  );
  const { LinksInMemory } = await import(`data:text/javascript,${encodeURIComponent(sample[1])}`);
  const store = new LinksInMemory();
  await checkLinkStore({ open: () => store });
});

finds(
  "compares versions as text",
  ["version"],
  except({
    async putLink({ link, expectedVersion }, right) {
      const current = await this.getLink(link);
      // As `WHERE version <= ?` does in a column of text.
      const passes = current && expectedVersion !== null && String(current.version) <= String(expectedVersion);
      return right({ link, expectedVersion: passes ? current.version : expectedVersion });
    },
  }),
);

finds(
  "compares versions as 32 bits",
  ["version"],
  except({
    async putLink({ link, expectedVersion }, right) {
      const current = await this.getLink(link);
      const passes =
        current && expectedVersion !== null && current.version > 2 ** 32 && current.version % 2 ** 32 !== 0;
      return right({ link, expectedVersion: passes ? current.version : expectedVersion });
    },
  }),
);

finds(
  "answers before what it has written is durable",
  ["durable"],
  except({
    async putLink(asked) {
      await this.reach();
      const answer = this.server.rows.putLink(asked);
      const { incarnation } = this.server;
      setTimeout(() => this.server.incarnation === incarnation && this.server.save(), 20).unref();
      return answer;
    },
  }),
);

finds(
  "reads from a replica that lags behind",
  ["fresh"],
  class extends Client {
    async getLink(asked) {
      await this.reach();
      const replica = this.server.replica;
      setTimeout(() => {
        this.server.replica = copied(this.server.rows);
      }, 5);
      return (replica ?? this.server.rows).getLink(asked);
    }
  },
);

finds(
  "keeps what it has read",
  ["fresh"],
  class extends Client {
    read = new Map();

    async getLink(asked) {
      const key = JSON.stringify(asked);
      if (!this.read.has(key)) this.read.set(key, await super.getLink(asked));
      return this.read.get(key);
    }

    async putLink(asked) {
      this.read.clear();
      return super.putLink(asked);
    }

    async removeLink(asked) {
      this.read.clear();
      return super.removeLink(asked);
    }
  },
);

finds(
  "swallows a conflict",
  ["version", "publicId", "once"],
  except({
    async putLink(_, right) {
      await right();
      return true;
    },
  }),
);

finds(
  "compares in one step and writes in another",
  ["once"],
  except({
    async putLink({ link, expectedVersion }, right) {
      const current = await this.getLink(link);
      if ((current?.version ?? null) !== expectedVersion) return false;
      const written = await this.getLink(link);
      return right({ link, expectedVersion: written?.version ?? null });
    },
  }),
);

finds(
  "looks for the public id in one step and writes in another",
  ["once"],
  except({
    async putLink({ link, expectedVersion }) {
      const others = await this.findLinks(link);
      const isAnothers = ({ appUserId, sharesPublicId }) => appUserId !== link.appUserId && !sharesPublicId;
      if (!link.sharesPublicId && others.some(isAnothers)) return false;
      await turn();
      const stored = { ...link, publicId: `${link.appUserId} ${link.publicId}` };
      if (!this.server.rows.putLink({ link: stored, expectedVersion })) return false;
      this.server.rows.links.set(JSON.stringify([link.platform, link.appUserId]), link);
      this.server.save();
      return true;
    },
  }),
);

finds(
  "removes whichever version there is",
  ["version", "once"],
  except({
    async removeLink(asked, right) {
      const current = await this.getLink(asked);
      return current ? right({ ...asked, expectedVersion: current.version }) : false;
    },
  }),
);

finds(
  "drops the members that it does not know",
  ["members"],
  except({
    putLink({ link, expectedVersion }, right) {
      const { addedLater, added_too, ...known } = link;
      return right({ link: known, expectedVersion });
    },
  }),
);

finds(
  "keeps members of the record that was there before",
  ["written"],
  except({
    async putLink({ link, expectedVersion }, right) {
      return right({ link: { ...(await this.getLink(link)), ...link }, expectedVersion });
    },
  }),
);

finds("ignores `after`", ["listed"], except({ listLinks: (asked, right) => right({ ...asked, after: "" }) }));

finds(
  "lets through what its filter should not",
  ["listed"],
  except({
    filterLinks({ filter, ...asked }) {
      return this.listLinks(asked);
    },
  }),
);

finds(
  "ends where no link of a page is let through",
  ["listed"],
  except({
    async filterLinks({ filter, ...asked }) {
      const page = await this.listLinks(asked);
      return page.filter(({ status }) => status === (filter.status ?? status));
    },
  }),
);

finds(
  "cuts what is sealed at the last letter",
  ["written"],
  except({
    putLink({ link, expectedVersion }, right) {
      return right({ link: { ...link, sealed: link.sealed.slice(0, 65_535) }, expectedVersion });
    },
  }),
);

finds(
  "keeps 255 letters of an id",
  ["apart", "written", "version", "refused"],
  class extends Client {
    ask(method, asked) {
      const cut = (record) => record && { ...record, appUserId: record.appUserId?.slice(0, 255) };
      return super.ask(method, asked.link ? { ...asked, link: cut(asked.link) } : cut(asked));
    }
  },
);

finds(
  "finds no page after a link that is gone",
  ["listed"],
  except({
    async listLinks(asked, right) {
      const { platform, after } = asked;
      return after === "" || (await this.getLink({ platform, appUserId: after })) ? right() : [];
    },
  }),
);

finds(
  "gives more than `limit`",
  ["listed"],
  except({ listLinks: (asked, right) => right({ ...asked, limit: asked.limit + 1 }) }),
);

finds(
  "heeds no public id",
  ["publicId", "once"],
  except({
    async putLink({ link, expectedVersion }) {
      await this.reach();
      const others = { ...link, publicId: `${link.appUserId} ${link.publicId}` };
      if (!this.server.rows.putLink({ link: others, expectedVersion })) return false;
      this.server.rows.links.set(JSON.stringify([link.platform, link.appUserId]), link);
      this.server.save();
      return true;
    },
  }),
);

finds(
  "lets nobody share a public id",
  ["version"],
  except({
    async putLink({ link }, right) {
      const others = await this.findLinks(link);
      return others.every(({ appUserId }) => appUserId === link.appUserId) ? right() : false;
    },
  }),
);

finds(
  "removes attempts of other platforms",
  ["expired"],
  except({
    async removeAttempts({ expiredBefore }) {
      await this.reach();
      for (const { platform } of [...this.server.rows.attempts.values()])
        this.server.rows.removeAttempts({ platform, expiredBefore });
      this.server.save();
    },
  }),
);

finds(
  "removes an attempt that expires only now",
  ["expired"],
  except({ removeAttempts: (asked, right) => right({ ...asked, expiredBefore: asked.expiredBefore + 1 }) }),
);

finds(
  "tells ids apart by their letters, and not by upper and lower case",
  ["apart", "written", "version"],
  class extends Client {
    ask(method, asked) {
      const lower = (record) => record && { ...record, appUserId: record.appUserId?.toLowerCase() };
      return super.ask(method, asked.link ? { ...asked, link: lower(asked.link) } : lower(asked));
    }
  },
);

finds(
  "joins the parts of a key so that others have the same",
  ["apart", "written", "refused"],
  except({
    async getLink(asked) {
      await this.reach();
      const joined = ({ platform, appUserId }) => `${platform}:${appUserId}`;
      return [...this.server.rows.links.values()].find((link) => joined(link) === joined(asked));
    },
  }),
);

finds(
  "says that nothing is stored while its database is away",
  ["away"],
  except({
    async getLink(_, right) {
      try {
        return await right();
      } catch {
        return null;
      }
    },
  }),
);

finds("fails now and then", ["works"], except({ putAttempt: () => Promise.reject(new Error("too many connections")) }));

finds("answers with a number of rows", ["works"], except({ putLink: async (_, right) => ((await right()) ? 1 : 0) }));

test("a failure has the promise, the shortest calls that lead there, and the seed that makes them again", async () => {
  const Store = except({ listLinks: (asked, right) => right({ ...asked, after: "" }) });
  const error = await broken(Store, { seed: 7 });
  const { message, promise, seed } = error;
  assert.deepEqual([promise, seed], ["listed", 7]);
  assert.match(message, /^The store breaks a promise\. `listLinks` gives each link of a platform once/);
  assert.match(message, /^Found: [abc]\.listLinks\(.*\) gave \["a"\], and should have given \[\]/m);
  assert.match(
    message,
    /^ {2,5}(1\. )?[abc]\.putLink\({ link: {"platform":"pkb:check-\w+\.example","appUserId":"a",.*→ true$/m,
  );
  assert.doesNotMatch(message, /^ {2}2\. /m);
  assert.match(message, /^The same calls are made again with seed: 7\.$/m);
  const unnamed = (text) => text.replace(/check-\w+/g, "check");
  assert.equal(unnamed((await broken(Store, { seed: 7 })).message), unnamed(message));
});

test("what a store's method fails of is the cause of the failure", async () => {
  const cause = new Error("too many connections");
  const error = await broken(except({ getLink: () => Promise.reject(cause) }));
  assert.equal(error.cause, cause);
});

test("records that others have in the store are left alone, and none of the check's stays", async () => {
  const store = new SimpleStore();
  const link = { platform: "pkb:other", appUserId: "a", publicId: "public-0", version: 3 };
  store.putLink({ link, expectedVersion: null });
  await checkLinkStore({ open: () => store });
  assert.deepEqual([...store.links.values()], [link]);
  assert.equal(store.attempts.size, 0);
});
