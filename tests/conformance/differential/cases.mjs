// The cases: every call with options and answers that are right, with one thing odd in them, and with several. The same in every run.

import { ASKED, BODIES, FILES, HEADERS, ROUTES, STATUSES } from "./answers.mjs";
import { CALLS } from "./calls.mjs";
import { seeded, some } from "./random.mjs";
import { ABSENT, JSON_VALUES, VALUES } from "./values.mjs";

/** How many of each kind there are for a call, where there are that many. */
const COUNTS = { odd: 60, several: 10, answers: 28, statuses: 20 };

/** What chance must not leave out: for a call, which of its options, where, and the value. */
const ALWAYS = [
  ["init", 1, "retryOptions.errorCodes.0", "text"],
  ["init", 1, "retryOptions.errorCodes.0", "one"],
  ["init", 1, "retryOptions.methods.0", "text"],
  ["pushData", 0, "type", "absent"],
  ["pushData", 2, "standard", "absent"],
  ["pushData", 1, "userAccessToken.accessToken.expiry", "one"],
  ["pushData", 2, "data", "with odd members"],
  ["getPortabilityReport", 0, "from", "undefined"],
  ["getPortabilityReport", 0, "to", "absent"],
  ["getAuthorizeUrl", 1, "serviceId", "zero"],
  ["getAuthorizeUrl", 1, "serviceId", "whole"],
  ["getReauthorizeUrl", 1, "sessionOptions.pull.scope.serviceGroups.0.serviceTypes", "sparse list"],
  ["querySources", 1, "sourcesBodyParams.query.filter", "same, by proxy"],
  ["querySources", 1, "sourcesBodyParams.query.filter.publishedStatus.0", "text"],
  ["readSession", 1, "sessionOptions.scope", "same, inherited"],
  ["readSession", 1, "sessionOptions.scope.serviceGroups.0", "same, hidden"],
  ["readSession", 1, "sessionOptions.scope.criteria.0.from", "text"],
  ["readSession", 0, "userAccessToken.accessToken.expiry", "fraction"],
  ["downloadStorageFile", 0, "path", "empty text"],
  ["deleteStorageFiles", 0, "path", "buffer"],
];

/** All cases. A case has a `name`, the `call`, its `options`, a function of what makes callbacks, and the `answers` by route. */
export function cases() {
  return Object.keys(CALLS).flatMap((call) => [...oddOptions(call), ...oddAnswers(call), ...refusals(call)]);
}

function* oddOptions(call) {
  const below = seeded(`options of ${call}`);
  const singles = [];
  for (const [base, make] of CALLS[call].entries()) {
    yield aCase(call, base, []);
    const paths = [...pathsOf(make(() => () => {}))];
    for (const path of paths) for (const value of Object.keys(VALUES)) singles.push([base, [{ path, value }]]);
  }
  for (const [of, base, path, value] of ALWAYS)
    if (of === call) yield aCase(call, base, [{ path: path.split("."), value }]);
  for (const [base, edits] of some(below, singles, COUNTS.odd * CALLS[call].length)) yield aCase(call, base, edits);
  for (let count = 0; count < COUNTS.several; count += 1) {
    const base = below(CALLS[call].length);
    const paths = [...pathsOf(CALLS[call][base](() => () => {}))].slice(1);
    const names = Object.keys(VALUES);
    const edits = some(below, paths, 2 + below(2)).map((path) => ({ path, value: names[below(names.length)] }));
    yield aCase(call, base, edits.reverse());
  }
}

function* oddAnswers(call) {
  const below = seeded(`answers to ${call}`);
  const routes = ASKED[call] ?? [];
  const singles = [];
  for (const route of routes) {
    const right = ROUTES[route][2];
    const paths = [...pathsOf(right)].filter((path) => path.length > 0 && !path.at(-1).startsWith?.("$"));
    for (const path of paths.filter(([part]) => part === "json" || part === "headers"))
      for (const value of Object.keys(JSON_VALUES))
        if (fits(path, value) && !isWaitedFor(call, route, path)) singles.push({ route, path, value });
  }
  for (const { route, path, value } of some(below, singles, COUNTS.answers * routes.length)) {
    const answer = edited(ROUTES[route][2], path, JSON_VALUES[value]);
    const base = CALLS[call].length - 1;
    yield aCase(call, base, [], { [route]: [answer] }, `${route} with ${path.join(".")} ${value}`);
  }
  // The JavaScript SDK ends the process over a download that it cannot open.
  for (const route of routes.filter((name) => ROUTES[name][2].body))
    for (const [kind, change] of Object.entries(FILES))
      if (route === "file" || kind !== "a file for another")
        yield aCase(call, 0, [], { [route]: [change(ROUTES[route][2])] }, `${route} with ${kind}`);
}

/** A header is text. */
function fits([part, header, ...within], value) {
  if (part !== "headers" || within.length > 0) return true;
  return (
    value === "absent" || (value.includes("text") && !/lines|ASCII|list|as text|long/.test(value)) || header === ""
  );
}

/** Where this SDK polls on, since it does not know the state, or goes on asking for the key of a token that has cost a code. */
function isWaitedFor(call, route, path) {
  if (call === "readAllFiles") return path[1] === "status";
  return route === "token" && ["jku", "kid"].includes(path.at(-1));
}

function* refusals(call) {
  const below = seeded(`refusals of ${call}`);
  const routes = ASKED[call] ?? [];
  for (const route of routes) {
    const answer = (status, body, headers) => ({ status, text: BODIES[body], headers: HEADERS[headers] });
    const all = STATUSES.flatMap((status) =>
      Object.keys(BODIES).flatMap((body) => Object.keys(HEADERS).map((headers) => [status, body, headers])),
    );
    for (const [status, body, headers] of some(below, all, COUNTS.statuses)) {
      const refusal = answer(status, body, headers);
      const name = `${route} answering ${status}, ${body}, headers: ${headers}`;
      const base = CALLS[call].length - 1;
      yield aCase(call, base, [], { [route]: [refusal] }, name);
      // What comes after a refresh.
      if (status === 401) yield aCase(call, base, [], { [route]: [refusal, ROUTES[route][2]] }, `${name}, once`);
    }
  }
}

function aCase(call, base, edits, answers = {}, answered = "rightly") {
  const changes = edits.map(({ path, value }) => `${["options", ...path].join(".")} ${value}`).join(", ");
  return {
    name: `${call} (${base}) with ${changes || "right options"}, answered ${answered}`,
    call,
    edits,
    answered: answered === "rightly" ? undefined : answered,
    answers: Object.fromEntries(Object.entries(answers).map(([route, given]) => [route, [...given]])),
    options: (tell) =>
      edits.reduce((options, { path, value }) => edited(options, path, VALUES[value]), CALLS[call][base](tell)),
  };
}

/** Where a value can be changed: itself, its members, theirs, and so on. */
function* pathsOf(value, path = []) {
  yield path;
  if (
    typeof value !== "object" ||
    value === null ||
    ![Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))
  )
    return;
  for (const name of Object.keys(value)) yield* pathsOf(value[name], [...path, name]);
}

/** A copy in which something odd stands at the path; the value itself where there is no such path any more. */
function edited(value, [name, ...rest], odd) {
  if (name === undefined) return odd(value);
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  const member = edited(value[name], rest, odd);
  if (Array.isArray(value))
    return member === ABSENT ? value.toSpliced(Number(name), 1) : value.with(Number(name), member);
  const { [name]: _, ...others } = value;
  return member === ABSENT ? others : { ...value, [name]: member };
}
