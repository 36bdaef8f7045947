/** The sandbox on the loopback address: Patients Know Best there, and a patient's browser. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { initPkb } from "../dist/index.js";

const REDIRECT_URI = "http://127.0.0.1/return";

/** Starts a sandbox of its own for `t`, a test or what runs before tests, which ends it; what it announces. */
export async function announced(t) {
  const program = process.env["DIGIME_SANDBOX_BIN"];
  if (!program) throw new Error("DIGIME_SANDBOX_BIN must name the sandbox's binary, as `make test-node` does.");
  const sandbox = spawn(program, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => sandbox.kill());
  const [line] = await once(createInterface(sandbox.stdout), "line");
  return JSON.parse(line);
}

/** A PKB of its own for `t`. */
export async function patientsKnowBest(t) {
  return new PatientsKnowBest((await announced(t)).pkb);
}

/** Turns one of the controls of the sandbox at this address. */
export async function control(address, path, body, method = "POST") {
  const answer = await fetch(new URL(`/_sandbox/${path}`, address), {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.headers.get("content-type")?.includes("json") ? await answer.json() : undefined;
}

/** The sandbox, and what its tests hold. */
export class PatientsKnowBest {
  constructor(announced) {
    const { baseUrl, clientId, system, people } = announced;
    this.announced = announced;
    this.baseUrl = baseUrl;
    this.system = system;
    this.people = people;
    this.config = {
      clientId,
      redirectUri: REDIRECT_URI,
      environment: "sandbox",
      encryptionKey: randomBytes(32).toString("base64"),
      endpoints: { baseUrl },
      retryOptions: { limit: 0 },
    };
  }

  /** The SDK, configured for this PKB. */
  init(more = {}) {
    return initPkb({ ...this.config, ...more });
  }

  /** The SDK, and the link of an app user to the first patient. */
  async linked(more, appUserId = "user-1") {
    const pkb = this.init(more);
    const { url } = await pkb.getLinkUrl({ appUserId });
    const link = await pkb.completeLink({ callbackUrl: await this.decide(url), appUserId });
    return { pkb, appUserId, publicId: link.publicId };
  }

  /** Goes through PKB's page as a person in a browser, and gives the address that they are sent back to. */
  async decide(url, { decision = "approve", person = this.people[0] } = {}) {
    const page = await (await fetch(url)).text();
    const form = new URLSearchParams({ login: person.login, password: person.password, decision });
    for (const [, name, value] of page.matchAll(/<input type="hidden" name="(.*?)" value="(.*?)">/g)) {
      form.append(name, value.replaceAll("&amp;", "&"));
    }
    const [, action] = page.match(/<form method="post" action="(.*?)"/);
    const answer = await fetch(new URL(action, url), { method: "POST", body: form, redirect: "manual" });
    return answer.headers.get("location");
  }

  /** Turns one of the sandbox's controls. */
  control(path, body, method) {
    return control(this.baseUrl, path, body, method);
  }

  /** What PKB has counted. */
  tally() {
    return this.control("pkb/tally", undefined, "GET");
  }
}
