/** The provider, its page and the FHIR calls behind one address, and what was asked of its token endpoint. */

import { once } from "node:events";
import { createServer } from "node:http";
import { interact } from "./interactions.mjs";
import { provider } from "./provider.mjs";
import { answerFhir } from "./records.mjs";

const REDIRECT_URI = "http://127.0.0.1/linked";
const CLIENT_ID = "example-app";

const USER_CLIENT = {
  client_id: CLIENT_ID,
  grant_types: ["authorization_code", "refresh_token"],
  redirect_uris: [REDIRECT_URI],
  response_types: ["code"],
  token_endpoint_auth_method: "none",
};

/** A running platform. */
class Platform {
  /** Every request for tokens: `{ type, by, error }`, `by` being how the client authenticated. */
  grants = [];
  /** The refresh token that was issued last. */
  refreshToken;
  /** Whether the next answer with tokens does not arrive. */
  losesAnswer = false;
  /** How many calls were refused because of their access token. */
  refusals = 0;

  constructor(address) {
    this.address = address;
  }

  /** What `initPkb` is given. */
  get config() {
    return {
      clientId: CLIENT_ID,
      redirectUri: REDIRECT_URI,
      environment: "sandbox",
      endpoints: { baseUrl: this.address, facade: { tokenUrl: this.#tokenUrl } },
    };
  }

  /** How many requests for tokens of this type there were. */
  count(type) {
    return this.grants.filter((grant) => grant.type === type).length;
  }

  /** Makes a request for tokens as whoever got hold of what is in it. */
  async ask(grant) {
    const body = new URLSearchParams({ client_id: CLIENT_ID, redirect_uri: REDIRECT_URI, ...grant });
    const response = await fetch(this.#tokenUrl, { method: "POST", body });
    return response.json();
  }

  get #tokenUrl() {
    return new URL("/apiToken.action", this.address).href;
  }

  /** Answers a FHIR call. */
  async answer(oidc, request, response) {
    await answerFhir(oidc, request, response);
    if (response.statusCode === 401) this.refusals += 1;
  }

  /** Takes note of what the provider says that it does. */
  watch(oidc) {
    oidc.on("refresh_token.saved", ({ jti }) => {
      this.refreshToken = jti;
    });
    oidc.on("grant.success", (context) => {
      this.grants.push(asked(context));
      if (this.losesAnswer) context.req.socket.destroy();
      this.losesAnswer = false;
    });
    oidc.on("grant.error", (context, { error }) => this.grants.push({ ...asked(context), error }));
  }
}

function asked({ headers, oidc }) {
  const { grant_type: type, client_secret: secret } = oidc.body;
  if (headers.authorization?.startsWith("Basic ")) return { type, by: "basic" };
  return { type, by: secret === undefined ? "none" : "body" };
}

/**
 * Starts a platform, which `t`, the test, ends. `client` is what its user client has beyond the usual, `rules` what is
 * unusual of the provider.
 */
export async function start(t, { client, otherClients = [], ...rules } = {}) {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = `http://127.0.0.1:${server.address().port}`;
  const oidc = provider(address, [{ ...USER_CLIENT, ...client }, ...otherClients], rules);
  const platform = new Platform(address);
  platform.watch(oidc);
  const others = oidc.callback();
  server.on("request", (request, response) => {
    if (request.url.startsWith("/fhir/")) return platform.answer(oidc, request, response);
    if (request.url.startsWith("/interaction/")) return interact(oidc, request, response);
    return others(request, response);
  });
  return platform;
}
