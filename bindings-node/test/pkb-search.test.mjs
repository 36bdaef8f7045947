/** How the pages of a search are iterated over. */

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { Readable } from "node:stream";
import { before, test } from "node:test";
import { FhirError, TypeValidationError } from "../dist/index.js";
import { platform } from "./platform.mjs";
import { patientsKnowBest } from "./sandbox.mjs";
import { SimpleStore } from "./stores.mjs";

const store = new SimpleStore();
let place;
let linked;
before(async (t) => {
  place = await patientsKnowBest(t);
  linked = await place.linked({ store });
});

/** A search of the patient's vital signs, in several pages. */
function search(more = {}, pkb = linked.pkb) {
  const { appUserId, publicId } = linked;
  const parameters = { patient: publicId, category: "vital-signs", _count: 25 };
  return pkb.fhirSearch({ appUserId, resourceType: "Observation", parameters, ...more });
}

/** A search at a FHIR API of one's own, whose pages are answered by `answer`. */
async function searchAt(t, answer, more) {
  const { baseUrl } = await platform(t, answer);
  const { endpoints } = place.config;
  return search(more, place.init({ store, endpoints: { ...endpoints, facade: { url: baseUrl } } }));
}

/** Answers with the page `number`, after which there is another. */
function page(number, response) {
  const link = [{ relation: "next", url: `/Observation?page=${number + 1}` }];
  response.setHeader("content-type", "application/fhir+json");
  response.end(JSON.stringify({ resourceType: "Bundle", number, link }));
}

/** Answers with pages without end. */
function endless(request, response) {
  page(Number(new URL(request.url, "http://platform").searchParams.get("page")), response);
}

async function calls() {
  return (await place.tally()).calls;
}

test("the pages come one after the other, to the last", async () => {
  const observations = [];
  for await (const bundle of search()) {
    assert.equal(bundle.resourceType, "Bundle");
    observations.push(...bundle.entry.map(({ resource }) => resource));
  }
  assert.ok(observations.length > 50);
  assert.equal(new Set(observations.map(({ id }) => id)).size, observations.length);
  assert.ok(observations.every(({ resourceType }) => resourceType === "Observation"));
});

test("a page is asked for when it is wanted, and none beyond", async () => {
  const sent = await calls();
  const pages = search()[Symbol.asyncIterator]();
  assert.equal(await calls(), sent);
  for (const wanted of [1, 2]) {
    assert.equal((await pages.next()).done, false);
    assert.equal(await calls(), sent + wanted);
  }
  assert.deepEqual(await pages.return(), { done: true, value: undefined });
  assert.deepEqual(await pages.next(), { done: true, value: undefined });
  assert.equal(await calls(), sent + 2);
});

test("a search that is left early sends nothing more", async () => {
  const sent = await calls();
  for await (const _ of search()) break;
  assert.equal(await calls(), sent + 1);
});

test("each iteration searches anew", async () => {
  const pages = search();
  const first = async () => {
    for await (const bundle of pages) return bundle;
  };
  const [one, other] = [await first(), await first()];
  assert.deepEqual(
    one.entry.map(({ resource }) => resource.id),
    other.entry.map(({ resource }) => resource.id),
  );
});

test("pages are asked for at once and come in their order", async (t) => {
  const pages = (await searchAt(t, endless))[Symbol.asyncIterator]();
  const several = await Promise.all([pages.next(), pages.next(), pages.next()]);
  assert.deepEqual(
    several.map(({ value }) => value.number),
    [0, 1, 2],
  );
  await pages.return();
});

test("pages are a source of a Node stream", async () => {
  const pages = await Readable.from(search()).take(2).toArray();
  assert.equal(pages.length, 2);
});

test("wrong options are refused when the first page is asked for", async () => {
  for (const [wrong, path] of [
    [undefined, "options.resourceType"],
    [{ resourceType: "../Patient" }, "options.resourceType"],
    [{ resourceType: "Patient", parameters: { name: {} } }, "options.parameters"],
  ]) {
    const pages = linked.pkb.fhirSearch(wrong && { appUserId: linked.appUserId, ...wrong })[Symbol.asyncIterator]();
    const failure = await pages.next().catch((error) => error);
    assert.ok(failure instanceof TypeValidationError);
    assert.equal(failure.path, path);
    assert.match(failure.stack, /\n +at .*pkb-search\.test/);
    assert.deepEqual(await pages.next(), { done: true, value: undefined });
  }
});

test("a page that cannot be had is an error in the midst", async (t) => {
  const pages = await searchAt(t, (request, response) => {
    if (!request.url.includes("page=")) return page(0, response);
    response.statusCode = 400;
    response.end(JSON.stringify({ resourceType: "OperationOutcome", issue: [{ severity: "error", code: "invalid" }] }));
  });
  const seen = [];
  const all = async () => {
    for await (const { number } of pages) seen.push(number);
  };
  await assert.rejects(all(), (error) => error instanceof FhirError && error.statusCode === 400);
  assert.deepEqual(seen, [0]);
});

test("a search that is left while a page is awaited drops its request", async (t) => {
  const requests = new EventEmitter();
  const pages = (await searchAt(t, (request) => requests.emit("request", request)))[Symbol.asyncIterator]();
  const awaited = pages.next();
  const [request] = await once(requests, "request");
  const dropped = once(request.socket, "close");
  assert.deepEqual(await pages.return(), { done: true, value: undefined });
  assert.deepEqual(await awaited, { done: true, value: undefined });
  await dropped;
});

test("an aborted search is rejected with the signal's reason, wherever it stands", async (t) => {
  const reason = new Error("the person went away");
  const isReason = (error) => error === reason;

  const early = search({ signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]();
  await assert.rejects(early.next(), isReason);

  const whileAwaited = new AbortController();
  const { signal } = whileAwaited;
  const silent = await searchAt(t, () => whileAwaited.abort(reason), { signal });
  await assert.rejects(silent[Symbol.asyncIterator]().next(), isReason);

  const between = new AbortController();
  const pages = search({ signal: between.signal })[Symbol.asyncIterator]();
  await pages.next();
  between.abort(reason);
  await assert.rejects(pages.next(), isReason);
  assert.deepEqual(await pages.next(), { done: true, value: undefined });
});
