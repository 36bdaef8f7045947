/** digi.me on the loopback address, and a person who consents there. */

import { randomBytes } from "node:crypto";
import { init } from "../dist/index.js";
import { announced, control } from "./sandbox.mjs";

const CALLBACK = "http://127.0.0.1/return";

/** A digi.me of its own for `t`, a test or what runs before tests, which ends it. */
export async function digiMe(t) {
  return new DigiMe(await announced(t));
}

/** The sandbox, and what its tests hold. */
export class DigiMe {
  constructor({ applicationId, baseUrl, onboardUrl, contracts }) {
    const { push, read } = contracts;
    this.baseUrl = baseUrl;
    this.push = { contractId: push.contractId, privateKey: push.privateKey };
    this.read = { contractId: read.contractId, privateKey: read.privateKey };
    this.config = { applicationId, baseUrl, onboardUrl, retryOptions: { limit: 0 } };
    this.keeping = { store: "memory", encryptionKey: randomBytes(32).toString("base64") };
  }

  /** The SDK, configured for this digi.me, with connections in memory unless it is said where. */
  init(more = {}) {
    return init({ ...this.config, ...this.keeping, ...more });
  }

  /** Sends a person away for an app user, and gives the address that they come back to. */
  async sent(sdk, { appUserId, contractDetails = this.read, decision, ...more }) {
    const { url } = await sdk.getConnectUrl({ appUserId, contractDetails, callback: CALLBACK, ...more });
    return this.decide(url, decision);
  }

  /** Connects an app user, and gives what comes of it. */
  async connect(sdk, { appUserId, contractDetails = this.read, ...more }) {
    const callbackUrl = await this.sent(sdk, { appUserId, contractDetails, ...more });
    return sdk.completeConnect({ contractDetails, callbackUrl, appUserId });
  }

  /** Goes through the page as a person who takes the first source, and gives the address that they are sent back to. */
  async decide(url, decision = "accept") {
    const page = await (await fetch(url)).text();
    const form = new URLSearchParams({ decision });
    for (const [, name, value] of page.matchAll(/<input type="\w+" name="(.*?)" value="(.*?)"/g))
      if (!form.has(name)) form.append(name, value);
    const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    return answer.headers.get("location");
  }

  /** Turns one of the sandbox's controls. */
  control(path, body, method) {
    return control(this.baseUrl, path, body, method);
  }

  /** How many tokens were had for what. */
  async granted(grant) {
    const requests = await this.control("requests", undefined, "GET");
    const granted = requests.filter((entry) => entry.grant === grant && entry.status === 200);
    return granted.reduce((all, { count }) => all + count, 0);
  }
}
