/** That no source file imports itself by way of others, types included: each can be read, and changed, with what it stands on alone. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The files of a folder with these ends, and what `importsOf` says each of them imports. */
function graph(folder, ends, importsOf) {
  const files = readdirSync(join(root, folder), { recursive: true }).filter((file) => ends.test(file));
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(join(root, folder, file), "utf8"))]));
}

function modulesOf(file, source) {
  const paths = [...source.matchAll(/\bfrom "(\.[^"]+)"/g)].map(([, path]) => normalize(join(dirname(file), path)));
  return paths.map((path) => (/\.m?[jt]s$/.test(path) ? path : `${path}.ts`));
}

/** Modules of a crate that is one folder; that its root declares them is no import. */
function cratesOf(_, source) {
  return [...source.matchAll(/^use (?:crate::)?(\w+)(::|;)/gm)].map(([, module]) => `${module}.rs`);
}

/** The circles that begin at a file, as paths. */
function circles(imports, file, path = []) {
  if (path.includes(file)) return path[0] === file ? [[...path, file].map((name) => basename(name))] : [];
  return (imports.get(file) ?? []).flatMap((next) => circles(imports, next, [...path, file]));
}

for (const [language, imports] of Object.entries({
  TypeScript: graph("ts", /\.ts$/, modulesOf),
  "the printing scripts": graph("scripts", /\.mjs$/, modulesOf),
  Rust: graph("src", /\.rs$/, cratesOf),
})) {
  test(`no file of ${language} imports itself by way of others`, () => {
    assert.ok(imports.size > 2 && [...imports.values()].flat().some((file) => imports.has(file)));
    assert.deepEqual(
      [...imports.keys()].flatMap((file) => circles(imports, file)),
      [],
    );
  });
}
