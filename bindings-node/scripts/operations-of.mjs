/** The calls: an interface for each platform, and what must be known of each to make it. */

import { isForAppUser, resultForAppUser } from "./app-user-of.mjs";
import { documentation, importOf, importsOf, nameOf, typeOf } from "./typescript-of.mjs";

/** The interfaces, by what the core calls their platforms. */
const INTERFACES = { digime: "DigiMeSDK", pkb: "PkbSDK" };

/** The calls that give an `AllFilesReading`. */
const READINGS = ["readAllFiles"];

/** The source of the calls. */
export function operations({ platforms, types }) {
  const interfaces = platforms.map(({ name, operations }) => {
    const methods = operations.map((operation) => methodOf(operation, types));
    const about = documentation("The calls. Each stands for itself, so the object can be taken apart.");
    return `${about}export interface ${INTERFACES[name]} extends Disposable {\n${methods.join("\n")}\n}\n`;
  });
  const source = interfaces.join("\n");
  const named = [...Object.keys(types), "ForAppUser", "WithoutToken"];
  return `${importsOf(source)}${importOf(source, named, "./types")}\n${source}`;
}

/** The source of the table of platforms. */
export function platforms({ platforms, types }) {
  const table = platforms.map((platform) => [platform.name, tableOf(platform, types)]);
  return [
    `import type { Platform } from "../traits";\n\n`,
    documentation("The platforms, by what the core calls them."),
    `export const PLATFORMS = ${JSON.stringify(Object.fromEntries(table))} as const satisfies Record<string, Platform>;\n\n`,
    documentation("The names of the options that are sources of bytes: bytes, or a stream of them."),
    `export const SOURCES: readonly string[] = ${JSON.stringify(sources(types))};\n`,
  ].join("");
}

/** The option of this type that is told what the call gives an iterator of. */
export function iteratedBy({ properties = {} } = {}) {
  return Object.keys(properties).find((name) => properties[name]["x-skin"] === "iterator");
}

/** The option of this type that may be anything that can be iterated over. */
function takenInPortions({ properties = {} } = {}) {
  return Object.keys(properties).find((name) => properties[name]["x-host"] === "many");
}

/** What a call resolves to, or gives an iterator of. */
export function resultOf({ options, response }, types) {
  const declared = optionsType(options, types);
  const told = iteratedBy(declared);
  if (told) {
    const item = declared.properties[told]["x-argument"];
    // What comes from the platform as it is, the application knows better.
    return `AsyncIterable<${item === true ? "any" : typeOf(item)}>`;
  }
  return response.type === "null" ? "void" : typeOf(response).replace(/\| null$/, "| undefined");
}

function methodOf(operation, types) {
  const { name, about, options } = operation;
  const given = `options${isOptional(options, types) ? "?" : ""}`;
  const result = resultOf(operation, types);
  const own = [`(${given}: ${typeOf(options)})`, gives(operation, result, types)];
  if (!isForAppUser(operation, types)) return `${documentation(about)}${name}: ${own.join(" => ")};`;
  // What the compiler says is about the last, and so is what is asked for by the type of the call.
  const kept = [`(${given}: ForAppUser<${typeOf(options)}>)`];
  kept.push(gives(operation, resultForAppUser(operation, result, types), types));
  // Editors show what stands at the signature.
  const signatures = [kept, own].map((signature) => `${documentation(about)}${signature.join(": ")};`);
  return `${documentation(about)}${name}: {\n${signatures.join("\n")}\n};`;
}

/** What a call gives at once. */
function gives(operation, result, types) {
  if (READINGS.includes(operation.name)) return `AllFilesReading<${result}>`;
  return iteratedBy(optionsType(operation.options, types)) ? result : `Promise<${result}>`;
}

function tableOf({ config, operations }, types) {
  const calls = operations.map(({ name, options }) => {
    const iterates = iteratedBy(optionsType(options, types));
    const many = takenInPortions(optionsType(options, types));
    return [
      name,
      {
        ...(isOptional(options, types) && { optional: true }),
        ...(READINGS.includes(name) && { reading: true }),
        ...(iterates && { iterates }),
        ...(many && { many }),
      },
    ];
  });
  const settings = Object.entries(types[nameOf(config.$ref)].properties);
  const stores = settings.filter(([, schema]) => schema["x-host"] === "store");
  return {
    calls: Object.fromEntries(calls),
    stores: Object.fromEntries(stores.map(([name, schema]) => [name, Object.keys(schema["x-methods"])])),
    objects: Object.fromEntries(
      settings.flatMap(([name, schema]) => membersMarked(schema).map((members) => [name, members])),
    ),
  };
}

/** The members of what a setting may be an object of a class as. */
function membersMarked(schema) {
  const found = [];
  JSON.stringify(schema, (key, value) => {
    if (key === "x-members") found.push(value);
    return value;
  });
  return found;
}

/** Whether a call may be made without options. */
function isOptional(options, types) {
  const declared = optionsType(options, types);
  return declared?.type === "object" && !declared.required;
}

function optionsType({ $ref }, types) {
  return $ref && types[nameOf($ref)];
}

function sources(types) {
  const members = Object.values(types).flatMap(({ properties = {} }) => Object.entries(properties));
  const names = members.filter(([, schema]) => schema["x-host"] === "fileData").map(([name]) => name);
  return [...new Set(names)].sort();
}
