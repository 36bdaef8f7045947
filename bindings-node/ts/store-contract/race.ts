/** Changes at once, each of which excludes the others: through several instances, and more than one through each. */

import type { LinkStore } from "../generated/types";
import { inTime, type Method, shown } from "./instances";
import { INSTANCES, type Race } from "./operations";
import type { Play } from "./play";
import { IDS } from "./records";

interface Contender {
  by: number;
  method: Method;
  asked: Record<string, unknown>;
  /** What is so if it is the one that is told true. */
  won: () => void;
}

const CONTENDERS = 2 * INSTANCES;

export async function race<S extends LinkStore>(play: Play<S>, operation: Race): Promise<void> {
  const contenders = Array.from({ length: CONTENDERS }, (_, index) => contender(play, operation, index));
  const present = contenders.filter((each): each is Contender => each !== undefined);
  if (present.length < 2) return;
  const { looks } = play;
  const answers = present.map(({ by, method, asked }) => play.looks.instances.ask(by, method, asked));
  const settled = await inTime(Promise.allSettled(answers), "One of several changes at once", looks.calls);
  const lines = settled.map((each, index) => {
    const { by = 0, method = "putLink", asked = {} } = present[index] ?? {};
    return `${shown(by, method, asked)} → ${each.status === "fulfilled" ? String(each.value) : "an error"}`;
  });
  looks.calls.push(`at once:\n     ${lines.join("\n     ")}`);
  for (const each of settled) {
    if (each.status === "rejected")
      throw looks.broken(
        "works",
        `A change failed of several that were made at once: ${words(each.reason)}`,
        each.reason,
      );
    if (typeof each.value !== "boolean")
      throw looks.broken("works", `A change answered ${String(each.value)}, which is neither true nor false.`);
  }
  const winners = present.filter((_, index) => isTrue(settled[index]));
  if (winners.length === 0)
    throw looks.broken(
      "version",
      `None of ${present.length} was told true, and nothing stood in the way of the first.`,
    );
  if (winners.length > 1) throw looks.broken("once", `${winners.length} of ${present.length} were told true.`);
  winners[0]?.won();
  await look(play, operation, winners[0]?.by ?? 0);
}

function isTrue(settled: PromiseSettledResult<unknown> | undefined): boolean {
  return settled?.status === "fulfilled" && settled.value === true;
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function contender<S extends LinkStore>(play: Play<S>, operation: Race, index: number): Contender | undefined {
  const by = index % INSTANCES;
  const { model } = play;
  const { platform, id } = play.keyed(operation);
  if (operation.over === "attempt") {
    const current = model.attempt(platform, id);
    const attempt = play.attempt(operation, current);
    const asked = { attempt, expectedVersion: current?.version ?? null };
    return { by, method: "putAttempt", asked, won: () => model.writeAttempt(attempt) };
  }
  if (operation.over === "publicId") {
    // Users who have no link, and a public id that nobody has.
    const strangers = IDS.map((_, at) => at).filter((at) => !model.link(platform, IDS[at] ?? ""));
    const stranger = strangers[index];
    if (stranger === undefined) return undefined;
    const link = { ...play.link({ ...operation, id: stranger, shares: false }, undefined), publicId: "wanted" };
    if (model.inTheWay(link).length > 0) return undefined;
    return { by, method: "putLink", asked: { link, expectedVersion: null }, won: () => model.write(link) };
  }
  const current = model.link(platform, id);
  const expectedVersion = current?.version ?? null;
  if (operation.over === "linkOrRemoval" && current && index % 2 === 1) {
    const asked = { platform, appUserId: id, expectedVersion };
    return { by, method: "removeLink", asked, won: () => model.remove(platform, id) };
  }
  const link = play.link(operation, current);
  if (model.inTheWay(link).length > 0) return undefined;
  return { by, method: "putLink", asked: { link, expectedVersion }, won: () => model.write(link) };
}

async function look<S extends LinkStore>(play: Play<S>, operation: Race, by: number): Promise<void> {
  const { platform, id } = play.keyed(operation);
  if (operation.over === "attempt") return play.looks.attempt(platform, id, by, "written");
  if (operation.over !== "publicId") await play.looks.link(platform, id, by, "written");
  await play.looks.lists((by + 1) % INSTANCES, "once");
  if (operation.over === "publicId") await play.looks.found((by + 2) % INSTANCES, platform, "wanted");
}
