/**
 * Prints `ts/generated` from the core's description of itself and the list of platforms, or with `--check` says which files are not what would be printed.
 * The description is asked of cargo, or read from standard input with `--stdin`.
 */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { codecs } from "./codecs-of.mjs";
import { asDeclared } from "./javascript-sdk.mjs";
import { operations, platforms } from "./operations-of.mjs";
import { types } from "./types-of.mjs";
import { documentation } from "./typescript-of.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const HEADING = "// Printed by `npm run types` from the core's description of itself; not edited by hand.\n\n";
const HEADING_OF_TARGETS = "// Printed by `npm run types` from `release/targets.json`; not edited by hand.\n\n";

const { values: flags } = parseArgs({ options: { check: { type: "boolean" }, stdin: { type: "boolean" } } });
const description = JSON.parse(flags.stdin ? readFileSync(0, "utf8") : describe());
const declared = { ...description, types: asDeclared(description.types) };
const files = {
  ...types(declared),
  operations: operations(declared),
  platforms: platforms(description),
  codecs: codecs(description, declared),
  errors: errors(description),
};
for (const [name, source] of Object.entries(files)) put(`ts/generated/${name}.ts`, HEADING + source);
put("ts/generated/targets.ts", HEADING_OF_TARGETS + targets());

/** Where packages with binaries are built for. */
function targets() {
  const built = JSON.parse(readFileSync(`${ROOT}/../release/targets.json`, "utf8"));
  const named = built.map(({ name, os, cpu, libc, glibc }) => ({ name, os, cpu, libc, glibc }));
  return [
    documentation("The platforms that there are binaries for, by the names of their packages."),
    `export const TARGETS = ${JSON.stringify(named)} as const;\n`,
  ].join("");
}

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

function errors({ errors }) {
  const table = errors.map(({ about, ...row }) => row);
  return [
    documentation("The table of error classes, parents before children."),
    `export const ERROR_CLASSES = ${JSON.stringify(table)} as const;\n\n`,
    documentation("The name of a class in the table."),
    `export type ErrorClassName = (typeof ERROR_CLASSES)[number]["class"];\n`,
  ].join("");
}
