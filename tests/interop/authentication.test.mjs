/** How a client that has a secret proves who it is, to a server that takes RFC 6749 by its letter. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { approve } from "./browser.mjs";
import { clock } from "./clock.mjs";
import { appUserId, link, publicId, readRecord } from "./patient.mjs";
import { start } from "./platform.mjs";
import { ACCESS_TOKEN_SECONDS, TOLERANCE_SECONDS } from "./provider.mjs";
import { sdk } from "./sdk.mjs";

// Unless it is encoded, each of these marks means something else in a form, in Basic authentication or in an address.
const SECRET = "100% secret: a+b=c & d/e?f~";

for (const [clientAuthentication, method] of [
  ["body", "client_secret_post"],
  ["basic", "client_secret_basic"],
]) {
  test(`a client authenticates by ${clientAuthentication}, for codes and for refresh tokens`, async (t) => {
    const { advance } = clock(t);
    const client = { client_secret: SECRET, token_endpoint_auth_method: method };
    const platform = await start(t, { client });
    const pkb = sdk.initPkb({ ...platform.config, clientSecret: SECRET, clientAuthentication });
    await link(pkb);
    advance(ACCESS_TOKEN_SECONDS + TOLERANCE_SECONDS);
    assert.equal((await readRecord(pkb)).id, publicId);
    assert.deepEqual(platform.grants, [
      { type: "authorization_code", by: clientAuthentication },
      { type: "refresh_token", by: clientAuthentication },
    ]);
  });

  test(`a wrong secret by ${clientAuthentication} is a PkbError with invalid_client`, async (t) => {
    const client = { client_secret: SECRET, token_endpoint_auth_method: method };
    const platform = await start(t, { client });
    const pkb = sdk.initPkb({ ...platform.config, clientSecret: "another", clientAuthentication });
    const { url } = await pkb.getLinkUrl({ appUserId });
    const callbackUrl = await approve(url, publicId);
    await assert.rejects(pkb.completeLink({ appUserId, callbackUrl }), (error) => {
      assert.ok(error instanceof sdk.PkbError);
      assert.equal(error.pkbCode, "invalid_client");
      assert.equal(error.statusCode, 401);
      return true;
    });
  });
}

test("a client with a secret authenticates by body unless it says otherwise", async (t) => {
  const platform = await start(t, {
    client: { client_secret: SECRET, token_endpoint_auth_method: "client_secret_post" },
  });
  await link(sdk.initPkb({ ...platform.config, clientSecret: SECRET }));
  assert.deepEqual(platform.grants, [{ type: "authorization_code", by: "body" }]);
});

test("a system client gets one token for ten calls at once, by Basic", async (t) => {
  const system = {
    client_id: "example:system",
    client_secret: SECRET,
    grant_types: ["client_credentials"],
    redirect_uris: [],
    response_types: [],
  };
  const platform = await start(t, { otherClients: [system] });
  const systemClient = { clientId: system.client_id, clientSecret: SECRET };
  const pkb = sdk.initPkb({ ...platform.config, systemClient });
  const tokens = await Promise.all(Array.from({ length: 10 }, () => pkb.getSystemToken()));
  assert.equal(new Set(tokens.map(({ accessToken }) => accessToken)).size, 1);
  assert.deepEqual(platform.grants, [{ type: "client_credentials", by: "basic" }]);
});
