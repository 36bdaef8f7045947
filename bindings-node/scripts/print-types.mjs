/**
 * Prints `ts/generated` from the core's description of itself, or with `--check` says which files are not what would be printed.
 * The description is asked of cargo, or read from standard input with `--stdin`.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { codecs } from "./codecs-of.mjs";
import { declarationOf, documentation, nameOf, typeOf } from "./typescript-of.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const HEADING = "// Printed by `npm run types` from the core's description of itself; not edited by hand.\n\n";

/** Where the types are declared that the core does not know. */
const HAND_WRITTEN = {
  Abortable: "../call",
  AllFilesReading: "../all-files",
  Callback: "../kept",
  DigiMeSDKError: "../errors",
  FileData: "../streams",
};

/** What the calls give that are not simply awaited. */
const RESULTS = { readAllFiles: "AllFilesReading" };

const { values: flags } = parseArgs({ options: { check: { type: "boolean" }, stdin: { type: "boolean" } } });
const description = JSON.parse(flags.stdin ? readFileSync(0, "utf8") : describe());
const files = {
  types: types(description),
  operations: operations(description),
  codecs: codecs(description),
  errors: errors(description),
};
for (const [name, source] of Object.entries(files)) put(`ts/generated/${name}.ts`, HEADING + source);

function describe() {
  return run("cargo", ["run", "--quiet", "-p", "digime-sdk", "--example", "describe"]);
}

function put(path, source) {
  const printed = run(
    process.execPath,
    ["node_modules/@biomejs/biome/bin/biome", "check", "--write", `--stdin-file-path=${path}`],
    source,
  );
  if (!flags.check) {
    writeFileSync(`${ROOT}/${path}`, printed);
  } else if (readFileSync(`${ROOT}/${path}`, "utf8") !== printed) {
    console.error(`${path} is not what the core describes: run \`npm run types\`.`);
    process.exitCode = 1;
  }
}

function run(command, parameters, input) {
  const stdio = [input === undefined ? "ignore" : "pipe", "pipe", "inherit"];
  return execFileSync(command, parameters, { cwd: ROOT, encoding: "utf8", input, stdio });
}

function types({ types, operations, everyCall }) {
  const options = optionsTypes(operations, types);
  const declarations = Object.entries(types).map(([name, schema]) =>
    declarationOf(name, schema, options.has(name) ? "Abortable" : undefined),
  );
  const about = "What every call takes beside its own options.";
  const common = declarationOf("EveryCall", { type: "object", description: about, properties: everyCall });
  const source = [common, ...declarations, ...aliases(operations, types)].join("\n");
  return `${importsOf(source)}\n${source}`;
}

function importsOf(source) {
  const used = Object.entries(HAND_WRITTEN).filter(([name]) => new RegExp(`\\b${name}\\b`).test(source));
  return used.map(([name, path]) => `import type { ${name} } from "${path}";\n`).join("");
}

/** `<Call>Options` and `<Call>Response` of the calls that share these types, or have none of their own. */
function aliases(operations, types) {
  return operations.flatMap(({ name, options, response }) => {
    const call = name.charAt(0).toUpperCase() + name.slice(1);
    const wanted = [
      [`${call}Options`, typeOf(options), `The options of \`${name}\`.`],
      [`${call}Response`, resultOf(response), `What \`${name}\` resolves to.`],
    ];
    const missing = wanted.filter(([alias]) => !(alias in types));
    return missing.map(([alias, type, about]) => `${documentation(about)}export type ${alias} = ${type};\n`);
  });
}

function resultOf(response) {
  return response.type === "null" ? "void" : typeOf(response);
}

/** The types of the options objects themselves: of a union, its alternatives. */
function optionsTypes(operations, types) {
  const found = new Set();
  const visit = ({ $ref, anyOf, oneOf }) => {
    const alternatives = anyOf ?? oneOf;
    if (alternatives) return alternatives.forEach(visit);
    if (!$ref) return;
    const name = nameOf($ref);
    if (types[name].properties) found.add(name);
    else visit(types[name]);
  };
  for (const { options } of operations) visit(options);
  return found;
}

function operations({ operations, types }) {
  const methods = operations.map(({ name, about, options, response }) => {
    const result = RESULTS[name] ?? `Promise<${resultOf(response)}>`;
    return `${documentation(about)}${name}: (options: ${typeOf(options)}) => ${result};`;
  });
  const source = methods.join("\n");
  const imports = Object.keys(types).filter((name) => new RegExp(`: ${name}\\b|<${name}>`).test(source));
  return [
    importsOf(source),
    `import type { ${imports.sort().join(", ")} } from "./types";\n\n`,
    documentation("The calls. Each stands for itself, so the object can be taken apart."),
    `export interface DigiMeSDK {\n${source}\n}\n\n`,
    documentation("The names of all calls."),
    `export const METHODS = ${JSON.stringify(operations.map(({ name }) => name))} as const satisfies ReadonlyArray<keyof DigiMeSDK>;\n\n`,
    documentation("The names of the options that may be streams."),
    `export const STREAMS: readonly string[] = ${JSON.stringify(streams(types))};\n`,
  ].join("");
}

function streams(types) {
  const members = Object.values(types).flatMap(({ properties = {} }) => Object.entries(properties));
  const names = members.filter(([, schema]) => schema["x-host"] === "fileData").map(([name]) => name);
  return [...new Set(names)].sort();
}

function errors({ errors }) {
  const table = errors.map(({ about, ...row }) => row);
  return [
    documentation("The table of error classes, parents before children."),
    `export const ERROR_CLASSES = ${JSON.stringify(table)} as const;\n\n`,
    documentation("The name of a class in the table."),
    `export type ErrorClassName = (typeof ERROR_CLASSES)[number]["class"];\n`,
  ].join("");
}
