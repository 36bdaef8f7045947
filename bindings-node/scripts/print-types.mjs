/**
 * Prints `ts/generated` from the core's description of itself, or with `--check` says which files are not what would be printed.
 * The description is asked of cargo, or read from standard input with `--stdin`.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { declarationOf, documentation, nameOf, typeOf } from "./typescript-of.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const HEADING = "// Printed by `npm run types` from the core's description of itself; not edited by hand.\n\n";

const { values: flags } = parseArgs({ options: { check: { type: "boolean" }, stdin: { type: "boolean" } } });
const description = JSON.parse(flags.stdin ? readFileSync(0, "utf8") : describe());
const files = { types: types(description), operations: operations(description), errors: errors(description) };
for (const [name, source] of Object.entries(files)) put(`ts/generated/${name}.ts`, HEADING + source);

function describe() {
  return run("cargo", ["run", "--quiet", "-p", "digime-sdk", "--example", "describe"]);
}

function put(path, source) {
  const printed = run(
    process.execPath,
    ["node_modules/@biomejs/biome/bin/biome", "format", `--stdin-file-path=${path}`],
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

function types({ types, operations }) {
  const options = optionsTypes(operations, types);
  const declarations = Object.entries(types).map(([name, schema]) =>
    declarationOf(name, schema, options.has(name) ? "Abortable" : undefined),
  );
  return `${importType("Abortable", "../call", declarations)}${importType("FileData", "../streams", declarations)}\n${declarations.join("\n")}`;
}

function importType(name, path, declarations) {
  return declarations.some((text) => text.includes(name)) ? `import type { ${name} } from "${path}";\n` : "";
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

function operations({ operations, planned, types }) {
  const methods = operations.map(({ name, about, options, response }) => {
    const result = response.type === "null" ? "void" : typeOf(response);
    return `${documentation(about)}${name}: (options: ${typeOf(options)}) => Promise<${result}>;`;
  });
  const loose = planned.map((name) => `${documentation("Planned.")}${name}: (options: any) => any;`);
  const names = [...operations.map(({ name }) => name), ...planned];
  const used = operations.flatMap(({ options, response }) => [options, response]).filter(({ $ref }) => $ref);
  const imports = [...new Set(used.map(({ $ref }) => nameOf($ref)))].sort();
  return [
    `import type { ${imports.join(", ")} } from "./types";\n\n`,
    documentation("The calls. Each stands for itself, so the object can be taken apart."),
    `export interface DigiMeSDK {\n${[...methods, ...loose].join("\n")}\n}\n\n`,
    documentation("The names of all calls."),
    `export const METHODS = ${JSON.stringify(names)} as const satisfies ReadonlyArray<keyof DigiMeSDK>;\n\n`,
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
