/** The forms from which a person pushes, and the list of what they pushed. */

import { createHash } from "node:crypto";
import express, { Router } from "express";
import multer from "multer";
import { PageError } from "./failure.js";
import { bundleOf } from "./fhir-bundle.js";
import { measurementOf } from "./measurement.js";
import { show } from "./pages.js";
import { checkForm, sessionOf } from "./session.js";

/**
 * @import { Digime } from "./digime.js"
 * @import { Account, Destination, Session, Store } from "./store.js"
 */

const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: 20_000_000, files: 1, fields: 20, fieldSize: 1000 },
  // What browsers send; multer's own default spoils names with letters beyond Latin-1.
  defParamCharset: "utf8",
});

/**
 * @param {Digime} digime
 * @param {Store} store
 * @param {boolean} canReadBack
 */
export function pushRoutes(digime, store, canReadBack) {
  const router = Router();

  router.get("/push", (_request, response) => {
    const today = new Date().toISOString().slice(0, 10);
    show(response, "push", { session: sessionOf(response), today });
  });

  router.post("/push/file", upload.single("file"), checkForm, async (request, response) => {
    const session = sessionOf(response);
    const account = accountFor(session, "library");
    if (!request.file) throw new PageError(422, "There is no file", "Go back and choose one.");
    const { buffer, originalname, mimetype } = request.file;
    const tags = tagsOf(request.body.tags);
    await digime.pushFile(session.userId, account.id, {
      content: buffer,
      name: originalname,
      mimeType: mimetype,
      tags,
    });
    store.addPush(session.id, {
      destination: "library",
      accountName: account.name,
      name: originalname,
      mimeType: mimetype,
      size: buffer.length,
      sha256: createHash("sha256").update(buffer).digest("hex"),
      document: null,
    });
    response.redirect(303, "/pushed");
  });

  router.post("/push/measurement", express.urlencoded({ extended: false }), checkForm, async (request, response) => {
    const session = sessionOf(response);
    const account = accountFor(session, "provider");
    const bundle = bundleOf(measurementOf(request.body));
    await digime.pushBundle(session.userId, account.id, bundle);
    store.addPush(session.id, {
      destination: "provider",
      accountName: account.name,
      name: "Self-measurement",
      mimeType: "application/fhir+json",
      size: null,
      sha256: null,
      document: JSON.stringify(bundle, undefined, 2),
    });
    response.redirect(303, "/pushed");
  });

  router.get("/pushed", (_request, response) => {
    const session = sessionOf(response);
    show(response, "pushed", { session, pushes: store.listPushes(session.id), canReadBack });
  });

  return router;
}

/**
 * @param {Session} session
 * @param {Destination} destination
 * @returns {Account}
 */
function accountFor(session, destination) {
  const account = session.accounts[destination];
  if (!account) throw new PageError(409, "Not connected yet", "Connect from the start page before you push.");
  return account;
}

/** @param {string | undefined} text Tags with commas between them. */
function tagsOf(text) {
  return (text ?? "")
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}
