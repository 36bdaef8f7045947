/** That the error classes are those of the core's table, and that an error tells enough and not too much. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import { test } from "node:test";
import { inspect } from "node:util";
import * as sdk from "../dist/index.js";
import { aPushOf, claimsOf, contractDetails, platform, refreshing, userAccessToken } from "./platform.mjs";
import { ERROR_CLASSES } from "./printed.mjs";
import { CERTIFICATE, KEY } from "./self-signed.mjs";

/** Fields that some class demands. */
const FIELDS = {
  error: { code: "", message: "", reference: "" },
  response: { body: "" },
  path: "",
  limit: "",
  phase: "",
  cause: "",
  sent: "nothing",
  operation: "read",
};

test("every class of the table is exported, with its name, parent and code", () => {
  for (const { class: name, parent, ...row } of ERROR_CLASSES) {
    const error = new sdk[name]("a message", FIELDS);
    assert.deepEqual({ name: error.name, code: error.code }, row);
    assert.equal(Object.getPrototypeOf(sdk[name]), parent === null ? Error : sdk[parent], name);
    assert.equal(error.stack.split("\n")[0], `${row.name}: a message`);
  }
});

test("no error class is exported that the table does not have", () => {
  const exported = Object.keys(sdk).filter((name) => sdk[name].prototype instanceof Error);
  assert.deepEqual(exported.sort(), ERROR_CLASSES.map((row) => row.class).sort());
});

test("what the platform says of an error is in `error`", async (t) => {
  const config = await platform(t, (_, response) => {
    response.statusCode = 403;
    response.end(JSON.stringify({ error: { code: "Forbidden", message: "not yours", reference: "ref-1" } }));
  });
  const failure = await sdk
    .init(config)
    .readAccounts({ contractDetails, userAccessToken })
    .catch((error) => error);
  assert.ok(failure instanceof sdk.ServerError);
  assert.equal(failure.name, "DigiMeServerError");
  assert.equal(failure.message, "not yours");
  assert.equal(failure.error.code, "Forbidden");
  assert.equal(failure.error.reference, "ref-1");
});

test("an answer in JSON that leaves out why it refuses is a ServerError all the same, as in the JavaScript SDK", async (t) => {
  const unsaid = { code: "DigiMeServerError", message: "Server error", reference: "Unknown reference" };
  for (const [body, said] of [
    [{}, {}],
    [{ anything: [1] }, {}],
    [{ message: "not yours" }, { message: "not yours" }],
    [{ error: "" }, {}],
    [{ error: { code: "", message: "", reference: "" } }, {}],
    [{ error: { code: "SDKInvalid", message: "" } }, { code: "SDKInvalid", message: "Invalid SDK version" }],
  ]) {
    const config = await platform(t, (_, response) => {
      response.statusCode = 403;
      response.end(JSON.stringify(body));
    });
    const failure = await sdk
      .init(config)
      .readAccounts({ contractDetails, userAccessToken })
      .catch((error) => error);
    const { message, error } = failure;
    assert.deepEqual(error, { ...unsaid, ...said, statusCode: 403, statusMessage: "Forbidden" }, JSON.stringify(body));
    assert.equal(message, error.message);
    assert.equal(failure instanceof sdk.SDKInvalidError, error.code === "SDKInvalid");
  }
});

test("an answer whose JSON is no word of the platform is an HTTPError", async (t) => {
  for (const body of ["[]", "null", "5", '{"error":null}', '{"error":5}', '{"message":5}', "{} and more", ""]) {
    const config = await platform(t, (_, response) => {
      response.statusCode = 403;
      response.end(body);
    });
    const failed = sdk.init(config).readAccounts({ contractDetails, userAccessToken });
    await assert.rejects(failed, sdk.HTTPError, body);
  }
});

test("a 401 in JSON that gives no reason leads to a refresh", async (t) => {
  const answered = [];
  const config = await platform(t, (request, response) => {
    if (request.url !== "/permission-access/accounts") return refreshing(request, response);
    request.resume();
    const isExpired = claimsOf(request).access_token !== "second-access-token";
    response.statusCode = isExpired ? 401 : 200;
    answered.push(response.statusCode);
    response.end(isExpired ? "{}" : "[]");
  });
  const { accounts } = await sdk.init(config).readAccounts({ contractDetails, userAccessToken });
  assert.deepEqual([accounts, answered], [[], [401, 200]]);
});

