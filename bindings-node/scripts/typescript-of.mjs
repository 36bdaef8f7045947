/** How a JSON Schema of the description reads in TypeScript. */

/** Where the types are declared that the core does not know. */
const HAND_WRITTEN = {
  Abortable: "../call",
  AllFilesReading: "../all-files",
  Answering: "../callback",
  ByteStream: "../byte-stream",
  Disposable: "../ambient",
  NodeBuffer: "../ambient",
  Callback: "../callback",
  DigiMeSDKError: "../errors",
  Fetch: "../fetch",
  Many: "../many",
  FileData: "../file-data",
  UrlObject: "../ambient",
};

const HOST_TYPES = {
  bytes: () => "NodeBuffer",
  byteStream: () => "ByteStream",
  callback: ({ "x-argument": argument, "x-answer": answer }) =>
    answer ? functionOf(typeOf(argument), answerOf(answer)) : `Callback<${typeOf(argument)}>`,
  error: () => "DigiMeSDKError",
  fileData: () => "FileData",
  keyMaterial: () => "string | Uint8Array",
  many: ({ "x-item": item }) => `Many<${typeOf(item)}>`,
  pem: () => "string | Uint8Array",
  jsonObject: () => "Record<string, any> | string | Uint8Array",
  // JSON is what the application knows it to be.
  responseContent: () => "any",
  store: () => "string | UrlObject | LinkStore",
  transport: () => "Fetch",
  // As `wrap` has given it.
  wrappedKey: () => "string | NodeBuffer",
};

/** The type expression for a schema. */
export function typeOf(schema) {
  if (schema === true || schema === undefined) return "unknown";
  if (schema["x-host"]) return HOST_TYPES[schema["x-host"]](schema);
  if (schema.$ref) return nameOf(schema.$ref);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives.map(typeOf));
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type })));
  return PRINTERS[schema.type]?.(schema) ?? "unknown";
}

/** The declaration of a named type, with its documentation. `base` is an interface that it extends. */
export function declarationOf(name, schema, base) {
  const isInterface = schema.type === "object" && (schema.properties !== undefined || base !== undefined);
  const heading = isInterface
    ? `export interface ${name}${base ? ` extends ${base}` : ""} ${membersOf(schema)}`
    : `export type ${name} = ${typeOf(schema)};`;
  return `${documentation(schema.description)}${heading}\n`;
}

/** A doc comment. */
export function documentation(text) {
  if (!text) return "";
  // Links between Rust items lead nowhere here.
  const lines = text
    .replaceAll("*/", "*\\/")
    .replaceAll(/\[(`[^`]+`)\](\([^)]*\))?/g, "$1")
    .split("\n");
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** The name in a reference: `#/types/Session`. */
export function nameOf(reference) {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

/** The imports of the hand-written types that a source names. */
export function importsOf(source) {
  return Object.entries(HAND_WRITTEN)
    .map(([name, path]) => importOf(source, [name], path))
    .join("");
}

/** The import of those of the types in `file` that a source names. */
export function importOf(source, names, file) {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(source.replaceAll(/\/\*\*.*?\*\//gs, "")));
  return used.length === 0 ? "" : `import type { ${used.sort().join(", ")} } from "${file}";\n`;
}

/** The names of the types that schemas refer to, and of those that these are made of. */
export function reachable(schemas, types) {
  const found = new Set();
  const visit = (schema) =>
    JSON.stringify(schema, (key, value) => {
      const name = key === "$ref" && nameOf(value);
      if (name && !found.has(name)) {
        found.add(name);
        visit(types[name]);
      }
      return value;
    });
  visit(schemas);
  return found;
}

const PRINTERS = {
  null: () => "null",
  boolean: () => "boolean",
  integer: () => "number",
  number: () => "number",
  string: () => "string",
  array: (schema) => arrayOf(typeOf(schema.items)),
  object: (schema) => (schema.properties ? membersOf(schema) : `Record<string, ${furtherMembers(schema)}>`),
};

function arrayOf(item) {
  return /^\w+$/.test(item) ? `${item}[]` : `Array<${item}>`;
}

function membersOf(schema) {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.entries(properties).map(([name, member]) => {
    const optional = !required.includes(name);
    const type = typeOf(optional ? withoutNull(member) : member);
    return `${documentation(member.description)}${name}${optional ? "?" : ""}: ${type};`;
  });
  if (additionalProperties) members.push(`[name: string]: ${furtherMembers(schema)};`);
  return `{\n${members.join("\n")}\n}`;
}

/** The type of members that have no names here. */
function furtherMembers({ properties, additionalProperties = true }) {
  const known = !properties && additionalProperties !== true && Object.keys(additionalProperties).length > 0;
  // `unknown` would refuse objects whose type is an interface, such as those of published FHIR types.
  return known ? typeOf(additionalProperties) : "any";
}

/** What an optional member is when it is there: JavaScript leaves it out where other languages have null. */
export function withoutNull(schema) {
  const isNull = (alternative) => alternative.type === "null" || alternative.const === null;
  const { type, anyOf, oneOf, enum: values } = schema;
  return {
    ...schema,
    ...(Array.isArray(type) && { type: unwrapped(type.filter((name) => name !== "null")) }),
    ...(anyOf && { anyOf: anyOf.filter((alternative) => !isNull(alternative)) }),
    ...(oneOf && { oneOf: oneOf.filter((alternative) => !isNull(alternative)) }),
    ...(values && { enum: values.filter((value) => value !== null) }),
  };
}

function unwrapped(types) {
  return types.length === 1 ? types[0] : types;
}

function union(types) {
  return [...new Set(types)].join(" | ");
}

/** Whoever answers nothing need not say so. */
function answerOf(answer) {
  return typeOf(answer).replace(/\| null$/, "| null | undefined");
}

function functionOf(argument, answer) {
  return `Answering<${argument}, ${answer}>`;
}
