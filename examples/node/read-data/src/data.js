/** The pages that show how far a reading is, and what was read. */

import express, { Router } from "express";
import { PageError } from "./failure.js";
import { contentOf, fileNameOf, titleOf } from "./file-view.js";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Readings } from "./readings.js"
 * @import { Reading, Store } from "./store.js"
 */

/** What a session's state means to a person. */
const STATES = new Map([
  ["pending", "digi.me is getting ready."],
  ["running", "digi.me is fetching from your source."],
  ["completed", "Everything is there; the last files are on their way."],
  ["partial", "The last files are on their way."],
]);

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {Readings} readings
 */
export function dataRoutes(digime, store, readings) {
  const router = Router();

  router.post("/read", express.urlencoded({ extended: false }), checkForm, async (_request, response) => {
    const session = sessionOf(response);
    if (session.sources.length === 0)
      throw new PageError(409, "Not connected yet", "Connect a source before you read.");
    readings.begin(session, await digime.openSession(session.userId));
    response.redirect(303, "/data");
  });

  router.get("/data", (_request, response) => {
    const session = sessionOf(response);
    const reading = store.findReading(session.id);
    if (!reading) {
      show(response, "message", { title: "Nothing was read yet", text: "Connect a source from the start page." });
    } else if (!reading.ended) {
      show(response, "reading", { progress: progressOf(reading) });
    } else if (reading.failure) {
      show(response.status(reading.failure.status), "message", reading.failure);
    } else {
      const files = store.listFiles(reading.id).map((file) => ({ ...file, title: titleOf(file) }));
      show(response, "files", { session, problems: problemsOf(reading), files });
    }
  });

  router.get("/progress", (_request, response) => {
    const reading = store.findReading(sessionOf(response).id);
    response.json(reading && !reading.ended ? progressOf(reading) : { ended: true });
  });

  router.get("/files/:id", (request, response) => {
    const file = fileOf(request, response);
    show(response, "file", { file, title: titleOf(file), ...contentOf(file) });
  });

  router.get("/files/:id/content", (request, response) => {
    const file = fileOf(request, response);
    // It is a stranger's: no browser may run what is in it.
    response.set("Content-Security-Policy", "sandbox; default-src 'none'");
    response.attachment(fileNameOf(file)).set("Content-Type", mediaTypeOf(file.metadata)).send(file.content);
  });

  /**
   * @param {import("express").Request<{ id: string }>} request
   * @param {import("express").Response} response
   */
  function fileOf(request, response) {
    const file = store.findFile(sessionOf(response).id, Number(request.params.id));
    if (!file) throw new PageError(404, "There is no such file", "It may have been read anew. Look at the list again.");
    return file;
  }

  return router;
}

/** @param {Reading} reading */
function progressOf({ status, filesDone, filesKnown, bytes }) {
  const files = `${filesDone} of ${filesKnown} files so far, ${bytes.toLocaleString("en")} bytes.`;
  const text = STATES.get(status.state ?? "") ?? "digi.me is asked for your files.";
  return { ended: false, filesDone, filesKnown, text: filesKnown > 0 ? `${text} ${files}` : text };
}

/**
 * What digi.me says of the sources that it could not fetch from.
 * @param {Reading} reading
 * @returns {string[]}
 */
function problemsOf({ status }) {
  return Object.values(status.details ?? {}).flatMap((account) => account?.error?.message ?? []);
}

/** @param {{ mimetype?: unknown, [name: string]: unknown }} metadata What an application pushed says what it is; what digi.me has mapped is JSON. */
function mediaTypeOf({ mimetype = "application/json" }) {
  return /^[\w.+-]+\/[\w.+-]+$/.test(String(mimetype)) ? String(mimetype) : "application/octet-stream";
}
