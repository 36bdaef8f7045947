/** oidc-provider as PKB's documents describe PKB: its paths, its scope, and refresh tokens that serve once. */

import { generateKeyPairSync, randomUUID } from "node:crypto";
import Provider from "oidc-provider";
import { memory } from "./memory.mjs";

export const SCOPE = "PATIENT";
export const ACCESS_TOKEN_SECONDS = 600;
export const CODE_SECONDS = 60;
/** For how long after its end a token still serves. */
export const TOLERANCE_SECONDS = 15;

const DAY = 24 * 60 * 60;
const SESSION_SECONDS = 90 * DAY;

// It signs nothing here: the provider does not start without a key.
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });

/** A provider with these clients, at this address. */
export function provider(issuer, clients, { accessTokenSeconds = ACCESS_TOKEN_SECONDS, demandsPkce = false }) {
  return new Provider(issuer, {
    adapter: memory(),
    clients,
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    clockTolerance: TOLERANCE_SECONDS,
    cookies: { keys: [randomUUID()] },
    expiresWithSession: () => false,
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => true,
    jwks: { keys: [privateKey.export({ format: "jwk" })] },
    pkce: { required: () => demandsPkce },
    responseTypes: ["code"],
    rotateRefreshToken: true,
    routes: { authorization: "/apiAuthorize.action", token: "/apiToken.action" },
    scopes: [SCOPE],
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: CODE_SECONDS,
      ClientCredentials: accessTokenSeconds,
      Grant: SESSION_SECONDS,
      Interaction: 60 * 60,
      RefreshToken: SESSION_SECONDS,
      Session: DAY,
    },
  });
}