test("when the platform says to come back is in `retryAfter`, in milliseconds", async (t) => {
  for (const said of ["", JSON.stringify({ error: { code: "TooBusy", message: "later", reference: "ref-1" } })]) {
    const config = await platform(t, (_, response) => {
      response.writeHead(429, { "retry-after": "86400" });
      response.end(said);
    });
    const failure = await sdk
      .init(config)
      .readAccounts({ contractDetails, userAccessToken })
      .catch((error) => error);
    assert.equal(failure.retryAfter, 86_400_000, said);
  }
});

test("an unexplained failure carries the response, whose body no dump shows", async (t) => {
  const config = await platform(t, (_, response) => {
    response.statusCode = 404;
    response.end("somebody's file");
  });
  const failure = await sdk
    .init(config)
    .readAccounts({ contractDetails, userAccessToken })
    .catch((error) => error);
  assert.ok(failure instanceof sdk.HTTPError);
  assert.equal(failure.code, "ERR_NON_2XX_3XX_RESPONSE");
  assert.equal(failure.response.statusCode, 404);
  assert.equal(failure.response.body, "somebody's file");
  assert.doesNotMatch(inspect(failure) + JSON.stringify(failure), /somebody/);
});

test("a server that cannot be reached is a TransportError with the system's code as its cause", async () => {
  const { readAccounts } = sdk.init({ applicationId: "a", baseUrl: "http://127.0.0.1:1/", retryOptions: { limit: 0 } });
  const failure = await readAccounts({ contractDetails, userAccessToken }).catch((error) => error);
  assert.ok(failure instanceof sdk.TransportError);
  assert.ok(failure.cause instanceof Error);
  assert.deepEqual([failure.cause.code, failure.code, failure.sent], ["ECONNREFUSED", "ECONNREFUSED", "nothing"]);
  assert.match(failure.cause.message, /ECONNREFUSED/);
});

