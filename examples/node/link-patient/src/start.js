/** The start page: logging in and out, and how the link of who is logged in stands. */

import express, { Router } from "express";
import { PageError } from "./failure.js";
import { show } from "./pages.js";
import { checkForm, freshSession, sessionOf } from "./session.js";
import { nationalIdOf, USERS } from "./users.js";

/**
 * @param {import("./pkb.js").Pkb} pkb
 * @param {import("./session.js").Sessions} sessions
 */
export function startRoutes(pkb, sessions) {
  const router = Router();

  router.get("/", async (_request, response) => {
    const { user } = sessionOf(response);
    if (user) {
      const canBeInvited = nationalIdOf(user) !== undefined;
      show(response, "start", { link: await pkb.findLink(user.id), canBeInvited });
    } else show(response, "log-in", { users: USERS });
  });

  router.post("/log-in", express.urlencoded({ extended: false }), checkForm, (request, response) => {
    const user = USERS.find(({ id }) => id === request.body.user);
    if (!user) throw new PageError(422, "Log in as whom?", "Choose one of the users on the start page.");
    sessions.save(response, freshSession(user));
    response.redirect(303, "/");
  });

  router.post("/log-out", express.urlencoded({ extended: false }), checkForm, (_request, response) => {
    sessions.save(response, freshSession());
    response.redirect(303, "/");
  });

  return router;
}
