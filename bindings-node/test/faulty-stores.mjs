/** Stores on a server that can be killed: one that keeps every promise, and those that do something else in one method. */

import { setImmediate as turn } from "node:timers/promises";
import { checkLinkStore } from "../dist/testing.js";
import { PLATFORMS } from "./printed.mjs";
import { SimpleStore } from "./stores.mjs";

/** A server with the records of a store; it can be killed, which loses what it has not written to its disk. */
class Server {
  rows = new SimpleStore();
  disk = new SimpleStore();
  isDown = false;
  incarnation = 0;

  /** Answers for what is on the disk. */
  save() {
    this.disk = copied(this.rows);
  }

  kill = () => {
    this.isDown = true;
    this.incarnation += 1;
  };

  start = () => {
    this.rows = copied(this.disk);
    this.isDown = false;
  };
}

export function copied({ links, attempts }) {
  return Object.assign(new SimpleStore(), { links: new Map(links), attempts: new Map(attempts) });
}

/** A store on a server that keeps every promise; each test breaks one. */
export class Client {
  constructor(server) {
    this.server = server;
  }

  /** What the server answers, which is durable then. */
  async ask(method, asked) {
    await this.reach();
    const answer = this.server.rows[method](asked);
    if (!/^(get|find|list|filter)/.test(method)) this.server.save();
    return answer;
  }

  async reach() {
    await turn();
    if (this.server.isDown) throw new Error("connection refused");
  }
}

for (const method of PLATFORMS.pkb.stores.store)
  Client.prototype[method] = async function (asked) {
    return this.ask(method, asked);
  };

/** The error of a check of stores of a class on one server; undefined if there is none. */
export async function broken(Store, { seed } = {}) {
  const server = new Server();
  const open = () => new Store(server);
  try {
    await checkLinkStore({ open, database: server, runs: 100, ...(seed === undefined ? {} : { seed }) });
  } catch (error) {
    return error;
  }
}

/** A class of stores that do something else in one method, which is told how the right store does it. */
export function except(methods) {
  class Altered extends Client {}
  for (const [name, method] of Object.entries(methods)) {
    const right = Client.prototype[name];
    Altered.prototype[name] = function (asked) {
      return method.call(this, asked, (other = asked) => right.call(this, other));
    };
  }
  return Altered;
}
