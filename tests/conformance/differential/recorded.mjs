// How outcomes are kept: a file for each call, in which every request and every outcome stands once.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const RECORDED = join(import.meta.dirname, "recorded");

/** What follows names the option or the call in this SDK, and quotes what was given in the other. */
const MESSAGE = 60;

const namesOf = (cases) =>
  createHash("sha256")
    .update(cases.map(({ name }) => name).join("\n"))
    .digest("hex")
    .slice(0, 16);

function byCall(cases) {
  const calls = new Map();
  for (const [index, { call }] of cases.entries()) {
    if (!calls.has(call)) calls.set(call, []);
    calls.get(call).push(index);
  }
  return calls;
}

class Once {
  all = [];
  #known = new Map();

  place(value) {
    const text = JSON.stringify(value);
    if (!this.#known.has(text)) this.#known.set(text, this.all.push(value) - 1);
    return this.#known.get(text);
  }
}

/** The files: for each call its name and the text. */
export function* written(cases, outcomes) {
  for (const [call, indices] of byCall(cases)) {
    const requests = new Once();
    const distinct = new Once();
    const of = indices.map((index) => {
      const { asked, ...others } = outcomes[index];
      return distinct.place({ asked: asked.map((request) => requests.place(request)), ...cut(others) });
    });
    const names = namesOf(indices.map((index) => cases[index]));
    const lines = (items) => `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]`;
    const text = `{"cases":"${names}","requests":${lines(requests.all)},"outcomes":${lines(distinct.all)},"of":${JSON.stringify(of)}}\n`;
    yield [call, text];
  }
}

/** The outcomes of the JavaScript SDK, in the order of the cases. */
export function recorded(cases) {
  const outcomes = [];
  for (const [call, indices] of byCall(cases)) {
    const { cases: names, requests, outcomes: distinct, of } = JSON.parse(readFileSync(join(RECORDED, `${call}.json`)));
    if (names !== namesOf(indices.map((index) => cases[index])))
      throw new Error(`the cases of ${call} are no longer those that were recorded: record them again (record.mjs)`);
    for (const [place, index] of indices.entries()) {
      const { asked, ...others } = distinct[of[place]];
      outcomes[index] = { ...others, asked: asked.map((request) => requests[request]) };
    }
  }
  return outcomes;
}

/** An outcome with as much of its messages as is compared. */
export function cut(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cut);
  const members = Object.entries(value).map(([name, member]) => {
    return [name, name === "message" && typeof member === "string" ? member.slice(0, MESSAGE) : cut(member)];
  });
  return Object.fromEntries(members);
}
