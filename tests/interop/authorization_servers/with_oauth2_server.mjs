/** @node-oauth/oauth2-server as it is by default, over a model in memory that forgets, or detects, refresh tokens that were spent. */

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import OAuth2Server from "@node-oauth/oauth2-server";

const [clientId, clientSecret, redirectUri, patient, mode] = process.argv.slice(2);
const client = { id: clientId, grants: ["authorization_code", "refresh_token"], redirectUris: [redirectUri] };
const user = { id: patient };
const codes = new Map();
const tokens = new Map();
const refreshTokens = new Map();

const model = {
  getClient: (id, secret) => id === clientId && (secret === null || secret === clientSecret) && client,
  saveAuthorizationCode(code, client, user) {
    const saved = { ...code, client, user };
    codes.set(code.authorizationCode, saved);
    return saved;
  },
  getAuthorizationCode: (code) => codes.get(code),
  revokeAuthorizationCode: ({ authorizationCode }) => codes.delete(authorizationCode),
  saveToken(token, client, user) {
    const saved = { ...token, client, user };
    tokens.set(token.accessToken, saved);
    refreshTokens.set(token.refreshToken, saved);
    return saved;
  },
  getAccessToken: (token) => tokens.get(token),
  getRefreshToken(token) {
    const found = refreshTokens.get(token);
    if (!found?.spent) return found;
    tokens.clear();
    refreshTokens.clear();
    return undefined;
  },
  revokeToken(token) {
    if (mode !== "detecting") return refreshTokens.delete(token.refreshToken);
    refreshTokens.get(token.refreshToken).spent = true;
    return true;
  },
};

const oauth = new OAuth2Server({ model });
const { Request, Response } = OAuth2Server;

const routes = {
  "/authorize": (request, response) =>
    oauth.authorize(request, response, { authenticateHandler: { handle: () => user } }),
  "/token": (request, response) => oauth.token(request, response),
  async "/whoami"(request, response) {
    const { user } = await oauth.authenticate(request, response);
    response.body = { patient: user.id };
  },
};

const server = createServer(async (incoming, outgoing) => {
  const { pathname, searchParams } = new URL(incoming.url, "http://127.0.0.1");
  const body = Object.fromEntries(new URLSearchParams(await text(incoming)));
  const { headers, method } = incoming;
  const request = new Request({ headers, method, query: Object.fromEntries(searchParams), body });
  const response = new Response();
  try {
    await routes[pathname](request, response);
  } catch (error) {
    response.status = response.status === 302 ? 302 : (error.code ?? 500);
    response.body = { error: error.name, error_description: error.message };
  }
  outgoing.writeHead(response.status, { ...response.headers, "content-type": "application/json" });
  outgoing.end(JSON.stringify(response.body));
});

server.listen(0, "127.0.0.1");
await once(server, "listening");
process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
