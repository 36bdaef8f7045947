/** What must hold with TypeScript: strict applications compile, and no declaration of the package is left unchecked. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import ts from "typescript";
import { folder } from "./sdk.mjs";

const require = createRequire(import.meta.url);
const root = mkdtempSync(join(tmpdir(), "digime-sdk-typescript-"));
/** An application that has Node's types and OpenTelemetry, and one that has the package alone. */
const [application, bare] = [join(root, "application"), join(root, "bare")];
const types = join(import.meta.dirname, "node_modules/@types");

/** The oldest compiler that is supported, and the newest. One between them compiles all that is in `bindings-node/test`. */
const COMPILERS = { "TypeScript 5.0": toldByTheOldest, "TypeScript 7.0": toldByTheNewest };

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  preserveSymlinks: true,
  target: "es2022",
};

/** How modules are found, and the files that are modules then. The newest compiler does not know the first any more. */
const RESOLUTIONS = [
  { moduleResolution: "node10", module: "commonjs", lib: ["es2022", "dom"], endings: ["ts"] },
  { moduleResolution: "node16", module: "node16", lib: ["es2022"], endings: ["mts", "cts"] },
  { moduleResolution: "nodenext", module: "nodenext", lib: ["es2022"], endings: ["mts", "cts"] },
  { moduleResolution: "bundler", module: "esnext", lib: ["es2022", "dom"], endings: ["ts"] },
];

/** An application without Node's types. It says so where a type that it is given is `any`, which would be nobody's mistake. */
const BARE = `
import { init, initPkb, type FileData, type UserAccessToken } from "digime-sdk";

type Known<Type> = 0 extends 1 & Type ? never : Type;
const sdk = init({ applicationId: "an-application" });
const contractDetails = { contractId: "a-contract", privateKey: "a key" };

export async function read(userAccessToken: UserAccessToken, sessionKey: string): Promise<number> {
  const options = { sessionKey, userAccessToken, ...contractDetails, fileName: "a-file" };
  const { body } = await sdk.readFileStream(options);
  const { fileData } = await sdk.readFile(options);
  let length: Known<typeof fileData.byteLength> = fileData.byteLength;
  for await (const chunk of body) length += (chunk satisfies Known<typeof chunk>).byteLength;
  return length;
}
export function push(userAccessToken: UserAccessToken, fileData: FileData): Promise<void> {
  const fileDescriptor = { mimeType: "application/pdf", accounts: [{ accountId: "1" }] };
  return sdk.pushData({ contractDetails, userAccessToken, data: { fileData, fileName: "a.pdf", fileDescriptor } });
}
export const pkb = initPkb({ clientId: "a-client", redirectUri: "app://linked", environment: "sandbox" });
`;

/** An application that has the types of FHIR's resources from `@types/fhir`: they fit where a resource is given, and name what is read. */
const FHIR = `
import { initPkb } from "digime-sdk";
import type { Bundle, Observation } from "fhir/r4";
import type { Patient } from "fhir/r3";

const pkb = initPkb({ clientId: "a-client", redirectUri: "app://linked", environment: "sandbox" });

export async function send(bundle: Bundle<Observation>, resource: Observation): Promise<number> {
  await pkb.fhirCreate({ resource });
  await pkb.fhirUpdate({ resource });
  return (await pkb.fhirTransaction({ bundle })).length;
}
export async function read(appUserId: string, id: string): Promise<[Patient, number[]]> {
  const patient = (await pkb.fhirRead({ appUserId, resourceType: "Patient", id })) as Patient;
  const values: number[] = [];
  const search = { surface: "aggregated" as const, appUserId, resourceType: "Observation" };
  for await (const { resource } of pkb.fhirSearchResources(search)) {
    const { valueQuantity } = resource as Observation;
    if (valueQuantity?.value !== undefined) values.push(valueQuantity.value);
  }
  return [patient, values];
}
`;

before(() => {
  for (const each of [application, bare]) {
    mkdirSync(join(each, "node_modules"), { recursive: true });
    symlinkSync(folder, join(each, "node_modules/digime-sdk"), "junction");
  }
  const telemetry = join(import.meta.dirname, "node_modules/@opentelemetry");
  symlinkSync(telemetry, join(application, "node_modules/@opentelemetry"), "junction");
  for (const name of ["consumer", "traced"]) {
    const source = join(import.meta.dirname, `../../bindings-node/test/${name}.ts`);
    for (const ending of ["ts", "mts", "cts"]) copyFileSync(source, join(application, `${name}.${ending}`));
  }
  writeFileSync(join(bare, "bare.mts"), BARE);
  symlinkSync(types, join(application, "node_modules/@types"), "junction");
  writeFileSync(join(application, "resources.ts"), FHIR);
});

