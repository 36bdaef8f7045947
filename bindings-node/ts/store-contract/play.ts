/** One run of the check: operations, one after the other, and after each a look at what has become of the store. */

import type { LinkStore } from "../generated/types";
import type { Database } from "./database";
import { type Instances, type Method, shown } from "./instances";
import { Looks } from "./looks";
import { Model } from "./model";
import type { Expectation, List, Put, Remove, RemoveAttempts } from "./operations";
import type { PromiseName } from "./promises";
import { attempt, before, IDS, link, type StoredAttempt, type StoredLink, spelled } from "./records";

export class Play<S extends LinkStore> {
  readonly looks: Looks<S>;
  readonly model = new Model();
  #marks = 0;

  constructor(
    instances: Instances<S>,
    readonly platforms: readonly string[],
    readonly database: Database | undefined,
  ) {
    this.looks = new Looks(instances, this.model, platforms);
  }

  /** A link as an operation says, which is none that there was. */
  link(operation: Omit<Put, "kind">, current: StoredLink | undefined): StoredLink {
    const { platform, id } = this.keyed(operation);
    this.model.askFor(platform, id);
    const { shares, later, first } = operation;
    const version = current ? current.version + 1 : first;
    const publicId = `public-${operation.publicId}`;
    return link({ platform, appUserId: id, publicId, shares, later, version, mark: this.#marks++ });
  }

  attempt(operation: Omit<Put, "kind">, current: StoredAttempt | undefined): StoredAttempt {
    const { platform, id } = this.keyed(operation);
    this.model.askFor(platform, id);
    const { later, first, expiresAt } = operation;
    const version = current ? current.version + 1 : first;
    return attempt({ platform, id, expiresAt, later, version, mark: this.#marks++ });
  }

  keyed({ platform, id }: { platform: number; id: number }): { platform: string; id: string } {
    return { platform: this.platforms[platform] ?? "", id: IDS[id] ?? "" };
  }

  /** Makes a change whose answer is known beforehand. */
  async change(by: number, method: Method, asked: Record<string, unknown>, right: boolean, promise: PromiseName) {
    const answer = await this.looks.ask(by, method, asked);
    const call = shown(by, method, asked);
    this.looks.calls.push(`${call} → ${String(answer)}`);
    if (typeof answer !== "boolean")
      throw this.looks.broken("works", `${call} answered ${String(answer)}, which is neither true nor false.`);
    if (answer !== right)
      throw this.looks.broken(promise, `${call} answered ${answer}, and should have answered ${right}.`);
  }

  async put(operation: Put): Promise<void> {
    const { platform, id } = this.keyed(operation);
    const current = this.model.link(platform, id);
    const record = this.link(operation, current);
    const expectedVersion = expected(operation.expectation, current?.version);
    const fits = expectedVersion === (current?.version ?? null);
    const taken = this.model.inTheWay(record).length > 0;
    const right = fits && !taken;
    const promise = fits && taken ? "publicId" : "version";
    await this.change(operation.by, "putLink", { link: record, expectedVersion }, right, promise);
    if (right) this.model.write(record);
    await this.#changed(operation.by, platform, id, right ? "written" : "refused", [
      current?.publicId,
      record.publicId,
    ]);
  }

  async remove(operation: Remove): Promise<void> {
    const { platform, id } = this.keyed(operation);
    const current = this.model.link(platform, id);
    // Of what there is not, no version is right.
    const expectedVersion = expected(operation.expectation, current?.version) ?? 1;
    const right = expectedVersion === current?.version;
    await this.change(operation.by, "removeLink", { platform, appUserId: id, expectedVersion }, right, "version");
    if (right) this.model.remove(platform, id);
    await this.#changed(operation.by, platform, id, right ? "written" : "refused", [current?.publicId]);
  }

  /** Looks at a link that was changed, by its id, its public ids, those that it had before included, and among the others. */
  async #changed(by: number, platform: string, id: string, otherwise: PromiseName, publicIds: (string | undefined)[]) {
    await this.looks.link(platform, id, by, otherwise);
    for (const publicId of new Set(publicIds))
      if (publicId !== undefined) await this.looks.found((by + 1) % 3, platform, publicId);
    await this.looks.lists((by + 2) % 3, "apart");
  }

  async putAttempt(operation: Put): Promise<void> {
    const { platform, id } = this.keyed(operation);
    const current = this.model.attempt(platform, id);
    const record = this.attempt(operation, current);
    const expectedVersion = expected(operation.expectation, current?.version);
    const right = expectedVersion === (current?.version ?? null);
    await this.change(operation.by, "putAttempt", { attempt: record, expectedVersion }, right, "version");
    if (right) this.model.writeAttempt(record);
    await this.looks.attempt(platform, id, operation.by, right ? "written" : "refused");
  }

  async removeAttempts(operation: RemoveAttempts): Promise<void> {
    const platform = this.platforms[operation.platform] ?? "";
    const { appUserId } = operation;
    const asked = { platform, expiredBefore: before(operation.expiresAt), appUserId };
    await this.looks.ask(operation.by, "removeAttempts", asked);
    this.looks.calls.push(shown(operation.by, "removeAttempts", asked));
    const known = [...this.model.attempts.values()];
    this.model.removeAttempts(platform, asked.expiredBefore, appUserId);
    for (const each of known) await this.looks.attempt(each.platform, each.id, operation.by, "expired");
  }

  /** Reads all pages, from each link on, and once from one that is removed meanwhile. */
  async list({ platform: index, by, limit }: List): Promise<void> {
    const platform = this.platforms[index] ?? "";
    await this.looks.lists(by, "listed");
    const all = await this.looks.records(by, "listLinks", { platform, after: "", limit: 100 });
    const order = all.map((each) => String(spelled(each)["appUserId"]));
    const removed = order[Math.floor(order.length / 2)];
    for (const after of ["", ...order]) await this.#page(by, platform, after, limit, order);
    const link = removed === undefined ? undefined : this.model.link(platform, removed);
    if (!link) return;
    const { appUserId, version } = link;
    await this.change(by, "removeLink", { platform, appUserId, expectedVersion: version }, true, "version");
    this.model.remove(platform, appUserId);
    await this.#page((by + 1) % 3, platform, appUserId, limit, order);
  }

  /** Reads the page after a user, of those that are still there in this order. */
  async #page(by: number, platform: string, after: string, limit: number, order: string[]): Promise<void> {
    const left = order.slice(order.indexOf(after) + 1).filter((id) => this.model.link(platform, id));
    const asked = { platform, after, limit };
    const page = await this.looks.records(by, "listLinks", asked);
    const given = JSON.stringify(page.map((each) => spelled(each)["appUserId"]));
    const right = JSON.stringify(left.slice(0, limit));
    if (given === right) return;
    const whole = `the order of all was ${JSON.stringify(order)}`;
    throw this.looks.broken(
      "listed",
      `${shown(by, "listLinks", asked)} gave ${given}, and should have given ${right}: ${whole}.`,
    );
  }

  /** Removes what is left, and looks whether it is gone. */
  async end(): Promise<void> {
    for (const { platform, appUserId, version } of [...this.model.links.values()]) {
      const asked = { platform, appUserId, expectedVersion: version };
      await this.change(0, "removeLink", asked, true, "version");
      this.model.remove(platform, appUserId);
    }
    for (const platform of this.platforms) {
      await this.looks.ask(0, "removeAttempts", { platform, expiredBefore: before(100), appUserId: null });
      this.model.removeAttempts(platform, before(100), null);
    }
    await this.looks.everything(1, "fresh");
  }
}

/** The version that a change names, where the record has this one. */
export function expected(expectation: Expectation, current: number | undefined): number | null {
  if (current === undefined) return expectation === "right" || expectation === "none" ? null : 1;
  switch (expectation) {
    case "right":
      return current;
    case "none":
      return null;
    case "before":
      return current > 1 ? current - 1 : current + 1;
    case "after":
      return current + 1;
    case "shorter":
      return Math.floor(current / 10) || current + 1;
    case "longer":
      return current < 1e14 ? current * 10 : current - 10;
  }
}
