/** What the package for npm promises of the sandbox that it starts. */

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../dist/index.js";

const root = fileURLToPath(new URL("..", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "digime-sandbox-"));
after(() => rmSync(folder, { recursive: true }));

/** Keys that every sandbox would make for itself, which takes a build for tests seconds. */
const config = join(folder, "config.json");
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const contract = (contractId) => ({ contractId, privateKey });
const contracts = { push: contract("push"), read: contract("read") };
writeFileSync(config, JSON.stringify({ contracts, platformKey: privateKey }));
const QUICKLY = ["--config", config];

/** Runs a script that has `startSandbox`, in a process of its own. */
function script(source, environment = {}) {
  const code = `const { startSandbox } = require(${JSON.stringify(root)}); ${source}`;
  return spawn(process.execPath, ["--eval", code], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function lineOf({ stdout }) {
  const [line] = await once(createInterface(stdout), "line");
  return line;
}

/** Waits until a port takes no connections any more: for as long as the run of the tests has. */
async function closed(port) {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (!isOpen) return;
    // Whoever has a connection is told of the end.
    await new Promise((resolve) =>
      socket
        .once("close", resolve)
        .once("error", () => {})
        .resume(),
    );
  }
}

test("a person approves at either platform, and comes back with a code", async (t) => {
  const sandbox = await startSandbox({ flags: QUICKLY });
  t.after(() => sandbox.stop());
  const { announcement, environment } = sandbox;
  const { pkb, contracts } = announcement;
  assert.equal(environment.DIGIME_BASE_URL, announcement.baseUrl);
  const { tokenUrl, aggregatedUrl, customerUrl, ...client } = pkb.customer;
  assert.equal(environment.PKB_CUSTOMER_TOKEN_URL, tokenUrl);
  assert.equal(environment.PKB_AGGREGATED_URL, aggregatedUrl);
  assert.equal(environment.PKB_CUSTOMER_URL, customerUrl);
  const { PKB_CUSTOMER_CLIENT_ID: clientId, PKB_CUSTOMER_CLIENT_SECRET: clientSecret } = environment;
  assert.deepEqual(client, { clientId, clientSecret });
  assert.equal(environment.DIGIME_CONTRACT_ID, contracts.push.contractId);
  assert.equal(environment.DIGIME_PRIVATE_KEY.replaceAll("\\n", "\n"), contracts.push.privateKey);

  const address = new URL("/apiAuthorize.action", pkb.baseUrl);
  const asked = { client_id: pkb.clientId, response_type: "code", redirect_uri: pkb.redirectUris[0], state: "a&b<c>" };
  address.search = new URLSearchParams({ ...asked, scope: "PATIENT" });
  const { searchParams } = new URL(await sandbox.approve(address.href, { person: "Morag Specimen" }));
  assert.deepEqual([searchParams.get("state"), searchParams.has("code")], [asked.state, true]);
  const declined = new URL(await sandbox.decline(address.href));
  assert.equal(declined.searchParams.get("error"), "access_denied");
  await assert.rejects(sandbox.approve(address.href, { person: "Nobody" }), /there are Bobby Barton, Morag Specimen/);
  await assert.rejects(sandbox.decline(address.href, { source: "Any" }), /choice\.source: the page has no sources/);
});

test("a page on which there is nothing to decide is an error with what it says", async (t) => {
  const sandbox = await startSandbox({ flags: QUICKLY });
  t.after(() => sandbox.stop());
  const { origin, onboardUrl } = sandbox.announcement;
  await assert.rejects(sandbox.approve(origin), /nothing to decide on the sandbox's page, which answered 200/);
  const unknown = new URL("authorize?code=unknown", onboardUrl).href;
  await assert.rejects(sandbox.approve(unknown), /answered 4\d\d: .*cannot be used/);
});

test("an option that is not known is refused, and told which there are", async (t) => {
  const wrong = (message) => ({ name: "TypeError", message });
  const known = "options.prot: there is no such option; there are port and flags";
  await assert.rejects(startSandbox({ prot: 8300 }), wrong(known));
  await assert.rejects(startSandbox(8300), wrong("options: expected an object, got number"));
  const sandbox = await startSandbox({ flags: QUICKLY });
  t.after(() => sandbox.stop());
  const { onboardUrl } = sandbox.announcement;
  const others = "choice.persona: there is no such option; there are source and person";
  await assert.rejects(sandbox.approve(onboardUrl, { persona: "Morag Specimen" }), wrong(others));
});

test("an address that is none, and one where nothing answers, are told of as such", async () => {
  const sandbox = await startSandbox({ flags: QUICKLY });
  const { origin, onboardUrl } = sandbox.announcement;
  await assert.rejects(sandbox.approve("x"), { name: "TypeError", message: /^url: expected an address/ });
  await sandbox.stop();
  const message = new RegExp(`^Nothing answers at ${origin}: .*ECONNREFUSED.*Is the sandbox still running`);
  await assert.rejects(sandbox.approve(onboardUrl), { message });
});

test("it serves on the port and by the flags that it is given, until it is stopped", async () => {
  const first = await startSandbox({ flags: [...QUICKLY, "--redirect-uri", "https://app.example/return"] });
  const { contracts, origin } = first.announcement;
  assert.ok(contracts.push.redirectUris.includes("https://app.example/return"));
  const port = Number(new URL(origin).port);
  await first.stop();
  const second = await startSandbox({ port, flags: QUICKLY });
  assert.equal(second.announcement.origin, origin);
  await second.stop();
  await closed(port);
});

test("what it says when it cannot start is in the error", async (t) => {
  await assert.rejects(startSandbox({ flags: ["--no-such-flag"] }), /cannot be started: error: unexpected argument/);
  await assert.rejects(startSandbox({ flags: ["--help"] }), /started: in place of its addresses it says "digi\.me and/);
  const sandbox = await startSandbox({ flags: QUICKLY });
  t.after(() => sandbox.stop());
  const port = Number(new URL(sandbox.announcement.origin).port);
  await assert.rejects(
    startSandbox({ port, flags: QUICKLY }),
    new RegExp(`cannot be started: .*port ${port}: .*in use`),
  );
});

test("flags that are no text are named", async () => {
  await assert.rejects(startSandbox({ flags: ["--access-token-seconds", 1] }), {
    name: "TypeError",
    message: "flags[1]: expected a string, got number",
  });
  await assert.rejects(startSandbox({ flags: "--help" }), { name: "TypeError", message: /^flags: expected an array/ });
});

test("a program that is none is told of by the variable that names it", async () => {
  const report = "startSandbox().catch(({ message }) => console.log(message))";
  const said = await lineOf(script(report, { DIGIME_SANDBOX_BIN: join(folder, "none") }));
  assert.match(said, /cannot be started: .*none.*, which DIGIME_SANDBOX_BIN names/);
});

test("it ends with the process that has started it, killed or done, and does not keep it alive", async () => {
  const print = "console.log(new URL(sandbox.announcement.origin).port)";
  const killed = script(
    `startSandbox({ flags: ${JSON.stringify(QUICKLY)} }).then((sandbox) => { ${print}; setInterval(() => {}, 1e6); })`,
  );
  const first = Number(await lineOf(killed));
  killed.kill("SIGKILL");
  await closed(first);
  const done = script(`startSandbox({ flags: ${JSON.stringify(QUICKLY)} }).then((sandbox) => ${print})`);
  const ended = once(done, "exit");
  const second = Number(await lineOf(done));
  assert.deepEqual(await ended, [0, null]);
  await closed(second);
});

test("the command runs the program with its flags, and ends it with itself", async () => {
  const command = `${root}dist/command.js`;
  assert.match(execFileSync(process.execPath, [command, "--help"], { encoding: "utf8" }), /--port <N>/);
  const refused = spawnSync(process.execPath, [command, "--no-such-flag"], { encoding: "utf8" });
  assert.equal(refused.status, 2);
  const running = spawn(process.execPath, [command, ...QUICKLY], { stdio: ["ignore", "pipe", "inherit"] });
  const { origin } = JSON.parse(await lineOf(running));
  running.kill("SIGKILL");
  await closed(Number(new URL(origin).port));
});

test("the command ends with the npx that has started it, however that ends", async () => {
  const commands = join(folder, "node_modules", ".bin");
  mkdirSync(commands, { recursive: true });
  symlinkSync(`${root}dist/command.js`, join(commands, "digime-sandbox"));
  chmodSync(`${root}dist/command.js`, 0o755); // as npm does
  const ends = ["SIGTERM", "SIGKILL"].map(async (signal) => {
    const stdio = ["ignore", "pipe", "inherit"];
    const npx = spawn("npx", ["--offline", "digime-sandbox", ...QUICKLY], { cwd: folder, stdio });
    const { origin } = JSON.parse(await lineOf(npx));
    npx.kill(signal);
    await closed(Number(new URL(origin).port));
  });
  await Promise.all(ends);
});

test("where there is no program for the platform, the error says which it is, which there are, and what to do", async () => {
  const report = "startSandbox().catch(({ code, message }) => console.log(JSON.stringify({ code, message })))";
  const on = async (platform) => {
    const alter = `Object.defineProperty(process, "platform", { value: ${JSON.stringify(platform)} })`;
    return JSON.parse(await lineOf(script(`${alter}; ${report}`, { DIGIME_SANDBOX_BIN: "" })));
  };
  const elsewhere = await on("freebsd");
  assert.equal(elsewhere.code, "ERR_NO_BINARY");
  assert.match(elsewhere.message, /^digime-sandbox has no binary to load on freebsd \w+ \(Node\.js /);
  assert.match(
    elsewhere.message,
    /There are binaries for linux-x64-gnu \(glibc 2\.17 or later\), .*win32-arm64-msvc\./,
  );
  assert.match(elsewhere.message, /DIGIME_SANDBOX_BIN may name/);
  const left = await on("darwin");
  assert.match(
    left.message,
    /The package digime-sandbox-darwin-\w+, .* is not installed\..*npm install --os=darwin --cpu=/,
  );
  const load = `Object.defineProperty(process, "platform", { value: "freebsd" }); require(${JSON.stringify(`${root}dist/command.js`)})`;
  const env = { ...process.env, DIGIME_SANDBOX_BIN: "" };
  const command = spawnSync(process.execPath, ["--eval", load], { encoding: "utf8", env });
  assert.deepEqual([command.status, command.stderr], [1, `${elsewhere.message}\n`]);
});