after(() => rmSync(root, { recursive: true }));

/** What the oldest says of the application and of the package: all declarations of Node and browsers take it too long. */
function toldByTheOldest(options, paths) {
  const program = ts.createProgram(paths, ts.convertCompilerOptionsFromJson(options, "/").options);
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(root.replaceAll("\\", "/")));
  assert.ok(ours.some(({ fileName }) => fileName.endsWith("digime-sdk/dist/index.d.ts")));
  const found = [program.getOptionsDiagnostics(), program.getGlobalDiagnostics()];
  for (const file of ours) found.push(program.getSyntacticDiagnostics(file), program.getSemanticDiagnostics(file));
  const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => root, getNewLine: () => "\n" };
  return ts.formatDiagnostics(found.flat(), host);
}

/** What the newest, which is a program of its own, says of everything. */
function toldByTheNewest(options, paths) {
  const config = join(root, "tsconfig.json");
  writeFileSync(config, JSON.stringify({ compilerOptions: options, files: paths }));
  const compiler = join(require.resolve("typescript-7/package.json"), "../bin/tsc");
  const { stdout, stderr, status } = spawnSync(process.execPath, [compiler, "-p", config], { encoding: "utf8" });
  return status === 0 ? stdout : `${stdout}${stderr}status ${status}`;
}

for (const [compiler, told] of Object.entries(COMPILERS)) {
  for (const { moduleResolution, module, lib, endings } of RESOLUTIONS) {
    if (moduleResolution === "node10" && told === toldByTheNewest) continue;
    test(`${compiler} compiles a strict application with moduleResolution ${moduleResolution}`, () => {
      const paths = endings.flatMap((ending) =>
        ["consumer", "traced"].map((name) => `${application}/${name}.${ending}`),
      );
      const options = { module, moduleResolution, lib, types: ["node"], typeRoots: [types] };
      assert.equal(told({ ...STRICT, ...options }, paths), "");
    });
  }

  test(`${compiler} compiles a strict application that has not installed Node's types`, () => {
    const options = { module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"], types: [], typeRoots: [] };
    assert.equal(told({ ...STRICT, ...options }, [`${bare}/bare.mts`]), "");
  });
}

test("the types of FHIR's resources that others keep fit as they are", () => {
  const options = { module: "esnext", moduleResolution: "bundler", lib: ["es2022"], types: [], typeRoots: [] };
  assert.equal(toldByTheOldest({ ...STRICT, ...options }, [`${application}/resources.ts`]), "");
});

test("editors show what the core says of calls, options and settings", () => {
  const file = join(bare, "editor.mts").replaceAll("\\", "/");
  const source = `
import { init, initPkb } from "digime-sdk";
const sdk = init({ applicationId: "a", baseUrl: "b" });
const pkb = initPkb({ clientId: "c", redirectUri: "app://linked", environment: "sandbox", encryptionKey: "k" });
declare const userAccessToken: import("digime-sdk").UserAccessToken;
const contractDetails = { contractId: "c", privateKey: "k" };
sdk.pushData({ type: "provider", accountId: "1", version: "stu3", data: {}, contractDetails, userAccessToken });
pkb.getLinkUrl({ appUserId: "u" });
sdk.readAccounts({ });
`;
  const options = ts.convertCompilerOptionsFromJson(
    { ...STRICT, module: "nodenext", moduleResolution: "nodenext", lib: ["es2022"], types: [] },
    "/",
  ).options;
  const service = ts.createLanguageService({
    ...ts.createCompilerHost(options),
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === file ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (name) => name === file || ts.sys.fileExists(name),
  });
  const shown = (name) => {
    const info = service.getQuickInfoAtPosition(file, source.search(new RegExp(`\\b${name}\\b(?=[(:])`)));
    return ts.displayPartsToString(info?.documentation);
  };
  assert.match(shown("init"), /^Makes the SDK for one application of digi\.me/);
  assert.match(shown("pushData"), /^Pushes a file into the user's library/);
  assert.match(shown("baseUrl"), /^Where the API is\. Default: the environment variable `DIGIME_BASE_URL`/);
  assert.match(shown("encryptionKey"), /^The key that encrypts the tokens in the store: 32 random bytes/);
  assert.match(shown("accountId"), /^The `id` of the provider's account, from `readAccounts`\.$/);
  assert.match(shown("appUserId"), /^Your own id of the user/);
  const at = source.indexOf("{ }") + 1;
  const offered = service.getCompletionsAtPosition(file, at, {})?.entries.map(({ name }) => name);
  const calls = ["contractDetails", "onAccessTokenChange", "onResponse", "signal", "timeouts", "userAccessToken"];
  assert.deepEqual(offered?.filter((name) => calls.includes(name)).sort(), calls);
});