test("a certificate that nobody vouches for has Node's code, and is asked for once", async (t) => {
  // Its certificate is its own, and the key is nobody's secret.
  const server = createServer({ key: KEY, cert: CERTIFICATE }, () => assert.fail("something was sent"));
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { readAccounts } = sdk.init({ applicationId: "a", baseUrl: `https://localhost:${server.address().port}/` });
  const failure = await readAccounts({ contractDetails, userAccessToken }).catch((error) => error);
  assert.ok(failure instanceof sdk.TransportError);
  assert.deepEqual([failure.code, failure.cause.code], Array(2).fill("UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
  assert.equal(connections, 1);
});

test("errors are made as those of the JavaScript SDK are, as doubles of tests make them", () => {
  const said = { code: "InvalidToken", message: "m", reference: "r" };
  for (const made of [new sdk.ServerError("m", said), new sdk.SDKInvalidError("m", said)]) {
    assert.equal(made.error, said);
    assert.ok(made instanceof sdk.ServerError);
  }
  assert.equal(new sdk.ServerError("m").error, undefined);
  assert.deepEqual([new sdk.TypeValidationError("m").message, new sdk.TypeValidationError("m").path], ["m", ""]);
  assert.equal(new sdk.FileDecryptionError("m").message, "m");
  const cause = new Error("why");
  for (const made of [
    new sdk.DigiMeSDKError("m", { cause }),
    new sdk.ServerError("m", said, { cause }),
    new sdk.TypeValidationError("m", { cause }),
    new sdk.FileDecryptionError("m", { cause }),
  ]) {
    assert.equal(made.cause, cause);
    assert.ok(!Object.keys(made).includes("cause"));
  }
  assert.ok(!("cause" in new sdk.DigiMeSDKError("m")));
});

test("JSON and copies of an error have its name", () => {
  const error = new sdk.ServerError("m", { code: "c", message: "m", reference: "r" });
  assert.deepEqual(JSON.parse(JSON.stringify(error)), {
    name: "DigiMeServerError",
    code: "ERR_SERVER",
    error: { code: "c", message: "m", reference: "r" },
  });
  assert.equal({ ...new sdk.TypeValidationError("m") }.name, "TypeValidationError");
  class Own extends sdk.DigiMeSDKError {}
  assert.equal(new Own("m").name, "DigiMeSDKError");
  assert.equal(inspect(error).match(/DigiMeServerError/g).length, 1);
});

test("of a connection that is reset, the error says that the request may have been sent", async (t) => {
  const config = await platform(t, (request) => request.resume().on("end", () => request.socket.resetAndDestroy()));
  const failure = await sdk
    .init({ ...config, retryOptions: { limit: 0 } })
    .pushData(aPushOf(Buffer.from("a file")))
    .catch((error) => error);
  assert.ok(failure instanceof sdk.TransportError);
  assert.equal(failure.cause.code, "ECONNRESET");
  assert.match(failure.sent, /^(maybe|whole)$/);
});

test("a server that takes the request and never answers is a TimeoutError, which says that it may have been sent", async (t) => {
  const { pushData } = sdk.init({ ...(await platform(t, () => {})), retryOptions: { limit: 0 } });
  const failure = await pushData(aPushOf(Buffer.from("a file"), { timeouts: { idle: 50 } })).catch((error) => error);
  assert.ok(failure instanceof sdk.TimeoutError);
  assert.match(failure.sent, /^(maybe|whole)$/);
});

test("a call that fails after a refresh hands out the new token, which no dump shows", async (t) => {
  const { pushData } = sdk.init(await platform(t, refreshing));
  const failure = await pushData(aPushOf(Buffer.from("a file"))).catch((error) => error);
  assert.ok(failure instanceof sdk.HTTPError);
  assert.equal(failure.userAccessToken.accessToken.value, "second-access-token");
  assert.doesNotMatch(inspect(failure) + JSON.stringify(failure), /second-/);
});

test("the stack of an error begins where the application made the call", async () => {
  async function theApplication() {
    const { refreshToken } = sdk.init({ applicationId: "an-application" });
    return await refreshToken({});
  }
  const { stack } = await theApplication().catch((error) => error);
  assert.match(stack, /^TypeValidationError: .*\n +at theApplication /);
});

test("what the platform says is escaped and cut in messages and dumps, and whole in the members of an error, but for what was sent", async (t) => {
  const said = `no\r\n\u001b[2J \u202e\u2028 first-access-token ${"x".repeat(50_000)}`;
  const refuse = (_, response) => {
    response.statusCode = 403;
    response.end(JSON.stringify({ error: { code: said, message: said, reference: said } }));
  };
  const failure = await sdk
    .init(await platform(t, refuse))
    .readAccounts({ contractDetails, userAccessToken })
    .catch((error) => error);
  const kept = said.replace("first-access-token", "[redacted]");
  assert.deepEqual([failure.error.code, failure.error.message, failure.error.reference], [kept, kept, kept]);
  assert.ok(failure.message.startsWith("no\\r\\n\\u{1b}[2J \\u{202e}\\u{2028} [redacted] xxx"), failure.message);
  for (const shown of [failure.message, failure.stack, inspect(failure), inspect({ within: failure })]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    assert.doesNotMatch(shown, /\u001b|\r|\u202e|\u2028/);
    assert.ok(shown.length < 11_000, `${shown.length}`);
  }
  assert.doesNotMatch(inspect(failure), /first-access-token/);
});

test("the headers of an unexplained failure are cut in a dump", async (t) => {
  const fail = (_, response) => {
    for (let header = 0; header < 20; header++) response.setHeader(`x-long-${header}`, "y".repeat(700));
    response.statusCode = 404;
    response.end();
  };
  const failure = await sdk
    .init(await platform(t, fail))
    .readAccounts({ contractDetails, userAccessToken })
    .catch((error) => error);
  assert.equal(failure.response.headers["x-long-19"].length, 700);
  const shown = inspect(failure, { depth: 5, maxStringLength: null });
  assert.doesNotMatch(shown, /y{501}/);
  assert.ok(shown.length < 11_000, `${shown.length}`);
});
