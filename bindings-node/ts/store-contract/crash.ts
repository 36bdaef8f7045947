/** A crash of the database in the midst of writing: what was answered must be there afterwards, and meanwhile nothing may be answered. */

import type { LinkStore } from "../generated/types";
import { inTime, shown } from "./instances";
import type { Crash } from "./operations";
import type { Play } from "./play";
import { differences, type StoredLink } from "./records";

/** How long is listened for an answer that should not come. */
const SILENCE_MS = 100;

interface Write {
  link: StoredLink;
  current: StoredLink | undefined;
  call: string;
  outcome: Promise<boolean | undefined>;
}

export async function crash<S extends LinkStore>(play: Play<S>, operation: Crash): Promise<void> {
  const { database, looks } = play;
  if (!database) return;
  const { instances } = looks;
  const writes = operation.ids.flatMap((id, index) => begin(play, operation.platform, id, index) ?? []);
  const outcomes = Promise.all(writes.map(({ outcome }) => outcome));
  if (operation.isAnswered) await inTime(outcomes, "A write", looks.calls);
  await database.kill();
  looks.calls.push("the database is killed");
  const answered = await away(play, operation);
  await database.start();
  looks.calls.push("it is started again, and the store opened anew");
  const answers = await inTime(outcomes, "A write that the crash met", looks.calls);
  await Promise.allSettled([instances.close()]);
  await instances.open();
  if (answered !== undefined) throw looks.broken("away", answered);
  for (const [index, write] of writes.entries()) await adopt(play, write, answers[index]);
  await looks.everything(0, "durable");
}

/** Begins to write a link that nothing stands in the way of; what it is told, undefined where it fails. */
function begin<S extends LinkStore>(play: Play<S>, platform: number, id: number, index: number): Write | undefined {
  const key = play.keyed({ platform, id });
  const current = play.model.link(key.platform, key.id);
  const by = index % 3;
  const parts = { platform, id, by, expectation: "right", shares: true, later: false, first: 1, expiresAt: 0 } as const;
  const link = play.link({ ...parts, publicId: index }, current);
  const asked = { link, expectedVersion: current?.version ?? null };
  const call = shown(by, "putLink", asked);
  const line = play.looks.calls.push(`${call} → no answer yet`) - 1;
  const outcome = play.looks.instances.ask(by, "putLink", asked).then(
    (answer) => {
      play.looks.calls[line] = `${call} → ${String(answer)}`;
      return answer === true ? true : answer === false ? false : undefined;
    },
    () => {
      play.looks.calls[line] = `${call} → an error`;
      return undefined;
    },
  );
  return { link, current, call, outcome };
}

/** Asks while nothing can be known; what was answered all the same. */
async function away<S extends LinkStore>(play: Play<S>, { platform: index, ids }: Crash): Promise<string | undefined> {
  const { platform, id } = play.keyed({ platform: index, id: ids[0] ?? 0 });
  const questions = [
    ["getLink", { platform, appUserId: id }],
    ["findLinks", { platform, publicId: "public-0" }],
    ["listLinks", { platform, after: "", limit: 10 }],
    ["getAttempt", { platform, id }],
  ] as const;
  const answered: string[] = [];
  const asked = questions.map(async ([method, question], by) => {
    const answer = await play.looks.instances.ask(by % 3, method, question);
    answered.push(
      `${shown(by % 3, method, question)} answered ${answer === undefined ? "undefined" : JSON.stringify(answer)?.slice(0, 80)}.`,
    );
  });
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise((resolve) => {
    timer = setTimeout(resolve, SILENCE_MS);
  });
  // Who waits for the database to come back is as good as one who fails.
  const all = Promise.allSettled(asked);
  await Promise.race([all, silence]);
  clearTimeout(timer);
  return answered[0];
}

/** Takes over what has become of a write that the crash met: all of it or nothing, and what was answered. */
async function adopt<S extends LinkStore>(play: Play<S>, { link, current, call }: Write, answer: boolean | undefined) {
  const { platform, appUserId } = link;
  const given = await play.looks.record(0, "getLink", { platform, appUserId });
  const isNew = given !== undefined && differences(link, given).length === 0;
  const isOld = current ? given !== undefined && differences(current, given).length === 0 : given === undefined;
  if (answer === true && !isNew)
    throw play.looks.broken("durable", `${call} answered true, and is gone after the crash.`);
  if (answer === false)
    throw play.looks.broken(
      isNew ? "refused" : "version",
      `${call} answered false, and ${isNew ? "was written all the same" : "nothing stood in its way"}.`,
    );
  if (!isNew && !isOld)
    throw play.looks.broken(
      "durable",
      `After the crash there is neither what ${call} has written, nor what was there before.`,
    );
  if (isNew) play.model.write(link);
}
